//! Credentials come from the environment, or from files that it names; never from the command line.

use std::fs::File;
use std::io::{self, Read};

use secrecy::SecretString;

use crate::cli::args::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::cli::run::endpoint::directory;
use crate::cli::variable;
use crate::dingtalk::{Credentials, Grant, Operator};
use crate::file_lock::Unsuitable;
use crate::i18n::Message;
use crate::{localized, tr};

/// The most bytes of a file with a secret.
const LARGEST_SECRET: u64 = 1 << 20;

/// Reads the credentials; `organization` is the corpId that the manifest names.
pub(crate) fn read(
    context: &Context,
    arguments: &ConnectionArgs,
    organization: Option<&str>,
) -> Result<Credentials, CommandError> {
    match (grant(context, organization)?, operator(context, arguments)?) {
        (Some(grant), Some(operator)) => Ok(Credentials { grant, operator }),
        (grant, operator) => Err(missing(context, grant.is_some(), operator.is_some())),
    }
}

/// The variables that are looked at; which of them count, [`idle`] says.
pub(crate) const VARIABLES: [&str; 10] = [
    "DINGTALK_ENDPOINT",
    "DINGTALK_OAPI_ENDPOINT",
    "DINGTALK_UNION_ID",
    "DINGTALK_USER_ID",
    "DINGTALK_CORP_ID",
    "DINGTALK_ACCESS_TOKEN",
    "DINGTALK_ACCESS_TOKEN_FILE",
    "DINGTALK_CLIENT_ID",
    "DINGTALK_CLIENT_SECRET",
    "DINGTALK_CLIENT_SECRET_FILE",
];

/// Returns the names of the variables that are set.
pub(crate) fn set(context: &Context) -> Vec<&'static str> {
    VARIABLES.into_iter().filter(|name| context.variable(name).is_some()).collect()
}

/// Says whether somebody set out to call DingTalk: an app, a token or an operator is named.
pub(crate) fn any(context: &Context) -> bool {
    let is_meant = |name: &str| !name.ends_with("ENDPOINT") && name != "DINGTALK_CORP_ID";
    set(context).into_iter().any(is_meant)
}

/// Returns those of the variables that are set which have no effect, since another or a flag comes first.
pub(crate) fn idle(set: &[&'static str], arguments: &ConnectionArgs) -> Vec<&'static str> {
    let is_set = |name: &str| set.contains(&name);
    let has_token = is_set("DINGTALK_ACCESS_TOKEN") || is_set("DINGTALK_ACCESS_TOKEN_FILE");
    let looks_up = arguments.user_id.is_some() || (is_set("DINGTALK_USER_ID") && !is_set("DINGTALK_UNION_ID"));
    let is_idle = |name: &str| match name {
        "DINGTALK_ENDPOINT" => arguments.endpoint.is_some(),
        "DINGTALK_UNION_ID" => arguments.user_id.is_some(),
        "DINGTALK_USER_ID" => arguments.user_id.is_some() || !looks_up,
        "DINGTALK_OAPI_ENDPOINT" => arguments.oapi_endpoint.is_some() || !looks_up,
        name if name.starts_with("DINGTALK_CLIENT_") && has_token => true,
        name => name.strip_suffix("_FILE").is_some_and(is_set),
    };
    set.iter().copied().filter(|name| is_idle(name)).collect()
}

/// Returns the organization (corpId) that a run is about.
pub(crate) fn organization(context: &Context, manifest: Option<&str>) -> Result<Option<String>, CommandError> {
    match (manifest, variable::value(context, "DINGTALK_CORP_ID")?) {
        (Some(manifest), Some(ours)) if manifest != ours => Err(CommandError::refused(localized!(
            "the manifest is for organization `{manifest}`, the credentials (DINGTALK_CORP_ID) are for `{ours}`",
            "清单针对企业 `{manifest}`，而凭证（DINGTALK_CORP_ID）属于 `{ours}`"
        ))
        .hint(localized!(
            "use the credentials of the organization that the manifest names",
            "请使用清单所指企业的凭证"
        ))),
        (manifest, ours) => Ok(manifest.or(ours).map(str::to_owned)),
    }
}

/// Where the organization of a run was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Manifest,
    Variable,
    Both,
}

impl Origin {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Manifest => tr!("the manifest (`organization`)", "清单（`organization`）"),
            Self::Variable => tr!("DINGTALK_CORP_ID", " DINGTALK_CORP_ID "),
            Self::Both => {
                tr!("the manifest (`organization`) and DINGTALK_CORP_ID", "清单（`organization`）和 DINGTALK_CORP_ID ")
            }
        }
    }
}

/// Returns where the organization was named, if it was.
pub(crate) fn origin(context: &Context, manifest: Option<&str>) -> Option<Origin> {
    match (manifest.is_some(), context.variable("DINGTALK_CORP_ID").is_some()) {
        (true, true) => Some(Origin::Both),
        (true, false) => Some(Origin::Manifest),
        (false, true) => Some(Origin::Variable),
        (false, false) => None,
    }
}

