//! What people read: pure functions from data and a page to text.

mod problem;

pub use problem::{Page, Paint, problems};
