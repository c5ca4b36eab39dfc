//! A plan as a picture of our own: an indented tree, as in the terminal, with a sign in a box before each name.
//!
//! Sizes are in CSS pixels. How wide a text gets depends on the reader's fonts; what is reckoned with is a little more than
//! common ones take: wide characters are square, others half as wide.

use maud::{Markup, PreEscaped, html};
use unicode_width::UnicodeWidthStr;

use crate::render::plan::action::{ActionKind, totals};
use crate::render::plan::diagram::label::{Label, MOST_DRAWN, MOST_LISTED, cut, listed, remarks};
use crate::render::plan::other_groups::Section;
use crate::render::plan::outline::Outline;
use crate::render::plan::truncate::{Line, Ranking, Truncated, What};
use crate::render::plan::view::{PlanView, left_out};
use crate::render::style::grouped;
use crate::tr;

const STYLE: &str = include_str!("diagram.css");
const MARGIN: usize = 28;
const ROW: usize = 27;
const STEP: usize = 24;
/// The columns that a line of words may take.
const LINE: usize = 130;

/// Draws a plan.
#[must_use]
pub fn svg(exhibit: PlanView<'_>) -> String {
    let outline = Outline::of(exhibit.plan);
    let excerpt = Truncated::of(&outline, &Ranking::of(&outline, exhibit.extent), MOST_DRAWN);
    let left = left_out(&excerpt.left_out());
    let mut sheet = Sheet::default();
    head(&mut sheet, exhibit);
    tree(&mut sheet, &excerpt);
    exhibit.sections().iter().for_each(|section| beside(&mut sheet, section));
    if let Some(left) = left {
        sheet.gap();
        sheet.words("cut", &tr!(format: "Left out of this picture: {left}", "图中省略：{left}"));
        sheet.words("soft", &tr!(format: "All of it: {}", "查看全部：{}", cut(exhibit.whole, LINE)));
    }
    legend(&mut sheet, exhibit);
    sheet.finish(&exhibit.headline(), exhibit.cost().as_deref())
}

/// What is drawn so far, from the top down.
#[derive(Default)]
struct Sheet {
    marks: Vec<Markup>,
    height: usize,
    columns: usize,
}

impl Sheet {
    fn gap(&mut self) {
        self.height += ROW / 2;
    }

    /// Makes room for a line that takes so many columns from `left`, and returns the middle of it.
    fn line(&mut self, left: usize, columns: usize) -> usize {
        self.height += ROW;
        self.columns = self.columns.max(left / 7 + columns);
        MARGIN + self.height - ROW / 2
    }

    fn words(&mut self, class: &str, text: &str) {
        let text = cut(text, LINE);
        let columns = if class == "title" { text.width() * 3 / 2 } else { text.width() };
        let middle = self.line(0, columns);
        self.marks.push(html! { text class=(class) x=(MARGIN) y=(middle + 5) { (text) } });
    }

    /// Draws a group: a sign in a box, its name, and what is said of it. Returns the middle of the line.
    fn group(&mut self, left: usize, sign: char, label: &Label) -> usize {
        let middle = self.line(left, 6 + label.name.width() + label.note.width());
        let (x, class) = (MARGIN + left, key(label.action));
        let is_alarm = matches!(label.action, ActionKind::Conflict | ActionKind::Blocked | ActionKind::Delete);
        let note = if is_alarm { "note alarm" } else { "note" };
        self.marks.push(html! {
            rect class=(class) x=(x) y=(middle - 9) width="18" height="18" rx="4" {}
            text class={ "sign " (class) } x=(x + 9) y=(middle + 5) { (sign) }
            text.name x=(x + 27) y=(middle + 5) {
                (label.name)
                @if !label.note.is_empty() { tspan class=(note) dx="10" { (label.note) } }
            }
        });
        middle
    }

