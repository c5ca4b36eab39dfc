//! A plan for Mermaid: a flowchart from left to right, small enough for what GitHub and GitLab draw.
//!
//! Mermaid has limits of its own: 500 edges and 50,000 characters ("maxEdges", "maxTextSize"). In its texts `#` and a number
//! stand for a character ("Entity codes to escape characters"); so stands whatever is neither letter nor digit nor blank.

use std::fmt::Write;

use crate::render::plan::action::{ActionKind, totals};
use crate::render::plan::diagram::label::{Label, MOST_DRAWN, MOST_LISTED, WIDEST, colors, counted, cut, listed};
use crate::render::plan::other_groups::Section;
use crate::render::plan::outline::Outline;
use crate::render::plan::truncate::{Ranking, Truncated, What, fitting};
use crate::render::plan::view::{PlanView, left_out};
use crate::render::style::grouped;
use crate::tr;

/// Mermaid's limits, less a little.
const LONGEST: usize = 48_000;
const MOST_EDGES: usize = 480;

const ACTIONS: [(ActionKind, &str); 6] = [
    (ActionKind::Create, "create"),
    (ActionKind::Adopt, "adopt"),
    (ActionKind::Rename, "rename"),
    (ActionKind::Delete, "delete"),
    (ActionKind::Conflict, "conflict"),
    (ActionKind::Keep, "keep"),
];

/// Describes a plan.
#[must_use]
pub fn mermaid(exhibit: PlanView<'_>) -> String {
    let outline = Outline::of(exhibit.plan);
    let ranking = Ranking::of(&outline, exhibit.extent);
    let sections = exhibit.sections();
    let write = |groups| chart(exhibit, &Truncated::of(&outline, &ranking, groups), &sections);
    let fits = |text: &str| text.len() <= LONGEST && text.matches(EDGE).count() <= MOST_EDGES;
    fitting(ranking.len().min(MOST_DRAWN), write, fits).unwrap_or_else(|| write(0))
}

const EDGE: &str = " --- ";

fn chart(exhibit: PlanView<'_>, excerpt: &Truncated<'_>, sections: &[Section<'_>]) -> String {
    let title = exhibit.headline();
    let mut text = format!("---\ntitle: \"{title}\"\n---\nflowchart LR\n");
    tree(&mut text, excerpt);
    sections.iter().for_each(|section| beside(&mut text, section));
    if let Some(left) = left_out(&excerpt.left_out()) {
        let said = tr!(format: "Left out: {left}", "省略：{left}");
        let _ = writeln!(text, "  left{}:::rest", label(&said));
    }
    for (action, class) in ACTIONS {
        let [surface, ink] = colors(action);
        let _ = writeln!(text, "  classDef {class} fill:{surface},stroke:{ink},color:{ink}");
    }
    text + "  classDef rest fill:#ffffff,stroke:#9aa3af,color:#4a515d,stroke-dasharray:4 3\n"
}

fn tree(text: &mut String, excerpt: &Truncated<'_>) {
    let mut above: Vec<usize> = Vec::new();
    for (index, line) in excerpt.lines().iter().enumerate() {
        above.truncate(line.depth);
        let _ = match line.what {
            What::Group(row) => {
                let group = Label::of(excerpt.outline.plan, row);
                let note = if group.note.is_empty() { String::new() } else { format!(": {}", group.note) };
                let said = label(&format!("{} {}{note}", group.sign(), group.name));
                writeln!(text, "  n{index}{said}:::{}", class(group.action))
            }
            What::Rest(tally) => writeln!(text, "  n{index}{}:::rest", label(&format!("… {}", totals(&tally)))),
        };
        let _ = above.last().map(|parent| writeln!(text, "  n{parent}{EDGE}n{index}"));
        above.push(index);
    }
}

/// Draws the groups outside the tree that matter for the decision, and counts the others.
fn beside(text: &mut String, section: &Section<'_>) {
    if !section.kind.is_open() {
        let _ = writeln!(text, "  {:?}{}:::keep", section.kind, label(&counted(section)));
        return;
    }
    let (all, action, key) = (section.entries.len(), section.kind.action(), format!("{:?}", section.kind));
    let _ = writeln!(text, "  subgraph {key} {}", label(&counted(section)));
    for (index, entry) in section.entries.iter().take(MOST_LISTED).enumerate() {
        let item = entry.item();
        let said = item.alarm.as_ref().map_or_else(String::new, |alarm| format!(": {}", cut(alarm, 2 * WIDEST)));
        let said = label(&format!("{} {}{said}", action.sign(), listed(&item)));
        let _ = writeln!(text, "    {key}{index}{said}:::{}", class(action));
    }
    if all > MOST_LISTED {
        let more = tr!(format: "… {} more", "… 另有 {} 个", grouped(all - MOST_LISTED));
        let _ = writeln!(text, "    {key}more{}:::rest", label(&more));
    }
    text.push_str("  end\n");
}

fn class(action: ActionKind) -> &'static str {
    let action = if action == ActionKind::Blocked { ActionKind::Conflict } else { action };
    ACTIONS.iter().find(|(named, _)| *named == action).map_or("keep", |(_, class)| class)
}

fn label(text: &str) -> String {
    let escaped: String = text.chars().map(escaped).collect();
    format!("[\"{escaped}\"]")
}

fn escaped(c: char) -> String {
    if c.is_alphanumeric() || c == ' ' { c.to_string() } else { format!("#{};", u32::from(c)) }
}

#[cfg(test)]
mod tests {
    use crate::render::plan::diagram::mermaid::label;

    #[test]
    fn what_is_no_letter_is_a_number() {
        assert_eq!(label("+ A \"座\" #1"), r##"["#43; A #34;座#34; #35;1"]"##);
        assert_eq!(label("`*end*`]-->"), r##"["#96;#42;end#42;#96;#93;#45;#45;#62;"]"##);
    }
}
