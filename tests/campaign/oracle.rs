//! Judges what a run has left behind, from the story's tree, the sandbox's groups and the files: it shares no code with roomtree.

use std::collections::{BTreeMap, BTreeSet};

use roomtree::sandbox::SandboxGroup;
use serde_json::Value;

use crate::child::Ran;
use crate::others::Others;
use crate::records::Records;
use crate::tree::Tree;

/// What a run has left behind, and what it began with.
pub(crate) struct Scene<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) root: i64,
    pub(crate) ran: &'a Ran,
    pub(crate) before: &'a Records,
    pub(crate) after: &'a Records,
    pub(crate) live: &'a [SandboxGroup],
    pub(crate) others: &'a Others,
    /// Whether roomtree waits for longer than commits and lists are behind: then it can know everything.
    pub(crate) is_strict: bool,
    /// Whether lists told the truth and nobody else was at work during this run.
    pub(crate) is_quiet: bool,
    pub(crate) has_rival: bool,
    /// Whether all who ran ended in their own way.
    pub(crate) is_orderly: bool,
    /// The groups before the run.
    pub(crate) live_before: &'a [SandboxGroup],
    /// Whether an answer was wrong in a way that a run may refuse: groups missing in a list, a wrong id.
    pub(crate) is_deceived: bool,
    /// Whether the run had `--prune`.
    pub(crate) prunes: bool,
    /// Why the run has to be refused, if it has to: a damaged state, or a saved plan that is outdated.
    pub(crate) must_refuse: Option<&'static str>,
}

type Verdict = Result<(), String>;

