//! Where a command goes: DingTalk, or a sandbox inside this process.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use secrecy::SecretString;

use crate::cli::args::{ConnectionArgs, ManifestArgs, SANDBOX, StateFileArgs};
use crate::cli::context::Context;
use crate::cli::credentials;
use crate::cli::credentials::Origin;
use crate::cli::failure::CommandError;
use crate::cli::run::endpoint::endpoint;
use crate::cli::run::load_manifest;
use crate::dingtalk;
use crate::dingtalk::{
    Access, Api, Client, ClientError, Credentials, Endpoint, ErrorKind, Grant, NetworkError, NetworkVariables,
    Operator, Pace, STANDARD_QPS, Settings,
};
use crate::group::GroupId;
use crate::i18n::Message;
use crate::localized;
use crate::manifest::Manifest;
use crate::sandbox;
use crate::sandbox::{Config, Sandbox};
use crate::state::Identity;

/// Where the sandbox's groups and states are kept, under the working folder.
const FOLDER: &str = ".roomtree";
/// DingTalk's code for a token call whose client and organization do not go together.
const WRONG_CLIENT: &str = "invalid.client";

/// A client, and what it talks to.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) client: Client,
    pub(crate) identity: Identity,
    /// Where the organization was named.
    origin: Option<Origin>,
    sandbox: Option<Sandbox>,
}

/// What a run is about, as far as it matters for where it goes.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) organization: Option<String>,
    pub(crate) root: GroupId,
    pub(crate) depth: u32,
}

impl Default for About {
    /// The whole organization, with the three levels that DingTalk documents.
    fn default() -> Self {
        Self { organization: None, root: GroupId::ROOT, depth: 3 }
    }
}

impl About {
    /// Takes it from a manifest.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        Self { organization: manifest.organization.clone(), root: manifest.root, depth: manifest.limits.depth }
    }
}

impl Target {
    /// Opens the way to DingTalk or starts the sandbox. No call is made yet.
    pub(crate) async fn open(
        context: &Context,
        arguments: &ConnectionArgs,
        manifest: &Manifest,
        state: &Path,
    ) -> Result<Self, CommandError> {
        Self::open_for(context, arguments, &About::of(manifest), state).await
    }

    /// Does what [`open`](Self::open) does when there is no manifest.
    pub(crate) async fn open_for(
        context: &Context,
        arguments: &ConnectionArgs,
        about: &About,
        state: &Path,
    ) -> Result<Self, CommandError> {
        if arguments.sandbox {
            Self::sandbox(arguments, about, state).await
        } else {
            Self::dingtalk(context, arguments, about)
        }
    }

    fn dingtalk(context: &Context, arguments: &ConnectionArgs, about: &About) -> Result<Self, CommandError> {
        credentials::warnings(context).iter().for_each(|warning| {
            context.terminal.note(&localized!("warning: {warning}", "警告：{warning}").to_string());
        });
        let endpoint = endpoint(context, arguments)?;
        let organization = credentials::organization(context, about.organization.as_deref())?;
        let credentials = credentials::read(context, arguments, about.organization.as_deref())?;
        let identity = Identity { endpoint: endpoint.as_str().to_owned(), organization, root: about.root };
        let origin = credentials::origin(context, about.organization.as_deref());
        Ok(Self {
            client: client(&endpoint, credentials, arguments, &context.network)?,
            identity,
            origin,
            sandbox: None,
        })
    }

    async fn sandbox(arguments: &ConnectionArgs, about: &About, state: &Path) -> Result<Self, CommandError> {
        let data = Some(Path::new(FOLDER).join("sandbox.jsonl"));
        let corp_id = about.organization.clone().unwrap_or_else(|| Config::default().corp_id);
        let rate = sandbox_rate(arguments);
        let config = Config { data, corp_id, depth: about.depth.max(3), rate, ..Config::default() };
        let credentials = sandbox_credentials(&config);
        prepare_folder(state)?;
        let sandbox = Sandbox::start(config).await.map_err(|error| {
            CommandError::input(localized!("the sandbox cannot be started", "无法启动沙盒")).because(&error)
        })?;
        let endpoint = Endpoint::parse(&sandbox.url()).map_err(|error| {
            CommandError::input(localized!("the sandbox has no address", "沙盒没有地址")).because(&error)
        })?;
        let organization = about.organization.clone();
        let identity = Identity { endpoint: SANDBOX.to_owned(), organization, root: about.root };
        let client = client(&endpoint, credentials, arguments, &NetworkVariables::default())?;
        Ok(Self { client, identity, origin: None, sandbox: Some(sandbox) })
    }

    /// Tells of a call that failed; what DingTalk says of an organization that it does not know does not say where that was named.
    pub(crate) fn failure(&self, failure: &dingtalk::ApiError) -> CommandError {
        let told = CommandError::from(failure.clone());
        match (&self.identity.organization, self.origin) {
            (Some(organization), Some(origin)) if may_be_the_organization(failure) => told.hint(localized!(
                "the organization `{organization}` was named by {}: is it that of the app?",
                "企业 `{organization}` 由{}指定：它是该应用所属的企业吗？",
                origin.word()
            )),
            _ => told,
        }
    }

    /// Stops the sandbox, if there is one.
    pub(crate) async fn close(self) {
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
    }
}

