//! From text to YAML items, by the parser's events.
//!
//! Aliases and anchors are joined here, and what YAML allows but a manifest cannot mean (tags, several documents) is refused.
//! The parser stops at the first syntax error; what was read until then stays and is checked.

use std::borrow::Cow;

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span as YamlSpan, Tag, options};

use crate::localized;
use crate::manifest::parse::ast::{ItemId, Kind, Yaml};
use crate::manifest::parse::quote::Shown;
use crate::manifest::parse::yaml_errors;
use crate::manifest::{Diagnostic, Rule, SourceId, Span};

/// Parses one source.
pub(crate) fn parse<'t>(source: SourceId, text: &'t str, problems: &mut Vec<Diagnostic>) -> Yaml<'t> {
    let yaml = Yaml::new(source, text);
    let mut builder = Builder { yaml, open: Vec::new(), anchors: Vec::new(), marks: Vec::new(), problems };
    for event in Parser::new_from_str_with_options(text, settings()) {
        match event {
            Ok((Event::DocumentStart(..), span)) if builder.yaml.top().is_some() => {
                builder.several(&span);
                break;
            }
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => builder.syntax(&error),
        }
    }
    builder.finish()
}

/// The parser's own bounds on nesting (255 levels) are too narrow for trees as deep as `limits.depth` may allow.
fn settings() -> Options {
    options! {
        emit_unresolved_aliases: true,
        emit_comments: false,
        emit_anchor_events: true,
        flow_nesting_limit: yaml_errors::DEEPEST,
        block_nesting_limit: yaml_errors::DEEPEST,
    }
}

struct Builder<'t, 'p> {
    yaml: Yaml<'t>,
    open: Vec<ItemId>,
    /// The item of each anchor; the parser counts anchors from 1.
    anchors: Vec<Anchor>,
    /// Where marks stand before bare scalars: tags without a name, and anchors with their numbers.
    marks: Vec<(ItemId, (u32, u32), Option<usize>)>,
    problems: &'p mut Vec<Diagnostic>,
}

/// What an anchor names.
#[derive(Clone, Copy)]
struct Anchor {
    item: ItemId,
    /// Whether an alias names it.
    is_used: bool,
}

