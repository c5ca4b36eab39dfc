//! The addresses of the API, from flags and environment.

use crate::cli::args::ConnectionArgs;
use crate::cli::context::Context;
use crate::cli::failure::CommandError;
use crate::cli::variable;
use crate::dingtalk::Endpoint;
use crate::i18n::Message;
use crate::localized;

/// Returns the address of the room API.
pub(crate) fn endpoint(context: &Context, arguments: &ConnectionArgs) -> Result<Endpoint, CommandError> {
    let flag = arguments.endpoint.as_deref();
    let given = if flag.is_some() { flag } else { variable::value(context, "DINGTALK_ENDPOINT")? };
    Endpoint::parse(given.unwrap_or("https://api.dingtalk.com")).map_err(|error| {
        let place = if flag.is_some() { "--endpoint" } else { "DINGTALK_ENDPOINT" };
        CommandError::input(Message::shown(&error))
            .hint(localized!("it was given by {place}", "该地址来自 {place}"))
            .hint(localized!(
                "China: https://api.dingtalk.com; elsewhere: https://api.dingtalk.io",
                "国内为 https://api.dingtalk.com，国际版为 https://api.dingtalk.io"
            ))
    })
}

/// Returns the address that resolves a userId.
pub(crate) fn directory(context: &Context, arguments: &ConnectionArgs) -> Result<Endpoint, CommandError> {
    let flag = arguments.oapi_endpoint.as_deref();
    let given = if flag.is_some() { flag } else { variable::value(context, "DINGTALK_OAPI_ENDPOINT")? };
    let Some(given) = given else { return Ok(endpoint(context, arguments)?.directory()) };
    Endpoint::parse(given).map_err(|error| {
        CommandError::input(Message::shown(&error)).hint(localized!(
            "it was given by --oapi-endpoint or DINGTALK_OAPI_ENDPOINT; DingTalk's own is https://oapi.dingtalk.com",
            "该地址来自 `--oapi-endpoint` 或 DINGTALK_OAPI_ENDPOINT；钉钉的地址是 `https://oapi.dingtalk.com`"
        ))
    })
}
