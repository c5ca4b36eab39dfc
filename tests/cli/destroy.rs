//! `destroy` removes what the state records, and nothing else.

#[cfg(target_os = "linux")]
use crate::terminal::typed;
use crate::test_env::{QUICK, STATE, Scene};
use crate::tree::Tree;

fn applied() -> Scene {
    let scene = Scene::of_fifteen();
    scene.apply().exits(0);
    scene.sandbox.forget_calls();
    scene
}

fn destroy() -> String {
    format!("destroy rooms.yaml --yes {QUICK}")
}

#[test]
fn all_that_is_recorded_goes_and_strangers_stay() {
    let mut scene = applied();
    scene.stranger_makes(0, "Stranger");
    scene.run(&destroy()).exits(0).shows(&["15 to delete", "15 done"]);
    assert_eq!((scene.live(), scene.recorded()), (vec!["/Stranger".to_owned()], Vec::new()));
    scene.is_tidy();
    scene.run(&destroy()).exits(0).shows(&["Nothing to do"]);
    scene.want(Tree::of(&["Stranger", "北京"]));
    scene.apply().exits(0);
    scene.is_true();
}

#[test]
fn nobody_there_to_confirm_is_refused() {
    let scene = applied();
    scene.run("destroy rooms.yaml").exits(4).shows(&["15 to delete"]).says(&["nobody is there to confirm", "--yes"]);
    scene.is_unchanged();
}

#[cfg(target_os = "linux")]
#[test]
fn the_number_of_groups_has_to_be_typed() {
    let scene = applied();
    for answer in ["yes", "14", ""] {
        let Some((code, said)) = typed(&scene, "destroy rooms.yaml", format!("{answer}\n").as_bytes()) else { return };
        assert_eq!(code, Some(4), "{said}");
        assert!(said.contains("This deletes 15 groups. Type 15 to go on:") && said.contains("not confirmed"), "{said}");
        scene.is_unchanged();
    }
    let Some((code, said)) = typed(&scene, "destroy rooms.yaml --qps off", b"15\n") else { return };
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(scene.live(), [""; 0]);
}

#[test]
fn protected_groups_and_those_above_them_stay() {
    let mut scene = applied();
    scene.want_by(&[], "[{name: 北京, children: [{name: 望京园区, protect: true}]}]");
    scene.run(&destroy()).exits(0).shows(&["13 to delete", "/北京/望京园区"]);
    assert_eq!(scene.live(), ["/北京", "/北京/望京园区"]);
    assert_eq!(scene.recorded().len(), 2);
}

#[test]
fn destroy_lists_every_group_and_does_not_call_it_undeclared() {
    let floors: Vec<String> = (1..=112).map(|floor| format!("London/Floor {floor}")).collect();
    let scene = Scene::new().wanting(Tree::of(&floors.iter().map(String::as_str).collect::<Vec<_>>()));
    scene.apply().exits(0);
    scene.stranger_makes(0, "Stranger");
    let ran = scene.run("destroy rooms.yaml");
    ran.exits(4).shows(&["To delete: all groups that the state records (113)", "Unmanaged: 1 group not recorded"]);
    assert_eq!(ran.out.lines().filter(|line| line.trim_start().starts_with("- /London")).count(), 113, "{ran}");
    assert!(!ran.out.contains("manifest") && !ran.out.contains(" more"), "{ran}");
    scene.run("destroy rooms.yaml --lang zh").exits(4).shows(&["待删除：状态中记录的所有分组（113）"]);
}

#[test]
fn what_holds_strangers_or_rooms_stands_against_all_of_it() {
    let scene = applied();
    let stranger = scene.stranger_makes(scene.id("/London/Soho"), "Stranger");
    scene.run(&destroy()).exits(4).says(&["`/London/Soho`", "1 unmanaged group"]);
    scene.sandbox.remove_group(stranger);
    scene.sandbox.add_room(scene.id("/London/Soho/Floor 1"), "301");
    scene.run(&destroy()).exits(4).says(&["`/London/Soho/Floor 1`", "1 room"]);
    scene.is_unchanged();
    assert_eq!(scene.live().len(), 15);
    assert!(scene.read(STATE).contains("Soho"));
}
