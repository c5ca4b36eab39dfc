//! What rows of cells mean, case by case.

use crate::import::{HeaderRow, ImportOptions, Imported, Wanted, import};
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

fn choice() -> ImportOptions {
    ImportOptions { depth: 3, command: "roomtree import t.csv".to_owned(), ..ImportOptions::default() }
}

fn levels(columns: &str) -> ImportOptions {
    ImportOptions { columns: Wanted::Levels(columns.split(',').map(str::to_owned).collect()), ..choice() }
}

fn path(column: &str) -> ImportOptions {
    ImportOptions { columns: Wanted::Path(column.to_owned()), ..choice() }
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
    let merges = [(1, 0, 2, 0), (1, 1, 3, 1), (4, 1, 4, 2)];
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
    let first = ImportOptions { header: HeaderRow::At(0), ..levels("B,A") };
    assert_eq!(paths(&import(&table(rows, &[]), &first)), ["/北京", "/北京/望京"]);
    for wrong in ["D", "Land", "A,A", "ort,D"] {
        assert_eq!(problems(&import(&table(rows, &[]), &levels(wrong))), ["no-columns"], "{wrong}");
    }
    let absent = ImportOptions { header: HeaderRow::Absent, ..levels("B,A") };
    assert_eq!(paths(&import(&table(rows, &[]), &absent)), ["/Ort", "/Ort/Standort", "/北京", "/北京/望京"]);
}

#[test]
fn letters_without_known_headings_are_asked() {
    let asked = import(&table(&[&["Standort", "Ort"], &["望京", "北京"]], &[]), &levels("B,A"));
    assert_eq!(problems(&asked), ["no-headings@A1"]);
    let command = "`roomtree import t.csv --level B --level A --header-row 1`";
    assert!(asked.problems[0].help.as_str().contains(command), "{:?}", asked.problems);
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
    assert_eq!(problems(&read(&[&["一级", "二级", "path"], &["北京", "望京", "/x"]])), ["ambiguous-columns@C2"]);
}

#[test]
fn paths_are_parted_where_they_show_it() {
    let rows: &[&[&str]] = &[&["路径", "容量"], &["北京 / 望京 / A 座", "8"], &["/北京/亦庄/", ""], &["上海", ""]];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京", "/北京/望京/A 座", "/北京/亦庄", "/上海"]);
    assert_eq!(imported.notes[2].as_str(), "paths are separated at `/`");
    assert_eq!(problems(&read(&[&["path"], &["a//b"], &["a/ /c"]])), ["skipped-level@A2", "skipped-level@A3"]);
    assert_eq!(problems(&read(&[&["path"], &["a-b"], &["a-c"]])), ["separator@A2"]);
    let dashed = ImportOptions { separator: Some("-".to_owned()), ..path("A") };
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
    assert_eq!(imported.notes[1].as_str(), "spaces at the ends were removed in A2, B3");
}

#[test]
fn groups_that_stand_too_deep_are_one_problem() {
    let rows: &[&[&str]] = &[&["一级", "二级", "三级", "四级"], &["a", "b", "c", "d"], &["", "", "", "e"]];
    let imported = read(rows);
    assert_eq!(problems(&imported), ["depth-limit@D2"]);
    assert!(imported.problems[0].message.as_str().contains("1 more"));
    let deep = ImportOptions { depth: 4, ..choice() };
    assert_eq!(paths(&import(&table(rows, &[]), &deep)).len(), 5);
}

#[test]
fn ids_belong_to_one_group_each() {
    let by_id = |rows: &[&[&str]]| import(&table(rows, &[]), &ImportOptions { id: Some("id".to_owned()), ..choice() });
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
    assert_eq!(problems(&read(&[&["城市", "园区", "备注"], &["", "", "note"]])), ["no-rows"]);
    assert_eq!(problems(&read(&[&["路径"]])), ["no-rows"]);
}

