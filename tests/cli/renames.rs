//! Groups that get another name in the manifest keep their ids and all below them: `was`, chains, rings, drift.

use roomtree::sandbox::{Config, Operation};

use crate::running::until;
use crate::test_env::{MANIFEST, QUICK, STATE, Scene};
use crate::tree::{Tree, placed};

/// A scene in which this tree was applied.
fn applied(paths: &[&str]) -> Scene {
    let scene = Scene::new().wanting(Tree::of(paths));
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene
}

/// Applies, and once more, which must do nothing though the manifest has its `was` lines still.
#[track_caller]
fn applies_once(scene: &Scene, renames: u64) {
    scene.sandbox.forget_calls();
    scene.apply().exits(0);
    assert_eq!(scene.calls(), format!("token 1, rename {renames}, list 1"));
    scene.is_true();
    let state = scene.read(STATE);
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["Nothing to do"]);
    assert_eq!((scene.calls().as_str(), scene.read(STATE)), ("token 1, list 1", state));
}

#[test]
fn former_name_of_a_recorded_group_that_is_gone_takes_no_other_group() {
    let mut scene = Scene::new();
    scene.want_by(&["A", "X"], "[A, X]");
    scene.apply().exits(0);
    scene.sandbox.remove_group(scene.id("/A"));
    let stranger = scene.stranger_makes(0, "A");
    scene.want_by(&["B", "X"], "[{name: B, was: A}, X]");
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["+ B"]);
    assert_eq!((scene.count(Operation::Create), scene.count(Operation::Rename)), (1, 0));
    assert_eq!((scene.live(), scene.id("/A")), (["/A", "/B", "/X"].map(str::to_owned).to_vec(), stranger));
}

#[test]
fn a_renamed_group_keeps_its_id_and_all_below_it() {
    let mut scene = applied(&["北京/望京/A 座", "上海"]);
    let before = placed(&scene.sandbox.groups());
    scene.want_by(
        &["Peking/望京/A 座", "上海"],
        "[{name: Peking, was: 北京, children: [{name: 望京, children: [A 座]}]}, 上海]",
    );
    scene.run("plan rooms.yaml").exits(0).shows(&["~ Peking  rename ", "from `北京`", "1 to rename"]);
    applies_once(&scene, 1);
    let after: Vec<_> = before.iter().map(|(path, id)| (path.replace("/北京", "/Peking"), *id)).collect();
    let mut now = placed(&scene.sandbox.groups());
    now.sort_by_key(|(_, id)| after.iter().position(|(_, other)| other == id));
    assert_eq!(now, after);
}

#[test]
fn of_several_former_names_the_recorded_one_counts() {
    let mut scene = applied(&["B/x"]);
    let id = scene.id("/B");
    scene.want_by(&["C/x"], "[{name: C, was: [A, B], children: [x]}]");
    applies_once(&scene, 1);
    assert_eq!(scene.id("/C"), id);
}

#[test]
fn names_are_handed_on_in_a_chain_in_one_plan() {
    let mut scene = applied(&["top/A/a", "top/B/b"]);
    let ids = [scene.id("/top/A"), scene.id("/top/B"), scene.id("/top/A/a"), scene.id("/top/B/b")];
    scene.want_by(
        &["top/B/a", "top/C/b"],
        "[{name: top, children: [{name: B, was: A, children: [a]}, {name: C, was: B, children: [b]}]}]",
    );
    applies_once(&scene, 2);
    assert_eq!([scene.id("/top/B"), scene.id("/top/C"), scene.id("/top/B/a"), scene.id("/top/C/b")], ids);
}

