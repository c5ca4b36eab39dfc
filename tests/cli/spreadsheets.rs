//! `roomtree import` and `roomtree pull --format`: workbooks and CSV files as people have them, and files that mean harm.

use std::fs;
use std::io::Write;

use proptest::prelude::*;
use roomtree::manifest::{Input, load};
use roomtree::sheet::{Kind, Workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook as Writer, Worksheet};

use crate::ran::Ran;
use crate::test_env::Scene;

/// The tree of a manifest on standard output, as `plan` draws it.
fn drawn(scene: &Scene, ran: &Ran) -> String {
    scene.write("made.yaml", &ran.out);
    scene.run("validate made.yaml").exits(0).says_nothing();
    scene.run("plan made.yaml --offline").exits(0).out.clone()
}

fn workbook(scene: &Scene, name: &str, fill: impl Fn(&mut Worksheet)) {
    let mut workbook = Writer::new();
    fill(workbook.add_worksheet().set_name("办公区").unwrap());
    scene.write(name, workbook.save_to_buffer().unwrap());
}

fn rows(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, texts) in (0..).zip(rows) {
        for (column, text) in (0..).zip(texts.iter()).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
}

const OFFICES: &[&[&str]] =
    &[&["城市", "园区", "楼栋", "备注"], &["北京", "望京", "A 座", "x"], &["", "", "B 座", ""], &["", "亦庄", "", ""]];

