//! The compiler of the table of country names: CSV texts in, bytes of `layout` out.
//!
//! In: the files of `schemas/reference/` named in `FILES`. Out: one block of bytes. It runs when the program is built, and again at
//! start where a project has country files of its own. A key that two entities claim is an error, never a silent choice.

use super::{
    fold,
    fold_rules::{is_solid, solid_letters},
    hash, initials,
    layout::{self, Kind, prefix},
    pack, shape, sound, words,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The inputs, in the order of `Sources`.
pub const FILES: [&str; 8] = [
    "countries.csv",
    "country_names.csv",
    "not_countries.csv",
    "country_words.csv",
    "country_facts/former_entities.csv",
    "country_facts/demonyms.csv",
    "country_facts/sovereigns.csv",
    "country_facts/dated_names.csv",
];

/// The texts of `FILES`.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    texts: [&'a str; FILES.len()],
}

impl<'a> Sources<'a> {
    /// Takes the texts in the order of `FILES`; missing ones are empty.
    pub fn of(texts: &'a [impl AsRef<str>]) -> Self {
        let mut taken = [""; FILES.len()];
        taken.iter_mut().zip(texts).for_each(|(place, text)| *place = text.as_ref());
        Sources { texts: taken }
    }
}

/// The shortest key that edit distance may reach, and from where it may take two edits.
pub const ONE_EDIT: usize = 5;
pub const TWO_EDITS: usize = 8;

#[derive(Default)]
pub(super) struct Compiler {
    pub(super) entities: String,
    pub(super) dated: String,
    pub(super) ids: HashMap<String, u16>,
    pub(super) by_key: BTreeMap<Vec<u8>, (u16, Kind)>,
    pub(super) targets: Vec<(Vec<u8>, u16)>,
    /// Names by their sound; nobody's where several have it, or a name that is no country.
    pub(super) sounds: BTreeMap<Vec<u8>, Option<(u16, Kind)>>,
    pub(super) first: HashMap<String, First>,
    /// Names by the first letters of their words: the key under which the table has each.
    pub(super) initials: BTreeMap<(u32, Vec<u8>, u16), bool>,
    /// Whose names have a word.
    pub(super) owners: BTreeMap<String, BTreeSet<u16>>,
}

/// What is known of a word with which names begin, or that is in one.
#[derive(Clone, Copy, Default)]
pub(super) struct First {
    /// The greatest number of words of a name that begins with it.
    pub(super) words: u16,
    pub(super) of_a_country: bool,
}

/// Compiles the table.
///
/// # Errors
/// Says which row of which file cannot be: a code that no entity has, a kind that does not exist, a key with two owners.
pub fn compile(sources: &Sources) -> Result<Vec<u8>, String> {
    let mut c = Compiler::default();
    let [countries, names, stops, words, former, demonyms, sovereigns, dated] = sources.texts;
    c.entities(countries, former, sovereigns)?;
    c.names(names)?;
    for [code, names] in rows(demonyms, "demonyms.csv", ["code", "names"])? {
        let Some(&entity) = c.ids.get(&code) else { continue };
        for name in list(&names) {
            let plural = format!("{name}s");
            for form in [name, &plural] {
                let key = fold::fold(form).into_bytes();
                // Many a Philippine are no Philippines.
                if c.by_key.contains_key(&key) {
                    continue;
                }
                c.by_key.insert(key.clone(), (entity, Kind::Demonym));
                c.in_text(form, (entity, Kind::Demonym));
                c.no_target(key);
            }
        }
    }
    for [name, kind] in rows(stops, "not_countries.csv", ["key", "kind"])? {
        let key = fold::fold(&name).into_bytes();
        c.by_key.entry(key.clone()).or_insert((layout::NOBODY, Kind::Stop));
        c.in_text(&name, (layout::NOBODY, Kind::Stop));
        if name.contains(' ') && kind != "demonym" {
            c.cut_short(&name, "en", (layout::NOBODY, Kind::Stop));
        }
        c.no_target(key);
    }
    for [word, language] in rows(words, "country_words.csv", ["key", "language"])? {
        c.by_key.insert(prefixed(prefix::WORD, &format!("{language} {}", fold::fold(&word))), (layout::NOBODY, Kind::Stop));
    }
    for [name, from, until, code] in rows(dated, "dated_names.csv", ["name", "from", "until", "code"])? {
        c.entity(&code, "dated_names.csv")?;
        c.dated.push_str(&format!("{}\t{from}\t{until}\t{code}\n", fold::fold(&name)));
    }
    pack::pack(c)
}

