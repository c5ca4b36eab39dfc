//! What can go wrong with the state, said with the path, and with what to do about it.
//!
//! Nothing here is ever answered by dropping a record: the files stay as they are until someone decides.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::file_lock::Unsuitable;
use crate::i18n::{Message, is_out_of_files};
use crate::state::{Holder, LedgerError};
use crate::text::OwnFile;
use crate::tr;

/// What was tried on a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reading it.
    Read,
    /// Making it.
    Create,
    /// Writing to it.
    Write,
    /// Cutting off its torn end.
    Cut,
    /// Waiting until what was written is on the disk.
    Sync,
    /// Giving it its name.
    Rename,
    /// Removing it.
    Remove,
    /// Waiting until the names in the folder are on the disk.
    SyncFolder,
    /// Taking the lock.
    Lock,
}

/// Why the state cannot be used or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// Another run holds the lock.
    #[error("{}", locked(path, holder.as_ref()))]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// Who holds it, if that can be read.
        holder: Option<Holder>,
    },
    /// The file was written by a newer roomtree.
    #[error("{}", tr!(
        format: "`{}` has format {format}, this roomtree knows formats up to {known}",
        "`{}` 的格式是 {format}，而此版本的 roomtree 最高只支持格式 {known}", path.display()
    ))]
    Newer {
        /// The state file or the journal.
        path: PathBuf,
        /// The format of the file.
        format: u64,
        /// The newest format known here.
        known: u64,
    },
    /// The file is not what roomtree wrote.
    #[error("{}", tr!(
        format: "`{}` is damaged at line {line}, column {column}: {flaw}",
        "`{}` 在第 {line} 行第 {column} 列损坏：{flaw}", path.display()
    ))]
    Damaged {
        /// The state file or the journal.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes; 0 when the whole line is meant.
        column: usize,
        /// What is wrong there.
        flaw: Message,
    },
    /// Another file of roomtree was given as the state.
    #[error("{}", file.instead_of_state(&path.display().to_string()))]
    OtherFile {
        /// The file.
        path: PathBuf,
        /// What it is.
        file: OwnFile,
    },
    /// The file has conflict markers of a merge.
    #[error("{}", tr!(
        format: "`{}` has a conflict marker of an unresolved merge at line {line}",
        "`{}` 的第 {line} 行有未解决的合并冲突标记", path.display()
    ))]
    Unmerged {
        /// The state file or the journal.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// A journal whose lines are whole but contradict each other or the state.
    #[error("{}", tr!(
        format: "`{}` is damaged at line {line}: it contradicts what is recorded",
        "`{}` 在第 {line} 行损坏：与已有记录矛盾", path.display()
    ))]
    Contradicted {
        /// The journal.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// The contradiction.
        source: LedgerError,
    },
    /// The state belongs to something else than this run is about.
    #[error("{}", tr!(
        format: "`{}` belongs to {} `{recorded}`, this run is about `{wanted}`",
        "`{}` 属于{} `{recorded}`，而本次运行针对的是 `{wanted}`", path.display(), owner(what)
    ))]
    Foreign {
        /// The state file.
        path: PathBuf,
        /// `endpoint`, `organization` or `root`.
        what: &'static str,
        /// What the state file says.
        recorded: String,
        /// What this run is about.
        wanted: String,
    },
    /// The journal continues another state than the one beside it.
    #[error("{}", tr!(
        format: "`{}` continues {extends}, but the state beside it is {found}",
        "`{}` 接续的是{extends}，而它旁边的状态文件是{found}", path.display()
    ))]
    Apart {
        /// The journal.
        path: PathBuf,
        /// Lineage and serial of the state that the journal continues.
        extends: Message,
        /// Lineage and serial of the state file.
        found: Message,
    },
    /// The state file was exchanged while the run had it.
    #[error("{}", tr!(
        format: "`{}` was changed by something else while this run lasted",
        "运行期间，`{}` 被其他程序改动", path.display()
    ))]
    Exchanged {
        /// The state file.
        path: PathBuf,
    },
    /// The lock file or the journal was removed or replaced while the run had it.
    #[error("{}", tr!(
        format: "`{}` was removed or replaced while this run lasted",
        "运行期间，`{}` 被删除或替换", path.display()
    ))]
    Removed {
        /// The lock file or the journal.
        path: PathBuf,
    },
    /// Another file took the journal's place while the run had it. The state was written, and that file was not touched.
    #[error("{}", tr!(
        format: "`{}` was replaced while this run lasted; the state was written, and that file was left alone",
        "运行期间，`{}` 被替换；状态已写入，该文件未被改动", path.display()
    ))]
    JournalReplaced {
        /// The journal.
        path: PathBuf,
        /// How many calls have an unknown outcome, which only the replaced journal had.
        open: usize,
    },
    /// A folder, a FIFO, a device, a symbolic link to nothing, or a link in place of the lock or the journal.
    #[error("{}", tr!(format: "`{}` is not a file", "`{}` 不是文件", path.display()))]
    NotAFile {
        /// The file in question.
        path: PathBuf,
    },
    /// A file larger than any that roomtree writes.
    #[error("{}", tr!(format: "`{}` is larger than {} MiB", "`{}` 超过 {} MiB", path.display(), limit >> 20))]
    TooLarge {
        /// The file in question.
        path: PathBuf,
        /// The most bytes that it may have.
        limit: u64,
    },
    /// Another program's file has the name of the lock file.
    #[error("{}", tr!(format: "`{}` is not a lock file of roomtree", "`{}` 不是 roomtree 的锁文件", path.display()))]
    ForeignLock {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}", tr!(format: "cannot {step} `{0}`", "`{0}` 无法{step}", path.display()))]
    Disk {
        /// What was tried.
        step: Step,
        /// On what.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// An earlier write to the journal failed: what it holds from there on is not known, so nothing more is written to it.
    #[error("{}", tr!(
        format: "nothing more can be written to `{}` since an earlier write to it failed",
        "此前写入 `{}` 失败，不能再继续写入", path.display()
    ))]
    Poisoned {
        /// The journal.
        path: PathBuf,
    },
}