/// Reads a table and returns the one problem that it has, with its help.
fn refused(rows: &[&[&str]]) -> (String, String) {
    let imported = read(rows);
    assert_eq!(imported.problems.len(), 1, "{:?}", imported.problems);
    (problems(&imported).remove(0), imported.problems[0].help.as_str().to_owned())
}

#[test]
fn text_column_among_levels_is_never_dropped() {
    let left: &[&[&str]] = &[&["Bezirk", "园区", "楼栋"], &["华北", "望京", "A"]];
    let between: &[&[&str]] = &[&["城市", "Revier", "楼栋"], &["北京", "望京", "A"]];
    let behind: &[&[&str]] = &[&["城市", "园区", "Haus"], &["北京", "望京", "A"]];
    let bare: &[&[&str]] = &[&["城市", "园区", ""], &["北京", "望京", "A"]];
    let apart: &[&[&str]] = &[&["城市", "园区", "", "Haus"], &["北京", "望京", "", "A"]];
    for (rows, at) in [(left, "A1"), (between, "B1"), (behind, "C1"), (bare, "C1"), (apart, "D1")] {
        assert_eq!(refused(rows).0, format!("unused-column@{at}"));
    }
    let help = refused(between).1;
    assert!(help.contains("`roomtree import t.csv --level 城市 --level Revier --level 楼栋`"), "{help}");
    assert!(help.contains("`roomtree import t.csv --level 城市 --level 楼栋`"), "{help}");
    let several: &[&[&str]] = &[&["国家", "Land", "园区", "Haus", "Flur"], &["a", "b", "c", "d", "e"]];
    let (problem, help) = refused(several);
    assert_eq!(problem, "unused-column@B1");
    assert!(help.contains("`roomtree import t.csv --level 国家 --level Land --level '园区+Haus+Flur'`"), "{help}");
}

#[test]
fn column_that_is_no_level_is_left_out() {
    let quiet = |heading: &str, value: &str| {
        let rows: &[&[&str]] = &[&["序号", "城市", heading, "楼栋"], &["1", "北京", value, "A"]];
        let imported = read(rows);
        assert_eq!(paths(&imported), ["/北京", "/北京/A"], "{heading}");
        assert!(imported.notes[1].as_str().contains(heading), "{heading}");
    };
    for heading in
        ["备注", "联系人", "负责人", "面积（㎡）", "创建时间", "类型", "Contact", "Notes", "設備", "会议室名称"]
    {
        quiet(heading, "张三");
    }
    for value in ["12", "3.5", "是", "√", "-", "2026/1/2"] {
        quiet("Parkplätze", value);
    }
    let of_room: &[&[&str]] = &[&["城市", "楼栋", "容量", "历史"], &["北京", "A", "8", "老楼"]];
    assert_eq!(paths(&read(of_room)), ["/北京", "/北京/A"]);
}

#[test]
fn data_row_is_never_taken_for_headings() {
    let places: &[&[&str]] = &[&["PlaceId", "DisplayName", "Type", "ParentId"], &["1", "HQ", "Building", ""]];
    assert_eq!(refused(places).0, "parent-list@D1");
    let types: &[&[&str]] =
        &[&["编号", "名称", "类型", "上级编号"], &["1", "北京", "城市", "0"], &["2", "望京", "园区", "1"]];
    assert_eq!(refused(types).0, "parent-list@D1");
    let without_levels: &[&[&str]] =
        &[&["编号", "名称", "类型", "上级编号"], &["1", "北京", "自有", "0"], &["2", "望京", "租赁", "1"]];
    assert_eq!(paths(&read(without_levels)), ["/北京", "/北京/望京"]);
    let unknown: &[&[&str]] = &[&["Ort", "Art"], &["HQ", "Building"], &["1F", "Floor"]];
    assert_eq!(refused(unknown).0, "no-columns");
    let absent: &[&[&str]] = &[&["北京", "望京", "A"], &["上海", "园区", "B"]];
    assert_eq!(refused(absent).0, "no-columns");
}

