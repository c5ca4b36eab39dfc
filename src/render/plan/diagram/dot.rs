//! A plan for Graphviz: a tree from left to right.
//!
//! Labels are escStrings of Graphviz in quotes: a backslash begins an escape and `&` an entity, so both are doubled or named.

use std::fmt::Write;

use crate::render::plan::action::totals;
use crate::render::plan::diagram::label::{Label, MOST_DRAWN, MOST_LISTED, colors, counted, listed, remarks};
use crate::render::plan::other_groups::Section;
use crate::render::plan::outline::Outline;
use crate::render::plan::truncate::{Ranking, Truncated, What};
use crate::render::plan::view::{PlanView, left_out};
use crate::tr;

const HEAD: &str = "  graph [rankdir=LR, labelloc=t, fontname=\"sans-serif\", fontsize=16, nodesep=0.12, ranksep=0.45, bgcolor=\"white\", ordering=out];
  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=12, height=0.3, margin=\"0.12,0.05\"];
  edge [color=\"#9aa3af\", arrowhead=none];
  root [shape=point, width=0.07, color=\"#9aa3af\"];
";

/// Describes a plan.
#[must_use]
pub fn dot(exhibit: PlanView<'_>) -> String {
    let outline = Outline::of(exhibit.plan);
    let excerpt = Truncated::of(&outline, &Ranking::of(&outline, exhibit.extent), MOST_DRAWN);
    let sections = exhibit.sections();
    let mut text = format!("digraph plan {{\n{HEAD}  label={};\n", caption(exhibit, &excerpt, &sections));
    tree(&mut text, &excerpt);
    sections.iter().filter(|section| section.kind.is_open()).for_each(|section| cluster(&mut text, section));
    text.push_str("}\n");
    text
}

/// All hang from one point: else Graphviz would draw the topmost groups in an order of its own.
fn tree(text: &mut String, excerpt: &Truncated<'_>) {
    let mut above: Vec<String> = Vec::new();
    for (index, line) in excerpt.lines().iter().enumerate() {
        above.truncate(line.depth);
        let name = format!("n{index}");
        match line.what {
            What::Group(row) => node(text, &name, &Label::of(excerpt.outline.plan, row)),
            What::Rest(tally) => {
                let said = quoted(&[&format!("… {}", totals(&tally))]);
                let _ = writeln!(text, "  {name} [label={said}, style=\"dashed\", fontcolor=\"#4a515d\"];");
            }
        }
        let parent = above.last().map_or("root", String::as_str);
        let _ = writeln!(text, "  {parent} -> {name};");
        above.push(name);
    }
}

fn node(text: &mut String, name: &str, label: &Label) {
    let [surface, ink] = colors(label.action);
    let first = format!("{} {}", label.sign(), label.name);
    let said = if label.note.is_empty() { quoted(&[&first]) } else { quoted(&[&first, &label.note]) };
    let _ = writeln!(text, "  {name} [label={said}, fillcolor=\"{surface}\", color=\"{ink}\", fontcolor=\"{ink}\"];");
}

/// Draws the groups outside the tree that matter for the decision.
fn cluster(text: &mut String, section: &Section<'_>) {
    let (title, action) = (quoted(&[&counted(section)]), section.kind.action());
    let (key, [_, ink]) = (format!("{:?}", section.kind).to_lowercase(), colors(action));
    let _ = writeln!(
        text,
        "  subgraph cluster_{key} {{\n    label={title}; fontsize=13; color=\"{ink}\"; style=\"rounded\";"
    );
    for (index, entry) in section.entries.iter().take(MOST_LISTED).enumerate() {
        let item = entry.item();
        let (name, note) = (listed(&item), remarks(item));
        text.push_str("  ");
        node(text, &format!("{key}{index}"), &Label { action, name, note });
    }
    text.push_str("  }\n");
}

/// Says what the plan comes to, what stands beside it, and what is left out.
fn caption(exhibit: PlanView<'_>, excerpt: &Truncated<'_>, sections: &[Section<'_>]) -> String {
    let beside: Vec<String> = sections.iter().filter(|section| !section.kind.is_open()).map(counted).collect();
    let left = left_out(&excerpt.left_out()).map(|left| tr!(format: "Left out: {left}", "省略：{left}"));
    let cut = sections.iter().filter(|section| section.kind.is_open() && section.entries.len() > MOST_LISTED);
    let cut: Vec<String> = cut
        .map(|section| (section.title(), section.entries.len() - MOST_LISTED))
        .map(|(title, more)| tr!(format: "Left out: {title}: {more}", "省略：{title}：{more}"))
        .collect();
    let facts = [Some(exhibit.headline()), exhibit.cost(), Some(beside.join(" · ")), left, Some(cut.join(" · "))];
    let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    quoted(&facts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Writes lines as one string of DOT, each centred.
fn quoted(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| line.chars().map(escaped).collect()).collect();
    format!("\"{}\"", lines.join("\\n"))
}

fn escaped(c: char) -> String {
    match c {
        '\\' => "\\\\".to_owned(),
        '"' => "\\\"".to_owned(),
        '&' => "&amp;".to_owned(),
        c => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::plan::diagram::dot::quoted;

    #[test]
    fn nothing_ends_a_string_before_its_end() {
        assert_eq!(quoted(&["A \"座\" \\N &lt;"]), r#""A \"座\" \\N &amp;lt;""#);
        assert_eq!(quoted(&["a", "b"]), r#""a\nb""#);
    }
}
