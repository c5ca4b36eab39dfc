//! Any bytes as a manifest: no panic, a manifest if and only if there is no error, and problems that can be shown.
//!
//! The first byte chooses the width of the page.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roomtree::manifest::{Input, Loaded, Severity, Tree, load};
use roomtree::render::{Page, Paint, problems};

/// The most problems that are drawn, and the most that one may take in bytes.
const MOST: usize = 20;
const LARGEST: usize = 16 * 1024;

fuzz_target!(|data: &[u8]| {
    let Some((width, mut text)) = data.split_first() else { return };
    let loaded = load(&[Input::Stdin], &mut text);
    let is_refused = loaded.problems.iter().any(|problem| problem.severity == Severity::Error);
    assert_eq!(loaded.manifest().is_none(), is_refused);
    points_into_the_text(&loaded);
    can_be_shown(&loaded, usize::from(*width));
    if let Some(manifest) = loaded.manifest() {
        is_found_again(&manifest.tree);
    }
});

fn points_into_the_text(loaded: &Loaded) {
    for problem in &loaded.problems {
        for place in problem.place.iter().chain(problem.related.iter().map(|related| &related.place)) {
            let text = &loaded.sources[place.source.index()].text;
            assert!(place.start <= place.end && place.end as usize <= text.len(), "{problem:?}");
        }
    }
}

fn can_be_shown(loaded: &Loaded, width: usize) {
    let page = Page { width, paint: Paint::Plain, most: MOST };
    let shown = problems(&loaded.problems, &loaded.sources, page);
    assert!(shown.len() <= (MOST + 1) * LARGEST, "{} bytes", shown.len());
    let steers = |c: char| {
        c.is_control() && c != '\n' || matches!(c, '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
    };
    assert!(!shown.contains(steers), "{shown:?}");
}

fn is_found_again(tree: &Tree) {
    for (id, node) in tree.nodes().take(200) {
        let path = tree.path(id);
        assert_eq!((tree.find(&path), path.depth()), (Some(id), node.depth as usize));
    }
}
