//! The lines that join the groups of a tree that is drawn as text.
//!
//! Both functions take, for each group from the top down to the one that is drawn, whether it is the last under its parent.

/// Draws what stands before a name; the topmost groups have nothing.
pub(crate) fn before(is_last: &[bool]) -> String {
    let Some((own, above)) = is_last.split_last() else { return String::new() };
    let mut rails = below(above);
    if !above.is_empty() {
        rails.push_str(if *own { "└─ " } else { "├─ " });
    }
    rails
}

/// Draws what stands before a further line about a group.
pub(crate) fn below(is_last: &[bool]) -> String {
    is_last.iter().skip(1).map(|last| if *last { "   " } else { "│  " }).collect()
}
