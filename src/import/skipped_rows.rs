//! Recognizes rows that are no data: totals, notes, sections, repeated headings.
//!
//! They are left out and reported. A section asks back, since it may be meant as a level.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::i18n::Message;
use crate::import::columns::{Columns, Shape};
use crate::import::header::{Header, filled, is_all_headings};
use crate::import::heading::{folded, simplified};
use crate::import::problem::{Problem, listed, shown};
use crate::localized;
use crate::manifest::Severity;
use crate::sheet::{Address, Merge, Row, Table};

/// Words for a sum.
const TOTALS: &[&str] = &[
    "合计",
    "总计",
    "小计",
    "共计",
    "总合计",
    "累计",
    "汇总",
    "总数",
    "合共",
    "σ",
    "∑",
    "sum",
    "total",
    "totals",
    "subtotal",
    "grandtotal",
];
/// Characters behind a sum: counters and units.
const COUNTERS: &str = "0123456789,.共计约间个室座栋层处家人条项行组㎡m²2";
/// Words that begin a note if a colon is behind them.
const NOTES: &[&str] = &[
    "注",
    "备注",
    "说明",
    "附注",
    "注意",
    "注释",
    "注意事项",
    "提示",
    "填表说明",
    "填写说明",
    "来源",
    "数据来源",
    "单位",
    "填报单位",
    "编制",
    "编制人",
    "编制单位",
    "审核",
    "审核人",
    "审批",
    "批准",
    "复核",
    "日期",
    "统计日期",
    "统计时间",
    "截止",
    "截至",
    "联系人",
    "联系电话",
    "联系方式",
    "电话",
    "手机",
    "负责人",
    "note",
    "notes",
    "remark",
    "remarks",
    "nb",
    "source",
    "date",
    "updated",
    "lastupdated",
    "preparedby",
    "asof",
];
/// Words that begin a note without a colon, if the word or one of the endings below is the whole label.
const IMPRINTS: &[&str] =
    &["制表", "填表", "填报", "打印日期", "打印时间", "更新日期", "更新时间", "最后更新", "报表日期", "导出时间"];
/// Endings of these words.
const IMPRINT_ENDS: &[&str] = &["人", "日期", "单位", "时间"];
/// Beginnings and texts of notes that are alone in their rows.
const LONE_STARTS: &[&str] = &["以上数据", "以上信息", "以上内容"];
const LONE_NOTES: &[&str] = &["完", "以下空白", "结束"];
/// Marks before a note.
const MARKS: [char; 8] = ['*', '※', '(', '[', '【', '#', '★', '·'];
/// Words of a row that says which columns have to be filled in.
const REQUIREMENTS: &[&str] = &["必填", "选填", "非必填", "必选", "可选", "required", "optional"];
/// Numbers of sections.
const NUMBERS: &str = "一二三四五六七八九十";

/// The rows that are left out, by their first cells.
#[derive(Default)]
pub(super) struct LeftOut {
    totals: Vec<Address>,
    notes: Vec<Address>,
    headings: Vec<Address>,
    /// Lone cells outside the columns of the groups.
    lone: Vec<Address>,
    pub(super) problems: Vec<Problem>,
}

/// Parts the rows below the headings into data and rows that are left out.
pub(super) fn parted<'t>(rows: Vec<&'t Row>, columns: &Columns<'_>, table: &Table) -> (Vec<&'t Row>, LeftOut) {
    let (mut left_out, banners) = (LeftOut::default(), banners(table, columns));
    let data: Vec<&Row> = rows.iter().copied().filter(|row| !left_out.takes(row, &rows, columns, &banners)).collect();
    left_out.problems.extend(lone_section(&data, columns, table));
    (data, left_out)
}

