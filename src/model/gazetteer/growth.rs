//! Growth: the tree of words while names and wording are added to it, and how it becomes a table.
//!
//! In: reference data and a vocabulary. Out: the bytes that [`Tree`](super::tree::Tree) reads. The build script grows the trees of the
//! program's own schemas with this code, the program those of a project that has others.

use std::collections::HashMap;

use super::built_text::BuiltText;
use super::fx::BuildFx;
use super::hash;
use super::reference::Reference;
use super::tag::Tag;
use super::tree::{Entry, Spelling, free_slot};
use super::vocabulary::Vocabulary;
use super::words::words_of;

/// About how many words a language and the reference data have: room for them is made once.
const WORDS: usize = 7000;

/// A tree that grows.
#[derive(Debug)]
pub struct Growth {
    /// From 1.
    pub(super) words: HashMap<Box<str>, u32, BuildFx>,
    edges: HashMap<(u32, u32), u32, BuildFx>,
    /// By node.
    entries: Vec<Vec<Entry>>,
}

impl Growth {
    /// All names and all wording of one language.
    #[must_use]
    pub fn of(reference: &Reference, vocabulary: &Vocabulary) -> Self {
        let mut growth = Self {
            words: HashMap::with_capacity_and_hasher(WORDS, BuildFx::default()),
            edges: HashMap::with_capacity_and_hasher(WORDS, BuildFx::default()),
            entries: vec![Vec::new()],
        };
        growth.add_reference(reference);
        growth.add_vocabulary(vocabulary);
        growth.add_damaged();
        growth
    }

    fn add_reference(&mut self, reference: &Reference) {
        for (at, country) in reference.countries.iter().enumerate() {
            self.add_name(&country.name, Tag::Country(at as u16));
            country.formal_name.iter().for_each(|name| self.add_name(name, Tag::Country(at as u16)));
        }
        for alias in reference.aliases.iter() {
            if let Some(at) = reference.countries.iter().position(|country| country.iso3 == alias.iso3) {
                self.add_name(&alias.name, Tag::Country(at as u16));
            }
        }
        for (at, row) in reference.organizations.iter().enumerate() {
            self.add_names(&row.name, row.acronym.as_deref(), &row.other_names, Tag::Organization(at as u16));
        }
        for (at, row) in reference.dialogues.iter().enumerate() {
            self.add_names(&row.name, row.acronym.as_deref(), &row.other_names, Tag::Dialogue(at as u16));
        }
        for (at, row) in reference.groups.iter().enumerate() {
            self.add_names(&row.name, row.acronym.as_deref(), &row.other_names, Tag::Group(at as u16));
        }
        for (at, row) in reference.cities.iter().enumerate() {
            self.add_names(&row.name, None, &row.other_names, Tag::City(at as u16));
        }
    }

    fn add_names(&mut self, name: &str, acronym: Option<&str>, others: &[BuiltText], tag: Tag) {
        self.add_name(name, tag);
        acronym.iter().for_each(|name| self.add_name(name, tag));
        others.iter().for_each(|name| self.add_name(name, tag));
    }

    /// A name: in capitals if it is one, with a capital first otherwise.
    fn add_name(&mut self, name: &str, tag: Tag) {
        let letters = name.chars().filter(|letter| letter.is_alphabetic());
        let is_acronym = !name.contains(' ') && name.len() <= 12 && letters.clone().count() > 0 && letters.clone().all(char::is_uppercase);
        let has_case = name.chars().next().is_some_and(char::is_uppercase);
        let spelling = match (is_acronym, has_case) {
            (true, _) => Spelling::Upper,
            (false, true) => Spelling::Capital,
            (false, false) => Spelling::Any,
        };
        self.add(name, tag, spelling);
    }

    pub(super) fn add_all(&mut self, phrases: &[String], tag: Tag) {
        phrases.iter().for_each(|phrase| self.add(phrase, tag, Spelling::Any));
    }

