//! Whether words of a source say a value: what the evidence test knows of names, numbers, dates and roles.
//!
//! It is written apart from the program and from the files that people edit (`schemas/reference`, `schemas/vocabulary`), so that a
//! mistake of the program is not made twice. The cleaning that README documents is allowed for: white space joined, broken words
//! joined, ligatures and invisible characters, NFC; ids and codes go by names.

use std::collections::BTreeMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::project::{Csv, root};

/// Names of every id and code, and words of every number, month and role.
pub struct Wording {
    /// Kind of column, value, names.
    names: BTreeMap<(&'static str, String), Vec<String>>,
    /// Words of roles and of the kinds of sections.
    categories: BTreeMap<String, Vec<String>>,
    months: Vec<Vec<String>>,
    cardinals: Vec<String>,
    ordinals: Vec<String>,
    magnitudes: BTreeMap<String, i64>,
}

impl Wording {
    /// From the project's own files, and from the names that a release itself gives to its ids.
    pub fn read(release: &Path) -> Self {
        let mut names: BTreeMap<(&'static str, String), Vec<String>> = BTreeMap::new();
        let mut add = |kind: &'static str, value: &str, name: &str| {
            let name = folded(name);
            if !name.is_empty() {
                names.entry((kind, value.to_owned())).or_default().push(name);
            }
        };
        let reference = |file: &str| Csv::read(&root().join("schemas/reference").join(file));
        let countries = reference("countries.csv");
        let iso3: BTreeMap<&str, &str> = countries.column("iso2").into_iter().zip(countries.column("iso3")).collect();
        for row in &countries.rows {
            let cell = |column: &str| row[countries.position(column)].as_str();
            [cell("name"), cell("formal_name"), cell("iso3")].into_iter().for_each(|name| add("country", cell("iso3"), name));
        }
        let spellings = reference("country_names.csv");
        for (name, code) in spellings.column("key").into_iter().zip(spellings.column("code")) {
            add("country", iso3.get(code).copied().unwrap_or(code), name);
        }
        let cities = reference("cities.csv");
        for row in &cities.rows {
            let cell = |column: &str| row[cities.position(column)].as_str();
            std::iter::once(cell("name")).chain(cell("other_names").split(';')).for_each(|name| add("country", cell("iso3"), name));
        }
        for (kind, file, id) in [
            ("organization", "organizations.csv", "organization_id"),
            ("dialogue", "dialogues.csv", "dialogue_id"),
            ("group", "groups.csv", "group_id"),
        ] {
            let table = reference(file);
            for row in &table.rows {
                let cell = |column: &str| row[table.position(column)].as_str();
                for name in [cell("name"), cell("acronym")].into_iter().chain(cell("other_names").split(';')) {
                    add(kind, cell(id), name);
                    // A column may have the name where another has the id.
                    add(kind, cell("name"), name);
                    // A dialogue whose members are a group, and a group that is an organisation.
                    for (other, column) in [("group", "group_id"), ("organization", "organization_id")] {
                        if other != kind && table.columns.iter().any(|name| name == column) {
                            add(other, cell(column), name);
                        }
                    }
                }
            }
        }
        for (kind, table, id) in [("organization", "organizations", "organization_id"), ("dialogue", "dialogues", "dialogue_id")] {
            let table = Csv::read(&release.join(format!("{table}.csv")));
            for row in &table.rows {
                let cell = |column: &str| row[table.position(column)].as_str();
                [cell("name"), cell("acronym")].into_iter().for_each(|name| add(kind, cell(id), name));
            }
        }
        let numbers = vocabulary("numbers.toml");
        let dates = vocabulary("dates.toml");
        let list = |value: &toml::Value| -> Vec<String> { value.as_array().unwrap().iter().map(|word| folded(word.as_str().unwrap())).collect() };
        let magnitudes = numbers["magnitudes"].as_table().unwrap();
        Self {
            names,
            categories: categories(),
            months: dates["months"].as_array().unwrap().iter().map(list).collect(),
            cardinals: list(&numbers["cardinals"]),
            ordinals: list(&numbers["ordinals"]),
            magnitudes: magnitudes.iter().map(|(word, value)| (folded(word), value.as_integer().unwrap())).collect(),
        }
    }

