//! Loads the root certificates: those that SSL_CERT_FILE and SSL_CERT_DIR name, the system's, or the built-in ones.
//!
//! The variables replace the system's store, on every system. Without them, the store of macOS and Windows is left to the
//! operating system's verifier; elsewhere it is a file or a folder. A container without any gets the roots that Mozilla publishes.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use reqwest::Certificate;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::dingtalk::http::network::{NetworkError, NetworkVariables};
use crate::i18n::Message;
use crate::localized;

const FILE: &str = "SSL_CERT_FILE";
const FOLDER: &str = "SSL_CERT_DIR";

/// Root certificates, and their source.
#[derive(Clone, Debug)]
pub struct Roots {
    /// Where they come from.
    pub source: RootSource,
    /// `None` if the operating system verifies by itself.
    pub(crate) certificates: Option<Vec<Certificate>>,
}

/// Where root certificates come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RootSource {
    /// The store of the operating system: a file or a folder, if it is one.
    System(Option<PathBuf>),
    /// The files and folders that variables name, with the names of the variables.
    Variables(Vec<(&'static str, PathBuf)>),
    /// The roots that Mozilla publishes, built into the program: the system has none.
    BuiltIn,
}

impl Roots {
    pub(crate) fn load(variables: &NetworkVariables) -> Result<Self, NetworkError> {
        match (variables.first(&[FILE]), variables.first(&[FOLDER])) {
            (None, None) => Ok(system()),
            (file, folder) => named(file.map(|(_, file)| file), folder.map(|(_, folder)| folder)),
        }
    }

    pub(crate) fn built_in() -> Self {
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        let certificates = roots.filter_map(|der| Certificate::from_der(der).ok()).collect();
        Self { source: RootSource::BuiltIn, certificates: Some(certificates) }
    }
}

/// Loads what the variables name.
fn named(file: Option<&OsStr>, folder: Option<&OsStr>) -> Result<Roots, NetworkError> {
    let (mut found, mut paths) = (Vec::new(), Vec::new());
    if let Some(file) = file.map(PathBuf::from) {
        found.extend(from_file(&file)?);
        paths.push((FILE, file));
    }
    for folder in folder.into_iter().flat_map(std::env::split_paths).filter(|path| !path.as_os_str().is_empty()) {
        paths.push((FOLDER, folder));
    }
    let folders: Vec<&PathBuf> = paths.iter().filter(|(name, _)| *name == FOLDER).map(|(_, path)| path).collect();
    found.extend(from_folders(&folders, found.is_empty())?);
    Ok(Roots { source: RootSource::Variables(paths), certificates: Some(found) })
}

fn from_file(file: &Path) -> Result<Vec<Certificate>, NetworkError> {
    let unreadable = |source| NetworkError::UnreadableRoots { variable: FILE, path: file.to_owned(), source };
    let no_roots = |reason| NetworkError::NoRoots { variable: FILE, path: file.to_owned(), reason };
    let metadata = fs::metadata(file).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(no_roots(localized!("is a folder, not a file", "是文件夹，不是文件")));
    }
    // A device or a pipe might never end.
    if !metadata.is_file() {
        return Err(no_roots(localized!("is not a regular file", "不是普通文件")));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    let found = parsed(&bytes);
    if found.is_empty() { Err(no_roots(flaw(&bytes))) } else { Ok(found) }
}

/// Says why a file has no usable certificate.
fn flaw(pem: &[u8]) -> Message {
    match CertificateDer::pem_slice_iter(pem).next() {
        None => no_pem(),
        Some(Ok(_)) => {
            localized!(
                "has a PEM certificate that is damaged or cannot be a root",
                "中的 PEM 证书已损坏，或不能用作根证书"
            )
        }
        Some(Err(error)) => {
            let error = error.to_string();
            localized!("has a damaged PEM certificate ({error})", "中的 PEM 证书已损坏（{error}）")
        }
    }
}

fn no_pem() -> Message {
    localized!("contains no PEM certificate", "中没有 PEM 证书")
}

/// Loads folders, of which some may be missing, as OpenSSL does. If none exists, or if there is no certificate at all
/// though one is required, the variable is an error.
fn from_folders(folders: &[&PathBuf], is_required: bool) -> Result<Vec<Certificate>, NetworkError> {
    let (mut found, mut existing, mut missing) = (Vec::new(), None, None);
    for folder in folders {
        match fs::read_dir(folder) {
            Ok(entries) => {
                existing = Some((*folder).clone());
                found.extend(
                    entries.filter_map(Result::ok).flat_map(|entry| from_file(&entry.path()).unwrap_or_default()),
                );
            }
            Err(source) => missing = Some(((*folder).clone(), source)),
        }
    }
    match (existing, missing) {
        (None, Some((path, source))) => Err(NetworkError::UnreadableRoots { variable: FOLDER, path, source }),
        (Some(path), _) if found.is_empty() && is_required => {
            Err(NetworkError::NoRoots { variable: FOLDER, path, reason: no_pem() })
        }
        _ => Ok(found),
    }
}

/// Returns the certificates in a PEM text that can serve as roots; other contents are skipped, as OpenSSL does.
fn parsed(pem: &[u8]) -> Vec<Certificate> {
    let usable = |der: &CertificateDer<'static>| RootCertStore::empty().add(der.clone()).is_ok();
    let certificates = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok).filter(usable);
    certificates.filter_map(|der| Certificate::from_der(&der).ok()).collect()
}