/// Returns the first cells of areas merged over all columns of the groups, unless the headings are merged in the same way.
fn banners(table: &Table, columns: &Columns<'_>) -> HashSet<Address> {
    let used = columns.used();
    let heading = |merge: &Merge| columns.header.as_ref().is_some_and(|header| header.row.index == merge.first.row);
    let layout: HashSet<(u32, u32)> = table
        .merges
        .iter()
        .filter(|merge| heading(merge))
        .map(|merge| (merge.first.column, merge.last.column))
        .collect();
    let is_banner = |merge: &&Merge| {
        let columns = merge.first.column..=merge.last.column;
        columns.start() < columns.end()
            && used.iter().all(|column| columns.contains(column))
            && !layout.contains(&(merge.first.column, merge.last.column))
    };
    table.merges.iter().filter(is_banner).map(|merge| merge.first).collect()
}

/// Warns of the first row that may be the heading of a section in a table without merged cells: it names a group of the top level alone,
/// while all other rows name a group of the lowest level.
fn lone_section(rows: &[&Row], columns: &Columns<'_>, table: &Table) -> Option<Problem> {
    let Shape::Levels(levels) = &columns.shape else { return None };
    let used = levels.concat();
    let (&top, &lowest) = (used.first()?, used.last()?);
    let is_lone = |row: &&&Row| filled(row) == 1 && row.get(top).is_some();
    let (lone, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(is_lone);
    let is_full = |row: &&Row| row.get(top).is_some() && row.get(lowest).is_some();
    let has_below = |row: &Row| others.iter().any(|other| other.get(top) == row.get(top));
    let is_last = |row: &Row| others.last().is_none_or(|last| last.index < row.index);
    let is_section = |row: &Row| !has_below(row) && !is_last(row);
    let is_plain = used.len() > 1 && table.merges.is_empty() && !others.is_empty() && others.iter().all(is_full);
    let row = lone.into_iter().find(|row| is_plain && is_section(row))?;
    let problem = section(row.at(top), row.get(top)?.text()?);
    Some(Problem { severity: Severity::Warning, ..problem })
}

impl LeftOut {
    fn takes(&mut self, row: &Row, rows: &[&Row], columns: &Columns<'_>, banners: &HashSet<Address>) -> bool {
        let (header, used) = (columns.header.as_ref(), columns.used());
        let Some((first, text)) = row.cells().next().map(|(column, cell)| (row.at(column), cell.text().unwrap_or("")))
        else {
            return true;
        };
        if header.is_some_and(|header| header.row.cells().eq(row.cells())) {
            return true;
        }
        if columns.is_tied(row) {
            return false;
        }
        let last = used.iter().max().copied().unwrap_or(0);
        let has_total = row.cells().any(|(column, cell)| column <= last && cell.text().is_some_and(is_total));
        if has_total {
            self.totals.push(first);
        } else if is_note(text) && is_short(row)
            || (is_footnote(text) || is_lone_note(text)) && filled(row) == 1
            || is_requirement(row)
        {
            self.notes.push(first);
        } else if header.is_some_and(|header| is_second(row, header, rows)) {
            self.headings.push(first);
            self.problems.push(second_table(first));
        } else if filled(row) == 1 && is_section(text) {
            self.problems.push(section(first, text));
        } else if banners.contains(&first) {
            self.problems.push(banner(first, text));
        } else if filled(row) == 1 && !used.contains(&first.column) && text.contains(char::is_alphabetic) {
            self.lone.push(first);
        } else {
            return false;
        }
        true
    }

    /// Returns what to say about the rows that were left out.
    pub(super) fn notes(&self) -> Vec<Message> {
        let (totals, notes, lone) = (listed(&self.totals), listed(&self.notes), listed(&self.lone));
        [
            (!self.totals.is_empty()).then(|| localized!("totals were left out: {totals}", "已略过合计行：{totals}")),
            (!self.notes.is_empty()).then(|| localized!("notes were left out: {notes}", "已略过备注行：{notes}")),
            (!self.lone.is_empty())
                .then(|| localized!("rows without a group were left out: {lone}", "已略过没有分组的行：{lone}")),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether a row has the headings of a second table: it is not the first row of data, and no other row repeats a cell of it.
fn is_second(row: &Row, header: &Header<'_>, rows: &[&Row]) -> bool {
    let is_repeated =
        |other: &Row| other.index != row.index && row.cells().any(|(column, cell)| other.get(column) == Some(cell));
    is_all_headings(row) && row.index > header.last + 1 && !rows.iter().any(|other| is_repeated(other))
}

/// Whether a text has a footnote's mark.
fn is_footnote(text: &str) -> bool {
    text.trim_start().starts_with(['*', '※', '＊'])
}

/// Whether a row only says which columns have to be filled in.
fn is_requirement(row: &Row) -> bool {
    let is_word = |text: &str| {
        let folded = folded(text);
        REQUIREMENTS.contains(&folded.trim_start_matches('(').trim_end_matches(')'))
    };
    row.cells().all(|(_, cell)| cell.text().is_some_and(is_word))
}

/// Whether a row has a note and at most one more cell for each.
fn is_short(row: &Row) -> bool {
    let notes = row.cells().filter(|(_, cell)| cell.text().is_some_and(is_note)).count();
    filled(row) <= notes * 2
}

/// Whether a text heads a sum: 合计, 北京小计, 合计：5 间, Beijing total.
pub(super) fn is_total(text: &str) -> bool {
    let folded = folded(text);
    let is_counted = |word: &&str| folded.strip_prefix(*word).is_some_and(|rest| rest.chars().all(is_counter));
    let is_english = || {
        let words: Vec<String> = text.trim().trim_end_matches(':').split_whitespace().map(str::to_lowercase).collect();
        words.len() > 1 && matches!(words.last().map(String::as_str), Some("total" | "subtotal"))
    };
    let is_chinese = ["合计", "小计", "总计", "共计"].iter().any(|word| folded.ends_with(word));
    TOTALS.iter().any(is_counted) || is_chinese || is_english() || is_count(&folded)
}

/// Whether a folded text only counts: 共3个.
fn is_count(folded: &str) -> bool {
    let rest = folded.strip_prefix("总共").or_else(|| folded.strip_prefix("共"));
    rest.is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()) && rest.chars().all(is_counter))
}

fn is_counter(c: char) -> bool {
    COUNTERS.contains(c) || matches!(c, '(' | ')')
}

/// Whether a text is a note below or above a table: 注：…, 制表人：…, Notes: ….
pub(super) fn is_note(text: &str) -> bool {
    let shown = text.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace());
    let text: String = shown.map(simplified).collect();
    let text = text.trim_start_matches(MARKS);
    let is_imprint = imprint(text).is_some_and(|(_, rest)| rest.is_empty() || rest.starts_with(':'));
    let label =
        text.split_once(':').map(|(label, _)| label.trim_end_matches(|c: char| c.is_numeric() || NUMBERS.contains(c)));
    is_imprint || label.is_some_and(|label| NOTES.contains(&label))
}

/// Returns the ending of an imprint's label, if there is one, and the text behind the label.
fn imprint(text: &str) -> Option<(bool, &str)> {
    let rest = IMPRINTS.iter().find_map(|word| text.strip_prefix(word))?;
    let behind = IMPRINT_ENDS.iter().find_map(|end| rest.strip_prefix(end));
    Some((behind.is_some(), behind.unwrap_or(rest)))
}

/// Whether a text is a note if it is alone in its row: 制表人 张三, 以上数据由行政部提供, (完).
fn is_lone_note(text: &str) -> bool {
    let shown: String = text.trim().nfkc().map(simplified).collect();
    let shown = shown.trim_matches(|c: char| MARKS.contains(&c) || c == ')');
    let is_value =
        |(has_end, rest): (bool, &str)| has_end || rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit());
    imprint(shown).is_some_and(is_value)
        || LONE_STARTS.iter().any(|start| shown.starts_with(start))
        || LONE_NOTES.contains(&shown)
}

