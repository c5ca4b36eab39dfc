//! What is written in a file: its lists and mappings, entry by entry, with the comments beside them.
//!
//! An arena like `Yaml`, but of what is seen instead of what is meant: aliases stay aliases, and anchors and quotes are kept.
//! What is never needed in a manifest (tags, directives, `? ` before a key) cannot be laid out, and is told with its place.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span as YamlSpan, StructureStyle, options};

use crate::i18n::Message;
use crate::localized;
use crate::manifest::edit::emit;
use crate::manifest::parse::yaml_errors;
use crate::manifest::{Diagnostic, Rule, SourceId, Span};

/// A file as it is written.
pub(crate) struct SyntaxTree<'t> {
    pub(crate) text: &'t str,
    source: SourceId,
    pub(crate) nodes: Vec<Node<'t>>,
    /// In the order of the text: an entry stands before those within it.
    pub(crate) entries: Vec<Entry<'t>>,
    /// Every comment, in the order of the text.
    pub(crate) remarks: Vec<Range<usize>>,
    /// Where `---` stands.
    pub(crate) marker: Option<usize>,
    /// What stands above everything else.
    pub(crate) head: Vec<Line<'t>>,
}

/// What stands at a key or in a list.
pub(crate) struct Node<'t> {
    pub(crate) anchor: Option<&'t str>,
    pub(crate) content: Content<'t>,
    /// The entry that it is the value of; `None` for the topmost.
    pub(crate) owner: Option<usize>,
    pub(crate) range: Range<usize>,
}

/// What a node is.
pub(crate) enum Content<'t> {
    /// A scalar or an alias, as it is to be written.
    Scalar(Cow<'t, str>),
    /// A list or a mapping.
    Collection(Collection<'t>),
}

/// A list or a mapping.
#[derive(Default)]
pub(crate) struct Collection<'t> {
    pub(crate) is_mapping: bool,
    /// Whether it is written in brackets.
    pub(crate) is_flow: bool,
    /// Whether a comment stands within brackets in it, or within its own.
    pub(crate) is_remarked: bool,
    pub(crate) entries: Vec<usize>,
    /// What stands behind its last entry.
    pub(crate) below: Vec<Line<'t>>,
}

/// A node with its key, if it has one, and the comments that belong to it.
pub(crate) struct Entry<'t> {
    /// Where its `-` or its key stands; in brackets, its key or its value.
    pub(crate) start: usize,
    /// The collection that it is in.
    pub(crate) parent: usize,
    pub(crate) key: Option<Cow<'t, str>>,
    /// Its value; its own index in `nodes`.
    pub(crate) value: usize,
    pub(crate) above: Vec<Line<'t>>,
    /// The comment on its line, with the blanks before it.
    pub(crate) behind: Option<&'t str>,
}

/// A line without content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'t> {
    Blank,
    Comment(&'t str),
}

impl<'t> SyntaxTree<'t> {
    /// Sketches a file that was read without errors.
    pub(crate) fn of(source: SourceId, text: &'t str) -> Result<Self, Box<Diagnostic>> {
        let mut hand = Hand { sketch: Self::empty(source, text), open: Vec::new(), key: None, end: 0 };
        for event in Parser::new_from_str_with_options(text, settings()) {
            match event {
                Ok((event, span)) => hand.event(event, &span)?,
                Err(_) => return Err(hand.stops_at(0..0, localized!("what cannot be read", "无法读取的内容"))),
            }
        }
        hand.check_rest()?;
        Ok(hand.sketch)
    }

    fn empty(source: SourceId, text: &'t str) -> Self {
        let (nodes, entries, remarks) = (Vec::new(), Vec::new(), Vec::new());
        Self { text, source, nodes, entries, remarks, marker: None, head: Vec::new() }
    }

    /// Returns the text of every comment, sorted.
    pub(crate) fn comments(&self) -> Vec<String> {
        let mut comments: Vec<_> =
            self.remarks.iter().map(|range| self.text[range.clone()].trim_end().to_owned()).collect();
        comments.sort_unstable();
        comments
    }

    /// Returns the list or mapping that a node is.
    pub(crate) fn collection(&self, node: usize) -> Option<&Collection<'t>> {
        match &self.nodes[node].content {
            Content::Collection(collection) => Some(collection),
            Content::Scalar(_) => None,
        }
    }

    /// Returns the list or mapping that a node is, to change it.
    pub(crate) fn collection_mut(&mut self, node: usize) -> Option<&mut Collection<'t>> {
        match &mut self.nodes[node].content {
            Content::Collection(collection) => Some(collection),
            Content::Scalar(_) => None,
        }
    }
}

