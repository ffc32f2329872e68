//! Gathering: from the records, some documents at a time, to what they say of each row.
//!
//! Who is called what must be known before anything can be said of it, and when meetings were before statements can be dated. So all records
//! are gone through several times, and what is kept of them in between is names, dates, and the few that are compared with others.

use std::collections::{BTreeMap, BTreeSet};

use super::conflicts::{self, Conflict};
use super::counts::{self, Count};
use super::days::Calendar;
use super::heard::{AllHeard, Hearing};
use super::meetings::{Meetings, Telling};
use super::memberships::{self, Stated};
use super::names::{Mentions, Names, SmallWords};
use super::naming::{self, Mentioned, Naming, Thing};
use super::reading::{Around, Records};
use super::rosters::{self, Rosters};
use super::settle::SourceDays;
use super::{Input, facts, provenance};
use crate::error::Error;
use crate::findings::Report;
use crate::model::Cell;
use crate::model::record_table::RecordTables;
use crate::model::rows::Shelf;
use crate::model::schemas::Schemas;

/// Values of some columns.
pub type Columns = Vec<(&'static str, Cell)>;

/// What is needed to go through the records.
#[derive(Clone, Copy, Debug)]
pub struct Gathering<'a> {
    pub input: &'a Input<'a>,
    pub schemas: &'a Schemas,
    pub shelf: &'a dyn Shelf,
    pub around: &'a Around<'a>,
    pub days: &'a SourceDays,
}

/// What going through all records gives.
pub struct Gathered<'a> {
    pub heard: AllHeard<'a>,
    pub derived: Derived,
    pub names: provenance::Names,
    pub conflicts: Vec<Conflict>,
}

/// Values that follow from all statements together.
#[derive(Debug, Default)]
pub struct Derived {
    /// The group through which states take part, by membership.
    via: BTreeMap<String, String>,
    /// The secretariats that each dialogue is said to have.
    secretariats: BTreeMap<String, BTreeSet<String>>,
}

impl Derived {
    /// The values of a row.
    #[must_use]
    pub fn of(&self, table: &str, key: &str) -> Columns {
        let value = match table {
            "memberships" => self.via.get(key).map(|group| ("via_group_id", group)),
            "dialogues" => self.secretariats.get(key).filter(|ids| ids.len() == 1).and_then(BTreeSet::first).map(|id| ("secretariat_id", id)),
            _ => None,
        };
        value.into_iter().map(|(column, value)| (column, Cell::text(value.as_str()))).collect()
    }
}

/// What is called what.
struct Called {
    naming: Naming,
    programmes: Names,
    /// Sources in which the day of a statement depends on the meetings beside it.
    dated: BTreeSet<String>,
    /// The records of stated numbers: there are few of them, and all are compared with each other.
    counts: Vec<RecordTables>,
}

/// Memberships of a source, dialogue and role, or of a dialogue and role in any source, that are kept to be compared with others.
#[derive(Debug, Default)]
struct Compared {
    sources: BTreeSet<String>,
    counted: BTreeSet<(String, String)>,
}

impl Compared {
    fn new(counts: &[Count<'_>]) -> Self {
        let counted = counts::counted(counts).into_iter().map(|(dialogue, role)| (dialogue.to_owned(), role.to_owned())).collect();
        Self { sources: counts.iter().map(|count| count.reading.source().to_owned()).collect(), counted }
    }

    fn has(&self, stated: &Stated<'_>) -> bool {
        self.sources.contains(stated.reading.source()) || self.counted.contains(&(stated.dialogue_id.clone(), stated.role.clone()))
    }
}

impl<'a> Gathering<'a> {
    /// # Errors
    /// `Fault` where a query cannot be carried out; those of the shelf.
    pub fn run(&self, report: &mut Report) -> Result<Gathered<'a>, Error> {
        let called = self.called()?;
        let mut meetings = self.meetings(&called, report)?;
        let calendar = Calendar::new(self.input.sources, std::mem::take(&mut meetings.named));
        let records = Records::read(&called.counts, self.schemas, self.around);
        // What is wrong with them is told when they are read for good.
        let counts = counts::counts(&records, &[], self.schemas, &called.naming, &calendar, &mut Report::default());
        let mut going = Going {
            gathering: self,
            called: &called,
            meetings,
            calendar: &calendar,
            compared: Compared::new(&counts),
            hearing: Hearing::new(&self.schemas.tables, self.shelf),
            roles: conflicts::Roles::new(self.shelf),
            kept: Vec::new(),
            derived: Derived::default(),
            names: provenance::Names::default(),
        };
        self.each(&|_| true, &mut |number, tables| going.go(number, tables, report))?;
        going.finish(report)
    }

    fn each(&self, is_wanted: &dyn Fn(&str) -> bool, look: &mut dyn FnMut(u32, &RecordTables) -> Result<(), Error>) -> Result<(), Error> {
        self.input.records.each(self.schemas, self.shelf, is_wanted, look)
    }

    /// Reads who is called what.
    fn called(&self) -> Result<Called, Error> {
        let (mut mentioned, mut programmes) = (Mentioned::default(), Mentions::default());
        let (mut dated, mut counts) = (BTreeSet::new(), Vec::new());
        self.each(&|table| table != "figures" && table != "publications", &mut |_, tables| {
            let records = Records::read(std::slice::from_ref(tables), self.schemas, self.around);
            mentioned.add(&records, self.schemas);
            facts::name_programmes(&records, &mut programmes);
            let of_groups = records.of("memberships").filter(|reading| reading.text("member_group_id").is_some());
            for reading in records.of("stated_counts").chain(of_groups) {
                if !dated.contains(reading.source()) {
                    dated.insert(reading.source().to_owned());
                }
            }
            counts.extend(tables.get("stated_counts").map(|table| RecordTables::from([("stated_counts".to_owned(), table.clone())])));
            Ok(())
        })?;
        Ok(Called {
            naming: Naming::new(&mentioned, self.schemas),
            programmes: programmes.names(std::iter::empty(), &SmallWords::default()),
            dated,
            counts,
        })
    }

