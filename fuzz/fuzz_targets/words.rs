//! The small languages: paths, names, faults, addresses, saved plans. What is read is written as it was, or as what means the
//! same; what is refused is refused in words that can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use roomtree::dingtalk::Endpoint;
use roomtree::fuzzing::saved_plan;
use roomtree::group::{GroupName, GroupPath};
use roomtree::sandbox::{Fault, Latency, Rate};

fuzz_target!(|text: &str| {
    path(text);
    fault(text);
    if let Ok(name) = GroupName::parse(text) {
        assert_eq!(&*name, text);
    }
    if let Ok(endpoint) = Endpoint::parse(text) {
        let again = Endpoint::parse(endpoint.as_str()).expect("an address in its normal form is one");
        assert_eq!(again.as_str(), endpoint.as_str());
    }
    let _ = (text.parse::<Latency>(), text.parse::<Rate>());
    if let Err(told) = saved_plan(text) {
        assert!(!told.contains(['\u{202E}', '\u{200B}', '\u{7}']), "{told:?}");
    }
});

fn path(text: &str) {
    let Ok(path) = GroupPath::parse(text) else { return };
    assert_eq!(path.as_str(), text);
    let names: Vec<_> = path.names().collect();
    assert_eq!(names.iter().fold(GroupPath::top(), |path, name| path.join(name)), path);
    assert_eq!((names.len(), names.last()), (path.depth(), path.name().as_ref()));
    assert!(path.parent().is_none_or(|parent| path.is_within(&parent)));
}

fn fault(text: &str) {
    let Ok(fault) = text.parse::<Fault>() else { return };
    assert_eq!(fault.to_string().parse(), Ok(fault));
}
