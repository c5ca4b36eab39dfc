//! What rows of cells mean, case by case.

use crate::import::{Choice, HeaderRow, Imported, Wanted, import};
use crate::manifest::Severity;
use crate::sheet::{Address, Cell, Doubt, Merge, Table};

fn table(rows: &[&[&str]], merges: &[(u32, u32, u32, u32)]) -> Table {
    let cell = |row: u32, column: u32, text: &str| (Address { row, column }, Cell::Text(text.into()));
    let cells = (0..).zip(rows).flat_map(|(row, texts)| {
        let held = (0..).zip(texts.iter()).filter(|(_, text)| !text.is_empty());
        held.map(move |(column, text)| cell(row, column, text)).collect::<Vec<_>>()
    });
    let merge = |(row, column, last_row, last_column): &(u32, u32, u32, u32)| Merge {
        first: Address { row: *row, column: *column },
        last: Address { row: *last_row, column: *last_column },
    };
    Table::new(cells.collect(), merges.iter().map(merge).collect())
}

fn choice() -> Choice {
    Choice { depth: 3, ..Choice::default() }
}

fn levels(columns: &str) -> Choice {
    Choice { columns: Wanted::Levels(columns.split(',').map(str::to_owned).collect()), ..choice() }
}

fn path(column: &str) -> Choice {
    Choice { columns: Wanted::Path(column.to_owned()), ..choice() }
}

/// Lists the paths of an import that has no error.
fn paths(imported: &Imported) -> Vec<String> {
    assert!(imported.is_sound(), "{:?}", imported.problems);
    let paths: Vec<_> = imported.tree.nodes().map(|(id, _)| imported.tree.path(id).to_string()).collect();
    assert_eq!(paths.len(), imported.cells.len());
    paths
}

/// Lists problems as `code@C7`.
fn problems(imported: &Imported) -> Vec<String> {
    let place = |at: Option<Address>| at.map_or_else(String::new, |at| format!("@{at}"));
    imported.problems.iter().map(|problem| format!("{}{}", problem.code, place(problem.at))).collect()
}

fn read(rows: &[&[&str]]) -> Imported {
    import(&table(rows, &[]), &choice())
}

#[test]
fn an_empty_cell_repeats_the_one_above_while_what_is_left_of_it_stays() {
    let rows: &[&[&str]] = &[
        &["城市", "园区", "楼栋"],
        &["北京", "望京", "A"],
        &["", "", "B"],
        &["", "亦庄", ""],
        &["", "", "C"],
        &["上海", "", ""],
        &["", "张江", "D"],
    ];
    let expected = [
        "/北京",
        "/北京/望京",
        "/北京/望京/A",
        "/北京/望京/B",
        "/北京/亦庄",
        "/北京/亦庄/C",
        "/上海",
        "/上海/张江",
        "/上海/张江/D",
    ];
    assert_eq!(paths(&read(rows)), expected);
}

#[test]
fn lower_levels_are_not_carried_over_to_another_parent() {
    let rows: &[&[&str]] = &[&["一级", "二级", "三级"], &["北京", "望京", "A"], &["上海", "", "B"], &["", "张江", "C"]];
    assert_eq!(problems(&read(rows)), ["skipped-level@B3"]);
    let rows: &[&[&str]] = &[&["一级", "二级", "三级"], &["", "望京", ""], &["", "", "A"], &["北京", "", "B"]];
    assert_eq!(problems(&read(rows)), ["skipped-level@A2", "skipped-level@B4"]);
}

#[test]
fn merged_cells_are_what_they_look_like() {
    let rows: &[&[&str]] =
        &[&["一级", "二级", "三级"], &["北京", "望京", "A"], &["", "", "B"], &["上海", "", "C"], &["深圳", "", ""]];
    let merges = [(1, 0, 2, 0), (1, 1, 3, 1), (4, 0, 4, 2)];
    let expected =
        ["/北京", "/北京/望京", "/北京/望京/A", "/北京/望京/B", "/上海", "/上海/望京", "/上海/望京/C", "/深圳"];
    assert_eq!(paths(&import(&table(rows, &merges), &choice())), expected);
    assert_eq!(problems(&read(rows)), ["skipped-level@B4"], "without the merged cell");
}

#[test]
fn headings_are_found_below_a_title_and_told() {
    let rows: &[&[&str]] =
        &[&["会议室分组"], &[], &["序号", "城市", "园区"], &["1", "北京", "望京"], &["2", "", "亦庄"]];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京", "/北京/亦庄"]);
    assert_eq!(imported.notes[0].as_str(), "levels: B `城市` › C `园区`; headings in row 3");
    assert_eq!(imported.notes[1].as_str(), "not read: A `序号`");
}

