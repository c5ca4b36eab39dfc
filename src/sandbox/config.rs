//! Every rule of the sandbox as a plain setting, with DingTalk's documented values by default.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::sandbox::api::rate::Rate;
use crate::sandbox::api::users::Member;
use crate::sandbox::faults::fault::Fault;
use crate::sandbox::faults::latency::Latency;

/// What a sandbox does.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen: a loopback address; port 0 lets the system choose. Default: `127.0.0.1:0`.
    pub listen: SocketAddr,
    /// The client id that token calls must give. Default: `sandbox`.
    pub client_id: String,
    /// The client secret that token calls must give. Default: `sandbox`.
    pub client_secret: String,
    /// The organization that token calls by organization must name. Default: `dingsandbox`.
    pub corp_id: String,
    /// Union ids that may change groups; `None` takes any that is not empty. Default: `None`.
    pub admins: Option<Vec<String>>,
    /// Union ids that may read groups, besides the admins; `None` takes any that is not empty. Default: `None`.
    pub employees: Option<Vec<String>>,
    /// The members whose userIds can be looked up; `None` knows anybody, with a unionId made from the userId. Default: `None`.
    pub members: Option<Vec<Member>>,
    /// Whether the app has `VideoConference.Conference.Read`. Default: yes.
    pub may_read: bool,
    /// Whether the app has `VideoConference.Conference.Write`. Default: yes.
    pub may_write: bool,
    /// Whether the caller's address is in the app's list. Default: yes.
    pub known_address: bool,
    /// How long a token lives since it was last asked for. Default: 7,200 s.
    pub token_life: Duration,
    /// How many levels of groups there may be [video-conference-overview]. Default: 3.
    pub depth: u32,
    /// How many groups there may be; not documented. Default: no limit.
    pub group_limit: Option<usize>,
    /// The id of the first group; later ones count up. Default: 1001.
    pub first_id: i64,
    /// The code that refuses to delete a group with groups in it. DingTalk documents that it refuses, but no code for it:
    /// `param.error`, the default, is the sandbox's own choice.
    pub not_empty_code: String,
    /// Calls per sliding second and API. Default: 20.
    pub rate: Rate,
    /// Calls until the month's quota is used up, throttled and token calls not counted. Default: no quota.
    pub quota: Option<u64>,
    /// How long every answer takes. Default: off.
    pub latency: Latency,
    /// What goes wrong. Default: nothing.
    pub faults: Vec<Fault>,
    /// Where every random decision comes from. Default: 0.
    pub seed: u64,
    /// The file that keeps the groups; `None` forgets them. Default: `None`.
    pub data: Option<PathBuf>,
    /// How many of the last calls `calls` remembers. Default: 100,000.
    pub remembered_calls: usize,
    /// How many of the last requests `/sandbox/requests` remembers whole. Default: 100.
    pub remembered_requests: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            client_id: "sandbox".to_owned(),
            client_secret: "sandbox".to_owned(),
            corp_id: "dingsandbox".to_owned(),
            admins: None,
            employees: None,
            members: None,
            may_read: true,
            may_write: true,
            known_address: true,
            token_life: Duration::from_secs(7200),
            depth: 3,
            group_limit: None,
            first_id: 1001,
            not_empty_code: "param.error".to_owned(),
            rate: Rate::default(),
            quota: None,
            latency: Latency::Off,
            faults: Vec::new(),
            seed: 0,
            data: None,
            remembered_calls: 100_000,
            remembered_requests: 100,
        }
    }
}
