//! Problems and notes of a spreadsheet as text: like those of a manifest, with a cell for a place.

use annotate_snippets::{Group, Level, Origin, Renderer};

use crate::i18n::Message;
use crate::import::Problem;
use crate::manifest::Severity;
use crate::render::problem::{Page, Paint};
use crate::render::style::{DIM, Styled, plain};
use crate::tr;

/// Writes problems in the order given, with a blank line between; nothing when there are none.
#[must_use]
pub fn sheet_problems(problems: &[Problem], file: &str, page: Page) -> String {
    let shown = problems.iter().take(page.most).map(|problem| drawn(problem, file, page.paint));
    let rest = problems.len().saturating_sub(page.most);
    let more = (rest > 0).then(|| tr!(format: "… and {rest} more", "… 另有 {rest} 个问题"));
    shown.chain(more).collect::<Vec<_>>().join("\n\n") + if problems.is_empty() { "" } else { "\n" }
}

fn drawn(problem: &Problem, file: &str, paint: Paint) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR.with_name(tr!("error", "错误")),
        Severity::Warning => Level::WARNING.with_name(tr!("warning", "警告")),
    };
    let place = problem.at.map_or_else(|| file.to_owned(), |at| format!("{file}:{at}"));
    let report = Group::with_title(level.primary_title(plain(problem.message.as_str())).id(problem.code))
        .element(Origin::path(plain(&place).into_owned()))
        .elements(
            Some(problem.help.as_str())
                .filter(|help| !help.is_empty())
                .map(|help| Level::HELP.with_name(tr!("help", "建议")).message(plain(help))),
        );
    let renderer = match paint {
        Paint::Plain => Renderer::plain(),
        Paint::Coloured => Renderer::styled(),
    };
    renderer.render(&[report])
}

/// Writes what was found out without being asked, one note to a line.
#[must_use]
pub fn sheet_notes(notes: &[Message]) -> String {
    let heading = Styled(DIM, tr!("note:", "提示："));
    let gap = tr!(" ", "");
    notes.iter().map(|note| format!("{heading}{gap}{}\n", plain(note.as_str()))).collect()
}
