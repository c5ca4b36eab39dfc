//! A manifest's file that gets a new text in place of the one that was read.

use std::fs;
use std::path::Path;

use crate::cli::failure::Failure;
use crate::{say, state, text};

/// What some editors put before a UTF-8 text; no part of it.
const MARK: &str = "\u{FEFF}";

/// Puts a new text in place of the one that was read, `None` if there was no file; a byte-order mark stays.
///
/// # Errors
/// A refusal if somebody else has written to the file meanwhile, and what the disk says.
pub(crate) fn overwrite(file: &Path, former: Option<&str>, new: &str) -> Result<(), Failure> {
    let found = fs::read_to_string(file).ok();
    let (mark, said) = match found.as_deref().map(|found| found.strip_prefix(MARK).ok_or(found)) {
        None => ("", None),
        Some(Ok(said)) => (MARK, Some(said)),
        Some(Err(said)) => ("", Some(said)),
    };
    if said != former {
        return Err(changed(file));
    }
    state::put(file, format!("{mark}{new}").as_bytes())?;
    Ok(())
}

fn changed(file: &Path) -> Failure {
    let file = file.display();
    let message = text!("`{file}` was changed meanwhile; nothing was written", "`{file}` 其间被改动；没有写入任何内容");
    Failure::refused(message).hint(say!("run it again", "请重新运行"))
}
