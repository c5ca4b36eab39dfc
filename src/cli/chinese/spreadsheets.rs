//! What `import` and `pull --format` say of themselves, in Chinese.

use crate::cli::chinese::word::{Word, word};

/// Paragraph by paragraph, then argument by argument.
pub(super) const WORDS: &[Word] = &[
    word("Make a manifest of a spreadsheet", "把电子表格转换成清单"),
    word(
        "Reads a workbook (.xlsx) or a CSV file that has one column for each level, or whole paths in one column, and writes a manifest to \
         standard output. Columns are known by their headings, in Chinese or English (一级, level 1, 城市, campus, 路径, path, …), or are \
         named with --columns or --level. An empty cell repeats the one above it as long as the levels to its left stay the same; merged \
         cells do, too. Ids that `roomtree pull` wrote become `id`, so that a group renamed in the table is renamed in DingTalk.",
        "读取工作簿（.xlsx）或 CSV 文件，其中每级一列，或一列写完整路径，然后把清单写到标准输出。列由中文或英文表头识别\
         （一级、`level 1`、城市、`campus`、路径、`path` 等），也可用 `--columns` 或 `--level` 指定。只要左边各级不变，空单元格就沿用上一行的内容；合并单元格也一样。\
         `roomtree pull` 写出的 ID 会成为 `id`，因此在表格中改名的分组，在钉钉中也是改名。",
    ),
    word(
        "All problems are reported at once, with their cells; then nothing is written, and the exit code is 1.",
        "一次列出全部问题及其单元格；有问题时不写入任何内容，退出码为 1。",
    ),
    word(
        "The spreadsheet: a workbook (.xlsx), a CSV file, or - for standard input",
        "电子表格：工作簿（.xlsx）、CSV 文件，或用 `-` 表示标准输入",
    ),
    word("Write to this file, which must not exist yet", "写入此文件（须尚不存在）"),
    word("Write over the file that --out names", "覆盖 `--out` 指定的文件"),
    word(
        "The sheet of the workbook, by its name or its number [default: the first that is not hidden]",
        "工作簿中的工作表，用名称或序号指定 [默认：第一个未隐藏的工作表]",
    ),
    word(
        "The columns of the levels from the top down, by letter or heading [default: those with known headings]",
        "从顶层起各级所在的列，用列字母或表头指定 [默认：表头能识别的列]",
    ),
    word(
        "One level, from the top down: a column, or several joined to one name with a space, as in A+B (repeatable)",
        "一级分组，从顶层起：一列，或用空格合成一个名称的几列，如 `A+B`（可重复）",
    ),
    word("The column with whole paths, by letter or heading", "写有完整路径的列，用列字母或表头指定"),
    word(
        "What stands between the names of a path [default: what the paths show]",
        "路径中名称之间的分隔符 [默认：从路径本身判断]",
    ),
    word(
        "A column with the ids of existing groups, by letter or heading; they become `id` in the manifest",
        "写有已有分组 ID 的列，用列字母或表头指定；写入清单的 `id`",
    ),
    word(
        "The row of the headings, from 1, or `none` [default: the first with known headings]",
        "表头所在的行，从 1 数起，没有表头时写 `none` [默认：第一个能识别的表头行]",
    ),
    word(
        "What stands between the cells of a CSV file: `,`, `;` or `tab` [default: what its lines show]",
        "CSV 文件的分隔符：`,`、`;` 或 `tab` [默认：从文件内容判断]",
    ),
    word(
        "The deepest level that a group may have; other than 3, it becomes `limits.depth` in the manifest",
        "分组最多有几级；不是 3 时写入清单的 `limits.depth`",
    ),
    word(
        "With --format csv or xlsx a spreadsheet is written instead, which `roomtree import` makes a manifest of.",
        "加上 `--format csv` 或 `--format xlsx` 时改为写电子表格，`roomtree import` 可以把它转换成清单。",
    ),
    word(
        "How the groups are written; csv and xlsx have a row for each group, with a column for each level, its path and its id \
         [default: by the ending of --out, or else yaml]",
        "分组的写法；`csv` 和 `xlsx` 每个分组一行，每级一列，另有路径和 ID [默认：由 `--out` 的扩展名决定，否则为 `yaml`]",
    ),
    word(
        "Leave out the byte-order mark by which Excel knows that a CSV file is UTF-8",
        "不写 Excel 用来识别 UTF-8 编码 CSV 的字节顺序标记",
    ),
    word("A manifest", "清单"),
    word("A text with commas", "逗号分隔的文本"),
    word("A workbook", "工作簿"),
    word("COLUMN", "列"),
    word("COLUMNS", "各列"),
    word("LEVELS", "级数"),
    word("ROW", "行"),
    word("SHEET", "工作表"),
    word("SIGN", "符号"),
    word("TEXT", "文本"),
];