impl Compiler {
    fn entities(&mut self, countries: &str, former: &str, sovereigns: &str) -> Result<(), String> {
        let over: HashMap<String, String> =
            rows(sovereigns, "sovereigns.csv", ["code", "sovereigns"])?.into_iter().map(|[code, over]| (code, over)).collect();
        let columns = ["iso2", "iso3", "m49", "status", "name"];
        for [alpha2, alpha3, number, status, name] in rows(countries, "countries.csv", columns)? {
            if status == "former" {
                continue;
            }
            let over = over.get(&alpha2).map_or("", String::as_str);
            let id = self.entity_row(&alpha2, [&alpha2, &alpha3, "", &number, &status, &name, "", "", "", over])?;
            for code in [&alpha2, &alpha3, &number] {
                self.code(code, id, Kind::Official);
            }
        }
        let columns = ["alpha2", "alpha3", "alpha4", "numeric", "name", "valid_from", "withdrawn", "successors"];
        for [alpha2, alpha3, alpha4, number, name, from, until, successors] in rows(former, "former_entities.csv", columns)? {
            let id = self.entity_row(&alpha4, [&alpha2, &alpha3, &alpha4, &number, "former", &name, &from, &until, &successors, ""])?;
            for code in [&alpha2, &alpha3, &alpha4, &number] {
                self.code(code, id, Kind::Historical);
            }
        }
        Ok(())
    }

    fn entity_row(&mut self, key: &str, row: [&str; 10]) -> Result<u16, String> {
        if let Some(bad) = row.iter().find(|v| v.contains(['\t', '\n'])) {
            return Err(format!("{key}: a tab or a line break in {bad:?}"));
        }
        let id = u16::try_from(self.ids.len()).unwrap_or(layout::NOBODY);
        if id >= layout::NOBODY || self.ids.insert(key.to_owned(), id).is_some() {
            return Err(format!("{key}: listed twice, or one entity too many"));
        }
        self.entities.push_str(&row.join("\t"));
        self.entities.push('\n');
        Ok(id)
    }

    /// A code belongs to the first entity that claims it: today's before a withdrawn one's.
    fn code(&mut self, code: &str, id: u16, kind: Kind) {
        if !code.is_empty() {
            self.by_key.entry(prefixed(prefix::CODE, &code.to_ascii_lowercase())).or_insert((id, kind));
        }
    }

    fn entity(&self, code: &str, file: &str) -> Result<u16, String> {
        self.ids.get(code).copied().ok_or_else(|| format!("{file}: no entity has the code {code:?}"))
    }

    /// The entity that stands for a choice between `codes`, which may be one that we will not take a shared name for.
    fn choice(&mut self, codes: &str) -> Result<u16, String> {
        let key = format!("? {codes}");
        match self.ids.get(&key) {
            Some(id) => Ok(*id),
            None => self.entity_row(&key, ["", "", "", "", "ambiguous", codes, "", "", "", ""]),
        }
    }

    fn names(&mut self, names: &str) -> Result<(), String> {
        let mut bags: BTreeMap<Vec<u8>, Option<(u16, Kind)>> = BTreeMap::new();
        let (mut vague, mut shapes) = (bags.clone(), bags.clone());
        let mut bag = Vec::new();
        let rows = rows(names, "country_names.csv", ["key", "code", "language", "kind"])?;
        for (at, [name, code, language, kind]) in rows.into_iter().enumerate() {
            let place = format!("country_names.csv:{}: {name}", at + 2);
            let kind = Kind::named(&kind).ok_or_else(|| format!("{place}: no such kind: {kind:?}"))?;
            let id = if kind == Kind::Ambiguous { self.choice(&code)? } else { self.entity(&code, &place)? };
            let key = fold::fold(&name).into_bytes();
            if key.len() > 255 {
                return Err(format!("{place}: too long"));
            }
            match self.by_key.insert(key.clone(), (id, kind)) {
                Some((other, _)) if other != id => return Err(format!("{place}: another row gives this name to another entity")),
                _ => {}
            }
            self.in_text(&name, (id, kind));
            self.cut_short(&name, &language, (id, kind));
            if language == "en" || matches!(kind, Kind::Historical | Kind::Ambiguous) {
                words::bag(&fold::fold_spaced(&name), &mut bag);
                let bags = if kind == Kind::Ambiguous { &mut vague } else { &mut bags };
                claim(bags, [&[prefix::WORDS], &*bag].concat(), (id, kind));
                claim(bags, prefixed(prefix::WORDS, &String::from_utf8_lossy(&key)), (id, kind));
            }
            if is_target(&language, kind, &key) {
                claim(&mut shapes, prefixed(prefix::SHAPE, &shape::shape(&String::from_utf8_lossy(&key))), (id, kind));
                claim(&mut self.sounds, sounding(&key), (id, kind));
                self.targets.push((key, id));
            } else if kind == Kind::Ambiguous && key.is_ascii() {
                // What is near a name of several is no other name.
                self.no_target(key);
            }
        }
        // A name that several share yields to the same words as a name of one: "Sudan and South Sudan" is no "South Sudan".
        for (k, v) in vague {
            bags.entry(k).or_insert(v);
        }
        let settled = bags.into_iter().chain(shapes).filter_map(|(k, v)| Some((k, v?)));
        self.by_key.extend(settled.filter(|(k, _)| k.len() > 2));
        Ok(())
    }