#[test]
fn list_with_levels_in_a_column_is_refused() {
    let lists: [&[&[&str]]; 5] = [
        &[&["名称", "类型", "上级"], &["北京", "园区", ""], &["101", "会议室", "北京"]],
        &[&["层级", "名称"], &["1", "北京"], &["2", "望京"]],
        &[&["名称", "类型"], &["北京", "城市"], &["望京", "园区"]],
        &[&["编号", "名称"], &["1", "北京"], &["1.1", "望京"]],
        &[&["分组"], &["北京"], &["  望京"]],
    ];
    for rows in lists {
        assert!(refused(rows).0.starts_with("parent-list@"), "{rows:?}");
    }
    assert_eq!(paths(&read(&[&["名称", "类型"], &["北京", "自有"]])), ["/北京"]);
    assert_eq!(paths(&read(&[&["编号", "名称"], &["1", "北京"], &["2", "上海"]])), ["/北京", "/上海"]);
}

#[test]
fn turned_table_is_refused() {
    let turned: &[&[&str]] = &[&["城市", "北京", "上海"], &["园区", "望京", "张江"], &["楼栋", "A", "B"]];
    assert_eq!(refused(turned).0, "turned-table@A1");
    let titled: &[&[&str]] = &[&["一览表"], &["会议室", "101", "102"], &["楼层", "3F", "4F"], &["人数", "8", "9"]];
    assert_eq!(refused(titled).0, "turned-table@A2");
    let upright: &[&[&str]] = &[&["分组", "备注"], &["办公区", "x"], &["厂区", "y"]];
    assert_eq!(paths(&read(upright)), ["/办公区", "/厂区"]);
}

#[test]
fn reversed_levels_are_refused_with_a_command() {
    let rows: &[&[&str]] = &[&["楼层", "楼栋", "城市"], &["3F", "A", "北京"]];
    let (problem, help) = refused(rows);
    assert_eq!(problem, "level-order@B1");
    assert!(help.contains("`roomtree import t.csv --level 城市 --level 楼栋 --level 楼层`"), "{help}");
    let named = import(&table(rows, &[]), &levels("城市,楼栋,楼层"));
    assert_eq!(paths(&named), ["/北京", "/北京/A", "/北京/A/3F"]);
    for order in [["车间", "备注", "厂区"], ["楼栋", "区域", "城市"], ["分公司", "城市", "公司"]] {
        assert!(refused(&[&order, &["a", "b", "c"]]).0.starts_with("level-order@"), "{order:?}");
    }
    for order in [
        ["公司", "城市", "楼栋"],
        ["城市", "公司", "楼层"],
        ["大厦", "座", "区域"],
        ["分公司", "厂区", "车间"],
        ["国家/地区", "省", "市"],
    ] {
        assert_eq!(read(&[&order, &["a", "b", "c"]]).problems, [], "{order:?}");
    }
}

#[test]
fn columns_joined_to_one_level_are_one_name() {
    let rows: &[&[&str]] = &[
        &["城市", "园区", "楼栋", "楼层"],
        &["北京", "望京", "A座", "3F"],
        &["", "", "", "4F"],
        &["上海", "张江", "B座", ""],
    ];
    let imported = read(rows);
    assert_eq!(problems(&imported), ["depth-limit@D2"]);
    let command = "roomtree import t.csv --level 城市 --level 园区 --level '楼栋+楼层'";
    assert!(imported.problems[0].help.as_str().contains(&format!("`{command}`")), "{:?}", imported.problems);
    let joined = import(&table(rows, &[]), &levels("城市,园区,楼栋+楼层"));
    let expected =
        ["/北京", "/北京/望京", "/北京/望京/A座 3F", "/北京/望京/A座 4F", "/上海", "/上海/张江", "/上海/张江/B座"];
    assert_eq!(paths(&joined), expected);
    assert_eq!(paths(&import(&table(rows, &[]), &levels("A,B,C+D"))), expected);
    assert_eq!(problems(&import(&table(rows, &[]), &levels("A,B,C+X"))), ["no-columns"]);
}

