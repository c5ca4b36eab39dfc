//! The book is whole: its summaries have every page, and each page is the same in both languages, as far as that can be told.

use std::collections::BTreeSet;

use crate::page::{Page, Tongue, chapters, pages};

/// For those who change roomtree: the sources are in English, and so are these.
const ENGLISH_ALONE: [&str; 2] = ["architecture.md", "model.md"];

/// Returns the pages of a summary, in order.
fn summary(tongue: Tongue) -> Vec<String> {
    let page = Page::chapter(tongue, "SUMMARY.md");
    let links = page.text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    links.map(|(target, _)| target.to_owned()).collect()
}

fn is_in_both(name: &str) -> bool {
    !ENGLISH_ALONE.contains(&name)
}

#[test]
fn the_summaries_have_every_page_once() {
    for tongue in Tongue::ALL {
        let listed = summary(tongue);
        assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), chapters(tongue), "{tongue:?}");
        assert_eq!(listed.len(), chapters(tongue).len(), "{tongue:?}");
    }
}

#[test]
fn the_chinese_book_has_the_pages_of_the_english_one_in_the_same_order() {
    let english: Vec<String> = summary(Tongue::English).into_iter().filter(|name| is_in_both(name)).collect();
    assert_eq!(summary(Tongue::Chinese), english);
}

/// Returns the pages that there are in both languages, side by side.
fn pairs() -> Vec<(Page, Page)> {
    let name = |page: &Page| page.path.file_name().unwrap().to_string_lossy().into_owned();
    let english = pages(Tongue::English).into_iter().filter(|page| is_in_both(&name(page)));
    english.zip(pages(Tongue::Chinese)).collect()
}

#[test]
fn both_languages_have_the_same_outline() {
    for (english, chinese) in pairs() {
        let levels = |page: &Page| page.headings().iter().map(|(level, _)| *level).collect::<Vec<_>>();
        assert_eq!(levels(&chinese), levels(&english), "{}", chinese.name());
        let blocks = |page: &Page| page.blocks().iter().map(|block| block.language.to_owned()).collect::<Vec<_>>();
        assert_eq!(blocks(&chinese), blocks(&english), "{}", chinese.name());
    }
}

#[test]
fn both_languages_have_the_same_commands() {
    for (english, chinese) in pairs() {
        assert_eq!(chinese.commands(), english.commands(), "{}", chinese.name());
    }
}

#[test]
fn both_languages_have_tables_of_the_same_length() {
    for (english, chinese) in pairs() {
        let rows = |page: &Page| page.prose().iter().filter(|line| line.starts_with('|')).count();
        assert_eq!(rows(&chinese), rows(&english), "{}", chinese.name());
    }
}

#[test]
fn every_page_leads_to_the_other_language() {
    for (english, chinese) in pairs() {
        let third = |page: &Page| page.text.lines().nth(2).unwrap_or_default().to_owned();
        let (to_chinese, to_english) = (third(&english), third(&chinese));
        assert!(to_chinese.starts_with("English | [简体中文]("), "{}", english.name());
        assert!(to_english.starts_with("[English](") && to_english.ends_with(") | 简体中文"), "{}", chinese.name());
    }
}

#[test]
fn the_chinese_is_chinese() {
    for (_, chinese) in pairs() {
        let prose = chinese.prose().join("\n");
        let is_chinese = |sign: &char| ('\u{4e00}'..='\u{9fff}').contains(sign);
        assert!(prose.chars().filter(is_chinese).count() > 100, "{}", chinese.name());
    }
}

#[test]
fn the_book_of_a_language_can_be_built() {
    for tongue in Tongue::ALL {
        let settings = Page::chapter(tongue, "book.toml").text;
        assert!(settings.contains("src = \".\""), "{tongue:?}: the pages stand beside the settings");
        assert!(settings.contains("build-dir = \"../"), "{tongue:?}: what is built stands outside of the pages");
    }
}
