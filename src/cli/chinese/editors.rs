//! What `fmt` says of itself, in Chinese.

use crate::cli::chinese::word::{Word, word};

/// Paragraph by paragraph, then argument by argument.
pub(super) const WORDS: &[Word] = &[
    word("Rewrite manifests into one stable layout, comments kept", "把清单改写成统一的排版，保留注释"),
    word(
        "Two blanks for each level, lists further in than their keys, keys in one order. Comments, names, quotes, anchors and the kind of \
         line break stay; so does what is written in brackets, as long as it fits on a line. What a file says never changes: that is \
         checked before anything is written.",
        "每级缩进两个空格，列表比所属的键再缩进一级，键按固定顺序排列。注释、名称、引号、锚点和换行符种类保持不变；写在方括号或花括号里的，\
         只要一行放得下也保持不变。文件的内容从不改变：写入之前会核对。",
    ),
    word(
        "With --check nothing is written: what would change is shown, and the exit code is 2 if there is anything.",
        "加上 `--check` 时不写入任何内容：只显示将有哪些改动，有改动时退出码为 2。",
    ),
    word(
        "Files, folders of *.yaml and *.yml, or - to read from standard input and write to standard output",
        "文件，含有 `*.yaml` 和 `*.yml` 的文件夹，或用 `-` 表示读标准输入、写标准输出",
    ),
    word(
        "Write nothing; list the files that would change, show how, and exit with 2 if there are any",
        "不写入任何内容；列出将会改动的文件及其差异，有改动时退出码为 2",
    ),
    word("FILES", "文件"),
];