#[test]
fn totals_and_notes_are_left_out_and_reported() {
    let rows: &[&[&str]] = &[
        &["序号", "城市", "园区", "容量"],
        &["1", "北京", "望京", "8"],
        &["", "小计", "", "8"],
        &["2", "上海", "张江", "9"],
        &["合计", "2", "2", "17"],
        &["注：园区以门牌为准"],
        &["制表人：", "张三"],
        &["", "（必填）", "选填"],
        &["* 含在建"],
    ];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京", "/上海", "/上海/张江"]);
    let notes: Vec<&str> = imported.notes.iter().map(|note| note.as_str()).collect();
    assert!(notes.contains(&"totals were left out: B3, A5"), "{notes:?}");
    assert!(notes.contains(&"notes were left out: A6, A7, B8, A9"), "{notes:?}");
    let rows: &[&[&str]] = &[&["路径"], &["北京/望京"], &["合计"]];
    assert_eq!(paths(&read(rows)), ["/北京", "/北京/望京"]);
}

#[test]
fn section_and_second_header_are_asked() {
    let section: &[&[&str]] = &[&["城市", "园区"], &["一、总部园区（4间）", ""], &["北京", "望京"]];
    assert_eq!(refused(section).0, "section-row@A2");
    let second: &[&[&str]] = &[&["城市", "园区"], &["北京", "望京"], &["校区", "教学楼"], &["东区", "一教"]];
    assert_eq!(refused(second).0, "second-header@A3");
}

#[test]
fn headings_may_take_two_rows() {
    let above: &[&[&str]] = &[&["位置", "", "备注", ""], &["城市", "园区", "", "人数"], &["北京", "望京", "x", "8"]];
    assert_eq!(paths(&read(above)), ["/北京", "/北京/望京"]);
    let both: &[&[&str]] = &[&["城市", "园区"], &["City", "Campus"], &["北京", "望京"]];
    let imported = read(both);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京"]);
    assert!(imported.notes[0].as_str().ends_with("headings in row 1–2"), "{:?}", imported.notes);
    let merged: &[&[&str]] = &[&["城市", "楼栋信息", ""], &["", "名称", "楼层"], &["北京", "A", "3F"]];
    assert_eq!(
        paths(&import(&table(merged, &[(0, 0, 1, 0), (0, 1, 0, 2)]), &choice())),
        ["/北京", "/北京/A", "/北京/A/3F"]
    );
}

#[test]
fn same_heading_twice_is_asked() {
    assert_eq!(refused(&[&["城市", "城市", "楼栋"], &["北京", "望京", "A"]]).0, "ambiguous-columns@B1");
    assert_eq!(refused(&[&["楼栋", "樓棟名稱"], &["A", "B"]]).0, "ambiguous-columns@B1");
    assert_eq!(paths(&read(&[&["楼栋编号", "楼栋名称"], &["B01", "国贸"]])), ["/国贸"]);
    assert_eq!(paths(&read(&[&["Building", "Floor", "FloorLabel"], &["HQ", "1", "Ground"]])), ["/HQ", "/HQ/Ground"]);
    assert_eq!(paths(&read(&[&["园区", "楼栋编号"], &["望京", "B01"]])), ["/望京", "/望京/B01"]);
}

#[test]
fn list_of_rooms_gives_its_groups_alone() {
    let rows: &[&[&str]] =
        &[&["会议室名称", "容量", "国家/地区", "城市", "建筑"], &["101", "8", "中国大陆", "北京", "国贸"]];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/中国大陆", "/中国大陆/北京", "/中国大陆/北京/国贸"]);
    assert!(
        imported.notes.iter().any(|note| note.as_str().starts_with("rooms are not imported")),
        "{:?}",
        imported.notes
    );
    let rows: &[&[&str]] = &[&["楼栋", "会议室"], &["A", "101"], &["A", "102"], &["", "103"]];
    assert_eq!(read(rows).problems, [], "a group is in several rows");
    assert_eq!(refused(&[&["名称", "位置", "容量", "设备"], &["101", "3F 左侧", "8", "电视"]]).0, "no-columns");
    assert!(refused(&[&["会议室", "地点", "容量"], &["101", "3F 左侧", "8"]]).0.starts_with("ambiguous-columns"));
    let english: &[&[&str]] =
        &[&["Name", "Location", "Building", "Floor", "Capacity"], &["101", "left", "HQ", "3", "8"]];
    assert_eq!(paths(&read(english)), ["/HQ", "/HQ/3"]);
}

