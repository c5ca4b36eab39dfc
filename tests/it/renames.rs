//! Groups that get another name in the manifest keep their ids and all below them: `was`, chains, rings, drift.

use roomtree::sandbox::{Config, Operation};

use crate::running::until;
use crate::scene::{MANIFEST, STATE, Scene};
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
