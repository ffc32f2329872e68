//! Version numbers, and what makes which: the rules by which a release computes its own number.
//!
//! In: what moved since the last release, as events. Out: the bump and the reasons for it. Readers pin a major version, so
//! the table of rules below is an interface: nothing else in the program decides on a number.

use std::fmt;
use std::str::FromStr;

/// A release number, `1.2.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
    pub patch: u32,
}

impl Version {
    /// The number of the first release.
    pub const FIRST: Self = Self { major: 1, minor: 0, patch: 0 };

    /// The number that follows this one.
    #[must_use]
    pub fn after(self, bump: Bump) -> Self {
        match bump {
            Bump::Major => Self { major: self.major + 1, minor: 0, patch: 0 },
            Bump::Minor => Self { minor: self.minor + 1, patch: 0, ..self },
            Bump::Patch => Self { patch: self.patch + 1, ..self },
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fails = || format!("\"{text}\" is no release number such as 1.2.0");
        let number = |part: Option<&str>| -> Option<u32> {
            let part = part?;
            let canonical = part == "0" || !part.starts_with('0');
            (canonical && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let mut parts = text.split('.');
        let (major, minor, patch) = (number(parts.next()), number(parts.next()), number(parts.next()));
        match (major, minor, patch, parts.next()) {
            (Some(major), Some(minor), Some(patch), None) => Ok(Self { major, minor, patch }),
            _ => Err(fails()),
        }
    }
}

/// How far a release is from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    Patch,
    Minor,
    Major,
}

impl Bump {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl std::str::FromStr for Bump {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let all = [Self::Patch, Self::Minor, Self::Major];
        all.into_iter().find(|bump| bump.name() == name).ok_or_else(|| format!("\"{name}\" is none of patch, minor and major"))
    }
}

/// What can move between two releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    TableRemoved,
    ColumnRemoved,
    ColumnRenamed,
    ColumnInserted,
    ColumnRetyped,
    KeyChanged,
    RowRemoved,
    TableAdded,
    ColumnAppended,
    ConstraintLoosened,
    RowAdded,
    RowWithdrawn,
    ValueFollowsSource,
    ValueUnexplained,
    ValueCorrected,
    ConstraintTightened,
    ProvenanceMoved,
    DescriptorMoved,
}

/// One rule: what moved, how far that bumps, and how to say it.
#[derive(Debug)]
pub struct Rule {
    pub kind: Kind,
    pub bump: Bump,
    /// `{}` stands for the number of things and the place.
    singular: &'static str,
    plural: &'static str,
}

const fn rule(kind: Kind, bump: Bump, singular: &'static str, plural: &'static str) -> Rule {
    Rule { kind, bump, singular, plural }
}

/// All rules, the strongest first. Facts and reference tables decide by their rows; every table by its columns.
pub const RULES: &[Rule] = &[
    rule(Kind::TableRemoved, Bump::Major, "a table is gone", "tables are gone"),
    rule(Kind::ColumnRemoved, Bump::Major, "a column is gone", "columns are gone"),
    rule(Kind::ColumnRenamed, Bump::Major, "a column has another name", "columns have other names"),
    rule(Kind::ColumnInserted, Bump::Major, "a column stands before an older one", "columns stand before older ones"),
    rule(Kind::ColumnRetyped, Bump::Major, "a column has another type", "columns have other types"),
    rule(Kind::KeyChanged, Bump::Major, "the key is another", "keys are others"),
    rule(Kind::RowRemoved, Bump::Major, "a row is gone without a tombstone", "rows are gone without a tombstone"),
    rule(Kind::TableAdded, Bump::Minor, "a table is new", "tables are new"),
    rule(Kind::ColumnAppended, Bump::Minor, "a column is new at the end", "columns are new at the end"),
    rule(Kind::ConstraintLoosened, Bump::Minor, "a column allows more than before", "columns allow more than before"),
    rule(Kind::RowAdded, Bump::Minor, "a row is new", "rows are new"),
    rule(Kind::RowWithdrawn, Bump::Minor, "a row is withdrawn, with a tombstone", "rows are withdrawn, with tombstones"),
    rule(Kind::ValueFollowsSource, Bump::Minor, "a value changed because its source did", "values changed because their sources did"),
    rule(
        Kind::ValueUnexplained,
        Bump::Minor,
        "a value changed, and more than one thing moved that could be why",
        "values changed, and more than one thing moved that could be why",
    ),
    rule(Kind::ValueCorrected, Bump::Patch, "a value is corrected: same source, better reading", "values are corrected: same source, better reading"),
    rule(Kind::ConstraintTightened, Bump::Patch, "a column allows less than before", "columns allow less than before"),
    rule(Kind::ProvenanceMoved, Bump::Patch, "a row that tells how we know differs", "rows that tell how we know differ"),
    rule(Kind::DescriptorMoved, Bump::Patch, "the description of the data set differs", "descriptions differ"),
];

/// Something that moved, in which table, how many times.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub kind: Kind,
    /// Empty for the data set as a whole.
    pub table: String,
    pub count: u64,
}

impl Event {
    #[must_use]
    pub fn new(kind: Kind, table: &str, count: u64) -> Self {
        Self { kind, table: table.to_owned(), count }
    }
}

/// The bump that a difference makes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub bump: Bump,
    /// One reason a clause, for instance `memberships: 2 rows are new`.
    pub reason: String,
}

/// Applies the rules; none where nothing moved.
#[must_use]
pub fn decide(events: &[Event]) -> Option<Decision> {
    let applies = |rule: &&Rule| events.iter().any(|event| event.kind == rule.kind && event.count > 0);
    let bump = RULES.iter().filter(applies).map(|rule| rule.bump).max()?;
    let mut clauses = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.bump == bump) {
        for event in events.iter().filter(|event| event.kind == rule.kind && event.count > 0) {
            let what = if event.count == 1 { rule.singular.to_owned() } else { format!("{} {}", event.count, rule.plural) };
            clauses.push(if event.table.is_empty() { what } else { format!("{}: {what}", event.table) });
        }
    }
    Some(Decision { bump, reason: clauses.join("; ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_it_prints() {
        for text in ["1.0.0", "0.1.2", "10.20.30"] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), text);
        }
        for text in ["1.0", "1.0.0.0", "01.0.0", "1.0.x", "", "1..0", "v1.0.0", "+1.0.0"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_follow_each_other() {
        let version: Version = "1.2.3".parse().unwrap();
        assert_eq!(version.after(Bump::Patch).to_string(), "1.2.4");
        assert_eq!(version.after(Bump::Minor).to_string(), "1.3.0");
        assert_eq!(version.after(Bump::Major).to_string(), "2.0.0");
    }

    #[test]
    fn every_rule_decides_alone_as_the_table_says() {
        assert!(!RULES.is_empty());
        for rule in RULES {
            let decision = decide(&[Event::new(rule.kind, "meetings", 1)]).unwrap();
            assert_eq!((decision.bump, decision.reason), (rule.bump, format!("meetings: {}", rule.singular)));
        }
    }

    #[test]
    fn the_strongest_rule_wins_and_names_only_its_equals() {
        let events =
            [Event::new(Kind::RowAdded, "meetings", 2), Event::new(Kind::ProvenanceMoved, "evidence", 9), Event::new(Kind::RowRemoved, "themes", 0)];
        let decision = decide(&events).unwrap();
        assert_eq!((decision.bump, decision.reason.as_str()), (Bump::Minor, "meetings: 2 rows are new"));
        assert_eq!(decide(&[]), None);
    }
}