#[test]
fn names_are_swapped_in_one_plan_and_only_once() {
    let mut scene = applied(&["top/A/a", "top/B/b"]);
    let ids = [scene.id("/top/A"), scene.id("/top/B")];
    let swap = "[{name: A, was: B, children: [b]}, {name: B, was: A, children: [a]}]";
    scene.want_by(&["top/A/b", "top/B/a"], &format!("[{{name: top, children: {swap}}}]"));
    applies_once(&scene, 2);
    assert_eq!([scene.id("/top/B"), scene.id("/top/A")], ids);
    scene.want_by(&["new/A/b", "new/B/a"], &format!("[{{name: new, was: top, children: {swap}}}]"));
    applies_once(&scene, 1);
    assert_eq!(
        [scene.id("/new/B"), scene.id("/new/A")],
        ids,
        "the swap lines are still there and must not count again"
    );
}

#[test]
fn three_names_go_round_in_a_ring() {
    let mut scene = applied(&["A/a", "B/b", "C/c"]);
    let ids = [scene.id("/A"), scene.id("/B"), scene.id("/C")];
    scene.want_by(
        &["A/c", "B/a", "C/b"],
        "[{name: A, was: C, children: [c]}, {name: B, was: A, children: [a]}, {name: C, was: B, children: [b]}]",
    );
    applies_once(&scene, 3);
    assert_eq!([scene.id("/B"), scene.id("/C"), scene.id("/A")], ids);
}

#[test]
fn a_former_name_that_matches_nothing_is_no_obstacle() {
    let mut scene = applied(&["北京"]);
    scene.want_by(&["北京", "Oslo"], "[{name: 北京, was: Nowhere}, {name: Oslo, was: Kristiania}]");
    scene.run("plan rooms.yaml").exits(0).shows(&[
        "note: `was` of /北京 has no effect: the group has its name already",
        "note: `was` of /Oslo has no effect: no group has a former name of it, so a new one is created",
    ]);
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["+ Oslo", "1 to create"]);
    assert_eq!(scene.calls(), "token 1, create 1, list 1");
    scene.is_true();
}

#[test]
fn a_group_that_is_not_recorded_is_found_by_its_former_name() {
    let mut scene = Scene::new();
    let id = scene.stranger_makes(0, "Peking");
    scene.want_by(&["北京"], "[{name: 北京, was: Peking}]");
    applies_once(&scene, 1);
    assert_eq!(scene.id("/北京"), id);
}

#[test]
fn a_renamed_group_that_drifted_too_needs_both_former_names() {
    let mut scene = applied(&["北京/望京"]);
    let id = scene.id("/北京");
    scene.sandbox.rename_group(id, "by hand");
    scene.want_by(&["Peking/望京"], "[{name: Peking, was: 北京, children: [望京]}]");
    scene.run("plan rooms.yaml").exits(4).shows(&["/北京", "/by hand"]);
    scene.want_by(&["Peking/望京"], "[{name: Peking, was: [北京, by hand], children: [望京]}]");
    scene.run("plan rooms.yaml").exits(0).shows(&["from `by hand`"]);
    applies_once(&scene, 1);
    assert_eq!(scene.id("/Peking"), id);
}

#[test]
fn a_group_that_was_renamed_by_hand_as_the_manifest_now_says_takes_no_call() {
    let mut scene = applied(&["北京/望京"]);
    scene.sandbox.rename_group(scene.id("/北京"), "Peking");
    scene.want_by(&["Peking/望京"], "[{name: Peking, was: 北京, children: [望京]}]");
    scene.apply().exits(0);
    assert_eq!(scene.calls(), "token 1, list 1");
    scene.is_true();
}

#[test]
fn a_new_name_that_a_stranger_has_is_a_conflict() {
    let mut scene = applied(&["北京"]);
    let stranger = scene.stranger_makes(0, "Peking");
    scene.want_by(&["Peking"], "[{name: Peking, was: 北京}]");
    let told = format!("{stranger}, which is not managed here, has this name already");
    scene.apply().exits(4).shows(&["! Peking", &told]).says(&["refused:"]);
    scene.is_unchanged();
}

