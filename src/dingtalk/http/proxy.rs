//! Chooses the proxy of an endpoint from the environment variables that curl reads.
//!
//! Only `https` goes through a proxy, since plain `http` is for this machine alone; so HTTP_PROXY never counts, and neither does
//! the rule that CGI programs ignore it. A value that cannot be used is an error only if it decides about this endpoint: a SOCKS
//! address in ALL_PROXY does no harm where HTTPS_PROXY is set.

use std::ffi::OsStr;
use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::dingtalk::endpoint::{Endpoint, reason};
use crate::dingtalk::http::network::{NetworkError, NetworkVariables};
use crate::i18n::Message;
use crate::localized;

const PROXY: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const NO_PROXY: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// Whether a proxy is used for an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// No variable names a proxy: the operating system's settings apply on macOS and Windows, and elsewhere there is none.
    Unset,
    /// HTTP_PROXY or http_proxy names a proxy, which counts for plain `http` only.
    OtherScheme(&'static str),
    /// This variable names a proxy, but the endpoint is on this machine.
    Loopback(&'static str),
    /// The first variable names a proxy, but the second exempts the endpoint.
    Exempt(&'static str, &'static str),
    /// Every request goes through this proxy.
    Proxy(Proxy),
}

/// A proxy, and the variable that names it.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// The variable.
    pub variable: &'static str,
    url: Url,
}

impl Route {
    pub(crate) fn choose(endpoint: &Endpoint, variables: &NetworkVariables) -> Result<Self, NetworkError> {
        let Some((variable, value)) = variables.first(&PROXY) else {
            let other = variables.first(&["HTTP_PROXY", "http_proxy"]).filter(|_| !endpoint.is_plain());
            return Ok(other.map_or(Self::Unset, |(variable, _)| Self::OtherScheme(variable)));
        };
        if endpoint.is_loopback() {
            return Ok(Self::Loopback(variable));
        }
        match exemption(endpoint, variables)? {
            Some(exempting) => Ok(Self::Exempt(variable, exempting)),
            None => Proxy::parse(variable, value).map(Self::Proxy),
        }
    }

    pub(crate) const fn proxy(&self) -> Option<&Proxy> {
        match self {
            Self::Proxy(proxy) => Some(proxy),
            Self::Unset | Self::OtherScheme(_) | Self::Loopback(_) | Self::Exempt(..) => None,
        }
    }
}

impl Proxy {
    fn parse(variable: &'static str, value: &OsStr) -> Result<Self, NetworkError> {
        let lossy = value.to_string_lossy();
        let unusable = |reason| NetworkError::Proxy { variable, value: redacted(&lossy), reason };
        let text = value.to_str().ok_or_else(|| unusable(localized!("is not valid UTF-8", "不是有效的 UTF-8")))?;
        match flaw(text) {
            Some(reason) => Err(unusable(reason)),
            None => Ok(Self { variable, url: parse_url(text).map_err(unusable)? }),
        }
    }

    /// Returns the address with user and password, for the HTTP client alone.
    pub(crate) fn url(&self) -> Url {
        self.url.clone()
    }
}

/// Shows the address without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = if self.url.username().is_empty() && self.url.password().is_none() { "" } else { "***@" };
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        write!(f, "{}://{user}{host}:{port}", self.url.scheme())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({self})", self.variable)
    }
}

/// Replaces everything in front of the host: a damaged address does not show where the password begins.
fn redacted(value: &str) -> String {
    let start = value.find("://").map_or(0, |at| at + "://".len());
    match value.rfind('@') {
        Some(at) if at >= start => format!("{}***{}", &value[..start], &value[at..]),
        _ => value.to_owned(),
    }
}

/// Finds damage that a URL parser would repair silently.
fn flaw(text: &str) -> Option<Message> {
    let is_quote = |c: char| "\"'`“”‘’".contains(c);
    if text.starts_with(is_quote) || text.ends_with(is_quote) {
        Some(localized!(
            "is in quotes, which belong to the value: remove them",
            "带有引号，引号成了值的一部分：请去掉引号"
        ))
    } else if text.ends_with('\r') {
        Some(localized!("ends with a carriage return (a line ending of Windows)", "以回车符（Windows 换行符）结尾"))
    } else if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        Some(localized!("contains whitespace or control characters", "含有空白字符或控制字符"))
    } else {
        None
    }
}

