//! Plans for the tests of renderers: small ones written as lines, and any ones that a hostile world may bring.

use proptest::prelude::*;

use crate::dingtalk::Administrator;
use crate::group::{GroupId, GroupName, GroupPath};
use crate::plan::{
    Action, Basis, Conflict, Deletion, Holds, LostAdministrators, Plan, PossibleRename, Relocation, Retained, Row,
    RowId, Unmanaged,
};

/// Returns a plan of nothing.
pub(crate) fn plan() -> Plan {
    let basis = Basis {
        endpoint: String::new(),
        organization: None,
        root: GroupId::ROOT,
        lineage: None,
        serial: 0,
        recorded: 0,
        online: true,
    };
    Plan {
        basis,
        destroys: false,
        rows: Vec::new(),
        handovers: Vec::new(),
        stale_was: Vec::new(),
        confusables: Vec::new(),
        possible_renames: Vec::new(),
        retained: Vec::new(),
        deletions: Vec::new(),
        unmanaged: Vec::new(),
        unsettled: Vec::new(),
        protections: Vec::new(),
        releases: Vec::new(),
        administrators: Vec::new(),
        may_list_groups: false,
        room_calls: 0,
    }
}

/// Makes a plan of lines such as `+ A/B`: a sign, and the names from the top down. Parents come first.
pub(crate) fn of(lines: &[&str]) -> Plan {
    let mut rows: Vec<Row> = Vec::new();
    let mut above: Vec<RowId> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let (sign, path) = line.split_once(' ').unwrap();
        let names: Vec<&str> = path.split('/').collect();
        above.truncate(names.len() - 1);
        rows.push(row(above.last().copied(), names.len(), names[names.len() - 1], decision(sign, index)));
        above.push(RowId::new(index));
    }
    Plan { rows, ..plan() }
}

fn row(parent: Option<RowId>, depth: usize, name: &str, decision: Action) -> Row {
    Row { name: GroupName::parse(name).unwrap(), parent, depth: u32::try_from(depth).unwrap(), decision }
}

fn decision(sign: &str, index: usize) -> Action {
    let id = GroupId::new(i64::try_from(index).unwrap() + 1);
    match sign {
        "+" => Action::Create { gone: None },
        "&" => Action::Adopt { id, gone: None },
        "~" => Action::Rename { id, from: "former".to_owned() },
        "!" => Action::Conflict { conflict: Conflict::Duplicates { ids: vec![id, GroupId::new(99)] } },
        "?" => Action::Blocked,
        _ => Action::Keep { id },
    }
}

/// What reads as markup, as a mention, as a command, as a fence, or as the end of something.
const HOSTILE: [&str; 26] = [
    "</details>",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "```",
    "````````",
    "`",
    "@team",
    "#1",
    "!2",
    "| a | b |",
    "~~~",
    "[x](javascript:alert(1))",
    "![](http://127.0.0.1/x)",
    "&lt;",
    "&amp;#60;",
    "\"quoted\"",
    "'",
    "\\",
    "\\N",
    "#quot;",
    "]:::x",
    "/close",
    "</title></svg>",
    "%%{init: {}}%%",
    "{{x}}",
];

/// Any text that a group may be called by others.
pub(crate) fn foreign_name() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(&HOSTILE[..]).prop_map(str::to_owned);
    let controls = "[\u{1b}\n\r\u{202E}\u{200B}\u{FFFE}\u{0}a]{1,6}";
    prop_oneof![4 => hostile, 2 => "\\PC{1,12}", 2 => "[北京上海座楼 A-Z0-9]{1,9}", 1 => controls, 1 => "`{1,40}", 1 => "@{700}"]
}

fn name() -> impl Strategy<Value = GroupName> {
    foreign_name().prop_filter_map("a name", |text| GroupName::parse(&text).ok())
}

