//! The examples that are shipped, and the command lines that the help shows: all of them work.

use std::fs;
use std::path::{Path, PathBuf};

use roomtree::manifest::{Input, load};
use roomtree::sandbox::{Config, Operation};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};

use crate::test_env::Scene;

pub(crate) fn house(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Copies a folder into the scene.
fn bring(scene: &Scene, name: &str) {
    for entry in fs::read_dir(house(name)).unwrap().flatten() {
        let inside = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            bring(scene, &inside);
        } else {
            scene.write(&inside, fs::read(entry.path()).unwrap());
        }
    }
}

/// Returns the paths that an example's manifest has, as the library reads it.
fn wanted(example: &str) -> Vec<String> {
    let loaded = load(&[Input::Path(house(example))], &mut std::io::empty());
    let tree = &loaded.manifest().expect("an example is valid").tree;
    let mut paths: Vec<String> = tree.nodes().map(|(id, _)| tree.path(id).as_str().to_owned()).collect();
    paths.sort();
    paths
}

fn examples() -> Vec<String> {
    let entries = fs::read_dir(house("examples")).unwrap().flatten();
    let is_manifest = |name: &str| !name.ends_with(".csv") && !name.ends_with(".xlsx");
    let names = entries.map(|entry| format!("examples/{}", entry.file_name().to_string_lossy()));
    let mut names: Vec<String> = names.filter(|name| is_manifest(name)).collect();
    names.sort();
    names
}

#[test]
fn every_example_validates_and_applies() {
    assert!(examples().len() >= 4, "{:?}", examples());
    for example in examples() {
        let scene = Scene::with(Config { depth: 10, ..Config::default() });
        bring(&scene, "examples");
        scene.run(&format!("validate {example}")).exits(0).says_nothing();
        scene.run(&format!("plan {example} --offline")).exits(0).says_nothing();
        scene.run(&format!("apply {example} --yes --qps off")).exits(0);
        assert_eq!(scene.live(), wanted(&example), "{example}");
        assert_eq!(scene.count(Operation::Create), scene.live().len() as u64);
        scene.run(&format!("apply {example} --yes --qps off")).exits(0).shows(&["Nothing to do"]);
        scene.run(&format!("apply {example} --yes --qps off --sandbox")).exits(0).shows(&["Applied"]);
        scene.run(&format!("apply {example} --yes --qps off --sandbox")).exits(0).shows(&["Nothing to do"]);
    }
}

/// The rows of the example's spreadsheets, as `examples/offices.csv` has them.
fn offices() -> Vec<Vec<String>> {
    let text = fs::read_to_string(house("examples/offices.csv")).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Makes the example's workbook: what the text has, with a title, and with merged cells in place of empty ones.
fn offices_workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1).unwrap()));
    let sheet = workbook.add_worksheet().set_name("办公区").unwrap();
    let (centered, bold) = (Format::new().set_align(FormatAlign::VerticalCenter), Format::new().set_bold());
    sheet.merge_range(0, 0, 0, 3, "会议室分组", &bold).unwrap();
    for (row, cells) in (1..).zip(offices()) {
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string_with_format(row, column, text, if row == 1 { &bold } else { &centered }).unwrap();
            sheet.set_column_width(column, 16).unwrap();
        }
    }
    for (first, last, column, text) in
        [(2, 6, 0, "北京"), (2, 4, 1, "望京园区"), (5, 6, 1, "亦庄园区"), (7, 9, 0, "上海")]
    {
        sheet.merge_range(first, column, last, column, text, &centered).unwrap();
    }
    sheet.set_freeze_panes(2, 0).unwrap();
    workbook.save_to_buffer().unwrap()
}

/// `ROOMTREE_WRITE=1 cargo test --test cli examples` regenerates the workbook.
#[test]
fn the_workbook_among_the_examples_is_the_one_that_is_made_here() {
    let path = house("examples/offices.xlsx");
    if std::env::var_os("ROOMTREE_WRITE").is_some() {
        fs::write(&path, offices_workbook()).unwrap();
    }
    let table = |bytes: &[u8]| roomtree::sheet::Workbook::open(bytes).unwrap().table("办公区").unwrap();
    assert_eq!(table(&fs::read(path).unwrap()), table(&offices_workbook()));
}

#[test]
fn the_spreadsheets_among_the_examples_make_the_same_manifest() {
    let scene = Scene::new().without_credentials();
    bring(&scene, "examples");
    let made = scene.run("import examples/offices.csv").exits(0).out.clone();
    assert_eq!(scene.run("import examples/offices.xlsx").exits(0).out, made);
}

/// Returns the command lines that the help of a command shows.
#[cfg(unix)]
fn shown(scene: &Scene, command: &str) -> Vec<String> {
    let help = scene.run(&format!("{command} --help")).out;
    let examples = help.split("\nExample").nth(1).unwrap_or_default();
    examples.lines().filter_map(|line| line.strip_prefix("  roomtree ")).map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn every_command_line_in_the_help_works() {
    let scene = Scene::new();
    bring(&scene, "examples");
    fs::create_dir(scene.path("schema")).unwrap();
    scene.run("apply examples/acme.yaml --sandbox --yes --qps off").exits(0);
    scene.run("plan examples/acme.yaml --sandbox --out plan.json").exits(0);
    let commands = [
        "validate",
        "plan",
        "apply",
        "state list",
        "state show",
        "state unlock",
        "state rebuild",
        "state forget",
        "import",
        "sandbox",
        "schema",
        "completions",
        "man",
    ];
    for command in commands {
        let lines = shown(&scene, command);
        assert!(!lines.is_empty(), "`{command} --help` shows an example");
        lines.iter().for_each(|line| works(&scene, line));
    }
}

/// Runs a command line in a shell; places outside the scene and fixed ports give way to others.
#[cfg(unix)]
fn works(scene: &Scene, line: &str) {
    use crate::running::Running;
    let here = line.replace("/etc/bash_completion.d/", "").replace("127.0.0.1:8080", "127.0.0.1:0");
    let shell = format!("exec '{}' {here}", env!("CARGO_BIN_EXE_roomtree"));
    let mut child = scene.command("/bin/sh").args(["-c", &shell]).spawn().unwrap();
    if line.starts_with("sandbox") {
        let mut first = [0; 1];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
        let mut running = Running::new(line.to_owned(), child);
        running.signal("TERM");
        running.ended().exits(0);
    } else {
        scene.look_at(Running::new(line.to_owned(), child).ended()).exits(0);
    }
}
