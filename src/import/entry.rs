//! One row as a chain of names from the top down, each with its cell.

use crate::group::{GroupName, GroupPath, NameError};
use crate::i18n::Message;
use crate::import::placeholder;
use crate::import::problem::{Problem, shown};
use crate::localized;
use crate::sheet::{Address, Cell, Doubt, Row};

/// The group that a row declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) steps: Vec<Step>,
    /// The id of the existing group, and its cell.
    pub(super) id: Option<(i64, Address)>,
    /// The path that the group had when roomtree wrote the table.
    pub(super) former: Option<GroupPath>,
}

/// A name of a chain and the cell that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// `None` for what is no name and was reported.
    pub(super) name: Option<GroupName>,
    pub(super) at: Address,
}

/// What reading rows gathers besides the entries.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) problems: Vec<Problem>,
    /// Cells with blanks at an end, which were taken away.
    pub(super) trimmed: Vec<Address>,
}

impl Findings {
    /// Takes the text of a cell; what has none is a problem.
    pub(super) fn text<'c>(&mut self, cell: &'c Cell, at: Address) -> Option<&'c str> {
        match cell {
            Cell::Text(text) => Some(self.trim(text, at)),
            Cell::Doubtful(doubt) => {
                self.problems.push(doubtful(doubt, at));
                None
            }
        }
    }

    fn trim<'c>(&mut self, text: &'c str, at: Address) -> &'c str {
        let trimmed = text.trim();
        if trimmed.len() != text.len() && self.trimmed.last() != Some(&at) {
            self.trimmed.push(at);
        }
        trimmed
    }

    /// Takes a text as a name; what is no name is a problem.
    pub(super) fn name(&mut self, text: &str, at: Address) -> Option<GroupName> {
        GroupName::parse(text).map_err(|error| self.problems.push(no_name(error, text, at))).ok()
    }

    /// Takes a text that someone typed as a name; a placeholder is a problem.
    pub(super) fn typed_name(&mut self, text: &str, at: Address) -> Option<GroupName> {
        match placeholder::check(text, at) {
            Some(problem) => {
                self.problems.push(problem);
                None
            }
            None => self.name(text, at),
        }
    }

    /// Reads the id of a row.
    pub(super) fn id(&mut self, row: &Row, column: Option<u32>) -> Option<(i64, Address)> {
        let column = column?;
        let (cell, at) = (row.get(column)?, row.at(column));
        let number = match cell {
            Cell::Text(text) => text.trim().parse().ok(),
            Cell::Doubtful(doubt) => doubt.whole_number(),
        };
        match number.filter(|id| *id > 0) {
            Some(id) => Some((id, at)),
            None => {
                self.problems.push(no_id(cell, at));
                None
            }
        }
    }
}

fn doubtful(doubt: &Doubt, at: Address) -> Problem {
    let (code, message): (_, Message) = match doubt {
        Doubt::Date => ("date-cell", localized!("The cell is {doubt}", "该单元格是{doubt}")),
        Doubt::Number { .. } => (
            "number-cell",
            localized!(
                "The cell is {doubt}: what Excel shows for it cannot be told",
                "该单元格是{doubt}：无法确定 Excel 显示的内容"
            ),
        ),
        Doubt::Fault(_) => ("error-cell", localized!("The cell is {doubt}", "该单元格是{doubt}")),
        Doubt::Uncomputed => ("formula-cell", localized!("The cell is {doubt}", "该单元格是{doubt}")),
    };
    Problem::error(code, Some(at), message, Message::of(|| doubt.remedy()))
}

fn no_name(error: NameError, text: &str, at: Address) -> Problem {
    if error == NameError::Invisible {
        return invisible(at);
    }
    let (shown, is_break) = (shown(text), matches!(error, NameError::Control('\n' | '\r')));
    let message = match is_break {
        true => localized!("The name has a line break in it", "名称中有换行"),
        false => localized!("{shown} cannot be a name: {error}", "{shown} 不能作为名称：{error}"),
    };
    let help = match is_break {
        true => localized!(
            "Write the name on one line; in a CSV file, look for a quote that is not closed",
            "把名称写在一行内；如果是 CSV 文件，检查是否有未闭合的引号"
        ),
        false => localized!(
            "Type the name again: the character may have come with a copied text",
            "重新输入名称：这个字符可能是复制时带入的"
        ),
    };
    Problem::error("invalid-name", Some(at), message, help)
}

fn invisible(at: Address) -> Problem {
    Problem::error(
        "invalid-name",
        Some(at),
        localized!("The name has no visible character", "名称中没有可见字符"),
        localized!("Type a name that can be seen, or empty the cell", "输入看得见的名称，或清空该单元格"),
    )
}

fn no_id(cell: &Cell, at: Address) -> Problem {
    let held = cell.text().map_or_else(|| "?".to_owned(), |text| shown(text.trim()));
    Problem::error(
        "invalid-id",
        Some(at),
        localized!("{held} is no id of a group", "{held} 不是分组 ID"),
        localized!(
            "An id is a whole number above 0; format the column as text, since Excel keeps only 15 digits of a number",
            "ID 是大于 0 的整数；请把该列设为文本格式，因为 Excel 的数字只保留 15 位"
        ),
    )
}
