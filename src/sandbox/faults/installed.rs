//! The faults that are installed, and the bans that are in force.
//!
//! Every fault has its own generator, seeded from the sandbox's seed and the fault's number: what it does to its n-th call
//! depends on nothing else.

use std::sync::Arc;
use std::time::Instant;

use crate::sandbox::api::operation::Operation;
use crate::sandbox::faults::fault::{Fault, Target, When};
use crate::sandbox::faults::fault_effect::{FaultEffect, Page};

/// All faults of a sandbox.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    installed: Vec<Installed>,
    bans: Vec<Ban>,
}

#[derive(Debug)]
struct Installed {
    fault: Fault,
    text: Arc<str>,
    seen: u64,
    random: fastrand::Rng,
}

#[derive(Debug)]
struct Ban {
    target: Target,
    page: Page,
    until: Instant,
    text: Arc<str>,
}

/// A fault that strikes a call.
#[derive(Clone, Debug)]
pub(crate) struct Strike {
    pub(crate) effect: FaultEffect,
    pub(crate) text: Arc<str>,
}

impl Faults {
    pub(crate) fn new(seed: u64, faults: &[Fault]) -> Self {
        let mut all = Self { seed, installed: Vec::new(), bans: Vec::new() };
        faults.iter().for_each(|fault| all.install(fault.clone()));
        all
    }

    pub(crate) fn install(&mut self, fault: Fault) {
        let number = self.installed.len() as u64;
        let random = fastrand::Rng::with_seed(self.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        self.installed.push(Installed { text: fault.to_string().into(), fault, seen: 0, random });
    }

    /// Takes every fault away and ends every ban.
    pub(crate) fn clear(&mut self) {
        self.installed.clear();
        self.bans.clear();
    }

    pub(crate) fn texts(&self) -> Vec<Arc<str>> {
        self.installed.iter().map(|installed| installed.text.clone()).collect()
    }

    /// Returns what a call gets while its caller is banned.
    pub(crate) fn banned(&mut self, operation: Operation, now: Instant) -> Option<Strike> {
        self.bans.retain(|ban| now < ban.until);
        let ban = self.bans.iter().find(|ban| ban.target.covers(operation))?;
        Some(Strike { effect: FaultEffect::Ban(ban.page, std::time::Duration::ZERO), text: ban.text.clone() })
    }

    /// Counts a call and returns the fault that strikes it, if one does. A ban begins here.
    pub(crate) fn strike(&mut self, operation: Operation, now: Instant) -> Option<Strike> {
        let mut struck = None;
        for installed in self.installed.iter_mut().filter(|one| one.fault.target.covers(operation)) {
            if installed.strikes() && struck.is_none() {
                struck = Some(&*installed);
            }
        }
        let struck = struck?;
        self.bans.extend(struck.ban(now));
        Some(Strike { effect: struck.fault.effect.clone(), text: struck.text.clone() })
    }
}

impl Installed {
    fn strikes(&mut self) -> bool {
        self.seen += 1;
        match self.fault.when {
            When::Always => true,
            When::Calls(first, last) => first <= self.seen && last.is_none_or(|last| self.seen <= last),
            When::Percent(percent) => self.random.f64() * 100.0 < percent,
        }
    }

    fn ban(&self, now: Instant) -> Option<Ban> {
        let FaultEffect::Ban(page, time) = self.fault.effect else { return None };
        let until = now.checked_add(time)?;
        Some(Ban { target: self.fault.target, page, until, text: self.text.clone() })
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::sandbox::Operation;
    use crate::sandbox::faults::installed::Faults;

    fn strikes(seed: u64, faults: &[&str], calls: &[Operation]) -> Vec<Option<String>> {
        let faults: Vec<_> = faults.iter().map(|text| text.parse().unwrap()).collect();
        let mut faults = Faults::new(seed, &faults);
        let mut strike = |operation: &Operation| faults.strike(*operation, Instant::now());
        calls.iter().map(|operation| strike(operation).map(|strike| strike.text.to_string())).collect()
    }

    #[test]
    fn a_fault_strikes_the_calls_it_names() {
        let creates = [Operation::Create; 5];
        let hit = |when: &str| {
            let struck = strikes(0, &[&format!("create:qps{when}")], &creates);
            struck.iter().map(Option::is_some).collect::<Vec<_>>()
        };
        assert_eq!(hit("@3"), [false, false, true, false, false]);
        assert_eq!(hit("@2..3"), [false, true, true, false, false]);
        assert_eq!(hit("@4.."), [false, false, false, true, true]);
        assert_eq!(hit(""), [true; 5]);
        assert_eq!(hit("=0%"), [false; 5]);
    }

    #[test]
    fn only_calls_of_its_target_count() {
        let calls = [Operation::List, Operation::Create, Operation::List, Operation::Create];
        let struck = strikes(0, &["create:qps@2"], &calls);
        assert_eq!(struck.iter().map(Option::is_some).collect::<Vec<_>>(), [false, false, false, true]);
    }

    #[test]
    fn the_same_seed_makes_the_same_decisions_whatever_else_is_called() {
        let creates = [Operation::Create; 200];
        let mixed: Vec<_> = creates.iter().flat_map(|create| [*create, Operation::List]).collect();
        let alone = strikes(7, &["create:qps=20%"], &creates);
        let among = strikes(7, &["create:qps=20%"], &mixed);
        assert_eq!(alone, among.into_iter().step_by(2).collect::<Vec<_>>());
        assert_ne!(alone, strikes(8, &["create:qps=20%"], &creates));
    }

    #[test]
    fn the_first_installed_wins_and_the_others_count_all_the_same() {
        let struck = strikes(0, &["*:qps@1", "create:ip@2"], &[Operation::Create; 2]);
        assert_eq!(struck, [Some("*:qps@1".to_owned()), Some("create:ip@2".to_owned())]);
    }

    #[test]
    fn a_ban_holds_for_its_time_and_its_target() {
        let (mut faults, start) = (Faults::new(0, &["create:html(3s)@1".parse().unwrap()]), Instant::now());
        assert!(faults.banned(Operation::Create, start).is_none());
        assert!(faults.strike(Operation::Create, start).is_some());
        assert!(faults.banned(Operation::Create, start + Duration::from_millis(2999)).is_some());
        assert!(faults.banned(Operation::List, start).is_none());
        assert!(faults.banned(Operation::Create, start + Duration::from_secs(3)).is_none());
    }
}
