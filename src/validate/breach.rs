//! A breach: how a value or a row breaks a rule, in words and as the two things that were compared.

use crate::findings::{Code, Finding, Place};

/// What is there, what should be, and a sentence that says both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// The name of the rule in the account of checks.
    pub rule: &'static str,
    pub message: String,
    pub found: String,
    pub expected: String,
}

impl Breach {
    #[must_use]
    pub fn new(rule: &'static str, message: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { rule, message: message.into(), found: found.into(), expected: expected.into() }
    }

    /// A text that a column should not have.
    #[must_use]
    pub fn of_text(rule: &'static str, column: &str, found: &str, expected: impl Into<String>) -> Self {
        let expected = expected.into();
        Self::new(rule, format!("{column} is \"{found}\", expected {expected}"), found, expected)
    }

    /// The finding, with what the breach is about before the sentence.
    #[must_use]
    pub fn finding(self, code: &'static Code, place: Place, about: &str) -> Finding {
        Finding::new(code, place, format!("{about}{}", self.message)).compared(self.found, self.expected)
    }
}
