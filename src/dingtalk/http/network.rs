//! The environment variables that decide how an endpoint is reached, and their errors.
//!
//! Does not read the process's environment itself: the command line passes the variables in. A value that cannot be used is an
//! error, because reqwest ignores it: a request would bypass the proxy, or trust other certificates than the ones named.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::i18n::Message;
use crate::tr;

/// The values of the environment variables that decide how an endpoint is reached.
#[derive(Clone, Default)]
pub struct NetworkVariables(BTreeMap<&'static str, OsString>);

/// Why a network variable cannot be used. Passwords are redacted.
#[derive(Debug, Error)]
pub enum NetworkError {
    /// The proxy address cannot be used.
    #[error("{}", tr!(format: "{variable} is not a usable proxy: `{value}` {reason}", "{variable} 不是可用的代理：`{value}` {reason}"))]
    Proxy {
        /// The variable.
        variable: &'static str,
        /// Its value, without user and password.
        value: String,
        /// What is wrong with it.
        reason: Message,
    },
    /// An entry of `NO_PROXY` cannot be used.
    #[error("{}", tr!(format: "{variable} cannot be used: `{entry}` {reason}", "{variable} 无法使用：`{entry}` {reason}"))]
    NoProxy {
        /// The variable.
        variable: &'static str,
        /// The entry.
        entry: String,
        /// What is wrong with it.
        reason: Message,
    },
    /// The file or folder of certificates cannot be read.
    #[error("{}", tr!(
        format: "{variable} cannot be used: cannot read `{}`", "{variable} 无法使用：无法读取 `{}`", path.display()
    ))]
    UnreadableRoots {
        /// The variable.
        variable: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file or folder has no certificate in it.
    #[error("{}", tr!(
        format: "{variable} cannot be used: `{}` {reason}", "{variable} 无法使用：`{}` {reason}", path.display()
    ))]
    NoRoots {
        /// The variable.
        variable: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: Message,
    },
}

impl NetworkVariables {
    /// The variables that are read. On Unix, names in lower case are other variables than names in upper case.
    const NAMES: [&'static str; 10] = [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "NO_PROXY",
        "no_proxy",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
    ];

    /// Takes the variables from a function that returns the value of one.
    #[must_use]
    pub fn read(value: impl Fn(&str) -> Option<OsString>) -> Self {
        Self(Self::NAMES.iter().filter_map(|name| Some((*name, value(name)?))).collect())
    }

    /// Returns the first of these variables that is set to more than whitespace.
    pub(crate) fn first(&self, names: &[&str]) -> Option<(&'static str, &OsStr)> {
        let is_set = |value: &OsStr| !value.to_string_lossy().trim().is_empty();
        let find = |name: &&str| self.0.get_key_value(*name).filter(|(_, value)| is_set(value));
        names.iter().find_map(find).map(|(name, value)| (*name, value.as_os_str()))
    }
}

/// The values may contain passwords.
impl std::fmt::Debug for NetworkVariables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl NetworkError {
    /// Returns what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Proxy { .. } => tr!(
                "set it to an address such as `http://proxy.example:8080`, or unset it to connect without a proxy",
                "请设为 `http://proxy.example:8080` 这样的地址；如不使用代理，请取消该变量"
            ),
            Self::NoProxy { .. } => tr!(
                "list host names and addresses, separated by commas, such as `localhost,.example.com,10.0.0.0/8`",
                "请列出主机名和地址，以逗号分隔，例如 `localhost,.example.com,10.0.0.0/8`"
            ),
            Self::UnreadableRoots { .. } | Self::NoRoots { .. } => tr!(
                "name a file (SSL_CERT_FILE) or a folder (SSL_CERT_DIR) with PEM certificates, or unset it to use the system's",
                "请指定含有 PEM 证书的文件（SSL_CERT_FILE）或文件夹（SSL_CERT_DIR）；取消该变量则使用系统证书"
            ),
        }
    }
}