    /// Whether the words say the value of a column of that kind.
    pub fn supports(&self, kind: &str, value: &str, said: &str) -> bool {
        match kind {
            "country" | "organization" | "dialogue" | "group" | "id" => self.names_it(kind, value, said) || squeezed(said).contains(&squeezed(value)),
            "date" => self.has_day(value, said),
            "year" => said.contains(value) || said.contains(&format!("’{}", &value[2..])),
            "count" | "quantity" => self.has_number(value, said),
            "category" => {
                self.has_wording(value, said) || self.has_form(value, said) || readings(said).iter().any(|said| said.contains(&folded(value)))
            }
            // Lines of an address block, and of an owner's name, are joined by commas.
            "name" => {
                squeezed(said).replace(',', "").contains(&squeezed(value).replace(',', ""))
                    || readings(said).iter().any(|said| said.contains(&folded(value)))
            }
            // The value of a contact may be the number in E.164.
            "contact" if value.starts_with('+') => {
                digits(said).ends_with(&digits(value)) || digits(&said.replace("(0)", "")).ends_with(&digits(value))
            }
            // A unit that the source gives as a sign.
            "unit" if value == "percent" => said.contains('%') || folded(said).contains("per cent") || folded(said).contains("percent"),
            "unit" => self.names_unit(value, said),
            _ => squeezed(said).contains(&squeezed(value)),
        }
    }

    fn names_it(&self, kind: &str, value: &str, said: &str) -> bool {
        let kinds: &[&'static str] = match kind {
            "country" => &["country"],
            "organization" => &["organization"],
            "dialogue" => &["dialogue"],
            "group" => &["group"],
            _ => &["country", "organization", "dialogue", "group"],
        };
        let readings = readings(said);
        kinds
            .iter()
            .filter_map(|kind| self.names.get(&(*kind, value.to_owned())))
            .flatten()
            .any(|name| readings.iter().any(|said| has_name(said, name)))
    }

    /// Year, month and day where the wording has them; a wider wording means its first or last day.
    fn has_day(&self, value: &str, said: &str) -> bool {
        let parts: Vec<u32> = value.split('-').map(|part| part.parse().unwrap()).collect();
        let readings = readings(said);
        let said = &readings[0];
        let numbers: Vec<u32> = said.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect();
        let has_month = |month: u32| self.months[month as usize - 1].iter().any(|name| has_words(said, name)) || numbers.contains(&month);
        let names_any_month = (1..=12).any(|month| self.months[month - 1].iter().any(|name| has_words(said, name)));
        let year = numbers.contains(&parts[0]);
        let (first, last) = (parts[2] == 1, parts[2] >= 28);
        // `valid_to` is the first day after.
        let months = if first { vec![parts[1], (parts[1] + 10) % 12 + 1] } else { vec![parts[1]] };
        let month = if names_any_month { months.into_iter().any(has_month) } else { true };
        let wide = first || last;
        (year || (parts[1] == 1 && first && numbers.contains(&(parts[0] - 1)))) && month && (wide || numbers.contains(&parts[2]))
    }

    fn has_number(&self, value: &str, said: &str) -> bool {
        let number: f64 = value.parse().unwrap();
        let plain = readings(&said.replace(',', "").replace('\u{a0}', ""));
        let words: Vec<&str> = plain[0].split(' ').collect();
        let magnitude = words.iter().filter_map(|word| self.magnitudes.get(*word)).product::<i64>() as f64;
        let spelt = |list: &[String]| number.fract() == 0.0 && list.get(number as usize - 1).is_some_and(|word| has_words(&plain[0], word));
        let raw = said.replace(',', "");
        let numerals = raw.split(|letter: char| !letter.is_ascii_digit() && letter != '.').map(|text| text.trim_matches('.'));
        let in_digits = numerals
            .filter_map(|text| text.parse::<f64>().ok())
            .any(|found| [found, found * magnitude].iter().any(|found| (found - number).abs() < 1e-6 * number.abs().max(1.0)));
        let roman = said.split_whitespace().any(|word| roman(word.trim_matches(|letter: char| !letter.is_alphanumeric())) == Some(number as u32));
        in_digits || spelt(&self.cardinals) || spelt(&self.ordinals) || roman
    }

    fn has_wording(&self, value: &str, said: &str) -> bool {
        let readings = readings(said);
        self.categories.get(value).is_some_and(|words| words.iter().any(|word| readings.iter().any(|said| has_words(said, word))))
    }

    /// What says its kind by its form, or is of no kind that has a word.
    fn has_form(&self, value: &str, said: &str) -> bool {
        match value {
            "email" => said.contains('@'),
            "website" => said.contains("www.") || said.contains("://"),
            "address" => said.contains(|letter: char| letter.is_ascii_digit()) && said.contains(','),
            "other" => true,
            _ => false,
        }
    }

