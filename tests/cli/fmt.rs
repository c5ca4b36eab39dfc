//! `roomtree fmt`: files in one layout, in place, on a pipe, or only looked at.

use std::fs;
use std::process::Stdio;

use crate::test_env::Scene;

const ODD: &str = "version:   1\ngroups:\n- 北京   # the capital\n-   {name: 上海,children: [ 浦东 ]}\n";
const EVEN: &str = "version: 1\ngroups:\n  - 北京   # the capital\n  - {name: 上海, children: [浦东]}\n";

#[test]
fn files_are_laid_out_in_place_and_only_those_that_need_it() {
    let scene = Scene::new().without_credentials();
    scene.write("a.yaml", ODD);
    scene.write("b.yaml", EVEN);
    let before = fs::metadata(scene.path("b.yaml")).unwrap().modified().unwrap();
    let ran = scene.run("fmt a.yaml b.yaml");
    ran.exits(0).shows_nothing();
    assert_eq!(ran.err, "Formatted: a.yaml\n");
    assert_eq!((scene.read("a.yaml").as_str(), scene.read("b.yaml").as_str()), (EVEN, EVEN));
    assert_eq!(fs::metadata(scene.path("b.yaml")).unwrap().modified().unwrap(), before);
    scene.run("fmt .").exits(0).shows_nothing().says_nothing();
    assert_eq!(scene.files(), ["a.yaml", "b.yaml"]);
    assert_eq!(scene.calls(), "", "nothing is called");
}

#[test]
fn a_check_shows_what_would_change_and_writes_nothing() {
    let scene = Scene::new().without_credentials();
    scene.write("rooms/a.yaml", ODD);
    scene.write("rooms/b.yaml", EVEN);
    let ran = scene.run("fmt --check rooms");
    ran.exits(2).says(&["Not formatted: rooms/a.yaml"]).shows(&[
        "--- rooms/a.yaml",
        "-- 北京   # the capital",
        "+  - 北京   # the capital",
    ]);
    assert!(!ran.err.contains("b.yaml"));
    assert_eq!(scene.read("rooms/a.yaml"), ODD);
    scene.run("fmt --check rooms/b.yaml").exits(0).shows_nothing().says_nothing();
    scene.run("--lang zh fmt --check rooms").exits(2).says(&["未排版：rooms/a.yaml"]);
}

#[test]
fn a_pipe_is_laid_out_to_standard_output() {
    let scene = Scene::new().without_credentials();
    scene.write("a.yaml", ODD);
    let piped = |flags: &[&str]| {
        let input = Stdio::from(fs::File::open(scene.path("a.yaml")).unwrap());
        scene.command(env!("CARGO_BIN_EXE_roomtree")).arg("fmt").args(flags).arg("-").stdin(input).output().unwrap()
    };
    let ran = piped(&[]);
    assert_eq!((ran.status.code(), String::from_utf8_lossy(&ran.stdout).as_ref()), (Some(0), EVEN));
    let ran = piped(&["--check"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stdout).contains("+++ <stdin>"));
}

#[test]
fn line_breaks_and_the_byte_order_mark_stay() {
    let scene = Scene::new().without_credentials();
    scene.write("a.yaml", format!("\u{FEFF}{}", ODD.replace('\n', "\r\n")));
    scene.run("fmt a.yaml").exits(0);
    assert_eq!(scene.read("a.yaml"), format!("\u{FEFF}{}", EVEN.replace('\n', "\r\n")));
    scene.run("fmt --check a.yaml").exits(0).shows_nothing();
}

#[test]
fn what_is_no_manifest_or_cannot_be_laid_out_is_told_and_stays_while_others_are_laid_out() {
    let scene = Scene::new().without_credentials();
    let files = [
        ("tag.yaml", "version: 1\ngroups:\n- !!str 007\n", "tag.yaml:3:3"),
        ("wrong.yaml", "version: 1\ngroups:\n- name: a\n  colour: red\n", "wrong.yaml:4:3"),
        ("broken.yaml", "version: 1\ngroups: [\n", "broken.yaml:"),
        ("other.yaml", "services:\n  web: {}\n", "unknown-key"),
        ("gbk.yaml", "", "not-utf8"),
    ];
    files.iter().for_each(|(name, text, _)| scene.write(name, text));
    scene.write("gbk.yaml", b"version: 1\ngroups: [\xB1\xB1]\n");
    scene.write("a.yaml", ODD);
    let ran = scene.run("fmt tag.yaml wrong.yaml broken.yaml other.yaml gbk.yaml a.yaml nowhere.yaml");
    ran.exits(1).shows_nothing().says(&["Formatted: a.yaml", "nowhere.yaml", "stay as they are", "a tag (`!`)"]);
    for (name, text, said) in files {
        ran.says(&[said]);
        assert!(name == "gbk.yaml" || scene.read(name) == text, "{name}");
    }
    assert_eq!(scene.read("a.yaml"), EVEN);
}

#[test]
fn a_part_of_a_manifest_that_breaks_a_rule_of_the_whole_is_laid_out() {
    let scene = Scene::new().without_credentials();
    let deep = "version: 1\ngroups:\n- {name: a, children: [{name: b, children: [{name: c, children: [d]}]}]}\n- a\n";
    scene.write("deep.yaml", deep);
    scene.run("fmt deep.yaml").exits(0).says(&["Formatted: deep.yaml"]);
}

#[test]
fn what_is_suspicious_is_told_and_laid_out() {
    let scene = Scene::new().without_credentials();
    scene.write("a.yaml", "version: 1\ngroups:\n- A 座 #2\n");
    scene.run("fmt a.yaml").exits(0).says(&["commented-name", "Formatted: a.yaml"]);
    assert_eq!(scene.read("a.yaml"), "version: 1\ngroups:\n  - A 座 #2\n");
    scene.run("fmt").exits(1).shows_nothing().says(&["<FILES>"]);
}

#[test]
fn what_other_commands_write_is_laid_out_already() {
    let scene = Scene::new();
    let top = scene.stranger_makes(0, "北京");
    scene.stranger_makes(top, "NO");
    scene.run("pull pulled.yaml").exits(0);
    scene.write("a.csv", "城市,楼栋\n北京,- x\n,#1\n");
    scene.run("import a.csv --out imported.yaml").exits(0);
    scene.run("init made.yaml --yes --groups 北京,上海").exits(0);
    scene.run("--lang zh init gemacht.yaml --yes --groups 北京,上海").exits(0);
    scene.run("fmt --check pulled.yaml imported.yaml made.yaml gemacht.yaml").exits(0).shows_nothing().says_nothing();
}
