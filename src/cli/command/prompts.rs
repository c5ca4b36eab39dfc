//! The questions of `roomtree init`: one for each flag that was not given. Enter takes what stands in brackets.
//!
//! Nothing is written while questions are open, so that leaving them leaves everything as it was.

use crate::cli::gitignore::Ignore;
use crate::group::{GroupId, GroupName};
use crate::i18n::Message;
use crate::manifest::name_slip;
use crate::text::unprinted;
use crate::{localized, tr};

/// What is to be written; `None` is what is not known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    pub(crate) groups: Option<Vec<GroupName>>,
    /// Empty for none.
    pub(crate) organization: Option<String>,
    pub(crate) root: Option<GroupId>,
    pub(crate) ignores: Option<bool>,
}

/// Nobody answered: the input ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unanswered;

/// Somebody who can be asked: a question in, the line that was typed out; `None` when the input has ended.
pub(crate) type Ask<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

impl Wishes {
    /// Asks for what is not known. `ignore` is the file that lacks something, if one does.
    pub(crate) fn asked(self, corp_id: &str, ignore: Option<&Ignore>, ask: Ask<'_>) -> Result<Self, Unanswered> {
        let groups = known(self.groups, || question(&of_groups(), names, example(), ask))?;
        let organization =
            known(self.organization, || question(&of_organization(corp_id), organization, corp_id, ask))?;
        let root = known(self.root, || question(&of_root(), root, "0", ask))?;
        let ignores = match ignore {
            Some(ignore) => known(self.ignores, || question(&of_ignore(ignore), yes_or_no, "y", ask))?,
            None => false,
        };
        Ok(Self { groups: Some(groups), organization: Some(organization), root: Some(root), ignores: Some(ignores) })
    }

    /// Takes the groups; the examples if none were named.
    pub(crate) fn groups(&self) -> Vec<GroupName> {
        self.groups.clone().unwrap_or_else(|| names(example()).unwrap_or_default())
    }
}

/// Names of groups to begin with.
fn example() -> &'static str {
    tr!("Beijing, Shanghai", "北京、上海")
}

fn known<T>(given: Option<T>, ask: impl FnOnce() -> Result<T, Unanswered>) -> Result<T, Unanswered> {
    given.map_or_else(ask, Ok)
}

/// Asks until the answer can be used.
fn question<T>(
    question: &Message,
    read: fn(&str) -> Result<T, Message>,
    default: &str,
    ask: Ask<'_>,
) -> Result<T, Unanswered> {
    let mut asked = question.to_string();
    loop {
        let answer = ask(&asked).ok_or(Unanswered)?;
        match read(if answer.is_empty() { default } else { &answer }) {
            Ok(value) => return Ok(value),
            Err(why) => asked = format!("  {why}\n{question}"),
        }
    }
}

fn of_groups() -> Message {
    Message::of(
        || tr!(format: "Groups at the top, with commas between them [{}]: ", "顶层分组，用逗号分隔 [{}]：", example()),
    )
}

fn of_organization(corp_id: &str) -> Message {
    match corp_id {
        "" => localized!(
            "The organization's corpId, on the first page (首页) of the developer console open-dev.dingtalk.com; Enter for none: ",
            "企业的 corpId（见开发者后台 open-dev.dingtalk.com 的首页），不限定则直接回车："
        ),
        known => localized!(
            "The organization's corpId, `-` for none [{known}]: ",
            "企业的 corpId，输入 `-` 表示不限定 [{known}]："
        ),
    }
}

fn of_root() -> Message {
    localized!(
        "The id of an existing group to build under, 0 for the top [0]: ",
        "在哪个已有分组之下创建（分组 ID，0 表示顶层）[0]："
    )
}

fn of_ignore(ignore: &Ignore) -> Message {
    let path = ignore.shown();
    localized!(
        "Keep what is not to be committed out of git ({path}: `.roomtree/`, journal and lock files)? [Y/n]: ",
        "在 {path} 中忽略不应提交的文件（`.roomtree/`、日志文件和锁文件）？[Y/n]："
    )
}

/// Reads names with commas between them, wide ones too.
pub(crate) fn names(text: &str) -> Result<Vec<GroupName>, Message> {
    let mut names: Vec<GroupName> = Vec::new();
    for part in text.split([',', '，', '、']).map(str::trim).filter(|part| !part.is_empty()) {
        let name = legible(part).and_then(|name| {
            GroupName::parse(name).map_err(|error| localized!("`{name}`: {error}", "`{name}`：{error}"))
        })?;
        check_intended(&name)?;
        if names.contains(&name) {
            return Err(localized!("`{name}` is there twice", "`{name}` 出现了两次"));
        }
        names.push(name);
    }
    if names.is_empty() {
        Err(localized!("at least one name is needed", "至少需要一个名称"))
    } else {
        Ok(names)
    }
}

