//! What the operating system says when something fails: its own words, and ours before them where it is a common failure.
//!
//! The system's words stay, since they are what people look up and what its administrator understands.

use std::error::Error;
use std::io::{self, ErrorKind};

use crate::i18n::Message;

/// Tells what the operating system said.
#[must_use]
pub fn said(error: &io::Error) -> Message {
    let words = error.to_string();
    match meaning(error.kind()).or_else(|| is_out_of_files(error).then_some("打开的文件过多")) {
        Some(meaning) => Message::new(words.as_str(), format!("{meaning}（{words}）")),
        None => Message::of(|| error.to_string()),
    }
}

/// The system's codes for too many open files, of the process and of the machine.
#[cfg(unix)]
const OUT_OF_FILES: [i32; 2] = [24, 23];
#[cfg(not(unix))]
const OUT_OF_FILES: [i32; 2] = [4, 4];

/// Whether an error, or one that led to it, is that too many files are open.
#[must_use]
pub fn is_out_of_files(error: &(dyn Error + 'static)) -> bool {
    let has_code = |error: &io::Error| error.raw_os_error().is_some_and(|code| OUT_OF_FILES.contains(&code));
    let is_wrapped = |error: &io::Error| error.get_ref().is_some_and(|inner| is_out_of_files(inner));
    let is_one = |error: &(dyn Error + 'static)| {
        error.downcast_ref::<io::Error>().is_some_and(|error| has_code(error) || is_wrapped(error))
    };
    std::iter::successors(Some(error), |error| (*error).source()).any(is_one)
}

/// Returns the Chinese for what people meet.
fn meaning(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "没有这个文件或文件夹",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::AlreadyExists => "已经存在",
        ErrorKind::IsADirectory => "这是一个文件夹",
        ErrorKind::NotADirectory => "路径中间的一段不是文件夹",
        ErrorKind::InvalidFilename => "文件名无效或过长",
        ErrorKind::StorageFull => "磁盘空间不足",
        ErrorKind::QuotaExceeded => "磁盘配额已用完",
        ErrorKind::FileTooLarge => "文件过大",
        ErrorKind::ReadOnlyFilesystem => "文件系统是只读的",
        ErrorKind::ResourceBusy => "正被占用",
        ErrorKind::OutOfMemory => "内存不足",
        ErrorKind::Unsupported => "系统不支持此操作",
        ErrorKind::AddrInUse => "地址已被占用",
        ErrorKind::AddrNotAvailable => "本机没有这个地址",
        ErrorKind::ConnectionRefused => "连接被拒绝",
        ErrorKind::ConnectionReset => "连接被重置",
        ErrorKind::ConnectionAborted => "连接中断",
        ErrorKind::HostUnreachable => "主机不可达",
        ErrorKind::NetworkUnreachable => "网络不可达",
        ErrorKind::NetworkDown => "网络已断开",
        ErrorKind::BrokenPipe => "对方已关闭",
        ErrorKind::TimedOut => "超时",
        ErrorKind::UnexpectedEof => "数据提前结束",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use crate::i18n::{Language, is_out_of_files, said};

    #[test]
    fn common_failures_are_told_in_chinese_before_the_words_of_the_system() {
        let error = io::Error::from_raw_os_error(2);
        assert_eq!(said(&error).within(Language::English), error.to_string());
        assert_eq!(said(&error).within(Language::Chinese), format!("没有这个文件或文件夹（{error}）"));
    }

    #[cfg(unix)]
    #[test]
    fn too_many_open_files_are_known_behind_other_errors() {
        let error = || io::Error::from_raw_os_error(24);
        assert!(is_out_of_files(&error()));
        assert!(is_out_of_files(&io::Error::other(io::Error::other(error()))));
        assert!(!is_out_of_files(&io::Error::from_raw_os_error(28)));
        assert!(said(&error()).within(Language::Chinese).starts_with("打开的文件过多"));
    }

    #[test]
    fn what_is_not_common_stays_as_it_is() {
        let error = io::Error::other("failed to lookup address information");
        assert_eq!(said(&error).within(Language::Chinese), "failed to lookup address information");
    }
}
