//! Names of one kind of thing (dialogues, organisations, programmes) resolved to ids, over all documents.
//!
//! In: every mention, with the id where normalize knew it. Out: an id for each. A full name is the same thing in any spelling. An
//! acronym means what its own document binds it to ("Name (ACR)"), else what all other documents agree on, else what the reference
//! data says, else itself. Two full names with one acronym are one thing only where the words of one are among those of the other.

use std::cell::RefCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::misspelling::OneWordApart;
use super::slug::{fold, is_acronym, slug};
use crate::model::built_text::BuiltText;

/// From how many letters on a misprint is more likely than another name.
const LONG_NAME: usize = 24;

/// Fewest content words by which a name is told from all others, and fewest letters of a word that loses the `s` of the plural.
const ENOUGH_WORDS: usize = 3;
const SHORTEST_SINGULAR: usize = 4;

/// A name as one record has it.
#[derive(Clone, Copy, Debug)]
pub struct Mention<'a> {
    pub source_id: &'a str,
    pub name: &'a str,
    pub acronym: Option<&'a str>,
    /// The id, where normalize knew the name.
    pub id: Option<&'a str>,
}

/// Mentions of one kind of thing, each once: there are far fewer names than records. Most names come with one acronym and id, so that they are
/// in sorted vectors: a tree of one is ten times as large.
#[derive(Debug, Default)]
pub struct Mentions {
    /// With each name the acronyms and ids that it came with.
    named: BTreeMap<String, Vec<With>>,
    /// Those that can bind an acronym, by source.
    binding: BTreeMap<String, Vec<(String, With)>>,
}

/// The acronym and the id of a mention.
type With = (Option<String>, Option<String>);

impl Mentions {
    pub fn add(&mut self, mention: &Mention<'_>) {
        let with = || (mention.acronym.map(str::to_owned), mention.id.map(str::to_owned));
        if mention.acronym.is_some() || is_acronym(mention.name) {
            let of_source = match self.binding.get_mut(mention.source_id) {
                Some(of_source) => of_source,
                None => self.binding.entry(mention.source_id.to_owned()).or_default(),
            };
            insert(of_source, (mention.name.to_owned(), with()));
        }
        match self.named.get_mut(mention.name) {
            Some(known) => {
                if !known.iter().any(|(acronym, id)| (acronym.as_deref(), id.as_deref()) == (mention.acronym, mention.id)) {
                    insert(known, with());
                }
            }
            None => {
                self.named.insert(mention.name.to_owned(), vec![with()]);
            }
        }
    }

    /// The names that are mentioned and declared.
    #[must_use]
    pub fn names<'a>(&self, declared: impl Iterator<Item = Declared<'a>>, small_words: &SmallWords) -> Names {
        fn mention<'m>(source_id: &'m str, name: &'m str, with: &'m With) -> Mention<'m> {
            Mention { source_id, name, acronym: with.0.as_deref(), id: with.1.as_deref() }
        }
        let all = self.named.iter().flat_map(|(name, with)| with.iter().map(|with| Folded::new(mention("", name, with))));
        let of_sources = self.binding.iter().flat_map(|(source, of_source)| of_source.iter().map(|(name, with)| mention(source, name, with)));
        Names::build(&all.collect::<Vec<_>>(), &of_sources.collect::<Vec<_>>(), declared, small_words)
    }
}

/// A mention with its name folded once, for all that look it up.
struct Folded<'a> {
    key: String,
    mention: Mention<'a>,
}

impl<'a> Folded<'a> {
    fn new(mention: Mention<'a>) -> Self {
        Self { key: fold(mention.name), mention }
    }
}

/// Puts a value that is not there yet into its place.
fn insert<T: Ord>(sorted: &mut Vec<T>, value: T) {
    if let Err(at) = sorted.binary_search(&value) {
        sorted.insert(at, value);
    }
}

/// A thing of the reference data.
#[derive(Clone, Copy, Debug)]
pub struct Declared<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub acronym: Option<&'a str>,
    pub kind: &'a str,
    pub other_names: &'a [BuiltText],
}

