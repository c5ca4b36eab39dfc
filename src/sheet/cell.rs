//! What a cell holds: the text that Excel shows, or the reason why that cannot be told.

use std::fmt;

use crate::tr;

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A text, or a number that Excel surely shows as this text.
    Text(Box<str>),
    /// Something whose text is in doubt.
    Doubtful(Doubt),
}

/// Why the text of a cell cannot be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Doubt {
    /// A date or a time: its text depends on the format and on the language of Excel.
    Date,
    /// A number in a format that is not followed here, or too long to be shown whole.
    Number {
        /// The number itself.
        value: f64,
        /// The format's code.
        format: Box<str>,
    },
    /// An error, such as `#REF!`.
    Fault(Box<str>),
    /// A formula whose result was not stored.
    Uncomputed,
}

impl Cell {
    /// Returns the text, unless it is in doubt.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Doubtful(_) => None,
        }
    }

    /// Says whether there is nothing but blanks to be seen.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text().is_some_and(|text| text.trim().is_empty())
    }
}

impl Doubt {
    /// Returns the whole number that the cell is, if it is one that Excel keeps exactly.
    #[must_use]
    pub fn whole_number(&self) -> Option<i64> {
        let Self::Number { value, .. } = self else { return None };
        // Excel keeps 15 digits.
        let is_exact = value.fract() == 0.0 && value.abs() < 1e15;
        is_exact.then(|| format!("{value:.0}").parse().ok()).flatten()
    }

    /// Says what to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Date => tr!(
                "Format the cell as text, and type again what it is to say",
                "把该单元格的格式设为“文本”，然后重新输入要写的内容"
            ),
            Self::Number { .. } => {
                tr!(
                    "Format the cell as text, and type the number again",
                    "把该单元格的格式设为“文本”，然后重新输入这个数字"
                )
            }
            Self::Fault(_) => tr!("Mend the formula, or type the name in its place", "修正公式，或直接填写名称"),
            Self::Uncomputed => tr!(
                "Open the file in Excel and save it: then the results are stored; or type the name in its place",
                "用 Excel 打开该文件并保存，公式结果就会存入文件；或直接填写名称"
            ),
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date => f.write_str(tr!("a date or a time, not a text", "日期或时间，不是文本")),
            Self::Number { value, format } => f.write_str(
                &tr!(format: "the number {value} in the format `{format}`", "数字 {value}，格式为 `{format}`"),
            ),
            Self::Fault(fault) => f.write_str(&tr!(format: "the error `{fault}`", "错误值 `{fault}`")),
            Self::Uncomputed => f.write_str(tr!("a formula without a stored result", "没有存储结果的公式")),
        }
    }
}
