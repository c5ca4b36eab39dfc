//! A comment is never too long, always whole, and nothing in it takes effect that came from outside. A parser of Markdown says so.

use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::group::{GroupId, GroupPath};
use crate::i18n::Language;
use crate::plan::{Deletion, Plan, Rate, Refusal, Unmanaged};
use crate::render::plan::markdown::markdown;
use crate::render::plan::view::Extent;
use crate::render::plan::view::PlanView;
use crate::render::style::shown;
use crate::render::testing;

fn written(plan: &Plan, extent: Extent) -> String {
    let conflicts = plan.tally().conflict;
    let first = plan.deletions.first().map(|deletion| deletion.path.clone());
    let occupied = first.map(|first| Refusal::Occupied { groups: 1, first, held: 2, rooms: 1 });
    let conflicts = (conflicts > 0).then_some(Refusal::Conflicts { groups: conflicts });
    let refusals: Vec<Refusal> = conflicts.into_iter().chain(occupied).collect();
    let whole = "roomtree plan '@team`.yaml' --all";
    markdown(PlanView { plan, refusals: &refusals, rate: Rate(Some(20.0)), extent, whole })
}

/// What a reader gets: words outside code, code, and HTML.
#[derive(Default)]
struct Read {
    words: String,
    code: Vec<String>,
    html: String,
    links: usize,
}

fn read(text: &str) -> Read {
    let mut read = Read::default();
    let mut is_code = false;
    for event in Parser::new_ext(text, Options::ENABLE_GFM | Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Table(_)) => read.links += 1,
            Event::InlineHtml(html) if matches!(&*html, "<code>" | "</code>") => is_code = &*html == "<code>",
            Event::Text(text) if is_code => read.code.push(text.into_string()),
            Event::Code(text) => read.code.push(text.into_string()),
            Event::Text(text) => read.words.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => read.html.push_str(&html),
            _ => {}
        }
    }
    read
}

/// Nothing takes effect but what we wrote.
fn check(text: &str) -> Result<(), TestCaseError> {
    prop_assert!(text.encode_utf16().count() < 65_536 && text.chars().count() < 65_536);
    let Read { words, html, links, .. } = read(text);
    prop_assert_eq!(links, 0, "a link, a picture or a table in {}", text);
    // In HTML of ours names stand as code; what triggers among words stands as code by itself.
    let html = html.split("<code>").map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest));
    let html: String = html.collect();
    for trigger in ["@", "#1", "!2", "~", "%{"] {
        prop_assert!(!words.contains(trigger) && !html.contains(trigger), "{} outside code in {}", trigger, text);
    }
    let tags: Vec<&str> = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap_or_default()).collect();
    let ours = ["!-- roomtree:plan --", "details", "/details", "summary", "/summary", "b", "/b", "sub", "/sub"];
    prop_assert!(tags.iter().all(|tag| ours.contains(tag)), "{:?} in {}", tags, text);
    let count = |tag: &str| tags.iter().filter(|found| **found == tag).count();
    prop_assert_eq!(count("details"), count("/details"));
    prop_assert_eq!(count("summary"), count("/summary"));
    prop_assert!(text.lines().all(|line| !line.trim_start().starts_with('/')), "a command of GitLab in {}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn hostile_names_neither_break_out_nor_call_anyone(plan in testing::any_plan(60)) {
        for language in Language::ALL {
            for extent in [Extent::Surroundings, Extent::Everything] {
                let text = language.scope(|| written(&plan, extent));
                check(&text)?;
            }
        }
    }

    #[test]
    fn what_stands_in_the_way_is_named_as_it_is(plan in testing::any_plan(20)) {
        let code = read(&written(&plan, Extent::Surroundings)).code;
        for (row, _) in plan.conflicts() {
            let path = plan.path(row);
            prop_assert!(code.iter().any(|code| *code == shown(path.as_str()).trim()|| *code == shown(path.as_str())), "{} in {:?}", path, code);
        }
    }
}

fn wide(groups: usize) -> Plan {
    let lines: Vec<String> = (0..groups).map(|index| format!("+ {index}/@team-of-the-city")).collect();
    let lines: Vec<String> =
        lines.iter().flat_map(|line| [line.split('/').next().unwrap_or_default().to_owned(), line.clone()]).collect();
    testing::of(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn a_plan_of_any_size_fits_and_tells_what_is_left_out() {
    for groups in [1, 20, 500, 8_000] {
        for language in Language::ALL {
            let text = language.scope(|| written(&wide(groups), Extent::Everything));
            check(&text).unwrap();
            assert_eq!(text.contains("> [!NOTE]"), groups > 500, "{groups}: {text}");
        }
    }
    let text = written(&wide(8_000), Extent::Surroundings);
    let drawn = text.lines().filter(|line| line.starts_with("+ ")).count();
    assert!(drawn > 1_500, "much of it is drawn: {drawn}");
    let left = crate::render::style::grouped(16_000 - drawn);
    assert!(
        text.contains(&format!(
            "for want of room:** {left} to create. All of it: ``roomtree plan '@team`.yaml' --all``"
        )),
        "{text}"
    );
}

#[test]
fn what_is_deleted_is_named_before_what_is_made_and_never_for_want_of_room_where_there_is_some() {
    let mut plan = wide(8_000);
    let deletion = |number: i64| Deletion {
        path: GroupPath::parse(&format!("/gone {number}")).unwrap(),
        id: GroupId::new(number),
        gone: false,
        holds: None,
        conflict: None,
        moved: None,
    };
    plan.deletions = (1..=116).map(deletion).collect();
    let strangers = (1..=60).map(|number| Unmanaged {
        path: GroupPath::parse(&format!("/stranger {number}")).unwrap(),
        id: GroupId::new(1_000 + number),
        duplicate_of: None,
    });
    plan.unmanaged = strangers.collect();
    let named = |text: &str, what: &str| text.lines().filter(|line| line.starts_with(what)).count();
    let text = written(&plan, Extent::Surroundings);
    check(&text).unwrap();
    assert_eq!((named(&text, "- /gone "), named(&text, "- `/stranger ")), (116, 20), "{text}");
    assert!(text.contains("to create; Unmanaged: 40. All of it"), "{text}");
    plan.rows.clear();
    let text = written(&plan, Extent::Surroundings);
    assert_eq!((named(&text, "- /gone "), named(&text, "- `/stranger ")), (116, 60), "{text}");
    assert!(!text.contains("Left out"), "{text}");
}

#[test]
fn a_small_plan_is_told_in_one_piece() {
    let text =
        written(&testing::of(&["= 北京", "+ 北京/A 座", "~ 北京/B 座", "= 上海", "! London"]), Extent::Surroundings);
    assert_eq!(
        text,
        "<!-- roomtree:plan -->\n\
         ### Plan: 1 to create, 1 to rename, 1 in conflict, 2 unchanged\n\
         \n\
         > [!CAUTION]\n\
         > **This plan cannot be applied.**\n\
         > - 1 group in conflict\\; nothing is applied until that is settled  \n\
         >   → settle each conflict in DingTalk or in the manifest, as is told with it, then plan again\n\
         \n\
         #### Conflicts (1)\n\
         \n\
         - `/London`  \n  2 groups have this name here: 5, 99  \n  → in DingTalk's console, delete or rename all but one of them\n\
         \n\
         ```diff\n\
         = 北京\n\
         + ├─ A 座\n\
         ~ └─ B 座  rename 3 from `former`\n\
         ! London\n\
         … 1 unchanged\n\
         ```\n\
         \n\
         <sub>`+` create · `~` rename · `!` conflict · `=` unchanged</sub>\n"
    );
}