impl<'a> Declared<'a> {
    /// The acronym that the row has where a source gives `stated`: its own, also for that of another language; none for one that the
    /// reference data does not know, which is that of something else (a publisher, the family of dialogues).
    #[must_use]
    pub fn acronym_for(&self, stated: &'a str) -> Option<&'a str> {
        let folded = std::cell::LazyCell::new(|| fold(stated));
        // Most are written alike.
        let is_stated = |name: &&str| *name == stated || fold(name) == *folded;
        let names = self.other_names.iter().map(BuiltText::as_str);
        match self.acronym {
            Some(own) => names.chain([own]).any(|name| is_stated(&name)).then_some(own),
            // A name in capitals is none.
            None => (!names.filter(|name| !is_acronym(name)).chain([self.name]).any(|name| is_stated(&name))).then_some(stated),
        }
    }
}

/// Words that hold names together, folded, of all languages.
#[derive(Debug, Default)]
pub struct SmallWords {
    pub connectors: BTreeSet<String>,
    /// Join the things that a name lists.
    pub and: BTreeSet<String>,
}

/// Ids by name and acronym.
#[derive(Debug, Default)]
pub struct Names {
    by_name: BTreeMap<String, String>,
    declared_acronyms: BTreeMap<String, Option<String>>,
    /// By source and acronym; none where a document binds it to several things.
    bound_in: BTreeMap<(String, String), Option<String>>,
    bound: BTreeMap<String, Option<String>>,
    /// The name that was asked for last, plain and folded: records of one document name the same things again and again.
    last: RefCell<(String, String)>,
}

impl Names {
    /// Reads all mentions, of which those that bind acronyms have their sources; their order does not matter.
    fn build<'a>(mentions: &[Folded<'_>], binding: &[Mention<'_>], declared: impl Iterator<Item = Declared<'a>>, small_words: &SmallWords) -> Self {
        let mut names = Self::default();
        for thing in declared {
            let id = thing.id.to_owned();
            for name in std::iter::once(thing.name).chain(thing.other_names.iter().map(BuiltText::as_str)) {
                names.by_name.entry(fold(name)).or_insert_with(|| id.clone());
            }
            for acronym in thing.acronym.into_iter().chain(thing.other_names.iter().map(BuiltText::as_str).filter(|name| is_acronym(name))) {
                bind(&mut names.declared_acronyms, fold(acronym), &id);
            }
        }
        let same_words = names.by_content(small_words);
        names.read_given(mentions);
        names.read_inflected(mentions, &same_words, small_words);
        names.mend_misspelt(mentions);
        names.read_full_names(mentions);
        let aliases = names.same_by_acronym(mentions);
        for id in names.by_name.values_mut() {
            if let Some(other) = aliases.get(id) {
                id.clone_from(other);
            }
        }
        names.bind_acronyms(binding);
        names
    }

    /// The id of a name in a source; none only where there is no name.
    #[must_use]
    pub fn id(&self, source_id: &str, name: &str, given: Option<&str>) -> String {
        self.known(source_id, name, given).unwrap_or_else(|| slug(name))
    }

    /// The id of a name that some record or the reference data names as such a thing.
    #[must_use]
    pub fn known(&self, source_id: &str, name: &str, given: Option<&str>) -> Option<String> {
        if let Some(id) = given {
            return Some(id.to_owned());
        }
        let mut last = self.last.borrow_mut();
        if last.0 != name {
            *last = (name.to_owned(), fold(name));
        }
        let key = &last.1;
        if is_acronym(name) {
            let bound = self.bound_in.get(&(source_id.to_owned(), key.clone())).or_else(|| self.bound.get(key));
            if let Some(Some(id)) = bound {
                return Some(id.clone());
            }
            if let Some(Some(id)) = self.declared_acronyms.get(key) {
                return Some(id.clone());
            }
        }
        self.by_name.get(key).cloned()
    }

