//! A complaint: what is wrong with something that people write, in words, and the two things that were compared where any were.
//!
//! What serde complains of has one wording ("invalid type: string "x", expected u32"); from it the two are taken.

use crate::findings::{Code, Finding, Place};

/// What is wrong, before its place is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    pub message: String,
    /// What is there, and what should be.
    compared: Option<(String, String)>,
}

impl Complaint {
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), compared: None }
    }

    #[must_use]
    pub fn compared(mut self, found: impl Into<String>, expected: impl Into<String>) -> Self {
        self.compared = Some((found.into(), expected.into()));
        self
    }

    /// What serde says.
    #[must_use]
    pub fn of_serde(message: &str) -> Self {
        Self { message: message.replace('\n', ", "), compared: compared(message) }
    }

    #[must_use]
    pub fn finding(self, code: &'static Code, place: Place) -> Finding {
        let finding = Finding::new(code, place, &*self.message);
        self.compare(finding)
    }

    /// Adds the two things to a finding that says more than the complaint.
    #[must_use]
    pub fn compare(self, finding: Finding) -> Finding {
        match self.compared {
            Some((found, expected)) => finding.compared(found, expected),
            None => finding,
        }
    }
}

/// The key that serde says is missing.
#[must_use]
pub fn missing_key(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}

fn compared(message: &str) -> Option<(String, String)> {
    if let Some(key) = missing_key(message) {
        return Some(("no such key".to_owned(), key.to_owned()));
    }
    let (what, expected) = message.rsplit_once(", expected ")?;
    let starts = ["invalid type: ", "invalid value: ", "unknown field ", "unknown variant "];
    let found = starts.iter().find_map(|start| what.strip_prefix(start)).unwrap_or(what);
    Some((found.to_owned(), expected.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_compares_is_taken_from_its_words() {
        let of = |message: &str| compared(message).map(|(found, expected)| format!("{found} | {expected}"));
        assert_eq!(of("invalid type: string \"x\", expected u32").as_deref(), Some("string \"x\" | u32"));
        assert_eq!(of("unknown field `a`, expected `b` or `c`").as_deref(), Some("`a` | `b` or `c`"));
        assert_eq!(of("unknown variant `a`, expected one of `b`, `c`").as_deref(), Some("`a` | one of `b`, `c`"));
        assert_eq!(of("missing field `a`").as_deref(), Some("no such key | a"));
        assert_eq!(of("duplicate field `a`"), None);
    }
}
