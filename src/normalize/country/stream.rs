//! A stream of names: one a line, or a column of a CSV.
//!
//! In: bytes. Out: CSV `name,alpha2,alpha3,numeric,status`, the CSV with four columns more, or JSON lines with suggestions. Streams in
//! constant memory. Names repeat in real columns, so the last answers are kept in a small fixed table by the bytes of the name; it is
//! bounded and changes no answer.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read, Write};

use chrono::NaiveDate;

use super::hash::u64_at;
use super::{Normalizer, Resolution, Scratch, Status, answers::Answers};

/// What to read and what to write.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The column of a CSV; lines of names where none is given.
    pub column: Option<String>,
    /// JSON lines instead of CSV.
    pub json: bool,
    /// Whether names that are no country, or several, are listed as complaints.
    pub complain: bool,
    /// The day on which the names were written; today where none is given.
    pub as_of: Option<NaiveDate>,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub names: u64,
    /// Names that are no country, or several.
    pub unknown: u64,
}

/// Why a run ended early.
#[derive(Debug)]
pub enum Failure {
    Read(io::Error),
    Write(io::Error),
    /// The CSV does not have the column; it has these.
    NoColumn(Vec<String>),
    /// The CSV is none.
    Csv(csv::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) | Self::Write(error) => error.fmt(f),
            Self::NoColumn(has) => write!(f, "there is no such column; there are {}", has.join(", ")),
            Self::Csv(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

impl From<csv::Error> for Failure {
    fn from(error: csv::Error) -> Self {
        if !error.is_io_error() {
            return Self::Csv(error);
        }
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Read(error),
            other => Self::Read(io::Error::other(format!("{other:?}"))),
        }
    }
}

/// Resolves everything in `input`. Where that is asked for, every unknown name goes to `complaints` with its line.
///
/// # Errors
/// Those of reading and writing; a CSV without the column, or with rows of uneven length.
pub fn run(options: &Options, countries: &Normalizer, input: impl Read, output: impl Write, complaints: impl Write) -> Result<Tally, Failure> {
    let mut run =
        Run { options, countries, complaints, answers: Answers::default(), ends: Vec::new(), tally: Tally::default(), scratch: Scratch::default() };
    match &options.column {
        Some(column) => run.column(column, input, output)?,
        None => run.lines(input, output)?,
    }
    Ok(run.tally)
}

struct Run<'a, C> {
    options: &'a Options,
    countries: &'a Normalizer,
    complaints: C,
    answers: Answers,
    /// What follows the name in a row, for each answer that was given.
    ends: Vec<Box<[u8]>>,
    tally: Tally,
    scratch: Scratch,
}

const CHUNK: usize = 1 << 17;