    fn finish(self, title: &str, description: Option<&str>) -> String {
        let (width, height) = ((self.columns * 15 / 2 + 2 * MARGIN).max(460), self.height + 2 * MARGIN);
        let picture = html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="img" {
                title { (title) }
                @if let Some(description) = description { desc { (description) } }
                style { (PreEscaped(STYLE)) }
                rect.page width="100%" height="100%" {}
                @for mark in &self.marks { (mark) }
            }
        };
        picture.into_string() + "\n"
    }
}

fn head(sheet: &mut Sheet, exhibit: PlanView<'_>) {
    sheet.words("title", &exhibit.headline());
    let fingerprint = exhibit.fingerprint();
    let fingerprint = tr!(format: "fingerprint {}", "指纹 {}", fingerprint.short());
    let facts: Vec<String> = exhibit.cost().into_iter().chain([fingerprint]).collect();
    sheet.words("soft", &facts.join(" · "));
    for refusal in exhibit.refusals {
        sheet.words("alarm", &tr!(format: "Cannot be applied: {refusal}", "不能执行：{refusal}"));
    }
    sheet.gap();
}

/// Draws the tree, and the rails from each group to those right below it.
fn tree(sheet: &mut Sheet, excerpt: &Truncated<'_>) {
    let mut above: Vec<usize> = Vec::new();
    for line in excerpt.lines() {
        above.truncate(line.depth);
        let left = line.depth * STEP;
        let middle = self::line(sheet, excerpt, &line, left);
        if let Some(parent) = above.last() {
            let (x, top, end) = (MARGIN + left - STEP + 9, parent + 11, MARGIN + left - 3);
            sheet.marks.push(html! { path.rail d={ "M" (x) " " (top) "V" (middle) "H" (end) } {} });
        }
        above.push(middle);
    }
}

fn line(sheet: &mut Sheet, excerpt: &Truncated<'_>, line: &Line, left: usize) -> usize {
    match line.what {
        What::Group(row) => {
            let label = Label::of(excerpt.outline.plan, row);
            sheet.group(left, label.sign(), &label)
        }
        What::Rest(tally) => {
            let said = format!("… {}", totals(&tally));
            let middle = sheet.line(left, said.width());
            sheet.marks.push(html! { text.rest x=(MARGIN + left + 3) y=(middle + 5) { (said) } });
            middle
        }
    }
}

fn beside(sheet: &mut Sheet, section: &Section<'_>) {
    let all = section.entries.len();
    sheet.gap();
    let (heading, number) = (section.heading(), grouped(all));
    sheet.words("heading", &tr!(format: "{heading} ({number})", "{heading}（{number}）"));
    for entry in section.entries.iter().take(MOST_LISTED) {
        let item = entry.item();
        let (name, note) = (listed(&item), cut(&remarks(item), LINE));
        let action = section.kind.action();
        sheet.group(0, section.kind.sign(), &Label { action, name, note });
    }
    if all > MOST_LISTED {
        sheet.words("rest", &tr!(format: "… and {} more", "… 另有 {} 个", grouped(all - MOST_LISTED)));
    }
}

/// Explains the signs of what the plan has.
fn legend(sheet: &mut Sheet, exhibit: PlanView<'_>) {
    let is_there = |action: &ActionKind| {
        let in_tree = exhibit.plan.rows.iter().any(|row| ActionKind::of(&row.decision) == *action);
        in_tree || *action == ActionKind::Delete && !exhibit.plan.deletions.is_empty()
    };
    let said: Vec<String> = ActionKind::ALL
        .iter()
        .filter(|action| is_there(action))
        .map(|action| format!("{} {}", action.sign(), action.word()))
        .collect();
    sheet.gap();
    sheet.words("soft", &said.join(" · "));
}

const fn key(action: ActionKind) -> &'static str {
    match action {
        ActionKind::Create => "create",
        ActionKind::Adopt => "adopt",
        ActionKind::Rename => "rename",
        ActionKind::Delete | ActionKind::Conflict | ActionKind::Blocked => "alarm",
        ActionKind::Keep => "keep",
    }
}
