//! Commands on a terminal of their own, with an answer typed at the first question.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::process::Stdio;

use crate::test_env::Scene;
use crate::tools;

/// Runs a command on a terminal and types these keys at its first question. Returns the exit code and what the terminal showed;
/// `None` if there is no `script` to provide the terminal, which is reported.
pub(crate) fn typed(scene: &Scene, line: &str, keys: &[u8]) -> Option<(Option<i32>, String)> {
    typed_after(scene, line, &[(keys, &|| {})])
}

/// An answer to a question, and the change in DingTalk before it is typed.
pub(crate) type Answer<'a> = (&'a [u8], &'a dyn Fn());

/// Runs a command on a terminal and gives one answer at each of its questions. Returns the same as [`typed`].
pub(crate) fn typed_after(scene: &Scene, line: &str, answers: &[Answer<'_>]) -> Option<(Option<i32>, String)> {
    if !tools::has("script") {
        return None;
    }
    let command = format!("stty -echo; exec '{}' {line}", env!("CARGO_BIN_EXE_roomtree"));
    let mut script = scene.command("script");
    script.args(["-qec", &command, "/dev/null"]).env("PATH", std::env::var_os("PATH").unwrap()).env("TERM", "dumb");
    let mut child = script.stdin(Stdio::piped()).spawn().unwrap();
    // Open until the end: `script` takes the end of its input for the end of the session.
    let (mut keyboard, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut shown, mut chunk, mut answers) = (Vec::new(), [0; 4096], answers.iter());
    while let length @ 1.. = screen.read(&mut chunk).unwrap() {
        shown.extend(&chunk[..length]);
        if asks(&shown)
            && let Some((keys, change)) = answers.next()
        {
            change();
            keyboard.write_all(keys).unwrap();
        }
    }
    Some((child.wait().unwrap().code(), String::from_utf8_lossy(&shown).replace('\r', "")))
}

fn asks(shown: &[u8]) -> bool {
    [": ", "："].iter().any(|end| shown.ends_with(end.as_bytes()))
}