#[test]
fn a_workbook_and_a_text_make_the_same_manifest() {
    let scene = Scene::new().without_credentials();
    workbook(&scene, "offices.xlsx", |sheet| rows(sheet, OFFICES));
    let made = scene.run("import offices.xlsx").exits(0).out.clone();
    for (name, delimiter) in [("comma.csv", ","), ("semicolon.csv", ";"), ("tab.txt", "\t")] {
        let text: String = OFFICES.iter().map(|row| row.join(delimiter) + "\r\n").collect();
        scene.write(name, format!("\u{FEFF}{text}"));
        assert_eq!(scene.run(&format!("import {name}")).exits(0).out, made, "{name}");
        scene.write(name, encoding_rs::GB18030.encode(&text).0);
        let ran = scene.run(&format!("import {name}"));
        assert_eq!(ran.exits(0).says(&["read as GB18030"]).out, made, "{name}");
        scene.write(
            name,
            [&b"\xFF\xFE"[..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat(),
        );
        assert_eq!(scene.run(&format!("import {name}")).exits(0).out, made, "{name}");
    }
    let ran = scene.run("import offices.xlsx");
    ran.says(&[
        "levels: A `城市` › B `园区` › C `楼栋`; headings in row 1",
        "not read: D `备注`",
        "Imported: 5 groups from 3 rows",
    ]);
    assert!(drawn(&scene, &ran).contains("Plan: 5 to create."));
    assert_eq!(scene.calls(), "", "nothing is called");
}

#[test]
fn merged_cells_numbers_and_formulas_are_what_excel_shows() {
    let scene = Scene::new().without_credentials();
    workbook(&scene, "offices.xlsx", |sheet| {
        rows(sheet, &[&["一级", "二级", "三级"]]);
        sheet.merge_range(1, 0, 3, 0, "北京", &Format::new()).unwrap();
        sheet.merge_range(1, 1, 2, 1, "007", &Format::new()).unwrap();
        sheet.write_number(1, 2, 1).unwrap();
        sheet.write_number_with_format(2, 2, 2, &Format::new().set_num_format("0\"号楼\"")).unwrap();
        sheet.write_number_with_format(3, 1, 7, &Format::new().set_num_format("000")).unwrap();
        sheet.write_formula(4, 0, Formula::new("=\"上\"&\"海\"").set_result("上海")).unwrap();
        sheet.write_number(4, 1, 3.1).unwrap();
        sheet.write_string(5, 0, "深圳").unwrap();
        sheet.merge_range(5, 1, 5, 2, "", &Format::new()).unwrap();
    });
    let ran = scene.run("import offices.xlsx");
    ran.exits(0);
    let text = "groups:\n  - name: 北京\n    children:\n      - name: '007'\n        children:\n          - '1'\n          - 2号楼\n  - name: 上海\n    children:\n      - '3.1'\n  - 深圳\n";
    assert!(ran.out.ends_with(text), "{ran}");
}

#[test]
fn cells_whose_text_is_not_sure_are_all_told_and_nothing_is_written() {
    let scene = Scene::new().without_credentials();
    workbook(&scene, "offices.xlsx", |sheet| {
        rows(sheet, &[&["城市"]]);
        let date = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_datetime_with_format(1, 0, ExcelDateTime::from_ymd(2026, 3, 1).unwrap(), &date).unwrap();
        sheet.write_number_with_format(2, 0, 0.5, &Format::new().set_num_format("0%")).unwrap();
        sheet.write_number(3, 0, 1_234_567_890_123.0).unwrap();
        sheet.write_formula(4, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write_string(5, 0, "two\nlines").unwrap();
        // Stored as 0, to be calculated when the file is opened.
        sheet.write_formula(6, 0, Formula::new("=\"A\"&\"座\"")).unwrap();
    });
    let ran = scene.run("import offices.xlsx --out made.yaml");
    ran.exits(1).shows_nothing().says(&[
        "error[date-cell]",
        "offices.xlsx:办公区:A2",
        "the number 0.5 in the format `0%`",
        "error[number-cell]",
        "A4",
        "error[invalid-name]: The name has a line break in it",
        "error[formula-cell]",
        "A7",
        "nothing was written",
        "Format the cell as text",
    ]);
    assert_eq!(scene.files(), ["offices.xlsx"]);
    let chinese = scene.run("--lang zh import offices.xlsx");
    chinese.exits(1).shows_nothing().says(&[
        "日期或时间，不是文本",
        "错误[date-cell]",
        "= 建议",
        "把该单元格的格式设为“文本”",
        "没有写入任何内容",
    ]);
}

#[test]
fn the_sheet_is_the_first_that_is_seen_or_the_one_that_is_named() {
    let scene = Scene::new().without_credentials();
    let mut workbook = Writer::new();
    for (name, city) in [("封面", "北京"), ("数据", "上海"), ("旧", "广州")] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        rows(sheet, &[&["城市"], &[city]]);
        sheet.set_active(name == "数据").set_hidden(name == "封面");
    }
    scene.write("rooms.xlsx", workbook.save_to_buffer().unwrap());
    scene.run("import rooms.xlsx").exits(0).shows(&["  - 上海"]).says(&["sheet `数据` is read, one of 3"]);
    scene.run("import rooms.xlsx --sheet 旧").exits(0).shows(&["- 广州"]);
    scene.run("import rooms.xlsx --sheet 1").exits(0).shows(&["- 北京"]);
    scene.run("import rooms.xlsx --sheet 4").exits(1).shows_nothing().says(&["no sheet `4`", "`封面`, `数据`, `旧`"]);
}

#[test]
fn a_file_is_written_once_and_over_another_only_by_force() {
    let scene = Scene::new().without_credentials();
    scene.write("a.csv", "城市\n北京\n");
    scene.write("b.csv", "城市\n上海\n");
    scene.run("import a.csv --out made.yaml").exits(0).shows_nothing().says(&["Written: made.yaml"]);
    let made = scene.read("made.yaml");
    scene.run("import b.csv --out made.yaml").exits(1).shows_nothing().says(&["exists already", "--force"]);
    assert_eq!(scene.read("made.yaml"), made);
    scene.run("import b.csv --out made.yaml --force").exits(0);
    assert!(scene.read("made.yaml").contains("- 上海"));
    scene.run("import a.csv --force").exits(1).says(&["--out"]);
}

#[test]
fn names_that_look_alike_are_told_by_cell() {
    let scene = Scene::new().without_credentials();
    scene.write("a.csv", "城市,楼栋\n北京,A 座\n,Ａ 座\n");
    scene.run("import a.csv").exits(0).says(&["warning[lookalike-sibling]", "a.csv:B3"]);
}

#[test]
fn what_is_no_spreadsheet_is_told_and_what_to_do() {
    let scene = Scene::new().without_credentials();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("mimetype", zip::write::SimpleFileOptions::default()).unwrap();
    for (bytes, says) in [
        (&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], "old workbook (.xls)"),
        (b"<html><table></table></html>", "web page"),
        (b"\x00\x01\x02", "neither a workbook"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"", "The sheet is empty"),
        (&archive.finish().unwrap().into_inner(), "no workbook"),
        (&with_part("content.xml"), "OpenDocument file (.ods)"),
        (&with_part("xl/workbook.bin"), "binary workbook (.xlsb)"),
    ] {
        scene.write("rooms.xlsx", bytes);
        scene.run("import rooms.xlsx").exits(1).shows_nothing().says(&[says]);
    }
    scene.run("import nowhere.csv").exits(1).shows_nothing().says(&["cannot read `nowhere.csv`"]);
    scene.run("import .").exits(1).shows_nothing().says(&["cannot read `.`"]);
}

/// An archive with one empty part.
fn with_part(part: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
    archive.finish().unwrap().into_inner()
}

/// A workbook in which a part is replaced.
fn doctored(part: &str, content: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut workbook = Writer::new();
    rows(workbook.add_worksheet(), &[&["城市"], &["北京"]]);
    let bytes = workbook.save_to_buffer().unwrap();
    let mut read = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut written = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..read.len() {
        let mut file = read.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        written.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
        written.write_all(&if name == part { content(&text) } else { text.into_bytes() }).unwrap();
    }
    written.finish().unwrap().into_inner()
}

#[test]
fn what_a_workbook_says_of_itself_sets_no_memory_aside() {
    let scene = Scene::new().without_credentials();
    let shared = |text: &str| text.replace("uniqueCount=\"2\"", "uniqueCount=\"99999999999999\"").into_bytes();
    scene.write("lie.xlsx", doctored("xl/sharedStrings.xml", shared));
    scene.run("import lie.xlsx").exits(1).shows_nothing().says(&["damaged"]);
    let far = |text: &str| text.replace("r=\"A2\"", "r=\"XFD1048576\"").replace("A1:A2", "A1:XFD1048576").into_bytes();
    scene.write("far.xlsx", doctored("xl/worksheets/sheet1.xml", far));
    scene.run("import far.xlsx --columns XFD").exits(0).shows(&["北京"]);
}

#[test]
fn a_text_that_is_too_large_is_refused() {
    let scene = Scene::new().without_credentials();
    scene.write("large.csv", "城市\n".to_owned() + &"x".repeat(33 << 20));
    scene.run("import large.csv").exits(1).shows_nothing().says(&["larger than 32 MiB"]);
}

#[test]
fn the_manifest_can_be_piped_on() {
    let scene = Scene::new().without_credentials();
    scene.write("a.csv", "城市,楼栋\n北京,NO\n,null\n");
    let line = format!("'{0}' import - < a.csv 2>/dev/null | '{0}' validate -", env!("CARGO_BIN_EXE_roomtree"));
    let ran = scene.command("/bin/sh").args(["-c", &line]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ran.stdout), "Valid: 3 groups, 2 levels deep\n");
}

