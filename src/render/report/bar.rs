//! The bar that stands for the progress lines on a terminal: how far, how fast, how long, and what was done last.
//!
//! What was done last gets the columns that the rest leaves, and is cut at its front: of a path, the end tells most.

use std::fmt::Write;
use std::time::Duration;

use anstream::ColorChoice;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::render::style::grouped;
use crate::render::terminal::Facts;
use crate::tr;

/// How often it is drawn anew, in hertz.
const DRAWN: u8 = 10;
/// The columns of the bar itself.
const LONGEST: usize = 32;
const SHORTEST: usize = 8;
/// The columns of rate and time left, with the gaps.
const FIGURES: usize = 32;
/// The columns that a path needs to be worth showing.
const ROOM: usize = 28;

/// Makes a bar for so many steps; it is hidden where nobody watches.
pub(crate) fn new(steps: usize, facts: Facts) -> ProgressBar {
    let target = match facts.is_watched {
        true => ProgressDrawTarget::stderr_with_hz(DRAWN),
        false => ProgressDrawTarget::hidden(),
    };
    ProgressBar::with_draw_target(Some(steps as u64), target).with_style(style(steps, facts))
}

/// Cuts a text at its front to what the bar leaves of the line.
pub(crate) fn beside(text: &str, steps: usize, width: usize) -> String {
    tail(text, width.saturating_sub(taken(steps) + length(steps, width)))
}

fn style(steps: usize, facts: Facts) -> ProgressStyle {
    let paint = if facts.err_colors == ColorChoice::Never { ["", "", ""] } else { [".green/dim", ":.bold", ":.dim"] };
    let [bar, count, message] = paint;
    let template = format!(
        "  {{bar:{}{bar}}} {{done{count}}}  {{rate}}  {{left}}  {{wide_msg{message}}}",
        length(steps, facts.width)
    );
    ProgressStyle::with_template(&template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("done", done)
        .with_key("rate", rate)
        .with_key("left", left)
        .progress_chars("━╸─")
}

/// Returns the columns of the bar: what is left of the line beside the figures and a path.
fn length(steps: usize, width: usize) -> usize {
    width.saturating_sub(taken(steps) + ROOM).clamp(SHORTEST, LONGEST)
}

fn taken(steps: usize) -> usize {
    FIGURES + 2 * grouped(steps).len()
}

fn done(state: &ProgressState, out: &mut dyn Write) {
    let steps = grouped(number(state.len().unwrap_or(0)));
    let _ = write!(out, "{:>width$}/{steps}", grouped(number(state.pos())), width = steps.len());
}

fn rate(state: &ProgressState, out: &mut dyn Write) {
    let _ = write!(out, "{:>6}", tr!(format: "{:.1}/s", "{:.1}/秒", state.per_sec()));
}

/// Says nothing before there is anything to tell it from.
fn left(state: &ProgressState, out: &mut dyn Write) {
    let said = match (state.pos(), state.is_finished()) {
        (0, _) | (_, true) => String::new(),
        _ => tr!(format: "{} left", "剩余 {}", whole(state.eta())),
    };
    let _ = write!(out, "{}{said}", " ".repeat(10_usize.saturating_sub(said.width())));
}

/// Writes a time to the second: what is still to come is a guess.
fn whole(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => tr!(format: "{seconds} s", "{seconds} 秒"),
        60..3600 => tr!(format: "{} min {:02} s", "{} 分 {:02} 秒", seconds / 60, seconds % 60),
        _ => tr!(format: "{} h {:02} min", "{} 小时 {:02} 分", seconds / 3600, seconds % 3600 / 60),
    }
}

fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns the end of a text that fits into some columns, with `…` for what is cut off.
fn tail(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut room = columns.saturating_sub(1);
    let kept: Vec<char> = text.chars().rev().take_while(|c| take(&mut room, c.width().unwrap_or(0))).collect();
    let kept: String = kept.iter().rev().collect();
    if kept.is_empty() { kept } else { format!("…{kept}") }
}

fn take(room: &mut usize, width: usize) -> bool {
    let left = room.checked_sub(width);
    *room = left.unwrap_or(0);
    left.is_some()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::render::report::bar::{length, tail, taken, whole};

    #[test]
    fn a_path_is_cut_at_its_front_by_columns() {
        assert_eq!(tail("/北京/A 座", 10), "/北京/A 座");
        assert_eq!(tail("/北京/A 座", 9), "…京/A 座");
        assert_eq!(tail("/北京/A 座", 8), "…京/A 座");
        assert_eq!(tail("/北京/A 座", 7), "…/A 座");
        assert_eq!(tail("/北京/A 座", 2), "");
    }

    #[test]
    fn the_bar_never_takes_more_than_the_line() {
        for width in 60..200 {
            assert!(length(20_000, width) + taken(20_000) <= width, "{width}");
        }
        assert_eq!((length(300, 60), length(300, 100), length(300, 200)), (8, 32, 32));
    }

    #[test]
    fn what_is_left_is_told_to_the_second() {
        assert_eq!(whole(Duration::from_millis(9900)), "9 s");
        assert_eq!(whole(Duration::from_secs(245)), "4 min 05 s");
        assert_eq!(whole(Duration::from_secs(7260)), "2 h 01 min");
    }
}
