//! Meetings: the same meeting told by several sources is one row.
//!
//! Two records are one meeting where the dialogue and the ordinal of one series are the same, or the dialogue, the name and the
//! first day. The series is what is left of the name without the dialogue and the ordinal: the fourth meeting of senior officials
//! is not the fourth ministerial one. Dates that can both be true give the finer one; others stay as conflicts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::clusters::{Clusters, NEAR};
use super::days::Named;
use super::naming::Naming;
use super::reading::{Reading, Records};
use super::settle::{Keyed, Statement, Statements};
use super::slug::{digest8, fold, folded_words, slug};
use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::model::date::{Period, Precision};
use crate::model::rows::{Entries, EntrySorter, Shelf};
use crate::model::schemas::Schemas;

/// A record of a meeting with what decides whether another is the same.
#[derive(Serialize, Deserialize)]
struct Told {
    /// The batch that the record is in.
    batch: u32,
    source: String,
    seq: u32,
    line: u32,
    section: Option<i64>,
    iso3: Option<String>,
    dialogue_id: Option<String>,
    name: String,
    /// What is left of the name without dialogue, ordinal and year: folded to compare, plain to read.
    series: String,
    title: String,
    ordinal: Option<i64>,
    #[serde(with = "stored_period")]
    period: Option<Period>,
    city: Option<String>,
}

/// The meeting that a record tells of.
#[derive(Serialize, Deserialize)]
struct Joined {
    id: String,
    /// What names it among those that have the id too, and a digest of what tells it apart from them.
    apart: (String, String),
    #[serde(with = "stored_period")]
    period: Option<Period>,
}

/// All records of meetings, while they come; sorted by dialogue, because only those of one dialogue can tell of one meeting.
pub struct Telling(Box<dyn EntrySorter>);

impl Telling {
    #[must_use]
    pub fn new(shelf: &dyn Shelf) -> Self {
        Self(shelf.entries())
    }

    /// # Errors
    /// Those of the shelf.
    pub fn add(&mut self, batch: u32, records: &Records<'_>, schemas: &Schemas, naming: &Naming) -> Result<(), Error> {
        for told in records.of("meetings").filter_map(|reading| Told::read(batch, reading, naming, schemas)) {
            let key = told.dialogue_id.as_ref().map_or_else(Vec::new, |id| [b"+", id.as_bytes()].concat());
            self.0.push(&key, &to_bytes(&told)?)?;
        }
        Ok(())
    }

    /// Joins the records of one meeting and gives it its id. Where they are named is kept for the sources that are to be dated.
    ///
    /// # Errors
    /// Those of the shelf.
    pub fn join(self, schemas: &Schemas, shelf: &dyn Shelf, dated: &BTreeSet<String>, report: &mut Report) -> Result<Meetings, Error> {
        let mut joining = Joining { sorter: shelf.entries(), named: BTreeMap::new(), dated };
        let mut entries = self.0.finish()?;
        let mut cut = 0;
        let mut is_there = entries.advance()?;
        while is_there {
            let dialogue = entries.key().to_vec();
            let mut told: Vec<Told> = Vec::new();
            while is_there && entries.key() == dialogue {
                told.push(from_bytes(entries.entry())?);
                is_there = entries.advance()?;
            }
            told.sort_by(|a, b| (&a.source, a.seq).cmp(&(&b.source, b.seq)));
            let clusters = clusters(&told);
            cut += clusters.cut;
            clusters.groups().iter().try_for_each(|cluster| joining.add(&cluster.iter().map(|&at| &told[at]).collect::<Vec<_>>()))?;
        }
        if cut > 0 {
            let place = Place::file(schemas.files.display("tables/meetings.json"));
            let message = format!("{cut} records of meetings were compared with the {NEAR} nearest of like ones only");
            report.push(Finding::new(code::BLOCK_CUT, place, message).hint("some meetings may stand twice: give their records dates or dialogues"));
        }
        let mut entries = joining.sorter.finish()?;
        let is_there = entries.advance()?;
        Ok(Meetings { entries, is_there, named: joining.named })
    }
}

/// Meetings while records are joined.
struct Joining<'d> {
    sorter: Box<dyn EntrySorter>,
    named: BTreeMap<String, Vec<Named>>,
    dated: &'d BTreeSet<String>,
}

