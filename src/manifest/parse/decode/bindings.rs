//! Reading what a group says of one that exists already: `was`, `id` and `protect`.

use crate::group::{GroupId, GroupName, NameError};
use crate::localized;
use crate::manifest::model::draft::{DraftBindings, Stated};
use crate::manifest::parse::ast::{ItemId, Kind};
use crate::manifest::parse::decode::{Bonds, Reader, sure};
use crate::manifest::parse::messages;
use crate::manifest::parse::messages::{a_text, key};

impl Reader<'_, '_, '_> {
    /// Reads what a group that an alias may have brought says; `None` for nothing.
    pub(super) fn claims(&mut self, bonds: &Bonds, alias: Option<ItemId>) -> Option<Box<DraftBindings>> {
        let claims = DraftBindings {
            was: sure(bonds.was).map(|value| self.was(value, alias)).unwrap_or_default(),
            id: sure(bonds.id).and_then(|value| self.integer("id", value, 1..=i64::MAX, GroupId::new)),
            protect: sure(bonds.protect).and_then(|value| self.boolean("protect", value)),
            alias: alias.map(|alias| self.yaml.place(alias)),
        };
        claims.says_something().then(|| Box::new(claims))
    }

    fn was(&mut self, value: ItemId, alias: Option<ItemId>) -> Vec<Stated<GroupName>> {
        let target = self.yaml.resolve(value);
        let via = (target != value).then_some(value);
        match self.yaml.kind(target) {
            Kind::List => self.former_names(target, via, via.or(alias)),
            Kind::Mapping => {
                let help = localized!(
                    "Write the former name, as in `was: 大兴园区`, or several as a list",
                    "写上曾用名，例如 `was: 大兴园区`；有多个时写成列表"
                );
                let wanted = localized!("a name or a list of names", "名称或名称列表");
                self.wrong_type(&key("was"), &wanted, value, help);
                Vec::new()
            }
            _ => self.former_name(value, via).into_iter().collect(),
        }
    }

    /// Reads a list that `via` stands for, and counts what aliases repeat.
    fn former_names(&mut self, list: ItemId, via: Option<ItemId>, alias: Option<ItemId>) -> Vec<Stated<GroupName>> {
        let mut names = Vec::new();
        let mut left = self.yaml.within(list);
        while let Some(item) = self.yaml.step(&mut left) {
            if alias.is_some_and(|alias| !self.may_expand(alias)) {
                break;
            }
            names.extend(self.former_name(item, via));
        }
        names
    }

    /// Reads one former name. It need not be one that this tool would give: DingTalk may have had it.
    fn former_name(&mut self, item: ItemId, via: Option<ItemId>) -> Option<Stated<GroupName>> {
        let id = self.yaml.resolve(item);
        let Some(text) = self.yaml.value(id) else {
            let help = localized!(
                "Write it as one text, and several as one list of texts",
                "曾用名写成一段文本；有多个时写成一个文本列表"
            );
            self.wrong_type(&localized!("A former name", "曾用名"), &a_text(), item, help);
            return None;
        };
        let place = self.yaml.place(id);
        let problem = match GroupName::parse(text) {
            _ if self.yaml.is_folded(id) => messages::multiline(place, text),
            Ok(value) => {
                self.suspicious(id, &value);
                return Some(Stated { value, place: self.yaml.place(via.unwrap_or(item)) });
            }
            Err(NameError::Empty) => messages::no_former_name(place),
            Err(error) => messages::bad_name(error, text, place),
        };
        self.push(problem);
        None
    }

    /// Reads a boolean of YAML 1.2; anything else is reported.
    fn boolean(&mut self, name: &str, value: ItemId) -> Option<bool> {
        let bare = self.value(value).filter(|_| self.scalar(value) == Some(Kind::Bare));
        match bare {
            Some("true" | "True" | "TRUE") => Some(true),
            Some("false" | "False" | "FALSE") => Some(false),
            other => {
                let help = messages::boolean_help(name, other.or(self.value(value)));
                self.wrong_type(&key(name), &localized!("true or false", "布尔值（`true` 或 `false`）"), value, help);
                None
            }
        }
    }
}