impl<C: Write> Run<'_, C> {
    fn lines(&mut self, mut input: impl Read, mut output: impl Write) -> Result<(), Failure> {
        let mut buffer = vec![0; CHUNK];
        let mut out = Vec::with_capacity(2 * CHUNK);
        if !self.options.json {
            out.extend_from_slice(b"name,alpha2,alpha3,numeric,status\n");
        }
        let (mut from, mut to) = (0, 0);
        loop {
            let n = match input.read(&mut buffer[to..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                n => n.map_err(Failure::Read)?,
            };
            let whole = memchr::memrchr(b'\n', &buffer[to..to + n]).map_or(from, |last| to + last + 1);
            to += n;
            // Checked a buffer at a time. One that is no text is asked name by name.
            let text = simdutf8::basic::from_utf8(&buffer[from..whole]).ok();
            let begin = from;
            while let Some(at) = memchr::memchr(b'\n', &buffer[from..whole]) {
                let end = from + at;
                self.line(&buffer[from..end], text.map(|text| &text[from - begin..end - begin]), &mut out)?;
                from = end + 1;
                if out.len() >= CHUNK {
                    output.write_all(&out).map_err(Failure::Write)?;
                    out.clear();
                }
            }
            if n == 0 {
                break;
            }
            if from > 0 {
                buffer.copy_within(from..to, 0);
                (from, to) = (0, to - from);
            }
            if to == buffer.len() {
                buffer.resize(2 * to, 0);
            }
        }
        if from < to {
            self.line(&buffer[from..to], None, &mut out)?;
        }
        output.write_all(&out).map_err(Failure::Write)?;
        output.flush().map_err(Failure::Write)
    }

    /// Answers a line, which is also given as `text` where it is known to be one.
    #[inline]
    fn line(&mut self, line: &[u8], text: Option<&str>, out: &mut Vec<u8>) -> Result<(), Failure> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.tally.names += 1;
        let hash = Answers::hash(line);
        let status = match self.answers.get(hash, line).filter(|_| !self.options.json) {
            Some(kept) => {
                kept.write(out);
                kept.status()
            }
            None => {
                let name = text.map_or_else(|| String::from_utf8_lossy(line), |text| Cow::Borrowed(&text[..line.len()]));
                if self.options.json { self.json(&name, out) } else { self.fresh(hash, line, &name, out) }
            }
        };
        self.judge(status, self.tally.names, line)
    }

    #[cold]
    fn json(&mut self, name: &str, out: &mut Vec<u8>) -> Status {
        let found = resolve(self.countries, self.options, name, &mut self.scratch);
        json(self.countries, name, &found, out);
        found.status()
    }

    /// Answers a name that is not kept, and keeps it.
    #[cold]
    fn fresh(&mut self, hash: u64, line: &[u8], name: &str, out: &mut Vec<u8>) -> Status {
        let (id, status) = resolve(self.countries, self.options, name, &mut self.scratch).number();
        let from = out.len();
        if needs_quotes(line) {
            quote(name.as_bytes(), out)
        } else {
            out.extend_from_slice(name.as_bytes())
        }
        out.extend_from_slice(self.end(id, status));
        self.answers.keep(hash, line, &out[from..], status);
        status
    }

    /// What follows the name in the row of an answer.
    #[inline]
    fn end(&mut self, id: u16, status: Status) -> &[u8] {
        let entities = self.countries.entities();
        let entity = entities.get(usize::from(id)).filter(|_| !matches!(status, Status::None | Status::Ambiguous));
        if self.ends.is_empty() {
            self.ends.resize((entities.len() + 1) * Status::ALL.len(), Box::default());
        }
        let end = &mut self.ends[entity.map_or(0, |_| usize::from(id) + 1) * Status::ALL.len() + status.number()];
        if end.is_empty() {
            let [a2, a3, number] = entity.map_or([""; 3], |e| [&*e.alpha2, &*e.alpha3, &*e.numeric]);
            *end = format!(",{a2},{a3},{number},{}\n", status.name()).into_bytes().into();
        }
        end
    }

    /// Counts a name, and complains about it where that is asked for.
    #[inline]
    fn judge(&mut self, status: Status, place: u64, name: &[u8]) -> Result<(), Failure> {
        if matches!(status, Status::None | Status::Ambiguous) {
            self.tally.unknown += 1;
            if self.options.complain {
                let is = if status == Status::None { "no country" } else { "more than one country" };
                writeln!(self.complaints, "line {place}: \"{}\" is {is}", String::from_utf8_lossy(name).escape_debug()).map_err(Failure::Write)?;
            }
        }
        Ok(())
    }

    fn column(&mut self, column: &str, input: impl Read, mut output: impl Write) -> Result<(), Failure> {
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(CHUNK).from_reader(input);
        let mut header = reader.byte_headers()?.clone();
        let names = || header.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let at = header.iter().position(|name| name == column.as_bytes()).ok_or_else(|| Failure::NoColumn(names()))?;
        for added in ["alpha2", "alpha3", "numeric", "status"] {
            let taken = header.iter().any(|h| h == added.as_bytes());
            header.push_field(if taken { format!("{column}_{added}") } else { added.to_owned() }.as_bytes());
        }
        let mut out = Vec::with_capacity(2 * CHUNK);
        let csv_out = !self.options.json;
        if csv_out {
            push_record(&header, &mut out);
        }
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row)? {
            self.tally.names += 1;
            let written = row[at].to_vec();
            let name = String::from_utf8_lossy(&written);
            let found = resolve(self.countries, self.options, &name, &mut self.scratch);
            if csv_out {
                codes(&found).iter().for_each(|c| row.push_field(c.as_bytes()));
                push_record(&row, &mut out);
            } else {
                json(self.countries, &name, &found, &mut out);
            }
            if out.len() >= CHUNK {
                output.write_all(&out).map_err(Failure::Write)?;
                out.clear();
            }
            let place = row.position().map_or(0, csv::Position::line);
            self.judge(found.status(), place, &written)?;
        }
        output.write_all(&out).map_err(Failure::Write)?;
        output.flush().map_err(Failure::Write)
    }
}

