//! How details are put into words.

use crate::i18n::{Language, Message};
use crate::localized;

/// Makes a message a sentence: a full stop at its end, and in English its first letter large.
pub(crate) fn sentence(message: &Message) -> Message {
    let english = message.within(Language::English);
    let chinese = message.within(Language::Chinese);
    Message::new(closed(&capital(english), &['.', '!', '?'], '.'), closed(chinese, &['。', '！', '？'], '。'))
}

/// Says why a check that needs the list was not made.
pub(crate) fn not_listed() -> Message {
    localized!("The groups were not listed.", "没有列出分组。")
}

fn capital(message: &str) -> String {
    let mut rest = message.chars();
    let first: String = rest.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    first + rest.as_str()
}

fn closed(message: &str, stops: &[char], stop: char) -> String {
    let mut sentence = message.to_owned();
    if !message.ends_with(stops) {
        sentence.push(stop);
    }
    sentence
}

#[cfg(test)]
mod tests {
    use crate::doctor::format::sentence;
    use crate::i18n::Message;

    #[test]
    fn details_are_sentences() {
        let told = |english: &str, chinese: &str| sentence(&Message::new(english, chinese));
        assert_eq!(
            told("token: no such app", "令牌：没有这个应用"),
            Message::new("Token: no such app.", "令牌：没有这个应用。")
        );
        assert_eq!(told("Is it?", "是吗？"), Message::new("Is it?", "是吗？"));
        assert_eq!(told("", ""), Message::new(".", "。"));
    }
}
