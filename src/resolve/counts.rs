//! Stated counts: the numbers of members that sources state, and whether the rows agree.
//!
//! A count is compared as of its statement's day, first with the list of its own source. A count of a group ("28 of the union") without
//! a list is compared with the group itself; one of participants beside a named group ("the process and nine others") with the
//! rosters of other sources, groups expanded, less that group. A list of fewer than half the number is a mention, not a roster.

use std::collections::{BTreeMap, BTreeSet};

use super::conflicts::{Conflict, Side, kind_by_days};
use super::days::Calendar;
use super::memberships::{Member, Stated, role};
use super::naming::Naming;
use super::reading::{Reading, Records};
use super::rosters::{GroupCount, Question, Roster, Rosters};
use super::settle::{Statement, Statements};
use super::slug::slug;
use crate::error::Error;
use crate::findings::{Finding, Report, code};
use crate::model::Cell;
use crate::model::date::Period;
use crate::model::schemas::Schemas;

/// A number that a source states.
#[derive(Clone, Debug)]
pub struct Count<'a> {
    pub reading: Reading<'a>,
    pub count_id: String,
    pub of_group: bool,
    pub subject_id: String,
    pub role: String,
    pub group: Option<String>,
    pub beside: Option<String>,
    pub member_type: Option<&'static str>,
    pub value: i64,
    pub period: Option<Period>,
}

/// What comparing a number with the rows gave.
#[derive(Clone, Debug, Default)]
struct Verdict {
    counted: Option<i64>,
    confirmed: bool,
    /// Sources of which the rows give another number: the source, its number, and what it is made of.
    disputes: Vec<(String, i64, String)>,
}

/// Every stated count whose subject is known, in record order.
pub fn counts<'a>(
    records: &'a Records<'_>,
    stated: &[Stated<'_>],
    schemas: &'a Schemas,
    naming: &Naming,
    calendar: &Calendar,
    report: &mut Report,
) -> Vec<Count<'a>> {
    let mut counts: Vec<Count<'a>> =
        records.of("stated_counts").filter_map(|reading| Count::read(reading, schemas, naming, calendar, report)).collect();
    let by_source = by_source(stated);
    for count in &mut counts {
        count.find_beside(by_source.get(count.reading.source()).map_or(&[], Vec::as_slice));
    }
    counts
}

/// The memberships of each source.
fn by_source<'s, 'a>(stated: &'s [Stated<'a>]) -> BTreeMap<&'a str, Vec<&'s Stated<'a>>> {
    let mut by_source: BTreeMap<&str, Vec<&Stated<'_>>> = BTreeMap::new();
    for row in stated {
        by_source.entry(row.reading.source()).or_default().push(row);
    }
    by_source
}

impl<'a> Count<'a> {
    fn read(reading: Reading<'a>, schemas: &Schemas, naming: &Naming, calendar: &Calendar, report: &mut Report) -> Option<Self> {
        let value = reading.integer("value")?;
        let role = role(&reading, schemas, report)?;
        let named_group = reading.text("group_id").map(str::to_owned).or_else(|| super::naming::group_as_subject(&reading, schemas));
        let dialogue = naming.dialogue(&reading).filter(|_| super::naming::group_as_subject(&reading, schemas).is_none());
        let (of_group, subject_id, group) = match (dialogue, named_group) {
            (Some(dialogue), group) => (false, dialogue, group),
            (None, Some(group)) => (true, group, None),
            (None, None) => return None,
        };
        let member_type = match reading.text("party") {
            Some(party) if party.starts_with("org") => Some("organization"),
            Some("state") => Some("state"),
            _ => None,
        };
        let period = calendar.of_statement(&reading, reading.period("as_of"), (!of_group).then_some(subject_id.as_str()));
        let mut parts = vec![subject_id.clone(), slug(&role)];
        parts.extend(member_type.filter(|kind| *kind == "organization").map(str::to_owned));
        parts.extend(group.clone().or_else(|| reading.text("group").filter(|_| !of_group).map(slug)));
        parts.push(slug(reading.source()));
        parts.push(value.to_string());
        Some(Self {
            reading,
            count_id: parts.join("--"),
            of_group,
            subject_id,
            role,
            group,
            beside: reading.text("beside_group_id").map(str::to_owned),
            member_type,
            value,
            period,
        })
    }

    fn question(&self) -> Option<Question> {
        (!self.of_group).then_some(())?;
        Some(Question {
            id: self.count_id.clone(),
            dialogue_id: self.subject_id.clone(),
            role: self.role.clone(),
            member_type: self.member_type.map(str::to_owned),
            group: self.group.clone(),
            less: self.beside.clone(),
            period: self.period?,
        })
    }

    /// Whether words that are no group we know say which members are counted.
    #[must_use]
    pub fn is_limited_by_words(&self) -> bool {
        !self.of_group && self.group.is_none() && self.reading.text("group").is_some()
    }

