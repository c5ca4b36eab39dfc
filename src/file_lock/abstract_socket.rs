//! Holds a name in the kernel that no change of the file system takes away.
//!
//! `git clean -xdf` removes a lock file during a run, and a second run would lock a new one. On Linux a socket is therefore bound
//! to an abstract address as well; it ends with the process. Other systems have no such address: on Windows a held file cannot be
//! removed, elsewhere a run notices at the next record that its files are gone. Containers with networks of their own do not
//! see each other's addresses; between them the lock file alone counts.

use std::path::Path;

/// The names that belong to a file, held until this is dropped.
#[derive(Debug)]
pub(super) struct HeldNames {
    _names: system::Names,
}

impl HeldNames {
    /// Holds the names of a file; `None` if another process holds one of them.
    pub(super) fn take(path: &Path) -> Option<Self> {
        system::take(path).map(|names| Self { _names: names })
    }
}

/// Says whether a process holds a name of the file.
pub(super) fn is_held(path: &Path) -> bool {
    system::is_held(path)
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::io;
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};
    use std::path::Path;

    use sha2::{Digest, Sha256};

    pub(super) type Names = Vec<UnixDatagram>;

    /// A system that permits no sockets leaves the lock file as the only lock.
    pub(super) fn take(path: &Path) -> Option<Names> {
        let mut names = Names::new();
        for address in addresses(path) {
            match UnixDatagram::bind_addr(&address) {
                Ok(socket) => names.push(socket),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => return None,
                Err(_) => {}
            }
        }
        Some(names)
    }

    /// Connecting holds nothing, so that a look never keeps a run out.
    pub(super) fn is_held(path: &Path) -> bool {
        let reaches = |address| UnixDatagram::unbound()?.connect_addr(&address);
        addresses(path).any(|address| reaches(address).is_ok())
    }

    /// The folder counts by its identity, in case it is renamed, and by its place, in case another folder takes the place.
    fn addresses(path: &Path) -> impl Iterator<Item = SocketAddr> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().unwrap_or_default().as_bytes();
        let keys = [identity(folder), place(folder)];
        keys.into_iter().flatten().filter_map(|key| address(&[&key, name]))
    }

    /// The number of a removed folder can be given to a new one; the time of creation distinguishes them.
    fn identity(folder: &Path) -> Option<Vec<u8>> {
        let found = fs::metadata(folder).ok()?;
        Some(format!("{}:{}:{:?}", found.dev(), found.ino(), found.created().ok()).into_bytes())
    }

    /// The same path means another folder in another container.
    fn place(folder: &Path) -> Option<Vec<u8>> {
        let container = fs::read_link("/proc/self/ns/mnt").ok()?;
        let folder = fs::canonicalize(folder).ok()?;
        Some([container.as_os_str().as_bytes(), b"\0", folder.as_os_str().as_bytes()].concat())
    }

    fn address(parts: &[&[u8]]) -> Option<SocketAddr> {
        let digest = Sha256::digest(parts.join(&0));
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        SocketAddr::from_abstract_name(format!("roomtree-{digest}")).ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::path::Path;

    pub(super) type Names = ();

    #[expect(clippy::unnecessary_wraps, reason = "Linux may refuse")]
    pub(super) fn take(_path: &Path) -> Option<Names> {
        Some(())
    }

    pub(super) fn is_held(_path: &Path) -> bool {
        false
    }
}
