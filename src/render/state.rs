//! What is remembered, as text.

use std::fmt::Write;

use crate::group::{GroupId, GroupPath};
use crate::render::style::{BOLD, DIM, HINT, Styled, WARNING, count, plain};
use crate::state::{Ledger, Snapshot};

/// Lists the recorded groups at a path and below it, one a line.
#[must_use]
pub fn list(ledger: &Ledger, within: &GroupPath) -> String {
    let groups = ledger.snapshot().groups.iter().filter(|(path, _)| path.is_within(within));
    groups.fold(String::new(), |mut text, (path, id)| {
        let _ = writeln!(text, "{}  {}", plain(path.as_str()), Styled(DIM, id));
        text
    })
}

/// Says whom a state belongs to and how much it records.
#[must_use]
pub fn summary(ledger: &Ledger) -> String {
    let Snapshot { lineage, serial, endpoint, organization, root, groups, former: _ } = ledger.snapshot();
    let mut text = String::new();
    let _ = writeln!(text, "{} {}", Styled(BOLD, "endpoint    "), plain(endpoint));
    let _ =
        writeln!(text, "{} {}", Styled(BOLD, "organization"), plain(organization.as_deref().unwrap_or("not known")));
    let _ = writeln!(text, "{} {root}", Styled(BOLD, "root        "));
    let _ = writeln!(text, "{} {}", Styled(BOLD, "lineage     "), plain(lineage));
    let _ = writeln!(text, "{} {serial}", Styled(BOLD, "serial      "));
    let _ = writeln!(text, "{} {}", Styled(BOLD, "groups      "), count(groups.len(), "group"));
    let open = ledger.open().count();
    if open > 0 {
        let open = count(open, "call");
        let _ = writeln!(
            text,
            "{} {open} whose outcome is not known yet; the next apply finds out",
            Styled(WARNING, "open        ")
        );
    }
    text
}

/// Says what was forgotten, and how many groups below it stay recorded.
#[must_use]
pub fn forgotten(groups: &[(GroupPath, GroupId)], left_below: usize) -> String {
    let mut text = String::new();
    for (path, id) in groups {
        let _ = writeln!(text, "  forgot {}  {}", plain(path.as_str()), Styled(DIM, id));
    }
    let _ = writeln!(text, "{} {}; DingTalk was not called.", Styled(BOLD, "Forgotten:"), count(groups.len(), "group"));
    if left_below > 0 {
        let left = count(left_below, "group");
        let _ = writeln!(text, "  {} {left} below stay recorded; --below takes them too", Styled(HINT, "→"));
    }
    text
}
