//! Why a file is no spreadsheet that can be read, and what to do about it.

use thiserror::Error;

use crate::i18n::Message;
use crate::tr;

/// Why a spreadsheet cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SheetError {
    /// A file that is larger than what can be meant.
    #[error("{}", tr!(format: "it is larger than {} MiB", "超过 {} MiB", .0 >> 20))]
    TooLarge(u64),
    /// A workbook that becomes too large once it is unpacked.
    #[error("{}", tr!(format: "unpacked, it is larger than {} MiB", "解压后超过 {} MiB", .0 >> 20))]
    TooLargeUnpacked(u64),
    /// More cells than what can be meant.
    #[error("{}", tr!(format: "it has more than {0} cells that hold something", "非空单元格超过 {0} 个", .0))]
    TooManyCells(usize),
    /// More text than what can be meant.
    #[error("{}", tr!(format: "its cells hold more than {} MiB of text", "单元格中的文本超过 {} MiB", .0 >> 20))]
    TooMuchText(usize),
    /// A workbook whose parts do not fit together.
    #[error("{}", tr!(format: "the workbook is damaged: {0}", "工作簿已损坏：{0}", .0))]
    Damaged(Message),
    /// A workbook that is locked by a password.
    #[error("{}", tr!("the workbook is protected by a password", "工作簿有密码保护"))]
    Locked,
    /// A workbook of Excel 2003 or older.
    #[error("{}", tr!("it is an old workbook (.xls)", "这是旧格式的工作簿（.xls）"))]
    Old,
    /// A binary workbook.
    #[error("{}", tr!("it is a binary workbook (.xlsb)", "这是二进制工作簿（.xlsb）"))]
    Binary,
    /// An OpenDocument file.
    #[error("{}", tr!("it is an OpenDocument file (.ods)", "这是 OpenDocument 文件（.ods）"))]
    OpenDocument,
    /// A manifest.
    #[error("{}", tr!("it is a manifest (YAML), not a spreadsheet", "这是清单（YAML），不是电子表格"))]
    Manifest,
    /// JSON, such as a state or a saved plan.
    #[error("{}", tr!("it is JSON, not a spreadsheet", "这是 JSON，不是电子表格"))]
    Json,
    /// A zip that is no workbook.
    #[error("{}", tr!("it is a zip archive, but no workbook (.xlsx)", "这是 zip 压缩包，但不是工作簿（.xlsx）"))]
    NotWorkbook,
    /// A web page or XML that goes by the name of a spreadsheet.
    #[error("{}", tr!("it is a web page or XML, not a spreadsheet", "这是网页或 XML，不是电子表格"))]
    Markup,
    /// Bytes that are text in no encoding that is read.
    #[error("{}", tr!("it is neither a workbook (.xlsx) nor text in UTF-8, UTF-16 or GB18030", "既不是工作簿（.xlsx），也不是 UTF-8、UTF-16 或 GB18030 文本"))]
    NotText,
    /// A text with conflict markers of a merge: the line of the first.
    #[error("{}", tr!(
        format: "line {0} is a conflict marker of an unresolved merge", "第 {0} 行是未解决的合并冲突标记", .0
    ))]
    Unmerged(usize),
    /// A text that ends inside a quoted cell: the line of the quote.
    #[error("{}", tr!(format: "line {0} has a quote that is not closed", "第 {0} 行的引号没有闭合", .0))]
    Unclosed(usize),
    /// A sheet of a file that has none.
    #[error("{}", tr!("a CSV file has no sheets", "CSV 文件没有工作表"))]
    NoSheets,
    /// A sheet that the workbook does not have.
    #[error("{}", tr!(format: "there is no sheet `{wanted}`, only {present}", "没有工作表 `{wanted}`，只有 {present}"))]
    NoSheet {
        /// The sheet that was asked for.
        wanted: String,
        /// Those that there are.
        present: String,
    },
    /// More than a sheet can hold.
    #[error("{}", tr!(format: "a sheet cannot hold it: {0}", "工作表放不下：{0}", .0))]
    Unwritable(String),
}

impl SheetError {
    /// Says what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::TooLarge(_) | Self::TooLargeUnpacked(_) | Self::TooManyCells(_) | Self::TooMuchText(_) => tr!(
                "keep the groups alone in it: copy their columns into a new file",
                "只保留分组：把相关的列复制到新文件中"
            ),
            Self::Damaged(_) => {
                tr!("open it in Excel or WPS and save it as a new .xlsx", "用 Excel 或 WPS 打开，另存为新的 .xlsx")
            }
            Self::Locked => tr!("save it without a password", "取消密码后再保存"),
            Self::Manifest => tr!(
                "it needs no import: run `roomtree validate` or `roomtree plan` with it",
                "无需导入：可直接用于 `roomtree validate` 或 `roomtree plan`"
            ),
            Self::Json => {
                tr!("name a workbook (.xlsx) or a CSV file", "请指定工作簿（.xlsx）或 CSV 文件")
            }
            Self::Old | Self::Binary | Self::OpenDocument | Self::NotWorkbook | Self::Markup => tr!(
                "open it in Excel or WPS and save it as .xlsx or as CSV",
                "用 Excel 或 WPS 打开，另存为 .xlsx 或 CSV"
            ),
            Self::NotText => tr!("save it as .xlsx, or as CSV in UTF-8", "另存为 .xlsx，或 UTF-8 编码的 CSV"),
            Self::Unmerged(_) => tr!(
                "edit the file to the intended rows, and remove the markers",
                "把文件改成需要的内容，并删去冲突标记"
            ),
            Self::Unclosed(_) => tr!(
                "close the quote, or double a quote that belongs to the text",
                "补上闭合的引号；如果引号属于文本，请写两个"
            ),
            Self::NoSheets => tr!("leave --sheet out", "去掉 `--sheet`"),
            Self::NoSheet { .. } => tr!("name one of them with --sheet", "用 `--sheet` 指定其中一个"),
            Self::Unwritable(_) => tr!("write YAML or CSV instead", "改为输出 YAML 或 CSV"),
        }
    }
}
