//! Every command in Chinese: what it says, that no English is left in it, and that JSON is the same as in English.

use crate::ran::Ran;
use crate::test_env::{MANIFEST, QUICK, Scene};
use crate::tree::Tree;

/// Words that are the same in Chinese.
const NAMES: [&str; 12] = [
    "roomtree", "Client", "Secret", "ID", "unionId", "userId", "corpId", "JSON", "Schema", "Shell", "DingTalk", "YAML",
];

/// A scene in which Chinese is spoken.
fn scene() -> Scene {
    Scene::new().variable("LANG", "zh_CN.UTF-8").wanting(Tree::of(&["北京/望京园区/A 座", "上海/张江园区"]))
}

/// Returns what is left of a line without what is code: spans in backticks, commands, and words with signs or digits in them.
fn prose(line: &str) -> String {
    let spoken: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ， ");
    let spoken = spoken.split("roomtree ").next().unwrap_or_default();
    // Behind a rail stands a line of the manifest.
    let spoken = spoken.split(" | ").next().unwrap_or_default();
    // What the operating system says follows its meaning, in brackets.
    spoken.split("No such file or directory").next().unwrap_or_default().to_owned()
}

fn is_english(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic()) && !NAMES.contains(&word)
}

/// Returns what has two English words beside each other.
fn english(text: &str) -> Vec<String> {
    let has_two = |line: &str| {
        let words: Vec<String> =
            prose(line).split(' ').map(|word| word.trim_matches([',', '.', ';', ':']).to_owned()).collect();
        words.windows(2).any(|pair| pair.iter().all(|word| is_english(word)))
    };
    text.lines().filter(|line| has_two(line)).map(str::to_owned).collect()
}

/// It is in Chinese, and nothing else.
#[track_caller]
fn is_chinese(ran: &Ran) {
    let text = format!("{}\n{}", ran.out, ran.err);
    assert!(text.contains(|c| matches!(c, '\u{4E00}'..='\u{9FFF}')), "{ran}");
    assert_eq!(english(&text), [""; 0], "{ran}");
}

#[test]
fn english_is_told_from_what_is_the_same_in_chinese() {
    assert_eq!(english("错误：the list lacks 北京").len(), 1);
    assert_eq!(english("请设置 `the secret` 和 Client Secret，运行 roomtree plan rooms"), [""; 0]);
}

#[test]
fn a_plan_and_its_apply_are_told_in_chinese() {
    let scene = scene();
    let plan = scene.run("plan rooms.yaml");
    plan.exits(0).shows(&["+ 北京", "└─ + 望京园区", "计划：5 个待创建。", "最多 7 次调用（列出分组 2，创建 5）"]);
    is_chinese(&plan);
    let first = scene.apply();
    first.exits(0).shows(&["已执行：5 个已完成，用时 ", "共 6 次调用。"]).says(&["已创建 /北京/望京园区/A 座  "]);
    is_chinese(&first);
    let second = scene.apply();
    second.exits(0).says_nothing().shows(&["无需改动：5 个分组与清单一致。"]);
    for line in ["state show rooms.yaml", "state unlock rooms.yaml", "doctor rooms.yaml", "validate rooms.yaml"] {
        is_chinese(scene.run(line).exits(0));
    }
    is_chinese(scene.run("destroy rooms.yaml").exits(4).says(&["已拒绝：无人确认；没有任何改动", "`--yes`"]));
    scene.is_true();
}

#[test]
fn what_fails_is_told_in_chinese_with_what_to_do() {
    let scene = scene().faulty(&["create:error(400,param.error)@1"]);
    let ran = scene.apply();
    ran.exits(3).shows(&["部分执行：", "1 个失败", "个被跳过", "：等待 /", "完成剩余部分：roomtree apply rooms.yaml"]);
    ran.says(&["失败 /", "；跳过其下 "]);
}

