//! The sources of the program, read as tokens: their string literals, and the pairs of languages among them.
//!
//! Left out are tests, attributes other than `#[error]`, and what a reader never sees: `expect` and the asserting macros say
//! what cannot happen.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::languages::literal;

/// Macros whose texts are for whoever changes the program.
const ASSERTING: [&str; 7] =
    ["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "panic", "unreachable"];

/// Macros whose texts are log lines: they are for engineers, who search for them, and are in English only.
const LOGGING: [&str; 2] = ["debug", "info"];

/// A text in each language.
pub(crate) struct Pair {
    pub(crate) file: String,
    pub(crate) english: String,
    pub(crate) chinese: String,
}

/// What was found.
#[derive(Default)]
pub(crate) struct Sources {
    /// Literals that stand in no pair, with their files.
    pub(crate) bare: Vec<(String, String)>,
    pub(crate) pairs: Vec<Pair>,
    /// Modules that are made for tests alone, as paths without an ending.
    tests: Vec<PathBuf>,
}

/// Reads every source below `src`.
pub(crate) fn read() -> Sources {
    let mut sources = Sources::default();
    for path in files(Path::new("src")) {
        let text = fs::read_to_string(&path).expect("a source can be read");
        let tokens: TokenStream = text.parse().expect("a source is Rust");
        File { path: &path, sources: &mut sources }.walk(tokens);
    }
    let tests: Vec<String> = sources.tests.iter().map(|path| path.display().to_string()).collect();
    let is_test = |file: &str| tests.iter().any(|test| file.strip_prefix(test.as_str()).is_some_and(ends_module));
    sources.bare.retain(|(file, _)| !is_test(file));
    sources.pairs.retain(|pair| !is_test(&pair.file));
    sources
}

fn ends_module(rest: &str) -> bool {
    rest == ".rs" || rest.starts_with('/')
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let sources = files.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    sources.chain(folders.iter().flat_map(|folder| self::files(folder))).collect()
}

struct File<'a> {
    path: &'a Path,
    sources: &'a mut Sources,
}

impl File<'_> {
    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        while !rest.is_empty() {
            rest = self.step(rest);
        }
    }

    /// Takes what comes next, and returns what is left.
    fn step<'t>(&mut self, tokens: &'t [TokenTree]) -> &'t [TokenTree] {
        match tokens {
            [TokenTree::Punct(hash), TokenTree::Punct(_), TokenTree::Group(_), rest @ ..] if hash.as_char() == '#' => {
                rest
            }
            [TokenTree::Punct(hash), TokenTree::Group(attribute), rest @ ..] if hash.as_char() == '#' => {
                self.attribute(attribute, rest)
            }
            [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(group), rest @ ..]
                if bang.as_char() == '!' =>
            {
                self.invocation(&name.to_string(), group);
                rest
            }
            [TokenTree::Ident(name), TokenTree::Group(group), rest @ ..]
                if group.delimiter() == Delimiter::Parenthesis =>
            {
                self.call(&name.to_string(), group);
                rest
            }
            [TokenTree::Group(group), rest @ ..] => {
                self.walk(group.stream());
                rest
            }
            [TokenTree::Literal(literal), rest @ ..] => {
                let file = self.file();
                self.sources.bare.extend(literal::text(literal).map(|text| (file, text)));
                rest
            }
            [_, rest @ ..] => rest,
            [] => tokens,
        }
    }

    /// Leaves out what is made for tests alone.
    fn attribute<'t>(&mut self, attribute: &Group, rest: &'t [TokenTree]) -> &'t [TokenTree] {
        let written: String = attribute.stream().to_string().split_whitespace().collect();
        if written.starts_with("error(") {
            self.walk(attribute.stream());
        }
        if written != "cfg(test)" { rest } else { self.leave_out(rest) }
    }

    fn leave_out<'t>(&mut self, rest: &'t [TokenTree]) -> &'t [TokenTree] {
        let is_end = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(sign) => sign.as_char() == ';',
            _ => false,
        };
        let end = rest.iter().position(is_end).map_or(rest.len(), |at| at + 1);
        if let [.., TokenTree::Ident(module), TokenTree::Ident(name), TokenTree::Punct(_)] = &rest[..end]
            && *module == "mod"
        {
            self.sources.tests.push(self.module().join(name.to_string()));
        }
        &rest[end..]
    }

    /// Returns the folder of this file's modules.
    fn module(&self) -> PathBuf {
        let is_head = self.path.file_stem().is_some_and(|stem| stem == "mod" || stem == "lib");
        if is_head { self.path.with_file_name("") } else { self.path.with_extension("") }
    }

    fn invocation(&mut self, name: &str, group: &Group) {
        match name {
            "tr" | "localized" => self.pair(group),
            name if ASSERTING.contains(&name) || LOGGING.contains(&name) => {}
            _ => self.walk(group.stream()),
        }
    }

    fn call(&mut self, name: &str, group: &Group) {
        match name {
            "count" | "word" => self.pair(group),
            "expect" if group.stream().into_iter().all(|token| matches!(token, TokenTree::Literal(_))) => {}
            _ => self.walk(group.stream()),
        }
    }

    /// Takes the first two literals for a pair, and walks what is left.
    fn pair(&mut self, group: &Group) {
        let text = |token: &TokenTree| match token {
            TokenTree::Literal(literal) => literal::text(literal),
            _ => None,
        };
        let (literals, rest): (Vec<_>, Vec<_>) = group.stream().into_iter().partition(|token| text(token).is_some());
        let mut texts = literals.iter().filter_map(text);
        if let (Some(english), Some(chinese)) = (texts.next(), texts.next()) {
            let file = self.file();
            self.sources.pairs.push(Pair { file, english, chinese });
        }
        let file = self.file();
        self.sources.bare.extend(texts.map(|text| (file.clone(), text)));
        self.walk(rest.into_iter().collect());
    }

    fn file(&self) -> String {
        self.path.display().to_string().replace('\\', "/")
    }
}
