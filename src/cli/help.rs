//! What the help of several commands ends with.

/// How commands end.
pub(crate) const EXITS: &str = "\
Exit codes:
  0    done, or nothing to do
  1    wrong input: manifest, flags, files
  2    changes pending (plan --detailed-exitcode, fmt --check)
  3    applied in part: some actions failed, or an outcome is unknown
  4    refused: guard, conflict, lock held, another organization, not confirmed
  5    DingTalk said no or could not be reached before anything changed
  130  interrupted, state is good";

/// The variables that commands which call DingTalk read.
const ENVIRONMENT: &str = "\
Environment:
  DINGTALK_CLIENT_ID           the app's Client ID
  DINGTALK_CLIENT_SECRET       the app's Client Secret
  DINGTALK_CLIENT_SECRET_FILE  instead: a file that holds it
  DINGTALK_UNION_ID            the operator's unionId, an admin of the meeting-room app (智能会议室)
  DINGTALK_USER_ID             instead: the operator's userId, as --user-id; the unionId is looked up
  DINGTALK_CORP_ID             the organization (corpId); optional
  DINGTALK_ACCESS_TOKEN        instead of Client ID and Secret: a ready token
  DINGTALK_ACCESS_TOKEN_FILE   instead: a file that holds it
  DINGTALK_ENDPOINT            where the API is, as --endpoint; optional
  DINGTALK_OAPI_ENDPOINT       where a userId is looked up, as --oapi-endpoint; optional
With --sandbox none of them is read.
ROOMTREE_LOG sets the level of the log: `info` as -v, `debug` as -vv, or `off`.";

/// Puts the variables before what else a help ends with.
pub(crate) fn with_environment(rest: &str) -> String {
    format!("{ENVIRONMENT}\n\n{rest}")
}

#[cfg(test)]
mod tests {
    use crate::cli::credentials::VARIABLES;
    use crate::cli::help::ENVIRONMENT;

    #[test]
    fn every_variable_that_is_read_is_in_the_help() {
        assert!(VARIABLES.iter().all(|name| ENVIRONMENT.contains(&format!("  {name} "))));
        assert_eq!(ENVIRONMENT.matches("\n  DINGTALK_").count(), VARIABLES.len());
    }
}
