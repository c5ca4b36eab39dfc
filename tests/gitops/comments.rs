//! The commands of the documentation that put a plan on a pull request, with a comment as large as they get.

use std::path::Path;

use crate::forge::{Forge, REPORTER};
use crate::shell::{Shell, variables};

/// As much of the tools as the documentation uses: what they document, and nothing else.
const GH: &str = r#"#!/bin/bash
[[ "$1 $2 $3" == "pr comment --body-file" && $# -eq 4 ]] || exit 2
jq -Rs '{body: .}' "$4" | curl --fail --silent --show-error --header 'Authorization: Bearer job pull-requests=write' \
    --data @- "$FORGE/repos/acme/rooms/issues/7/comments"
"#;
const GLAB: &str = r#"#!/bin/bash
[[ "$1 $3" == "api --field" && "$4" == body=@* && $# -eq 4 ]] || exit 2
jq -Rs '{body: .}' "${4#body=@}" | curl --fail --silent --show-error --header "PRIVATE-TOKEN: $TOKEN" \
    --data @- "$FORGE/api/v4/${2/:id/5}"
"#;

#[test]
fn documented_commands_send_a_comment_of_140_kilobytes() {
    let body = "会议室".repeat(140_000 / 9);
    for page in ["docs/plan-formats.md", "docs/zh/plan-formats.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        for tool in ["gh ", "glab "] {
            let command = text.lines().find(|line| line.starts_with(tool)).expect("a command");
            let (forge, folder) = (Forge::start(), tempfile::tempdir().unwrap());
            let shell = Shell::new(&folder.path().join("tools"));
            shell.tool("gh", GH);
            shell.tool("glab", GLAB);
            std::fs::write(folder.path().join("comment.md"), &body).unwrap();
            let given = variables(&[("FORGE", &forge.url()), ("TOKEN", REPORTER), ("NUMBER", "7")]);
            let ran = shell.run("bash", command, folder.path(), &given, None);
            assert_eq!((ran.code, forge.comments(7)), (0, vec![body.clone()]), "{command}: {}", ran.said);
        }
    }
}
