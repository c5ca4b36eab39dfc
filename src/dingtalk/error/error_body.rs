//! What an answer says besides its result: code, message, request id, a ban.
//!
//! Every field is optional and of any type, so that only what is no object fails to be read.

use std::fmt;
use std::time::Duration;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::dingtalk::api::Api;
use crate::tr;

/// How long DingTalk bans an address (`how-to-process-api-throttling-on-the-dingtalk-server`).
pub(crate) const BAN: Duration = Duration::from_secs(5 * 60);

/// The longest ban that is believed.
const LONGEST_BAN: Duration = Duration::from_secs(24 * 3600);

/// Larger answers are not searched for errors: DingTalk's are small.
const LARGEST: usize = 64 * 1024;

/// The number of the older half of the API that sends on to `sub_code`.
const SEE_SUB_CODE: &str = "88";

/// What an answer says besides its result.
#[derive(Default)]
pub(crate) struct ErrorBody {
    code: Word,
    message: Word,
    request_id: Word,
    status: Word,
    wait: Word,
    // How the older half of the API says it (`server-api-error-codes-1`).
    errcode: Word,
    errmsg: Word,
    sub_code: Word,
    sub_msg: Word,
}

impl ErrorBody {
    /// Returns the place of a field; the SDKs and both halves of the API spell the request id in several ways.
    fn field(&mut self, name: &str) -> Option<&mut Word> {
        Some(match name {
            "code" => &mut self.code,
            "message" => &mut self.message,
            "requestid" | "requestId" | "RequestId" | "request_id" => &mut self.request_id,
            "status" => &mut self.status,
            "wait" => &mut self.wait,
            "errcode" => &mut self.errcode,
            "errmsg" => &mut self.errmsg,
            "sub_code" => &mut self.sub_code,
            "sub_msg" => &mut self.sub_msg,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for ErrorBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NoticeVisitor)
    }
}

struct NoticeVisitor;

impl<'de> Visitor<'de> for NoticeVisitor {
    type Value = ErrorBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(tr!("an object", "对象"))
    }

    /// Of a field that comes twice the last one that says something counts: nothing repeated hides an error.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ErrorBody, A::Error> {
        let mut notice = ErrorBody::default();
        while let Some(name) = map.next_key::<String>()? {
            match notice.field(&name) {
                Some(field) => *field = std::mem::take(field).or(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(notice)
    }
}

/// A text, or a number as text; nothing for everything else.
#[derive(Default)]
pub(crate) struct Word(Option<String>);

impl Word {
    pub(crate) fn as_str(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    fn or(self, later: Self) -> Self {
        if later.as_str().is_some() { later } else { self }
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Any {
            Text(String),
            Number(i64),
            Else(IgnoredAny),
        }
        Ok(Self(match Any::deserialize(deserializer)? {
            Any::Text(text) => Some(text),
            Any::Number(number) => Some(number.to_string()),
            Any::Else(_) => None,
        }))
    }
}

impl ErrorBody {
    /// Reads the body of an answer; `None` if it is no object or too large for a notice.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let is_object = body.trim_ascii_start().starts_with(b"{");
        if !is_object || body.len() > LARGEST {
            return None;
        }
        serde_json::from_slice(body).ok()
    }

    /// Returns for how long the address is banned, if it is.
    pub(crate) fn ban(&self) -> Option<Duration> {
        // A ban of no time would be waited out without waiting.
        let minutes = self.wait.as_str().and_then(|wait| wait.parse::<u64>().ok()).filter(|minutes| *minutes > 0);
        let wait = minutes.map_or(BAN, |minutes| Duration::from_secs(minutes.saturating_mul(60)));
        (self.status.as_str() == Some("1111")).then_some(wait.min(LONGEST_BAN))
    }

    /// Returns the error code of an answer to such a call.
    pub(crate) fn code(&self, api: Api) -> Option<&str> {
        self.code.as_str().or_else(|| self.number().filter(|_| api.is_older()))
    }

    /// Returns the number of the older half of the API, unless it says that all is well.
    fn number(&self) -> Option<&str> {
        match self.errcode.as_str()? {
            "0" => None,
            SEE_SUB_CODE => self.sub_code.as_str().or(Some(SEE_SUB_CODE)),
            code => Some(code),
        }
    }

    pub(crate) fn message(&self) -> Option<&str> {
        [&self.message, &self.sub_msg, &self.errmsg].into_iter().find_map(Word::as_str)
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        self.request_id.as_str()
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::api::Api;
    use crate::dingtalk::error::error_body::ErrorBody;

    fn read(body: &str) -> ErrorBody {
        ErrorBody::read(body.as_bytes()).expect("an object")
    }

    #[test]
    fn a_refusal_of_the_older_half_names_its_reason() {
        let notice = read(
            r#"{"errcode":88,"sub_code":"60011","sub_msg":"no permission","errmsg":"ding talk error","request_id":"R"}"#,
        );
        assert_eq!(notice.code(Api::User), Some("60011"));
        assert_eq!((notice.message(), notice.request_id()), (Some("no permission"), Some("R")));
        assert_eq!(read(r#"{"errcode":88}"#).code(Api::User), Some("88"));
        assert_eq!(read(r#"{"errcode":"60121","errmsg":"nobody"}"#).code(Api::User), Some("60121"));
    }

    #[test]
    fn zero_is_no_error_as_number_or_text() {
        for body in [r#"{"errcode":0}"#, r#"{"errcode":"0"}"#, r#"{"errcode":null}"#, "{}"] {
            assert_eq!(read(body).code(Api::User), None, "{body}");
        }
    }

    #[test]
    fn repeated_field_hides_no_error() {
        let notice = read(r#"{"code":null,"code":"param.error","code":"","status":1,"status":1111,"message":"m"}"#);
        assert_eq!(notice.code(Api::List), Some("param.error"));
        assert!(notice.ban().is_some());
    }

    #[test]
    fn request_id_is_found_in_every_spelling() {
        for name in ["requestid", "requestId", "RequestId", "request_id"] {
            assert_eq!(read(&format!(r#"{{"{name}":"R"}}"#)).request_id(), Some("R"), "{name}");
        }
    }

    #[test]
    fn the_room_api_has_no_numbers() {
        assert_eq!(read(r#"{"errcode":404}"#).code(Api::List), None);
    }
}
