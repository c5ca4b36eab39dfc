//! Problems of a manifest as text, the way rustc shows errors: the line, a caret, related places, and what to do.
//!
//! Only a window of the line is handed to the renderer, so that a manifest of a megabyte on one line costs no more than a short
//! one; the column is therefore printed next to it. Untrusted text is sanitized.

use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use unicode_width::UnicodeWidthChar;

use crate::i18n::count;
use crate::manifest::{Diagnostic, Lines, Position, Rule, Severity, Source, SourceId, Span};
use crate::text::{is_unprinted, sanitize};
use crate::tr;

/// Columns kept free for line numbers and the frame.
const GUTTER: usize = 12;
/// The fewest columns of a line worth showing.
const NARROWEST: usize = 20;
/// How many characters one column may take, as combining characters and invisible ones add none.
const CHARACTERS_PER_COLUMN: usize = 4;
/// How a tab is drawn in a line.
const TAB: &str = "    ";
/// What stands for the part of a line that is not shown.
const CUT: char = '…';

/// Whether colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// No escape sequences at all.
    Plain,
    /// ANSI colours, which add nothing that the text does not say.
    Coloured,
}

/// What problems are written on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many columns it has.
    pub width: usize,
    /// Whether colours are used.
    pub paint: Paint,
    /// How many problems are shown before the rest is only counted.
    pub most: usize,
}

/// Writes problems in the order given, with a blank line between; nothing when there are none.
#[must_use]
pub fn problems(problems: &[Diagnostic], sources: &[Source], page: Page) -> String {
    let mut desk = Desk { sources, page, lines: HashMap::new() };
    let shown = problems.iter().take(page.most).map(|problem| desk.problem(problem));
    let rest = problems.get(page.most..).filter(|rest| !rest.is_empty()).map(more);
    shown.chain(rest).collect::<Vec<_>>().join("\n\n") + if problems.is_empty() { "" } else { "\n" }
}

fn more(rest: &[Diagnostic]) -> String {
    let errors = rest.iter().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = rest.len() - errors;
    let counts = [count(errors, "more error", "个错误"), count(warnings, "more warning", "个警告")];
    let counts = counts.iter().zip([errors, warnings]).filter(|(_, number)| *number > 0);
    let said: Vec<String> = counts.map(|(count, _)| count.to_string()).collect();
    tr!(format: "… and {}", "… 另有 {}", said.join(tr!(", ", "，")))
}

/// The sources, with the lines of those that were needed so far.
struct Desk<'s> {
    sources: &'s [Source],
    page: Page,
    lines: HashMap<SourceId, Lines<'s>>,
}

impl<'s> Desk<'s> {
    fn problem(&mut self, problem: &Diagnostic) -> String {
        let level = match problem.severity {
            Severity::Error => Level::ERROR.with_name(tr!("error", "错误")),
            Severity::Warning => Level::WARNING.with_name(tr!("warning", "警告")),
        };
        let title = level.primary_title(sanitize(problem.message.as_str())).id(problem.rule.code());
        let mut report = Group::with_title(title);
        let mut spots = Vec::new();
        match (problem.place, problem.source) {
            (Some(place), _) if problem.rule == Rule::NotAManifest => report = report.elements(self.start(place)),
            (Some(place), _) => spots.extend(self.spot(AnnotationKind::Primary, place, problem.label.as_str())),
            (None, Some(source)) => report = report.elements(self.whole(source)),
            (None, None) => {}
        }
        for related in &problem.related {
            spots.extend(self.spot(AnnotationKind::Context, related.place, related.label.as_str()));
        }
        report = report.elements(spots.iter().map(|spot| spot.snippet.clone()));
        if let Some(help) = &problem.help {
            report = report.element(Level::HELP.with_name(tr!("help", "建议")).message(sanitize(help.as_str())));
        }
        correct(&self.renderer().render(&[report]), &spots)
    }

    /// The lines are cut to the page here already: the renderer is not to cut them again.
    fn renderer(&self) -> Renderer {
        let renderer = match self.page.paint {
            Paint::Plain => Renderer::plain(),
            Paint::Coloured => Renderer::styled(),
        };
        renderer.term_width(self.page.width.max(NARROWEST + GUTTER) * CHARACTERS_PER_COLUMN)
    }

    fn whole(&self, source: SourceId) -> Option<Origin<'static>> {
        self.sources.get(source.index()).map(|source| Origin::path(sanitize(&source.name).into_owned()))
    }

    /// Names the start of a place, without the line.
    fn start(&self, place: Span) -> Option<Origin<'static>> {
        let source = self.sources.get(place.source.index())?;
        let Position { line, column } = Lines::new(&source.text).position(place.start);
        Some(Origin::path(format!("{}:{line}:{column}", sanitize(&source.name))))
    }

    fn spot(&mut self, kind: AnnotationKind, place: Span, label: &str) -> Option<Spot> {
        let source = self.sources.get(place.source.index())?;
        let lines = self.lines.entry(place.source).or_insert_with(|| Lines::new(&source.text));
        let Position { line, column } = lines.position(place.start);
        let window = window(&source.text, lines.line_around(place.start), place, self.page.width);
        let name = sanitize(&source.name).into_owned();
        let shown = window.text[..window.marked.start].chars().count() + 1;
        let (printed, meant) = (format!("{name}:{line}:{shown}"), format!("{name}:{line}:{column}"));
        let note = Some(sanitize(label).into_owned()).filter(|label| !label.is_empty());
        let snippet = Snippet::source(window.text).path(name).line_start(line as usize);
        Some(Spot { snippet: snippet.annotation(kind.span(window.marked).label(note)), printed, meant })
    }
}

