//! Days: as of which day a statement speaks.
//!
//! The first available of: a date in its sentence; the date of the only meeting named under its heading; the registry's `as_of`; its
//! `published`. A record that does not say which heading it stands under counts as standing with what is at most a few lines away.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::Reading;
use crate::model::date::Period;
use crate::model::source::SourceRow;

/// How many lines away a meeting still counts as named beside a statement.
const NEAR: u32 = 12;

/// A meeting as it is named in one place.
#[derive(Clone, Debug)]
pub struct Named {
    pub line: u32,
    /// The heading that it stands under, where the record says so.
    pub section: Option<i64>,
    pub dialogue_id: Option<String>,
    pub meeting_id: String,
    /// The date that all sources together give for it.
    pub period: Option<Period>,
}

/// What is needed to date a statement.
#[derive(Debug, Default)]
pub struct Calendar {
    named: BTreeMap<String, Vec<Named>>,
    registry: BTreeMap<String, Option<Period>>,
}

impl Calendar {
    #[must_use]
    pub fn new(sources: &[SourceRow], named: BTreeMap<String, Vec<Named>>) -> Self {
        let registry = sources.iter().map(|source| (source.id().to_owned(), source.period())).collect();
        Self { named, registry }
    }

    /// The stretch of time that a statement about a dialogue speaks of; none where nothing dates it.
    #[must_use]
    pub fn of_statement(&self, reading: &Reading<'_>, sentence: Option<Period>, dialogue_id: Option<&str>) -> Option<Period> {
        sentence.or_else(|| self.only_meeting(reading, dialogue_id)).or_else(|| self.of_source(reading.source()))
    }

    /// The stretch of time that a source speaks of, by its entry in the registry.
    #[must_use]
    pub fn of_source(&self, source_id: &str) -> Option<Period> {
        self.registry.get(source_id).copied().flatten()
    }

    fn only_meeting(&self, reading: &Reading<'_>, dialogue_id: Option<&str>) -> Option<Period> {
        let section = reading.integer("section");
        let line = reading.own_line();
        let beside: Vec<&Named> = self
            .named
            .get(reading.source())?
            .iter()
            .filter(|meeting| match (section, meeting.section) {
                (Some(here), Some(there)) => here == there,
                // A meeting of another dialogue stands under another heading.
                _ => meeting.line.abs_diff(line) <= NEAR && meeting.dialogue_id.as_deref() == dialogue_id,
            })
            .collect();
        let ids: BTreeSet<&str> = beside.iter().map(|meeting| meeting.meeting_id.as_str()).collect();
        let [meeting, ..] = beside.as_slice() else { return None };
        let is_its_own = dialogue_id.is_some() && meeting.dialogue_id.as_deref() == dialogue_id;
        (ids.len() == 1 && is_its_own).then_some(meeting.period)?
    }
}