/// A record as CSV, quotes where needed.
fn push_record(record: &csv::ByteRecord, out: &mut Vec<u8>) {
    for (i, field) in record.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        if needs_quotes(field) { quote(field, out) } else { out.extend_from_slice(field) }
    }
    out.push(b'\n');
}

fn resolve<'a>(countries: &'a Normalizer, options: &Options, name: &str, scratch: &mut Scratch) -> Resolution<'a> {
    match &options.as_of {
        Some(day) => countries.resolve_on(*day, name, scratch),
        None => countries.resolve_with(name, scratch),
    }
}

/// Alpha-2, alpha-3, number and status, empty where there is none.
fn codes<'a>(found: &Resolution<'a>) -> [&'a str; 4] {
    let [a2, a3, number] = found.entity().map_or([""; 3], |e| [&*e.alpha2, &*e.alpha3, &*e.numeric]);
    [a2, a3, number, found.status().name()]
}

fn json(countries: &Normalizer, name: &str, found: &Resolution<'_>, out: &mut Vec<u8>) {
    let [alpha2, alpha3, numeric, status] = codes(found);
    let mut line = serde_json::json!({ "name": name, "alpha2": alpha2, "alpha3": alpha3, "numeric": numeric, "status": status });
    match found.status() {
        Status::None => line["suggestions"] = countries.suggest(name).iter().map(|e| &*e.name).collect(),
        Status::Ambiguous => line["candidates"] = found.candidates().iter().map(|c| &**c).collect(),
        Status::Historical => {
            if let Some(e) = found.entity() {
                line["alpha4"] = (*e.alpha4).into();
                line["withdrawn"] = (*e.until).into();
            }
        }
        _ => {}
    }
    out.extend_from_slice(line.to_string().as_bytes());
    out.push(b'\n');
}

fn needs_quotes(field: &[u8]) -> bool {
    let Some(last) = field.len().checked_sub(8) else {
        return field.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'));
    };
    let marks = |at: usize| {
        let word = u64_at(field, at);
        zeros(word ^ COMMAS) | zeros(word ^ QUOTES) | zeros(word ^ RETURNS) | zeros(word ^ FEEDS)
    };
    (0..last).step_by(8).fold(marks(last), |found, at| found | marks(at)) != 0
}

const ONES: u64 = u64::from_le_bytes([1; 8]);
const COMMAS: u64 = u64::from_le_bytes([b','; 8]);
const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
const RETURNS: u64 = u64::from_le_bytes([b'\r'; 8]);
const FEEDS: u64 = u64::from_le_bytes([b'\n'; 8]);

/// Not zero where one of the eight bytes is.
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & ONES << 7
}

fn quote(field: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for part in field.split_inclusive(|&b| b == b'"') {
        out.extend_from_slice(part);
        if part.ends_with(b"\"") {
            out.push(b'"');
        }
    }
    out.push(b'"');
}
