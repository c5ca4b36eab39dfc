//! Whatever groups are called, a picture is well-formed and within its bounds.

use proptest::prelude::*;

use crate::i18n::Language;
use crate::plan::{Plan, Rate};
use crate::render::plan::diagram::label::cut;
use crate::render::plan::diagram::{dot, mermaid, svg};
use crate::render::plan::view::Extent;
use crate::render::plan::view::PlanView;
use crate::render::testing;

fn drawn(plan: &Plan, draw: fn(PlanView<'_>) -> String) -> String {
    draw(PlanView {
        plan,
        refusals: &[],
        rate: Rate(Some(20.0)),
        extent: Extent::Everything,
        whole: "roomtree plan '<&>.yaml' --all",
    })
}

/// Every tag is closed, and nothing but our elements is there.
fn is_well_formed(picture: &str) -> Result<(), TestCaseError> {
    let known = ["svg", "title", "desc", "style", "rect", "text", "tspan", "path"];
    let mut open = Vec::new();
    for tag in picture.split('<').skip(1) {
        let name = tag.split([' ', '>']).next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(name) => prop_assert_eq!(open.pop(), Some(name), "{}", picture),
            None => {
                prop_assert!(known.contains(&name), "<{}> in {}", name, picture);
                open.push(name);
            }
        }
    }
    let is_xml = !picture.contains(['\u{FFFE}', '\u{FFFF}', '\u{0}']);
    prop_assert!(open.is_empty() && is_xml);
    Ok(())
}

/// Each line is a statement, and each string ends where it should.
fn is_dot(graph: &str) -> Result<(), TestCaseError> {
    let mut is_string = false;
    let mut depth = 0_i32;
    let mut chars = graph.chars();
    while let Some(c) = chars.next() {
        match (is_string, c) {
            (true, '\\') => drop(chars.next()),
            (_, '"') => is_string = !is_string,
            (true, '\n') => prop_assert!(false, "a line ends in a string in {}", graph),
            (false, '{') => depth += 1,
            (false, '}') => depth -= 1,
            (false, c) => prop_assert!(c.is_ascii(), "{} outside strings in {}", c, graph),
            (true, _) => {}
        }
    }
    prop_assert!(!is_string && depth == 0);
    Ok(())
}

/// Each line is a node, an edge, or one of a few others; quotes hold letters, digits, blanks and codes alone.
fn is_mermaid(chart: &str) -> Result<(), TestCaseError> {
    prop_assert!(chart.len() < 50_000 && chart.matches(" --- ").count() < 500);
    for line in chart.lines().skip(4).filter(|line| line.contains('"')) {
        let parts: Vec<&str> = line.split('"').collect();
        prop_assert_eq!(parts.len(), 3, "{}", line);
        let codes = parts[1]
            .split('#')
            .skip(1)
            .all(|code| code.split(';').next().is_some_and(|code| code.parse::<u32>().is_ok()));
        prop_assert!(codes && parts[1].chars().all(|c| c.is_alphanumeric() || " #;".contains(c)), "{}", line);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn pictures_are_well_formed_whatever_groups_are_called(plan in testing::any_plan(60)) {
        for language in Language::ALL {
            is_well_formed(&language.scope(|| drawn(&plan, svg)))?;
            is_dot(&language.scope(|| drawn(&plan, dot)))?;
            is_mermaid(&language.scope(|| drawn(&plan, mermaid)))?;
        }
    }
}

#[test]
fn pictures_of_large_trees_are_bounded_and_say_so() {
    let lines: Vec<String> = (0..3_000).map(|index| format!("+ {}{index}", "「」".repeat(20))).collect();
    let plan = testing::of(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let picture = drawn(&plan, svg);
    assert!(picture.len() < 300_000 && picture.contains("Left out of this picture: 2,600 to create"), "{picture}");
    let graph = drawn(&plan, dot);
    assert!(graph.contains("Left out: 2,600 to create") && graph.contains("… 2,600 to create"), "{graph}");
    let chart = drawn(&plan, mermaid);
    is_mermaid(&chart).unwrap();
    assert!(chart.contains("left[\"Left out#58; ") && chart.matches(":::create").count() > 90, "{chart}");
}

#[test]
fn a_name_is_cut_by_the_columns_it_takes() {
    assert_eq!(cut("北京望京", 5), "北京…");
    assert_eq!(cut("北京望京", 8), "北京望京");
    assert_eq!(cut("Beijing", 3), "Bei…");
}

#[test]
fn a_sign_says_what_a_colour_says() {
    let plan = testing::of(&["+ A", "& B", "~ C", "! D", "? D/E", "= F"]);
    let picture = drawn(&plan, svg);
    for sign in ["+", "&amp;", "~", "!", "?", "="] {
        assert!(picture.contains(&format!(">{sign}</text>")), "{sign} in {picture}");
    }
    assert!(picture.contains("+ create · &amp; adopt · ~ rename · ! conflict · ? waits for a conflict · = unchanged"));
}