#[test]
fn renames_that_are_killed_at_any_instant_are_finished_by_the_next_run() {
    for seed in 0..6 {
        let mut random = fastrand::Rng::with_seed(seed);
        let config = Config { seed, latency: "1ms..8ms".parse().unwrap(), ..Config::default() };
        let scene = Scene::with(config).wanting(Tree::of(&["A/1", "B/2", "C/3", "D/4", "E/5"]));
        scene.apply().exits(0);
        let mut scene = scene.faulty(&["rename:reset-after=15%", "rename:reset-before=15%"]);
        let ids = ["/A", "/B", "/C", "/D", "/E"].map(|path| scene.id(path));
        scene.want_by(
            &["A/2", "B/1", "C/5", "D/3", "E/4"],
            "[{name: A, was: B, children: ['2']}, {name: B, was: A, children: ['1']}, {name: C, was: E, children: ['5']}, \
             {name: D, was: C, children: ['3']}, {name: E, was: D, children: ['4']}]",
        );
        for kill in 1..=4 {
            let mut running = scene.start_apply();
            let mut over = false;
            until("renames come or the run ends", || {
                over = running.has_ended();
                over || scene.count(Operation::Rename) >= kill
            });
            std::thread::sleep(std::time::Duration::from_micros(random.u64(0..9_000)));
            scene.look_at(running.kill());
        }
        scene.apply().exits(0);
        scene.is_true();
        assert_eq!(["/B", "/A", "/D", "/E", "/C"].map(|path| scene.id(path)), ids, "{}", scene.read(MANIFEST));
    }
}

/// A manifest in which `新A` was `A`, and another `A` is declared next to it.
const REUSED: &str = "[{name: X, children: [{name: 新A, was: A, children: [r]}, {name: A, children: [r]}]}]";

#[test]
fn was_of_a_declared_sibling_is_a_conflict() {
    let mut scene = applied(&["X/A/r"]);
    scene.want_by(&["X/新A/r", "X/A/r"], REUSED);
    let id = scene.id("/X/A");
    let told = format!("its former name `A` is the name of {id}, and the manifest still has a group `A` here");
    for more in ["", " --offline", " --only /X/新A", " --only /X/新A --prune --max-deletes 9"] {
        let ran = scene.run(&format!("plan rooms.yaml{more}"));
        ran.exits(4).shows(&["! 新A", &told, "1 in conflict, 1 blocked"]);
    }
    let json = scene.run("plan rooms.yaml --format json").exits(4).json();
    assert_eq!(json["groups"][1]["conflict"], serde_json::json!({"kind": "was_declared", "was": "A", "id": id}));
    assert_eq!((&json["counts"]["conflict"], &json["counts"]["blocked"]), (&1.into(), &1.into()));
    scene.apply().exits(4).says(&["1 group in conflict"]);
    scene.run("plan rooms.yaml --lang zh").exits(4).shows(&["它的曾用名 `A` 是分组", "1 个有冲突，1 个因冲突受阻"]);
    scene.is_unchanged();
}

#[test]
fn name_is_used_again_after_its_rename_is_done() {
    let mut scene = applied(&["X/A/r"]);
    let id = scene.id("/X/A");
    scene.want_by(&["X/新A/r"], "[{name: X, children: [{name: 新A, was: A, children: [r]}]}]");
    scene.apply().exits(0);
    scene.want_by(&["X/新A/r", "X/A/r"], REUSED);
    scene.apply().exits(0).shows(&["2 to create"]);
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["Nothing to do"]);
    assert_eq!((scene.calls().as_str(), scene.id("/X/新A")), ("token 1, list 1", id));
    scene.is_true();
}

#[test]
fn reused_name_survives_a_failed_create() {
    for (paths, groups) in
        [(["新A", "A"], "[{name: 新A, was: A}, A]"), (["C", "B"], "[{name: C, was: B}, {name: B, was: A}]")]
    {
        let mut scene = Scene::new();
        scene.want_by(&paths, groups);
        let scene = scene.faulty(&["create:error(400,param.error)@1"]);
        scene.run(&format!("apply rooms.yaml --yes {QUICK} --concurrency 1")).exits(3);
        scene.apply().exits(0).shows(&["1 to create"]);
        scene.is_true();
        scene.apply().exits(0).shows(&["Nothing to do"]);
    }
}

