//! What stands between the names of a path: found in the paths themselves, if there is one answer.

use crate::import::problem::{Problem, shown};
use crate::localized;
use crate::sheet::Address;

/// What hardly ever stands within a name.
const STRONG: [&str; 13] = ["/", "\\", ">", "|", "→", "»", "›", "／", "＞", "｜", "::", " - ", " — "];
/// What stands within names, too: not taken for a separator unless it is asked for.
const WEAK: [&str; 8] = ["-", "_", ".", "、", "—", "·", ",", "，"];

/// Says whether a text has something in it that may part a path.
pub(super) fn is_in(text: &str) -> bool {
    STRONG.iter().any(|separator| text.contains(separator))
}

/// Counts the names of a path that may be separated at any of the characters that paths have.
pub(super) fn parts(path: &str) -> usize {
    let Some(separator) = STRONG.into_iter().find(|separator| path.contains(separator)) else { return 1 };
    path.split(separator).filter(|name| !name.trim().is_empty()).count()
}

/// Finds the separator of paths; `None` if each is a single name.
pub(super) fn find(paths: &[(Address, &str)]) -> Result<Option<&'static str>, Problem> {
    let count = |separator: &str| paths.iter().filter(|(_, path)| path.contains(separator)).count();
    let parted = paths.iter().filter(|(_, path)| is_in(path)).count();
    let everywhere: Vec<_> = STRONG.into_iter().filter(|separator| parted > 0 && count(separator) == parted).collect();
    match everywhere.as_slice() {
        [one] => Ok(Some(one)),
        [] if parted == 0 => weak(paths).map_or(Ok(None), Err),
        _ => Err(several(paths)),
    }
}

/// Asks back if something weaker stands in most of the paths.
fn weak(paths: &[(Address, &str)]) -> Option<Problem> {
    let found = |separator: &str| paths.iter().filter(|(_, path)| path.contains(separator)).count();
    let separator = WEAK.into_iter().find(|separator| found(separator) * 2 > paths.len())?;
    let (at, path) = *paths.iter().find(|(_, path)| path.contains(separator))?;
    let (path, count, all) = (shown(path), found(separator), paths.len());
    Some(Problem::error(
        "separator",
        Some(at),
        localized!(
            "`{separator}` stands in {count} of {all} paths, such as {path}: does it part the levels?",
            "{all} 条路径中有 {count} 条含有 `{separator}`，如 {path}：它是层级分隔符吗？"
        ),
        localized!(
            "Give --separator '{separator}' if it does, or --separator / if each is one name",
            "如果是，请加 `--separator '{separator}'`；如果每条都是一个名称，请加 `--separator /`"
        ),
    ))
}

fn several(paths: &[(Address, &str)]) -> Problem {
    let example = |separator| Some((separator, *paths.iter().find(|(_, path)| path.contains(separator))?));
    let found: Vec<(&str, (Address, &str))> = STRONG.into_iter().filter_map(example).take(2).collect();
    let list = found.iter().map(|(separator, (at, _))| format!("`{separator}` ({at})")).collect::<Vec<_>>().join(", ");
    Problem::error(
        "separator",
        found.last().map(|(_, (at, _))| *at),
        localized!("The paths are parted in more than one way: {list}", "路径中出现了多种分隔符：{list}"),
        localized!("Say which one parts the levels, as in --separator /", "请说明哪个是层级分隔符，如 `--separator /`"),
    )
}

#[cfg(test)]
mod tests {
    use crate::import::separator::find;
    use crate::sheet::Address;

    fn found(paths: &[&str]) -> Result<Option<&'static str>, &'static str> {
        let at = |row| Address { row, column: 0 };
        let paths: Vec<_> = (0..).zip(paths).map(|(row, path)| (at(row), *path)).collect();
        find(&paths).map_err(|problem| problem.code)
    }

    #[test]
    fn the_one_that_is_in_all_parted_paths_is_it() {
        assert_eq!(found(&["北京", "北京/望京", "北京/望京/A|B"]), Ok(Some("/")));
        assert_eq!(found(&["北京 > 望京", "上海"]), Ok(Some(">")));
        assert_eq!(found(&["北京 - 望京", "One-North - A"]), Ok(Some(" - ")));
        assert_eq!(found(&["北京", "上海"]), Ok(None));
        assert_eq!(found(&["北京", "One-North", "上海"]), Ok(None));
        assert_eq!(found(&[]), Ok(None));
    }

    #[test]
    fn what_is_not_sure_is_asked() {
        assert_eq!(found(&["a/b", "c>d"]), Err("separator"));
        assert_eq!(found(&["a/b>c"]), Err("separator"));
        assert_eq!(found(&["北京-望京", "上海-张江", "深圳"]), Err("separator"));
    }
}
