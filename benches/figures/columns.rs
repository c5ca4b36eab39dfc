//! Columns of text, and numbers that are easy to compare.

/// Lays lines of cells out in columns. A line of fewer cells than the first is a note and does not widen a column.
pub(crate) fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| {
        lines.iter().filter(|line| column == 0 || line.len() == columns).map(|line| wide(&line[column])).max()
    };
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    lines.iter().map(|line| laid_out(line, &widths)).collect()
}

fn laid_out(line: &[String], widths: &[usize]) -> String {
    let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
    format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
}

fn wide(cell: &str) -> usize {
    cell.chars().count()
}

/// Writes a number with four digits that count, at most three of them behind the point.
pub(crate) fn number(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 1_000.0 || value.fract() == 0.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}