#[test]
fn reused_name_survives_the_loss_of_a_group() {
    let mut scene = applied(&["A", "新A"]);
    scene.want_by(&["新A", "A"], "[{name: 新A, was: A}, A]");
    scene.run("plan rooms.yaml --detailed-exitcode").exits(0).shows(&["Nothing to do"]);
    let kept = scene.id("/A");
    scene.sandbox.remove_group(scene.id("/新A"));
    scene.apply().exits(0).shows(&["+ 新A", "1 to create, 1 unchanged"]);
    scene.is_true();
    assert_eq!(scene.id("/A"), kept);
}

#[test]
fn misspelt_was_is_a_conflict_that_names_the_group() {
    for (was, similar) in [
        ("望京圆区", "望京园区"),
        ("望京", "望京园区"),
        ("Biulding", "Building"),
        ("ＢＵＩＬＤＩＮＧ", "Building"),
        ("A 坐", "A 座"),
    ] {
        let mut scene = applied(&[&format!("北京/{similar}/1"), "北京/2"]);
        let id = scene.id(&format!("/北京/{similar}"));
        scene.want_by(
            &[],
            &format!("[{{name: 北京, children: [{{name: 科技园, was: [其他名称, {was}], children: ['1']}}, '2']}}]"),
        );
        let told = format!("no group here has the former name `{was}`; did you mean `{similar}` ({id})?");
        for more in ["", " --offline", " --prune --max-deletes 9", " --only /北京/科技园"] {
            let ran = scene.run(&format!("plan rooms.yaml{more}"));
            ran.exits(4).shows(&["! 科技园", &told, "1 in conflict, 1 blocked"]).says(&["1 group in conflict"]);
            assert!(!ran.out.contains("To delete") && !ran.out.contains("kept"), "{ran}");
        }
        let json = scene.run("plan rooms.yaml --format json").exits(4).json();
        let conflict = serde_json::json!({"kind": "unmatched_was", "was": was, "similar": similar, "id": id});
        assert_eq!(json["groups"][1]["conflict"], conflict);
        scene.apply().exits(4);
        scene.is_unchanged();
    }
}

#[test]
fn misspelt_was_of_an_unrecorded_group_is_a_conflict() {
    let mut scene = Scene::new();
    let id = scene.stranger_makes(0, "Peking");
    scene.want_by(&["北京"], "[{name: 北京, was: Pekng}]");
    scene.apply().exits(4).shows(&[&format!("did you mean `Peking` ({id})?")]);
    scene.is_unchanged();
}

#[test]
fn unmatched_was_without_a_free_similar_group_is_a_note() {
    let mut scene = applied(&["Building 3", "X/Building 1", "Old"]);
    scene.want_by(
        &["Building 2", "Building 3", "X/Building 1", "Y/Building 8"],
        "[{name: Building 2, was: Building 1}, Building 3, {name: X, children: [Building 1]}, \
         {name: Y, children: [{name: Building 8, was: Building 7}]}]",
    );
    scene.run("plan rooms.yaml").exits(0).shows(&["note: `was` of /Building 2", "note: `was` of /Y/Building 8"]);
    scene.apply().exits(0);
}

#[test]
fn former_name_that_is_used_is_not_noted() {
    let mut scene = Scene::new();
    scene.stranger_makes(0, "Peking");
    scene.want_by(&["北京"], "[{name: 北京, was: Peking}]");
    let ran = scene.run("plan rooms.yaml");
    assert!(!ran.exits(0).shows(&["1 to rename"]).out.contains("note:"), "{ran}");
}

