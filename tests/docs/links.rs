//! Every link of a page leads somewhere, with its anchor; pages of the book link to none outside, where a reader of the book finds nothing.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::page::{Page, Tongue, house, pages};

/// Returns what a page links to, images included.
fn targets(page: &Page) -> Vec<String> {
    let prose: Vec<String> = page.prose().into_iter().map(without_code).collect();
    let text = prose.join("\n");
    let after = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    after.map(|(target, _)| target.to_owned()).collect()
}

/// Takes out what stands between backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// Returns what GitHub and mdBook make of a heading to point at it: where they differ, a heading is better put another way.
fn anchor(heading: &str) -> String {
    let kept = |sign: char| sign.is_alphanumeric() || "_- ".contains(sign);
    heading.chars().filter(|sign| kept(*sign)).collect::<String>().to_lowercase().replace(' ', "-")
}

fn anchors(page: &Page) -> BTreeSet<String> {
    page.headings().into_iter().map(|(_, words)| anchor(words)).collect()
}

/// Resolves a relative path against the folder of a page, within the repository.
fn resolve(page: &Page, target: &str) -> PathBuf {
    let joined = page.path.parent().unwrap_or(Path::new("")).join(target);
    joined.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path
    })
}

/// Says what is wrong with a link.
fn fault(page: &Page, target: &str) -> Option<String> {
    if target.starts_with("https://") {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let path = if file.is_empty() { page.path.clone() } else { resolve(page, file) };
    let is_outside = page.path.starts_with("docs") && !path.starts_with("docs");
    let lacks = |anchor: &str| !anchors(&Page::read(&path, page.tongue)).contains(anchor);
    match anchor {
        _ if !house(&path).exists() => Some("leads nowhere"),
        _ if is_outside => Some("leads out of the book"),
        Some(anchor) if lacks(anchor) => Some("has an anchor that its page lacks"),
        _ => None,
    }
    .map(|fault| format!("{}: ({target}) {fault}", page.name()))
}

#[test]
fn every_link_leads_somewhere() {
    let root = ["CONTRIBUTING.md", "CHANGELOG.md"].map(|path| Page::read(path, Tongue::English));
    let all: Vec<Page> = Tongue::ALL.into_iter().flat_map(pages).chain(root).collect();
    let links = |page: &Page| targets(page).iter().map(|target| fault(page, target)).collect::<Vec<_>>();
    let found: Vec<Option<String>> = all.iter().flat_map(links).collect();
    assert!(found.len() > 50, "only {} links were found", found.len());
    let faults: Vec<String> = found.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn headings_of_a_page_have_anchors_of_their_own() {
    for page in Tongue::ALL.into_iter().flat_map(pages) {
        assert_eq!(anchors(&page).len(), page.headings().len(), "{} has a heading twice", page.name());
    }
}

#[test]
fn anchors_are_those_of_the_renderers() {
    assert_eq!(anchor("Why was my plan refused?"), "why-was-my-plan-refused");
    assert_eq!(anchor("`was`: a former name"), "was-a-former-name");
    assert_eq!(anchor("为什么计划被拒绝？"), "为什么计划被拒绝");
}
