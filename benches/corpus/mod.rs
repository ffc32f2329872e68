//! A corpus that is made up: documents about dialogues, as many as one likes, and what is planted in them.
//!
//! Seeded: the same number gives the same bytes everywhere. Names of states and cities are those of `schemas/reference`, all others are
//! made of syllables, so that nobody is named and the vocabulary grows with the corpus. The layouts are those of the genre: lists with
//! bullets, numbers or commas, lines broken as in PDFs, page numbers and running heads, prose with names and dates in it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What a document says, to be found again.
#[derive(Debug, Default)]
pub struct Planted {
    /// Alpha-3 code and role, as `extract` calls it.
    pub members: Vec<(String, &'static str)>,
    /// First day, and alpha-3 code of the place.
    pub meetings: Vec<(String, String)>,
}

/// One document.
#[derive(Debug)]
pub struct Made {
    pub id: String,
    pub text: String,
    pub planted: Planted,
}

/// Makes documents, one after the other.
#[derive(Debug)]
pub struct Corpus {
    random: Random,
    next: usize,
    /// Name and alpha-3 code.
    countries: Vec<(String, String)>,
    /// Name, name of the country, and its code.
    cities: Vec<(String, String, String)>,
}

/// SplitMix64.
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    fn range(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() % (high - low + 1) as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.range(0, of.len() - 1)]
    }
}

const SYLLABLES: &[&str] =
    &["ba", "cor", "del", "fin", "gal", "hov", "jun", "kel", "lor", "mar", "nev", "pol", "rin", "sol", "tam", "vel", "wen", "zor"];
const KINDS: &[&str] = &["Dialogue", "Process", "Forum"];
const TOPICS: &[&str] = &["Labour Migration", "Migration and Development", "Skills Mobility", "Overseas Employment", "Diaspora Policy"];
const VERBS: &[&str] = &["reviewed", "welcomed", "discussed", "took note of", "examined", "supported"];
const NOUNS: &[&str] =
    &["the draft framework", "recruitment practices", "a common approach", "the cost of remittances", "training standards", "the annual report"];
const MONTHS: &[&str] = &["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const ORDINALS: &[&str] = &["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];

