//! What the commands do, in Chinese, in the order in which help names them.

use crate::cli::chinese::word::{Word, word};

/// Paragraph by paragraph.
pub(super) const WORDS: &[Word] = &[
    word(
        "Provisions DingTalk (钉钉) meeting-room groups from a YAML tree, exactly once.",
        "按 YAML 清单创建钉钉会议室分组，不重复、不遗漏。",
    ),
    word(
        "You write the tree once; roomtree checks it on your machine, shows what would change, creates what is missing from the top \
         down, and remembers every name → id, so that running it again changes nothing.",
        "分组树只需写一次：roomtree 在本机校验清单，显示将有哪些改动，自上而下创建缺少的分组，并记住每个名称对应的 ID，\
         因此再次运行不会有任何改动。",
    ),
    word(
        "Try everything without an account: add `--sandbox` to `plan`, `apply`, `destroy` or `doctor`.",
        "没有账号也能试用：在 `plan`、`apply`、`destroy` 或 `doctor` 后加上 `--sandbox`。",
    ),
    word("Write a first manifest, and tell the way from there", "创建第一份清单，并说明接下来怎么做"),
    word(
        "On a terminal it asks for what no flag says; elsewhere, and with --yes, it takes the defaults. The manifest has comments \
         on everything that can be said in it, in the language of --lang, and the schema for editors stands beside it. Nothing \
         that is there is written over.",
        "在终端中，未用参数指定的会逐项询问；不在终端中，或加上 `--yes`，则取默认值。清单中对每一项写法都有注释，语言由 `--lang` 决定，\
         旁边还有供编辑器使用的 Schema。已有的文件从不覆盖。",
    ),
    word(
        "If credentials are set, they are checked as `roomtree doctor FILE` does it. What comes of that does not change the exit \
         code.",
        "若已设置凭证，会像 `roomtree doctor <文件>` 那样检查，其结果不影响退出码。",
    ),
    word("Check a manifest; every problem is told at once, with its place", "校验清单，一次列出全部问题及其位置"),
    word(
        "Nothing but the given files is read: no network, no credentials, no state.",
        "只读取给出的文件：不联网，不需要凭证，也不读状态。",
    ),
    word("Show what apply would do", "显示 `apply` 将会做什么"),
    word(
        "Compares the manifest with the state and with DingTalk, which costs one call. With --offline nothing is called and no \
         credentials are needed: what the state does not record then counts as missing.",
        "把清单与状态及钉钉线上的分组比较，需要一次调用。加上 `--offline` 则不发起任何调用，也不需要凭证：状态中没有记录的，\
         一律视为缺少。",
    ),
    word("Make DingTalk what the manifest says", "让钉钉与清单一致"),
    word(
        "Lists the groups, shows the plan, asks, and creates what is missing from the top down. What was done is recorded beside \
         the manifest at every step: however a run ends, the next one goes on where it stopped, and nothing is made twice.",
        "先列出线上分组，显示计划并请求确认，然后自上而下创建缺少的分组。每一步都记录在清单旁边：无论运行怎样结束，\
         下一次都从停下的地方继续，不会重复创建。",
    ),
    word(
        "In place of a manifest it takes a plan that was saved by `plan --out`, and then does exactly that or nothing.",
        "也可以用 `plan --out` 保存的计划代替清单，此时要么完全照计划执行，要么什么都不做。",
    ),
    word("Write DingTalk's groups as a manifest", "把钉钉线上的分组写成清单"),
    word(
        "Costs one call and changes nothing in DingTalk. Without a manifest, one is written to standard output, to --out, or to \
         the file that MANIFEST names. A manifest that is there is brought up to date: new groups stand behind their siblings, \
         names follow DingTalk, and comments and order stay. Groups that DingTalk does not have stay, unless --prune is given.",
        "需要一次调用，不改动钉钉。没有清单时，写到标准输出、`--out` 指定的文件，或 `<清单>` 指定的文件。已有的清单会被更新：\
         新分组排在同级分组之后，名称以钉钉为准，注释和顺序保持不变。钉钉没有的分组会保留，除非加上 `--prune`。",
    ),
    word(
        "Groups that a manifest cannot have (duplicates, names with control characters) are told and left out, and the exit code is 3.",
        "清单无法表示的分组（重名分组、名称含控制字符）会列出并略过，退出码为 3。",
    ),
    word("Delete every group that the state records", "删除状态中记录的全部分组"),
    word(
        "Children go first. Groups that roomtree did not record are never touched, nor those that the manifest protects and those \
         above them. A group that holds rooms or unmanaged groups stands against all of it, and is told before anything is deleted.",
        "先删除下级分组。从不触碰 roomtree 没有记录的分组，也不触碰清单中受保护的分组及其上级。只要有一个分组含有会议室或未纳管\
         的分组，就整体拒绝执行，并在删除之前说明。",
    ),
    word("Look at what is remembered, and mend it", "查看和修复状态"),
    word("List every recorded group with its id", "列出已记录的全部分组及其 ID"),
    word(
        "Show whom the state belongs to, or one recorded group and what is below it",
        "显示状态属于谁，或者某个已记录的分组及其下级",
    ),
    word("Forget recorded groups, without touching them in DingTalk", "移除分组的记录，不触碰钉钉中的分组"),
    word(
        "The next plan searches a forgotten group by its name again: it adopts the group if DingTalk has exactly one of that name \
         there, and creates a new one if it has none. Recorded protection of the path ends too. The records below a path remain, \
         unless --below is given.",
        "记录移除后，下一次计划会重新按名称查找：钉钉在该处恰有一个同名分组，就接管它；一个也没有，就新建。路径的保护也随之结束。\
         路径之下的记录会保留，除非加上 `--below`。",
    ),
    word(
        "Re-create a lost or damaged state from the manifest and DingTalk's list",
        "状态丢失或损坏时，根据清单和钉钉线上的分组重建",
    ),
    word(
        "Records every group of the manifest that DingTalk lists exactly once, and reports the others: duplicates, and groups \
         that are not in the list. Lists twice, since a list may be behind; nothing is replaced if the two lists differ, or if \
         they lack a recorded group that DingTalk still has. Exits with 3 if not every group of the manifest is recorded. \
         Changes nothing in DingTalk. Former files are kept aside under another name, and calls whose outcome a former journal \
         left open are taken over. A state that is sound is replaced only after asking: what it records beyond the manifest, \
         or under a name that was changed in DingTalk, is then not recorded any more.",
        "清单中的分组，凡钉钉恰有一个的都会记录，并列出其余的：重名的，以及不在列表中的。列表可能滞后，因此会列出两次；如果两次不一致，\
         或列表中缺少已有记录、钉钉中仍存在的分组，则不替换任何文件。如果清单中的分组没有全部记录，退出码为 3。不改动钉钉。原有文件\
         改名保留，原日志中结果未知的调用会接过来查证。状态完好时，须经确认才会替换：其中不属于清单的记录，以及已在钉钉改名的记录，\
         将不再保留。",
    ),
    word(
        "Say who holds the lock of a state, and remove a lock file that was left behind",
        "显示状态的锁由谁持有，并删除遗留的锁文件",
    ),
    word(
        "The lock is the operating system's: it ends with the process that holds it, so there is nothing to break. A file that a \
         killed run left behind locks nothing, and is removed. As long as a run holds the lock this refuses and names it.",
        "锁由操作系统管理，随持有它的进程一同消失，无需强行解除。被终止的运行留下的锁文件不起锁定作用，会被删除。\
         若仍有运行持有锁，则拒绝执行并指出是谁。",
    ),
    word("Check credentials, permissions, operator, state and duplicates", "检查凭证、权限、操作人、状态和重名分组"),
    word(
        "Makes two calls besides that for a token. One lists the groups. The other asks DingTalk to rename a group with an id that \
         no group has: it changes nothing, and DingTalk's refusal tells whether the app may write and the operator is an admin of \
         the meeting-room app. In which order DingTalk checks these is not documented, so an `ok` is strong evidence, not proof. \
         --read-only leaves this call out.",
        "除获取令牌外调用两次。一次列出分组；另一次请求钉钉给一个不存在的分组改名：它不改动任何东西，而钉钉如何拒绝，能说明\
         应用有没有写权限、操作人是不是“智能会议室”的管理员。钉钉没有说明检查的先后，因此“正常”是有力的证据，但不是证明。\
         加上 `--read-only` 则跳过这次调用。",
    ),
    word(
        "With a manifest or a state, what is recorded is compared with DingTalk too.",
        "给出清单或状态时，还会把记录与钉钉比较。",
    ),
    word(
        "--remove-duplicates removes groups of which nobody misses one: unrecorded, without groups below, and of the same name and \
         parent as a recorded group that stands where it is recorded. It lists them and asks first. DingTalk refuses to delete \
         groups with rooms in them. Where none of the duplicates is recorded, none is touched.",
        "`--remove-duplicates` 删除肯定没人需要的重名分组：没有记录，没有下级，且与一个位置无误的已记录分组同名同上级。会先列出并请求\
         确认。含有会议室的分组，钉钉不允许删除。同名分组若都没有记录，则一个也不触碰。",
    ),
    word(
        "The exit code is that of the first check that failed; warnings alone exit with 0.",
        "退出码取自第一项失败的检查；只有警告时为 0。",
    ),
    word("Serve DingTalk's room API on this machine", "在本机提供钉钉会议室接口"),
    word(
        "Writes its address to standard output and serves until it is interrupted. It has DingTalk's documented rules (three \
         levels, duplicates accepted, 20 calls a second) and goes wrong on demand. Its default credentials are client id `sandbox`, \
         client secret `sandbox`, organization `dingsandbox`, and any unionId.",
        "把地址写到标准输出，一直服务到被中断。它遵守钉钉文档中的规则（最多三级、允许重名、每秒 20 次调用），并可按要求出错。\
         默认凭证：Client ID 为 `sandbox`，Client Secret 为 `sandbox`，企业为 `dingsandbox`，unionId 任意。",
    ),
    word(
        "Write a JSON Schema: of the manifest, for editors, or of a result, for programs",
        "输出 JSON Schema：清单的供编辑器使用，结果的供程序使用",
    ),
    word("Write a completion script for a shell", "输出 Shell 的补全脚本"),
    word("Write the manual page", "输出手册页"),
];
