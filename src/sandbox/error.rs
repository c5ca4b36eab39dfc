//! Why a sandbox does not start or does not stop as it should.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

use crate::i18n::Message;
use crate::tr;

/// Why a sandbox does not start.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// The sandbox has well-known credentials: it serves this machine alone.
    #[error("{}", tr!(
        format: "the sandbox listens on loopback only, not on {}: use 127.0.0.1 or [::1]",
        "沙盒只监听本机回环地址，不能监听 {}：请用 127.0.0.1 或 [::1]", .0
    ))]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("{}", tr!(format: "cannot listen on {address}", "无法监听 {address}"))]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Another sandbox has the data file.
    #[error("{}", tr!(format: "the data file {} is in use by another sandbox", "数据文件 {} 正被另一个沙盒使用", .0.display()))]
    InUse(PathBuf),
    /// The data file cannot be read or written.
    #[error("{}", tr!(format: "cannot {action} the data file {}", "无法{action}数据文件 {}", path.display()))]
    File {
        /// What was tried.
        action: Message,
        /// The file concerned.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line of the data file, other than a torn last one, cannot be understood.
    #[error("{}", tr!(
        format: "line {line} of the data file {} is damaged: {reason}",
        "数据文件 {} 的第 {line} 行损坏：{reason}", path.display()
    ))]
    Damaged {
        /// The data file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: Message,
    },
}