/// Says whether a token call may have failed for the organization that it names. That it answers a corpId which it does not know
/// with its own failure is not documented, but has been seen.
fn may_be_the_organization(failure: &dingtalk::ApiError) -> bool {
    let is_own_failure = failure.api == Api::Token && failure.kind == ErrorKind::Server;
    is_own_failure || failure.code.as_deref() == Some(WRONG_CLIENT)
}

/// Returns the state file of a manifest: the one that was named, or the one beside it, or in the sandbox's folder.
pub(crate) fn state_path(
    manifest: &ManifestArgs,
    state: &StateFileArgs,
    is_sandbox: bool,
) -> Result<PathBuf, CommandError> {
    match &state.state {
        Some(path) => Ok(path.clone()),
        None if is_sandbox => Ok(in_folder(&load_manifest::state_beside(manifest)?)),
        None => load_manifest::state_beside(manifest),
    }
}

/// Returns the place in the sandbox's folder that stands for a path, so that two manifests never share a state.
fn in_folder(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let here = std::env::current_dir().unwrap_or_default();
    let rest = whole.strip_prefix(&here).unwrap_or(&whole);
    let names = rest.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name),
        Component::ParentDir => Some(std::ffi::OsStr::new("up")),
        Component::Prefix(_) | Component::RootDir | Component::CurDir => None,
    });
    names.fold(Path::new(FOLDER).join("states"), |place, name| place.join(name))
}

/// Makes the sandbox's folder, with a note that keeps it out of version control.
fn prepare_folder(state: &Path) -> Result<(), CommandError> {
    let note = Path::new(FOLDER).join(".gitignore");
    let states = state.parent().filter(|parent| parent.starts_with(FOLDER));
    let made = std::fs::create_dir_all(states.unwrap_or(Path::new(FOLDER)));
    let noted = made.and_then(|()| write_note(&note));
    noted.map_err(|error| {
        CommandError::input(localized!(
            "the sandbox's folder `{FOLDER}` cannot be made here",
            "无法在此创建沙盒的文件夹 `{FOLDER}`"
        ))
        .because(&error)
    })
}

/// Writes the note unless its name is taken. A new file is never written through a symbolic link.
fn write_note(note: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).open(note) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created?.write_all(b"*\n"),
    }
}

/// Says whether somebody said where the API is.
pub(crate) fn names_endpoint(context: &Context, arguments: &ConnectionArgs) -> bool {
    arguments.sandbox || arguments.endpoint.is_some() || context.variable("DINGTALK_ENDPOINT").is_some()
}

/// Returns whom a run without a connection is about.
pub(crate) fn identity(
    context: &Context,
    arguments: &ConnectionArgs,
    manifest: &Manifest,
) -> Result<Identity, CommandError> {
    let organization = match arguments.sandbox {
        true => manifest.organization.clone(),
        false => credentials::organization(context, manifest.organization.as_deref())?,
    };
    Ok(Identity { endpoint: address(context, arguments)?, organization, root: manifest.root })
}

/// Returns the address that a run without a connection is about, as the state writes it.
pub(crate) fn address(context: &Context, arguments: &ConnectionArgs) -> Result<String, CommandError> {
    if arguments.sandbox { Ok(SANDBOX.to_owned()) } else { Ok(endpoint(context, arguments)?.as_str().to_owned()) }
}

fn client(
    endpoint: &Endpoint,
    credentials: Credentials,
    arguments: &ConnectionArgs,
    network: &NetworkVariables,
) -> Result<Client, CommandError> {
    let settings = Settings { pace: arguments.qps.0, timeout: arguments.timeout.0, ..Settings::default() };
    Client::new(endpoint, credentials, settings, network).map_err(|error| match error {
        ClientError::Network(error) => unusable(&error),
        error => CommandError::input(localized!("no connection can be prepared", "无法建立连接")).because(&error),
    })
}

/// Reports an environment variable that decides how DingTalk is reached and cannot be used.
fn unusable(error: &NetworkError) -> CommandError {
    let failure = CommandError::input(Message::shown(error)).hint(Message::of(|| error.remedy()));
    match std::error::Error::source(error) {
        Some(source) => failure.because(source),
        None => failure,
    }
}

/// Returns how the API is reached; `None` if that is not known, since a variable or the address cannot be used.
pub(crate) fn access(context: &Context, arguments: &ConnectionArgs) -> Option<Access> {
    let endpoint = endpoint(context, arguments).ok().filter(|_| !arguments.sandbox)?;
    Access::prepare(&endpoint, &context.network).ok()
}

/// Returns the rate of the sandbox inside this process. A client that keeps to DingTalk's rate is not throttled: on a busy machine
/// calls that were sent in time may arrive together.
fn sandbox_rate(arguments: &ConnectionArgs) -> sandbox::Rate {
    match arguments.qps.0 {
        Pace::Fixed(qps) if qps <= STANDARD_QPS => sandbox::Rate::Off,
        Pace::Fixed(_) | Pace::Off | Pace::Auto => sandbox::Rate::default(),
    }
}

fn sandbox_credentials(config: &Config) -> Credentials {
    let grant = Grant::App {
        client_id: config.client_id.clone(),
        client_secret: SecretString::from(config.client_secret.as_str()),
        corp_id: Some(config.corp_id.clone()),
    };
    Credentials { grant, operator: Operator::UnionId("sandbox-admin".to_owned()) }
}
