//! From YAML items to rows: which keys there are, and what may stand at each.
//!
//! One key table per mapping says everything that is accepted; a new key is a new entry and its reader. Wrong parts are
//! reported and left out, and reading goes on beside them. Nothing recurses: lists still to be read wait on a stack.

pub(super) mod bindings;
pub(super) mod header;

use crate::group::GroupName;
use crate::i18n::Message;
use crate::localized;
use crate::manifest::model::draft::{Draft, DraftBindings, Row};
use crate::manifest::parse::ast::{ItemId, Kind, Within, Yaml};
use crate::manifest::parse::keys::{GROUP, closest};
use crate::manifest::parse::messages;
use crate::manifest::parse::messages::{a_list, a_mapping, a_text, how_to_begin, key};
use crate::manifest::parse::quote::Shown;
use crate::manifest::rules::damage::damage;
use crate::manifest::rules::full_width::{name_slip, noted};
use crate::manifest::{Diagnostic, Rule, Span};

/// How many groups and former names aliases may stand for in one file: a bomb of a few lines makes billions.
const ALIASED_GROUPS: u32 = 100_000;

/// Reads one file into the draft.
pub(crate) fn read(yaml: &Yaml<'_>, draft: &mut Draft, problems: &mut Vec<Diagnostic>) {
    let mut reader = Reader { yaml, draft, problems, waiting: Vec::new(), aliased_left: Some(ALIASED_GROUPS) };
    reader.file();
}

struct Reader<'y, 't, 'd> {
    yaml: &'y Yaml<'t>,
    draft: &'d mut Draft,
    problems: &'d mut Vec<Diagnostic>,
    /// Lists of groups that are not read to their ends, the innermost last.
    waiting: Vec<List>,
    /// How many more groups and former names aliases may stand for; `None` once that was exceeded and reported.
    aliased_left: Option<u32>,
}

/// A list of groups while it is read.
struct List {
    left: Within,
    spot: Spot,
}

/// Where a group is to stand.
#[derive(Clone, Copy)]
struct Spot {
    parent: Option<u32>,
    depth: u32,
    /// The alias that brought us here, if any.
    alias: Option<ItemId>,
}

/// The known keys of one mapping, in the order of their table.
struct Fields<const N: usize> {
    found: [Option<Field>; N],
    /// Whether nothing was wrong with the keys, so that a missing one is a mistake of its own.
    clean: bool,
}

/// The fields of a group that tie it to one that exists.
struct Bonds {
    was: Option<Field>,
    id: Option<Field>,
    protect: Option<Field>,
}

#[derive(Clone, Copy)]
struct Field {
    key: ItemId,
    value: ItemId,
    /// Whether the key was misspelt, and this is what was probably meant.
    guessed: bool,
}