/// Returns on whose behalf calls are made: the flag comes first, then the id that needs no call.
fn operator(context: &Context, arguments: &ConnectionArgs) -> Result<Option<Operator>, CommandError> {
    let named = arguments.user_id.as_deref().map(str::trim);
    if named.is_none()
        && let Some(union_id) = variable::value(context, "DINGTALK_UNION_ID")?
    {
        return Ok(Some(Operator::UnionId(union_id.to_owned())));
    }
    let user_id = if named.is_some() { named } else { variable::value(context, "DINGTALK_USER_ID")? };
    let Some(user_id) = user_id else { return Ok(None) };
    let directory = directory(context, arguments)?;
    Ok(Some(Operator::UserId { user_id: user_id.to_owned(), directory }))
}

fn grant(context: &Context, organization: Option<&str>) -> Result<Option<Grant>, CommandError> {
    if let Some(token) = secret(context, "DINGTALK_ACCESS_TOKEN")? {
        return Ok(Some(Grant::Token(token)));
    }
    let client_secret = secret(context, "DINGTALK_CLIENT_SECRET")?;
    let (Some(client_id), Some(client_secret)) = (variable::value(context, "DINGTALK_CLIENT_ID")?, client_secret)
    else {
        return Ok(None);
    };
    let corp_id = self::organization(context, organization)?;
    Ok(Some(Grant::App { client_id: client_id.to_owned(), client_secret, corp_id }))
}

/// Returns a secret from a variable, or from the file that the variable with `_FILE` names.
fn secret(context: &Context, name: &str) -> Result<Option<SecretString>, CommandError> {
    if let Some(value) = variable::value(context, name)? {
        return Ok(Some(SecretString::from(value)));
    }
    let Some(file) = context.variable(&format!("{name}_FILE")) else { return Ok(None) };
    match read_secret(file) {
        Ok(text) if !bare(&text).is_empty() => match variable::flaw(bare(&text)) {
            None => Ok(Some(SecretString::from(bare(&text)))),
            Some(flaw) => Err(variable::unusable(
                &format!("{name}_FILE"),
                &localized!("the text of its file {flaw}", "文件的内容{flaw}"),
            )),
        },
        // The value is not repeated: somebody may have put the secret itself there.
        Ok(_) => Err(CommandError::input(localized!(
            "the file that {name}_FILE names is empty",
            "{name}_FILE 所指的文件是空的"
        ))),
        Err(error) => Err(CommandError::input(localized!(
            "cannot read the file that {name}_FILE names",
            "无法读取 {name}_FILE 所指的文件"
        ))
        .because(&error)
        .hint(localized!(
            "{name}_FILE is for the path of a file; a secret itself belongs in {name}",
            "{name}_FILE 应为文件的路径；密钥本身请放在 {name} 中"
        ))),
    }
}

/// Reads a file with a secret, which may be a link or a pipe, but not an endless device.
fn read_secret(file: &str) -> io::Result<String> {
    let mut text = String::new();
    match File::open(file)?.take(LARGEST_SECRET + 1).read_to_string(&mut text)? as u64 {
        0..=LARGEST_SECRET => Ok(text),
        _ => Err(Unsuitable::TooLarge(LARGEST_SECRET).into()),
    }
}

/// Removes surrounding whitespace, and the byte order mark that some editors put in front.
fn bare(text: &str) -> &str {
    text.trim_start_matches('\u{FEFF}').trim()
}

/// Names everything that is missing at once, and where it is found.
fn missing(context: &Context, has_grant: bool, has_operator: bool) -> CommandError {
    let lacks = |name: &&&str| match **name {
        "DINGTALK_UNION_ID" => !has_operator,
        "DINGTALK_CLIENT_SECRET" if context.variable("DINGTALK_CLIENT_SECRET_FILE").is_some() => false,
        name => !has_grant && context.variable(name).is_none(),
    };
    let names = ["DINGTALK_CLIENT_ID", "DINGTALK_CLIENT_SECRET", "DINGTALK_UNION_ID"];
    let lacking: Vec<&str> = names.iter().filter(lacks).copied().collect();
    let hints =
        [(!has_grant).then(where_the_app_is), (!has_operator).then(where_the_operator_is), Some(without_account())];
    let misspelled = variable::misspelled(context, &VARIABLES).into_iter().map(|(name, meant)| unread(name, meant));
    let failure = misspelled.fold(CommandError::input(not_set(&lacking)), CommandError::hint);
    hints.into_iter().flatten().fold(failure, CommandError::hint)
}