/// What a [`StateError`] means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateErrorKind {
    /// Going on would be wrong: the lock is held, or the state is another's, or a newer or an older one.
    Refused,
    /// The files cannot be read or are damaged.
    Input,
    /// Writing failed.
    Disk,
}

impl StateError {
    /// Sorts the error by what it means for the run.
    #[must_use]
    pub fn kind(&self) -> StateErrorKind {
        match self {
            Self::Locked { .. } | Self::Newer { .. } | Self::Foreign { .. } => StateErrorKind::Refused,
            Self::Apart { .. } | Self::Exchanged { .. } | Self::Removed { .. } => StateErrorKind::Refused,
            Self::JournalReplaced { .. } => StateErrorKind::Refused,
            Self::Damaged { .. } | Self::Contradicted { .. } | Self::NotAFile { .. } => StateErrorKind::Input,
            Self::TooLarge { .. } | Self::ForeignLock { .. } | Self::Unmerged { .. } => StateErrorKind::Input,
            Self::OtherFile { .. } => StateErrorKind::Input,
            Self::Disk { step: Step::Read, .. } => StateErrorKind::Input,
            Self::Disk { .. } | Self::Poisoned { .. } => StateErrorKind::Disk,
        }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Locked { .. } => tr!(
                "wait until it has ended; the lock ends with its process, and a file that is left behind locks nothing",
                "等它结束；锁随其进程一同消失，残留的锁文件不起作用"
            ),
            Self::Newer { .. } => tr!("upgrade roomtree; nothing was touched", "请升级 roomtree；没有改动任何文件"),
            Self::Damaged { .. } | Self::Contradicted { .. } => tr!(
                "restore the file from version control, or run `roomtree state rebuild MANIFEST` to make it anew from DingTalk",
                "从版本库恢复该文件，或运行 `roomtree state rebuild <清单>` 根据钉钉重新生成"
            ),
            Self::OtherFile { file, .. } => file.usage(),
            Self::Unmerged { .. } => tr!(
                "keep the file of one side (`git checkout --ours` or `--theirs`), then run `roomtree state rebuild MANIFEST`",
                "保留其中一方的文件（`git checkout --ours` 或 `--theirs`），再运行 `roomtree state rebuild <清单>`"
            ),
            Self::Foreign { .. } => tr!(
                "use the credentials and the manifest this state was made with, or another `--state`",
                "使用创建该状态文件时的凭证和清单，或用 `--state` 指定另一个"
            ),
            Self::Apart { .. } => tr!(
                "if an older state file was restored, put the newer one back; if the files come from different folders, \
                 part them; or run `roomtree state rebuild MANIFEST`",
                "如果恢复了旧的状态文件，请换回新的；如果两个文件来自不同文件夹，请分开；或运行 `roomtree state rebuild <清单>`"
            ),
            Self::Exchanged { .. } => tr!(
                "put the former state file back; the journal beside it holds what this run did",
                "请换回原来的状态文件；旁边的日志文件记着本次运行所做的改动"
            ),
            Self::NotAFile { .. } => tr!(
                "name a regular file (the state's with `--state`), or remove the folder, link or device at this path",
                "请指定普通文件（状态用 `--state`），或移走占用该路径的文件夹、链接或设备"
            ),
            Self::Removed { .. } => tr!(
                "run it again; leave the lock file and the journal in place while a run lasts",
                "请重新运行；运行期间不要删除锁文件和日志文件"
            ),
            Self::JournalReplaced { open: 0, .. } => {
                tr!("move that file away, then run again", "请移走该文件，然后重新运行")
            }
            Self::JournalReplaced { .. } => tr!(
                "move that file away and wait a minute; then look for duplicates with `roomtree doctor`, since calls with an unknown \
                 outcome were recorded in the replaced journal only",
                "请移走该文件并等待一分钟，然后用 `roomtree doctor` 检查重名分组：结果未知的调用只记录在被替换的日志中"
            ),
            Self::TooLarge { .. } => tr!(
                "check that the path is right, or name another state with `--state`",
                "检查路径是否正确，或用 `--state` 指定另一个状态文件"
            ),
            Self::ForeignLock { .. } => tr!(
                "move that file away, or name another state with `--state`",
                "移走该文件，或用 `--state` 指定另一个状态文件"
            ),
            Self::Disk { source, .. } if is_out_of_files(source) => out_of_files(),
            Self::Disk { source, .. } => disk_remedy(source.kind()),
            Self::Poisoned { .. } => tr!(
                "see the first error; run again once it is settled, what was recorded is kept",
                "请看第一个错误；解决后重新运行，已记录的不会丢失"
            ),
        }
    }

    /// Reports a failed step.
    pub(super) fn disk(step: Step, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match Unsuitable::of(&source) {
            Some(Unsuitable::NotRegular) => Self::NotAFile { path },
            Some(Unsuitable::TooLarge(limit)) => Self::TooLarge { path, limit },
            Some(Unsuitable::Foreign) => Self::ForeignLock { path },
            None => Self::Disk { step, path, source },
        }
    }
}

