//! Checks the values of DINGTALK_ variables: damage that would reach DingTalk, or be taken for something else.
//!
//! Surrounding whitespace is removed silently: nothing is lost with it. Values are not repeated where they are secret.

use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::i18n::Message;
use crate::localized;
use crate::render::style::plain;
use crate::text::is_unprinted;

/// Returns the value of a variable; `None` if it is unset or empty.
///
/// # Errors
/// The value is quoted, a placeholder, or contains whitespace or invisible characters.
pub(crate) fn value<'c>(context: &'c Context, name: &str) -> Result<Option<&'c str>, CommandError> {
    let Some(value) = context.variable(name) else { return Ok(None) };
    match flaw(value) {
        None => Ok(Some(value)),
        Some(flaw) if is_secret(name) || value.contains('@') => {
            Err(unusable(name, &localized!("its value {flaw}", "它的值{flaw}")))
        }
        Some(flaw) => Err(unusable(name, &localized!("`{}` {flaw}", "`{}` {flaw}", plain(value)))),
    }
}

/// Reports a variable with a damaged value.
pub(crate) fn unusable(name: &str, reason: &Message) -> CommandError {
    CommandError::input(localized!("{name} cannot be used: {reason}", "{name} 无法使用：{reason}"))
        .hint(localized!("set it to the bare value", "请只填写值本身"))
}

/// Finds out what is wrong with a value. Ids, secrets and addresses of DingTalk have neither quotes nor whitespace.
pub(crate) fn flaw(value: &str) -> Option<Message> {
    let is_quote = |c: char| "\"'`“”‘’".contains(c);
    if value.starts_with(is_quote) || value.ends_with(is_quote) {
        Some(localized!("is in quotes, which belong to the value", "带有引号，引号成了值的一部分"))
    } else if is_placeholder(value) {
        Some(localized!("is a placeholder", "是占位符"))
    } else if value.chars().any(|c| c.is_whitespace() || is_unprinted(c) || c == '\u{FFFD}') {
        Some(localized!("contains whitespace, invisible or damaged characters", "含有空白、不可见或损坏的字符"))
    } else {
        None
    }
}

/// Says whether a value waits to be replaced: `<client id>`, `${CLIENT_ID}`, `%CLIENT_ID%`, `your-client-id`, `xxx`, `***`.
fn is_placeholder(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let is_between = |start: &str, end: &str| value.len() > 1 && value.starts_with(start) && value.ends_with(end);
    let is_filler = |text: &str| text.len() >= 3 && text.chars().all(|c| matches!(c, 'x' | '*' | '.' | '-' | '_'));
    let is_named = ["your-", "your_", "your ", "你的", "您的"].iter().any(|start| lower.starts_with(start));
    let is_variable = value.starts_with("${") || is_between("{{", "}}") || is_between("%", "%");
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || "_0123456789".contains(c));
    is_between("<", ">")
        || is_variable
        || value.strip_prefix('$').is_some_and(is_name)
        || is_named
        || is_filler(lower.strip_prefix("ding").unwrap_or(&lower))
        || matches!(lower.as_str(), "changeme" | "change-me" | "todo")
}

fn is_secret(name: &str) -> bool {
    name.contains("SECRET") || name.contains("TOKEN")
}

/// Returns variables whose names resemble one that is read and is not set, each with that one.
pub(crate) fn misspelled<'c>(context: &'c Context, known: &[&'static str]) -> Vec<(&'c str, &'static str)> {
    let unset: Vec<&'static str> = known.iter().copied().filter(|name| context.variable(name).is_none()).collect();
    let strange = context.names().filter(|name| !known.contains(name));
    strange.filter_map(|name| Some((name, unset.iter().copied().find(|known| resembles(name, known))?))).collect()
}

/// Says whether a name is a known one but for its case, its underscores or one slip, or is DingTalk's former name for it.
fn resembles(name: &str, known: &str) -> bool {
    let former = [("APPKEY", "CLIENTID"), ("APPSECRET", "CLIENTSECRET")];
    let folded = |name: &str| name.to_ascii_uppercase().replace(['_', '-'], "").replacen("DINGTALK", "", 1);
    let (name, known) = (folded(name), folded(known));
    let is_former = former.iter().any(|(old, new)| name == *old && known == *new);
    is_former || name == known || (known.len() >= 6 && strsim::damerau_levenshtein(&name, &known) == 1)
}

#[cfg(test)]
mod tests {
    use crate::cli::variable::{flaw, resembles};

    #[test]
    fn damaged_value_is_recognized() {
        for value in [
            "\"dingabc\"",
            "'dingabc'",
            "dingabc\"",
            "“dingabc”",
            "<client id>",
            "<your-id>",
            "${CLIENT_ID}",
            "$CLIENT_ID",
            "${{ secrets.ID }}",
            "{{ id }}",
            "%CLIENT_ID%",
            "your-client-id",
            "YOUR_CLIENT_ID",
            "你的ClientID",
            "xxx",
            "XXXXXXXX",
            "dingxxxxxx",
            "***",
            "...",
            "changeme",
            "ding abc",
            "ding\u{200b}abc",
            "ding\rabc",
            "ding\u{FFFD}",
        ] {
            assert!(flaw(value).is_some(), "{value:?}");
        }
    }

    #[test]
    fn plausible_value_stays_quiet() {
        for value in [
            "dingabcdef123",
            "ding8f3xxx7",
            "sandbox",
            "me",
            "x",
            "xx",
            "aB/c+d==",
            "$ecret",
            "a$B",
            "s3cr3t-0f-the-app+/=7Qx9",
            "https://api.dingtalk.com",
            "zhang.三/1",
            "yourself",
            "-",
            "%41",
            "<",
            "it's",
        ] {
            assert_eq!(flaw(value), None, "{value:?}");
        }
    }

    #[test]
    fn misspelled_name_resembles_what_was_meant() {
        for (name, known) in [
            ("DINGTALK_UNIONID", "DINGTALK_UNION_ID"),
            ("DINGTALK_CORPID", "DINGTALK_CORP_ID"),
            ("dingtalk_client_id", "DINGTALK_CLIENT_ID"),
            ("DINGTALK_ENDPONT", "DINGTALK_ENDPOINT"),
            ("DINGTALK_APP_KEY", "DINGTALK_CLIENT_ID"),
            ("DINGTALK_APPSECRET", "DINGTALK_CLIENT_SECRET"),
        ] {
            assert!(resembles(name, known), "{name}");
        }
        for name in ["DINGTALK_WEBHOOK", "DINGTALK_SECRET", "DINGTALK_ROBOT_TOKEN", "DINGTALK_AGENT_ID"] {
            assert!(
                !["DINGTALK_UNION_ID", "DINGTALK_USER_ID", "DINGTALK_CLIENT_SECRET"].iter().any(|k| resembles(name, k))
            );
        }
    }
}