    /// Notes what is no country, or none for certain: what lies nearer to it than to a country is none.
    fn no_target(&mut self, key: Vec<u8>) {
        claim(&mut self.sounds, sounding(&key), (layout::NOBODY, Kind::Stop));
        self.targets.push((key, layout::NOBODY));
    }

    /// Notes a name as people cut its words short: in scripts that do so, and of a single word in English.
    fn cut_short(&mut self, name: &str, language: &str, (id, kind): (u16, Kind)) {
        const LAST_LETTER: char = '\u{52f}';
        const WIDE: [&str; 8] = ["de", "en", "es", "fr", "it", "mul", "nl", "pt"];
        let spaced = fold::fold_spaced(name);
        if kind == Kind::Abbreviation || spaced.chars().any(|c| c > LAST_LETTER) {
            return;
        }
        let words = initials::words(&spaced);
        let is_one = words.clone().nth(1).is_none();
        words.clone().for_each(|word| _ = self.owners.entry(word.to_owned()).or_default().insert(id));
        if is_one && language != "en" {
            return;
        }
        let hash = initials::hash(words.filter_map(|word| word.chars().next()));
        let key = if spaced.contains(' ') { prefixed(prefix::TEXT, &spaced) } else { spaced.into_bytes() };
        *self.initials.entry((hash, key, id)).or_default() |= WIDE.contains(&language);
    }

    /// Notes a name as running text has it: how many words may follow its first, and the words apart where it has several.
    fn in_text(&mut self, name: &str, value: (u16, Kind)) {
        let spaced = fold::fold_spaced(name);
        let of_a_country = !matches!(value.1, Kind::Stop | Kind::Demonym | Kind::Ambiguous) && spaced.is_ascii();
        let mut note = |word: String, words: usize| {
            let first = self.first.entry(word).or_default();
            first.words = first.words.max(words as u16);
            first.of_a_country |= of_a_country;
        };
        if spaced.starts_with(is_solid) {
            let letters: Vec<&str> = solid_letters(name).collect();
            note(fold::fold(letters[0]), letters.len());
            return;
        }
        let words: Vec<&str> = spaced.split(' ').collect();
        for (at, word) in words.iter().enumerate().filter(|(at, _)| *at == 0 || of_a_country) {
            note((*word).to_owned(), if at == 0 { words.len() } else { 0 });
        }
        // Both "Viet Nam" and "Vietnam" are written.
        if words.len() > 1 {
            note(words.concat(), 1);
            self.by_key.entry(prefixed(prefix::TEXT, &spaced)).or_insert(value);
            // Both "Lao P.D.R." and "Lao PDR" are too.
            let closed = without_gaps(&words);
            if closed.contains(' ') {
                self.by_key.entry(prefixed(prefix::TEXT, &closed)).or_insert(value);
            }
        }
    }
}

/// The names that repairs and edit distance may reach: English and official ones.
fn is_target(language: &str, kind: Kind, key: &[u8]) -> bool {
    let english = language == "en" && matches!(kind, Kind::Official | Kind::Formal | Kind::Common | Kind::Former | Kind::Historical);
    english && key.is_ascii() && (4..=hash::LONGEST).contains(&key.len())
}

/// Two entities with one derived key: neither has it.
pub(super) fn claim(of: &mut BTreeMap<Vec<u8>, Option<(u16, Kind)>>, key: Vec<u8>, value: (u16, Kind)) {
    of.entry(key)
        .and_modify(|v| {
            if v.is_some_and(|v| v.0 != value.0) {
                *v = None
            }
        })
        .or_insert(Some(value));
}

fn sounding(key: &[u8]) -> Vec<u8> {
    let mut out = vec![prefix::SOUND];
    sound::append_sound(key, &mut out);
    out
}

pub(super) fn prefixed(prefix: u8, key: &str) -> Vec<u8> {
    [&[prefix], key.as_bytes()].concat()
}

/// The values of `columns` in every row of a CSV text; no text has no rows.
fn rows<const N: usize>(text: &str, file: &str, columns: [&str; N]) -> Result<Vec<[String; N]>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let said = |error: csv::Error| format!("{file}: {error}");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(said)?.clone();
    let mut places = [0; N];
    for (place, column) in places.iter_mut().zip(columns) {
        *place = header.iter().position(|name| name == column).ok_or_else(|| format!("{file}: there is no column {column:?}"))?;
    }
    let row = |record: csv::StringRecord| places.map(|at| record.get(at).unwrap_or_default().to_owned());
    reader.records().map(|record| record.map(row).map_err(said)).collect()
}

/// Names behind one another, with semicolons between.
fn list(names: &str) -> impl Iterator<Item = &str> {
    names.split(';').map(str::trim).filter(|n| !n.is_empty())
}

/// The words with single letters in a row put together.
fn without_gaps(words: &[&str]) -> String {
    let mut closed = String::new();
    let mut last_is_letter = false;
    for word in words {
        let is_letter = word.chars().count() == 1;
        if !closed.is_empty() && !(is_letter && last_is_letter) {
            closed.push(' ');
        }
        closed.push_str(word);
        last_is_letter = is_letter;
    }
    closed
}