    fn names_unit(&self, value: &str, said: &str) -> bool {
        let stem = |word: &str| folded(word).trim_end_matches('s').to_owned();
        squeezed(said).contains(&squeezed(value)) || folded(said).split(' ').any(|word| !word.is_empty() && stem(word) == stem(value))
    }
}

/// One file of the English vocabulary.
fn vocabulary(file: &str) -> toml::Value {
    let path = root().join("schemas/vocabulary/en").join(file);
    std::fs::read_to_string(&path).unwrap().parse::<toml::Table>().map(toml::Value::Table).unwrap()
}

/// The words that make a role, the fixed words of its phrases, and the words of each kind of section, publication, contact and qualifier.
fn categories() -> BTreeMap<String, Vec<String>> {
    let mut roles: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let file = vocabulary("roles.toml");
    for entry in vocabulary("headings.toml")["heading"].as_array().unwrap() {
        if let Some(kind) = entry.get("kind").and_then(toml::Value::as_str) {
            let phrases = entry["phrases"].as_array().unwrap().iter().map(|phrase| folded(phrase.as_str().unwrap()));
            roles.entry(kind.to_owned()).or_default().extend(phrases);
        }
    }
    for entry in vocabulary("names.toml")["publication"].as_array().unwrap() {
        roles.entry(entry["kind"].as_str().unwrap().to_owned()).or_default().extend(strings(&entry["words"]));
    }
    for (kind, words) in vocabulary("contacts.toml").as_table().unwrap() {
        roles.entry(kind.to_owned()).or_default().extend(strings(words));
    }
    for (kind, words) in vocabulary("figures.toml")["qualifiers"].as_table().unwrap() {
        roles.entry(kind.to_owned()).or_default().extend(strings(words));
    }
    // Who is counted among "nine countries of destination" is a member.
    for noun in file["parties"].as_table().unwrap().values().flat_map(|nouns| nouns.as_array().unwrap()) {
        roles.entry("member".to_owned()).or_default().push(folded(noun.as_str().unwrap()));
    }
    for entry in file["role"].as_array().unwrap() {
        let words = entry["words"].as_array().unwrap().iter().map(|word| folded(word.as_str().unwrap()));
        roles.entry(entry["role"].as_str().unwrap().to_owned()).or_default().extend(words);
    }
    for entry in file["phrase"].as_array().unwrap() {
        let text = entry["text"].as_str().unwrap();
        let pieces = text.split(['{', '}']).step_by(2).map(folded).filter(|piece| piece.len() > 3);
        if let Some(role) = entry.get("role").and_then(toml::Value::as_str) {
            roles.entry(role.to_owned()).or_default().extend(pieces);
        }
    }
    for (qualifier, words) in vocabulary("figures.toml")["qualifiers"].as_table().unwrap() {
        roles.entry(qualifier.clone()).or_default().extend(words.as_array().unwrap().iter().map(|word| folded(word.as_str().unwrap())));
    }
    roles
}

fn strings(words: &toml::Value) -> impl Iterator<Item = String> + '_ {
    words.as_array().into_iter().flatten().filter_map(toml::Value::as_str).map(folded)
}

/// Lower case without diacritics, words parted by one space.
pub fn folded(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|letter| !is_combining_mark(*letter) && !matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .map(|letter| if letter.is_alphanumeric() { letter } else { ' ' })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words as they stand, and with the words that line ends broke joined.
fn readings(said: &str) -> [String; 2] {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    [folded(said), folded(&lines.iter().map(|line| line.trim_end_matches('-')).collect::<String>())]
}

fn has_words(text: &str, words: &str) -> bool {
    format!(" {text} ").contains(&format!(" {words} "))
}

/// The name among the words, a number glued to it left out (`EU27`), or as all of them however they are parted (`UAE`, `Vietnam`).
fn has_name(text: &str, name: &str) -> bool {
    let unglued: Vec<&str> = text
        .split(' ')
        .map(|word| if word.starts_with(char::is_alphabetic) { word.trim_end_matches(|letter: char| letter.is_ascii_digit()) } else { word })
        .collect();
    has_words(text, name) || has_words(&unglued.join(" "), name) || text.replace(' ', "") == name.replace(' ', "")
}

/// Letters and digits alone: white space, dashes and breaks cannot differ.
pub fn squeezed(text: &str) -> String {
    text.nfkc().filter(|letter| !letter.is_whitespace() && !"-–—‐‑\u{ad}\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}".contains(*letter)).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A Roman numeral up to thirty-nine.
fn roman(word: &str) -> Option<u32> {
    let value = |letter: char| [('I', 1), ('V', 5), ('X', 10)].iter().find(|(known, _)| *known == letter).map(|(_, value)| *value);
    let values: Vec<u32> = word.chars().map(value).collect::<Option<_>>()?;
    let signed = values
        .iter()
        .enumerate()
        .map(|(at, &value)| if values.get(at + 1).is_some_and(|next| *next > value) { -i64::from(value) } else { i64::from(value) });
    u32::try_from(signed.sum::<i64>()).ok().filter(|value| *value > 0)
}