#[test]
fn group_renamed_in_its_row_keeps_its_id_and_children() {
    let rows: &[&[&str]] = &[
        &["一级", "二级", "三级", "路径", "分组 ID"],
        &["北京", "", "", "/北京", "7"],
        &["北京", "望京中心", "", "/北京/望京园区", "8"],
        &["北京", "望京园区", "A 座", "/北京/望京园区/A 座", "9"],
        &["北京", "望京园区", "B 座", "", ""],
    ];
    let imported = read(rows);
    assert_eq!(paths(&imported), ["/北京", "/北京/望京中心", "/北京/望京中心/A 座", "/北京/望京中心/B 座"]);
    let ids: Vec<_> = imported.tree.nodes().map(|(_, node)| node.id().map(|id| id.get())).collect();
    assert_eq!(ids, [Some(7), Some(8), Some(9), None]);
    let renamed = "renamed, as the level columns differ from the path column: `北京 › 望京园区` → `望京中心` (B3)";
    assert!(imported.notes.iter().any(|note| note.as_str() == renamed), "{:?}", imported.notes);
}

#[test]
fn numbers_of_rows_are_no_ids() {
    let ids =
        |rows: &[&[&str]]| read(rows).tree.nodes().filter_map(|(_, node)| Some(node.id()?.get())).collect::<Vec<_>>();
    assert_eq!(ids(&[&["id", "城市"], &["1", "北京"], &["2", "上海"]]), [0; 0]);
    assert_eq!(ids(&[&["level 1", "id"], &["北京", "1"], &["上海", "2"]]), [0; 0]);
    assert_eq!(ids(&[&["level 1", "id"], &["北京", "17"], &["上海", "12"]]), [17, 12]);
    assert_eq!(ids(&[&["level 1", "path", "id"], &["北京", "/北京", "1"]]), [1]);
    assert_eq!(ids(&[&["城市", "分组ID"], &["北京", "1"]]), [1]);
}

#[test]
fn hidden_rows_and_columns_are_reported() {
    let mut sheet = table(&[&["城市", "园区"], &["北京", "望京"], &["上海", "张江"]], &[]);
    sheet.hidden.rows = vec![0, 2, 9];
    sheet.hidden.columns = vec![1, 5];
    let imported = import(&sheet, &choice());
    assert_eq!(problems(&imported), ["hidden-rows@A3"]);
    assert!(imported.problems[0].message.as_str().ends_with("too: 3"), "{:?}", imported.problems);
    assert!(imported.notes.iter().any(|note| note.as_str() == "hidden columns: B"), "{:?}", imported.notes);
    assert_eq!(paths(&imported).len(), 4);
}

#[test]
fn groups_named_like_totals_are_kept_with_an_id_or_a_path() {
    let rows: &[&[&str]] = &[
        &["一级", "二级", "路径", "分组 ID"],
        &["集团", "", "/集团", "1"],
        &["集团", "合计", "/集团/合计", "2"],
        &["集团", "注：旧", "", "3"],
        &["合计", "", "", ""],
    ];
    assert_eq!(paths(&read(rows)), ["/集团", "/集团/合计", "/集团/注：旧"]);
    let rows: &[&[&str]] = &[&["路径", "分组 ID"], &["/集团", "1"], &["/集团/合计", ""], &["合计", ""]];
    assert_eq!(paths(&read(rows)), ["/集团", "/集团/合计"]);
}

