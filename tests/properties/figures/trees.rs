//! Shapes, and how they are written.

use crate::manifest::Named;
use crate::tree::{Shape, Tree};

#[test]
fn every_shape_has_as_many_groups_as_were_asked_for_each_behind_the_one_above_it() {
    for (shape, groups) in Shape::ALL.into_iter().flat_map(|shape| [1, 2, 99, 100, 1_234].map(|n| (shape, n))) {
        let Tree { parents } = shape.tree(groups);
        assert_eq!(parents.len(), groups, "{}", shape.name());
        assert!(
            parents.iter().enumerate().all(|(index, above)| above.is_none_or(|above| above < index)),
            "{}",
            shape.name()
        );
    }
}

#[test]
fn the_shapes_are_as_tall_as_they_say() {
    let heights = |groups| Shape::ALL.map(|shape| shape.tree(groups).height());
    assert_eq!(heights(1_000)[..4], [3, 1, 100, 401]);
    assert_eq!(heights(10_000)[..4], [3, 1, 100, 401]);
    assert!((10..60).contains(&heights(10_000)[4]));
}

#[test]
fn a_city_has_ten_campuses_and_those_have_buildings() {
    let levels = Shape::City.tree(1_000).levels();
    assert_eq!([1, 2, 3].map(|level| levels.iter().filter(|at| **at == level).count()), [10, 90, 900]);
}

#[test]
fn a_low_tree_is_written_as_a_person_would() {
    let tree = Tree { parents: vec![None, Some(0), Some(1), None] };
    let expected = "version: 1\ngroups:\n  - name: 城市 0\n    children:\n      - name: 园区 0\n        children:\n          - 0 号楼\n  - 城市 1\n";
    assert_eq!(Named::new(&tree).manifest(), expected);
}

#[test]
fn a_deep_tree_is_written_in_braces() {
    let text = Named::new(&Shape::Chains.tree(100)).manifest();
    assert!(
        text.starts_with(
            "version: 1\nlimits: {depth: 100}\ngroups:\n  - {name: 城市 0, children: [\n    {name: 园区 0,"
        ),
        "{text}"
    );
    assert_eq!(text.matches("children").count(), 99);
}

#[test]
fn the_state_has_every_path() {
    let state = Named::new(&Shape::City.tree(30)).state();
    let read: serde_json::Value = serde_json::from_str(&state).unwrap();
    assert_eq!(read["groups"].as_object().map(serde_json::Map::len), Some(30));
    assert!(read["groups"]["/城市 0/园区 9/0 号楼"].is_number(), "{state}");
}