fn settings() -> Options {
    options! {
        emit_unresolved_aliases: true,
        emit_comments: true,
        emit_anchor_events: true,
        flow_nesting_limit: yaml_errors::DEEPEST,
        block_nesting_limit: yaml_errors::DEEPEST,
    }
}

/// A sketch while it is made.
struct Hand<'t> {
    sketch: SyntaxTree<'t>,
    /// Collections that are not complete, the innermost last.
    open: Vec<usize>,
    /// A key whose value is still to come.
    key: Option<(usize, Cow<'t, str>)>,
    /// The end of what was sketched so far.
    end: usize,
}

impl<'t> Hand<'t> {
    fn event(&mut self, event: Event<'_>, span: &YamlSpan) -> Result<(), Box<Diagnostic>> {
        let range = range(span);
        let tag = span.tag_span().map(|tag| self::range(&tag));
        match event {
            Event::Comment(..) => self.sketch.remarks.push(range),
            Event::DocumentStart(is_marked, version) => return self.document(is_marked, version.is_some(), range),
            Event::Scalar(value, style, ..) => return self.scalar(&value, style, range, tag),
            Event::Alias(_) => return self.alias(range),
            Event::SequenceStart(style, ..) => return self.start(Shape { is_mapping: false, style }, range, tag),
            Event::MappingStart(style, ..) => return self.start(Shape { is_mapping: true, style }, range, tag),
            Event::SequenceEnd | Event::MappingEnd => self.finish(range),
            Event::Anchor(..) => return self.anchor(range),
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, is_marked: bool, is_versioned: bool, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        let before = &self.sketch.text[..range.start];
        if is_versioned || before.lines().any(|line| line.starts_with('%')) {
            return Err(self.stops_at(0..0, localized!("a directive (`%`)", "指令（`%`）")));
        }
        self.sketch.marker = is_marked.then_some(range.start);
        self.end = range.end;
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        range: Range<usize>,
        tag: Option<Range<usize>>,
    ) -> Result<(), Box<Diagnostic>> {
        if let Some(tag) = tag {
            return Err(self.stops_at(tag, localized!("a tag (`!`)", "标签（`!`）")));
        }
        let written = &self.sketch.text[range.clone()];
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let text = match is_block || written.contains(['\n', '\r']) {
            true => emit::flow_scalar(value).map(Cow::Owned),
            false => Some(Cow::Borrowed(written)),
        };
        let Some(text) = text else { return Err(self.stops_at(range, localized!("this text", "这段文本"))) };
        let start = if is_block { self.indicator(range.start, ['|', '>']).unwrap_or(range.start) } else { range.start };
        match self.awaits_key() {
            true => self.take_key(value, start..range.end),
            false => self.put(Content::Scalar(text), start..range.end),
        }
    }

    fn alias(&mut self, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        let text = Cow::Borrowed(&self.sketch.text[range.clone()]);
        match self.awaits_key() {
            true => Err(self.stops_at(range, localized!("an alias as a key", "用作键的别名"))),
            false => self.put(Content::Scalar(text), range),
        }
    }

    fn start(&mut self, shape: Shape, range: Range<usize>, tag: Option<Range<usize>>) -> Result<(), Box<Diagnostic>> {
        if let Some(tag) = tag {
            return Err(self.stops_at(tag, localized!("a tag (`!`)", "标签（`!`）")));
        }
        let is_flow = shape.style == StructureStyle::Flow;
        let collection = Collection { is_mapping: shape.is_mapping, is_flow, ..Collection::default() };
        let index = self.sketch.nodes.len();
        let end = self.end;
        self.put(Content::Collection(collection), range.clone())?;
        // Where a block begins, nothing is written yet.
        self.end = if is_flow { range.end } else { end };
        self.open.push(index);
        Ok(())
    }

    fn finish(&mut self, range: Range<usize>) {
        let Some(node) = self.open.pop() else { return };
        let is_flow = self.sketch.collection(node).is_some_and(|collection| collection.is_flow);
        self.end = if is_flow { range.end.max(self.end) } else { self.end };
        self.sketch.nodes[node].range.end = self.end;
    }

    /// Takes the anchor of the node that came just before.
    fn anchor(&mut self, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        if self.key.is_some() {
            return Err(self.stops_at(range, localized!("an anchor before a key", "键前的锚点")));
        }
        let text = self.sketch.text;
        if let Some(node) = self.sketch.nodes.last_mut() {
            node.anchor = Some(&text[range.clone()]);
        }
        self.end = self.end.max(range.end);
        Ok(())
    }

    /// Says whether what comes next is a key.
    fn awaits_key(&self) -> bool {
        let is_mapping = |node: &usize| self.sketch.collection(*node).is_some_and(|collection| collection.is_mapping);
        self.key.is_none() && self.open.last().is_some_and(is_mapping)
    }

    /// Takes a key; it is written without quotes, since all keys are plain words.
    fn take_key(&mut self, value: &str, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        if let Some(at) = self.indicator(range.start, ['?', '?']) {
            return Err(self.stops_at(at..at + 1, localized!("a `?` before a key", "键前的 `?`")));
        }
        self.key = Some((range.start, Cow::Owned(value.to_owned())));
        self.end = range.end;
        Ok(())
    }

    /// Puts a node where it belongs: at the key that waits, in the innermost list, or at the top.
    fn put(&mut self, content: Content<'t>, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        let value = self.sketch.nodes.len();
        let owner = self.open.last().copied().map(|parent| self.entry(parent, value, range.start)).transpose()?;
        self.end = self.end.max(range.end);
        self.sketch.nodes.push(Node { anchor: None, content, owner, range });
        Ok(())
    }

    fn entry(&mut self, parent: usize, value: usize, at: usize) -> Result<usize, Box<Diagnostic>> {
        let (start, key) = match self.key.take() {
            Some((start, key)) => (start, Some(key)),
            None => (self.item_start(parent, at)?, None),
        };
        let index = self.sketch.entries.len();
        self.sketch.entries.push(Entry { start, parent, key, value, above: Vec::new(), behind: None });
        if let Some(collection) = self.sketch.collection_mut(parent) {
            collection.entries.push(index);
        }
        Ok(index)
    }

    /// Returns where an item of a list begins: at its `-`, or, in brackets, where its value does.
    fn item_start(&self, parent: usize, at: usize) -> Result<usize, Box<Diagnostic>> {
        if self.sketch.collection(parent).is_some_and(|collection| collection.is_flow) {
            return Ok(at);
        }
        self.indicator(at, ['-', '-']).ok_or_else(|| self.stops_at(at..at, localized!("this item", "这一项")))
    }

    /// Finds a sign between what was sketched last and a place, outside of comments.
    fn indicator(&self, before: usize, signs: [char; 2]) -> Option<usize> {
        let mut at = self.end;
        let remarks = self.sketch.remarks.iter().rev().take_while(|remark| remark.end > at).collect::<Vec<_>>();
        for remark in remarks.iter().rev().filter(|remark| remark.start < before) {
            let gap = self.sketch.text.get(at..remark.start)?;
            if let Some(found) = gap.find(signs) {
                return Some(at + found);
            }
            at = remark.end;
        }
        Some(at + self.sketch.text.get(at..before)?.find(signs)?)
    }

    /// Refuses what stands behind everything.
    fn check_rest(&self) -> Result<(), Box<Diagnostic>> {
        let Some(at) = self.sketch.text[self.end..].find("\n...") else { return Ok(()) };
        let start = self.end + at + 1;
        Err(self.stops_at(start..start + 3, localized!("a mark of the end (`...`)", "结束标记（`...`）")))
    }

    fn stops_at(&self, range: Range<usize>, what: Message) -> Box<Diagnostic> {
        let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
        let place = Span { source: self.sketch.source, start: narrow(range.start), end: narrow(range.end) };
        let message = localized!("The file cannot be laid out with {what} in it", "文件中有{what}，无法排版");
        let problem =
            Diagnostic::error(Rule::NotFormatted, message).at(place, localized!("stands in the way", "无法排版"));
        Box::new(problem.help(localized!(
            "Write it without; a manifest never needs it. Until then the file stays as it is",
            "去掉它，清单用不到它；在此之前文件保持原样"
        )))
    }
}

/// What a collection is, and how it is written.
struct Shape {
    is_mapping: bool,
    style: StructureStyle,
}

fn range(span: &YamlSpan) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}
