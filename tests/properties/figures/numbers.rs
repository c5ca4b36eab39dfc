//! Spreads of several runs, and how they are laid out.

use crate::columns::{aligned, number};
use crate::spread::Spread;

#[test]
fn a_spread_has_the_middle_and_both_ends() {
    let spread = Spread::of(vec![3.0, 1.0, 2.0]);
    assert_eq!(spread, Spread { median: 2.0, min: 1.0, max: 3.0, runs: 3 });
    assert_eq!(spread.map(|value| 6.0 / value), Spread { median: 3.0, min: 2.0, max: 6.0, runs: 3 });
}

#[test]
fn spreads_that_meet_overlap() {
    let (low, high) = (Spread::of(vec![1.0, 2.0, 3.0]), Spread::of(vec![3.0, 4.0, 5.0]));
    assert!(low.overlaps(high) && high.overlaps(low));
    assert!(!low.overlaps(Spread::exact(3.1)));
}

#[test]
fn numbers_have_four_digits_that_count() {
    assert_eq!(
        [0.012_34, 1.234_56, 12.345_6, 123.456, 1_234.5, 20.0].map(number),
        ["0.012", "1.235", "12.35", "123.5", "1234", "20"]
    );
}

#[test]
fn a_note_does_not_widen_a_column() {
    let lines = [&["what", "s", "ratio"][..], &["long name", "1", "2"], &["skipped", "this is why"]];
    let lines: Vec<Vec<String>> =
        lines.iter().map(|line| line.iter().map(|cell| (*cell).to_owned()).collect()).collect();
    assert_eq!(aligned(&lines), "what       s  ratio\nlong name  1  2\nskipped    this is why\n");
}
