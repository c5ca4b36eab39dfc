//! The table of checks, and the report that they make.
//!
//! A check that rests on one that failed, or was not made, is not made either: it could only repeat the same trouble.

use crate::doctor::connection_checks;
use crate::doctor::facts::Facts;
use crate::doctor::finding::{Check, CheckResult, Reason, Verdict};
use crate::doctor::{duplicates, operator, state_checks, tree_checks};
use crate::localized;

/// One check: what it rests on, and how it is made.
struct Rule {
    check: Check,
    needs: &'static [Check],
    look: fn(&Facts<'_>) -> CheckResult,
}

const RULES: [Rule; 11] = [
    Rule { check: Check::Environment, needs: &[], look: connection_checks::environment },
    Rule { check: Check::Endpoint, needs: &[], look: connection_checks::endpoint },
    Rule { check: Check::Clock, needs: &[Check::Endpoint], look: connection_checks::clock },
    Rule { check: Check::Token, needs: &[Check::Endpoint], look: connection_checks::token },
    Rule { check: Check::Operator, needs: &[Check::Token], look: operator::check },
    Rule { check: Check::Read, needs: &[Check::Operator], look: connection_checks::read },
    Rule { check: Check::Write, needs: &[Check::Read], look: connection_checks::write },
    Rule { check: Check::State, needs: &[], look: state_checks::state },
    Rule { check: Check::Drift, needs: &[Check::Read, Check::State], look: state_checks::drift },
    Rule { check: Check::Duplicates, needs: &[Check::Read], look: duplicates::check },
    Rule { check: Check::Tree, needs: &[Check::Read], look: tree_checks::check },
];

/// What all checks found, in the order of looking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// One for each check.
    pub findings: Vec<CheckResult>,
}

/// Makes every check that can be made.
#[must_use]
pub fn examine(facts: &Facts<'_>) -> Report {
    RULES.iter().fold(Report::default(), |mut report, rule| {
        let finding = match report.first_unmet(rule.needs) {
            Some(needed) => waits(rule.check, needed),
            None => (rule.look)(facts),
        };
        report.findings.push(finding);
        report
    })
}

fn waits(check: Check, needed: Check) -> CheckResult {
    CheckResult::skipped(check, localized!("Waits for `{}`.", "先要解决“{}”一项。", needed.word()))
}

impl Report {
    /// Returns the reason of the first check that failed; `None` when an apply could work.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.findings.iter().find_map(|finding| match finding.verdict {
            Verdict::Failed(reason) => Some(reason),
            Verdict::Ok | Verdict::Warning | Verdict::Skipped => None,
        })
    }

    /// Counts the checks that ended like this.
    #[must_use]
    pub fn count(&self, is_meant: fn(Verdict) -> bool) -> usize {
        self.findings.iter().filter(|finding| is_meant(finding.verdict)).count()
    }

    /// Returns the first failed check other than this one.
    #[must_use]
    pub fn failed_besides(&self, check: Check) -> Option<&CheckResult> {
        let is_other = |finding: &&CheckResult| matches!(finding.verdict, Verdict::Failed(_)) && finding.check != check;
        self.findings.iter().find(is_other)
    }

    fn first_unmet(&self, needs: &[Check]) -> Option<Check> {
        let is_unmet = |finding: &&CheckResult| matches!(finding.verdict, Verdict::Failed(_) | Verdict::Skipped);
        self.findings.iter().filter(is_unmet).map(|finding| finding.check).find(|check| needs.contains(check))
    }
}
