//! Why a text is not the JSON that was wanted: the words of the parser, and ours before them.

use serde::de::DeserializeOwned;
use serde_json::Error;
use serde_json::error::Category;

use crate::i18n::{Language, Message};

/// Tells what keeps a text from being read as a value; where that is, is left out.
///
/// The text is read again in each language, since a part of it may say of itself what is wrong with it.
#[must_use]
pub fn flaw<T: DeserializeOwned>(json: &[u8]) -> Message {
    Message::of(|| serde_json::from_slice::<T>(json).err().as_ref().map(in_words).unwrap_or_default())
}

/// Tells an error of the parser, and where it is.
#[must_use]
pub fn misread(error: &Error) -> Message {
    let place = format!("第 {} 行第 {} 列", error.line(), error.column());
    Message::new(error.to_string(), format!("{}，{place}", Language::Chinese.scope(|| in_words(error))))
}

fn in_words(error: &Error) -> String {
    let text = error.to_string();
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    match (Language::current(), meaning(error.classify(), reason)) {
        (Language::Chinese, Some(meaning)) => format!("{meaning}（{reason}）"),
        _ => reason.to_owned(),
    }
}

/// Returns the Chinese for what the parser says; what we say of ourselves needs none.
fn meaning(category: Category, reason: &str) -> Option<&'static str> {
    let said = match (category, reason.split(' ').next().unwrap_or_default()) {
        (Category::Io, _) => return None,
        (Category::Syntax, _) => "不是有效的 JSON",
        (Category::Eof, _) => "JSON 不完整",
        (Category::Data, "missing") => "缺少字段",
        (Category::Data, "duplicate") => "字段重复",
        (Category::Data, "unknown") => "未知的字段或值",
        (Category::Data, "invalid") => "值不合要求",
        (Category::Data, _) => return None,
    };
    Some(said)
}

#[cfg(test)]
mod tests {
    use crate::group::GroupPath;
    use crate::i18n::{Language, flaw, misread};

    #[test]
    fn the_parsers_words_follow_ours() {
        let flaw = flaw::<u64>(b"\"x\"");
        assert_eq!(flaw.within(Language::English), "invalid type: string \"x\", expected u64");
        assert_eq!(flaw.within(Language::Chinese), "值不合要求（invalid type: string \"x\", expected u64）");
    }

    #[test]
    fn what_we_say_of_ourselves_is_said_in_each_language_whichever_is_spoken() {
        let flaw = Language::Chinese.scope(|| flaw::<GroupPath>("\"北京\"".as_bytes()));
        assert_eq!(flaw.within(Language::English), "a path starts with `/`: `北京`");
        assert_eq!(flaw.within(Language::Chinese), "路径应以 `/` 开头：`北京`");
    }

    #[test]
    fn a_place_is_told_in_chinese_too() {
        let error = serde_json::from_str::<u64>("1 2").expect_err("more follows");
        assert_eq!(misread(&error).within(Language::English), "trailing characters at line 1 column 3");
        assert_eq!(misread(&error).within(Language::Chinese), "不是有效的 JSON（trailing characters），第 1 行第 3 列");
    }
}