/// Loads the system's store. An empty SSL_CERT_FILE counts as unset here, which the operating system's verifier ignores.
#[cfg(all(unix, not(target_vendor = "apple")))]
fn system() -> Roots {
    let places = openssl_probe::probe();
    let files = places.cert_file.into_iter().map(|path| (from_file(&path).unwrap_or_default(), path));
    let folders = places.cert_dir.into_iter().map(|path| (from_folders(&[&path], false).unwrap_or_default(), path));
    match files.chain(folders).find(|(found, _)| !found.is_empty()) {
        Some((found, path)) => Roots { source: RootSource::System(Some(path)), certificates: Some(found) },
        None => Roots::built_in(),
    }
}

#[cfg(not(all(unix, not(target_vendor = "apple"))))]
fn system() -> Roots {
    Roots { source: RootSource::System(None), certificates: None }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use crate::dingtalk::http::network::NetworkVariables;
    use crate::dingtalk::http::root_certificates::{FILE, FOLDER, RootSource, Roots};

    fn load(variables: &[(&str, &Path)]) -> Result<Roots, String> {
        let value = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, path)| path.into());
        Roots::load(&NetworkVariables::read(value)).map_err(|error| error.to_string())
    }

    fn count(roots: Result<Roots, String>) -> Option<usize> {
        roots.ok().and_then(|roots| roots.certificates).map(|certificates| certificates.len())
    }

    fn pem() -> String {
        let der = webpki_root_certs::TLS_SERVER_ROOT_CERTS.first().expect("there are roots");
        format!("a comment\n-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
    }

    #[test]
    fn named_certificates_replace_the_system_store() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, other) = (folder.path().join("ca.pem"), folder.path().join("other"));
        fs::create_dir(&other).expect("a folder");
        fs::write(&file, pem()).expect("a file");
        assert_eq!(count(load(&[(FILE, &file)])), Some(1));
        assert_eq!(count(load(&[(FILE, &file), (FOLDER, &other)])), Some(1));
        let both = std::env::join_paths([folder.path(), Path::new("/missing")]).expect("two paths");
        assert_eq!(count(load(&[(FOLDER, Path::new(&both))])), Some(1));
        let source = load(&[(FILE, &file)]).expect("one certificate").source;
        assert_eq!(source, RootSource::Variables(vec![(FILE, file)]));
    }

    #[test]
    fn certificates_that_cannot_be_used_are_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let (empty, text) = (folder.path().join("empty"), folder.path().join("text"));
        fs::write(&empty, "").expect("a file");
        fs::write(&text, pem().replace('M', "!")).expect("a file");
        let cut = folder.path().join("cut");
        fs::write(&cut, &pem()[..pem().len() / 2]).expect("a file");
        let other = folder.path().join("other");
        let armor = |text: &str| format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
        fs::write(&other, armor("AAAA")).expect("a file");
        for (variable, path, reason) in [
            (FILE, &*empty, "contains no PEM certificate"),
            (FILE, &*text, "has a damaged PEM certificate"),
            (FILE, &*cut, "has a damaged PEM certificate"),
            (FILE, &*other, "is damaged or cannot be a root"),
            (FILE, folder.path(), "is a folder, not a file"),
            (FOLDER, folder.path(), "contains no PEM certificate"),
        ] {
            let error = load(&[(variable, path)]).expect_err("no certificate");
            let start = format!("{variable} cannot be used: `{}` ", path.display());
            assert!(error.starts_with(&start) && error.contains(reason), "{error}");
        }
        for variable in [FILE, FOLDER] {
            let error = load(&[(variable, Path::new("/missing"))]).expect_err("no file");
            assert!(error.starts_with(variable) && error.contains("cannot read `/missing`"), "{error}");
        }
    }

    #[test]
    fn empty_variable_counts_as_unset() {
        let unset = load(&[]).expect("the system's store").source;
        assert_eq!(load(&[(FILE, Path::new("")), (FOLDER, Path::new(""))]).expect("the same").source, unset);
    }
}
