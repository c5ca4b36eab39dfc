//! The page around the parts: head, headline, facts, tools, footer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::i18n::Language;
use crate::plan::Basis;
use crate::render::plan::action::ActionKind;
use crate::render::plan::html::parts::sign;
use crate::render::plan::html::{lists, tree};
use crate::render::plan::other_groups::Section;
use crate::render::plan::view::Extent;
use crate::render::plan::view::PlanView;
use crate::render::style::{grouped, shown};
use crate::tr;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Writes a plan.
#[must_use]
pub fn html(exhibit: PlanView<'_>) -> String {
    let sections = exhibit.sections();
    let body = html! {
        div.wrap {
            (header(exhibit))
            (lists::refusals(exhibit.refusals))
            (lists::conflicts(exhibit.plan))
        }
        (tools(exhibit, &sections))
        main.wrap {
            (tree::card(exhibit))
            @for section in &sections { (lists::section(section, exhibit.whole)) }
        }
        (footer())
    };
    page(&exhibit.headline(), &body).into_string()
}

fn page(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(concat!("roomtree ", env!("CARGO_PKG_VERSION")));
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn tag() -> &'static str {
    match Language::current() {
        Language::English => "en",
        Language::Chinese => "zh-Hans",
    }
}

/// Permits the style and the script of this file, and nothing else: no requests, no other scripts, no forms.
fn policy() -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    format!("default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'")
}

fn header(exhibit: PlanView<'_>) -> Markup {
    html! {
        header {
            p.eyebrow { (tr!("roomtree plan", "roomtree 计划")) }
            h1 { @for part in parts(&exhibit.headline()) { span { (part) } } }
            dl {
                @if let Some(cost) = exhibit.cost() { (fact(tr!("Cost", "开销"), html! { (cost) })) }
                (fact(tr!("Fingerprint", "指纹"), html! { code { (exhibit.fingerprint()) } }))
                @for (term, said) in basis(&exhibit.plan.basis) { (fact(term, html! { (said) })) }
            }
        }
    }
}

/// Parts a line behind its commas, where it may break.
fn parts(line: &str) -> Vec<&str> {
    line.split_inclusive(tr!(", ", "，")).map(str::trim_end).collect()
}

fn fact(term: &str, said: Markup) -> Markup {
    html! { dt { (term) } dd { (said) } }
}

fn basis(basis: &Basis) -> Vec<(&'static str, String)> {
    let Basis { endpoint, organization, root, lineage, serial, online, .. } = basis;
    let asked = match online {
        true => tr!("was asked for its groups", "已查询其分组"),
        false => {
            tr!("was not asked: what the state does not record counts as missing", "没有查询：状态中没有的视为缺少")
        }
    };
    let state = match lineage {
        Some(lineage) => tr!(format: "serial {serial} of {lineage}", "谱系 {lineage}，序号 {serial}"),
        None => tr!("there is none yet", "尚无").to_owned(),
    };
    let facts = [
        (tr!("Organization", "企业"), organization.as_deref().map(|id| shown(id).into_owned())),
        (tr!("Root group", "根分组"), (root.get() != 0).then(|| root.to_string())),
        (tr!("State", "状态"), Some(state)),
        (tr!("DingTalk", "钉钉"), Some(format!("{} {asked}", shown(endpoint)).trim_start().to_owned())),
    ];
    facts.into_iter().filter_map(|(term, said)| Some((term, said?))).collect()
}

fn tools(exhibit: PlanView<'_>, sections: &[Section<'_>]) -> Markup {
    let status = tr!("{shown} of {all} groups shown", "显示 {shown} 个分组，共 {all} 个");
    html! {
        div.tools role="search" {
            div.wrap {
                input type="search" placeholder=(tr!("Search names and paths  /", "搜索名称和路径  /"))
                    aria-label=(tr!("Search", "搜索")) autocomplete="off" spellcheck="false";
                div.filters role="group" aria-label=(tr!("Show", "显示")) {
                    @for filter in filters(exhibit, sections) { (chip(&filter)) }
                }
                div.folding {
                    button.plain type="button" data-all="open" { (tr!("Open all", "全部展开")) }
                    button.plain type="button" data-all="shut" { (tr!("Fold all", "全部折叠")) }
                }
                output aria-live="polite" data-template=(status) {}
            }
        }
    }
}

/// A button that shows or hides the groups of one kind.
struct Filter {
    key: &'static str,
    sign: char,
    word: &'static str,
    number: usize,
    is_on: bool,
}

/// Returns a filter for each kind that there is. What is unchanged is hidden at first if something changes.
fn filters(exhibit: PlanView<'_>, sections: &[Section<'_>]) -> Vec<Filter> {
    let tally = exhibit.plan.tally();
    let shows_all = exhibit.extent == Extent::Everything || exhibit.plan.is_settled();
    let of = |action: ActionKind, number| Filter {
        key: tree::key(action),
        sign: action.sign(),
        word: action.word(),
        number,
        is_on: shows_all || action != ActionKind::Keep,
    };
    let actions = [
        of(ActionKind::Create, tally.create),
        of(ActionKind::Adopt, tally.adopt),
        of(ActionKind::Rename, tally.rename),
        of(ActionKind::Conflict, tally.conflict),
        of(ActionKind::Blocked, tally.blocked),
        of(ActionKind::Keep, tally.keep),
    ];
    let beside = sections.iter().map(|section| Filter {
        key: lists::key(section.kind),
        sign: section.kind.sign(),
        word: section.title(),
        number: section.entries.len(),
        is_on: true,
    });
    actions.into_iter().chain(beside).filter(|filter| filter.number > 0).collect()
}

fn chip(filter: &Filter) -> Markup {
    html! {
        button type="button" data-filter=(filter.key) aria-pressed=(filter.is_on) {
            (sign(filter.key, filter.sign)) b { (grouped(filter.number)) } " " (filter.word)
        }
    }
}

fn footer() -> Markup {
    html! {
        footer.wrap {
            ul {
                @for action in ActionKind::ALL {
                    li { (sign(tree::key(action), action.sign())) (action.word()) }
                }
            }
            (tr!(format: "Made by roomtree {}.", "由 roomtree {} 生成。", env!("CARGO_PKG_VERSION")))
        }
    }
}
