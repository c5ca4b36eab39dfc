//! Proves that recorded groups no longer exist in DingTalk before they are created again or their records are dropped.
//!
//! Pure bookkeeping: the caller lists and reads. A list can be stale and a read can fail, so neither is a proof by itself.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::group::GroupId;

/// The evidence for the absence of recorded groups, over several lists.
///
/// A group is absent if two lists lack it that were requested at least the settle time apart, and two reads, at least the settle
/// time apart, are answered with the same error code out of [`ABSENCE_CODES`](crate::dingtalk::ABSENCE_CODES).
#[derive(Debug)]
pub struct AbsenceProof {
    settle: Duration,
    evidence: HashMap<GroupId, Observation>,
}

#[derive(Clone, Copy, Debug)]
struct Observation {
    code: &'static str,
    /// The request time of the first list that lacks the group.
    listed_at: Instant,
    /// When the first read was answered.
    read_at: Instant,
    is_proven: bool,
}

impl AbsenceProof {
    /// Starts without evidence.
    #[must_use]
    pub fn new(settle: Duration) -> Self {
        Self { settle, evidence: HashMap::new() }
    }

    /// Takes the groups that a new list lacks and returns those without a proof. A group that is listed again loses its evidence.
    pub fn open(&mut self, missing: &[GroupId]) -> Vec<GroupId> {
        let lacking: HashSet<GroupId> = missing.iter().copied().collect();
        self.evidence.retain(|id, _| lacking.contains(id));
        missing.iter().copied().filter(|id| !self.is_proven(*id)).collect()
    }

    /// Returns whether the absence of a group is proven.
    #[must_use]
    pub fn is_proven(&self, id: GroupId) -> bool {
        self.evidence.get(&id).is_some_and(|evidence| evidence.is_proven)
    }

    /// Returns whether there is any evidence for the absence of a group.
    #[must_use]
    pub fn has_evidence(&self, id: GroupId) -> bool {
        self.evidence.contains_key(&id)
    }

    /// Records that a read was answered with an error code that can mean absence.
    pub fn missing(&mut self, id: GroupId, code: &'static str, listed_at: Instant, now: Instant) {
        let first = Observation { code, listed_at, read_at: now, is_proven: false };
        let evidence = self.evidence.entry(id).or_insert(first);
        if evidence.code == code {
            let apart = listed_at - evidence.listed_at >= self.settle && now - evidence.read_at >= self.settle;
            evidence.is_proven |= apart && evidence.read_at < now;
        } else {
            *evidence = first;
        }
    }

    /// Records that DingTalk has the group, although the list lacks it: the list is stale.
    pub fn present(&mut self, id: GroupId) {
        self.evidence.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use crate::apply::absence::AbsenceProof;
    use crate::group::GroupId;

    const SETTLE: Duration = Duration::from_secs(3);
    const ID: GroupId = GroupId::new(7);

    fn proof_after(reads: &[(&'static str, u64)]) -> bool {
        let (mut proof, start) = (AbsenceProof::new(SETTLE), Instant::now());
        for (code, second) in reads {
            proof.open(&[ID]);
            let listed_at = start + Duration::from_secs(*second);
            proof.missing(ID, code, listed_at, listed_at + Duration::from_millis(1));
        }
        proof.is_proven(ID)
    }

    #[test]
    fn absence_needs_two_reads_a_settle_time_apart() {
        assert!(!proof_after(&[("group.not.found", 0)]));
        assert!(!proof_after(&[("group.not.found", 0), ("group.not.found", 2)]));
        assert!(proof_after(&[("group.not.found", 0), ("group.not.found", 3)]));
        assert!(proof_after(&[("group.not.found", 0), ("group.not.found", 2), ("group.not.found", 4)]));
    }

    #[test]
    fn different_codes_start_over() {
        assert!(!proof_after(&[("group.not.found", 0), ("param.error", 3)]));
        assert!(proof_after(&[("group.not.found", 0), ("param.error", 3), ("param.error", 6)]));
    }

    #[test]
    fn a_listed_or_present_group_loses_its_evidence() {
        let (mut proof, start) = (AbsenceProof::new(SETTLE), Instant::now());
        proof.missing(ID, "param.error", start, start);
        assert_eq!(proof.open(&[]), []);
        proof.missing(ID, "param.error", start + SETTLE, start + SETTLE);
        assert!(!proof.is_proven(ID));
        proof.present(ID);
        proof.missing(ID, "param.error", start + SETTLE * 2, start + SETTLE * 2);
        assert_eq!(proof.open(&[ID]), [ID]);
    }
}