#[test]
fn problems_and_wrong_usage_are_told_in_chinese() {
    let scene = scene();
    scene.write("wrong.yaml", "version: 1\ncolour: red\ngroups:\n  - name: 北京\n  - name: 北京\n");
    is_chinese(scene.run("validate wrong.yaml").exits(1).says(&["错误[unknown-key]", "建议"]));
    is_chinese(scene.run("plan wrong.yaml").exits(1).says(&["错误：清单有 2 个问题"]));
    is_chinese(scene.run("plan nowhere.yaml").exits(1));
    for (line, said) in [
        ("plna", "未知命令 `plna`"),
        ("plan --frmat json x", "有相近的参数：`--format`"),
        ("plan", "缺少必需的参数：\n  <清单>..."),
        ("plan x --format xml", "的值 `xml` 无效\n  [可选值：text、json"),
        ("plan x --qps nan", "每秒调用次数"),
        ("plan x --timeout 5", "时长须带单位"),
        ("plan x --concurrency 0", "须在 1 到 1024 之间"),
        ("plan x --max-deletes many", "不是整数"),
        ("plan x --sandbox --endpoint y", "不能与 `--endpoint <网址>` 一起使用"),
        ("plan x --out", "缺少值"),
        ("plan x --prune --prune", "只能给出一次"),
        ("plan x --prune=yes", "不接受值 `yes`"),
        ("doctor --yes", "缺少必需的参数"),
        ("plan --list", "要把 `--list` 作为值"),
        ("--lang fr plan x", "roomtree 只支持 `en` 和 `zh`"),
    ] {
        let ran = scene.run(line);
        is_chinese(ran.exits(1).shows_nothing().says(&["错误：", said, "详情见 `--help`。"]));
    }
    assert_eq!(scene.calls(), "");
}

#[test]
fn help_is_in_chinese_for_every_command() {
    let scene = scene();
    let help = scene.run("--help");
    is_chinese(help.exits(0).says_nothing().shows(&["用法：roomtree [选项] <命令>", "退出码："]));
    let commands = help.out.split("命令：\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let names: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(names.len() > 10 && names.contains(&"plan"), "{names:?}");
    let below = ["list", "show", "forget", "rebuild", "unlock"].map(|name| format!("state {name}"));
    for name in names.iter().map(|name| (*name).to_owned()).chain(below).filter(|name| name != "help") {
        for flag in ["-h", "--help"] {
            is_chinese(scene.run(&format!("{name} {flag}")).exits(0).says_nothing().shows(&["用法：roomtree "]));
        }
    }
    assert_eq!(scene.run("help plan").out, scene.run("plan --help").out);
    assert!(scene.run("plan --help --lang en").out.contains("Usage: roomtree plan [OPTIONS]"));
}

#[test]
fn the_manual_page_and_completions_follow_the_language() {
    let scene = scene();
    scene.run("man").exits(0).shows(&[".SH 名称", ".SH 选项", ".SH 命令"]);
    scene.run("completions fish").exits(0).shows(&["校验清单"]);
    scene.run("man --lang en").exits(0).shows(&[".SH NAME"]);
}

#[test]
fn json_is_the_same_in_chinese_as_in_english() {
    let scene = scene();
    scene.write("wrong.yaml", "version: 1\ncolour: red\ngroups:\n  - name: 北京\n  - name: 北京\n");
    scene.stranger_makes(0, "上海");
    scene.stranger_makes(0, "上海");
    for (line, code) in [
        (format!("plan {MANIFEST} --format json"), 4),
        ("validate wrong.yaml --format json".to_owned(), 1),
        ("validate rooms.yaml --format json".to_owned(), 0),
        ("schema plan".to_owned(), 0),
    ] {
        let chinese = scene.run(&line).exits(code).out.clone();
        assert_eq!(chinese, scene.run(&format!("{line} --lang en")).exits(code).out, "{line}");
    }
    let doctor = "doctor rooms.yaml --read-only --format json";
    let doctor_in = |language: &str| scene.run(&format!("{doctor} --lang {language}")).exits(4).out.clone();
    assert_eq!(doctor_in("zh"), doctor_in("en"));
    let refused = |language: &str| {
        let mut json =
            scene.run(&format!("apply rooms.yaml --yes --format json {QUICK} --lang {language}")).exits(4).json();
        json["seconds"] = 0.into();
        json
    };
    assert_eq!(refused("zh"), refused("en"));
}