    pub(super) fn add(&mut self, phrase: &str, tag: Tag, spelling: Spelling) {
        let mut node = 0;
        for word in words_of(phrase) {
            let next_word = self.words.len() as u32 + 1;
            let word = match self.words.get(word.as_str()) {
                Some(word) => *word,
                None => *self.words.entry(word.into_boxed_str()).or_insert(next_word),
            };
            let next_node = self.entries.len() as u32;
            let target = *self.edges.entry((node, word)).or_insert(next_node);
            if target == next_node {
                self.entries.push(Vec::new());
            }
            node = target;
        }
        let entries = &mut self.entries[node as usize];
        match entries.iter_mut().find(|entry| entry.tag == tag) {
            // A phrase without words.
            _ if node == 0 => {}
            // Two spellings of one name, as an acronym and as a word: the less strict one holds.
            Some(entry) => entry.spelling = entry.spelling.min(spelling),
            None => entries.push(Entry { tag, spelling }),
        }
    }

    /// The tree as a table, see [`Tree`](super::tree::Tree).
    ///
    /// # Errors
    /// Where what nodes are cannot be written.
    pub fn lay_out(&self) -> Result<Vec<u8>, postcard::Error> {
        let mut words: Vec<(&str, u32)> = self.words.iter().map(|(word, &number)| (&**word, number)).collect();
        words.sort_unstable();
        let mut spelled = vec![0; 4];
        let mut slots = vec![0_u8; 8 * (words.len() * 3 / 2 + 1).next_power_of_two()];
        for (word, number) in words {
            let slot = free_slot(&slots, word);
            slots[8 * slot..8 * slot + 4].copy_from_slice(&(spelled.len() as u32).to_le_bytes());
            slots[8 * slot + 4..8 * slot + 8].copy_from_slice(&((hash::of(word.as_bytes()) >> 32) as u32).to_le_bytes());
            spelled.extend(number.to_le_bytes());
            spelled.extend((word.len() as u32).to_le_bytes());
            spelled.extend(word.as_bytes());
        }
        let mut edges: Vec<((u32, u32), u32)> = self.edges.iter().map(|(&edge, &target)| (edge, target)).collect();
        edges.sort_unstable();
        let roots = self.words.values().max().map_or(1, |last| last + 1);
        let Numbered { nodes, firsts, leads } = Numbered::of(&edges, self.entries.len());
        let (mut entries, mut ranges) = (Vec::new(), vec![0]);
        for node in &nodes {
            entries.extend_from_slice(&self.entries[*node as usize]);
            ranges.push(entries.len() as u32);
        }
        let sizes = [slots.len() as u32 / 8, spelled.len() as u32, roots, nodes.len() as u32];
        let mut by_word = vec![0; roots as usize];
        (firsts[0]..firsts[1]).for_each(|node| by_word[leads[node as usize] as usize] = node);
        let numbers = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        let mut bytes = numbers(&sizes);
        for section in [slots, spelled, numbers(&by_word), numbers(&firsts), numbers(&leads), numbers(&ranges)] {
            bytes.extend(section);
        }
        postcard::to_extend(&entries, bytes)
    }
}

/// The nodes anew, so that the children of each stand one behind the other, in the order of the words that lead to them.
struct Numbered {
    /// The old number of each.
    nodes: Vec<u32>,
    /// The first child of each, and the end.
    firsts: Vec<u32>,
    /// The word that leads to each; none leads to the first.
    leads: Vec<u32>,
}

impl Numbered {
    /// `edges` are node, word and target, sorted.
    fn of(edges: &[((u32, u32), u32)], count: usize) -> Self {
        let mut numbered = Self { nodes: vec![0], firsts: vec![1], leads: vec![0] };
        for at in 0..count {
            let node = numbered.nodes[at];
            let start = edges.partition_point(|((from, _), _)| *from < node);
            for ((_, word), target) in edges[start..].iter().take_while(|((from, _), _)| *from == node) {
                numbered.nodes.push(*target);
                numbered.leads.push(*word);
            }
            numbered.firsts.push(numbered.nodes.len() as u32);
        }
        numbered
    }
}
