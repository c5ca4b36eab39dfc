//! A plan as Markdown that fits a comment on a pull request, on GitHub and on GitLab.
//!
//! What stands against the plan comes first, then what changes, as a difference; long parts are folded. It is never longer than
//! a comment may be: as many groups are drawn as fit, each text is complete in itself, and what is left out is told.

pub(super) mod escape;
#[cfg(test)]
pub(super) mod tests;

use std::fmt::Write;

use crate::plan::{Conflict, Plan, Refusal, RowId};
use crate::render::plan::action;
use crate::render::plan::action::{ActionKind, totals};
use crate::render::plan::markdown::escape::{code, command, difference, html_code, inert};
use crate::render::plan::other_groups::{Item, Kind, Section};
use crate::render::plan::outline::Outline;
use crate::render::plan::truncate::{Line, Ranking, Truncated, What, fitting};
use crate::render::plan::view::Extent;
use crate::render::plan::view::{PlanView, left_out};
use crate::render::plan::{conflict, tree_lines};
use crate::render::style::{grouped, shown};
use crate::tr;

/// The most that is written, in units of UTF-16. A comment on GitHub may have 65,536; a bot that posts it may add a little.
const LONGEST: usize = 60_000;
/// The most groups that are drawn: more of them than fit in any case.
const MOST_DRAWN: usize = 4_000;
/// The most conflicts and the most deletions that are named, and of each kind of group that nothing is done to.
const MOST_NAMED: usize = 500;
/// The most of the latter where they would take the room of what is done.
const MOST_TOLD: usize = 20;
/// The most lines that are not folded.
const MOST_OPEN: usize = 40;
/// The most topmost groups that are folded one by one.
const MOST_FOLDS: usize = 30;
/// What a program finds its own comment by.
const MARKER: &str = "<!-- roomtree:plan -->";

/// Writes a plan.
#[must_use]
pub fn markdown(exhibit: PlanView<'_>) -> String {
    let outline = Outline::of(exhibit.plan);
    let ranking = Ranking::of(&outline, exhibit.extent);
    let page = Page {
        exhibit,
        outline: &outline,
        ranking: &ranking,
        head: head(exhibit),
        conflicts: exhibit.plan.conflicts().collect(),
        sections: exhibit.sections(),
    };
    let told = if exhibit.extent == Extent::Everything { MOST_NAMED } else { MOST_TOLD };
    let less = [MOST_NAMED, 100, 20, 5, 1].map(|named| (named, named.min(told)));
    let rooms = [(MOST_NAMED, MOST_NAMED)].into_iter().filter(|_| page.is_short()).chain(less);
    let text = rooms.into_iter().find_map(|(named, told)| page.fitting(named, told));
    text.unwrap_or_else(|| page.write(Room { groups: 0, named: 0, told: 0 }))
}

struct Page<'a> {
    exhibit: PlanView<'a>,
    outline: &'a Outline<'a>,
    ranking: &'a Ranking,
    /// What does not depend on the room there is.
    head: String,
    conflicts: Vec<(RowId, &'a Conflict)>,
    sections: Vec<Section<'a>>,
}

/// How much may be named.
#[derive(Clone, Copy)]
struct Room {
    /// Groups of the tree.
    groups: usize,
    /// Conflicts, deletions and possible renames.
    named: usize,
    /// Groups of each other kind beside the tree.
    told: usize,
}

impl Room {
    /// Returns how many groups of one kind may be named.
    fn of(self, kind: Kind) -> usize {
        if kind.is_open() { self.named } else { self.told }
    }
}