#[test]
fn groups_named_like_headings_are_no_second_headings() {
    let rows: &[&[&str]] = &[&["一级", "二级"], &["集团", "园区"], &["集团", "大楼"]];
    assert_eq!(paths(&read(rows)), ["/集团", "/集团/园区", "/集团/大楼"]);
    let rows: &[&[&str]] = &[&["Level 1", "Level 2"], &["Campus", "Building"], &["Campus", "X1"]];
    assert_eq!(paths(&read(rows)), ["/Campus", "/Campus/Building", "/Campus/X1"]);
    let rows: &[&[&str]] = &[&["城市", "园区"], &["City", "Campus"], &["北京", "望京"]];
    assert_eq!(paths(&read(rows)), ["/北京", "/北京/望京"]);
}

#[test]
fn reversed_levels_of_every_kind_are_refused() {
    for header in [
        ["城市", "大区"],
        ["城市", "战区"],
        ["国家", "大洲"],
        ["City", "Region"],
        ["Building", "Site"],
        ["分公司", "公司"],
    ] {
        let imported = read(&[&header, &["甲", "乙"]]);
        assert_eq!(problems(&imported), ["level-order@B1"], "{header:?}");
        let help = imported.problems[0].help.as_str().to_owned();
        assert!(help.contains(&format!("--level {} --level {}`", header[1], header[0])), "{help}");
    }
    for header in
        [["大区", "城市"], ["区域", "城市"], ["Region", "Country"], ["Country", "Region"], ["Site", "Building"]]
    {
        assert_eq!(problems(&read(&[&header, &["甲", "乙"]])), [""; 0], "{header:?}");
    }
    assert_eq!(problems(&read(&[&["区域", "城市", "大区"], &["甲", "乙", "丙"]])), ["level-order@C1"]);
}

#[test]
fn texts_of_a_file_that_is_no_table_are_not_shown() {
    for cells in [&["A_KEY=hunter2SECRET"][..], &["A_KEY=hunter2SECRET", "x"], &["[\"hunter2SECRET\"", "1]"]] {
        let imported = read(&[cells]);
        assert_eq!(problems(&imported), ["no-columns"]);
        let message = imported.problems[0].message.as_str();
        assert!(!message.contains("hunter2") && message.contains("A1"), "{message}");
    }
}

#[test]
fn levels_from_zero_are_refused() {
    let imported = read(&[&["Level 0", "Level 1"], &["a", "b"]]);
    assert_eq!(imported.problems[0].message.as_str(), "The levels are numbered from 1, not from 0");
}

#[test]
fn buildings_with_the_words_of_notes_are_groups() {
    let rows: &[&[&str]] =
        &[&["城市", "园区"], &["北京", "望京"], &["制表大厦", "东"], &["填报楼", ""], &["(完)", ""], &["制表人 张三"]];
    assert_eq!(paths(&read(rows)), ["/北京", "/北京/望京", "/制表大厦", "/制表大厦/东", "/填报楼"]);
}

#[test]
fn path_column_that_differs_from_the_levels_is_refused() {
    let tables: [(&[&[&str]], &str); 5] = [
        (&[&["城市", "路径"], &["北京", "北京"], &["北京", "北京/望京"]], "B3"),
        (&[&["园区", "路径"], &["望京", "北京/望京"]], "B2"),
        (&[&["一级", "二级", "path"], &["北京", "望京", "/北京/亦庄"]], "C2"),
        (&[&["城市", "路径", "分组 ID"], &["北京", "/北京/望京", "7"]], "B2"),
        (&[&["城市", "园区", "路径"], &["北京", "望京", "/北京/望京"], &["", "", "/上海"]], "C3"),
    ];
    for (rows, at) in tables {
        let (problem, help) = refused(rows);
        assert_eq!(problem, format!("ambiguous-columns@{at}"), "{rows:?}");
        assert!(help.contains(&format!("`roomtree import t.csv --path-column {}`", &at[..1])), "{help}");
        assert!(help.contains("`roomtree import t.csv --level "), "{help}");
    }
    let same: &[&[&str]] =
        &[&["城市", "园区", "路径"], &["北京", "望京", "/北京/望京"], &["", "亦庄", "北京 > 亦庄"], &["上海", "", ""]];
    assert_eq!(paths(&read(same)), ["/北京", "/北京/望京", "/北京/亦庄", "/上海"]);
}

