//! Files that one process holds, and files that are opened only if they are regular files.
//!
//! The state and the sandbox's data are locked and opened with this. The systems differ here alone.

mod abstract_socket;
mod lock;
mod regular_file;

pub(crate) use lock::{FileLock, Place, is_held, open_alone, place_of};
pub(crate) use regular_file::{LARGEST_FILE, Unsuitable, open as open_regular, read as read_regular};