/// Whether a text is numbered as the heading of a section: 一、总部园区.
fn is_section(text: &str) -> bool {
    let text: String = text.trim().nfkc().collect();
    let text = text.trim_start_matches('(');
    let rest = text.trim_start_matches(|c| NUMBERS.contains(c));
    rest.len() < text.len() && rest.trim_start_matches(')').starts_with(['、', '.', ','])
        || rest.len() < text.len() && rest.starts_with(')')
}

fn section(at: Address, text: &str) -> Problem {
    let text = shown(text.trim());
    Problem::error(
        "section-row",
        Some(at),
        localized!("{text} is alone in its row, as the heading of a section", "{text} 独占一行，像是一节的标题"),
        localized!(
            "If it is a group, give it a column of its own to the left of the others; otherwise delete the row",
            "如果它是分组，请在其他各级左边单独加一列；否则删去这一行"
        ),
    )
}

fn banner(at: Address, text: &str) -> Problem {
    let text = shown(text.trim());
    Problem::error(
        "section-row",
        Some(at),
        localized!(
            "{text} is merged over all columns of the groups, as the heading of a section",
            "{text} 合并了所有分组列，像是一节的标题"
        ),
        localized!(
            "If it is a group, unmerge the cell; if it is a level above the others, give it a column of its own to their left; otherwise \
             delete the row",
            "如果它是分组，请取消合并；如果它是其他各级的上级，请在左边单独加一列；否则删去这一行"
        ),
    )
}

