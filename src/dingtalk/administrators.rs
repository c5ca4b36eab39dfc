//! Reads the administrators of a group (`api-querymeetingroomgroupadmin`).
//!
//! DingTalk can read them, but has no call to set them: they are lost when a group is created again.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::group::GroupId;
use crate::i18n::{Message, misread};
use crate::localized;

/// An administrator of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Administrator {
    /// The id of the member.
    pub id: String,
    /// The name of the member; empty if DingTalk gives none. Untrusted text.
    pub name: String,
}

/// The administrators of one group, and the group that the answer is about, if it says.
#[derive(Debug)]
pub(crate) struct Administrators {
    pub(crate) group: Option<GroupId>,
    pub(crate) members: Vec<Administrator>,
}

#[derive(Deserialize)]
struct WireAnswer {
    result: WireGroup,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireGroup {
    #[serde(default, deserialize_with = "any_text")]
    group_id: String,
    #[serde(default)]
    group_admins: Option<Vec<WireMember>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMember {
    #[serde(default, deserialize_with = "any_text")]
    member_id: String,
    #[serde(default, deserialize_with = "any_text")]
    member_name: String,
}

/// Reads `{"result": {"groupId", "groupName", "groupAdmins": [{"memberId", "memberName"}]}}`; no list means no administrator.
pub(crate) fn administrators(body: &[u8]) -> Result<Administrators, Message> {
    if body.trim_ascii().is_empty() {
        return Err(localized!("it is empty", "内容为空"));
    }
    let WireAnswer { result } = serde_json::from_slice(body).map_err(|error| misread(&error))?;
    let members = result.group_admins.unwrap_or_default().into_iter();
    let members =
        members.map(|WireMember { member_id, member_name }| Administrator { id: member_id, name: member_name });
    Ok(Administrators { group: result.group_id.parse().ok().map(GroupId::new), members: members.collect() })
}

/// The documentation does not say whether ids are texts or numbers: both are accepted.
fn any_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => text,
        serde_json::Value::Number(number) => number.to_string(),
        _ => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::administrators::administrators;

    #[test]
    fn administrators_are_read_whether_ids_are_texts_or_numbers() {
        let read = |text: &str| {
            let read = administrators(text.as_bytes()).unwrap();
            let members = read.members.into_iter().map(|member| (member.id, member.name)).collect::<Vec<_>>();
            (read.group.map(|id| id.get()), members)
        };
        let answer = r#"{"result":{"groupId":7,"groupName":"A","groupAdmins":[{"memberId":"m1","memberName":"张三"},{"memberId":2}]}}"#;
        let expected = vec![("m1".to_owned(), "张三".to_owned()), ("2".to_owned(), String::new())];
        assert_eq!(read(answer), (Some(7), expected));
        assert_eq!(read(r#"{"result":{"groupId":"7","groupAdmins":null}}"#), (Some(7), vec![]));
        assert_eq!(read(r#"{"result":{}}"#), (None, vec![]));
    }

    #[test]
    fn answer_without_a_result_is_unreadable() {
        for text in ["", "{}", r#"{"result":null}"#, r#"{"status":1111}"#, "[]"] {
            assert!(administrators(text.as_bytes()).is_err(), "{text}");
        }
    }
}
