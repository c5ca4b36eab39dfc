//! The errors that led to another: ours speak for themselves, those of others get Chinese words.

use std::error::Error;

use crate::i18n::{Message, misread, said};

/// Tells of an error that led to another, whatever it is.
#[must_use]
pub fn cause(error: &(dyn Error + 'static)) -> Message {
    if let Some(error) = error.downcast_ref() {
        return said(error);
    }
    error.downcast_ref().map_or_else(|| Message::shown(error), misread)
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;

    use crate::group::NameError;
    use crate::i18n::{Language, cause};

    #[test]
    fn every_kind_of_error_is_told_in_chinese() {
        let json = serde_json::from_str::<Vec<u64>>("[").expect_err("it ends too early");
        let chinese = |error: &(dyn std::error::Error + 'static)| cause(error).within(Language::Chinese).to_owned();
        assert_eq!(chinese(&io::Error::from(io::ErrorKind::StorageFull)), "磁盘空间不足（no storage space）");
        assert!(chinese(&json).starts_with("JSON 不完整"), "{}", chinese(&json));
        assert_eq!(chinese(&NameError::Empty), "名称为空");
        assert_eq!(chinese(&fmt::Error), fmt::Error.to_string());
    }
}