/// A city of twelve floors, renamed in the manifest without `was`; another city has floors of the same names.
fn renamed_city() -> Scene {
    let floors: Vec<String> = (1..=12).map(|floor| format!("Floor {floor}")).collect();
    let city = |name: &str| floors.iter().map(|floor| format!("{name}/{floor}")).collect::<Vec<_>>();
    let paths = |name: &str| [city("City 04"), city(name)].concat();
    let of = |paths: Vec<String>| Tree::of(&paths.iter().map(String::as_str).collect::<Vec<_>>());
    let mut scene = Scene::new().wanting(of(paths("City 05")));
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene.want(of(paths("City Five")));
    scene
}

#[test]
fn rename_without_was_gets_a_hint_in_every_format() {
    let scene = renamed_city();
    let hint = "`City Five` looks like `City 05` renamed (12 of 12 children match); add `was: City 05`";
    for more in ["", " --offline", " --prune --max-deletes 13", " --all"] {
        let ran = scene.run(&format!("plan rooms.yaml{more}"));
        ran.exits(0).shows(&["Possible renames", &format!("/City Five  {hint}"), "13 to create"]);
        assert!(!ran.out.contains("now at"), "no floor is moved: {ran}");
    }
    scene.run("plan rooms.yaml --prune").exits(4).shows(&[hint, "- /City 05/Floor 1"]);
    scene
        .run("plan rooms.yaml --lang zh")
        .exits(0)
        .shows(&["可能是改名", "（12 个下级分组中有 12 个相同）；请加上 `was: City 05`"]);
    for format in ["markdown", "html", "svg", "dot", "mermaid"] {
        let ran = scene.run(&format!("plan rooms.yaml --prune --max-deletes 13 --format {format}"));
        let out = &ran.exits(0).out;
        let plain: String = out.replace("#32;", " ").replace("#40;", "(").replace("&#96;", "`");
        assert!(plain.contains("12 of 12 children match"), "{format}: {out}");
    }
    let json = scene.run("plan rooms.yaml --format json").exits(0).json();
    let id = scene.id("/City 05");
    let expected =
        serde_json::json!([{"path": "/City Five", "was": "City 05", "id": id, "matching": 12, "children": 12}]);
    assert_eq!(json["possible_renames"], expected);
    scene.run(&format!("apply rooms.yaml {QUICK}")).exits(4).shows(&[hint]);
}

#[test]
fn advice_of_a_hint_leads_to_a_rename() {
    let mut scene = applied(&["望京园区/A", "望京园区/B"]);
    let id = scene.id("/望京园区");
    scene.want_by(&["科技园/A", "科技园/B", "科技园/C"], "[{name: 科技园, children: [A, B, C]}]");
    scene.run("plan rooms.yaml").exits(0).shows(&["(2 of 3 children match); add `was: 望京园区`"]);
    scene.want_by(&["科技园/A", "科技园/B", "科技园/C"], "[{name: 科技园, was: 望京园区, children: [A, B, C]}]");
    scene.apply().exits(0).shows(&["1 to create, 1 to rename, 2 unchanged"]);
    assert_eq!(scene.id("/科技园"), id);
}

#[test]
fn group_without_children_gets_a_hint_by_its_name() {
    let mut scene = applied(&["X/望京园区", "X/Floor 1", "X/A座", "X/B楼"]);
    scene.want(Tree::of(&["X/望京科技园区", "X/Floor 2", "X/C座", "X/D座"]));
    let ran = scene.run("plan rooms.yaml --offline");
    ran.exits(0).shows(&["`望京科技园区` looks like `望京园区` renamed (similar names); add `was: 望京园区`"]);
    assert_eq!(ran.out.matches("looks like").count(), 1, "a series and several candidates have no hint: {ran}");
}

#[test]
fn ring_of_a_recorded_and_a_listed_group_is_done_once() {
    let mut scene = applied(&["A"]);
    let ids = [scene.id("/A"), scene.stranger_makes(0, "B")];
    scene.want_by(&["A", "B"], "[{name: A, was: B}, {name: B, was: A}]");
    scene.apply().exits(0).shows(&["1 to adopt"]);
    scene.apply().exits(0).shows(&["Nothing to do"]);
    scene.is_true();
    assert_eq!([scene.id("/A"), scene.id("/B")], ids);
}