/// Reads `http://host:port`, `https://…`, or `host:port` as curl does, where `http` is implied.
fn parse_url(text: &str) -> Result<Url, Message> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let mut url = Url::parse(&whole).map_err(|error| localized!("is not a URL: {}", "不是 URL：{}", reason(&error)))?;
    check_scheme(&url)?;
    check_rest(&url, text)?;
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn check_scheme(url: &Url) -> Result<(), Message> {
    match url.scheme() {
        "http" | "https" => Ok(()),
        scheme if scheme.starts_with("socks") => Err(localized!(
            "is a SOCKS proxy, which is not supported: use an HTTP proxy",
            "是 SOCKS 代理，不受支持：请使用 HTTP 代理"
        )),
        scheme => Err(localized!(
            "has the scheme `{scheme}`: only `http` and `https` are supported",
            "的协议是 `{scheme}`：只支持 `http` 和 `https`"
        )),
    }
}

fn check_rest(url: &Url, text: &str) -> Result<(), Message> {
    let has_scheme = text.contains("://");
    let end = url.as_str().splitn(4, '/').nth(3).unwrap_or_default();
    if url.port() == Some(0) || url.host_str().is_none_or(str::is_empty) {
        Err(localized!("has no usable host and port", "没有可用的主机和端口"))
    } else if end.contains('@') {
        Err(localized!(
            "has special characters in its user or password: write them percent-encoded",
            "的用户名或密码中有特殊字符：请用百分号编码"
        ))
    } else if end.ends_with(".pac") || end.ends_with(".dat") {
        Err(localized!(
            "is a proxy configuration script: name the proxy itself",
            "是代理自动配置脚本：请直接填写代理地址"
        ))
    } else if !has_scheme && !end.is_empty() {
        Err(localized!("lacks its scheme: write `http://` in front", "缺少协议：请在前面加上 `http://`"))
    } else {
        Ok(())
    }
}

/// Returns the variable that exempts an endpoint from proxies, if one does.
fn exemption(endpoint: &Endpoint, variables: &NetworkVariables) -> Result<Option<&'static str>, NetworkError> {
    let Some((variable, value)) = variables.first(&NO_PROXY) else { return Ok(None) };
    let Ok(url) = Url::parse(endpoint.as_str()) else { return Ok(None) };
    let host = url.host_str().unwrap_or_default();
    let value = value.to_string_lossy();
    let unusable = |entry: &str, reason| Err(NetworkError::NoProxy { variable, entry: redacted(entry), reason });
    let is_damaged = |c: char| "\"'`“”‘’\u{FFFD}".contains(c) || (c.is_control() && !c.is_whitespace());
    if value.contains(is_damaged) {
        return unusable(&value, localized!("contains quotes or control characters", "含有引号或控制字符"));
    }
    for entry in value.split(|c: char| c == ',' || c.is_whitespace()).filter(|entry| !entry.is_empty()) {
        if exempts(entry, host, url.port_or_known_default()) {
            return Ok(Some(variable));
        }
        if entry.contains("://") && entry.to_ascii_lowercase().contains(host) {
            return unusable(entry, localized!("is a URL: write the host name alone", "是 URL：请只写主机名"));
        }
    }
    Ok(None)
}

/// Says whether an entry of `NO_PROXY` covers a host: `*`, an address, a network, or a domain with all below it.
fn exempts(entry: &str, host: &str, port: Option<u16>) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let (name, own_port) = match entry.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse::<u16>().ok()?)))
    {
        Some((name, own)) if !name.contains(':') || name.ends_with(']') => (name, Some(own)),
        _ => (entry, None),
    };
    if own_port.is_some() && own_port != port {
        return false;
    }
    let name = name.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        _ if name == "*" => true,
        Ok(address) => covers(name, address),
        Err(_) => is_within(bare, name.strip_prefix('*').unwrap_or(name)),
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    let domain = domain.trim_start_matches('.').trim_end_matches('.').to_ascii_lowercase();
    let above = host.strip_suffix(domain.as_str());
    !domain.is_empty() && above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