impl Joining<'_> {
    fn add(&mut self, told: &[&Told]) -> Result<(), Error> {
        let (id, digest, period) = (id(told.iter().copied()), details(told.iter().copied()), finest(told.iter().copied()));
        let Some(first) = told.first() else { return Ok(()) };
        // Two meetings that only details tell apart: the digest of the details does.
        let meeting_id = format!("{id}--{digest}");
        let joined = to_bytes(&Joined { id, apart: (format!("{} {}", first.source, first.seq), digest), period })?;
        for meeting in told {
            self.sorter.push(&place(meeting.batch, &meeting.source, meeting.seq), &joined)?;
            if self.dated.contains(&meeting.source) {
                self.named.entry(meeting.source.clone()).or_default().push(Named {
                    line: meeting.line,
                    section: meeting.section,
                    dialogue_id: meeting.dialogue_id.clone(),
                    meeting_id: meeting_id.clone(),
                    period,
                });
            }
        }
        Ok(())
    }
}

/// Where a record is: its batch, its source and its position.
fn place(batch: u32, source: &str, seq: u32) -> Vec<u8> {
    [&batch.to_be_bytes(), source.as_bytes(), &[0], &seq.to_be_bytes()].concat()
}

fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    postcard::to_extend(value, Vec::new()).map_err(fault)
}

fn from_bytes<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, Error> {
    postcard::from_bytes(bytes).map_err(fault)
}

fn fault(error: postcard::Error) -> Error {
    Error::Fault(format!("a meeting that waits: {error}"))
}

/// A period as two days and the place of its precision.
mod stored_period {
    use chrono::{Datelike, NaiveDate};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{PRECISIONS, Period};

    #[allow(clippy::ref_option, reason = "the form that serde calls")]
    pub(super) fn serialize<S: Serializer>(period: &Option<Period>, serializer: S) -> Result<S::Ok, S::Error> {
        let precision = |period: &Period| PRECISIONS.iter().position(|precision| *precision == period.precision).unwrap_or_default();
        let stored = period.as_ref().map(|period| (period.start.num_days_from_ce(), period.end.num_days_from_ce(), precision(period)));
        stored.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Period>, D::Error> {
        let stored = Option::<(i32, i32, usize)>::deserialize(deserializer)?;
        let day = NaiveDate::from_num_days_from_ce_opt;
        Ok(stored.and_then(|(start, end, precision)| Some(Period { start: day(start)?, end: day(end)?, precision: *PRECISIONS.get(precision)? })))
    }
}

/// All meetings: which records tell of them, and where each is named.
pub struct Meetings {
    /// The meeting of each record, by batch.
    entries: Box<dyn Entries>,
    is_there: bool,
    /// By source.
    pub named: BTreeMap<String, Vec<Named>>,
}

impl Meetings {
    /// What the records of a batch say of meetings. Batches come in the order in which they were told.
    ///
    /// # Errors
    /// Those of the shelf.
    pub fn statements<'a>(&mut self, batch: u32, records: &'a Records<'_>, naming: &Naming) -> Result<Statements<'a>, Error> {
        let mut of_batch: BTreeMap<Vec<u8>, Joined> = BTreeMap::new();
        while self.is_there && self.entries.key().starts_with(&batch.to_be_bytes()) {
            of_batch.insert(self.entries.key().to_vec(), from_bytes(self.entries.entry())?);
            self.is_there = self.entries.advance()?;
        }
        let mut statements = Statements::default();
        for reading in records.of("meetings") {
            let Some(Joined { id, apart, period: taken }) = of_batch.remove(&place(batch, reading.source(), reading.seq())) else { continue };
            let (dialogue_id, own) = (naming.dialogue(&reading), period(&reading));
            let say = move |id: &str| said(reading, id, dialogue_id.as_deref(), own, taken);
            statements.0.push(Keyed { key: id, apart: Some(apart), is_about_it: false, say: Box::new(say) });
        }
        Ok(statements)
    }
}

/// What a record says of the meeting with this id: `own` is its date, `taken` the one that the meeting has.
fn said<'a>(reading: Reading<'a>, id: &str, dialogue_id: Option<&str>, own: Option<Period>, taken: Option<Period>) -> Statement<'a> {
    let statement = Statement::of(reading)
        .derive("meeting_id", id)
        .say("dialogue_id", crate::model::Cell::optional(dialogue_id), &["dialogue", "dialogue_id", "name"])
        .copy("name")
        .copy("ordinal")
        .copy("city")
        .say("iso3", reading.cell("iso3"), &["iso3", "country", "city"])
        .derive("date_precision", taken.map_or("none", |period| period.precision.name()));
    match (own, taken) {
        (Some(own), Some(taken)) if own == taken => statement
            .say("start_date", own.start, &["start_date", "date_text"])
            .say("end_date", own.end, &["end_date", "start_date", "date_text"])
            .say("date_text", reading.cell("date_text"), &["date_text", "start_date"]),
        (Some(own), Some(taken)) if !overlap(&own, &taken) => statement.dispute("start_date", own.start, &["start_date", "date_text"]),
        _ => statement,
    }
}

