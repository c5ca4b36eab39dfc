//! A manifest to begin with: a few groups, and in comments what else can be said, in the language that is spoken.
//!
//! Pure text. Whether it reads back as what was meant is for whoever writes it down to check, as with every text.

use std::fmt::Write;

use crate::group::{GroupId, GroupName};
use crate::manifest::edit::emit::scalar;
use crate::manifest::{Limits, Manifest, Tree};
use crate::tr;

/// What a first manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The corpId of the organization it is for.
    pub organization: Option<String>,
    /// The group it is built under.
    pub root: GroupId,
    /// The groups at the top.
    pub groups: Vec<GroupName>,
    /// Where its JSON Schema is, as editors find it from the manifest; `None` names none.
    pub schema: Option<String>,
}

impl Template {
    /// Returns the manifest that is meant.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        let mut tree = Tree::builder();
        for name in &self.groups {
            tree.leaf(name.clone());
        }
        Manifest {
            organization: self.organization.clone(),
            root: self.root,
            limits: Limits::default(),
            tree: tree.build(),
        }
    }

    /// Writes it, with comments; `None` for a text that no line of YAML can hold.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        let mut text = String::new();
        if let Some(schema) = &self.schema {
            let _ = writeln!(text, "# yaml-language-server: $schema={schema}\n#");
        }
        let organization = match &self.organization {
            Some(corp_id) => format!("organization: {}", scalar(corp_id)?),
            None => "# organization: ding0123456789abcdef".to_owned(),
        };
        let root = match self.root {
            GroupId::ROOT => "# root: 4711".to_owned(),
            id => format!("root: {id}"),
        };
        let _ = write!(text, "{}version: 1\n\n", about());
        let _ = write!(
            text,
            "{}{organization}\n\n{}{root}\n\n{}groups:\n",
            of_the_organization(),
            of_the_root(),
            of_groups()
        );
        for name in &self.groups {
            let _ = writeln!(text, "  - {}", scalar(name)?);
        }
        text.push_str(&more());
        Some(text)
    }
}

fn about() -> &'static str {
    tr!(
        "# DingTalk's meeting-room groups (会议室分组) as they are to be. `roomtree plan` shows what would change, `roomtree apply`
# makes it so. Commit this file, and the state that comes to stand beside it.
",
        "# 钉钉会议室分组的目标结构。`roomtree plan` 显示将有哪些改动，`roomtree apply` 执行这些改动。
# 请将本文件和在其旁边生成的状态文件一并提交到版本库。
"
    )
}

fn of_the_organization() -> &'static str {
    tr!(
        "# The organization (corpId) that this is for: credentials of another one are refused.
",
        "# 所属企业（corpId）：其他企业的凭证会被拒绝。
"
    )
}

fn of_the_root() -> &'static str {
    tr!(
        "# The id of an existing group to build under. Without it, the groups stand at the top.
",
        "# 在哪个已有分组之下创建（该分组的 ID）；不写则从顶层开始。
"
    )
}

fn of_groups() -> &'static str {
    tr!(
        "# DingTalk supports three levels, such as city, campus and building. A bare name is a group without children.
",
        "# 钉钉支持三级分组，例如城市、园区、楼宇。只写名称表示没有下级的分组。
"
    )
}

/// Shows, in comments, what else can be said of a group.
fn more() -> String {
    let protected = tr!("never delete it, or anything above it", "绝不删除此分组及其上级");
    let former = tr!("its former name: renamed, not made anew", "曾用名：改名，而不是新建");
    format!(
        "  # - name: 深圳
  #   protect: true        # {protected}
  #   children:
  #     - name: 南山园区
  #       children: [A 座, B 座]
  #     - name: 宝安园区
  #       was: 宝安区      # {former}
"
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::group::{GroupId, GroupName};
    use crate::i18n::Language;
    use crate::manifest::{Input, Template, load, reads_as};

    fn sketch(groups: &[&str]) -> Template {
        let groups = groups.iter().map(|name| GroupName::parse(name).unwrap()).collect();
        Template { organization: None, root: GroupId::ROOT, groups, schema: Some("./s.json".to_owned()) }
    }

    #[test]
    fn it_reads_as_it_was_meant_in_every_language() {
        let names = ["北京", "NO", "007", "a: b", "#x", "- y", "it's", "\"q\"", "[z]", "👩‍👩‍👧", "~", "@home"];
        let full = Template {
            organization: Some("ding: #1".to_owned()),
            root: GroupId::new(9_007_199_254_740_993),
            ..sketch(&names)
        };
        for language in Language::ALL {
            for sketch in [&full, &sketch(&["上海"])] {
                let text = language.scope(|| sketch.to_text()).unwrap();
                assert_eq!(reads_as(&text, &sketch.manifest()), Ok(()), "{text}");
                assert!(text.starts_with("# yaml-language-server: $schema=./s.json\n"), "{text}");
            }
        }
    }

    #[test]
    fn what_stands_in_its_comments_is_a_manifest_too() {
        for language in Language::ALL {
            let text = language.scope(|| sketch(&["上海"]).to_text()).unwrap();
            let shown =
                text.replace("\n  # ", "\n  ").replace("# organization", "organization").replace("# root", "root");
            let loaded = load(&[Input::Stdin], &mut shown.as_bytes());
            assert_eq!(loaded.problems, [], "{shown}");
            let manifest = loaded.into_manifest().unwrap();
            assert_eq!((manifest.tree.len(), manifest.root.get()), (6, 4711));
        }
    }

    proptest! {
        #[test]
        fn any_names_are_written_so_that_they_read_back(names in proptest::collection::btree_set("\\PC{1,12}", 1..5)) {
            let groups: Vec<GroupName> = names.iter().filter_map(|name| GroupName::parse(name).ok()).collect();
            prop_assume!(!groups.is_empty());
            let sketch = Template { groups, ..sketch(&[]) };
            let text = sketch.to_text().unwrap();
            prop_assert_eq!(reads_as(&text, &sketch.manifest()), Ok(()), "{}", text);
        }
    }
}