    /// Takes over the ids that normalize knew.
    fn read_given(&mut self, mentions: &[Folded<'_>]) {
        let mut given: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for Folded { key, mention } in mentions {
            if let Some(id) = mention.id {
                given.entry(key).or_default().insert(id);
            }
        }
        for (key, ids) in given {
            if let Some(id) = ids.first() {
                self.by_name.entry(key.to_owned()).or_insert_with(|| (*id).to_owned());
            }
        }
    }

    /// The names known so far by their content words; none where two things have the same.
    fn by_content(&self, small_words: &SmallWords) -> BTreeMap<Vec<String>, Option<String>> {
        let mut same_words = BTreeMap::new();
        for (name, id) in &self.by_name {
            if let Some(words) = content_words(name, small_words) {
                bind(&mut same_words, words, id);
            }
        }
        same_words
    }

    /// Gives a name that differs from a declared one in number, small words or order alone the id of that.
    fn read_inflected(&mut self, mentions: &[Folded<'_>], same_words: &BTreeMap<Vec<String>, Option<String>>, small_words: &SmallWords) {
        for Folded { key, mention } in mentions {
            if mention.id.is_some() || self.by_name.contains_key(key) {
                continue;
            }
            if let Some(Some(id)) = content_words(key, small_words).and_then(|words| same_words.get(&words)) {
                self.by_name.insert(key.clone(), id.clone());
            }
        }
    }

    /// Gives a long name of which one letter of one word is another, missing or too many the id of the name that is known.
    fn mend_misspelt(&mut self, mentions: &[Folded<'_>]) {
        let unknown: BTreeSet<&String> =
            mentions.iter().map(|mention| &mention.key).filter(|key| key.len() >= LONG_NAME && !self.by_name.contains_key(*key)).collect();
        if unknown.is_empty() {
            return;
        }
        let known = OneWordApart::new(self.by_name.keys());
        let mended = unknown.into_iter().filter_map(|name| {
            let id = self.by_name.get(known.misspelt(name)?)?.clone();
            Some((name.clone(), id))
        });
        let mended: Vec<(String, String)> = mended.collect();
        self.by_name.extend(mended);
    }

    /// Gives an id to every full name that is not known: a slug, the first of its spellings.
    fn read_full_names(&mut self, mentions: &[Folded<'_>]) {
        let mut firsts: BTreeMap<&str, String> = BTreeMap::new();
        for Folded { key, mention } in mentions.iter().filter(|folded| !is_acronym(folded.mention.name)) {
            let slug = slug(mention.name);
            match firsts.entry(key) {
                Entry::Occupied(mut first) if slug < *first.get() => drop(first.insert(slug)),
                Entry::Occupied(_) => {}
                Entry::Vacant(first) => drop(first.insert(slug)),
            }
        }
        for (key, first) in firsts {
            self.by_name.entry(key.to_owned()).or_insert(first);
        }
    }

    /// Ids of names that share an acronym and of which one has all the words of the other: shorter name → fuller name.
    fn same_by_acronym(&self, mentions: &[Folded<'_>]) -> BTreeMap<String, String> {
        let mut by_acronym: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let full_names = || mentions.iter().filter(|folded| !is_acronym(folded.mention.name));
        for Folded { key, mention } in full_names() {
            if let Some((acronym, id)) = mention.acronym.zip(self.by_name.get(key)) {
                by_acronym.entry(fold(acronym)).or_default().insert(id);
            }
        }
        by_acronym.retain(|_, ids| ids.len() > 1);
        let sharing: BTreeSet<&str> = by_acronym.values().flatten().copied().collect();
        let mut words_of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for Folded { key, .. } in full_names().filter(|_| !sharing.is_empty()) {
            if let Some(id) = self.by_name.get(key).filter(|id| sharing.contains(id.as_str())) {
                words_of.entry(id).or_default().extend(key.split(' ').map(str::to_owned));
            }
        }
        let given: BTreeSet<&str> = mentions.iter().filter_map(|folded| folded.mention.id).collect();
        let fullness = |id: &str| (words_of.get(id).map_or(0, BTreeSet::len), id.to_owned());
        let mut aliases: BTreeMap<String, String> = BTreeMap::new();
        for ids in by_acronym.values() {
            for id in ids.iter().filter(|id| !given.contains(*id)) {
                // Only ever towards the fuller name, so that a chain of aliases ends.
                let fuller = ids
                    .iter()
                    .filter(|other| fullness(other) > fullness(id) && words_of.get(*id).is_some_and(|words| words.is_subset(&words_of[*other])));
                if let Some(fullest) = fuller.max_by_key(|other| fullness(other)) {
                    aliases.insert((*id).to_owned(), (*fullest).to_owned());
                }
            }
        }
        let end_of = |id: &String| std::iter::successors(Some(id), |id| aliases.get(*id)).last().unwrap_or(id).clone();
        aliases.keys().map(|id| (id.clone(), end_of(id))).collect()
    }

    fn bind_acronyms(&mut self, mentions: &[Mention<'_>]) {
        for mention in mentions {
            let full_id = if is_acronym(mention.name) { mention.id.map(str::to_owned) } else { self.by_name.get(&fold(mention.name)).cloned() };
            let Some(id) = mention.id.map(str::to_owned).or(full_id) else { continue };
            let acronym = mention.acronym.or_else(|| is_acronym(mention.name).then_some(mention.name));
            if let Some(acronym) = acronym {
                let key = fold(acronym);
                bind(&mut self.bound_in, (mention.source_id.to_owned(), key.clone()), &id);
                bind(&mut self.bound, key, &id);
            }
        }
    }
}

/// The words of a folded name that carry its meaning, each in the singular; none where they are too few to tell. In alphabetical order,
/// unless it lists things: a ministry of labour and trade is not one of trade and labour.
fn content_words(name: &str, small_words: &SmallWords) -> Option<Vec<String>> {
    let singular = |word: &str| word.strip_suffix('s').filter(|short| short.len() >= SHORTEST_SINGULAR).unwrap_or(word).to_owned();
    let lists = name.split(' ').any(|word| small_words.and.contains(word));
    let content = name.split(' ').filter(|word| !small_words.connectors.contains(*word) && !small_words.and.contains(*word));
    let mut words: Vec<String> = content.map(singular).collect();
    if !lists {
        words.sort();
    }
    (words.len() >= ENOUGH_WORDS).then_some(words)
}

/// Binds a key to an id, or to nothing where it is bound to another already.
fn bind<K: Ord>(bindings: &mut BTreeMap<K, Option<String>>, key: K, id: &str) {
    bindings
        .entry(key)
        .and_modify(|bound| {
            if bound.as_deref() != Some(id) {
                *bound = None;
            }
        })
        .or_insert_with(|| Some(id.to_owned()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention<'a>(source_id: &'a str, name: &'a str, acronym: Option<&'a str>) -> Mention<'a> {
        Mention { source_id, name, acronym, id: None }
    }

    fn names_of(mentions: &[Mention<'_>]) -> Names {
        let mut all = Mentions::default();
        mentions.iter().for_each(|mention| all.add(mention));
        all.names(std::iter::empty(), &SmallWords::default())
    }

    #[test]
    fn a_declared_thing_has_its_own_acronym_in_every_language() {
        let other_names = ["Foro del Norte", "FDN"].map(BuiltText::of);
        let declared = Declared { id: "northern-forum", name: "Northern Forum", acronym: Some("NoFo"), kind: "forum", other_names: &other_names };
        assert_eq!(declared.acronym_for("NOFO"), Some("NoFo"));
        assert_eq!(declared.acronym_for("FDN"), Some("NoFo"));
        assert_eq!(declared.acronym_for("ILO"), None, "that of a publisher");
        assert_eq!(Declared { acronym: None, ..declared }.acronym_for("NF"), Some("NF"), "none is known, so the stated one is it");
        assert_eq!(Declared { acronym: None, ..declared }.acronym_for("NORTHERN FORUM"), None, "the name in capitals");
    }

    #[test]
    fn a_name_that_differs_in_small_words_or_number_is_the_declared_one() {
        let other_names = [BuiltText::of("Consultations du Nord sur les migrations")];
        let declared =
            Declared { id: "northern", name: "Northern Consultations on Migration", acronym: None, kind: "forum", other_names: &other_names };
        let ministry = Declared { id: "ministry", name: "Ministry of Trade and Labour", other_names: &[], ..declared };
        let mentions = [
            mention("a", "Consultation du Nord sur la migration", None),
            mention("a", "Northern Consultations on Work", None),
            mention("a", "Consultations du Nord", None),
            mention("a", "Ministry of Labour and Trade", None),
        ];
        let small = ["du", "sur", "la", "les", "of", "on"].map(str::to_owned);
        let mut all = Mentions::default();
        mentions.iter().for_each(|mention| all.add(mention));
        let names = all.names([declared, ministry].into_iter(), &SmallWords { connectors: small.into(), and: BTreeSet::from(["and".to_owned()]) });
        assert_eq!(names.id("a", mentions[0].name, None), "northern");
        assert_eq!(names.id("a", mentions[1].name, None), "northern-consultations-on-work");
        assert_eq!(names.id("a", mentions[2].name, None), "consultations-du-nord", "too few words to tell");
        assert_eq!(names.id("a", mentions[3].name, None), "ministry-of-labour-and-trade", "another order of things is another ministry");
    }

    #[test]
    fn an_acronym_means_what_its_document_binds_it_to() {
        let mentions = [
            mention("a", "Ministry of Labour, Northland", Some("MOL")),
            mention("b", "Ministry of Labour, Southland", Some("MOL")),
            mention("a", "MOL", None),
            mention("c", "MOL", None),
        ];
        let names = names_of(&mentions);
        assert_eq!(names.id("a", "MOL", None), "ministry-of-labour-northland");
        assert_eq!(names.id("b", "MOL", None), "ministry-of-labour-southland");
        assert_eq!(names.id("c", "MOL", None), "mol", "two documents disagree, so a third is not told");
    }

    #[test]
    fn an_acronym_that_all_documents_agree_on_holds_everywhere() {
        let mentions = [mention("a", "Forum of Migrants in the Region", Some("FMR")), mention("b", "FMR", None)];
        let names = names_of(&mentions);
        assert_eq!(names.id("b", "FMR", None), "forum-of-migrants-in-the-region");
    }

    #[test]
    fn another_spelling_is_the_same_thing() {
        let mentions = [mention("a", "Organisation for Labour", None), mention("b", "Organization for Labor", None)];
        let names = names_of(&mentions);
        assert_eq!(names.id("a", "Organisation for Labour", None), names.id("b", "Organization for Labor", None));
    }

    #[test]
    fn a_name_that_normalize_knew_once_is_known_everywhere() {
        let mentions =
            [Mention { source_id: "a", name: "Union of States", acronym: Some("US"), id: Some("union") }, mention("b", "Union of States", None)];
        let names = names_of(&mentions);
        assert_eq!(names.id("b", "Union of States", None), "union");
        assert_eq!(names.id("b", "US", None), "union");
    }

    #[test]
    fn a_misspelt_long_name_is_the_known_one() {
        let known = Mention { source_id: "a", name: "Working Group on Labour Migration and Recruitment", acronym: None, id: Some("working-group") };
        let mentions = [
            known,
            mention("a", "Working Group on Labour Migration and Reruitment", None),
            mention("a", "Working Group on Labour Migration and Retirement", None),
        ];
        let names = names_of(&mentions);
        assert_eq!(names.id("a", mentions[1].name, None), "working-group");
        assert_ne!(names.id("a", mentions[2].name, None), "working-group");
    }

    #[test]
    fn the_shorter_of_two_names_with_one_acronym_is_the_fuller_one() {
        let mentions = [mention("a", "Network on Migration", Some("NOM")), mention("b", "Northern Network on Migration", Some("NOM"))];
        let names = names_of(&mentions);
        assert_eq!(names.id("a", "Network on Migration", None), "northern-network-on-migration");
    }
}