impl Corpus {
    /// # Panics
    /// Where the reference data of the project cannot be read.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/reference");
        let rows = |file: &str| -> Vec<csv::StringRecord> {
            let text = fs::read(reference.join(file)).expect("the reference data are there");
            csv::Reader::from_reader(&text[..]).records().map(|row| row.expect("they are CSV")).collect()
        };
        let is_plain = |name: &str| !name.contains([',', '(', '’', '\'']);
        let countries: Vec<(String, String)> = rows("countries.csv")
            .iter()
            .filter(|row| &row[5] == "iso" && is_plain(&row[3]) && &row[6] != "" && &row[4] != "")
            .map(|row| (row[3].to_owned(), row[0].to_owned()))
            .collect();
        let country = |iso3: &str| countries.iter().find(|(_, code)| code == iso3).map(|(name, _)| name.clone());
        let cities = rows("cities.csv")
            .iter()
            .filter(|row| &row[3] == "false" && is_plain(&row[0]))
            .filter_map(|row| Some((row[0].to_owned(), country(&row[1])?, row[1].to_owned())))
            .collect();
        Self { random: Random(seed), next: 0, countries, cities }
    }

    fn word(&mut self) -> String {
        let syllables = self.random.range(2, 3);
        let word: String = (0..syllables).map(|_| self.random.pick(SYLLABLES)).collect();
        word[..1].to_uppercase() + &word[1..]
    }

    fn date(&mut self) -> (String, String) {
        let (day, month, year) = (self.random.range(1, 28), self.random.range(1, 12), self.random.range(1995, 2024));
        (format!("{day} {} {year}", MONTHS[month - 1]), format!("{year}-{month:02}-{day:02}"))
    }

    /// So many different states.
    fn states(&mut self, count: usize) -> Vec<(String, String)> {
        let mut left: Vec<usize> = (0..self.countries.len()).collect();
        (0..count).map(|_| left.swap_remove(self.random.range(0, left.len() - 1))).map(|at| self.countries[at].clone()).collect()
    }

    fn sentence(&mut self) -> String {
        let (verb, noun, other) = (self.random.pick(VERBS), self.random.pick(NOUNS), self.random.pick(NOUNS));
        match self.random.range(0, 4) {
            0 => {
                let (date, _) = self.date();
                format!("On {date}, officials {verb} {noun} and compared {other} with what had been agreed before.")
            }
            1 => format!("The {} Institute for {} {verb} {noun} in several rounds of written comments.", self.word(), self.random.pick(TOPICS)),
            2 => format!(
                "About {},000 workers left in {}, and {noun} was {verb} by experts.",
                self.random.range(2, 900),
                self.random.range(1995, 2024)
            ),
            3 => format!("Participants {verb} {noun}, as {} and {} had suggested earlier.", self.word().to_lowercase(), self.word().to_lowercase()),
            _ => format!("Senior officials {verb} {noun} before they turned to {other} and to the work that lies ahead."),
        }
    }

    /// Lines broken at about `width` characters, some of them within a word.
    fn wrapped(&mut self, text: &str, width: usize, out: &mut String) {
        let mut line = String::new();
        for word in text.split(' ') {
            if line.len() + word.len() + 1 > width {
                let may_break = word.len() > 7 && word.bytes().all(|byte| byte.is_ascii_lowercase()) && self.random.range(0, 3) == 0;
                let cut = if may_break { word.len() / 2 } else { 0 };
                let hyphen = if may_break { format!(" {}-", &word[..cut]) } else { String::new() };
                let _ = writeln!(out, "{line}{hyphen}");
                line = word[cut..].to_owned();
            } else {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
        }
        let _ = writeln!(out, "{line}\n");
    }

    fn prose(&mut self, out: &mut String) {
        let sentences: Vec<String> = (0..self.random.range(3, 7)).map(|_| self.sentence()).collect();
        let width = self.random.range(66, 92);
        self.wrapped(&sentences.join(" "), width, out);
    }

    fn list(&mut self, states: &[(String, String)], out: &mut String) {
        let style = self.random.range(0, 3);
        if style == 3 {
            let names: Vec<&str> = states.iter().map(|(name, _)| name.as_str()).collect();
            let _ = writeln!(out, "{}\n", names.join(", "));
            return;
        }
        for (at, (name, _)) in states.iter().enumerate() {
            let _ = match style {
                0 => writeln!(out, "• {name}"),
                1 => writeln!(out, "- {name}"),
                _ => writeln!(out, "{}. {name}", at + 1),
            };
        }
        out.push('\n');
    }
}

impl Iterator for Corpus {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        let mut planted = Planted::default();
        let name = format!("{} {} on {}", self.word(), self.random.pick(KINDS), self.random.pick(TOPICS));
        let mut text = format!("{name}\n\n");
        self.prose(&mut text);
        for (heading, role, most) in [("Member States", "member_state", 30), ("Observer States", "observer_state", 8)] {
            let count = self.random.range(3, most);
            let states = self.states(count);
            let _ = writeln!(text, "{heading}\n");
            self.list(&states, &mut text);
            planted.members.extend(states.into_iter().map(|(_, iso3)| (iso3, role)));
        }
        text.push_str("Meetings\n\n");
        let first = self.random.range(0, 4);
        for ordinal in &ORDINALS[first..first + self.random.range(2, 5)] {
            let (written, day) = self.date();
            let city = self.cities[self.random.range(0, self.cities.len() - 1)].clone();
            let _ = writeln!(text, "• {ordinal} Ministerial Meeting, {written}, {}, {}", city.0, city.1);
            planted.meetings.push((day, city.2));
        }
        let _ = writeln!(text, "\nPage 1\n\n{name}\n\nBackground\n");
        for _ in 0..self.random.range(4, 12) {
            self.prose(&mut text);
        }
        let _ =
            writeln!(text, "Contact\n\nTel.: +{} {} {}", self.random.range(30, 99), self.random.range(100, 999), self.random.range(10_000, 99_999));
        let _ = writeln!(text, "Email: info@{}.example", self.word().to_lowercase());
        let id = format!("d{:07}", self.next);
        self.next += 1;
        Some(Made { id, text, planted })
    }
}
