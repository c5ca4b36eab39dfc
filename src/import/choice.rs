//! What the user says about a table; the rest is found out.

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Which columns have the groups.
    pub columns: Wanted,
    /// The column that has the ids of existing groups: its letters or its heading.
    pub id: Option<String>,
    /// Where the headings are.
    pub header: HeaderRow,
    /// What stands between the names of a path.
    pub separator: Option<String>,
    /// The deepest level at which a group may stand, from 1.
    pub depth: u32,
}

/// Which columns have the groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Those whose headings are known.
    #[default]
    Recognized,
    /// These, from the top level down: letters or headings.
    Levels(Vec<String>),
    /// This one, with whole paths.
    Path(String),
}

/// Where the headings are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeaderRow {
    /// Where they are found.
    #[default]
    Found,
    /// In this row, from 0.
    At(u32),
    /// Nowhere: the first row is data.
    Absent,
}