    fn meetings(&self, called: &Called, report: &mut Report) -> Result<Meetings, Error> {
        let mut telling = Telling::new(self.shelf);
        self.each(&|table| table == "meetings", &mut |number, tables| {
            let records = Records::read(std::slice::from_ref(tables), self.schemas, self.around);
            telling.add(number, &records, self.schemas, &called.naming)
        })?;
        telling.join(self.schemas, self.shelf, &called.dated, report)
    }
}

/// The last time through all records, which hears what they say.
struct Going<'g, 'a> {
    gathering: &'g Gathering<'a>,
    called: &'g Called,
    meetings: Meetings,
    calendar: &'g Calendar,
    compared: Compared,
    hearing: Hearing<'a>,
    roles: conflicts::Roles,
    /// The records of the memberships that are compared with others.
    kept: Vec<RecordTables>,
    derived: Derived,
    names: provenance::Names,
}

/// The tables whose records state memberships.
const STATING: [&str; 2] = ["memberships", "dialogues"];

impl<'a> Going<'_, 'a> {
    fn go(&mut self, number: u32, tables: &RecordTables, report: &mut Report) -> Result<(), Error> {
        let Gathering { schemas, around, .. } = *self.gathering;
        let (called, calendar) = (self.called, self.calendar);
        let naming = &called.naming;
        let records = Records::read(std::slice::from_ref(tables), schemas, around);
        self.names.add(&records, schemas);
        let stated = memberships::stated(&records, schemas, naming, calendar, report);
        memberships::secretariats(&stated, &mut self.derived.secretariats);
        self.roles.add(&stated)?;
        let kept = only(tables, schemas, stated.iter().filter(|row| self.compared.has(row)))?;
        self.kept.extend(kept);
        let hearing = &mut self.hearing;
        hearing.take("dialogues", naming::statements(Thing::Dialogue, &records, schemas, naming))?;
        hearing.take("organizations", naming::statements(Thing::Organization, &records, schemas, naming))?;
        hearing.take("memberships", memberships::statements(&stated))?;
        hearing.take("membership_statements", memberships::told(&stated))?;
        hearing.take("meetings", self.meetings.statements(number, &records, naming)?)?;
        hearing.take("themes", facts::themes(&records, naming))?;
        hearing.take("publications", facts::publications(&records, naming))?;
        let (programmes, countries) = facts::programmes(&records, schemas, naming, &called.programmes);
        hearing.take("programmes", programmes)?;
        hearing.take("programme_countries", countries)?;
        hearing.take("figures", facts::figures(&records))?;
        hearing.take("contacts", facts::contacts(&records, schemas, naming))
    }

    /// Compares the memberships that are kept, and hears of the numbers that are stated of them.
    fn finish(mut self, report: &mut Report) -> Result<Gathered<'a>, Error> {
        let Gathering { schemas, around, days, .. } = *self.gathering;
        let (called, calendar) = (self.called, self.calendar);
        let naming = &called.naming;
        let disputed = self.roles.disputed()?;
        if !disputed.sources.is_empty() {
            let (compared, kept) = (&self.compared, &mut self.kept);
            self.gathering.each(&|table| STATING.contains(&table), &mut |_, tables| {
                let records = Records::read(std::slice::from_ref(tables), schemas, around);
                // They were told of when they were heard.
                let stated = memberships::stated(&records, schemas, naming, calendar, &mut Report::default());
                kept.extend(only(tables, schemas, stated.iter().filter(|row| disputed.has(row) && !compared.has(row)))?);
                Ok(())
            })?;
        }
        let kept = Records::read(&self.kept, schemas, around);
        let stated = memberships::stated(&kept, schemas, naming, calendar, &mut Report::default());
        let records = Records::read(&called.counts, schemas, around);
        let counts = counts::counts(&records, &stated, schemas, naming, calendar, report);
        let rosters = Rosters::new(&stated, &counts::counted(&counts), schemas)?;
        self.derived.via = rosters::via_groups(&rosters, &stated, &counts::group_counts(&counts))?;
        let (statements, mut conflicts) = counts::statements(&counts, &stated, &rosters, schemas, calendar, report)?;
        self.hearing.take("stated_counts", statements)?;
        conflicts.extend(conflicts::between_roles(&stated, days)?);
        Ok(Gathered { heard: self.hearing.finish()?, derived: self.derived, names: self.names, conflicts })
    }
}

/// The records that state some memberships of a batch; none where there are none.
fn only<'s>(tables: &RecordTables, schemas: &Schemas, stated: impl Iterator<Item = &'s Stated<'s>>) -> Result<Option<RecordTables>, Error> {
    let mut rows: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    stated.for_each(|row| {
        rows.entry(row.table()).or_default().insert(row.reading.row());
    });
    let mut kept = RecordTables::new();
    for (name, rows) in rows {
        if let (Some(table), Some(schema)) = (tables.get(name), schemas.table(name)) {
            kept.insert(name.to_owned(), table.only(schema, |row| rows.contains(&(row as u32)))?.into());
        }
    }
    Ok(Some(kept).filter(|kept| !kept.is_empty()))
}