#[test]
fn headings_that_are_repeated_are_no_groups() {
    let rows: &[&[&str]] = &[&["城市", "园区"], &["北京", "望京"], &["城市", "园区"], &["上海", "张江"]];
    assert_eq!(paths(&read(rows)), ["/北京", "/北京/望京", "/上海", "/上海/张江"]);
}

#[test]
fn numbered_levels_are_put_in_order() {
    let rows: &[&[&str]] = &[&["二级", "一级"], &["望京", "北京"]];
    assert_eq!(paths(&read(rows)), ["/北京", "/北京/望京"]);
    assert_eq!(problems(&read(&[&["一级", "三级"], &["a", "b"]])), ["level-order@B1"]);
    assert_eq!(problems(&read(&[&["一级", "level 1"], &["a", "b"]])), ["level-order@B1"]);
}

#[test]
fn columns_can_be_named_by_letter_and_by_heading() {
    let rows: &[&[&str]] = &[&["Standort", "Ort", "x"], &["望京", "北京", "y"]];
    let named = import(&table(rows, &[]), &levels("ort,STANDORT"));
    assert_eq!(paths(&named), ["/北京", "/北京/望京"]);
    let first = Choice { header: HeaderRow::At(0), ..levels("B,A") };
    assert_eq!(paths(&import(&table(rows, &[]), &first)), ["/北京", "/北京/望京"]);
    assert_eq!(paths(&import(&table(rows, &[]), &levels("B,A"))), ["/Ort", "/Ort/Standort", "/北京", "/北京/望京"]);
    for wrong in ["D", "Land", "A,A", "ort,D"] {
        assert_eq!(problems(&import(&table(rows, &[]), &levels(wrong))), ["no-columns"], "{wrong}");
    }
}

#[test]
fn what_can_be_read_in_two_ways_is_asked() {
    assert_eq!(problems(&read(&[&["分组"], &["北京"], &["北京/望京"]])), ["ambiguous-columns@A3"]);
    assert_eq!(problems(&read(&[&["路径", "名称"], &["北京", "望京"]])), ["ambiguous-columns@A1"]);
    assert_eq!(problems(&read(&[&["名称", "城市"], &["望京", "北京"]])), ["ambiguous-columns@A1"]);
    assert_eq!(problems(&read(&[&["北京", "望京"]])), ["no-columns"]);
    assert_eq!(problems(&read(&[])), ["no-rows"]);
    assert_eq!(problems(&read(&[&["", " "]])), ["no-rows"]);
    assert_eq!(paths(&read(&[&["分组"], &["北京"], &["上海"]])), ["/北京", "/上海"]);
    assert_eq!(paths(&read(&[&["城市", "名称"], &["北京", "望京"]])), ["/北京", "/北京/望京"]);
    assert_eq!(paths(&read(&[&["一级", "二级", "path"], &["北京", "望京", "/x"]])), ["/北京", "/北京/望京"]);
}

#[test]
fn paths_are_parted_where_they_show_it() {
    let rows: &[&[&str]] = &[&["路径", "容量"], &["北京 / 望京 / A 座", "8"], &["/北京/亦庄/", ""], &["上海", ""]];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京", "/北京/望京/A 座", "/北京/亦庄", "/上海"]);
    assert_eq!(imported.notes[2].as_str(), "paths are parted at `/`");
    assert_eq!(problems(&read(&[&["path"], &["a//b"], &["a/ /c"]])), ["skipped-level@A2", "skipped-level@A3"]);
    assert_eq!(problems(&read(&[&["path"], &["a-b"], &["a-c"]])), ["separator@A2"]);
    let dashed = Choice { separator: Some("-".to_owned()), ..path("A") };
    let rows: &[&[&str]] = &[&["path"], &["a-b/c"]];
    assert_eq!(paths(&import(&table(rows, &[]), &dashed)), ["/a", "/a/b~1c"]);
}

#[test]
fn paths_of_roomtree_are_read_as_they_are_meant() {
    let rows: &[&[&str]] = &[&["path"], &["/北京/A~1B"], &["/北京/~0"]];
    assert_eq!(paths(&read(rows)), ["/北京", "/北京/A~1B", "/北京/~0"]);
    assert_eq!(
        paths(&read(&[&["path"], &["北京/A~1B"]])),
        ["/北京", "/北京/A~01B"],
        "not all of them begin with a `/`"
    );
}