#[test]
fn row_merged_over_all_levels_is_no_group() {
    let rows: &[&[&str]] =
        &[&["城市", "园区", "备注"], &["华东区", "", ""], &["上海", "张江", ""], &["合计", "", ""], &["杭州", "", ""]];
    for merge in [(1, 0, 1, 1), (1, 0, 1, 2)] {
        let imported = import(&table(rows, &[merge, (3, 0, 3, 1)]), &choice());
        assert_eq!(problems(&imported), ["section-row@A2"]);
        assert_eq!(imported.problems[0].severity, Severity::Error);
    }
    let layout: &[&[&str]] = &[&["城市", "", "备注"], &["上海", "", ""], &["北京", "", ""]];
    let merged = [(0, 0, 0, 1), (1, 0, 1, 1), (2, 0, 2, 1)];
    assert_eq!(paths(&import(&table(layout, &merged), &choice())), ["/上海", "/北京"]);
    let by_path: &[&[&str]] = &[&["路径", "备注"], &["华东区", ""], &["上海/张江", ""]];
    assert_eq!(problems(&import(&table(by_path, &[(1, 0, 1, 1)]), &choice())), ["section-row@A2"]);
}

#[test]
fn lone_group_above_rows_of_all_levels_is_a_warning() {
    let rows: &[&[&str]] = &[&["城市", "园区"], &["华东区", ""], &["上海", "张江"], &["杭州", "滨江"]];
    let imported = read(rows);
    assert_eq!(problems(&imported), ["section-row@A2"]);
    assert_eq!(imported.problems[0].severity, Severity::Warning);
    let tables: [&[&[&str]]; 3] = [
        &[&["城市", "园区"], &["上海", ""], &["上海", "张江"], &["杭州", "滨江"]],
        &[&["城市", "园区"], &["上海", "张江"], &["深圳", ""]],
        &[&["城市", "园区"], &["上海", ""], &["", "张江"], &["杭州", "滨江"]],
    ];
    for rows in tables {
        assert_eq!(read(rows).problems, [], "{rows:?}");
    }
}

#[test]
fn second_row_of_headings_is_never_data() {
    let upper: &[&[&str]] = &[&["地区", "", "位置"], &["城市", "园区", "楼栋"], &["北京", "望京", "A座"]];
    assert_eq!(paths(&read(upper)), ["/北京", "/北京/望京", "/北京/望京/A座"]);
    let unknown: &[&[&str]] = &[&["区域信息", "", "详情"], &["城市", "园区", "楼栋"], &["北京", "望京", "A座"]];
    let (problem, help) = refused(unknown);
    assert_eq!(problem, "second-header@A2");
    assert!(help.contains("`roomtree import t.csv --header-row 2`"), "{help}");
    let named = ImportOptions { header: HeaderRow::At(1), ..choice() };
    assert_eq!(paths(&import(&table(unknown, &[]), &named)).len(), 3);
    let lower: [&[&[&str]]; 3] = [
        &[&["地区", "园区", "楼栋"], &["名称", "名称", "名称"], &["北京", "望京", "A座"]],
        &[&["城市", "", "楼栋"], &["名称", "编号", "名称"], &["北京", "01", "A座"]],
        &[&["一级", "二级"], &["公司", "园区"], &["北京", "望京"]],
    ];
    for rows in lower {
        let (problem, help) = refused(rows);
        assert_eq!(problem, "second-header@A2", "{rows:?}");
        assert!(help.contains("--header-row 1"), "{help}");
    }
    let data = ImportOptions { header: HeaderRow::At(0), ..choice() };
    assert_eq!(paths(&import(&table(lower[2], &[]), &data)), ["/公司", "/公司/园区", "/北京", "/北京/望京"]);
}

