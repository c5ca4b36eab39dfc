//! Where DingTalk is: an origin, and nothing but an origin.
//!
//! A secret goes there, so it is `https`, or `http` to this machine alone. State files remember it, so it is normalized.

use std::fmt;

use reqwest::Url;
use thiserror::Error;

use crate::i18n::{Language, Message};
use crate::{localized, tr};

/// The origin that requests are sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    origin: String,
    loopback: bool,
}

/// Why a text is not an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EndpointError {
    /// No `https://` in front.
    #[error("{}", tr!(format: "the endpoint `{0}` lacks its scheme: write `https://{0}`", "接口地址 `{0}` 缺少协议：请写成 `https://{0}`", .0))]
    NoScheme(String),
    /// Not a URL at all.
    #[error("{}", tr!(format: "the endpoint `{text}` is not a URL: {reason}", "接口地址 `{text}` 不是 URL：{reason}"))]
    NotAUrl {
        /// What was given.
        text: String,
        /// What the parser says.
        reason: Message,
    },
    /// Neither `https` nor `http`.
    #[error("{}", tr!(format: "the endpoint speaks `{}`, but only `https` will do", "接口地址用的是 `{}`，只支持 `https`", .0))]
    Scheme(String),
    /// Plain text to another machine would show the secret to everyone in between.
    #[error("{}", tr!(format: "plain `http` is for this machine alone: write `https://{}`", "明文 `http` 只能用于本机：请写成 `https://{}`", .0))]
    Plain(String),
    /// A user or password in the URL. It is not repeated here.
    #[error("{}", tr!(
        "the endpoint has a user or password in it: credentials are given by environment variables",
        "接口地址中有用户名或密码：凭证应通过环境变量提供"
    ))]
    UserInfo,
    /// Something behind the host.
    #[error("{}", tr!(
        format: "the endpoint ends with its host and port, but this one goes on with `{}`",
        "接口地址应到主机和端口为止，后面却还有 `{}`", .0
    ))]
    Path(String),
}

impl Endpoint {
    /// Takes a text as an endpoint, normalizing it.
    ///
    /// # Errors
    /// [`EndpointError`] says what is wrong and how to write it.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let url = parse_url(text.trim())?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::UserInfo);
        }
        let loopback = is_loopback(&url);
        check_scheme(&url, loopback)?;
        check_end(&url)?;
        Ok(Self { origin: url.origin().ascii_serialization(), loopback })
    }

    /// Returns the origin: scheme, host, and port unless it is the usual one. It has no slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Returns where the older half of the API is that goes with this one, and the address book in it.
    ///
    /// `https://oapi.dingtalk.com` beside `https://api.dingtalk.com` (`query-user-details`). The international documentation
    /// has calls of this kind at `https://oapi.dingtalk.io`; that this one is among them is likely, but not written there. Any
    /// other address is taken to serve both, so that a token never goes to a host that nobody named.
    #[must_use]
    pub fn directory(&self) -> Self {
        let origin = match self.origin.as_str() {
            "https://api.dingtalk.com" => "https://oapi.dingtalk.com",
            "https://api.dingtalk.io" => "https://oapi.dingtalk.io",
            other => other,
        };
        Self { origin: origin.to_owned(), loopback: self.loopback }
    }

    /// Says whether it is on this machine.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    pub(crate) fn is_plain(&self) -> bool {
        self.origin.starts_with("http:")
    }
}

fn parse_url(text: &str) -> Result<Url, EndpointError> {
    if !text.contains("://") {
        let host = text.rsplit('@').next().unwrap_or(text);
        return Err(EndpointError::NoScheme(host.to_owned()));
    }
    Url::parse(text).map_err(|error| EndpointError::NotAUrl { text: without_user(text), reason: reason(&error) })
}

/// Puts what the parser says of common mistakes into Chinese too.
pub(crate) fn reason(error: &dyn fmt::Display) -> Message {
    let common = [
        localized!("empty host", "主机名为空"),
        localized!("invalid port number", "端口号无效"),
        localized!("invalid IPv4 address", "IPv4 地址无效"),
        localized!("invalid IPv6 address", "IPv6 地址无效"),
        localized!("invalid domain character", "域名中有无效字符"),
        localized!("invalid international domain name", "国际化域名无效"),
    ];
    let said = error.to_string();
    let known = common.into_iter().find(|text| text.within(Language::English) == said);
    known.unwrap_or_else(|| Message::verbatim(said))
}

