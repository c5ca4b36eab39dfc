//! Small parts of the page: signs, words, and the note about omitted groups.

use maud::{Markup, html};

use crate::render::style::shown;
use crate::tr;

/// Draws a sign in its box. What it means stands beside it in words.
pub(crate) fn sign(key: &str, sign: char) -> Markup {
    html! { span class={ "sign " (key) } aria-hidden="true" { (sign) } }
}

/// Writes words of ours; what stands between backticks is code.
pub(crate) fn words(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Tells what there was no room for, and how to see it.
pub(crate) fn cut(left: &str, whole: &str) -> Markup {
    html! {
        p.cut {
            (tr!(format: "Left out here, so that the page stays quick: {left}. All of it: ", "为保持页面流畅，此处省略：{left}。查看全部："))
            code { (shown(whole)) }
        }
    }
}