#[test]
fn rows_without_a_path_are_told() {
    let rows: &[&[&str]] = &[&["路径", "容量"], &["北京", "8"], &["", "6"], &["", ""], &["上海", ""]];
    assert_eq!(problems(&read(rows)), ["no-path@A3"]);
    assert_eq!(problems(&import(&table(rows, &[(1, 0, 2, 0)]), &choice())), [""; 0], "a merged cell has one");
}

#[test]
fn a_row_that_is_repeated_is_one_group_and_a_warning() {
    let rows: &[&[&str]] = &[&["城市", "园区"], &["北京", "望京"], &["北京", "望京"], &["", "望京"], &["北京", ""]];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京"]);
    assert_eq!(problems(&imported), ["repeated-row@B3"]);
    assert_eq!(imported.problems[0].severity, Severity::Warning);
    assert_eq!(imported.problems[0].message.as_str(), "`/北京/望京` is named again in B3, B4; first in B2");
}

#[test]
fn every_problem_is_told_at_once_and_once_each() {
    let mut sheet = table(&[&["一级", "二级", "三级"], &["北京", "望京", "A\nB"], &["", "", "C"], &["", "", ""]], &[]);
    let doubt = |row, column, doubt| (Address { row, column }, Cell::Doubtful(doubt));
    let mut cells: Vec<_> = sheet
        .rows
        .iter()
        .flat_map(|row| row.cells().map(|(column, cell)| (row.at(column), cell.clone())).collect::<Vec<_>>())
        .collect();
    cells.push(doubt(3, 0, Doubt::Date));
    cells.push(doubt(4, 1, Doubt::Fault("#REF!".into())));
    cells.push(doubt(5, 2, Doubt::Number { value: 0.5, format: "0%".into() }));
    cells.push(doubt(6, 0, Doubt::Uncomputed));
    sheet = Table::new(cells, Vec::new());
    let expected = ["invalid-name@C2", "date-cell@A4", "error-cell@B5", "number-cell@C6", "formula-cell@A7"];
    assert_eq!(problems(&import(&sheet, &choice())), expected);
}

#[test]
fn names_that_cannot_be_meant_are_refused() {
    let rows: &[&[&str]] = &[&["城市"], &["\u{200B}"], &["a\u{202E}b"], &["a\tb"]];
    assert_eq!(problems(&read(rows)), ["invalid-name@A2", "invalid-name@A3", "invalid-name@A4"]);
}

#[test]
fn blanks_at_the_ends_are_taken_away_and_told() {
    let rows: &[&[&str]] = &[&["城市", "园区"], &[" 北京\u{3000}", "望京"], &["北京", "\u{A0}亦庄"], &[" ", "  "]];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京", "/北京/亦庄"]);
    assert_eq!(imported.notes[1].as_str(), "blanks at the ends were removed in A2, B3");
}

#[test]
fn groups_that_stand_too_deep_are_one_problem() {
    let rows: &[&[&str]] = &[&["一级", "二级", "三级", "四级"], &["a", "b", "c", "d"], &["", "", "", "e"]];
    let imported = read(rows);
    assert_eq!(problems(&imported), ["depth-limit@D2"]);
    assert!(imported.problems[0].message.as_str().contains("1 more"));
    let deep = Choice { depth: 4, ..choice() };
    assert_eq!(paths(&import(&table(rows, &[]), &deep)).len(), 5);
}

#[test]
fn ids_belong_to_one_group_each() {
    let by_id = |rows: &[&[&str]]| import(&table(rows, &[]), &Choice { id: Some("id".to_owned()), ..choice() });
    let rows: &[&[&str]] = &[&["一级", "二级", "ID"], &["a", "", "7"], &["", "b", "9007199254740993"], &["", "c", ""]];
    let imported = by_id(rows);
    assert_eq!(paths(&imported), ["/a", "/a/b", "/a/c"]);
    let ids: Vec<_> = imported.tree.nodes().map(|(_, node)| node.id().map(|id| id.get())).collect();
    assert_eq!(ids, [Some(7), Some(9_007_199_254_740_993), None]);
    let rows: &[&[&str]] = &[&["一级", "ID"], &["a", "7"], &["a", "8"], &["b", "7"], &["c", "x"], &["d", "0"]];
    let expected = ["repeated-row@A3", "conflicting-id@B3", "conflicting-id@B4", "invalid-id@B5", "invalid-id@B6"];
    assert_eq!(problems(&by_id(rows)), expected);
}

#[test]
fn a_table_without_groups_is_a_problem() {
    assert_eq!(problems(&read(&[&["城市", "园区"], &["", "", "note"]])), ["no-rows"]);
    assert_eq!(problems(&read(&[&["路径"]])), ["no-rows"]);
}
