//! The nouns that every stage shares: what a room group is called, where it stands, and its id.

mod confusable;
mod id;
mod name;
mod path;

pub use confusable::skeleton;
pub use id::GroupId;
pub use name::{GroupName, NameError};
pub use path::{GroupPath, PathError};
