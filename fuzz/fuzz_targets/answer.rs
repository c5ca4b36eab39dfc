//! Any status and body as DingTalk's answer: never a success that is none, never a text that harms or gives a secret away.
//!
//! The first byte chooses the status and the media type.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roomtree::dingtalk::{ApiError, CallOutcome};
use roomtree::fuzzing::{Readings, read_answer};
use roomtree::i18n::Language;
use roomtree::inventory::Inventory;

const STATUSES: [u16; 8] = [200, 204, 302, 400, 403, 408, 429, 500];
const SECRET: &str = "hunter22";

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else { return };
    let status = STATUSES[usize::from(first & 7)];
    let Readings { created, confirmed, listed, one, rooms, administrators, minted, user } =
        read_answer(status, first & 8 > 0, body, SECRET);
    check(status, &created);
    check(status, &confirmed);
    check(status, &listed);
    check(status, &one);
    check(status, &rooms);
    check(status, &administrators);
    check(status, &minted);
    check(status, &user);
    if let CallOutcome::Done(id) = created {
        assert!(id.get() > 0);
    }
    if let CallOutcome::Done(groups) = listed {
        index(&Inventory::new(groups));
    }
});

fn check<T>(status: u16, outcome: &CallOutcome<T>) {
    match outcome.failure() {
        None => assert!((200..300).contains(&status)),
        Some(failure) => texts(failure).for_each(is_fit),
    }
}

fn texts(failure: &ApiError) -> impl Iterator<Item = &str> {
    let message = Language::ALL.into_iter().map(|language| failure.message.within(language));
    message.chain([&failure.code, &failure.request_id].into_iter().filter_map(|fact| fact.as_deref()))
}

fn is_fit(text: &str) {
    assert!(text.chars().count() <= 501);
    assert!(!text.contains(SECRET));
    let steers = |c: char| c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}');
    assert!(!text.contains(steers), "{text:?}");
}

fn index(live: &Inventory) {
    for group in live.groups() {
        assert!(live.children(group.parent).any(|child| child.id == group.id));
        assert!(live.named(group.parent, &group.name).any(|id| id == group.id));
        assert_eq!(live.path(group.id).map(|path| path.depth()), live.depth(group.id));
    }
}