/// One place as it is shown.
struct Spot {
    snippet: Snippet<'static, Annotation<'static>>,
    /// The position that the renderer prints, counted in the window of the line.
    printed: String,
    /// The position in the whole line.
    meant: String,
}

/// Puts in the columns of the whole lines, which the renderer cannot know; below the title, each in its turn.
fn correct(rendered: &str, spots: &[Spot]) -> String {
    let title = rendered.find('\n').unwrap_or(rendered.len());
    let (mut corrected, mut rest) = (rendered[..title].to_owned(), &rendered[title..]);
    for spot in spots {
        if let Some((before, after)) = rest.split_once(&spot.printed) {
            corrected.extend([before, &spot.meant]);
            rest = after;
        }
    }
    corrected + rest
}

/// The part of a line that is shown.
#[derive(Debug, PartialEq, Eq)]
struct Window {
    text: String,
    /// The bytes of `text` that the caret points at.
    marked: Range<usize>,
}

/// Cuts a line to what fits, around the start of a place; of a place on several lines, the first line is marked.
fn window(text: &str, line: Range<usize>, place: Span, width: usize) -> Window {
    let room = width.saturating_sub(GUTTER).max(NARROWEST);
    let start = floor(text, (place.start as usize).clamp(line.start, line.end));
    let end = floor(text, (place.end as usize).clamp(start, line.end));
    let (before, after) = (&text[line.start..start], &text[start..line.end]);
    let (left, right) = (columns(before.chars().rev(), room), columns(after.chars(), room));
    let left_room = room.saturating_sub(right.min(room / 2));
    let first = line.start + before.len() - taken(before.chars().rev(), left_room);
    let last = start + taken(after.chars(), room.saturating_sub(left.min(left_room)));
    let cut = |is_cut: bool| if is_cut { CUT.to_string() } else { String::new() };
    let head = cut(first > line.start) + &drawn(&text[first..start]);
    let marked = drawn(&text[start..end.min(last)]);
    let tail = drawn(&text[end.min(last)..last]);
    Window { marked: head.len()..head.len() + marked.len(), text: head + &marked + &tail + &cut(last < line.end) }
}

/// Moves a byte offset back to the start of its character.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Counts the columns of characters, but no further than `room`.
fn columns(characters: impl Iterator<Item = char>, room: usize) -> usize {
    characters.take(room * CHARACTERS_PER_COLUMN).map(breadth).sum::<usize>().min(room)
}

/// Returns how many bytes of characters fit into some columns.
fn taken(characters: impl Iterator<Item = char>, room: usize) -> usize {
    let mut left = room;
    let fits = |c: &char| {
        breadth(*c) <= left && {
            left -= breadth(*c);
            true
        }
    };
    characters.take(room * CHARACTERS_PER_COLUMN).take_while(fits).map(char::len_utf8).sum()
}

fn breadth(c: char) -> usize {
    match c {
        '\t' => TAB.len(),
        _ if is_unprinted(c) => 1,
        _ => c.width().unwrap_or(1),
    }
}

/// Sanitizes a part of a line, with spaces for its tabs.
fn drawn(text: &str) -> String {
    sanitize(&text.replace('\t', TAB)).into_owned()
}

#[cfg(test)]
mod tests {
    use crate::manifest::{Input, load};
    use crate::render::problem::{Page, Paint, problems};
    use crate::text::unprinted;

    fn drawn(mut text: &[u8]) -> String {
        let loaded = load(&[Input::Stdin], &mut text);
        problems(&loaded.problems, &loaded.sources, Page { width: 100, paint: Paint::Plain, most: 20 })
    }

    fn assert_printable(drawn: &str) {
        assert!(drawn.lines().all(|line| unprinted(line).next().is_none()), "{drawn:?}");
    }

    #[test]
    fn comment_with_a_tab_reaches_a_hint_sanitized() {
        assert_printable(&drawn(&include_bytes!("../../fuzz/seeds/manifest/tab-in-hint")[1..]));
        let hint = drawn("version: 1\ngroups:\n  - A  #1\tB\u{200B}C\n".as_bytes());
        assert!(hint.contains("if `A #1\u{FFFD}B\u{FFFD}C` is meant"), "{hint}");
        assert_printable(&hint);
    }

    #[test]
    fn comment_ends_at_a_carriage_return() {
        let hint = drawn(b"version: 1\rgroups:\r  - A  #1\r  - B\r");
        assert!(hint.contains("if `A #1` is meant"), "{hint}");
    }

    #[test]
    fn file_of_another_kind_is_located_without_its_line() {
        let drawn = drawn(b"root:x:0\nsecret: \"s3cr3t\n");
        assert!(drawn.contains("<stdin>:1:5") && !drawn.contains("s3cr3t") && !drawn.contains("root:x"), "{drawn}");
    }
}
