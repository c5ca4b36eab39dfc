//! A plan as it is shown to people who decide: the plan, what stands against it, what it costs, and how to see all of it.

use crate::i18n::count;
use crate::plan::{Fingerprint, Plan, Rate, Refusal, Tally};
use crate::render::plan::action::totals;
use crate::render::plan::{cost, other_groups};
use crate::render::style::Grouped;
use crate::tr;

/// How much of a plan is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What changes; what is not managed is counted.
    Changes,
    /// The groups outside the tree too, the first few of a kind by name.
    Surroundings,
    /// Everything by name, unchanged subtrees too.
    Everything,
}

impl Extent {
    pub(crate) fn most(self, most: usize) -> usize {
        if self == Self::Everything { usize::MAX } else { most }
    }
}

/// A plan, and what is shown with it.
#[derive(Clone, Copy, Debug)]
pub struct PlanView<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Why it cannot be applied; empty if it can.
    pub refusals: &'a [Refusal],
    /// How many calls a second are permitted.
    pub rate: Rate,
    /// How much of it is drawn.
    pub extent: Extent,
    /// The command that shows all of it, however large it is.
    pub whole: &'a str,
}

impl PlanView<'_> {
    /// Says in a line what the plan comes to.
    pub(crate) fn headline(&self) -> String {
        let (heading, said) = match self.plan.is_settled() {
            true => settled(self.plan),
            false => (tr!("Plan:", "计划："), totals(&self.plan.tally())),
        };
        tr!(format: "{heading} {said}", "{heading}{said}")
    }

    /// Says what it costs, unless there is nothing to do or it cannot be told yet.
    pub(crate) fn cost(&self) -> Option<String> {
        let is_known = !self.plan.is_settled() && self.plan.tally().conflict == 0;
        is_known.then(|| cost::sentence(self.plan, self.rate))
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.plan)
    }

    /// Returns what stands beside the tree, what changes something first.
    pub(crate) fn sections(&self) -> Vec<other_groups::Section<'_>> {
        other_groups::sections(self.plan)
    }
}

/// Says that there is nothing to do, and what there is.
pub(crate) fn settled(plan: &Plan) -> (&'static str, String) {
    let groups = count(Grouped(plan.rows.len()), "group", "个分组");
    if plan.destroys {
        return (
            tr!("Nothing to do:", "无需改动："),
            tr!("no recorded group to delete", "没有可删除的已记录分组").to_owned(),
        );
    }
    let said = match plan.basis.online {
        true => tr!(format: "{groups} as the manifest says", "{groups}与清单一致"),
        false => tr!(format: "{groups} recorded; DingTalk was not asked", "已记录 {groups}；没有查询钉钉"),
    };
    (tr!("Nothing to do:", "无需改动："), said)
}

/// Says how much of what changes is left out: `1,200 to create`.
pub(crate) fn left_out(tally: &Tally) -> Option<String> {
    (*tally != Tally::default()).then(|| totals(tally))
}
