//! Nothing from outside becomes markup, whatever it is called; and the page is whole for plans of any size.

use proptest::prelude::*;

use crate::i18n::Language;
use crate::plan::{Plan, Rate, Refusal};
use crate::render::plan::html::html;
use crate::render::plan::view::Extent;
use crate::render::plan::view::PlanView;
use crate::render::testing;

fn written(plan: &Plan) -> String {
    let first = plan.deletions.first().map(|deletion| deletion.path.clone());
    let refusals: Vec<Refusal> =
        first.map(|first| Refusal::Occupied { groups: 1, first, held: 2, rooms: 1 }).into_iter().collect();
    let whole = "roomtree plan '<b>.yaml' --all";
    html(PlanView { plan, refusals: &refusals, rate: Rate(Some(20.0)), extent: Extent::Surroundings, whole })
}

/// Returns what stands between the style and the script.
fn body(page: &str) -> &str {
    let (_, rest) = page.split_once("</style>").expect("a style");
    rest.rsplit_once("<script>").expect("a script").0
}

/// Returns the names of the tags, in order.
fn tags(markup: &str) -> Vec<&str> {
    markup.split('<').skip(1).map(|tag| tag.split([' ', '>']).next().unwrap_or_default()).collect()
}

/// Returns the names of all attributes.
fn attributes(markup: &str) -> Vec<&str> {
    let tags = markup.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
    // Between quotes stand values; what is left are names.
    let names = tags.flat_map(|tag| tag.split('"').step_by(2)).flat_map(str::split_whitespace);
    names.filter_map(|name| name.strip_suffix('=')).collect()
}

const VOID: [&str; 1] = ["input"];
const KNOWN: [&str; 24] = [
    "a", "b", "body", "button", "code", "dd", "div", "dl", "dt", "footer", "h1", "h2", "header", "html", "head",
    "input", "li", "main", "output", "p", "section", "span", "ul", "!DOCTYPE",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_from_outside_becomes_markup(plan in testing::any_plan(40)) {
        for language in Language::ALL {
            let page = language.scope(|| written(&plan));
            let mut open: Vec<&str> = Vec::new();
            for tag in tags(body(&page)) {
                match tag.strip_prefix('/') {
                    Some("head") => {}
                    Some(name) => prop_assert_eq!(open.pop(), Some(name), "{}", page),
                    None => {
                        prop_assert!(KNOWN.contains(&tag), "<{}> in {}", tag, page);
                        open.extend((!VOID.contains(&tag)).then_some(tag));
                    }
                }
            }
            prop_assert_eq!(open, ["body"]);
            prop_assert_eq!(page.matches("<script").count(), 1);
            prop_assert!(attributes(body(&page)).iter().all(|name| !name.starts_with("on")), "{}", page);
        }
    }
}

#[test]
fn a_page_asks_nobody_for_anything() {
    let page = written(&testing::of(&["+ 北京", "! 上海"]));
    assert!(page.contains("default-src 'none'") && page.matches("'sha256-").count() == 2, "{page}");
    for forbidden in ["http://", "https://", "src=", "@import", "url(", "unsafe-inline", " style="] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn a_large_tree_is_cut_and_that_is_told() {
    let lines: Vec<String> = (0..30_000).map(|index| format!("+ {index}")).collect();
    let page = written(&testing::of(&lines.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(page.matches("data-a=\"create\"").count(), 10_000);
    let told = "20,000 to create. All of it: <code>roomtree plan '&lt;b&gt;.yaml' --all</code>";
    assert!(page.contains(told), "{}", &page[page.len() - 3000..]);
}

#[test]
fn a_page_says_its_language() {
    let plan = testing::of(&["+ 北京"]);
    assert!(written(&plan).contains("<html lang=\"en\">"));
    let chinese = Language::Chinese.scope(|| written(&plan));
    assert!(chinese.contains("<html lang=\"zh-Hans\">") && chinese.contains("<h1><span>计划：1 个待创建</span></h1>"));
}