/// Returns what has to be said about variables although a run can go on: misspelled names, and a secret that is given twice.
pub(crate) fn warnings(context: &Context) -> Vec<Message> {
    let misspelled = variable::misspelled(context, &VARIABLES).into_iter().map(|(name, meant)| unread(name, meant));
    let is_set = |name: &str| context.variable(name).is_some();
    let twice = |name: &&&str| is_set(name) && is_set(&format!("{name}_FILE"));
    let doubled = ["DINGTALK_ACCESS_TOKEN", "DINGTALK_CLIENT_SECRET"];
    let doubled = doubled.iter().filter(twice).map(|name| {
        localized!("{name}_FILE has no effect, because {name} is set", "已设置 {name}，因此 {name}_FILE 不起作用")
    });
    misspelled.chain(doubled).collect()
}

fn unread(name: &str, meant: &str) -> Message {
    localized!(
        "{name} is not a variable that roomtree reads: did you mean {meant}?",
        "roomtree 不读取 {name}：是否应为 {meant}？"
    )
}

fn not_set(names: &[&str]) -> Message {
    match names {
        [rest @ .., last] if !rest.is_empty() => {
            Message::of(|| tr!(format: "{} and {last} are not set", "未设置 {} 和 {last}", rest.join(tr!(", ", "、"))))
        }
        names => localized!("{} is not set", "未设置 {}", names.concat()),
    }
}

fn where_the_app_is() -> Message {
    localized!(
        "Client ID and Client Secret are in DingTalk's developer console (open-dev.dingtalk.com): 应用开发 → the app → \
         凭证与基础信息; the secret may stand in a file (DINGTALK_CLIENT_SECRET_FILE), and a ready DINGTALK_ACCESS_TOKEN does \
         without both",
        "Client ID 和 Client Secret 见开发者后台（open-dev.dingtalk.com）的“应用开发 → 目标应用 → 凭证与基础信息”；\
         Secret 也可以放在文件中（DINGTALK_CLIENT_SECRET_FILE），或改用现成的令牌（DINGTALK_ACCESS_TOKEN）"
    )
}

fn where_the_operator_is() -> Message {
    localized!(
        "the operator is an admin of the meeting-room app (智能会议室), on whose behalf the calls are made: where the unionId is \
         not known, `--user-id USERID` (or DINGTALK_USER_ID) looks it up; the admin console (oa.dingtalk.com) shows the \
         userId: 通讯录 → 成员管理 → the person's name; the lookup needs the permission `qyapi_get_member`",
        "操作人是智能会议室的管理员，调用以其身份发起：不知道 unionId 时，可用 `--user-id USERID`（或 DINGTALK_USER_ID）查询；\
         userId 见管理后台（oa.dingtalk.com）的“通讯录 → 成员管理 → 姓名”；查询需要 `qyapi_get_member` 权限"
    )
}

fn without_account() -> Message {
    localized!(
        "without an account: add --sandbox, or plan with --offline",
        "没有账号也能试用：加上 `--sandbox`，或用 `plan --offline`"
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::args::ConnectionArgs;
    use crate::cli::credentials::{idle, not_set};
    use crate::i18n::Message;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        connection: ConnectionArgs,
    }

    fn line(words: &[&str]) -> ConnectionArgs {
        Line::parse_from([&["roomtree"], words].concat()).connection
    }

    #[test]
    fn a_token_leaves_the_app_without_effect_and_a_variable_its_file() {
        let app = ["DINGTALK_UNION_ID", "DINGTALK_CLIENT_ID", "DINGTALK_CLIENT_SECRET_FILE"];
        let none = line(&[]);
        assert_eq!(idle(&app, &none), [""; 0]);
        assert_eq!(idle(&[&app[..], &["DINGTALK_ACCESS_TOKEN_FILE"]].concat(), &none), app[1..]);
        assert_eq!(idle(&[&app[..], &["DINGTALK_CLIENT_SECRET"]].concat(), &none), app[2..]);
    }

    #[test]
    fn a_flag_comes_before_its_variable_and_a_union_id_before_a_user_id() {
        let (union_id, user_id, oapi) = ("DINGTALK_UNION_ID", "DINGTALK_USER_ID", "DINGTALK_OAPI_ENDPOINT");
        let all = [union_id, user_id, oapi];
        assert_eq!(idle(&all, &line(&[])), [user_id, oapi]);
        assert_eq!(idle(&[user_id, oapi], &line(&[])), [""; 0]);
        assert_eq!(idle(&all, &line(&["--user-id", "me"])), [union_id, user_id]);
        assert_eq!(idle(&[oapi], &line(&["--user-id", "me", "--oapi-endpoint", "https://x"])), [oapi]);
    }

    #[test]
    fn what_is_missing_is_listed_as_people_list_it() {
        assert_eq!(not_set(&["A"]), Message::new("A is not set", "未设置 A"));
        assert_eq!(not_set(&["A", "B", "C"]), Message::new("A, B and C are not set", "未设置 A、B 和 C"));
    }
}
