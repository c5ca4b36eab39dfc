//! Text from outside in Markdown: what it says is seen, and none of it takes effect.
//!
//! A backslash is not enough: GitHub and GitLab look for mentions and references in the text that is left once the Markdown is
//! gone. They do not look into code, so names stand in code, and what cannot stand there has its triggers in code one by one.

use std::borrow::Cow;

use crate::render::style::{shown, told};

/// Writes a name or a path as code on one line.
pub(crate) fn code(text: &str) -> String {
    span(&shown(text))
}

/// Writes a command as code on one line.
pub(crate) fn command(text: &str) -> String {
    span(&told(text))
}

/// The marks around it are longer than any run of them inside it (CommonMark, "Code spans").
fn span(text: &str) -> String {
    let marks = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty() { " " } else { "" };
    format!("{marks}{pad}{text}{pad}{marks}")
}

/// Writes lines as a block that is drawn as a difference.
///
/// No line may begin with a blank or a mark: the lines bring a sign each.
pub(crate) fn difference(lines: &str) -> String {
    let marks = "`".repeat((longest_run(lines) + 1).max(3));
    format!("{marks}diff\n{lines}{marks}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Makes text inert that has to stand among words.
pub(crate) fn inert(text: &str) -> String {
    shown(text).chars().map(harmless).collect()
}

fn harmless(c: char) -> Cow<'static, str> {
    match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        // Mentions and references begin with these, on GitHub or GitLab.
        '@' | '#' | '!' | '~' | '%' | '$' | '^' => format!("<code>{c}</code>").into(),
        c if c.is_ascii_punctuation() => format!("\\{c}").into(),
        c => c.to_string().into(),
    }
}

/// Writes a name in HTML, as code.
pub(crate) fn html_code(text: &str) -> String {
    let escaped: String = shown(text).chars().map(html).collect();
    format!("<code>{escaped}</code>")
}

fn html(c: char) -> Cow<'static, str> {
    match c {
        '&' => "&amp;".into(),
        '<' => "&lt;".into(),
        '>' => "&gt;".into(),
        '"' => "&quot;".into(),
        c => c.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::plan::markdown::escape::{code, difference, html_code, inert};

    #[test]
    fn marks_inside_a_name_do_not_end_its_code() {
        assert_eq!(code("北京"), "`北京`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(""), "`  `");
        assert_eq!(difference("+ ```\n"), "````diff\n+ ```\n````\n");
    }

    #[test]
    fn text_among_words_keeps_its_letters_and_loses_its_force() {
        assert_eq!(inert("/北京/@team"), "\\/北京\\/<code>@</code>team");
        assert_eq!(inert("</details>#1"), "&lt;\\/details&gt;<code>#</code>1");
        assert_eq!(html_code("<b>&\""), "<code>&lt;b&gt;&amp;&quot;</code>");
    }
}
