//! Credentials come from the environment, or from files that it names; never from the command line.

use std::fs;

use secrecy::SecretString;

use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::dingtalk::{Credentials, Grant};

/// Reads the credentials; `organization` is the corpId that the manifest names.
pub(crate) fn read(context: &Context, organization: Option<&str>) -> Result<Credentials, Failure> {
    let operator = context.variable("DINGTALK_UNION_ID").ok_or_else(|| missing("DINGTALK_UNION_ID", OPERATOR))?;
    let grant = grant(context, organization)?;
    Ok(Credentials { grant, operator: operator.to_owned() })
}

/// The variables that are looked at; which of them count, [`idle`] says.
pub(crate) const VARIABLES: [&str; 8] = [
    "DINGTALK_ENDPOINT",
    "DINGTALK_UNION_ID",
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

/// Returns those of the variables that are set which have no effect, since another comes first.
pub(crate) fn idle(set: &[&'static str]) -> Vec<&'static str> {
    let is_set = |name: &str| set.contains(&name);
    let has_token = is_set("DINGTALK_ACCESS_TOKEN") || is_set("DINGTALK_ACCESS_TOKEN_FILE");
    let is_idle = |name: &str| match name.strip_suffix("_FILE") {
        _ if name.starts_with("DINGTALK_CLIENT_") && has_token => true,
        Some(variable) => is_set(variable),
        None => false,
    };
    set.iter().copied().filter(|name| is_idle(name)).collect()
}

/// Returns the organization (corpId) that a run is about.
pub(crate) fn organization(context: &Context, manifest: Option<&str>) -> Result<Option<String>, Failure> {
    match (manifest, context.variable("DINGTALK_CORP_ID")) {
        (Some(manifest), Some(ours)) if manifest != ours => Err(Failure::refused(format!(
            "the manifest is for organization `{manifest}`, the credentials (DINGTALK_CORP_ID) are for `{ours}`"
        ))
        .hint("use the credentials of the organization that the manifest names")),
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
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Manifest => "the manifest (`organization`)",
            Self::Variable => "DINGTALK_CORP_ID",
            Self::Both => "the manifest (`organization`) and DINGTALK_CORP_ID",
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

fn grant(context: &Context, organization: Option<&str>) -> Result<Grant, Failure> {
    if let Some(token) = secret(context, "DINGTALK_ACCESS_TOKEN")? {
        return Ok(Grant::Token(token));
    }
    let client_id = context.variable("DINGTALK_CLIENT_ID").ok_or_else(|| missing("DINGTALK_CLIENT_ID", APP))?;
    let client_secret =
        secret(context, "DINGTALK_CLIENT_SECRET")?.ok_or_else(|| missing("DINGTALK_CLIENT_SECRET", APP))?;
    let corp_id = self::organization(context, organization)?;
    Ok(Grant::App { client_id: client_id.to_owned(), client_secret, corp_id })
}

/// Returns a secret from a variable, or from the file that the variable with `_FILE` names.
fn secret(context: &Context, name: &str) -> Result<Option<SecretString>, Failure> {
    if let Some(value) = context.variable(name) {
        return Ok(Some(SecretString::from(value)));
    }
    let Some(file) = context.variable(&format!("{name}_FILE")) else { return Ok(None) };
    match fs::read_to_string(file) {
        Ok(text) if !text.trim().is_empty() => Ok(Some(SecretString::from(text.trim()))),
        // The value is not repeated: somebody may have put the secret itself there.
        Ok(_) => Err(Failure::input(format!("the file that {name}_FILE names is empty"))),
        Err(error) => Err(Failure::input(format!("cannot read the file that {name}_FILE names"))
            .because(&error)
            .hint(format!("{name}_FILE is for the path of a file; a secret itself belongs in {name}"))),
    }
}

fn missing(variable: &str, hint: &str) -> Failure {
    Failure::input(format!("{variable} is not set"))
        .hint(hint)
        .hint("without an account: add --sandbox, or plan with --offline")
}

const OPERATOR: &str = "set it to the unionId of an admin of the meeting-room app (智能会议室), on whose behalf the calls are made; \
    DingTalk's address book API shows it for a userId (topapi/v2/user/get)";

const APP: &str = "set DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET (or DINGTALK_CLIENT_SECRET_FILE) from the app's page \
    \"Credentials and basic information\" (凭证与基础信息) in DingTalk's developer console, or DINGTALK_ACCESS_TOKEN to a ready token";

#[cfg(test)]
mod tests {
    use crate::cli::credentials::idle;

    #[test]
    fn a_token_leaves_the_app_without_effect_and_a_variable_its_file() {
        let app = ["DINGTALK_UNION_ID", "DINGTALK_CLIENT_ID", "DINGTALK_CLIENT_SECRET_FILE"];
        assert_eq!(idle(&app), [""; 0]);
        assert_eq!(idle(&[&app[..], &["DINGTALK_ACCESS_TOKEN_FILE"]].concat()), app[1..]);
        assert_eq!(idle(&[&app[..], &["DINGTALK_CLIENT_SECRET"]].concat()), app[2..]);
    }
}
