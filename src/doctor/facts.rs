//! What was asked and read before anything is judged.

use std::collections::HashSet;

use crate::dingtalk::{Access, ApiError, CallOutcome, OperatorIdentity};
use crate::doctor::finding::Reason;
use crate::group::GroupId;
use crate::i18n::Message;
use crate::inventory::Inventory;
use crate::state::{Ledger, StateError};

/// Everything that the checks look at.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Where the credentials come from.
    pub environment: Environment,
    /// The address of the API, or why it is none.
    pub endpoint: Result<String, Trouble>,
    /// How the API is reached; `None` if that is not known, and for the sandbox.
    pub access: Option<Access>,
    /// What became of the list call.
    pub contact: Contact<'a>,
    /// On whose behalf calls are made, as far as that is known.
    pub operator: Option<&'a OperatorIdentity>,
    /// By how many seconds DingTalk's clock is ahead of this machine's, if an answer told.
    pub skew: Option<i64>,
    /// What became of the call that changes nothing.
    pub probe: Probe,
    /// What is remembered.
    pub memory: Memory<'a>,
    /// The group that the tree is built under, as manifest or state say.
    pub root: GroupId,
    /// Duplicates that the manifest asks for one of, without saying which.
    pub contested: HashSet<GroupId>,
    /// The groups that the manifest binds by their ids.
    pub bound: HashSet<GroupId>,
    /// The deepest level at which a group may stand.
    pub depth: u32,
}

/// Something that stands in the way, told by whoever met it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Whose move it is.
    pub reason: Reason,
    /// What it is. Has no secrets in it.
    pub message: Message,
    /// What to do about it.
    pub remedy: Message,
}

/// The environment variables that credentials come from: their names, never their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    /// None is needed: the sandbox brings its own.
    Sandbox,
    /// These are looked at.
    Variables {
        /// Those that are set.
        set: Vec<&'static str>,
        /// Those of them that have no effect, since others come first.
        idle: Vec<&'static str>,
        /// What is missing or cannot be read.
        trouble: Option<Trouble>,
    },
}

/// What became of the list call.
#[derive(Clone, Copy, Debug)]
pub enum Contact<'a> {
    /// It was not made, for want of address or credentials.
    None,
    /// DingTalk listed the groups.
    Listed(&'a Inventory),
    /// It failed.
    Failed {
        /// Why.
        failure: &'a ApiError,
        /// Whether a ready token was given, so that none was asked for.
        ready_token: bool,
    },
}

/// What became of the call that changes nothing: to rename a group that no list has.
#[derive(Clone, Debug)]
pub enum Probe {
    /// Only reading was asked for.
    LeftOut,
    /// It was not made, since an earlier call failed.
    NotMade,
    /// It was made.
    Made(CallOutcome<()>),
}

/// What is remembered.
#[derive(Clone, Copy, Debug)]
pub enum Memory<'a> {
    /// Neither manifest nor state was named.
    NotNamed,
    /// There is no state yet.
    Empty,
    /// It cannot be used.
    Unusable(&'a StateError),
    /// It was read.
    Known {
        /// What is recorded, and which calls are open.
        ledger: &'a Ledger,
        /// The run that has it just now.
        run: Option<&'a StateError>,
    },
}

impl<'a> Facts<'a> {
    /// Returns the live groups, if they could be listed.
    #[must_use]
    pub fn live(&self) -> Option<&'a Inventory> {
        match self.contact {
            Contact::Listed(live) => Some(live),
            Contact::None | Contact::Failed { .. } => None,
        }
    }

    /// Returns what is recorded, if it can be used.
    #[must_use]
    pub fn ledger(&self) -> Option<&'a Ledger> {
        match self.memory {
            Memory::Known { ledger, .. } => Some(ledger),
            Memory::NotNamed | Memory::Empty | Memory::Unusable(_) => None,
        }
    }
}