impl Reader<'_, '_, '_> {
    fn file(&mut self) {
        let Some(top) = self.yaml.top() else { return self.empty_file() };
        match self.yaml.kind(top) {
            Kind::Mapping => self.manifest(top),
            Kind::Bare if self.yaml.value(top) == Some("") => self.empty_file(),
            Kind::Broken => {}
            _ => self.wrong_top(top),
        }
    }

    /// Takes up a list of groups, to be read by `groups`.
    fn list(&mut self, name: &str, field: Option<Field>, spot: Spot) {
        let Some(Field { value, .. }) = field else { return };
        let target = self.yaml.resolve(value);
        let alias = if target == value { spot.alias } else { Some(value) };
        match self.yaml.kind(target) {
            Kind::List => self.waiting.push(List { left: self.yaml.within(target), spot: Spot { alias, ..spot } }),
            Kind::Broken => {}
            Kind::Mapping => {
                let help = localized!(
                    "Write each group as a list item: `- name: …`, or `- …` for a group without children",
                    "把每个分组写成列表项：`- name: …`；没有下级的分组写 `- …`"
                );
                self.wrong_type(&key(name), &a_list(), value, help);
            }
            _ => {
                let help = localized!(
                    "Write the groups as list items, each on a line with `- `; or `{name}: []` for none",
                    "把分组写成列表项，每项一行，以 `- ` 开头；没有分组时写 `{name}: []`"
                );
                self.wrong_type(&key(name), &a_list(), value, help);
            }
        }
    }

    fn groups(&mut self) {
        while let Some(list) = self.waiting.last_mut() {
            let spot = list.spot;
            match self.yaml.step(&mut list.left) {
                Some(item) => self.item(item, spot),
                None => drop(self.waiting.pop()),
            }
        }
    }

    fn item(&mut self, item: ItemId, spot: Spot) {
        let target = self.yaml.resolve(item);
        let alias = if target == item { spot.alias } else { Some(item) };
        if alias.is_some_and(|alias| !self.may_expand(alias)) {
            return;
        }
        match self.yaml.kind(target) {
            Kind::Bare | Kind::Quoted => {
                let name = self.name(target);
                self.row(name, self.yaml.place(item), None, spot);
            }
            Kind::Mapping => self.group(item, target, Spot { alias, ..spot }),
            Kind::List => {
                let help = localized!(
                    "Remove the extra `- ` or brackets; groups within a group stand under its `children`",
                    "删去多余的 `- ` 或括号；分组的下级写在它的 `children` 之下"
                );
                self.wrong_type(
                    &localized!("A group", "分组"),
                    &localized!("a name or a mapping", "名称或映射"),
                    target,
                    help,
                );
            }
            Kind::Alias(_) | Kind::Broken => {}
        }
    }

    fn group(&mut self, item: ItemId, mapping: ItemId, spot: Spot) {
        let fields = self.fields(mapping, &GROUP);
        let [name, was, id, protect, children] = fields.found;
        self.require(name, mapping, fields.clean, messages::no_name);
        let place = match name {
            Some(field) if item == mapping => self.yaml.place(field.value),
            _ => self.yaml.mark(item),
        };
        let name = name.and_then(|field| self.name(self.yaml.resolve(field.value)));
        let claims = self.claims(&Bonds { was, id, protect }, spot.alias);
        let parent = Some(self.row(name, place, claims, spot));
        self.list("children", children, Spot { parent, depth: spot.depth + 1, alias: spot.alias });
    }

    fn row(&mut self, name: Option<GroupName>, place: Span, claims: Option<Box<DraftBindings>>, spot: Spot) -> u32 {
        self.draft.push(Row { name, parent: spot.parent, depth: spot.depth, place, claims })
    }

    fn name(&mut self, id: ItemId) -> Option<GroupName> {
        let Some(text) = self.yaml.value(id) else {
            let help = localized!(
                "Write the name as one text; children stand under `children`",
                "名称写成一段文本；下级写在 `children` 之下"
            );
            self.wrong_type(&key("name"), &a_text(), id, help);
            return None;
        };
        if self.yaml.is_folded(id) {
            self.push(messages::multiline(self.yaml.place(id), text));
            return None;
        }
        if let Some(comment) = self.yaml.comment_behind(id) {
            let words = &self.yaml.text[comment.range()];
            self.push(messages::commented(comment, text, words));
        }
        if let Some(mark) = self.yaml.mark_before(id) {
            self.push(messages::marked(mark, text));
        }
        let name = GroupName::parse(text);
        match &name {
            Ok(name) => self.suspicious(id, name),
            Err(error) => self.push(messages::bad_name(*error, text, self.yaml.place(id))),
        }
        name.ok()
    }

    /// Reports characters of a name that were probably not intended.
    fn suspicious(&mut self, id: ItemId, text: &str) {
        let place = self.yaml.place(id);
        let slip = Some(text).filter(|_| self.yaml.kind(id) == Kind::Bare).and_then(name_slip);
        self.problems.extend(slip.map(|slip| messages::full_width(slip, text, place)));
        self.problems.extend(damage(text).map(|damage| messages::damaged(damage, text, place)));
    }

    /// Counts a group or a former name that an alias stands for, and says whether it may still be one.
    fn may_expand(&mut self, alias: ItemId) -> bool {
        let left = self.aliased_left.and_then(|left| left.checked_sub(1));
        if left.is_none() && self.aliased_left.is_some() {
            self.push(messages::alias_bomb(self.yaml.place(alias), ALIASED_GROUPS));
        }
        self.aliased_left = left;
        left.is_some()
    }

    fn fields<const N: usize>(&mut self, mapping: ItemId, keys: &[&'static str; N]) -> Fields<N> {
        let mut fields = Fields { found: [None; N], clean: !self.yaml.is_cut(mapping) };
        let mut left = self.yaml.within(mapping);
        while let Some((key, value)) = self.yaml.pair(&mut left) {
            match value {
                Some(value) => self.field(&mut fields, keys, key, value),
                None => fields.clean = false,
            }
        }
        fields
    }

    fn field<const N: usize>(&mut self, fields: &mut Fields<N>, keys: &[&'static str; N], key: ItemId, value: ItemId) {
        let known = self.value(key).and_then(|text| keys.iter().position(|known| *known == text));
        match known {
            Some(at) => self.known(&mut fields.found[at], Field { key, value, guessed: false }),
            None => {
                fields.clean = false;
                if let Some(at) = self.unknown(key, keys) {
                    fields.found[at].get_or_insert(Field { key, value, guessed: true });
                }
            }
        }
    }

    fn known(&mut self, slot: &mut Option<Field>, field: Field) {
        match *slot {
            Some(earlier) if !earlier.guessed => self.duplicate_key(earlier.key, field.key),
            _ => *slot = Some(field),
        }
    }

    fn duplicate_key(&mut self, earlier: ItemId, again: ItemId) {
        let key = self.value(again).unwrap_or_default();
        let problem = messages::duplicate_key(key, self.yaml.place(earlier), self.yaml.place(again));
        self.push(problem);
    }

    /// Reports an unknown key, and returns the index of the one that was probably meant.
    fn unknown(&mut self, key: ItemId, keys: &[&'static str]) -> Option<usize> {
        let place = self.yaml.mark(key);
        let Some(text) = self.value(key) else {
            let is_broken = self.yaml.kind(self.yaml.resolve(key)) == Kind::Broken;
            let help = localized!("Write `key: value`", "写成 `key: value`");
            (!is_broken).then(|| self.wrong_type(&localized!("A key", "键"), &a_text(), key, help));
            return None;
        };
        if text == "<<" && self.scalar(key) == Some(Kind::Bare) {
            self.push(messages::merge_key(place));
            return None;
        }
        let meant = closest(text, keys);
        let problem = messages::unknown_key(text, place, keys, meant);
        let help = problem.help.as_ref().map(|help| noted(text, help));
        let problem = Diagnostic { help, ..problem };
        self.push(problem);
        meant
    }

    /// Reports a missing key, unless another mistake may be the reason.
    fn require(&mut self, field: Option<Field>, mapping: ItemId, clean: bool, missing: fn(Span) -> Diagnostic) {
        if field.is_none() && clean {
            self.push(missing(self.yaml.mark(mapping)));
        }
    }

    fn wrong_type(&mut self, what: &Message, wanted: &Message, found: ItemId, help: Message) {
        let target = self.yaml.resolve(found);
        if self.yaml.kind(target) == Kind::Broken {
            return;
        }
        let problem = messages::wrong_type(what, wanted, &self.described(target), self.yaml.mark(found));
        let bare = self.yaml.value(target).filter(|_| self.yaml.kind(target) == Kind::Bare);
        let help = bare.map_or_else(|| help.clone(), |text| noted(text, &help));
        self.push(problem.help(help));
    }

    fn described(&self, id: ItemId) -> Message {
        match (self.yaml.kind(id), self.yaml.value(id)) {
            (Kind::Bare, Some("")) => localized!("is empty", "为空"),
            (Kind::Bare, Some(text)) => localized!("is {}", "是 {}", Shown(text)),
            (_, Some(text)) => localized!("is the text {}", "是文本 {}", Shown(text)),
            (Kind::Mapping, _) => localized!("is a mapping", "是一个映射"),
            _ => localized!("is a list", "是一个列表"),
        }
    }

    fn wrong_top(&mut self, top: ItemId) {
        let help = match self.yaml.kind(top) {
            Kind::List => localized!(
                "Put the list under `groups:`, and `version: 1` above that",
                "把列表放在 `groups:` 之下，再在上面写 `version: 1`"
            ),
            _ => how_to_begin(),
        };
        self.wrong_type(&localized!("The manifest", "清单"), &a_mapping(), top, help);
    }

    fn empty_file(&mut self) {
        if self.yaml.complete {
            let problem = Diagnostic::error(Rule::EmptyFile, localized!("The file is empty", "文件为空"));
            self.push(problem.about(self.yaml.source).help(how_to_begin()));
        }
    }

    fn value(&self, id: ItemId) -> Option<&str> {
        self.yaml.value(self.yaml.resolve(id))
    }

    /// Returns how a scalar is written; `None` for anything else.
    fn scalar(&self, id: ItemId) -> Option<Kind> {
        Some(self.yaml.kind(self.yaml.resolve(id))).filter(|kind| matches!(kind, Kind::Bare | Kind::Quoted))
    }

    fn push(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }
}

/// Returns the value of a key that is spelt right: groups are read on a guess to find their mistakes, limits are not.
fn sure(field: Option<Field>) -> Option<ItemId> {
    field.filter(|field| !field.guessed).map(|field| field.value)
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
