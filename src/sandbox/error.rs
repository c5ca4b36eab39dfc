//! Why a sandbox does not start or does not stop as it should.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

/// Why a sandbox does not start.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// The sandbox has well-known credentials: it serves this machine alone.
    #[error("the sandbox listens on loopback only, not on {0}: use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Another sandbox has the data file.
    #[error("the data file {} is in use by another sandbox", .0.display())]
    InUse(PathBuf),
    /// The data file cannot be read or written.
    #[error("cannot {action} the data file {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file concerned.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line of the data file, other than a torn last one, cannot be understood.
    #[error("line {line} of the data file {} is damaged: {reason}", path.display())]
    Damaged {
        /// The data file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}