impl<'t> Builder<'t, '_> {
    fn event(&mut self, event: Event<'_>, span: &YamlSpan) {
        match event {
            Event::Scalar(value, style, anchor, tag) => self.scalar(&value, style, anchor, tag, span),
            Event::SequenceStart(_, anchor, tag) => self.start(Kind::List, anchor, tag, span),
            Event::MappingStart(_, anchor, tag) => self.start(Kind::Mapping, anchor, tag, span),
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Anchor(anchor, _) => self.anchor_mark(anchor, span),
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, span),
            _ => {}
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, anchor: usize, tag: Option<Cow<'_, Tag>>, span: &YamlSpan) {
        self.anchor(anchor);
        let kind = if style == ScalarStyle::Plain && tag.is_none() { Kind::Bare } else { Kind::Quoted };
        if let (ScalarStyle::Plain, Some("!"), Some(mark)) =
            (style, tag.as_deref().map(Tag::original).as_deref(), span.tag_span())
        {
            self.marks.push((self.yaml.upcoming(), range(&mark), None));
        }
        match self.tag(tag, "str", span) {
            Ok(()) => self.yaml.scalar(kind, self.behind_colon(range(span)), value),
            Err(problem) => self.broken(*problem, span),
        }
    }

    /// Moves the place of a missing value, which the parser puts at the end of its key, behind the `:`.
    fn behind_colon(&self, (start, end): (u32, u32)) -> (u32, u32) {
        let is_before = start == end && self.yaml.text.as_bytes().get(start as usize) == Some(&b':');
        if is_before { (start + 1, end + 1) } else { (start, end) }
    }

    fn start(&mut self, kind: Kind, anchor: usize, tag: Option<Cow<'_, Tag>>, span: &YamlSpan) {
        self.anchor(anchor);
        let meant = if kind == Kind::List { "seq" } else { "map" };
        self.problems.extend(self.tag(tag, meant, span).err().map(|problem| *problem));
        let id = self.yaml.open(kind, range(span));
        self.open.push(id);
    }

    fn end(&mut self) {
        if let Some(id) = self.open.pop() {
            self.yaml.close(id);
        }
    }

    fn anchor(&mut self, anchor: usize) {
        if anchor > 0 {
            self.anchors.resize(anchor, Anchor { item: self.yaml.upcoming(), is_used: false });
        }
    }

    /// Remembers where the anchor of a bare scalar stands; that comes after the scalar.
    fn anchor_mark(&mut self, anchor: usize, span: &YamlSpan) {
        let Some(at) = anchor.checked_sub(1) else { return };
        let item = self.anchors.get(at).map(|anchor| anchor.item);
        if let Some(item) = item.filter(|item| *item < self.yaml.upcoming() && self.yaml.kind(*item) == Kind::Bare) {
            self.marks.push((item, range(span), Some(at)));
        }
    }

    /// Returns the marks that nothing needs.
    fn idle_marks(&mut self) -> Vec<(ItemId, (u32, u32))> {
        let marks = std::mem::take(&mut self.marks).into_iter();
        let is_needed = |anchor: Option<usize>| anchor.is_some_and(|at| self.anchors[at].is_used);
        marks.filter(|(.., anchor)| !is_needed(*anchor)).map(|(item, mark, _)| (item, mark)).collect()
    }

    fn alias(&mut self, anchor: usize, span: &YamlSpan) {
        let named = anchor.checked_sub(1).and_then(|at| self.anchors.get_mut(at));
        let target = named.map(|anchor| {
            anchor.is_used = true;
            anchor.item
        });
        match target {
            Some(target) if !self.yaml.is_open(target) => self.yaml.leaf(Kind::Alias(target), range(span)),
            target => self.recursive_alias(target, span),
        }
    }

    /// Accepts the one tag that says what is so already, and YAML's mark for text.
    fn tag(&self, tag: Option<Cow<'_, Tag>>, meant: &str, span: &YamlSpan) -> Result<(), Box<Diagnostic>> {
        let Some(tag) = tag else { return Ok(()) };
        if tag.is_yaml_core_schema_tag(meant) || tag.original() == "!" {
            return Ok(());
        }
        let message =
            localized!("The tag {} means nothing in a manifest", "标签 {} 在清单中没有意义", Shown(&tag.original()));
        let place = self.place(span.tag_span().as_ref().unwrap_or(span));
        let help = localized!(
            "Remove the tag: a name is text already, whatever it looks like; or put a name that begins with `!` in quotes",
            "删去标签：名称无论写成什么样都是文本；以 `!` 开头的名称要加引号"
        );
        Err(Box::new(
            Diagnostic::error(Rule::UnsupportedTag, message).at(place, localized!("this tag", "这个标签")).help(help),
        ))
    }

    fn unknown_alias(&mut self, name: &str, span: &YamlSpan) {
        let alias = format!("*{name}");
        let message = localized!("The alias {} names no anchor above it", "别名 {} 之前没有对应的锚点", Shown(&alias));
        let help = localized!(
            "Mark what it stands for with `&` and the same name, further up in the same file; a name that begins with `*` \
             needs quotes",
            "在同一文件中更靠前的位置，用 `&` 加同样的名字标记它所代表的内容；以 `*` 开头的名称要加引号"
        );
        let problem = Diagnostic::error(Rule::UnknownAlias, message);
        self.broken(problem.at(self.place(span), localized!("no such anchor", "没有这个锚点")).help(help), span);
    }

    fn recursive_alias(&mut self, target: Option<ItemId>, span: &YamlSpan) {
        let message = localized!("The alias stands within what it names", "别名位于它所代表的内容之中");
        let mut problem = Diagnostic::error(Rule::RecursiveAlias, message)
            .at(self.place(span), localized!("would repeat itself without end", "会无限重复"))
            .help(localized!("Name an anchor that is complete before the alias", "请引用在别名之前已经完整的锚点"));
        if let Some(target) = target {
            let label = localized!("the anchor's content begins here", "锚点的内容从这里开始");
            problem = problem.related(self.yaml.mark(target), label);
        }
        self.broken(problem, span);
    }

    fn broken(&mut self, problem: Diagnostic, span: &YamlSpan) {
        self.problems.push(problem);
        self.yaml.leaf(Kind::Broken, range(span));
    }

    fn several(&mut self, span: &YamlSpan) {
        let message = localized!("The file holds more than one YAML document", "文件中有多个 YAML 文档");
        let problem = Diagnostic::error(Rule::SeveralDocuments, message)
            .at(self.place(span), localized!("a second document begins here", "第二个文档从这里开始"))
            .help(localized!(
                "Keep one document in each file; several files, or a folder of them, make one manifest",
                "每个文件只放一个文档；多个文件或一个文件夹可以合成一个清单"
            ));
        self.problems.push(problem);
    }

    fn syntax(&mut self, error: &ScanError) {
        self.yaml.complete = false;
        let problem = yaml_errors::problem(error, self.yaml.source, self.yaml.text);
        match self.yaml.last_folded() {
            _ if problem.rule == Rule::NestedTooDeep => self.abandon(),
            Some(id) if is_colon_behind(self.yaml.text, self.yaml.place(id), problem.place) => {
                let place = self.yaml.place(id);
                self.yaml.spoil(id);
                return self.problems.push(yaml_errors::continued(place, self.yaml.text));
            }
            _ => {}
        }
        self.problems.push(problem);
    }

    /// Gives up the topmost group that goes too deep, since among so many levels nothing else is worth saying; what stands
    /// before it stays. Where it is no group of a manifest, all is given up.
    fn abandon(&mut self) {
        let is_group =
            |open: &[ItemId]| self.yaml.kind(open[0]) == Kind::Mapping && self.yaml.kind(open[1]) == Kind::List;
        match self.open.get(2).copied().filter(|_| is_group(&self.open)) {
            Some(group) => self.yaml.spoil(group),
            None => self.forget(),
        }
    }

    fn forget(&mut self) {
        self.open.clear();
        self.yaml.clear();
    }

    fn finish(mut self) -> Yaml<'t> {
        while !self.open.is_empty() {
            self.end();
        }
        let marks = self.idle_marks();
        self.yaml.set_marks(marks);
        self.yaml
    }

    fn place(&self, span: &YamlSpan) -> Span {
        let (start, end) = range(span);
        Span { source: self.yaml.source, start, end }
    }
}

/// Says whether an error is about a `:` behind an item, on the same line.
fn is_colon_behind(text: &str, item: Span, error: Option<Span>) -> bool {
    let behind = error.and_then(|error| text.get(item.end as usize..error.end as usize));
    behind.is_some_and(|behind| behind.trim_start_matches([' ', '\t']) == ":")
}

/// Returns the bytes of a span; spans of a parser over text always have them.
fn range(span: &YamlSpan) -> (u32, u32) {
    let range = span.byte_range().unwrap_or_default();
    let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
    (narrow(range.start), narrow(range.end))
}
