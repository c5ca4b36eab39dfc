//! Recognizes files of roomtree by their content, for a file that is given where another is needed.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::tr;

/// A kind of file that roomtree reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnFile {
    /// A plan that `plan --out` saved.
    SavedPlan,
    /// The state of a manifest.
    State,
    /// A manifest.
    Manifest,
}

/// The keys that decide.
#[derive(Deserialize)]
struct Cover {
    kind: Option<String>,
    lineage: Option<IgnoredAny>,
    serial: Option<IgnoredAny>,
    version: Option<IgnoredAny>,
    groups: Option<IgnoredAny>,
}

impl OwnFile {
    /// Recognizes a text.
    #[must_use]
    pub fn of(text: &[u8]) -> Option<Self> {
        match serde_json::from_slice::<Cover>(text) {
            Ok(Cover { kind: Some(kind), .. }) => (kind == "saved-plan").then_some(Self::SavedPlan),
            Ok(Cover { lineage: Some(_), serial: Some(_), groups: Some(_), .. }) => Some(Self::State),
            Ok(Cover { version: Some(_), groups: Some(_), .. }) => Some(Self::Manifest),
            Ok(_) => None,
            Err(_) => is_yaml(text).then_some(Self::Manifest),
        }
    }

    /// Returns what the file is called in a message.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::SavedPlan => tr!("a saved plan", "已保存的计划"),
            Self::State => tr!("a state file", "状态文件"),
            Self::Manifest => tr!("a manifest", "清单"),
        }
    }

    /// Returns which command takes the file.
    #[must_use]
    pub fn usage(self) -> &'static str {
        match self {
            Self::SavedPlan => {
                tr!("apply a saved plan with `roomtree apply FILE`", "用 `roomtree apply <文件>` 执行已保存的计划")
            }
            Self::State => tr!(
                "list a state with `roomtree state list FILE`, or name it with `--state FILE` next to its manifest",
                "用 `roomtree state list <文件>` 查看状态，或在给出清单的同时用 `--state <文件>` 指定状态"
            ),
            Self::Manifest => {
                tr!("show the plan of a manifest with `roomtree plan FILE`", "用 `roomtree plan <文件>` 查看清单的计划")
            }
        }
    }

    /// Says that a file is of this kind instead of a state file.
    #[must_use]
    pub fn instead_of_state(self, file: &str) -> String {
        let noun = self.noun();
        tr!(format: "`{file}` is {noun}, not a state file", "`{file}` 是{noun}，不是状态文件")
    }

    /// Says that a file is of this kind instead of a spreadsheet.
    #[must_use]
    pub fn instead_of_spreadsheet(self, file: &str) -> String {
        let noun = self.noun();
        tr!(format: "`{file}` is {noun}, not a spreadsheet", "`{file}` 是{noun}，不是电子表格")
    }
}

/// Whether lines begin with the keys that every manifest has.
fn is_yaml(text: &[u8]) -> bool {
    let has = |key: &[u8]| text.split(|byte| matches!(byte, b'\n' | b'\r')).any(|line| line.starts_with(key));
    has(b"version:") && has(b"groups:")
}

#[cfg(test)]
mod tests {
    use crate::text::OwnFile;

    #[test]
    fn own_files_are_known_by_their_keys() {
        let known = |text: &str| OwnFile::of(text.as_bytes());
        assert_eq!(known(r#"{"format": 1, "kind": "saved-plan"}"#), Some(OwnFile::SavedPlan));
        assert_eq!(known(r#"{"format": 1, "lineage": "x", "serial": 2, "groups": {}}"#), Some(OwnFile::State));
        assert_eq!(known(r#"{"version": 1, "groups": []}"#), Some(OwnFile::Manifest));
        assert_eq!(known("# x\nversion: 1\ngroups:\n  - A\n"), Some(OwnFile::Manifest));
        for other in
            ["", "[]", "{}", r#"{"kind": "plan", "groups": []}"#, r#"{"format": 1}"#, "version: 3\nservices:\n"]
        {
            assert_eq!(known(other), None, "{other}");
        }
    }
}