#[test]
fn text_column_behind_one_that_is_not_read_is_reported() {
    for between in [("备注", ""), ("备注", "x"), ("负责人", "张三"), ("Parkplätze", "12")] {
        let rows: &[&[&str]] = &[&["城市", "园区", between.0, "Haus"], &["北京", "望京", between.1, "A"]];
        assert_eq!(refused(rows).0, "unused-column@D1", "{between:?}");
    }
    let bare: &[&[&str]] = &[&["城市", "楼栋", "会议室", ""], &["北京", "A", "101", "x"]];
    assert!(read(bare).notes.iter().any(|note| note.as_str() == "not read: C `会议室`, D"), "{:?}", read(bare).notes);
    let people: &[&[&str]] = &[&["城市", "园区", "更新人", "使用说明"], &["北京", "望京", "张三", "x"]];
    assert_eq!(paths(&read(people)), ["/北京", "/北京/望京"]);
}

#[test]
fn placeholder_in_a_level_is_refused_with_its_cell() {
    for sign in ["/", "无", "-", "—", "N/A", "同上", "〃", "待定"] {
        let rows: &[&[&str]] = &[&["城市", "园区", "楼栋"], &["北京", "望京", "A"], &["上海", sign, "B"]];
        assert_eq!(problems(&read(rows)), ["placeholder@B3"], "{sign}");
    }
    let rows: &[&[&str]] = &[&["路径"], &["北京/望京"], &["上海/无/A"], &["—"]];
    assert_eq!(problems(&read(rows)), ["placeholder@A3", "placeholder@A4"]);
    let tied: &[&[&str]] = &[&["一级", "二级", "路径", "分组 ID"], &["北京", "-", "/北京/-", "7"]];
    assert_eq!(paths(&read(tied)), ["/北京", "/北京/-"]);
}

#[test]
fn list_with_parents_becomes_a_tree() {
    let by_name: &[&[&str]] = &[&["分组名称", "上级分组"], &["北京", ""], &["A座", "望京"], &["望京", "北京"]];
    assert_eq!(paths(&read(by_name)), ["/北京", "/北京/望京", "/北京/望京/A座"]);
    let by_id: &[&[&str]] = &[
        &["编号", "名称", "父级", "备注"],
        &["1", "北京", "0", ""],
        &["2", "上海", "/", ""],
        &["3", "A座", "1", ""],
        &["4", "A座", "2", "新"],
    ];
    let imported = read(by_id);
    assert_eq!(paths(&imported), ["/北京", "/北京/A座", "/上海", "/上海/A座"]);
    let note = "groups: B `名称`; parents: C `父级`, found in A `编号`; headings in row 1";
    assert_eq!(imported.notes[0].as_str(), note);
    assert_eq!(imported.notes[1].as_str(), "not read: D `备注`");
    let tied: &[&[&str]] = &[&["分组 ID", "名称", "上级ID"], &["71", "北京", ""], &["72", "望京", "71"]];
    let ids: Vec<_> = read(tied).tree.nodes().map(|(_, node)| node.id().map(|id| id.get())).collect();
    assert_eq!(ids, [Some(71), Some(72)]);
}

#[test]
fn parent_that_cannot_be_followed_is_refused_with_its_row() {
    let lists: [(&[&[&str]], &[&str]); 4] = [
        (&[&["名称", "上级"], &["北京", ""], &["望京", "北平"], &["A座", "望京"]], &["unknown-parent@B3"]),
        (
            &[&["名称", "上级"], &["甲", "乙"], &["乙", "甲"], &["丙", "乙"], &["丁", "丁"]],
            &["parent-cycle@B2", "parent-cycle@B3", "parent-cycle@B5"],
        ),
        (&[&["名称", "上级"], &["A", ""], &["B", ""], &["x", "A"], &["x", "B"], &["y", "x"]], &["ambiguous-parent@B6"]),
        (&[&["名称", "上级"], &["A", ""], &["", "A"]], &["skipped-level@A3"]),
    ];
    for (rows, expected) in lists {
        assert_eq!(problems(&read(rows)), expected, "{rows:?}");
    }
}