fn claim(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl Scene<'_> {
    /// Checks all that must hold after every run.
    pub(crate) fn judge(&self) -> Verdict {
        self.no_panic()?;
        self.exit_is_documented()?;
        self.leaves_no_litter()?;
        self.forgets_nothing()?;
        self.reports_truly()?;
        self.conflicts_have_a_cause()?;
        self.knows_its_own()?;
        self.leaves_others_alone()?;
        self.builds_within_the_tree()?;
        self.deletes_only_what_it_may()?;
        self.renames_nothing()?;
        self.refuses_before_any_change()?;
        self.refuses_if_it_must()?;
        if self.ran.exit == Some(0) { self.is_done() } else { Ok(()) }
    }

    fn no_panic(&self) -> Verdict {
        let said = [&self.ran.stdout, &self.ran.stderr];
        claim(!said.iter().any(|text| text.contains("panicked")), || "it panicked".to_owned())
    }

    fn exit_is_documented(&self) -> Verdict {
        let fits = match self.ran.exit {
            Some(0 | 3 | 4 | 5) => true,
            Some(130) => self.ran.interrupts > 0,
            None => self.ran.is_killed || self.ran.interrupts > 0,
            Some(_) => false,
        };
        claim(fits, || format!("exit {:?} means nothing here", self.ran.exit))
    }

    fn leaves_no_litter(&self) -> Verdict {
        claim(!self.is_orderly || self.after.litter.is_empty(), || format!("files are left: {:?}", self.after.litter))
    }

    fn forgets_nothing(&self) -> Verdict {
        let (now, lives) = (self.after.ids(), |id: &&i64| self.live.iter().any(|group| group.id == **id));
        let lost: Vec<_> = self.before.groups.values().filter(lives).filter(|id| !now.contains(id)).collect();
        // A list that is behind for longer than roomtree waits hides groups for good.
        claim(!self.is_strict || lost.is_empty(), || format!("recorded, living, and forgotten: {lost:?}"))
    }

    fn reports_truly(&self) -> Verdict {
        let Some(report) = self.ran.document("report") else { return Ok(()) };
        let (ids, outcomes) = (self.after.ids(), report["groups"].as_array().cloned().unwrap_or_default());
        // Of what somebody has deleted meanwhile, a rival's run may have taken note.
        let lives = |id: &i64| self.live.iter().any(|group| group.id == *id);
        let done = outcomes.iter().filter(|group| group["outcome"] == "done").filter_map(|group| group["id"].as_i64());
        let lost: Vec<_> = done.filter(lives).filter(|id| !ids.contains(id)).collect();
        claim(lost.is_empty(), || format!("reported as done, but not recorded: {lost:?}"))?;
        let duplicates = [&report["duplicates_removed"], &report["duplicates_left"]]
            .map(|ids| ids.as_array().is_some_and(|ids| !ids.is_empty()));
        let may_be = !self.is_strict || !self.others.are_idle();
        claim(may_be || duplicates == [false; 2], || "a duplicate was made that a look would have avoided".to_owned())?;
        let complete = report["complete"] == true;
        let fits = self.ran.exit.is_none_or(|exit| complete == (exit == 0));
        claim(fits, || format!("exit {:?}, complete {complete}", self.ran.exit))?;
        let changed = |what: &str| report["counts"][what].as_u64().unwrap_or_default();
        let nothing = changed("done") + changed("unknown") == 0;
        claim(self.ran.exit != Some(5) || nothing, || "exit 5, but something was changed".to_owned())
    }

    fn conflicts_have_a_cause(&self) -> Verdict {
        let has_cause = self.has_rival || !self.is_strict || !self.others.are_idle() || self.is_deceived;
        claim(has_cause || self.ran.exit != Some(4), || "refused, though nobody else did anything".to_owned())
    }

    /// Every group that roomtree has made is recorded, or an intent says that it may be there.
    fn knows_its_own(&self) -> Verdict {
        let unknown: Vec<_> = self.unrecorded().filter(|group| !self.is_expected(group)).collect();
        claim(!self.is_strict || unknown.is_empty(), || format!("made, but nothing knows of them: {unknown:?}"))
    }

    /// Returns the groups that roomtree has made and does not record.
    pub(crate) fn unrecorded(&self) -> impl Iterator<Item = &SandboxGroup> {
        let ids = self.after.ids();
        let is_ours = |group: &&SandboxGroup| !self.others.made.contains_key(&group.id);
        self.live.iter().filter(is_ours).filter(move |group| !ids.contains(&group.id))
    }

    fn is_expected(&self, group: &SandboxGroup) -> bool {
        let place = (group.parent, group.name.to_string());
        let mut open = self.after.open.values();
        open.any(|(parent, name, _)| (*parent, name) == (place.0, &place.1)) || self.is_excused(group)
    }

    /// Where others have made or renamed groups, nobody can tell whose is whose.
    pub(crate) fn is_excused(&self, group: &SandboxGroup) -> bool {
        self.others.muddied.contains(&(group.parent, group.name.to_string()))
            || self.others.renamed.contains_key(&group.id)
    }

    fn leaves_others_alone(&self) -> Verdict {
        let by_id: BTreeMap<i64, &SandboxGroup> = self.live.iter().map(|group| (group.id, group)).collect();
        let ids = self.after.ids();
        for (id, made) in &self.others.made {
            let is_same = by_id.get(id).is_some_and(|group| group.parent == made.parent && *group.name == *made.name);
            let is_adopted = by_id.contains_key(id) && ids.contains(id);
            // Made while a lost create of the same name was looked for, and empty: it cannot be told from our own.
            // Nor can what a list hid that was behind for longer than roomtree waits.
            let is_taken_for_ours = (made.is_racing || !self.is_strict) && !by_id.contains_key(id);
            claim(is_same || is_adopted || is_taken_for_ours, || format!("someone else's group {id} was changed"))?;
        }
        Ok(())
    }

    /// Every group that roomtree has made is at a path of the tree, not below a group of others.
    fn builds_within_the_tree(&self) -> Verdict {
        let paths: BTreeSet<String> = (0..self.tree.nodes.len()).map(|at| self.tree.path(at)).collect();
        let is_ours = |group: &&SandboxGroup| !self.others.made.contains_key(&group.id);
        let misplaced = |group: &&SandboxGroup| self.path_of(group.id).is_some_and(|path| !paths.contains(&path));
        let misplaced: Vec<_> = self.live.iter().filter(is_ours).filter(misplaced).collect();
        claim(misplaced.is_empty(), || format!("built outside of the tree: {misplaced:?}"))
    }

    /// Returns the path of a group; `None` where others renamed or deleted a group of it.
    fn path_of(&self, id: i64) -> Option<String> {
        match id {
            _ if id == self.root => return Some(String::new()),
            0 => return Some("outside of the root".to_owned()),
            _ if self.others.renamed.contains_key(&id) => return None,
            _ => {}
        }
        let group = self.live.iter().find(|group| group.id == id)?;
        Some(format!("{}/{}", self.path_of(group.parent)?, group.name.replace('~', "~0").replace('/', "~1")))
    }

    /// A recorded group is deleted only if it is pruned, and only as it is recorded.
    fn deletes_only_what_it_may(&self) -> Verdict {
        let lives = |id: i64, groups: &[SandboxGroup]| groups.iter().any(|group| group.id == id);
        for (path, id) in &self.before.groups {
            let is_gone = lives(*id, self.live_before) && !lives(*id, self.live) && !self.others.deleted.contains(id);
            let is_asked = self.tree.asked().any(|at| self.tree.path(at) == *path);
            let is_kept = (0..self.tree.nodes.len()).any(|at| self.tree.path(at) == *path && self.tree.is_kept(at));
            let may_go = self.prunes && !is_asked && !is_kept && !self.others.renamed.contains_key(id);
            // A list that is behind for longer than roomtree waits makes a recorded group look like a duplicate.
            claim(!is_gone || may_go || !self.is_strict, || format!("deleted against the record: {path} {id}"))?;
        }
        let missing = |id: &&i64| !lives(**id, self.live) && !self.others.deleted.contains(id);
        let missing: Vec<_> = self.others.renamed.keys().filter(missing).collect();
        claim(missing.is_empty() || !self.is_strict, || format!("renamed by others, then deleted: {missing:?}"))
    }

    /// No manifest here has former names, so that no group gets another name than others gave it.
    fn renames_nothing(&self) -> Verdict {
        let wrong = self
            .others
            .renamed
            .iter()
            .find(|(id, name)| self.live.iter().any(|group| group.id == **id && *group.name != ***name));
        claim(wrong.is_none(), || format!("renamed by others, then renamed: {wrong:?}"))
    }

    /// Exits 4 and 5 say that nothing was changed.
    fn refuses_before_any_change(&self) -> Verdict {
        let is_of_others = |id: i64| {
            let Others { made, renamed, deleted, .. } = self.others;
            made.contains_key(&id) || renamed.contains_key(&id) || deleted.contains(&id)
        };
        let ours = |groups: &[SandboxGroup]| -> Vec<SandboxGroup> {
            groups.iter().filter(|group| !is_of_others(group.id)).cloned().collect()
        };
        let is_refused = matches!(self.ran.exit, Some(4 | 5)) && self.is_strict && !self.has_rival;
        let is_same = !is_refused || ours(self.live_before) == ours(self.live);
        claim(is_same, || format!("exit {:?}, but groups were changed", self.ran.exit))
    }

    fn refuses_if_it_must(&self) -> Verdict {
        let Some(reason) = self.must_refuse else { return Ok(()) };
        claim(self.ran.exit == Some(4), || format!("{reason}, but exit {:?}", self.ran.exit))
    }

    /// Exit 0 says that everything is there.
    fn is_done(&self) -> Verdict {
        claim(!self.after.has_journal, || "exit 0, but a journal is left".to_owned())?;
        for at in self.tree.asked() {
            let path = self.tree.path(at);
            claim(self.after.groups.contains_key(&path), || format!("exit 0, but {path} is not recorded"))?;
        }
        if self.is_quiet { self.matches() } else { Ok(()) }
    }

    /// Every recorded path leads to its group, from the top down.
    pub(crate) fn matches(&self) -> Verdict {
        let by_id: BTreeMap<i64, &SandboxGroup> = self.live.iter().map(|group| (group.id, group)).collect();
        for at in self.tree.asked() {
            let (node, path) = (&self.tree.nodes[at], self.tree.path(at));
            let parent = node.parent.map_or(Some(self.root), |above| self.id_of(above));
            let group = self.id_of(at).and_then(|id| by_id.get(&id));
            let fits = group.is_some_and(|group| Some(group.parent) == parent && *group.name == *node.name);
            claim(fits, || format!("{path} should be {:?} under {parent:?}, but is {group:?}", self.id_of(at)))?;
        }
        Ok(())
    }

    fn id_of(&self, at: usize) -> Option<i64> {
        self.after.groups.get(&self.tree.path(at)).copied()
    }

    /// Checks what must hold when all is over; `plan` is what roomtree would do now, and what it sees.
    pub(crate) fn conclude(&self, plan: &Value) -> Verdict {
        self.matches()?;
        self.has_no_duplicates()?;
        self.has_no_orphans()?;
        self.records_nothing_else()?;
        self.tells_of_duplicates(plan)?;
        claim(plan["settled"] == true, || "the plan has something left to do".to_owned())
    }

    /// No group of the tree is there twice, unless others made one while roomtree could not know.
    fn has_no_duplicates(&self) -> Verdict {
        for at in self.tree.asked() {
            let parent = self.tree.nodes[at].parent.map_or(Some(self.root), |above| self.id_of(above));
            let place = (parent.unwrap_or_default(), self.tree.nodes[at].name.clone());
            let duplicates =
                self.live.iter().filter(|group| group.parent == place.0 && *group.name == *place.1).count();
            let may_be = !self.is_strict || self.others.muddied.contains(&place);
            claim(duplicates == 1 || may_be, || format!("{} is there {duplicates} times", self.tree.path(at)))?;
        }
        Ok(())
    }

    fn has_no_orphans(&self) -> Verdict {
        let ids: BTreeSet<i64> = self.live.iter().map(|group| group.id).chain([0]).collect();
        let orphans: Vec<_> = self.live.iter().filter(|group| !ids.contains(&group.parent)).collect();
        claim(orphans.is_empty(), || format!("orphans: {orphans:?}"))
    }

    fn records_nothing_else(&self) -> Verdict {
        let paths: BTreeSet<String> = (0..self.tree.nodes.len()).map(|at| self.tree.path(at)).collect();
        let foreign: Vec<_> = self.after.groups.keys().filter(|path| !paths.contains(*path)).collect();
        claim(foreign.is_empty(), || format!("recorded, but never asked for: {foreign:?}"))?;
        claim(self.after.ids().len() == self.after.groups.len(), || "two paths have one id".to_owned())
    }

    /// What roomtree made and does not record may be there only if it could not know; then its plan tells of it.
    fn tells_of_duplicates(&self, plan: &Value) -> Verdict {
        let told: BTreeSet<i64> =
            plan["unmanaged"].as_array().into_iter().flatten().filter_map(|group| group["id"].as_i64()).collect();
        for group in self.unrecorded() {
            let could_not_know = !self.is_strict || self.is_excused(group);
            claim(could_not_know, || format!("a duplicate of our own making is left: {group:?}"))?;
            claim(told.contains(&group.id), || format!("nobody is told of {group:?}"))?;
        }
        Ok(())
    }
}