/// The paths of a manifest.
fn tree(manifest: &str) -> Vec<String> {
    let loaded = load(&[Input::Stdin], &mut manifest.as_bytes());
    let tree = &loaded.manifest().expect(manifest).tree;
    tree.nodes().map(|(id, _)| tree.path(id).to_string()).collect()
}

/// Rewrites the first sheet of a workbook, cell by cell.
fn edited(scene: &Scene, name: &str, edit: impl Fn(u32, u32, &str) -> String) {
    let bytes = fs::read(scene.path(name)).unwrap();
    let mut read = Workbook::open(&bytes).unwrap();
    let sheet = read.sheets()[0].name.clone();
    let table = read.table(&sheet).unwrap();
    workbook(scene, name, |sheet| {
        for row in &table.rows {
            for (column, cell) in row.cells() {
                let text = edit(row.index, column, cell.text().unwrap());
                sheet.write_string(row.index, u16::try_from(column).unwrap(), text).unwrap();
            }
        }
    });
}

#[test]
fn group_renamed_in_a_pulled_workbook_is_a_rename() {
    for state in ["", "recorded"] {
        let scene = Scene::new();
        let city = scene.stranger_makes(0, "北京");
        let campus = scene.stranger_makes(city, "望京园区");
        scene.stranger_makes(campus, "A 座");
        if !state.is_empty() {
            scene.run("pull rooms.yaml --record").exits(0);
        }
        let everywhere = |_: u32, _: u32, text: &str| text.replace("望京园区", "望京中心");
        let own_row = |row: u32, column: u32, text: &str| match (row, column) {
            (2, 1) => "望京中心".to_owned(),
            _ => text.to_owned(),
        };
        type Edit<'a> = &'a dyn Fn(u32, u32, &str) -> String;
        let edits: [Edit<'_>; 2] = [&everywhere, &own_row];
        for edit in edits {
            for lang in ["en", "zh"] {
                scene.run(&format!("--lang {lang} pull --out pulled.xlsx")).exits(0);
                edited(&scene, "pulled.xlsx", edit);
                scene.run("import pulled.xlsx --out rooms.yaml --force").exits(0);
                let plan = scene.run("plan rooms.yaml");
                plan.exits(0).shows(&["望京园区", "望京中心", "1 to rename"]);
                assert!(!plan.out.contains("to create") && !plan.out.contains("orgotten"), "{state} {lang} {plan}");
                fs::remove_file(scene.path("pulled.xlsx")).unwrap();
            }
        }
        scene.run("apply rooms.yaml --yes --qps off").exits(0);
        scene.run("plan rooms.yaml").exits(0).shows(&["Nothing to do"]);
    }
}

#[test]
fn command_for_too_many_levels_works() {
    let scene = Scene::new().without_credentials();
    let rows = "城市,园区,楼栋,楼层,区域\n北京,望京,A座,3F,东\n,,,4F,西\n";
    for (name, rows) in [("five.csv", rows), ("my rooms.csv", rows)] {
        scene.write(name, rows);
        let bin = env!("CARGO_BIN_EXE_roomtree");
        let shell = |line: &str| {
            let output = scene.command("/bin/sh").args(["-c", &line.replacen("roomtree", bin, 1)]).output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
        };
        let (code, _, said) = shell(&format!("roomtree import '{name}' --out made.yaml"));
        assert_eq!(code, Some(1), "{said}");
        let command = said.split('`').find(|text| text.starts_with("roomtree import")).expect(&said);
        let (code, _, said) = shell(command);
        assert_eq!(code, Some(0), "{command}: {said}");
        assert_eq!(tree(&scene.read("made.yaml")).last().unwrap(), "/北京/望京/A座 4F 西");
        fs::remove_file(scene.path("made.yaml")).unwrap();
    }
}

#[test]
fn hidden_rows_columns_and_sheets_are_reported() {
    let scene = Scene::new().without_credentials();
    let mut workbook = Writer::new();
    rows(workbook.add_worksheet().set_name("旧").unwrap().set_hidden(true), &[&["城市"], &["北京"]]);
    let sheet = workbook.add_worksheet().set_name("数据").unwrap();
    rows(sheet, &[&["城市", "园区", "备注"], &["北京", "望京", "x"], &["上海", "旧园区", "y"], &["上海", "张江", ""]]);
    sheet.set_row_hidden(2).unwrap().set_column_hidden(2).unwrap().autofilter(0, 0, 3, 2).unwrap().set_active(true);
    scene.write("rooms.xlsx", workbook.save_to_buffer().unwrap());
    let ran = scene.run("import rooms.xlsx");
    let says = [
        "warning[hidden-rows]: Hidden rows are read, too; a filter",
        ": 3",
        "hidden columns: C",
        "hidden sheets are not read: `旧`",
    ];
    ran.exits(0).shows(&["旧园区"]).says(&says);
    scene.run("import rooms.xlsx --sheet 旧").exits(0).says(&["the sheet is hidden"]);
    scene.run("--lang zh import rooms.xlsx").exits(0).says(&[
        "隐藏的行也已读取",
        "隐藏的列：C",
        "隐藏的工作表未读取：`旧`",
    ]);
}

#[test]
fn spreadsheet_given_as_a_manifest_is_named() {
    let scene = Scene::new();
    workbook(&scene, "rooms.xlsx", |sheet| rows(sheet, OFFICES));
    fs::copy(scene.path("rooms.xlsx"), scene.path("named.yaml")).unwrap();
    scene.write("rooms.csv", "城市,园区\n北京,望京\n");
    scene.write("gbk.csv", encoding_rs::GB18030.encode("城市,园区\n北京,望京\n").0);
    scene.write("table.yaml", "城市,园区\n北京,望京\n");
    scene.write("old.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    for (file, says) in [
        ("rooms.xlsx", "is a workbook (.xlsx), not a manifest"),
        ("named.yaml", "is a workbook (.xlsx), not a manifest"),
        ("rooms.csv", "is a table (CSV), not a manifest"),
        ("gbk.csv", "is a table (CSV), not a manifest"),
        ("table.yaml", "is a table (CSV), not a manifest"),
        ("old.xls", "old workbook (.xls)"),
    ] {
        for command in ["validate", "plan", "apply --yes", "fmt", "destroy --yes", "doctor", "state rebuild"] {
            scene.run(&format!("{command} {file}")).exits(1).says(&[says, "roomtree import"]);
        }
    }
    scene.run("validate rooms.xlsx").exits(1).says(&["`roomtree import rooms.xlsx --out rooms.yaml`"]);
    scene.run("validate rooms.csv --format json").exits(1).shows(&["\"spreadsheet\""]);
    scene
        .run("--lang zh validate rooms.xlsx")
        .exits(1)
        .says(&["是工作簿（.xlsx），不是清单", "`roomtree import rooms.xlsx --out rooms.yaml`"]);
}

#[test]
fn manifest_given_to_import_is_named() {
    let scene = Scene::new().without_credentials();
    scene.write("rooms.yaml", "version: 1\ngroups:\n  - 北京\n");
    scene.write("rooms.csv", "# 分组\nversion: 1\ngroups: [a, b]\n");
    scene.write("state.json", "{\"format\": 1}");
    for file in ["rooms.yaml", "rooms.csv"] {
        let plan = format!("`roomtree plan {file}`");
        scene.run(&format!("import {file}")).exits(1).shows_nothing().says(&["it is a manifest (YAML)", &plan]);
    }
    scene.run("import state.json").exits(1).shows_nothing().says(&["it is JSON"]);
}

#[test]
fn pull_and_import_never_write_under_another_format() {
    let scene = Scene::new();
    scene.stranger_makes(0, "北京");
    scene.write("a.csv", "城市\n北京\n");
    for (line, says) in [
        ("pull rooms.xlsx", "`roomtree pull --out FILE.xlsx`"),
        ("pull rooms.csv", "`roomtree import rooms.csv`"),
        ("pull --out rooms.xls", "ending of a spreadsheet"),
        ("pull --out rooms.ods", "ending of a spreadsheet"),
        ("pull --format yaml --out rooms.xlsx", "ending of a spreadsheet"),
        ("pull --format csv --out rooms.xlsx", "ending of its format"),
        ("pull --format xlsx --out rooms.csv", "ending of its format"),
        ("import a.csv --out rooms.xlsx", "ending of a spreadsheet"),
        ("init rooms.xlsx", "ending of a spreadsheet"),
    ] {
        scene.run(line).exits(1).shows_nothing().says(&[says]);
    }
    assert_eq!(scene.files(), ["a.csv"]);
}

#[test]
fn what_is_pulled_as_a_spreadsheet_is_imported_as_the_same_manifest() {
    let scene = Scene::new();
    let top = scene.stranger_makes(0, "=1+1");
    for name in ["007", "A/B", "-", "+x", "@y", "'=z", "_x0041_", "3.10", "a;b,\"c\"", "NO"] {
        scene.stranger_makes(top, name);
    }
    let pulled = scene.run("pull").exits(0).out.clone();
    for name in ["rooms.xlsx", "rooms.csv"] {
        scene.run(&format!("pull --out {name}")).exits(0).shows_nothing().says(&[&format!("Written: {name}")]);
        let imported = scene.run(&format!("import {name}")).exits(0).out.clone();
        assert_eq!(tree(&imported), tree(&pulled), "{name}");
        assert_eq!(imported.matches(" id: ").count(), 11, "{imported}");
        scene.write("imported.yaml", imported);
        scene.run("plan imported.yaml").exits(0).shows(&["11 to adopt"]);
        fs::remove_file(scene.path("imported.yaml")).unwrap();
    }
    let csv = scene.read("rooms.csv");
    assert!(csv.starts_with("\u{FEFF}level 1,level 2,path,id\n'=1+1,,/=1+1,"), "{csv}");
    scene
        .run("import rooms.csv")
        .says(&["the apostrophe that keeps a text from being calculated was removed in A2, A3"]);
    scene.run("pull --format csv --no-bom").exits(0).shows(&["level 1,level 2,path,id\n'=1+1"]);
    scene.run("pull --format xlsx").exits(1).shows_nothing().says(&["--out"]);
    scene.run("pull rooms.csv --format csv").exits(1).shows_nothing().says(&["leave MANIFEST"]);
    scene.run("pull --out rooms.csv").exits(1).says(&["exists already"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    /// Whatever happens to the bytes of a workbook: it is read, or it is refused. Nothing else happens.
    #[test]
    fn a_damaged_workbook_is_read_or_refused(
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        part in prop::sample::select(vec!["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"]),
        is_within in any::<bool>(),
    ) {
        let change = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            changes.iter().for_each(|(at, byte)| { let at = at.index(bytes.len()); bytes[at] = *byte; });
            if changes.is_empty() {
                bytes.truncate(cut.index(bytes.len()));
            }
            bytes
        };
        let bytes = if is_within { doctored(part, |text| change(text.as_bytes())) } else { change(&doctored("", |_| Vec::new())) };
        if Kind::of(&bytes) == Ok(Kind::Workbook) && let Ok(mut workbook) = Workbook::open(&bytes) {
            for sheet in workbook.sheets() {
                let _ = workbook.table(&sheet.name);
            }
        }
    }
}

#[test]
fn a_sheet_of_a_text_is_refused() {
    let scene = Scene::new().without_credentials();
    scene.write("n.csv", "城市,园区\n北京,望京\n");
    scene.run("import n.csv --sheet 3").exits(1).says(&["a CSV file has no sheets"]);
    scene.run("import n.csv").exits(0);
}

#[test]
fn workbook_and_text_are_refused_for_the_same_tables() {
    let scene = Scene::new().without_credentials();
    let tables: [(&str, &[&[&str]]); 6] = [
        ("ambiguous-columns", &[&["城市", "路径"], &["北京", "北京/望京"]]),
        ("second-header", &[&["地区", "园区", "楼栋"], &["名称", "名称", "名称"], &["北京", "望京", "A座"]]),
        ("unused-column", &[&["城市", "园区", "备注", "Haus"], &["北京", "望京", "x", "A"]]),
        ("placeholder", &[&["城市", "园区", "楼栋"], &["北京", "同上", "A座"]]),
        ("unknown-parent", &[&["名称", "上级"], &["北京", ""], &["望京", "北平"]]),
        ("parent-cycle", &[&["名称", "上级"], &["甲", "乙"], &["乙", "甲"]]),
    ];
    for (code, table) in tables {
        workbook(&scene, "t.xlsx", |sheet| rows(sheet, table));
        let lines: Vec<String> = table.iter().map(|row| row.join(",")).collect();
        scene.write("t.csv", lines.join("\n"));
        for file in ["t.xlsx", "t.csv"] {
            scene.run(&format!("import {file}")).exits(1).shows_nothing().says(&[&format!("error[{code}]")]);
        }
    }
    workbook(&scene, "merged.xlsx", |sheet| {
        rows(sheet, &[&["城市", "园区"], &[], &["上海", "张江"]]);
        sheet.merge_range(1, 0, 1, 1, "华东区", &Format::new()).unwrap();
    });
    scene.run("import merged.xlsx").exits(1).shows_nothing().says(&["error[section-row]", "`华东区`", ":A2"]);
    scene.write("section.csv", "城市,园区\n华东区,\n上海,张江\n");
    scene.run("import section.csv").exits(0).says(&["warning[section-row]", ":A2"]);
}
