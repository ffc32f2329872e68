//! Meetings: the same meeting told by several sources is one row.
//!
//! Two records are one meeting where the dialogue and the ordinal of one series are the same, or the dialogue, the name and the
//! first day. The series is what is left of the name without the dialogue and the ordinal: the fourth meeting of senior officials
//! is not the fourth ministerial one. Dates that can both be true give the finer one; others stay as conflicts.

use std::collections::{BTreeMap, BTreeSet};

use super::clusters::{Clusters, NEAR};
use super::days::Named;
use super::naming::Naming;
use super::reading::{Reading, Records};
use super::settle::{Statement, Statements};
use super::slug::{digest8, fold, folded_words, slug};
use crate::findings::{Finding, Place, Report, code};
use crate::model::date::{Period, Precision};
use crate::model::schemas::Schemas;

/// A record of a meeting with what decides whether another is the same.
struct Told {
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
    period: Option<Period>,
    city: Option<String>,
}

/// All records of meetings, while they come.
#[derive(Default)]
pub struct Telling(Vec<Told>);

impl Telling {
    pub fn add(&mut self, records: &Records<'_>, schemas: &Schemas, naming: &Naming) {
        self.0.extend(records.of("meetings").filter_map(|reading| Told::read(reading, naming, schemas)));
    }

    /// Joins the records of one meeting and gives it its id. Where they are named is kept for the sources that are to be dated.
    pub fn join(self, schemas: &Schemas, dated: &BTreeSet<String>, report: &mut Report) -> Meetings {
        let mut told = self.0;
        told.sort_by(|a, b| (&a.source, a.seq).cmp(&(&b.source, b.seq)));
        let clusters = clusters(&told, schemas, report);
        let mut ids: BTreeMap<String, Vec<&Vec<usize>>> = BTreeMap::new();
        for cluster in &clusters {
            ids.entry(id(cluster.iter().map(|&at| &told[at]))).or_default().push(cluster);
        }
        let mut meetings = Meetings::default();
        for (id, clusters) in ids {
            for cluster in &clusters {
                // Two meetings that only details tell apart: the digest of the details does.
                let id = if clusters.len() == 1 { id.clone() } else { format!("{id}--{}", details(cluster.iter().map(|&at| &told[at]))) };
                meetings.add(id, cluster.iter().map(|&at| &told[at]), dated);
            }
        }
        meetings.of_records.values_mut().for_each(|of_source| of_source.sort_unstable());
        meetings
    }
}

/// All meetings: their ids and dates, which records tell of them, and where each is named.
#[derive(Debug, Default)]
pub struct Meetings {
    ids: Vec<(Box<str>, Option<Period>)>,
    /// By source: records by their position, and the meeting of each.
    of_records: BTreeMap<String, Vec<(u32, u32)>>,
    /// By source.
    pub named: BTreeMap<String, Vec<Named>>,
}

impl Meetings {
    fn add<'t>(&mut self, id: String, told: impl Iterator<Item = &'t Told> + Clone, dated: &BTreeSet<String>) {
        let period = finest(told.clone());
        for meeting in told {
            self.of_records.entry(meeting.source.clone()).or_default().push((meeting.seq, self.ids.len() as u32));
            if dated.contains(&meeting.source) {
                self.named.entry(meeting.source.clone()).or_default().push(Named {
                    line: meeting.line,
                    section: meeting.section,
                    dialogue_id: meeting.dialogue_id.clone(),
                    meeting_id: id.clone(),
                    period,
                });
            }
        }
        self.ids.push((id.into_boxed_str(), period));
    }

    /// What the records say of each meeting.
    pub fn statements<'a>(&self, records: &'a Records<'_>, naming: &Naming) -> Statements<'a> {
        let mut statements = Statements::default();
        for reading in records.of("meetings") {
            let Some(of_source) = self.of_records.get(reading.source()) else { continue };
            let Ok(at) = of_source.binary_search_by_key(&reading.seq(), |(seq, _)| *seq) else { continue };
            let (id, taken) = &self.ids[of_source[at].1 as usize];
            let (dialogue_id, own, taken) = (naming.dialogue(&reading), period(&reading), *taken);
            statements.add(&**id, move |id| said(reading, id, dialogue_id.as_deref(), own, taken));
        }
        statements
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
    fn read(reading: Reading<'_>, naming: &Naming, schemas: &Schemas) -> Option<Self> {
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

/// The date of a record as one stretch of time.
fn period(reading: &Reading<'_>) -> Option<Period> {
    let (start, end) = (reading.period("start_date"), reading.period("end_date"));
    let period = match (start, end) {
        (Some(start), Some(end)) => start.through(end),
        (one, other) => one.or(other),
    };
    let all = [Precision::Day, Precision::Month, Precision::Quarter, Precision::Half, Precision::Year];
    let worded = all.into_iter().find(|precision| reading.text("date_precision") == Some(precision.name()));
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

/// Groups of records of one meeting, each in record order, by dialogue.
fn clusters(told: &[Told], schemas: &Schemas, report: &mut Report) -> Vec<Vec<usize>> {
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
    if clusters.cut > 0 {
        let place = Place::file(schemas.files.display("tables/meetings.json"));
        let message = format!("{} records of meetings were compared with the {NEAR} nearest of like ones only", clusters.cut);
        report.push(Finding::new(code::BLOCK_CUT, place, message).hint("some meetings may stand twice: give their records dates or dialogues"));
    }
    let mut groups = clusters.groups();
    groups.sort_by(|a, b| (&told[a[0]].dialogue_id, a[0]).cmp(&(&told[b[0]].dialogue_id, b[0])));
    groups
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
