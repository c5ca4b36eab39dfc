//! Reads one source file as tokens: its imports, re-exports and declared names.
//!
//! Test code is left out: items below `#[cfg(test)]` here, and modules named `testing` or `tests` in [`is_test_module`].
//! Every path that starts at `crate`, `self`, `super`, a child module or an imported name counts as an import, whether it is
//! in a `use` or in an expression.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The segments of a path below the crate root.
pub(crate) type ModulePath = Vec<String>;

/// The keywords in front of the name of a declared item.
const DECLARING: [&str; 7] = ["fn", "struct", "enum", "union", "trait", "type", "mod"];

/// One source file outside the tests.
#[derive(Default)]
pub(crate) struct Source {
    pub(crate) module: ModulePath,
    /// Absolute paths that the file imports or names.
    pub(crate) imports: BTreeSet<ModulePath>,
    /// Names that the file re-exports, with the paths they come from.
    pub(crate) reexports: BTreeMap<String, ModulePath>,
    /// Types, traits, functions and modules that the file declares.
    pub(crate) declared: BTreeSet<String>,
    pub(crate) child_modules: BTreeSet<String>,
    pub(crate) exported_macros: BTreeSet<String>,
    /// The paths behind the names that `use` brings into scope.
    names_in_scope: BTreeMap<String, ModulePath>,
}

impl Source {
    /// Reads the text of the file that is `module`.
    pub(crate) fn parse(module: ModulePath, text: &str) -> Self {
        let tokens: TokenStream = text.parse().expect("a source file is valid Rust");
        let mut source = Self { module, ..Self::default() };
        for read in [Self::declaration, Self::use_declaration, Self::path] {
            source.visit(tokens.clone(), read);
        }
        source
    }

    /// Runs `read` at each token outside the tests, on all levels.
    fn visit(&mut self, tokens: TokenStream, read: fn(&mut Self, &[TokenTree], usize)) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if is_test_attribute(&tokens[at..]) {
                at = end_of_item(&tokens, at + 2);
                continue;
            }
            read(self, &tokens, at);
            if let TokenTree::Group(group) = &tokens[at] {
                self.visit(group.stream(), read);
            }
            at = end_of_use(&tokens, at).unwrap_or(at) + 1;
        }
    }

    fn declaration(&mut self, tokens: &[TokenTree], at: usize) {
        let Some(keyword) = identifier(tokens, at) else { return };
        if keyword == "macro_rules" && is_exported(&tokens[..at]) {
            self.exported_macros.extend(identifier(tokens, at + 2));
        }
        let Some(name) = identifier(tokens, at + 1).filter(|_| DECLARING.contains(&keyword.as_str())) else { return };
        if keyword == "mod" {
            self.child_modules.insert(name.clone());
        }
        self.declared.insert(name);
    }

    fn use_declaration(&mut self, tokens: &[TokenTree], at: usize) {
        let Some(end) = end_of_use(tokens, at) else { return };
        let is_reexport = is_public(&tokens[..at]);
        for (name, path) in use_tree(&tokens[at + 1..end], &[]) {
            let Some(path) = self.absolute(&path) else { continue };
            self.imports.insert(path.clone());
            self.names_in_scope.insert(name.clone(), path.clone());
            if is_reexport {
                self.reexports.insert(name, path);
            }
        }
    }

    /// Reads a path in an expression, a type, an attribute or a macro.
    fn path(&mut self, tokens: &[TokenTree], at: usize) {
        let continues_a_path = at >= 2 && is_path_separator(tokens, at - 2);
        let is_visibility = at == 1 && identifier(tokens, 0).as_deref() == Some("in");
        if continues_a_path || is_visibility || !is_path_separator(tokens, at + 1) {
            return;
        }
        let mut path: ModulePath = identifier(tokens, at).into_iter().collect();
        let mut next = at + 1;
        while let Some(name) = identifier(tokens, next + 2).filter(|_| is_path_separator(tokens, next)) {
            path.push(name);
            next += 3;
        }
        self.imports.extend(self.absolute(&path));
    }

    /// Returns the path from the crate root, unless it leads to another crate.
    fn absolute(&self, path: &[String]) -> Option<ModulePath> {
        let (first, rest) = path.split_first()?;
        let start = match first.as_str() {
            "crate" => Vec::new(),
            "self" => self.module.clone(),
            "super" => self.parent(),
            child if self.child_modules.contains(child) => [self.module.as_slice(), &[child.to_owned()]].concat(),
            name => self.names_in_scope.get(name)?.clone(),
        };
        Some(rest.iter().fold(start, |mut path, segment| {
            if segment == "super" {
                path.pop();
            } else {
                path.push(segment.clone());
            }
            path
        }))
    }

    fn parent(&self) -> ModulePath {
        let (_, parent) = self.module.split_last().expect("`super` is used below the crate root");
        parent.to_vec()
    }
}

