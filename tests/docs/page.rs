//! The pages: the README and the book, each in English and in Chinese.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What a page is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tongue {
    English,
    Chinese,
}

impl Tongue {
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Returns the locale that speaks it.
    pub(crate) fn locale(self) -> &'static str {
        match self {
            Self::English => "C.UTF-8",
            Self::Chinese => "zh_CN.UTF-8",
        }
    }

    /// Returns the folder of its book.
    pub(crate) fn book(self) -> &'static str {
        match self {
            Self::English => "docs",
            Self::Chinese => "docs/zh",
        }
    }

    fn readme(self) -> &'static str {
        match self {
            Self::English => "README.md",
            Self::Chinese => "README.zh-CN.md",
        }
    }
}

/// A page: its path in the repository, and its text.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    pub(crate) tongue: Tongue,
}

/// A fenced block: what stands after the fence, and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    pub(crate) language: &'a str,
    /// The path in a `<!-- file: PATH -->` above it.
    pub(crate) file: Option<&'a str>,
    pub(crate) lines: Vec<&'a str>,
}

/// Returns a path of the repository.
pub(crate) fn house(path: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Returns the names of the pages that stand in the book of a language, the summary left out.
pub(crate) fn chapters(tongue: Tongue) -> BTreeSet<String> {
    let entries = fs::read_dir(house(tongue.book())).unwrap().map(|entry| entry.unwrap().file_name());
    let names = entries.map(|name| name.into_string().unwrap());
    names.filter(|name| name.ends_with(".md") && name != "SUMMARY.md").collect()
}

/// Returns all pages of a language, the README first.
pub(crate) fn pages(tongue: Tongue) -> Vec<Page> {
    let book = chapters(tongue).into_iter().map(|name| Path::new(tongue.book()).join(name));
    std::iter::once(PathBuf::from(tongue.readme())).chain(book).map(|path| Page::read(path, tongue)).collect()
}

impl Page {
    pub(crate) fn read(path: impl Into<PathBuf>, tongue: Tongue) -> Self {
        let path = path.into();
        let text = fs::read_to_string(house(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path, text, tongue }
    }

    pub(crate) fn readme(tongue: Tongue) -> Self {
        Self::read(tongue.readme(), tongue)
    }

    pub(crate) fn chapter(tongue: Tongue, name: &str) -> Self {
        Self::read(Path::new(tongue.book()).join(name), tongue)
    }

    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Returns the fenced blocks, in order. A fence within a list is indented, and so are its lines.
    pub(crate) fn blocks(&self) -> Vec<Block<'_>> {
        let (mut blocks, mut above) = (Vec::new(), "");
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let (margin, Some(language)) = (margin(line), line.trim_start().strip_prefix("```")) {
                let inside = lines.by_ref().take_while(|line| line.trim() != "```");
                let lines = inside.map(|line| line.strip_prefix(margin).unwrap_or(line)).collect();
                blocks.push(Block { language, file: file_of(above), lines });
            }
            above = line;
        }
        blocks
    }

    /// Returns the lines that stand in no fenced block.
    pub(crate) fn prose(&self) -> Vec<&str> {
        let mut is_code = false;
        let mut is_prose = |line: &&str| {
            let is_fence = line.trim_start().starts_with("```");
            is_code ^= is_fence;
            !is_fence && !is_code
        };
        self.text.lines().filter(|line| is_prose(line)).collect()
    }

    /// Returns the level and the words of every heading.
    pub(crate) fn headings(&self) -> Vec<(usize, &str)> {
        self.prose().into_iter().filter(|line| line.starts_with('#')).map(heading).collect()
    }
}

fn heading(line: &str) -> (usize, &str) {
    let words = line.trim_start_matches('#');
    (line.len() - words.len(), words.trim())
}

fn margin(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

fn file_of(line: &str) -> Option<&str> {
    line.trim().strip_prefix("<!-- file: ")?.strip_suffix(" -->")
}