/// Says whether an address, or a network such as `10.0.0.0/8`, covers an address.
fn covers(network: &str, address: IpAddr) -> bool {
    let (base, bits) = network.split_once('/').map_or((network, None), |(base, bits)| (base, bits.parse::<u32>().ok()));
    let same = |base: u128, address: u128, width: u32| {
        let bits = bits.unwrap_or(width);
        bits <= width && (base ^ address).checked_shr(width - bits).unwrap_or(0) == 0
    };
    match (base.parse::<IpAddr>(), address) {
        (Ok(IpAddr::V4(base)), IpAddr::V4(address)) => same(u32::from(base).into(), u32::from(address).into(), 32),
        (Ok(IpAddr::V6(base)), IpAddr::V6(address)) => same(base.into(), address.into(), 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::dingtalk::endpoint::Endpoint;
    use crate::dingtalk::http::network::NetworkVariables;
    use crate::dingtalk::http::proxy::{Route, exempts};
    use crate::i18n::Language;

    fn choose(endpoint: &str, variables: &[(&str, &str)]) -> Result<Route, String> {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into());
        let endpoint = Endpoint::parse(endpoint).expect("an endpoint");
        Route::choose(&endpoint, &NetworkVariables::read(value)).map_err(|error| error.to_string())
    }

    fn chosen(variables: &[(&str, &str)]) -> Result<Route, String> {
        choose("https://api.dingtalk.com", variables)
    }

    fn proxy(value: &str) -> Result<String, String> {
        chosen(&[("HTTPS_PROXY", value)]).map(|route| route.proxy().map_or_else(String::new, ToString::to_string))
    }

    #[test]
    fn usable_proxy_is_shown_without_its_password() {
        for (value, shown) in [
            ("http://proxy.corp:8080", "http://proxy.corp:8080"),
            ("http://proxy.corp:8080/", "http://proxy.corp:8080"),
            ("proxy.corp:8080", "http://proxy.corp:8080"),
            ("proxy.corp", "http://proxy.corp:80"),
            ("127.0.0.1:7890", "http://127.0.0.1:7890"),
            ("[::1]:7890", "http://[::1]:7890"),
            ("https://proxy.corp", "https://proxy.corp:443"),
            ("HTTP://PROXY.corp:1", "http://proxy.corp:1"),
            ("http://user:p%40ss@proxy.corp:8080", "http://***@proxy.corp:8080"),
            ("http://user:p@ss@proxy.corp:8080", "http://***@proxy.corp:8080"),
            ("user:pass@proxy.corp:8080", "http://***@proxy.corp:8080"),
            ("http://token@proxy.corp:8080", "http://***@proxy.corp:8080"),
        ] {
            assert_eq!(proxy(value).as_deref(), Ok(shown), "{value}");
        }
    }

    #[test]
    fn unusable_proxy_is_an_error_with_its_reason() {
        for (value, reason) in [
            ("\"http://127.0.0.1:1\"", "is in quotes"),
            ("'proxy.corp:8080'", "is in quotes"),
            ("http://127.0.0.1:1\r", "ends with a carriage return"),
            ("http://127.0.0.1:1 ", "contains whitespace"),
            ("http://127.0. 0.1:1", "contains whitespace"),
            ("htp://127.0.0.1:1", "has the scheme `htp`"),
            ("socks://127.0.0.1:1/", "is a SOCKS proxy"),
            ("socks5h://127.0.0.1:1", "is a SOCKS proxy"),
            ("http://", "is not a URL: empty host"),
            ("http://proxy.corp:99999", "is not a URL: invalid port number"),
            ("proxy.corp:port", "is not a URL: invalid port number"),
            ("http://proxy.corp:0", "has no usable host and port"),
            ("http:/proxy.corp:8080", "lacks its scheme"),
            ("http://user:12/34@proxy.corp:8080", "has special characters"),
            ("http://user:12#34@proxy.corp:8080", "has special characters"),
            ("http://wpad.corp/proxy.pac", "is a proxy configuration script"),
        ] {
            let error = proxy(value).expect_err(value);
            assert!(error.starts_with("HTTPS_PROXY is not a usable proxy: `") && error.contains(reason), "{error}");
        }
    }

    #[test]
    fn error_does_not_repeat_a_password() {
        for value in ["\"http://u:hunter2@a:1\"", "htp://u:hunter2@a", "u:hunter2@a b", "http://u:1/hunter2@a:8"] {
            let error = proxy(value).expect_err(value);
            assert!(!error.contains("hunter2") && error.contains("***@a"), "{error}");
        }
    }

    #[test]
    fn error_is_reported_in_chinese() {
        let error = Language::Chinese.scope(|| proxy("htp://a:1").expect_err("no such scheme"));
        assert_eq!(error, "HTTPS_PROXY 不是可用的代理：`htp://a:1` 的协议是 `htp`：只支持 `http` 和 `https`");
    }

    #[test]
    fn variable_that_does_not_decide_stays_quiet() {
        let socks = ("ALL_PROXY", "socks5://127.0.0.1:7890");
        let good = ("https_proxy", "http://127.0.0.1:7890");
        let bad = ("HTTPS_PROXY", "\"");
        assert!(chosen(&[good, socks]).is_ok_and(|route| route.proxy().is_some()));
        assert!(chosen(&[("HTTPS_PROXY", ""), good]).is_ok_and(|route| route.proxy().is_some()));
        assert_eq!(chosen(&[("HTTPS_PROXY", " \r"), ("ALL_PROXY", "")]), Ok(Route::Unset));
        assert_eq!(chosen(&[("HTTP_PROXY", "htp://x")]), Ok(Route::OtherScheme("HTTP_PROXY")));
        assert_eq!(chosen(&[bad, ("no_proxy", "*")]), Ok(Route::Exempt("HTTPS_PROXY", "no_proxy")));
        assert_eq!(choose("http://127.0.0.1:1", &[bad]), Ok(Route::Loopback("HTTPS_PROXY")));
        assert_eq!(choose("https://localhost:1", &[bad]), Ok(Route::Loopback("HTTPS_PROXY")));
    }

    #[test]
    fn no_proxy_entry_covers_its_hosts_alone() {
        for entry in ["*", "dingtalk.com", ".dingtalk.com", "*.dingtalk.com", "API.DingTalk.com", "dingtalk.com:443"] {
            assert!(exempts(entry, "api.dingtalk.com", Some(443)), "{entry}");
        }
        for entry in ["ingtalk.com", "dingtalk.com:8443", "api", "example.com", ".", "10.0.0.0/8"] {
            assert!(!exempts(entry, "api.dingtalk.com", Some(443)), "{entry}");
        }
        for entry in ["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.1:8443"] {
            assert!(exempts(entry, "10.0.0.1", Some(8443)), "{entry}");
        }
        for entry in ["10.0.0.2", "10.0.0.2/31", "10.0.0.0/40", "::/0", "0.0.1"] {
            assert!(!exempts(entry, "10.0.0.1", Some(8443)), "{entry}");
        }
        assert!(exempts("fd00::/8", "[fd00::1]", Some(443)) && exempts("[fd00::1]:443", "[fd00::1]", Some(443)));
    }

    #[test]
    fn damaged_no_proxy_is_an_error_where_a_proxy_is_set() {
        let with = |value| chosen(&[("HTTPS_PROXY", "proxy.corp:8080"), ("NO_PROXY", value)]);
        assert!(with("\"localhost,api.dingtalk.com\"").is_err_and(|error| error.contains("contains quotes")));
        assert!(with("https://api.dingtalk.com").is_err_and(|error| error.contains("is a URL")));
        assert!(with("localhost, 127.0.0.1 .corp,*.local,169.254/16,<local>,http://other\r\n").is_ok());
        assert!(chosen(&[("NO_PROXY", "\"")]).is_ok());
    }
}