fn path() -> impl Strategy<Value = GroupPath> {
    prop::collection::vec(foreign_name(), 1..4)
        .prop_map(|names| names.iter().fold(GroupPath::top(), |path, name| path.join(name)))
}

fn any_decision() -> impl Strategy<Value = Action> {
    let id = GroupId::new(4711);
    prop_oneof![
        6 => Just(Action::Create { gone: None }),
        1 => Just(Action::Create { gone: Some(id) }),
        1 => Just(Action::Adopt { id, gone: None }),
        2 => foreign_name().prop_map(move |from| Action::Rename { id, from }),
        3 => Just(Action::Keep { id }),
        1 => path().prop_map(move |by| Action::Conflict { conflict: Conflict::Taken { id, by: Some(by) } }),
        1 => Just(Action::Conflict { conflict: Conflict::Duplicates { ids: vec![id; 30] } }),
        1 => foreign_name().prop_map(move |was| Action::Conflict { conflict: Conflict::WasDeclared { was, id } }),
        1 => (foreign_name(), foreign_name()).prop_map(move |(was, similar)| {
            Action::Conflict { conflict: Conflict::UnmatchedWas { was, similar, id } }
        }),
        1 => Just(Action::Blocked),
    ]
}

/// Any tree of at most so many groups: each stands at the top or below one of those that lead to the group before it.
fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let group = (name(), any_decision(), any::<prop::sample::Index>());
    prop::collection::vec(group, 0..most).prop_map(|groups| {
        let (mut rows, mut above): (Vec<Row>, Vec<RowId>) = (Vec::new(), Vec::new());
        for (name, decision, place) in groups {
            above.truncate(place.index(above.len() + 1));
            let (parent, depth) = (above.last().copied(), u32::try_from(above.len() + 1).unwrap());
            above.push(RowId::new(rows.len()));
            rows.push(Row { name, parent, depth, decision });
        }
        rows
    })
}

/// Any plan of at most so many groups, with as many beside the tree.
pub(crate) fn any_plan(most: usize) -> impl Strategy<Value = Plan> {
    let beside = prop::collection::vec((path(), any::<bool>()), 0..most);
    (rows(most), beside, 0..7_usize).prop_map(|(rows, beside, spread)| {
        let mut plan = Plan { rows, ..plan() };
        for (index, (path, flag)) in beside.into_iter().enumerate() {
            put(&mut plan, (index + spread) % 7, path, flag);
        }
        plan
    })
}

fn put(plan: &mut Plan, place: usize, path: GroupPath, flag: bool) {
    let id = GroupId::new(4712);
    let holds = flag.then_some(Holds { groups: 2, rooms: 1 });
    match place {
        0 => plan.deletions.push(Deletion {
            path: path.clone(),
            id,
            gone: flag,
            holds,
            conflict: None,
            moved: Some(Relocation { to: path, groups: 1 }),
        }),
        1 => plan.possible_renames.push(rename(path, id, flag)),
        2 => {
            let protected_by = flag.then(|| path.join("<b>"));
            plan.retained.push(Retained { path, id, lives: Some(flag), protected_by, moved: None });
        }
        3 if flag => plan.releases.push(path),
        3 => plan.unsettled.push(path),
        4 => plan.unmanaged.push(Unmanaged { path, id, duplicate_of: Some(id) }),
        5 if flag => {
            let member = Administrator { id: path.to_string(), name: path.name().unwrap_or_default().into_owned() };
            plan.administrators.push(LostAdministrators { path, former: id, administrators: Some(vec![member]) });
        }
        5 => plan.unmanaged.push(Unmanaged { path, id, duplicate_of: None }),
        _ => plan.stale_was.extend((!plan.rows.is_empty()).then(|| RowId::new(0))),
    }
}

fn rename(path: GroupPath, id: GroupId, flag: bool) -> PossibleRename {
    let was = path.name().unwrap_or_default().into_owned();
    let children = if flag { 12 } else { 0 };
    PossibleRename { path, was, id, matching: children, children }
}
