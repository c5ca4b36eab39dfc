//! Input that must not be accepted silently: confusable groups, conflict markers, files that are no manifests.

use crate::test_env::{MANIFEST, STATE, Scene};

const CONFLICT: &str = "<<<<<<< HEAD\n  \"a\": 1,\n=======\n  \"a\": 2,\n>>>>>>> feature\n";

#[test]
fn confusable_group_is_noted_in_every_format() {
    let scene = Scene::new();
    let id = scene.stranger_makes(0, "A座");
    scene.write(MANIFEST, "version: 1\ngroups: [A 座, B 座]\n");
    let english = format!("looks like the existing `A座` ({id})");
    for format in ["text", "markdown", "html", "svg"] {
        let said = scene.run(&format!("plan rooms.yaml --format {format} --lang en")).exits(0).out.clone();
        let said = said.replace("<code>", "`").replace("</code>", "`");
        assert!(said.contains(&english) || said.contains("looks like the existing"), "{format}: {said}");
    }
    scene.run("plan rooms.yaml --lang zh").exits(0).shows(&[&format!("与已有的 `A座`（ID {id}）相似")]);
    for format in ["dot", "mermaid"] {
        let said = scene.run(&format!("plan rooms.yaml --format {format}")).exits(0).out.clone();
        assert!(said.contains(&id.to_string()), "{format}: {said}");
    }
    let json = scene.run("plan rooms.yaml --format json").json();
    assert_eq!(json["groups"][0]["looks_like"], serde_json::json!({"id": id, "name": "A座"}));
    assert_eq!(json["groups"][1]["looks_like"], serde_json::Value::Null);
    let report = scene.run("apply rooms.yaml --yes --format json").exits(0).json();
    assert_eq!(report["plan"]["looks_like"], serde_json::json!([{"path": "/A 座", "id": id, "name": "A座"}]));
    scene.run("plan rooms.yaml").exits(0).shows(&["Nothing to do"]);
}

#[test]
fn recorded_group_that_the_manifest_drops_is_noted_too() {
    let scene = Scene::new();
    scene.write(MANIFEST, "version: 1\ngroups: [Café, {name: 总部hq, children: [Ｚ座]}]\n");
    scene.apply().exits(0);
    scene.write(MANIFEST, "version: 1\ngroups: [\"Cafe\\u0301\", {name: 总部hq, children: [Z座]}]\n");
    let json = scene.run("plan rooms.yaml --format json").json();
    let names = ["Café", "Ｚ座"].map(|name| serde_json::json!(name));
    assert_eq!(
        [&json["groups"][0]["looks_like"]["name"], &json["groups"][2]["looks_like"]["name"]],
        [&names[0], &names[1]]
    );
    scene.write(
        MANIFEST,
        "version: 1\ngroups: [{name: \"Cafe\\u0301\", was: Café}, {name: 总部hq, children: [Ｚ座]}]\n",
    );
    let json = scene.run("plan rooms.yaml --format json").json();
    assert_eq!(json["groups"][0]["looks_like"], serde_json::Value::Null, "a group that is renamed is not another");
}

#[test]
fn conflict_marker_in_a_file_is_an_unresolved_merge() {
    let scene = Scene::new();
    scene.write(MANIFEST, "version: 1\ngroups: [A]\n");
    scene.write("table.csv", format!("level 1\n{CONFLICT}"));
    scene.run("import table.csv").exits(1).says(&["unresolved merge"]);
    scene.write("saved.plan.json", format!("{{\n{CONFLICT}}}\n"));
    scene.run("apply saved.plan.json --yes").exits(1).says(&["unresolved merge at line 2"]);
    scene.write(STATE, format!("{{\n{CONFLICT}}}\n"));
    for language in ["en", "zh"] {
        let said = scene.run(&format!("plan rooms.yaml --lang {language}")).exits(1).err.clone();
        assert!(
            said.contains(if language == "en" {
                "unresolved merge at line 2"
            } else {
                "第 2 行有未解决的合并冲突标记"
            }),
            "{said}"
        );
    }
    std::fs::remove_file(scene.path(STATE)).unwrap();
    scene.write(&format!("{STATE}.journal"), CONFLICT);
    scene.run("plan rooms.yaml").exits(1).says(&["unresolved merge at line 1"]);
}

#[test]
fn content_of_a_file_of_another_kind_is_not_printed() {
    let scene = Scene::new();
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg: s3cr3t\n-----END PRIVATE KEY-----\n";
    for text in [key, "root:$6$s3cr3t:19000:0:99999:7:::\n", "{\"s3cr3t\": \"s3cr3t\"}", "s3cr3t\n"] {
        scene.write("other", text);
        for line in [
            "validate other",
            "validate other --format json",
            "fmt other",
            "plan other",
            "plan rooms.yaml --state other",
        ] {
            scene.write(MANIFEST, "version: 1\ngroups: [A]\n");
            let ran = scene.run(line);
            ran.exits(1);
            assert!(!format!("{}{}", ran.out, ran.err).contains("s3cr3t"), "{line}: {}", ran.err);
        }
    }
    scene.run("validate other").exits(1).says(&["error[not-a-manifest]", "--> other:1:1"]);
}

#[test]
fn path_in_full_width_or_confusable_form_gets_a_hint() {
    let scene = Scene::new();
    scene.write(MANIFEST, "version: 1\ngroups: [{name: 北京, children: [A 座]}]\n");
    scene.run("plan rooms.yaml --only ／北京").exits(1).says(&["full-width `／`"]);
    scene.run("plan rooms.yaml --only /北京/Ａ座").exits(1).says(&["did you mean /北京/A 座?"]);
    scene.run("init x.yaml --yes --groups “北京”").exits(1).says(&["`“` (U+201C) is not YAML's `\"`"]);
}