    /// The group that the sentence names beside those counted, where the record does not say: the only one that the same source
    /// names as a member on the same line, for a number that words limit to others.
    fn find_beside(&mut self, of_source: &[&Stated<'_>]) {
        if self.beside.is_some() || !self.is_limited_by_words() {
            return;
        }
        let line = self.reading.line(&["value"]);
        let groups: BTreeSet<&str> = of_source
            .iter()
            .filter(|row| row.line().abs_diff(line) <= 1)
            .filter(|row| row.dialogue_id == self.subject_id && row.role == self.role)
            .filter_map(|row| if let Member::Group(group) = &row.member { Some(group.as_str()) } else { None })
            .collect();
        if let [group] = groups.into_iter().collect::<Vec<_>>().as_slice() {
            self.beside = Some((*group).to_owned());
        }
    }

    /// Compares the number with the rosters of the sources and the members of groups.
    fn judge(&self, answers: &[Roster], rosters: &Rosters, schemas: &Schemas) -> Verdict {
        let Some(period) = self.period else { return Verdict::default() };
        if self.is_limited_by_words() && self.beside.is_none() {
            return Verdict::default();
        }
        let is_roster = |roster: &&Roster| self.group.is_some() || roster.members.len() as i64 * 2 > self.value;
        let is_own = |roster: &&Roster| roster.source_id == self.reading.source();
        let own: Vec<&Roster> = answers.iter().filter(is_own).filter(is_roster).collect();
        let others: Vec<&Roster> = answers.iter().filter(|roster| !is_own(roster)).filter(is_roster).collect();
        let group = if self.of_group { Some(&self.subject_id) } else { self.group.as_ref() };
        match (group, self.beside.is_some()) {
            (_, true) => self.compare(&others),
            (_, false) if !own.is_empty() => self.compare(&own),
            (Some(group), false) => self.compare_with_group(group, period, rosters, schemas),
            (None, false) => self.compare(&others),
        }
    }

    fn compare(&self, rosters: &[&Roster]) -> Verdict {
        let mut by_source: BTreeMap<&str, Vec<&Roster>> = BTreeMap::new();
        for roster in rosters {
            by_source.entry(&roster.source_id).or_default().push(roster);
        }
        let mut verdict = Verdict::default();
        for (source, days) in by_source {
            if days.iter().any(|roster| roster.members.len() as i64 == self.value) {
                verdict.confirmed = true;
                verdict.counted = Some(self.value);
            } else if let Some(first) = days.first() {
                let counted = first.members.len() as i64;
                verdict.disputes.push((source.to_owned(), counted, self.spell(first)));
                if !verdict.confirmed && verdict.counted.is_none() {
                    verdict.counted = Some(counted);
                }
            }
        }
        verdict
    }

    fn compare_with_group(&self, group: &str, period: Period, rosters: &Rosters, schemas: &Schemas) -> Verdict {
        let sizes: Vec<i64> = rosters.days(period).into_iter().map(|day| schemas.reference.members_on(group, day).len() as i64).collect();
        let Some(&first) = sizes.first().filter(|size| **size > 0) else { return Verdict::default() };
        let confirmed = sizes.contains(&self.value);
        let mut verdict = Verdict { counted: Some(if confirmed { self.value } else { first }), confirmed, disputes: Vec::new() };
        if !confirmed {
            let derived = format!("{first} (derived: members of {group} on {})", period.start);
            verdict.disputes.push((self.reading.source().to_owned(), first, derived));
        }
        verdict
    }

    /// A roster as a value: the number and what it was derived from.
    fn spell(&self, roster: &Roster) -> String {
        let less = self.beside.as_ref().map_or_else(String::new, |group| format!(", less the members of {group}"));
        let within = self.group.as_ref().map_or_else(String::new, |group| format!(", only members of {group}"));
        format!("{} (derived: {}; groups expanded{within}{less})", roster.members.len(), roster.members.join(" "))
    }

    fn statement(&self, verdict: &Verdict) -> Statement<'a> {
        let subject: &[&str] = if self.of_group { &["group", "group_id"] } else { &["dialogue", "dialogue_id"] };
        let status = match (verdict.counted, verdict.confirmed) {
            (None, _) => "not_checkable",
            (Some(_), true) => "confirmed",
            (Some(_), false) => "contradicted",
        };
        Statement::of(self.reading)
            .derive("count_id", self.count_id.as_str())
            .derive("subject_type", if self.of_group { "group" } else { "dialogue" })
            .say("subject_id", self.subject_id.as_str(), subject)
            .say("role", self.role.as_str(), &["role", "value"])
            .say("group_id", Cell::optional(self.group.clone()), &["group_id", "group", "value"])
            .copy("value")
            .derive("as_of", Cell::optional(self.period.map(|period| period.start)))
            .derive("counted", Cell::optional(verdict.counted))
            .derive("status", status)
    }