impl Page<'_> {
    /// Writes as many groups of the tree as there is room for; `None` if there is room for none.
    fn fitting(&self, named: usize, told: usize) -> Option<String> {
        fitting(self.most(), |groups| self.write(Room { groups, named, told }), fits)
    }

    /// Says whether there is room for everything.
    fn is_short(&self) -> bool {
        fits(&self.write(Room { groups: self.most(), named: MOST_NAMED, told: MOST_NAMED }))
    }

    fn most(&self) -> usize {
        self.ranking.len().min(MOST_DRAWN)
    }

    fn write(&self, room: Room) -> String {
        let excerpt = Truncated::of(self.outline, self.ranking, room.groups);
        let lines = excerpt.lines();
        let mut text = self.head.clone();
        self.contested(&mut text, room.named);
        if !self.plan().is_settled() || self.exhibit.extent == Extent::Everything {
            self.tree(&mut text, &lines);
        }
        self.sections.iter().for_each(|section| listed(&mut text, section, room.of(section.kind)));
        self.gap(&mut text, &excerpt, room);
        self.legend(&mut text, &lines);
        text
    }

    fn plan(&self) -> &Plan {
        self.exhibit.plan
    }

    fn contested(&self, text: &mut String, most: usize) {
        let all = self.conflicts.len();
        if all == 0 {
            return;
        }
        let _ = writeln!(text, "#### {}\n", tr!(format: "Conflicts ({})", "冲突（{}）", grouped(all)));
        for (row, found) in self.conflicts.iter().take(most) {
            let path = code(self.plan().path(*row).as_str());
            let _ = writeln!(text, "- {path}  \n  {}  ", conflict::sentence_with(found, code, code));
            let _ = writeln!(text, "  → {}", conflict::remedy(found));
        }
        and_more(text, all, most);
        text.push('\n');
    }

    fn tree(&self, text: &mut String, lines: &[Line]) {
        let tops = lines.iter().filter(|line| line.depth == 0 && matches!(line.what, What::Group(_))).count();
        match lines.len() {
            0 => {}
            1..=MOST_OPEN => {
                let _ = writeln!(text, "{}", difference(&self.drawn(lines)));
            }
            _ if tops <= MOST_FOLDS => self.top_by_top(text, lines),
            _ => {
                let summary = tr!("The tree", "分组树");
                fold(text, &format!("<b>{summary}</b>"), &difference(&self.drawn(lines)));
            }
        }
    }

    /// Folds each topmost group by itself, so that a reader finds the city that is theirs.
    fn top_by_top(&self, text: &mut String, lines: &[Line]) {
        let mut rest = lines;
        while let [top, below @ ..] = rest {
            let end = below.iter().position(|line| line.depth == 0).unwrap_or(below.len());
            let (own, others) = rest.split_at(end + 1);
            match top.what {
                What::Group(row) => fold(text, &self.summary(row), &difference(&self.drawn(own))),
                What::Rest(tally) => {
                    let _ = writeln!(text, "… {}\n", totals(&tally));
                }
            }
            rest = others;
        }
    }

    fn summary(&self, row: RowId) -> String {
        let name = format!("<b>{}</b>", html_code(&self.plan().row(row).name));
        let totals = totals(&self.outline.tally(row));
        tr!(format: "{name}: {totals}", "{name}：{totals}")
    }

    /// Draws lines for a difference: the sign comes first, then the rails.
    fn drawn(&self, lines: &[Line]) -> String {
        let mut text = String::new();
        let mut open = Vec::new();
        for line in lines {
            open.truncate(line.depth);
            open.push(line.is_last);
            let (sign, said) = self.said(line.what);
            let _ = writeln!(text, "{sign} {}{said}", tree_lines::before(&open));
        }
        text
    }

    fn said(&self, what: What) -> (char, String) {
        match what {
            What::Rest(tally) => ('…', totals(&tally)),
            What::Group(id) => {
                let row = self.plan().row(id);
                let note = action::row_note(self.plan(), id);
                let gap = if note.is_empty() { "" } else { "  " };
                (ActionKind::of(&row.decision).sign(), format!("{}{gap}{note}", shown(&row.name)))
            }
        }
    }

    /// Writes which parts were left out for lack of room, and the command that shows them.
    fn gap(&self, text: &mut String, excerpt: &Truncated<'_>, room: Room) {
        let conflicts = (tr!("Conflicts", "冲突"), self.conflicts.len(), room.named);
        let of = |section: &Section<'_>| (section.title(), section.entries.len(), room.of(section.kind));
        let cut = self.sections.iter().map(of).chain([conflicts]).filter(|(_, all, most)| all > most);
        let cut = cut.map(|(title, all, most)| tr!(format: "{title}: {}", "{title}：{}", grouped(all - most)));
        let said: Vec<String> = left_out(&excerpt.left_out()).into_iter().chain(cut).collect();
        if said.is_empty() {
            return;
        }
        let (said, whole) = (said.join(tr!("; ", "；")), command(self.exhibit.whole));
        let note = tr!(
            format: "**Left out here, for want of room:** {said}. All of it: {whole}",
            "**限于篇幅，此处省略**：{said}。查看全部：{whole}"
        );
        let _ = writeln!(text, "> [!NOTE]\n> {note}\n");
    }

    /// Explains the signs that were used.
    fn legend(&self, text: &mut String, lines: &[Line]) {
        let used = |action: &ActionKind| {
            lines.iter().any(|line| match line.what {
                What::Group(row) => ActionKind::of(&self.plan().row(row).decision) == *action,
                What::Rest(_) => false,
            })
        };
        let deletes = !self.plan().deletions.is_empty();
        let said: Vec<String> = ActionKind::ALL
            .iter()
            .filter(|action| used(action) || **action == ActionKind::Delete && deletes)
            .map(|action| format!("`{}` {}", action.sign(), action.word()))
            .collect();
        if !said.is_empty() {
            let _ = writeln!(text, "<sub>{}</sub>", said.join(" · "));
        }
    }
}

