//! What the arguments mean, in Chinese: those that several commands share, then those of one command.

use crate::cli::chinese::word::{Word, word};

/// Argument by argument.
pub(super) const WORDS: &[Word] = &[
    word(
        "The language of messages and help, `en` or `zh` [default: that of the locale, from LC_ALL, LC_MESSAGES or LANG]",
        "消息和帮助所用的语言：`en` 或 `zh` [默认：由 LC_ALL、LC_MESSAGES 或 LANG 决定]",
    ),
    word(
        "Log phases, lists and retries to standard error; -vv logs each request too [default: $ROOMTREE_LOG]",
        "把运行阶段、列表和重试记录到标准错误；`-vv` 还记录每个请求 [默认：`$ROOMTREE_LOG`]",
    ),
    word(
        "Append the log to a new file or an earlier log, with each request unless -v or $ROOMTREE_LOG set the level",
        "把运行日志追加到新文件或以前的运行日志，并记录每个请求，除非 `-v` 或 `$ROOMTREE_LOG` 另定级别",
    ),
    word(
        "The manifest: files, a folder of *.yaml and *.yml, or - for standard input",
        "清单：一个或多个文件，含有 `*.yaml` 和 `*.yml` 的文件夹，或用 `-` 表示标准输入",
    ),
    word(
        "The state file [default: MANIFEST.state.json beside the manifest]",
        "状态文件 [默认：清单旁边的 `<清单>.state.json`]",
    ),
    word(
        "Delete recorded groups that the manifest no longer has; never groups that roomtree did not record",
        "删除已不在清单中的已记录分组；从不删除 roomtree 没有记录的分组",
    ),
    word(
        "The most groups that may be deleted [default: a tenth of the recorded ones, but at least one]",
        "最多可删除的分组数 [默认：已记录分组的十分之一，至少一个]",
    ),
    word(
        "Take in only the group at this path, what is below it and what is above it; more than once for several",
        "只处理此路径的分组及其上下级；可多次给出",
    ),
    word(
        "Use a DingTalk of our own inside this process: no account needed; its groups are kept in .roomtree/",
        "使用进程内的沙盒代替钉钉：不需要账号；沙盒的分组保存在 `.roomtree/`",
    ),
    word(
        "The address of the API [default: $DINGTALK_ENDPOINT, or else https://api.dingtalk.com]",
        "接口地址 [默认：`$DINGTALK_ENDPOINT`，未设时为 `https://api.dingtalk.com`]",
    ),
    word(
        "The operator's userId, as DingTalk's admin console shows it; the unionId is looked up, once a run [default: \
         $DINGTALK_UNION_ID, or else $DINGTALK_USER_ID]",
        "操作人的 userId，可在钉钉管理后台看到；unionId 由此查得，每次运行查一次 [默认：`$DINGTALK_UNION_ID`，未设时为 `$DINGTALK_USER_ID`]",
    ),
    word(
        "Where a userId is looked up [default: $DINGTALK_OAPI_ENDPOINT, or else https://oapi.dingtalk.com, and with another \
         --endpoint what goes with that]",
        "查询 userId 的地址 [默认：`$DINGTALK_OAPI_ENDPOINT`，未设时为 `https://oapi.dingtalk.com`，另有 `--endpoint` 时与之对应]",
    ),
    word(
        "Calls a second that each API permits: a number, `auto` to find out and hold it, or `off` for no pacing",
        "每个接口每秒允许的调用次数：一个数字；`auto` 表示自动探测并保持；`off` 表示不限速",
    ),
    word("The most calls in flight at once", "最多同时进行的调用数"),
    word("How long one call may take before its outcome counts as unknown", "一次调用最多等多久，超过则视为结果未知"),
    word("How the result is written", "结果的输出格式"),
    word("For a comment on a pull request, on GitHub or GitLab", "供 GitHub 或 GitLab 的合并请求评论使用"),
    word("One page for a browser, with filters and search", "供浏览器打开的单个网页，可筛选和搜索"),
    word("A picture", "图片"),
    word("A picture that Graphviz draws", "由 Graphviz 绘制的图"),
    word(
        "A picture that Mermaid draws, in Markdown on GitHub or GitLab",
        "由 Mermaid 绘制的图，可嵌入 GitHub 或 GitLab 的 Markdown",
    ),
    word("Do not ask", "不再询问"),
    word(
        "How long a group whose answer was lost may take to show in the list before it is asked for again",
        "应答丢失的分组，最多等它多久出现在列表中，之后才再次请求创建",
    ),
    word(
        "Wait out a ban of this address, which DingTalk imposes for some minutes, for at most so long in all",
        "本机地址被钉钉封禁（通常几分钟）时等待解封，总共最多等这么久",
    ),
    word(
        "Make at most so many calls that count for the monthly quota, the list included",
        "最多使用多少次计入月度额度的调用，列出分组也算在内",
    ),
    word(
        "Apply only if the plan has this fingerprint, as `plan --format json` tells it",
        "只有计划的指纹与此相同才执行，指纹见 `plan --format json`",
    ),
    word("Plan from manifest and state alone, without credentials", "只根据清单和状态生成计划，不需要凭证"),
    word(
        "Whether DingTalk is asked; `--refresh=false` is the same as --offline",
        "是否查询钉钉；`--refresh=false` 等同于 `--offline`",
    ),
    word(
        "Save the plan for `apply`, to a new file or over a saved plan",
        "保存计划供 `apply` 执行：写入新文件，或覆盖已保存的计划",
    ),
    word("Exit with 2 when changes are pending", "有待执行的改动时以退出码 2 结束"),
    word(
        "Name every group: those that are unchanged, and all of those that stand beside the tree",
        "列出每个分组：包括不变的，以及不在清单中的全部分组",
    ),
    word("The manifest to write", "要写入的清单"),
    word("The groups at the top, with commas between them", "顶层分组，用逗号分隔"),
    word(
        "The organization (corpId) that it is for, `-` for none [default: $DINGTALK_CORP_ID]",
        "清单所属的企业（corpId），`-` 表示不指定 [默认：`$DINGTALK_CORP_ID`]",
    ),
    word("The id of an existing group to build under; 0 is the top", "在哪个已有分组之下创建：给出其 ID，0 表示顶层"),
    word(
        "Whether .gitignore gets lines for what is not to be committed: the sandbox's folder, journal and lock files",
        "是否把不应提交的内容（沙盒文件夹、日志文件和锁文件）写入 `.gitignore`",
    ),
    word("Add them", "写入"),
    word("Leave the file as it is", "保持该文件不变"),
    word("Leave out the schema for editors", "不写供编辑器使用的 Schema"),
    word("Do not check credentials that are set", "不检查已设置的凭证"),
    word(
        "The manifest to write or to bring up to date: a file; also a folder or several files if --out is given",
        "要写入或更新的清单：一个文件；给出 `--out` 时，也可以是文件夹或多个文件",
    ),
    word(
        "Write to this file, which must not exist yet, and leave MANIFEST as it is",
        "写入此文件（须尚不存在），`<清单>` 保持不变",
    ),
    word(
        "Record every pulled group in the state, as an apply would; to name one with --state does so, too",
        "像 `apply` 那样把取回的分组记录到状态中；给出 `--state` 也会如此",
    ),
    word("Remove groups from the manifest that DingTalk does not have", "从清单中删去钉钉没有的分组"),
    word(
        "Pull what is below this group [default: the manifest's root, or else everything]",
        "只取回此分组的下级 [默认：清单的 `root`，没有则取回全部]",
    ),
    word("The state file, or the manifest that it belongs to", "状态文件，或它所属的清单"),
    word("Of a manifest, the state that it has in the sandbox", "给出清单时，指它在沙盒中的状态"),
    word(
        "The path of a group: /北京/望京园区, with ~1 for a slash and ~0 for a tilde within a name",
        "分组的路径：`/北京/望京园区`，名称中的斜杠写作 `~1`，波浪号写作 `~0`",
    ),
    word(
        "The paths to forget: /北京/望京园区, with ~1 for a slash and ~0 for a tilde within a name",
        "要移除记录的路径：`/北京/望京园区`，名称中的斜杠写作 `~1`，波浪号写作 `~0`",
    ),
    word("Forget what is recorded below the paths too", "连同路径之下的记录一并移除"),
    word("Do not ask before a sound state is replaced", "替换完好的状态之前不再询问"),
    word("Time between the two lists", "两次列表之间的间隔"),
    word("Leave out the call that finds out whether groups can be changed", "跳过用来查明能否改动分组的那次调用"),
    word("Remove duplicates that are surely nobody's loss; needs a state", "删除肯定没人需要的重名分组；需要状态"),
    word("Do not ask before removing duplicates", "删除重名分组之前不再询问"),
    word(
        "The loopback address to listen on; port 0 takes any free one",
        "要监听的本机回环地址；端口 0 表示任选空闲端口",
    ),
    word("Keep the groups in this file, so that they survive a restart", "把分组保存在此文件中，重启后仍在"),
    word("How long every answer takes: 20ms, or 20ms..100ms", "每次应答要多久：`20ms` 或 `20ms..100ms`"),
    word("Calls per second and API, or `off`", "每个接口每秒的调用次数，`off` 表示不限"),
    word("Calls until the month's quota is used up [default: no quota]", "当月额度内的调用次数 [默认：不限]"),
    word("How many levels of groups there may be", "分组最多有几级"),
    word("How many groups there may be [default: no limit]", "分组最多有多少个 [默认：不限]"),
    word("The id of the first group; later ones count up", "第一个分组的 ID，之后依次加一"),
    word("The client id that token calls must give", "获取令牌时须给出的 Client ID"),
    word("The organization that token calls by organization must name", "按企业获取令牌时须指明的企业"),
    word(
        "A unionId that may change groups; more than once for several [default: any]",
        "可以改动分组的 unionId；可多次给出 [默认：任意]",
    ),
    word(
        "A unionId that may read groups; more than once for several [default: any]",
        "可以读取分组的 unionId；可多次给出 [默认：任意]",
    ),
    word(
        "A member whose userId can be looked up, with the unionId that belongs to it; more than once for several [default: anybody]",
        "可供查询的成员：userId 及其对应的 unionId；可多次给出 [默认：任何人]",
    ),
    word("How long a token lives", "令牌的有效时长"),
    word(
        "Something to go wrong, such as `create:reset-after@3`, `create:500-before=5%`, `list:stale(2s)=100%`, `*:html(3s)@50`; \
         more than once for several",
        "要制造的故障，例如 `create:reset-after@3`、`create:500-before=5%`、`list:stale(2s)=100%`、`*:html(3s)@50`；可多次给出",
    ),
    word("Where every random decision comes from", "随机数的种子"),
    word("Of what", "哪一种文档"),
    word("What you write", "您编写的清单"),
    word("plan --format json", "`plan --format json`"),
    word("apply --format json", "`apply --format json`"),
    word("a line of apply --format jsonl", "`apply --format jsonl` 的一行"),
    word("doctor --format json", "`doctor --format json`"),
    word("state list --format json", "`state list --format json`"),
    word("validate --format json", "`validate --format json`"),
    word("The shell", "哪一种 Shell"),
    word(
        "Write a page for each command into this folder instead: roomtree.1, roomtree-plan.1 and so on",
        "改为把每个命令的手册页写入此文件夹：`roomtree.1`、`roomtree-plan.1` 等",
    ),
];
