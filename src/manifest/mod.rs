//! What the user wrote: read from YAML, checked as a whole, held as a tree.
//!
//! ```text
//! inputs ─► source (text) ─► parse (YAML items) ─► read (rows) ─► rules ─► Tree
//!                                      └────────────── problems ──────┘
//! ```
//! Every stage goes on after a mistake, so that one run shows all problems; nothing here touches the network or prints.

mod amend;
mod compose;
mod damage;
mod document;
mod draft;
mod files;
mod format;
mod full_width;
mod input;
mod layout;
mod left_out;
mod load;
mod mistake;
mod parse;
mod place;
mod problem;
mod read;
mod reading;
mod recognize;
mod rules;
mod schema;
mod selection;
mod shown;
mod sketch;
mod source;
mod syntax;
mod ties;
mod tree;
mod written;
mod yaml;

pub use amend::amend;
pub use compose::compose;
pub use document::{Document, FormerNames, Group, Item, LimitsSection, Text};
pub use files::{Files, files};
pub use format::{Formatted, format};
pub use full_width::{NameSlip, Slip, name_slip};
pub use input::Input;
pub use load::{Limits, Loaded, Manifest, load};
pub use place::{Lines, Place, Position};
pub use problem::{Problem, Related, Rule, Severity};
pub use reading::{Misread, is_same, reads_as};
pub use schema::schema;
pub use sketch::Sketch;
pub use source::{Source, SourceId};
pub use ties::Ties;
pub use tree::{Node, NodeId, Tree, TreeBuilder};
pub use written::scalar;
