//! Small parts of the page: signs, words, and the note about omitted groups.

use maud::{Markup, html};

use crate::render::style::shown;
use crate::tr;

/// Draws a sign in its box. Its meaning follows in words.
pub(crate) fn sign(key: &str, sign: char) -> Markup {
    html! { span class={ "sign " (key) } aria-hidden="true" { (sign) } }
}

/// Writes text of roomtree; text between backticks is code.
pub(crate) fn words(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Writes which parts were left out for lack of room, and the command that shows them.
pub(crate) fn cut(left: &str, whole: &str) -> Markup {
    html! {
        p.cut {
            (tr!(format: "Left out here, so that the page stays quick: {left}. All of it: ", "为保持页面流畅，此处省略：{left}。查看全部："))
            code { (shown(whole)) }
        }
    }
}