fn without_user(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}{}", &text[..scheme + 3], &text[at + 1..]),
        _ => text.to_owned(),
    }
}

fn check_scheme(url: &Url, loopback: bool) -> Result<(), EndpointError> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        "http" => Err(EndpointError::Plain(url.authority().to_owned())),
        other => Err(EndpointError::Scheme(other.to_owned())),
    }
}

fn check_end(url: &Url) -> Result<(), EndpointError> {
    let end = url.as_str().splitn(4, '/').nth(3).unwrap_or_default();
    if end.is_empty() { Ok(()) } else { Err(EndpointError::Path(format!("/{end}"))) }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::endpoint::{Endpoint, EndpointError};
    use crate::i18n::Language;

    #[test]
    fn endpoints_are_normalized() {
        for (text, origin) in [
            ("https://api.dingtalk.com", "https://api.dingtalk.com"),
            (" HTTPS://API.DingTalk.com:443/ ", "https://api.dingtalk.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://localhost:80/", "http://localhost"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("https://10.0.0.1:8443", "https://10.0.0.1:8443"),
        ] {
            assert_eq!(Endpoint::parse(text).map(|endpoint| endpoint.to_string()), Ok(origin.to_owned()), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        assert!(Endpoint::parse("https://localhost").is_ok_and(|endpoint| endpoint.is_loopback()));
        assert!(Endpoint::parse("https://localhost.evil.com").is_ok_and(|endpoint| !endpoint.is_loopback()));
        assert!(Endpoint::parse("http://localhost.evil.com").is_err());
        assert!(Endpoint::parse("http://0.0.0.0:80").is_err());
    }

    #[test]
    fn what_is_not_an_origin_is_refused() {
        let plain = EndpointError::Plain("api.dingtalk.com".to_owned());
        let path = |end: &str| EndpointError::Path(end.to_owned());
        for (text, error) in [
            ("api.dingtalk.com", EndpointError::NoScheme("api.dingtalk.com".to_owned())),
            ("http://api.dingtalk.com", plain),
            ("ftp://api.dingtalk.com", EndpointError::Scheme("ftp".to_owned())),
            ("https://a:b@api.dingtalk.com", EndpointError::UserInfo),
            ("https://api.dingtalk.com/v1.0", path("/v1.0")),
            ("https://api.dingtalk.com/?a=b", path("/?a=b")),
            ("https://api.dingtalk.com#a", path("/#a")),
        ] {
            assert_eq!(Endpoint::parse(text), Err(error), "{text}");
        }
        assert!(matches!(Endpoint::parse("https://"), Err(EndpointError::NotAUrl { .. })));
    }

    #[test]
    fn the_address_book_is_beside_dingtalks_own_api_and_at_any_other_address_itself() {
        for (api, directory) in [
            ("https://api.dingtalk.com", "https://oapi.dingtalk.com"),
            ("https://api.dingtalk.io", "https://oapi.dingtalk.io"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://gateway.example", "https://gateway.example"),
        ] {
            assert_eq!(Endpoint::parse(api).map(|api| api.directory().to_string()), Ok(directory.to_owned()));
        }
    }

    #[test]
    fn what_is_wrong_is_told_in_chinese() {
        let told = |text: &str| Language::Chinese.scope(|| Endpoint::parse(text).expect_err(text).to_string());
        assert_eq!(told("api.dingtalk.com"), "接口地址 `api.dingtalk.com` 缺少协议：请写成 `https://api.dingtalk.com`");
        assert_eq!(told("https://"), "接口地址 `https://` 不是 URL：主机名为空");
        assert_eq!(told("https://a:99999"), "接口地址 `https://a:99999` 不是 URL：端口号无效");
    }

    #[test]
    fn an_error_does_not_repeat_a_password() {
        for text in ["https://user:hunter2@api.dingtalk.com", "user:hunter2@api.dingtalk.com", "https://u:hunter2@a:b"]
        {
            let error = Endpoint::parse(text).expect_err("it has a password").to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
