//! Groups that the manifest names by `id`, and trees that stand below another group by `root`.

use crate::test_env::{MANIFEST, Scene};

#[test]
fn a_bound_group_is_taken_over_whatever_it_is_called() {
    let mut scene = Scene::new();
    let id = scene.stranger_makes(0, "Old");
    let below = scene.stranger_makes(id, "望京");
    scene.want_by(&["上海/望京"], &format!("[{{name: 上海, id: {id}, children: [望京]}}]"));
    scene.apply().exits(0).shows(&["~ 上海", "from `Old`", "adopt"]);
    assert_eq!(scene.calls(), "token 1, rename 1, list 1");
    scene.is_true();
    assert_eq!((scene.id("/上海"), scene.id("/上海/望京")), (id, below));
    scene.sandbox.forget_calls();
    scene.apply().exits(0).shows(&["Nothing to do"]);
    assert_eq!(scene.calls(), "token 1, list 1");
}

#[test]
fn a_bound_group_of_the_right_name_takes_no_call_even_beside_a_duplicate() {
    let mut scene = Scene::new();
    let ids = [scene.stranger_makes(0, "上海"), scene.stranger_makes(0, "上海")];
    scene.want_by(&["上海"], &format!("[{{name: 上海, id: {}}}]", ids[1]));
    scene.apply().exits(0).shows(&["Duplicates"]);
    scene.is_unchanged();
    assert_eq!(scene.recorded(), [("/上海".to_owned(), ids[1])]);
}

#[test]
fn a_bound_group_can_get_another_name_without_was() {
    let mut scene = Scene::new();
    let id = scene.stranger_makes(0, "A");
    scene.want_by(&["A"], &format!("[{{name: A, id: {id}}}]"));
    scene.apply().exits(0);
    scene.want_by(&["B"], &format!("[{{name: B, id: {id}}}]"));
    scene.apply().exits(0);
    scene.is_true();
    assert_eq!(scene.id("/B"), id);
}

#[test]
fn a_bound_group_that_is_gone_is_a_conflict() {
    let mut scene = Scene::new();
    scene.want_by(&["上海"], "[{name: 上海, id: 4711}, 北京]");
    for command in ["plan rooms.yaml", "apply rooms.yaml --yes"] {
        let ran = scene.run(command);
        ran.exits(4).shows(&[
            "! 上海",
            "the manifest binds it to 4711, which does not exist",
            "correct or remove `id`",
        ]);
        ran.says(&["refused:", "in conflict"]);
    }
    scene.is_unchanged();
    assert_eq!(scene.files(), [MANIFEST]);
}

#[test]
fn bound_path_recorded_for_another_group_is_a_conflict() {
    for name in ["上海", "Shanghai"] {
        let mut scene = Scene::new();
        scene.want_by(&["上海", "北京"], "[上海, 北京]");
        scene.apply().exits(0);
        let (first, recorded) = (scene.id("/上海"), scene.recorded());
        let other = scene.stranger_makes(0, name);
        scene.want_by(&["上海", "北京"], &format!("[{{name: 上海, id: {other}}}, 北京]"));
        scene.sandbox.forget_calls();
        for command in ["plan rooms.yaml", "plan rooms.yaml --offline", "apply rooms.yaml --yes"] {
            let ran = scene.run(command);
            let said = format!("the manifest binds it to {other}, but the state records {first} here");
            ran.exits(4).shows(&["! 上海", &said, "roomtree state forget"]);
        }
        scene.is_unchanged();
        assert_eq!(scene.recorded(), recorded);
        scene.run("state forget rooms.yaml /上海").exits(0);
        let (code, shown) = if name == "上海" { (0, "adopt") } else { (4, "has this name already") };
        scene.run("plan rooms.yaml").exits(code).shows(&[shown]);
    }
}

#[test]
fn bound_group_replaces_a_recorded_one_that_is_gone() {
    let mut scene = Scene::new();
    scene.want_by(&["上海", "北京"], "[上海, 北京]");
    scene.apply().exits(0);
    scene.sandbox.remove_group(scene.id("/上海"));
    let other = scene.stranger_makes(0, "上海");
    scene.want_by(&["上海", "北京"], &format!("[{{name: 上海, id: {other}}}, 北京]"));
    scene.sandbox.forget_calls();
    scene.apply().exits(0);
    scene.is_unchanged();
    assert_eq!(scene.calls(), "token 1, list 2, read 3");
    scene.is_true();
}

#[test]
fn bound_groups_may_exchange_their_names() {
    let mut scene = Scene::new();
    scene.want_by(&["A", "B"], "[A, B]");
    scene.apply().exits(0);
    let (a, b) = (scene.id("/A"), scene.id("/B"));
    scene.want_by(&["A", "B"], &format!("[{{name: A, id: {b}}}, {{name: B, id: {a}}}]"));
    scene.apply().exits(0);
    scene.is_true();
    assert_eq!((scene.id("/A"), scene.id("/B")), (b, a));
}

#[test]
fn a_bound_group_under_another_parent_is_a_conflict() {
    let mut scene = Scene::new();
    let elsewhere = scene.stranger_makes(0, "Asia");
    let id = scene.stranger_makes(elsewhere, "上海");
    scene.want_by(&["上海"], &format!("[{{name: 上海, id: {id}}}]"));
    let ran = scene.apply();
    ran.exits(4).shows(&["! 上海", "is /Asia/上海 in DingTalk", "DingTalk cannot move groups"]);
    scene.is_unchanged();
}

#[test]
fn a_tree_below_a_root_may_not_be_too_deep_all_together() {
    let scene = Scene::new();
    let root = scene.stranger_makes(0, "Asia");
    let manifest = |limits: &str| {
        format!("version: 1\nroot: {root}\n{limits}groups: [{{name: a, children: [{{name: b, children: [c]}}]}}]\n")
    };
    scene.write(MANIFEST, manifest(""));
    for command in ["plan rooms.yaml", "apply rooms.yaml --yes"] {
        let ran = scene.run(command);
        ran.exits(4).says(&["the root group is at depth 1, so the tree reaches depth 4; the limit is 3", "→"]);
    }
    scene.is_unchanged();
    scene.write(MANIFEST, "version: 1\nroot: 4712\ngroups: [a]\n");
    scene.apply().exits(4).says(&["the root group 4712 does not exist in DingTalk", "set `root`"]);
    scene.is_unchanged();
}

#[test]
fn renames_and_prunes_stay_below_the_root() {
    let scene = Scene::new();
    let root = scene.stranger_makes(0, "Asia");
    scene.stranger_makes(0, "北京");
    scene.write(MANIFEST, format!("version: 1\nroot: {root}\ngroups: [北京, 上海]\n"));
    scene.apply().exits(0);
    let id = scene.id("/Asia/北京");
    scene.write(MANIFEST, format!("version: 1\nroot: {root}\ngroups: [{{name: Peking, was: 北京}}]\n"));
    scene.run("apply rooms.yaml --yes --prune --qps off").exits(0);
    assert_eq!(scene.live(), ["/Asia", "/Asia/Peking", "/北京"]);
    assert_eq!(scene.id("/Asia/Peking"), id);
    scene.write(MANIFEST, "version: 1\nroot: 0\ngroups: [北京]\n");
    scene.sandbox.forget_calls();
    scene.apply().exits(4).says(&["belongs to root", "this run is about `0`"]);
    scene.is_unchanged();
}