fn locked(path: &Path, holder: Option<&Holder>) -> String {
    let path = path.display();
    match holder {
        Some(holder) => tr!(
            format: "another run holds the lock `{path}`: {holder}",
            "另一次运行持有锁 `{path}`：{holder}"
        ),
        None => tr!(format: "another run holds the lock `{path}`", "另一次运行持有锁 `{path}`"),
    }
}

/// Returns the word for what a state belongs to.
fn owner(what: &'static str) -> &'static str {
    match what {
        "endpoint" => tr!("endpoint", "接口地址"),
        "organization" => tr!("organization", "企业"),
        "root" => tr!("root", "根分组"),
        other => other,
    }
}

/// Returns how to permit more open files.
fn out_of_files() -> &'static str {
    tr!(
        "raise the limit of open files (`ulimit -n`) and run again; what was recorded is kept",
        "请提高可打开文件数的上限（`ulimit -n`）后重新运行；已记录的不会丢失"
    )
}

fn disk_remedy(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => {
            tr!(
                "make the folder first, or name another one (the state's with `--state`)",
                "先创建文件夹，或另行指定（状态用 `--state`）"
            )
        }
        io::ErrorKind::PermissionDenied => tr!(
            "allow reading and writing there, or name another place (the state's with `--state`)",
            "给予读写权限，或另行指定位置（状态用 `--state`）"
        ),
        io::ErrorKind::ReadOnlyFilesystem => tr!(
            "the file system is read-only: name another place (the state's with `--state`)",
            "文件系统是只读的：请另行指定位置（状态用 `--state`）"
        ),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            tr!("make room and run again; what was recorded is kept", "腾出空间后重新运行；已记录的不会丢失")
        }
        io::ErrorKind::Unsupported => tr!(
            "this file system cannot do that: name a local folder with `--state`",
            "这个文件系统不支持此操作：用 `--state` 指定一个本地文件夹"
        ),
        io::ErrorKind::IsADirectory => tr!(
            "a folder stands where a file should be: remove it, or name another `--state`",
            "本应是文件的位置上是一个文件夹：移走它，或用 `--state` 另行指定"
        ),
        _ => tr!("check the disk and run again; what was recorded is kept", "检查磁盘后重新运行；已记录的不会丢失"),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use crate::i18n::Language;
    use crate::state::error::Step;
    use crate::state::{Holder, StateError, StateErrorKind};

    #[test]
    fn errors_are_told_in_chinese() {
        let holder = Holder { pid: 7, host: "ci".to_owned(), command: "roomtree apply".to_owned(), since: None };
        let locked = StateError::Locked { path: "a.lock".into(), holder: Some(holder) };
        let full = StateError::disk(Step::Write, Path::new("a"))(io::ErrorKind::StorageFull.into());
        Language::Chinese.scope(|| {
            assert_eq!(locked.to_string(), "另一次运行持有锁 `a.lock`：`roomtree apply`，ci 上的进程 7");
            assert_eq!(full.to_string(), "`a` 无法写入");
            assert_eq!(full.remedy(), "腾出空间后重新运行；已记录的不会丢失");
        });
    }

    #[cfg(unix)]
    #[test]
    fn too_many_open_files_name_the_limit() {
        let error = StateError::disk(Step::Create, Path::new("a"))(io::Error::from_raw_os_error(24));
        assert!(error.remedy().contains("`ulimit -n`"), "{}", error.remedy());
        let full = StateError::disk(Step::Create, Path::new("a"))(io::Error::from_raw_os_error(28));
        assert!(full.remedy().starts_with("make room"), "{}", full.remedy());
    }

    #[test]
    fn a_held_lock_names_its_holder() {
        let holder = Holder { pid: 7, host: "ci".to_owned(), command: "roomtree apply".to_owned(), since: None };
        let error = StateError::Locked { path: "a.lock".into(), holder: Some(holder) };
        assert_eq!(error.to_string(), "another run holds the lock `a.lock`: `roomtree apply`, process 7 on ci");
        assert_eq!(error.kind(), StateErrorKind::Refused);
    }

    #[test]
    fn a_full_disk_says_that_nothing_is_lost() {
        let error = StateError::disk(Step::Write, Path::new("a"))(io::ErrorKind::StorageFull.into());
        assert_eq!(error.to_string(), "cannot write `a`");
        assert_eq!(error.remedy(), "make room and run again; what was recorded is kept");
        assert_eq!(error.kind(), StateErrorKind::Disk);
    }
}