fn fits(text: &str) -> bool {
    text.encode_utf16().count() <= LONGEST
}

/// Writes what the plan comes to, what it costs, and why it cannot be applied.
fn head(exhibit: PlanView<'_>) -> String {
    let mut text = format!("{MARKER}\n### {}\n\n", exhibit.headline());
    if let Some(cost) = exhibit.cost() {
        let _ = writeln!(text, "{}  ", tr!(format: "**Cost:** {cost}.", "**开销**：{cost}。"));
    }
    match exhibit.refusals {
        [] if exhibit.plan.is_settled() => {}
        [] => text.push_str(&fingerprint(exhibit)),
        refusals => refused(&mut text, refusals),
    }
    text
}

fn fingerprint(exhibit: PlanView<'_>) -> String {
    let fingerprint = code(exhibit.fingerprint().short());
    tr!(
        format: "**Fingerprint:** {fingerprint}. `apply --expect` with it does exactly this, or nothing.\n\n",
        "**指纹**：{fingerprint}。用 `apply --expect` 给出它，就只会执行这份计划，否则什么也不做。\n\n"
    )
}

/// Tells why the plan cannot be applied, as an alert. Where those are not known, it is a quotation.
fn refused(text: &mut String, refusals: &[Refusal]) {
    let _ = writeln!(text, "> [!CAUTION]\n> **{}**", tr!("This plan cannot be applied.", "这份计划不能执行。"));
    for refusal in refusals {
        let _ = writeln!(text, "> - {}  \n>   → {}", inert(&refusal.to_string()), refusal.remedy());
    }
    text.push('\n');
}

/// Writes what stands beside the tree. What changes something is not folded unless it is long.
fn listed(text: &mut String, section: &Section<'_>, most: usize) {
    let all = section.entries.len();
    let mut body = String::new();
    let entries = section.entries.iter().take(most).map(|entry| entry.item());
    match section.kind {
        Kind::Deletions => body.push_str(&difference(&entries.map(deletion).collect::<String>())),
        _ => entries.for_each(|item| entry(&mut body, &item)),
    }
    and_more(&mut body, all, most);
    let (number, explanation) = (grouped(all), section.explanation());
    let title = |title: &str| tr!(format: "{title} ({number}): {explanation}", "{title}（{number}）：{explanation}");
    match section.kind {
        kind if kind.is_open() && all <= MOST_OPEN => {
            let _ = writeln!(text, "#### {}\n\n{body}", title(section.title()));
        }
        _ => fold(text, &html_words(&title(&format!("<b>{}</b>", section.title()))), &body),
    }
}

fn deletion(item: Item) -> String {
    let id = item.id.map(|id| id.to_string());
    let said = id.into_iter().chain(item.remark).chain(item.alarm).fold(String::new(), |all, part| all + "  " + &part);
    format!("- {}{said}\n", item.path)
}

fn entry(text: &mut String, item: &Item) {
    let _ = write!(text, "- {}", code(&item.path));
    let id = item.id.map(|id| id.to_string());
    for said in id.iter().chain(&item.remark) {
        let _ = write!(text, " · {}", inert(said));
    }
    let _ = item.alarm.as_ref().map(|alarm| write!(text, " · **{}**", inert(alarm)));
    text.push('\n');
}

fn and_more(text: &mut String, all: usize, most: usize) {
    if all > most {
        let _ = writeln!(text, "\n{}", tr!(format: "and {} more", "另有 {} 个", grouped(all - most)));
    }
}

/// Writes words of ours in HTML, where backticks mean nothing.
fn html_words(text: &str) -> String {
    let mut parts = text.split('`');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.enumerate().fold(first, |html, (index, part)| {
        let tag = if index % 2 == 0 { "<code>" } else { "</code>" };
        html + tag + part
    })
}

/// Folds a part. The blank lines around it let what stands within be Markdown.
fn fold(text: &mut String, summary: &str, body: &str) {
    let _ = writeln!(text, "<details><summary>{summary}</summary>\n\n{body}\n</details>\n");
}
