//! `roomtree sandbox`: a DingTalk of our own on loopback, to try things on and to test against.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

use crate::apply::stop_requested;
use crate::cli::args::Span;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::{CommandError, unwritten};
use crate::cli::run::interrupt;
use crate::cli::runtime;
use crate::sandbox::{Config, Fault, Latency, Member, Rate, Sandbox};
use crate::{localized, tr};

/// Serve DingTalk's room API on this machine
///
/// Writes its address to standard output and serves until it is interrupted. It has DingTalk's documented rules (three levels,
/// duplicates accepted, 20 calls a second) and goes wrong on demand. Its default credentials are client id `sandbox`, client secret
/// `sandbox`, organization `dingsandbox`, and any unionId.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  roomtree sandbox --listen 127.0.0.1:8080 --latency 20ms --fault 'create:reset-after=5%'"
)]
pub(crate) struct SandboxArgs {
    /// The loopback address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value_t = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0))]
    listen: SocketAddr,

    /// Keep the groups in this file, so that they survive a restart
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,

    /// How long every answer takes: 20ms, or 20ms..100ms
    #[arg(long, value_name = "TIME", default_value_t)]
    latency: Latency,

    /// Calls per second and API, or `off`
    #[arg(long, value_name = "RATE", default_value_t)]
    rate: Rate,

    /// Calls until the month's quota is used up [default: no quota]
    #[arg(long, value_name = "N")]
    quota: Option<u64>,

    /// How many levels of groups there may be
    #[arg(long, value_name = "N", default_value_t = 3)]
    depth: u32,

    /// How many groups there may be [default: no limit]
    #[arg(long, value_name = "N")]
    group_limit: Option<usize>,

    /// The id of the first group; later ones count up
    #[arg(long, value_name = "ID", default_value_t = 1001)]
    first_id: i64,

    /// The client id that token calls must give
    #[arg(long, value_name = "ID", default_value = "sandbox")]
    client_id: String,

    /// The organization that token calls by organization must name
    #[arg(long, value_name = "CORPID", default_value = "dingsandbox")]
    corp_id: String,

    /// A unionId that may change groups; more than once for several [default: any]
    #[arg(long = "admin", value_name = "UNIONID")]
    admins: Vec<String>,

    /// A unionId that may read groups; more than once for several [default: any]
    #[arg(long = "employee", value_name = "UNIONID")]
    employees: Vec<String>,

    /// A member whose userId can be looked up, with the unionId that belongs to it; more than once for several [default: anybody]
    #[arg(long = "member", value_name = "USERID=UNIONID")]
    members: Vec<Member>,

    /// How long a token lives
    #[arg(long, value_name = "TIME", default_value = "7200s")]
    token_life: Span,

    /// Something to go wrong, such as `create:reset-after@3`, `create:500-before=5%`, `list:stale(2s)=100%`, `*:html(3s)@50`;
    /// more than once for several
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,

    /// Where every random decision comes from
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
}

impl SandboxArgs {
    fn config(&self) -> Config {
        let some = |ids: &[String]| (!ids.is_empty()).then(|| ids.to_vec());
        Config {
            listen: self.listen,
            data: self.data.clone(),
            latency: self.latency,
            rate: self.rate,
            quota: self.quota,
            depth: self.depth,
            group_limit: self.group_limit,
            first_id: self.first_id,
            client_id: self.client_id.clone(),
            corp_id: self.corp_id.clone(),
            admins: some(&self.admins),
            employees: some(&self.employees),
            members: (!self.members.is_empty()).then(|| self.members.clone()),
            token_life: self.token_life.0,
            faults: self.faults.clone(),
            seed: self.seed,
            ..Config::default()
        }
    }
}

pub(crate) fn run(context: &Context, arguments: &SandboxArgs) -> Result<Exit, CommandError> {
    runtime::block_on(serve(context, arguments.config()))?
}

async fn serve(context: &Context, config: Config) -> Result<Exit, CommandError> {
    let mut stop = interrupt::watch()?;
    let sandbox = Sandbox::start(config).await.map_err(|error| {
        CommandError::input(localized!("the sandbox cannot be started", "无法启动沙盒")).because(&error)
    })?;
    context.terminal.result(&sandbox.url()).map_err(unwritten)?;
    context.terminal.note(tr!(
        "Serving DingTalk's room API until interrupted (Ctrl-C).",
        "正在提供钉钉会议室接口，按 `Ctrl-C` 结束。"
    ));
    stop_requested(&mut stop).await;
    sandbox.stop().await;
    Ok(Exit::Done)
}
