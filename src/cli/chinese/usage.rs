//! Wrong usage, told in Chinese from what clap knows of it.
//!
//! What clap says in sentences of its own, it is told in others here; the few kinds of error that cannot occur stay as clap tells
//! them.

use std::error::Error as _;

use anstream::adapter::strip_str;
use clap::Error;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::chinese::words::chinese;
use crate::render::style::{ERROR, GOOD, HINT, Styled};

/// Tells an error, and what to do about it.
pub(super) fn told(error: &Error) -> String {
    let Some(sentence) = sentence(error) else { return error.render().ansi().to_string() };
    let tips: String = tips(error).iter().map(|tip| format!("\n  {}{tip}", Styled(HINT, "提示："))).collect();
    let tips = if tips.is_empty() { tips } else { format!("\n{tips}") };
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => format!("\n\n{}", worded(usage)),
        _ => String::new(),
    };
    format!("{}{sentence}{tips}{usage}\n\n详情见 `--help`。\n", Styled(ERROR, "错误："))
}

/// Puts Chinese in place of the words that clap has on a line of usage. Behind a colon of full width there is no blank.
pub(super) fn worded(usage: &StyledStr) -> String {
    let word = |english| chinese(english).unwrap_or(english);
    let usage = usage.ansi().to_string().replacen(' ', "", 1);
    usage.replacen("Usage:", &format!("{}：", word("Usage")), 1).replace("[OPTIONS]", &format!("[{}]", word("Options")))
}

fn sentence(error: &Error) -> Option<String> {
    let argument = || text(error, ContextKind::InvalidArg).map(quoted);
    let value = || text(error, ContextKind::InvalidValue).map(quoted);
    let number = |kind| match error.get(kind) {
        Some(ContextValue::Number(number)) => Some(*number),
        _ => None,
    };
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("未知参数 {}", argument()?),
        ErrorKind::InvalidSubcommand => {
            format!("未知命令 {}", text(error, ContextKind::InvalidSubcommand).map(quoted)?)
        }
        ErrorKind::MissingSubcommand => {
            format!("{} 后面缺少命令", text(error, ContextKind::InvalidSubcommand).map(quoted)?)
        }
        ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{}", lines(error, ContextKind::InvalidArg)?),
        ErrorKind::InvalidValue if text(error, ContextKind::InvalidValue)?.is_empty() => {
            format!("参数 {} 缺少值{}", argument()?, valid(error))
        }
        ErrorKind::InvalidValue => format!("参数 {} 的值 {} 无效{}", argument()?, value()?, valid(error)),
        ErrorKind::ValueValidation => format!("参数 {} 的值 {} 无效{}", argument()?, value()?, reason(error)),
        ErrorKind::ArgumentConflict => conflict(error)?,
        ErrorKind::NoEquals => format!("参数 {} 与值之间须有等号", argument()?),
        ErrorKind::TooManyValues => format!("参数 {} 不接受值 {}", argument()?, value()?),
        ErrorKind::TooFewValues => format!("参数 {} 至少要有 {} 个值", argument()?, number(ContextKind::MinValues)?),
        ErrorKind::WrongNumberOfValues => {
            format!("参数 {} 须有 {} 个值", argument()?, number(ContextKind::ExpectedNumValues)?)
        }
        ErrorKind::InvalidUtf8 => "有一个参数不是有效的 UTF-8".to_owned(),
        _ => return None,
    })
}

fn conflict(error: &Error) -> Option<String> {
    let argument = text(error, ContextKind::InvalidArg).or_else(|| text(error, ContextKind::InvalidSubcommand))?;
    Some(match error.get(ContextKind::PriorArg) {
        Some(ContextValue::String(other)) if other == argument => format!("参数 {} 只能给出一次", quoted(argument)),
        Some(ContextValue::String(other)) => format!("{} 不能与 {} 一起使用", quoted(argument), quoted(other)),
        _ => format!(
            "{} 不能与其他参数一起使用：{}",
            quoted(argument),
            lines(error, ContextKind::PriorArg).unwrap_or_default()
        ),
    })
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}

fn text(error: &Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

fn texts(error: &Error, kind: ContextKind) -> Vec<&str> {
    match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.iter().map(String::as_str).collect(),
        Some(ContextValue::String(text)) => vec![text],
        _ => Vec::new(),
    }
}

fn lines(error: &Error, kind: ContextKind) -> Option<String> {
    let texts = texts(error, kind);
    (!texts.is_empty()).then(|| texts.iter().map(|text| format!("\n  {}", Styled(GOOD, text))).collect())
}

fn valid(error: &Error) -> String {
    let values = texts(error, ContextKind::ValidValue);
    if values.is_empty() { String::new() } else { format!("\n  [可选值：{}]", values.join("、")) }
}

/// Tells why a value was not taken. What the standard library and clap say is known; our own types say it in Chinese.
fn reason(error: &Error) -> String {
    let Some(source) = error.source() else { return String::new() };
    let said = source.to_string();
    let said = match said.as_str() {
        "invalid digit found in string" => "不是整数",
        "cannot parse integer from empty string" => "不能为空",
        "number too large to fit in target type" => "数值太大",
        "number too small to fit in target type" => "数值太小",
        "invalid socket address syntax" => "不是“地址:端口”",
        _ => match said.split_once(" is not in ") {
            Some((_, range)) => &bounds(range),
            None => &said,
        },
    };
    format!("：{said}")
}

/// Says what a range allows; one that ends where its type ends has no end.
fn bounds(range: &str) -> String {
    let (first, last) = range.split_once("..").unwrap_or((range, ""));
    match last.trim_start_matches('=') {
        last if last.is_empty() || last.len() > LONGEST_BOUND => format!("不能小于 {first}"),
        last => format!("须在 {first} 到 {last} 之间"),
    }
}

/// No bound of ours has more digits.
const LONGEST_BOUND: usize = 12;

/// Returns what clap would have meant, and how to give a value that looks like something else.
fn tips(error: &Error) -> Vec<String> {
    let kinds = [
        (ContextKind::SuggestedSubcommand, "命令"),
        (ContextKind::SuggestedArg, "参数"),
        (ContextKind::SuggestedValue, "值"),
    ];
    let near = kinds.into_iter().filter_map(|(kind, noun)| {
        let named: Vec<String> = texts(error, kind).into_iter().map(quoted).collect();
        (!named.is_empty()).then(|| format!("有相近的{noun}：{}", named.join("、")))
    });
    let said = match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(said)) => {
            said.iter().map(|said| strip_str(&said.ansi().to_string()).to_string()).collect()
        }
        _ => Vec::new(),
    };
    near.chain(said.iter().map(|said| tip(said))).collect()
}

/// Rewords the tips that clap has as sentences: `to pass 'A' as a value, use 'B'`, `subcommand 'A' exists; …`, `'A' exists`.
fn tip(said: &str) -> String {
    let named: Vec<&str> = said.split('\'').skip(1).step_by(2).collect();
    match named.as_slice() {
        [value, usage] if said.starts_with("to pass ") => format!("要把 `{value}` 作为值，请写 `{usage}`"),
        [command, _] if said.starts_with("subcommand ") => format!("有命令 `{command}`：去掉它前面的 `--`"),
        [known] => format!("可以写 `{known}`"),
        _ => said.to_owned(),
    }
}
