//! What a text looks like: a sentence of English, or Chinese as it is to be written.

/// Names that are the same in Chinese. So are addresses, flags, and words in capitals: variables and abbreviations.
const NAMES: &[&str] = &[
    "Client",
    "Ctrl-C",
    "DingTalk",
    "Excel",
    "GitHub",
    "GitLab",
    "Graphviz",
    "IPv4",
    "IPv6",
    "Markdown",
    "Mermaid",
    "MiB",
    "OpenDocument",
    "Schema",
    "Secret",
    "Shell",
    "Windows",
    "Write",
    "Y/n",
    "corpId",
    "https",
    "roomtree",
    "ods",
    "qyapi_get_member",
    "token",
    "unionId",
    "userId",
    "xls",
    "xlsb",
    "xlsx",
    "zip",
];

/// Says whether a text has two English words beside each other, or one beside a value or a name. A command is none.
pub(crate) fn is_prose(text: &str) -> bool {
    let plain = without(&without(text, '`', '`', VALUE), '{', '}', VALUE);
    let parts: Vec<&str> = plain.split_whitespace().map(|part| part.trim_matches(PUNCTUATION)).collect();
    let is_pair = |pair: &[&str]| {
        pair.iter().all(|part| is_word(part) || part.contains(VALUE)) && pair.iter().any(|part| is_lower(part))
    };
    !text.starts_with("roomtree ") && parts.windows(2).any(is_pair)
}

const PUNCTUATION: &[char] = &[',', '.', ';', ':', '?', '!', '(', ')', '"'];

/// One large letter at the beginning is that of a sentence.
fn is_word(part: &str) -> bool {
    let rest = part.trim_start_matches(|c: char| c.is_ascii_uppercase());
    part.len() - rest.len() < 2 && is_lower(rest)
}

fn is_lower(part: &str) -> bool {
    part.len() > 1 && part.chars().all(|c| c.is_ascii_lowercase() || c == '\'' || c == '-') && !part.starts_with('-')
}

/// Returns what is wrong with a Chinese text.
pub(crate) fn chinese_faults(text: &str) -> Vec<String> {
    let text = without(&without(&without(text, '`', '`', '`'), '“', '”', VALUE), '{', '}', VALUE);
    foreign_words(&text).into_iter().chain(misplaced_signs(&text)).collect()
}

/// Stands for a value that is put in, and for what is quoted.
const VALUE: char = '\u{FFFC}';

/// Puts a mark in place of what stands between two signs.
fn without(text: &str, open: char, close: char, mark: char) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, within)) = rest.split_once(open) {
        plain.push_str(before);
        plain.push(mark);
        rest = within.split_once(close).map_or("", |(_, after)| after);
    }
    plain + rest
}

fn foreign_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-._/+".contains(c));
    let foreign = words.map(|word| word.trim_matches(['.', '/', '_'])).filter(|word| !is_name(word));
    foreign.map(|word| format!("`{word}` is no name")).collect()
}

fn is_name(word: &str) -> bool {
    let is_written_as_it_is = word.contains('.') || word.starts_with("--");
    is_written_as_it_is || NAMES.contains(&word) || !word.contains(|c: char| c.is_ascii_lowercase())
}

/// Finds signs of half the width beside Chinese, and what touches Chinese that should not.
fn misplaced_signs(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters.windows(2).filter_map(|pair| fault(pair[0], pair[1])).map(str::to_owned).collect()
}

fn fault(left: char, right: char) -> Option<&'static str> {
    match (left, right) {
        (c, ',' | ';' | ':' | '?' | '!' | '(' | ')') | (',' | ';' | ')' | '(', c) if is_chinese(c) => {
            Some("a sign of half the width")
        }
        (c, '.') if is_chinese(c) => Some("a full stop of half the width"),
        (l, r) if is_chinese(l) && is_latin(r) => Some("no blank before Latin"),
        (l, r) if is_latin(l) && is_chinese(r) => Some("no blank behind Latin"),
        (' ', c) | (c, ' ') if is_wide_sign(c) => Some("a blank beside a sign of full width"),
        _ => None,
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '`'
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

fn is_wide_sign(c: char) -> bool {
    matches!(c, '，' | '。' | '：' | '；' | '？' | '！' | '（' | '）' | '、' | '“' | '”')
}

#[test]
fn sentences_are_told_from_other_texts() {
    for text in [
        "cannot read `{}`",
        "the name is empty",
        "Write it, please",
        "no group; it's gone",
        "Waits for `x`",
        "{} groups",
    ] {
        assert!(is_prose(text), "{text}");
    }
    for text in [
        "application/json",
        "{}: {}",
        "created",
        "DINGTALK_CLIENT_ID",
        "/北京",
        "--max-deletes N",
        "roomtree plan {file}",
    ] {
        assert!(!is_prose(text), "{text}");
    }
}

#[test]
fn faults_of_chinese_are_found() {
    for text in ["无法 read 文件", "没有了,", "没有DingTalk", "名称(空)", "错误: 无", "第3行", "完成 ，", "无法读取`x`"]
    {
        assert!(!chinese_faults(text).is_empty(), "{text}");
    }
    for text in [
        "无法读取 `manifest file`：{error}",
        "用 DingTalk 的 unionId",
        "共 3 个（{a b}）",
        "见 oa.dingtalk.com（UTF-8）",
    ] {
        assert_eq!(chinese_faults(text), [""; 0], "{text}");
    }
}