impl Told {
    fn read(batch: u32, reading: Reading<'_>, naming: &Naming, schemas: &Schemas) -> Option<Self> {
        let name = reading.text("name")?;
        let dialogue_id = naming.dialogue(&reading);
        let declared = dialogue_id.as_deref().and_then(|id| schemas.reference.dialogue(id));
        let mut of_dialogue: BTreeSet<String> = BTreeSet::new();
        let names = [reading.text("dialogue"), declared.map(|row| row.name.as_str()), declared.and_then(|row| row.acronym.as_deref())];
        for name in names.into_iter().flatten() {
            of_dialogue.extend(fold(name).split(' ').map(str::to_owned));
        }
        let (series, title) = series(name, &of_dialogue, &reading);
        Some(Self {
            batch,
            source: reading.source().to_owned(),
            seq: reading.seq(),
            line: reading.own_line(),
            section: reading.integer("section"),
            iso3: reading.text("iso3").map(str::to_owned),
            dialogue_id,
            name: fold(name),
            series,
            title,
            ordinal: reading.integer("ordinal"),
            period: period(&reading),
            city: reading.text("city").map(fold),
        })
    }

    /// Whether both tell of one meeting.
    fn is(&self, other: &Self) -> bool {
        if self.dialogue_id != other.dialogue_id {
            return false;
        }
        let days_agree = self.period.zip(other.period).is_some_and(|(a, b)| is_exact(&a) && is_exact(&b) && overlap(&a, &b));
        let same_series = self.series == other.series && (self.dialogue_id.is_some() || !self.series.is_empty());
        match (self.ordinal, other.ordinal) {
            // Without a dialogue an ordinal counts in a series that only its document knows.
            (Some(a), Some(b)) if self.dialogue_id.is_some() => a == b && (same_series || days_agree),
            (Some(a), Some(b)) if a != b => false,
            _ if self.name == other.name => {
                let dates_agree = match (self.period, other.period) {
                    (Some(a), Some(b)) => overlap(&a, &b),
                    (None, None) => true,
                    _ => false,
                };
                let cities_agree = self.city.is_none() || other.city.is_none() || self.city == other.city;
                dates_agree && cities_agree
            }
            _ => same_series && days_agree,
        }
    }
}

/// The name without the words of the dialogue, of the ordinal and of the year, and without short words: folded and plain.
fn series(name: &str, of_dialogue: &BTreeSet<String>, reading: &Reading<'_>) -> (String, String) {
    let words = folded_words(name);
    let folded: Vec<&str> = words.iter().map(|(folded, _)| folded.as_str()).collect();
    let ordinal = reading.integer("ordinal").map(|ordinal| ordinal_words(ordinal, &folded, reading)).unwrap_or_default();
    let left = words.iter().enumerate().filter(|(at, (word, _))| {
        let is_year = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        !ordinal.contains(at) && !is_year && word.chars().count() > 3 && !of_dialogue.contains(word)
    });
    let (folded, plain): (Vec<&str>, Vec<&str>) = left.map(|(_, (folded, plain))| (folded.as_str(), plain.as_str())).unzip();
    (folded.join(" "), plain.join(" "))
}

/// Which words of a name are its ordinal: those that the record quotes, or that begin with its digits; else the first.
fn ordinal_words(ordinal: i64, words: &[&str], reading: &Reading<'_>) -> Vec<usize> {
    let quotes = reading.pieces().filter(|piece| piece.column() == "ordinal").map(|piece| fold(piece.quote()));
    let quoted: BTreeSet<String> =
        quotes.filter(|quote| quote.split(' ').count() <= 3).flat_map(|quote| quote.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    let digits = ordinal.to_string();
    let is_number = |word: &str| word.strip_prefix(&digits).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_digit()));
    let found: Vec<usize> = words.iter().enumerate().filter(|(_, word)| quoted.contains(**word) || is_number(word)).map(|(at, _)| at).collect();
    if found.is_empty() { vec![0] } else { found }
}

const PRECISIONS: [Precision; 5] = [Precision::Day, Precision::Month, Precision::Quarter, Precision::Half, Precision::Year];

/// The date of a record as one stretch of time.
fn period(reading: &Reading<'_>) -> Option<Period> {
    let (start, end) = (reading.period("start_date"), reading.period("end_date"));
    let period = match (start, end) {
        (Some(start), Some(end)) => start.through(end),
        (one, other) => one.or(other),
    };
    let worded = PRECISIONS.into_iter().find(|precision| reading.text("date_precision") == Some(precision.name()));
    period.map(|period| Period { precision: worded.unwrap_or(period.precision), ..period })
}

