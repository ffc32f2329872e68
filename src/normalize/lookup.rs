//! Look-up of names in the gazetteer: the whole name, or the longest known name within it.

use crate::model::gazetteer::{Gazetteer, Tag, fold};
use crate::model::reference::Reference;
use crate::model::tokens::{Mark, Tokens};

/// Names to positions in the reference data.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    gazetteer: &'a Gazetteer,
    reference: &'a Reference,
}

impl<'a> Lookup<'a> {
    pub fn new(gazetteer: &'a Gazetteer, reference: &'a Reference) -> Self {
        Self { gazetteer, reference }
    }

    pub fn country(&self, name: &str) -> Option<usize> {
        self.whole(name, |tag| matches!(tag, Tag::Country(_)))
    }

    pub fn organization(&self, name: &str) -> Option<usize> {
        self.whole(name, |tag| matches!(tag, Tag::Organization(_)))
    }

    pub fn dialogue(&self, name: &str) -> Option<usize> {
        self.whole(name, |tag| matches!(tag, Tag::Dialogue(_)))
    }

    pub fn organization_within(&self, name: &str) -> Option<usize> {
        self.within(name, |tag| matches!(tag, Tag::Organization(_)))
    }

    pub fn dialogue_within(&self, name: &str) -> Option<usize> {
        self.within(name, |tag| matches!(tag, Tag::Dialogue(_)))
    }

    /// The group in a name such as `EU27` or `Colombo Process States`; a dialogue that is also a group counts.
    pub fn group_within(&self, name: &str) -> Option<usize> {
        self.within(name, |tag| matches!(tag, Tag::Group(_))).or_else(|| {
            let dialogue = self.dialogue_within(name)?;
            let group = self.reference.dialogues[dialogue].group_id.as_ref()?;
            self.reference.groups.iter().position(|candidate| &candidate.group_id == group)
        })
    }

    /// A city whose name alone says which place is meant.
    pub fn city(&self, name: &str) -> Option<usize> {
        let text = name.to_owned();
        let tokens = Tokens::scan(&text, self.gazetteer);
        let cities: Vec<usize> = tokens.marks.iter().filter(|mark| covers(&tokens, mark)).filter_map(|mark| index(mark.tag).filter(|_| matches!(mark.tag, Tag::City(_)))).collect();
        let [city] = cities.as_slice() else { return None };
        let is_clear = self.reference.cities[*city].ambiguous.as_deref().is_none_or(|ambiguous| matches!(ambiguous, "" | "false" | "country"));
        is_clear.then_some(*city)
    }

    /// The known name of a country that is one or two letters away.
    pub fn suggestion(&self, name: &str) -> Option<&'a str> {
        let wanted = fold(name);
        let distance = |country: &str| edits(&wanted, &fold(country));
        let nearest = self.reference.countries.iter().min_by_key(|country| distance(&country.name))?;
        (distance(&nearest.name) <= 2).then_some(nearest.name.as_str())
    }

    fn whole(&self, name: &str, of: impl Fn(Tag) -> bool) -> Option<usize> {
        let tokens = Tokens::scan(name, self.gazetteer);
        tokens.marks.iter().filter(|mark| of(mark.tag) && covers(&tokens, mark)).find_map(|mark| index(mark.tag))
    }

    fn within(&self, name: &str, of: impl Fn(Tag) -> bool) -> Option<usize> {
        let tokens = Tokens::scan(name, self.gazetteer);
        let longest = tokens.marks.iter().filter(|mark| of(mark.tag)).max_by_key(|mark| (mark.end - mark.first, usize::MAX - mark.first))?;
        index(longest.tag)
    }
}

/// Whether a mark covers the text but for articles, note marks and a bracket behind it.
fn covers(tokens: &Tokens, mark: &Mark) -> bool {
    let before = (0..mark.first).all(|token| tokens.mark_at(token, |tag| tag == Tag::Article).is_some());
    let is_sign = |token: usize| matches!(tokens.tokens[token].shape, crate::model::gazetteer::Shape::Mark | crate::model::gazetteer::Shape::Number);
    let after = (mark.end..tokens.tokens.len()).all(is_sign);
    before && after
}

fn index(tag: Tag) -> Option<usize> {
    match tag {
        Tag::Country(at) | Tag::Organization(at) | Tag::Dialogue(at) | Tag::Group(at) | Tag::City(at) => Some(at as usize),
        _ => None,
    }
}

/// Levenshtein distance in characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
