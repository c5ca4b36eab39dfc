//! What the user wrote: read from YAML, checked as a whole, held as a tree.
//!
//! ```text
//! inputs ─► source (text) ─► parse (YAML items) ─► read (rows) ─► rules ─► Tree
//!                                      └────────────── problems ──────┘
//! ```
//! Every stage goes on after a mistake, so that one run shows all problems; nothing here touches the network or prints.

mod edit;
mod input;
mod load;
mod model;
mod parse;
mod rules;
mod schema;

pub use edit::emit::scalar;
pub use edit::format::{Formatted, format};
pub use edit::roundtrip::{RoundtripError, is_same, reads_as};
pub use edit::serialize::compose;
pub use edit::template::Template;
pub use edit::text_edit::amend;
pub use input::inputs::Input;
pub use input::separate::{Files, files};
pub use input::source::Source;
pub use load::{Loaded, Manifest, load};
pub use model::bindings::Bindings;
pub use model::diagnostic::{Diagnostic, Related, Rule, Severity};
pub use model::document::{Document, FormerNames, Group, Item, LimitsSection, Text};
pub use model::limits::Limits;
pub use model::span::{Lines, Position, SourceId, Span};
pub use model::tree::{Node, NodeId, Tree, TreeBuilder};
pub use rules::full_width::{NameSlip, Slip, name_slip};
pub use schema::schema;
