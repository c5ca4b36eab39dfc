//! Reading the manifest as a whole: its version, and what holds for all of its groups.

use std::ops::RangeInclusive;

use crate::group::GroupId;
use crate::localized;
use crate::manifest::model::draft::{Header, Stated};
use crate::manifest::parse::ast::{ItemId, Kind};
use crate::manifest::parse::decode::{Field, Reader, Spot, is_integer, sure};
use crate::manifest::parse::keys::{LIMITS, TOP};
use crate::manifest::parse::messages;
use crate::manifest::parse::messages::{a_mapping, key};
use crate::manifest::rules::full_width::name_slip;
use crate::text::unprinted;

/// The format version that is read.
const VERSION: &str = "1";

impl Reader<'_, '_, '_> {
    pub(crate) fn manifest(&mut self, top: ItemId) {
        let earlier = self.problems.len();
        let fields = self.fields(top, &TOP);
        let [version, organization, root, limits, groups] = fields.found;
        if !self.version(version, top, fields.clean) {
            // Another version has other keys: what was said about them is void.
            self.problems.drain(earlier..self.problems.len() - 1);
            return;
        }
        let mut header = Header {
            organization: sure(organization).and_then(|value| self.organization(value)),
            root: sure(root).and_then(|value| self.integer("root", value, 0..=i64::MAX, GroupId::new)),
            source: self.yaml.source,
            depth: None,
            groups: None,
        };
        self.limits(limits, &mut header);
        self.draft.headers.push(header);
        self.require(groups, top, fields.clean, messages::no_groups);
        self.list("groups", groups, Spot { parent: None, depth: 1, alias: None });
        self.groups();
    }

    /// Checks the format version, and says whether the rest is worth reading.
    fn version(&mut self, field: Option<Field>, top: ItemId, clean: bool) -> bool {
        self.require(field, top, clean, messages::no_version);
        let Some(field) = field else { return true };
        match (self.scalar(field.value), self.value(field.value)) {
            (Some(Kind::Bare), Some(VERSION)) => true,
            (Some(Kind::Bare), Some(other)) if is_integer(other) => {
                let problem = messages::unsupported(other, self.yaml.mark(field.value));
                self.push(problem);
                false
            }
            _ => {
                let help = localized!("Write `version: 1`, without quotes", "写成 `version: 1`，不加引号");
                self.wrong_type(&key("version"), &localized!("the number 1", "数字 1"), field.value, help);
                true
            }
        }
    }

    fn limits(&mut self, field: Option<Field>, header: &mut Header) {
        let Some(Field { value, .. }) = field else { return };
        let target = self.yaml.resolve(value);
        match self.yaml.kind(target) {
            Kind::Mapping => {
                let [depth, groups] = self.fields(target, &LIMITS).found;
                header.depth = sure(depth).and_then(|at| self.integer("limits.depth", at, 1..=1_000_000, small));
                header.groups =
                    sure(groups).and_then(|at| self.integer("limits.groups", at, 0..=i64::MAX, i64::unsigned_abs));
            }
            Kind::Broken => {}
            _ => {
                let help = localized!(
                    "Write it as in `limits: {{depth: 3, groups: 2000}}`",
                    "写成 `limits: {{depth: 3, groups: 2000}}` 这样"
                );
                self.wrong_type(&key("limits"), &a_mapping(), value, help);
            }
        }
    }

    fn organization(&mut self, value: ItemId) -> Option<Stated<String>> {
        let text = self.value(value).map(str::to_owned);
        match text {
            Some(text) if !text.trim().is_empty() && !self.is_suspicious(value, &text) => {
                Some(Stated { value: text, place: self.yaml.place(value) })
            }
            _ => {
                let help = localized!(
                    "Write the organization's corpId, such as `ding0123456789abcdef`, or remove the key",
                    "写上企业的 corpId，例如 `ding0123456789abcdef`，或删去这个键"
                );
                self.wrong_type(&key("organization"), &localized!("a corpId", "企业的 corpId"), value, help);
                None
            }
        }
    }

    /// Whether a text has a character that no corpId has.
    fn is_suspicious(&self, value: ItemId, text: &str) -> bool {
        let is_slip = self.scalar(value) == Some(Kind::Bare) && name_slip(text).is_some();
        is_slip || unprinted(text).next().is_some()
    }

    pub(crate) fn integer<T>(
        &mut self,
        name: &str,
        value: ItemId,
        range: RangeInclusive<i64>,
        make: impl Fn(i64) -> T,
    ) -> Option<Stated<T>> {
        let place = self.yaml.mark(value);
        let text = self.value(value).unwrap_or_default();
        let is_bare = self.scalar(value) == Some(Kind::Bare);
        if !is_bare || !is_integer(text) {
            let help = localized!(
                "Write a whole number of at least {} in decimal digits, without quotes",
                "写一个不小于 {} 的十进制整数，不加引号",
                range.start()
            );
            self.wrong_type(&key(name), &localized!("a whole number", "整数"), value, help);
            return None;
        }
        if let Some(number) = text.parse().ok().filter(|number| range.contains(number)) {
            return Some(Stated { value: make(number), place });
        }
        let problem = messages::out_of_range(name, text, &range, place);
        self.push(problem);
        None
    }
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
