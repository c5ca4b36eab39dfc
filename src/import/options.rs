//! The user's options for a table; everything else is found in the table.

/// The options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// The columns of the groups.
    pub columns: Wanted,
    /// The column that has the ids of existing groups: its letters or its heading.
    pub id: Option<String>,
    /// The row of the headings.
    pub header: HeaderRow,
    /// The separator between the names of a path.
    pub separator: Option<String>,
    /// The deepest level of a group, from 1.
    pub depth: u32,
    /// The command line as given, without the options that name columns; error messages complete it.
    pub command: String,
}

/// The columns of the groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Those with known headings.
    #[default]
    Recognized,
    /// These, from the top level down: letters or headings, several of them for one level with `+` between.
    Levels(Vec<String>),
    /// This one, with whole paths.
    Path(String),
}

/// The row of the headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeaderRow {
    /// Found in the table.
    #[default]
    Found,
    /// This row, from 0.
    At(u32),
    /// None: the first row is data.
    Absent,
}