    fn conflicts(&self, verdict: &Verdict, stated: &BTreeMap<&str, Vec<&Stated<'_>>>, calendar: &Calendar) -> Vec<Conflict> {
        let own: Side =
            Side { source_id: self.reading.source().to_owned(), value: self.value.to_string(), evidence: self.reading.ruled_evidence(&["value"]) };
        let of_roster = |source: &str| {
            let of_source = stated.get(source).into_iter().flatten();
            let rows = of_source.filter(|row| row.dialogue_id == self.subject_id && row.role == self.role);
            rows.flat_map(|row| row.evidence()).collect()
        };
        let conflict = |(source, _, spelled): &(String, i64, String)| Conflict {
            table: "stated_counts".to_owned(),
            row_id: self.count_id.clone(),
            column: "value".to_owned(),
            a: own.clone(),
            b: Side { source_id: source.clone(), value: spelled.clone(), evidence: of_roster(source) },
            kind: if source == self.reading.source() { "contradiction" } else { kind_by_days(self.period, calendar.of_source(source)) },
            as_of: self.period.map(|period| period.start),
        };
        verdict.disputes.iter().map(conflict).collect()
    }

    fn report(&self, verdict: &Verdict, report: &mut Report) {
        for (source, counted, _) in &verdict.disputes {
            let beside = self.beside.as_ref().map_or_else(String::new, |group| format!(" beside {group}"));
            let via = self.group.as_ref().map_or_else(String::new, |group| format!(" via {group}"));
            let whose = if source == self.reading.source() { "the rows".to_owned() } else { format!("those of {source}") };
            let message = format!("{} of {}{via}{beside}: the source says {}, {whose} come to {counted}", self.role, self.subject_id, self.value);
            let finding = Finding::new(code::COUNT_CONTRADICTED, self.reading.place(&["value"]), message).hint(format!(
                "both are published: see conflicts of stated_counts {}; correct the text only where it was copied wrongly",
                self.count_id
            ));
            report.push(finding.compared(self.value.to_string(), counted.to_string()));
        }
    }
}

/// The rows of stated counts, and the conflicts that they show.
///
/// # Errors
/// `Fault` where a query cannot be carried out.
pub fn statements<'a>(
    counts: &[Count<'a>],
    stated: &[Stated<'_>],
    rosters: &Rosters,
    schemas: &Schemas,
    calendar: &Calendar,
    report: &mut Report,
) -> Result<(Statements<'a>, Vec<Conflict>), Error> {
    let mut questions: BTreeMap<&str, Question> = BTreeMap::new();
    for count in counts {
        if let Some(question) = count.question() {
            questions.entry(&count.count_id).or_insert(question);
        }
    }
    let questions: Vec<Question> = questions.into_values().collect();
    let answers = rosters.answer(&questions)?;
    let mut statements = Statements::default();
    let mut conflicts = Vec::new();
    let mut verdicts: BTreeMap<&str, Verdict> = BTreeMap::new();
    let by_source = by_source(stated);
    for count in counts {
        let id = count.count_id.as_str();
        if !verdicts.contains_key(id) {
            let verdict = count.judge(answers.get(id).map_or(&[], Vec::as_slice), rosters, schemas);
            conflicts.extend(count.conflicts(&verdict, &by_source, calendar));
            count.report(&verdict, report);
            verdicts.insert(id, verdict);
        }
        if let Some(verdict) = verdicts.get(id) {
            let statement = count.statement(verdict);
            statements.add(id, move |_| statement.clone());
        }
    }
    // Numbers that no rows confirm, against each other.
    let unconfirmed: Vec<&Count<'_>> =
        counts.iter().filter(|count| verdicts.get(count.count_id.as_str()).is_none_or(|verdict| !verdict.confirmed)).collect();
    conflicts.extend(super::conflicts::between_counts(&unconfirmed)?);
    Ok((statements, conflicts))
}

/// The dialogues and roles of which numbers are stated.
#[must_use]
pub fn counted<'c>(counts: &'c [Count<'_>]) -> BTreeSet<(&'c str, &'c str)> {
    counts.iter().map(|count| (count.subject_id.as_str(), count.role.as_str())).collect()
}

/// The counts that name a group, which decide through which group a state takes part.
#[must_use]
pub fn group_counts(counts: &[Count<'_>]) -> Vec<GroupCount> {
    let of_groups = counts.iter().filter(|count| !count.of_group);
    let mut named: Vec<GroupCount> = of_groups
        .filter_map(|count| {
            Some(GroupCount {
                source_id: count.reading.source().to_owned(),
                dialogue_id: count.subject_id.clone(),
                role: count.role.clone(),
                group: count.group.clone()?,
                period: count.period?,
            })
        })
        .collect();
    named.sort_by(|a, b| {
        (&a.source_id, &a.dialogue_id, &a.role, &a.group, a.period).cmp(&(&b.source_id, &b.dialogue_id, &b.role, &b.group, b.period))
    });
    named
}