/// Rejects a name with punctuation or characters that were probably not intended.
fn check_intended(name: &str) -> Result<(), Message> {
    if let Some((_, hidden)) = unprinted(name).next() {
        let code = u32::from(hidden);
        return Err(localized!(
            "`{name}` has the invisible character U+{code:04X}",
            "`{name}` 中有不可见字符 U+{code:04X}"
        ));
    }
    let Some(slip) = name_slip(name) else { return Ok(()) };
    let described = slip.slip().described();
    Err(localized!(
        "`{name}`: {described}; if it is intended, put the name into the file afterwards, in quotes",
        "`{name}`：{described}；如果名称本就如此，请稍后在文件中加引号写入"
    ))
}

/// Refuses what was not UTF-8.
fn legible(text: &str) -> Result<&str, Message> {
    match text.contains('\u{FFFD}') {
        true => Err(localized!(
            "this is not UTF-8; set the terminal to UTF-8, or edit the file afterwards",
            "输入不是 UTF-8 编码；请将终端设为 UTF-8，或稍后直接编辑文件"
        )),
        false => Ok(text),
    }
}

/// Reads a corpId; `-` and nothing are none.
pub(crate) fn organization(text: &str) -> Result<String, Message> {
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    match text.trim() {
        "-" => Ok(String::new()),
        corp_id if corp_id.contains(is_odd) => Err(localized!(
            "a corpId has no blanks in it, such as ding0123456789abcdef",
            "corpId 中不含空格，例如 `ding0123456789abcdef`"
        )),
        corp_id => legible(corp_id).map(str::to_owned),
    }
}

fn root(text: &str) -> Result<GroupId, Message> {
    let id = text.trim().parse().ok().filter(|id| *id >= 0);
    id.map(GroupId::new).ok_or_else(|| localized!("an id is a whole number from 0", "ID 应为不小于 0 的整数"))
}

fn yes_or_no(text: &str) -> Result<bool, Message> {
    match text.trim().to_lowercase().as_str() {
        "y" | "yes" | "是" => Ok(true),
        "n" | "no" | "否" => Ok(false),
        _ => Err(localized!("`y` or `n`", "请输入 `y` 或 `n`")),
    }
}

#[cfg(test)]
mod tests {
    use crate::cli::command::prompts::{Unanswered, Wishes, names, organization};
    use crate::group::GroupId;
    use crate::i18n::Language;

    /// Answers in turn, and keeps the questions.
    fn ask(wishes: Wishes, corp_id: &str, answers: &[&str]) -> (Result<Wishes, Unanswered>, Vec<String>) {
        let (mut answers, mut asked) = (answers.iter(), Vec::new());
        let result = wishes.asked(corp_id, None, &mut |question| {
            asked.push(question.to_owned());
            answers.next().map(|answer| (*answer).to_owned())
        });
        (result, asked)
    }

    fn told(wishes: &Wishes) -> (String, String, i64) {
        let names: Vec<String> = wishes.groups().iter().map(ToString::to_string).collect();
        (names.join("|"), wishes.organization.clone().unwrap(), wishes.root.unwrap().get())
    }

    #[test]
    fn enter_takes_what_stands_in_brackets() {
        let (wishes, asked) = ask(Wishes::default(), "", &["", "", ""]);
        assert_eq!(told(&wishes.unwrap()), ("Beijing|Shanghai".to_owned(), String::new(), 0));
        assert_eq!(asked.len(), 3);
        let (wishes, asked) = ask(Wishes::default(), "ding1", &["", "", ""]);
        assert_eq!(told(&wishes.unwrap()).1, "ding1");
        assert!(asked[1].contains("[ding1]"));
        let (wishes, _) = ask(Wishes::default(), "ding1", &["", "-", ""]);
        assert_eq!(told(&wishes.unwrap()).1, "");
    }

    #[test]
    fn an_answer_that_cannot_be_used_is_asked_for_again_with_the_reason() {
        let answers = ["a\u{202E}b", "上海，上海", "上海、 A 座 ,", "two words", "ding1", "-1", "x", "4711"];
        let (wishes, asked) = ask(Wishes::default(), "", &answers);
        assert_eq!(told(&wishes.unwrap()), ("上海|A 座".to_owned(), "ding1".to_owned(), 4711));
        assert_eq!(asked.len(), answers.len());
        assert!(asked[2].starts_with("  `上海` is there twice\n"), "{}", asked[2]);
    }

    #[test]
    fn what_was_given_is_not_asked_for() {
        let given = Wishes { root: Some(GroupId::new(7)), groups: names("A").ok(), ..Wishes::default() };
        let (wishes, asked) = ask(given, "", &["ding1"]);
        assert_eq!((told(&wishes.unwrap()), asked.len()), (("A".to_owned(), "ding1".to_owned(), 7), 1));
    }

    #[test]
    fn an_input_that_ends_is_no_answer() {
        assert_eq!(ask(Wishes::default(), "", &["A"]).0, Err(Unanswered));
    }

    #[test]
    fn the_examples_are_names_in_every_language() {
        for language in Language::ALL {
            assert_eq!(language.scope(|| Wishes::default().groups()).len(), 2);
        }
    }

    #[test]
    fn what_is_not_utf_8_is_refused() {
        assert!(names("\u{FFFD}\u{FFFD}").is_err() && organization("ding\u{FFFD}").is_err());
    }
}