/// Returns whether a module holds test code alone.
pub(crate) fn is_test_module(module: &[String]) -> bool {
    module.iter().any(|name| name == "testing" || name == "tests")
}

/// Returns the index of the `;` behind a `use` at this index. `use<'a>` in a type is no import.
fn end_of_use(tokens: &[TokenTree], at: usize) -> Option<usize> {
    let is_import = identifier(tokens, at).as_deref() == Some("use") && !is_punct(tokens, at + 1, '<');
    (at..tokens.len()).find(|at| is_import && is_punct(tokens, *at, ';'))
}

/// Returns the names that a use tree brings into scope, with their paths.
fn use_tree(tokens: &[TokenTree], prefix: &[String]) -> Vec<(String, ModulePath)> {
    let branches = tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    branches.flat_map(|branch| use_branch(branch, prefix)).collect()
}

fn use_branch(tokens: &[TokenTree], prefix: &[String]) -> Vec<(String, ModulePath)> {
    let mut path = prefix.to_vec();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let branches: Vec<TokenTree> = group.stream().into_iter().collect();
                return use_tree(&branches, &path);
            }
            TokenTree::Ident(keyword) if keyword == "as" => {
                return identifier(tokens, at + 1).map(|name| (name, path)).into_iter().collect();
            }
            TokenTree::Ident(segment) if segment == "self" && !path.is_empty() => {}
            TokenTree::Ident(segment) => path.push(segment.to_string()),
            _ => {}
        }
    }
    path.last().cloned().map(|name| (name, path)).into_iter().collect()
}

/// Returns whether the tokens start with `#[cfg(test)]`.
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(attribute), ..] = tokens else { return false };
    hash.as_char() == '#' && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// Returns the index behind the item: behind its `;` or its block. The braces of a use tree do not end it.
fn end_of_item(tokens: &[TokenTree], start: usize) -> usize {
    let ends_item = |at: &usize| match &tokens[*at] {
        TokenTree::Group(group) => {
            group.delimiter() == Delimiter::Brace && !(*at >= 2 && is_path_separator(tokens, *at - 2))
        }
        _ => is_punct(tokens, *at, ';'),
    };
    (start..tokens.len()).find(ends_item).map_or(tokens.len(), |at| at + 1)
}

/// Returns whether the tokens in front of `macro_rules` end with `#[macro_export]`.
fn is_exported(before: &[TokenTree]) -> bool {
    matches!(before.last(), Some(TokenTree::Group(attribute)) if attribute.stream().to_string() == "macro_export")
}

/// Returns whether the tokens end with `pub` or `pub(…)`.
fn is_public(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(keyword)] | [.., TokenTree::Ident(keyword), TokenTree::Group(_)] => keyword == "pub",
        _ => false,
    }
}

fn identifier(tokens: &[TokenTree], at: usize) -> Option<String> {
    match tokens.get(at)? {
        TokenTree::Ident(name) => Some(name.to_string().trim_start_matches("r#").to_owned()),
        _ => None,
    }
}

fn is_punct(tokens: &[TokenTree], at: usize, expected: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == expected)
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    is_punct(tokens, at, ':') && is_punct(tokens, at + 1, ':')
}