fn second_table(at: Address) -> Problem {
    Problem::error(
        "second-header",
        Some(at),
        localized!("The row has headings other than those of the table", "这一行是另一组表头"),
        localized!(
            "Put the second table on a sheet or into a file of its own, and import each by itself",
            "请把第二张表放到单独的工作表或文件中，分别导入"
        ),
    )
}

#[cfg(test)]
mod tests {
    use crate::import::skipped_rows::{is_lone_note, is_note, is_section, is_total};

    #[test]
    fn totals_are_known() {
        for text in [
            "合计",
            "总 计",
            "小计：",
            "共计",
            "合計",
            "北京小计",
            "合计5间",
            "合计（间）",
            "Total",
            "Sub-total:",
            "Beijing total",
            "共 3 个",
            "共2条",
            "Σ",
            "Sum",
        ] {
            assert!(is_total(text), "{text}");
        }
        for text in ["北京", "Total Plaza", "合计楼", "计算中心", "总部", "5间", "共和国大厦", "共", "Sum Plaza"]
        {
            assert!(!is_total(text), "{text}");
        }
    }

    #[test]
    fn notes_are_known() {
        for text in [
            "注：四层装修",
            "備註:",
            "备注： x",
            "* 注1：x",
            "制表人",
            "制表：",
            "联系人：张三 13800000000",
            "负责人：张三",
            "Note: x",
            "Last updated: x",
            "（注：x）",
        ] {
            assert!(is_note(text), "{text}");
        }
        for text in ["注册中心", "说明", "北京", "Notes Plaza", "A:B", "备用楼", "制表大厦", "填报楼"]
        {
            assert!(!is_note(text), "{text}");
        }
    }

    #[test]
    fn notes_alone_in_a_row_are_known() {
        for text in ["制表人 张三", "制表人张三", "填表 张三", "以上数据由行政部提供", "(完)", "（完）"]
        {
            assert!(is_lone_note(text), "{text}");
        }
        for text in ["制表大厦", "填报楼", "以上海为界", "完美大厦", "北京"] {
            assert!(!is_lone_note(text), "{text}");
        }
    }

    #[test]
    fn sections_are_known() {
        for text in ["一、总部园区（4间）", "（二）分部", "十一.南区"] {
            assert!(is_section(text), "{text}");
        }
        for text in ["一号楼", "一教", "北京", "三里屯", "A、B"] {
            assert!(!is_section(text), "{text}");
        }
    }
}
