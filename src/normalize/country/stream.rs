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
use super::{Normalizer, Resolution, Scratch, Status};

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
            let seen = to;
            to += n;
            let mut search = seen;
            while let Some(at) = memchr::memchr(b'\n', &buffer[search..to]) {
                let end = search + at;
                self.line(&buffer[from..end], &mut out)?;
                from = end + 1;
                search = from;
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
            self.line(&buffer[from..to], &mut out)?;
        }
        output.write_all(&out).map_err(Failure::Write)?;
        output.flush().map_err(Failure::Write)
    }

    #[inline]
    fn line(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Failure> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.tally.names += 1;
        if !self.options.json {
            let status = match self.answers.get(line) {
                Some(kept) => {
                    kept.write(out);
                    kept.status()
                }
                None => self.fresh(line, out),
            };
            return self.judge(status, self.tally.names, line);
        }
        let name = String::from_utf8_lossy(line);
        let found = resolve(self.countries, self.options, &name, &mut self.scratch);
        json(self.countries, &name, &found, out);
        self.judge(found.status(), self.tally.names, line)
    }

    /// Answers a name that is not kept, and keeps it.
    #[cold]
    fn fresh(&mut self, line: &[u8], out: &mut Vec<u8>) -> Status {
        let name = std::str::from_utf8(line).map_or_else(|_| String::from_utf8_lossy(line), Cow::Borrowed);
        let (id, status) = resolve(self.countries, self.options, &name, &mut self.scratch).number();
        let from = out.len();
        if needs_quotes(line) {
            quote(name.as_bytes(), out)
        } else {
            out.extend_from_slice(name.as_bytes())
        }
        let (entities, ends) = (self.countries.entities(), &mut self.ends);
        let entity = entities.get(id as usize).filter(|_| !matches!(status, Status::None | Status::Ambiguous));
        if ends.is_empty() {
            ends.resize((entities.len() + 1) * STATUSES.len(), Box::default());
        }
        let end = &mut ends[entity.map_or(0, |_| usize::from(id) + 1) * STATUSES.len() + number_of(status)];
        if end.is_empty() {
            let [a2, a3, number] = entity.map_or([""; 3], |e| [&*e.alpha2, &*e.alpha3, &*e.numeric]);
            *end = format!(",{a2},{a3},{number},{}\n", status.name()).into_bytes().into();
        }
        out.extend_from_slice(end);
        self.answers.keep(line, &out[from..], status);
        status
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
    field.iter().fold(false, |needs, byte| needs | matches!(byte, b',' | b'"' | b'\r' | b'\n'))
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

/// Rows by the bytes of the name: a fixed number of places, two for each hash, the older one given up. When many
/// are kept, a name is kept only when it comes for the second time: a stream of names that do not repeat shall not write them all down.
#[derive(Default)]
struct Answers {
    places: Vec<Kept>,
    /// Marks of names that came once.
    once: Vec<u16>,
    /// How many names were kept at first sight.
    kept: usize,
}

const PLACES: usize = 1 << 13;
const ONCE: usize = 1 << 13;
const AT_FIRST_SIGHT: usize = PLACES / 2;
const ROW: usize = 189;

/// A row that was written, behind the name that it answers: quoted or not, the name stands in the row.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Kept {
    /// The length of the row; zero is an empty place.
    len: u8,
    name_len: u8,
    /// The status's number, and whether the name begins behind a quotation mark.
    flags: u8,
    row: [u8; ROW],
}

impl Kept {
    const EMPTY: Kept = Kept { len: 0, name_len: 0, flags: 0, row: [0; ROW] };
    const QUOTED: u8 = 0x80;

    fn status(&self) -> Status {
        STATUSES[(self.flags & 7) as usize]
    }

    fn name(&self) -> &[u8] {
        let from = usize::from(self.flags & Self::QUOTED != 0);
        &self.row[from..from + self.name_len as usize]
    }

    /// Writes the row. A copy of a fixed length is a few stores; what is too much goes again.
    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        let to = out.len() + self.len as usize;
        out.extend_from_slice(&self.row[..64]);
        if self.len > 64 {
            out.extend_from_slice(&self.row[64..]);
        }
        out.truncate(to);
    }
}

const STATUSES: [Status; 6] = [Status::Exact, Status::Alias, Status::Fuzzy, Status::Historical, Status::Ambiguous, Status::None];

/// The place of a status among all.
fn number_of(status: Status) -> usize {
    STATUSES.iter().position(|s| *s == status).unwrap_or(STATUSES.len() - 1)
}

impl Answers {
    /// The hash of a name: of its first, middle and last eight bytes and its length, so that no loop runs.
    #[inline]
    fn hash(name: &[u8]) -> u64 {
        let n = name.len();
        let folded = if n >= 8 {
            u64_at(name, 0).rotate_left(21) ^ u64_at(name, n / 2 - 4).rotate_left(43) ^ u64_at(name, n - 8)
        } else {
            name.iter().fold(0, |h, &b| h << 8 | u64::from(b))
        };
        (folded ^ n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// Where answers to the name with that hash are.
    #[inline]
    fn place(hash: u64) -> usize {
        (hash >> 40) as usize & (PLACES - 2)
    }

    /// Whether a name with that hash came before, as far as that is remembered.
    fn came_before(&mut self, hash: u64) -> bool {
        if self.once.is_empty() {
            self.once = vec![0; ONCE];
        }
        let (mark, at) = ((hash >> 24) as u16 | 1, (hash >> 40) as usize & (ONCE - 1));
        std::mem::replace(&mut self.once[at], mark) == mark
    }

    #[inline]
    fn get(&self, name: &[u8]) -> Option<&Kept> {
        if self.places.is_empty() {
            return None;
        }
        let at = Self::place(Self::hash(name));
        self.places[at..at + 2].iter().find(|k| k.name_len as usize == name.len() && k.len > 0 && k.name() == name)
    }

    fn keep(&mut self, name: &[u8], row: &[u8], status: Status) {
        let hash = Self::hash(name);
        if self.kept < AT_FIRST_SIGHT {
            self.kept += 1;
        } else if !self.came_before(hash) {
            return;
        }
        let quoted = row.first() == Some(&b'"');
        let from = usize::from(quoted);
        // A name with quotation marks of its own, or one that was no UTF-8, does not stand in its row.
        if row.len() > ROW || row.get(from..from + name.len()) != Some(name) || quoted && name.contains(&b'"') {
            return;
        }
        if self.places.is_empty() {
            self.places = vec![Kept::EMPTY; PLACES];
        }
        let number = number_of(status) as u8;
        let at = Self::place(hash);
        self.places[at + 1] = self.places[at];
        let kept = &mut self.places[at];
        (kept.len, kept.name_len, kept.flags) = (row.len() as u8, name.len() as u8, number | if quoted { Kept::QUOTED } else { 0 });
        kept.row[..row.len()].copy_from_slice(row);
    }
}
