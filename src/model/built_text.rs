//! Texts of reference data: they stand in the program where the build put them there, and are owned where a project has its own.
//!
//! In: literals that the build script wrote, or fields of a file. Out: what is used as `&str`. Fifteen thousand texts are neither copied nor
//! checked when the program starts.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use serde::Deserialize;

/// A text that is borrowed from the program, or owned.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub struct BuiltText(Cow<'static, str>);

impl BuiltText {
    /// One that stands in the program.
    #[must_use]
    pub const fn of(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for BuiltText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for BuiltText {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for BuiltText {
    fn from(text: &str) -> Self {
        Self(Cow::Owned(text.to_owned()))
    }
}

impl From<&BuiltText> for String {
    fn from(text: &BuiltText) -> Self {
        text.as_str().to_owned()
    }
}

impl fmt::Display for BuiltText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl PartialEq<str> for BuiltText {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for BuiltText {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for BuiltText {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<BuiltText> for &str {
    fn eq(&self, other: &BuiltText) -> bool {
        *self == other.as_str()
    }
}

impl PartialEq<BuiltText> for String {
    fn eq(&self, other: &BuiltText) -> bool {
        self == other.as_str()
    }
}