/// First and last day and precision of a record that has dates of its own.
#[must_use]
pub fn dates(reading: &Reading<'_>) -> Option<Period> {
    period(reading)
}

fn overlap(a: &Period, b: &Period) -> bool {
    a.start <= b.end && b.start <= a.end
}

fn is_exact(period: &Period) -> bool {
    period.precision == Precision::Day
}

/// The finest date that the records give; among equals the shortest, then the earliest.
fn finest<'t>(told: impl Iterator<Item = &'t Told>) -> Option<Period> {
    told.filter_map(|meeting| meeting.period).min_by_key(|period| (period.precision, period.end - period.start, period.start))
}

/// Groups of records of one meeting, each in record order.
fn clusters(told: &[Told]) -> Clusters {
    let mut clusters = Clusters::new(told.len());
    let same = |a: usize, b: usize| told[a].is(&told[b]);
    let mut numbered: BTreeMap<(&str, i64), Vec<usize>> = BTreeMap::new();
    let mut named: BTreeMap<(Option<&str>, &str), Vec<usize>> = BTreeMap::new();
    let mut of_series: BTreeMap<(Option<&str>, &str), Vec<usize>> = BTreeMap::new();
    for (at, meeting) in told.iter().enumerate() {
        let dialogue = meeting.dialogue_id.as_deref();
        if let Some(numbered) = dialogue.zip(meeting.ordinal).map(|key| numbered.entry(key).or_default()) {
            numbered.push(at);
        }
        named.entry((dialogue, &meeting.name)).or_default().push(at);
        of_series.entry((dialogue, &meeting.series)).or_default().push(at);
    }
    for block in numbered.into_values() {
        let mut first_of: BTreeMap<&str, usize> = BTreeMap::new();
        for &at in &block {
            // One ordinal of one series of one dialogue is one meeting.
            clusters.join(*first_of.entry(&told[at].series).or_insert(at), at);
        }
        compare_dated(&mut clusters, told, block, same);
    }
    for block in named.into_values() {
        let (dated, mut undated): (Vec<usize>, Vec<usize>) = block.into_iter().partition(|&at| told[at].period.is_some());
        compare_dated(&mut clusters, told, dated, same);
        undated.sort_by_key(|&at| &told[at].city);
        clusters.compare(&undated, |_, _| false, same);
    }
    of_series.into_values().for_each(|block| compare_dated(&mut clusters, told, block, same));
    clusters
}

/// Compares the records of a block whose dates can both be true.
fn compare_dated(clusters: &mut Clusters, told: &[Told], mut block: Vec<usize>, same: impl Fn(usize, usize) -> bool) {
    let period = |at: usize| told[at].period;
    block.retain(|&at| period(at).is_some());
    block.sort_by_key(|&at| (period(at).map(|period| period.start), at));
    clusters.compare(&block, |a, b| period(a).zip(period(b)).is_none_or(|(a, b)| b.start > a.end), same);
}

/// Dialogue or name, and ordinal, first day or city.
fn id<'t>(told: impl Iterator<Item = &'t Told> + Clone) -> String {
    let dialogue = told.clone().find_map(|meeting| meeting.dialogue_id.clone());
    let ordinal = told.clone().find_map(|meeting| meeting.ordinal);
    let (_, title) = told.clone().map(|meeting| (meeting.series.as_str(), meeting.title.as_str())).min().unwrap_or_default();
    let name = told.clone().map(|meeting| meeting.name.as_str()).min().unwrap_or_default().to_owned();
    let title = if title.is_empty() && dialogue.is_none() { name.as_str() } else { title };
    let mut parts: Vec<String> = dialogue.clone().into_iter().collect();
    if !title.is_empty() {
        parts.push(slug(title));
    }
    if let Some(ordinal) = ordinal {
        parts.push(ordinal.to_string());
        return parts.join("--");
    }
    if let Some(period) = finest(told.clone()) {
        parts.push(period.reduced_start());
        return parts.join("--");
    }
    parts.extend(told.filter_map(|meeting| meeting.city.as_deref()).min().map(slug));
    if parts.len() == 1 && dialogue.is_some() {
        parts.push(slug(&name));
    }
    parts.join("--")
}

/// A digest of what tells two meetings with one id apart.
fn details<'t>(told: impl Iterator<Item = &'t Told>) -> String {
    let details: BTreeSet<String> = told
        .map(|meeting| {
            let period = meeting.period.map_or_else(String::new, |period| format!("{}/{}", period.start, period.end));
            [meeting.name.as_str(), &period, meeting.city.as_deref().unwrap_or_default(), meeting.iso3.as_deref().unwrap_or_default()].join("|")
        })
        .collect();
    digest8(&details.into_iter().collect::<Vec<_>>().join("\n"))
}
