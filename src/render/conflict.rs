//! Says in a sentence what stands against a row, and what to do about it.

use crate::group::GroupId;
use crate::plan::Conflict;
use crate::render::style::{grouped, shown};

/// How many twins are named before the rest is counted.
const MOST_NAMED: usize = 20;

/// Says what stands against a row.
#[must_use]
pub fn sentence(conflict: &Conflict) -> String {
    match conflict {
        Conflict::Twins { ids } => format!("{} groups have this name here: {}", ids.len(), list(ids)),
        Conflict::Moved { id, stands: Some(path) } => {
            format!("recorded as {id}, which stands at {} in DingTalk", shown(path.as_str()))
        }
        // Whatever stands in the list has a path, unless a group above it is not in the list.
        Conflict::Moved { id, stands: None } => format!("recorded as {id}, but its parent is gone from DingTalk"),
        Conflict::Taken { id, by: Some(by) } => {
            format!("{id} has this name, but is recorded for {}", shown(by.as_str()))
        }
        Conflict::Taken { id, by: None } => format!("{id}, which is not managed here, has this name already"),
        Conflict::Gone { id } => format!("the manifest binds it to {id}, which does not exist in DingTalk"),
    }
}

/// Says what to do about it.
#[must_use]
pub fn remedy(conflict: &Conflict) -> &'static str {
    match conflict {
        Conflict::Twins { .. } => "in DingTalk's console, delete or rename all but one of them",
        Conflict::Moved { stands: None, .. } => {
            "delete what is left of it in DingTalk's admin console (oa.dingtalk.com), or `roomtree state forget` its path to leave it; then a new one is made"
        }
        Conflict::Moved { stands: Some(_), .. } => {
            "DingTalk cannot move groups: write the group where it stands now, or `roomtree state forget` its path to have a new one made"
        }
        Conflict::Gone { .. } => "correct or remove `id` in the manifest",
        Conflict::Taken { by: None, .. } => "rename or delete that group in DingTalk, or choose another name",
        Conflict::Taken { by: Some(_), .. } => {
            "give the group back its name in DingTalk, or `roomtree state forget` the path it is recorded for"
        }
    }
}

fn list(ids: &[GroupId]) -> String {
    let named: Vec<String> = ids.iter().take(MOST_NAMED).map(GroupId::to_string).collect();
    let more = ids.len() - named.len();
    if more > 0 { format!("{}, and {} more", named.join(", "), grouped(more)) } else { named.join(", ") }
}

#[cfg(test)]
mod tests {
    use crate::group::GroupId;
    use crate::plan::Conflict;
    use crate::render::conflict::{remedy, sentence};

    #[test]
    fn a_group_whose_parent_is_gone_is_not_told_to_stand_elsewhere() {
        let orphan = Conflict::Moved { id: GroupId::new(7), stands: None };
        assert_eq!(sentence(&orphan), "recorded as 7, but its parent is gone from DingTalk");
        assert!(!remedy(&orphan).contains("where it stands"));
    }
}
