//! What `roomtree init` says: what was written, and the way from there, with and without an account.

use unicode_width::UnicodeWidthStr;

use crate::i18n::count;
use crate::render::style::{BOLD, DIM, GOOD, Styled, plain};
use crate::tr;

/// What was written.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The manifest, as a shell takes it.
    pub file: &'a str,
    /// How many groups it has.
    pub groups: usize,
    /// The schema beside it.
    pub schema: Option<&'a str>,
    /// What became of `.gitignore`.
    pub lines: &'a Lines,
}

/// What became of a `.gitignore`: its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lines {
    /// There is none, or it lacks nothing.
    None,
    /// It got the lines that it lacked.
    Added(String),
    /// It lacks lines.
    Lacking(String),
}

/// Says what is about to be asked.
#[must_use]
pub fn greeting() -> String {
    tr!(
        "A first manifest. Enter takes what stands in brackets; Ctrl-C leaves everything as it is.\n",
        "创建清单。直接回车取方括号中的默认值；按 Ctrl-C 退出，不做任何改动。\n"
    )
    .to_owned()
}

/// Says that nothing came of it.
#[must_use]
pub fn interrupted() -> String {
    tr!("\nInterrupted; nothing was written.", "\n已中断；没有写入任何内容。").to_owned()
}

/// Says that what follows is the doctor's.
#[must_use]
pub fn checking() -> String {
    let heading =
        tr!("Credentials are set; what `roomtree doctor` says:", "已设置凭证，`roomtree doctor` 的检查结果：");
    format!("\n{}\n\n", Styled(BOLD, heading))
}

/// Tells what was written, and what is to be committed.
#[must_use]
pub fn written(written: &Written<'_>) -> String {
    let (file, groups) = (plain(written.file), count(written.groups, "group", "个分组"));
    let what = match written.schema {
        Some(schema) => tr!(
            format: "{file} with {groups}, and {schema} for editors",
            "{file}（{groups}），以及供编辑器使用的 {schema}"
        ),
        None => tr!(format: "{file} with {groups}", "{file}（{groups}）"),
    };
    let commit = tr!(
        "Commit the manifest, and the state that `apply` puts beside it: it maps paths to ids and holds no secrets.",
        "请提交清单，以及 `apply` 在其旁边生成的状态文件：它记录路径与分组 ID 的对应关系，不含任何机密。"
    );
    format!("{}{what}\n{}{commit}\n", Styled(GOOD, tr!("Written: ", "已写入：")), ignored(written.lines))
}

fn ignored(lines: &Lines) -> String {
    match lines {
        Lines::None => String::new(),
        Lines::Added(path) => tr!(
            format: "{} keeps the sandbox's folder, journal and lock files out of git.\n",
            "{} 已忽略沙盒文件夹、日志文件和锁文件。\n",
            plain(path)
        ),
        Lines::Lacking(path) => tr!(
            format: "{} should have the lines `.roomtree/`, `*.state.json.journal` and `*.state.json.lock`.\n",
            "建议在 {} 中加入 `.roomtree/`、`*.state.json.journal` 和 `*.state.json.lock` 三行。\n",
            plain(path)
        ),
    }
}

/// A command and what it is good for.
type Step<'a> = (String, &'a str);

/// Tells the next commands: first without an account, then with one.
#[must_use]
pub fn next(file: &str, has_credentials: bool) -> String {
    let file = plain(file);
    let tried = [
        (format!("roomtree plan {file} --sandbox"), tr!("shows what would be made", "显示将要创建的分组")),
        (format!("roomtree apply {file} --sandbox"), tr!("makes it in a DingTalk of our own", "在内置的沙盒中执行")),
    ];
    let meant = [
        (
            format!("roomtree doctor {file}"),
            tr!("checks credentials and permissions; changes nothing", "检查凭证和权限，不做改动"),
        ),
        (format!("roomtree plan {file}"), tr!("one call; changes nothing", "一次调用，不做改动")),
        (format!("roomtree apply {file}"), tr!("shows the plan and asks", "显示计划并询问")),
    ];
    let exports = if has_credentials { String::new() } else { exports() };
    let (without, with) =
        (tr!("Next, without an account:", "下一步（无需账号）："), tr!("With DingTalk:", "使用钉钉："));
    format!("\n{}\n{}\n{}\n{exports}{}", Styled(BOLD, without), steps(&tried), Styled(BOLD, with), steps(&meant))
}

fn exports() -> String {
    let app = tr!(
        "developer console (open-dev.dingtalk.com): 应用开发 → the app → 凭证与基础信息",
        "开发者后台（open-dev.dingtalk.com）：应用开发 → 目标应用 → 凭证与基础信息"
    );
    let permissions = tr!(
        "permissions (权限管理): VideoConference.Conference.Read and .Write; qyapi_get_member to look a userId up",
        "权限管理：VideoConference.Conference.Read 和 .Write；查询 userId 还需要 qyapi_get_member"
    );
    let user = tr!(
        "admin console (oa.dingtalk.com): 通讯录 → 成员管理 → an admin of 智能会议室",
        "管理后台（oa.dingtalk.com）：通讯录 → 成员管理 → 智能会议室的管理员"
    );
    format!(
        "  {}\n  {}\n  export DINGTALK_CLIENT_ID=... DINGTALK_CLIENT_SECRET=...\n  {}\n  export DINGTALK_USER_ID=...\n",
        comment(app),
        comment(permissions),
        comment(user)
    )
}

fn steps(steps: &[Step<'_>]) -> String {
    let width = steps.iter().map(|(command, _)| command.width()).max().unwrap_or_default();
    let line = |(command, what): &Step<'_>| {
        let gap = " ".repeat(width - command.width());
        format!("  {command}{gap}   {}\n", comment(what))
    };
    steps.iter().map(line).collect()
}

fn comment(words: &str) -> Styled<String> {
    Styled(DIM, format!("# {words}"))
}

#[cfg(test)]
mod tests {
    use crate::i18n::Language;
    use crate::render::init::{Lines, Written, next, written};

    #[test]
    fn comments_stand_below_each_other_however_wide_the_name_is() {
        let text = next("'我的 清单.yaml'", true);
        let columns = |word: &str| {
            let line = text.lines().find(|line| line.contains(word)).expect("a line");
            unicode_width::UnicodeWidthStr::width(line.split("\u{1b}").next().expect("a part"))
        };
        assert_eq!(columns("plan '我的 清单.yaml' --sandbox"), columns("apply '我的 清单.yaml' --sandbox"));
        assert!(!text.contains("export"));
        assert!(next("a", false).contains("export DINGTALK_USER_ID") && next("a", false).contains("qyapi_get_member"));
    }

    #[test]
    fn hostile_names_lose_their_force() {
        let file = "a\u{1b}]0;x\u{7}.yaml";
        let lines = Lines::Added(file.to_owned());
        let all = written(&Written { file, groups: 1, schema: None, lines: &lines }) + &next(file, false);
        assert!(!all.contains("\u{1b}]") && !all.contains('\u{7}'));
        Language::Chinese.scope(|| assert!(next(file, false).contains("下一步")));
    }
}
