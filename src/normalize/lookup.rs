//! Look-up of names: countries by the normalizer as of the day of the document, all others in the gazetteer, by the whole name or
//! the longest known name within it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDate;

use super::Context;
use super::country::{Normalizer, Resolution, Scratch, Status};
use super::strangers::Look;
use crate::model::fx::BuildFx;
use crate::model::gazetteer::{Gazetteer, Shape, Tag};
use crate::model::reference::Reference;
use crate::model::tokens::{Mark, Token, Tokens};

/// Names to positions in the reference data.
#[derive(Debug)]
pub struct Lookup<'a> {
    gazetteer: &'a Gazetteer,
    reference: &'a Reference,
    countries: &'a Normalizer,
    /// The day of the document: names of countries are resolved as of it.
    day: Option<NaiveDate>,
    /// What was found in the names of this document: the rows of a list have one dialogue.
    scanned: RefCell<HashMap<Box<str>, Rc<Tokens>, BuildFx>>,
}

/// What a name is among countries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    Country {
        /// Position in the reference data.
        at: usize,
        /// As the published names call it.
        method: &'static str,
        /// The row of the project's own alias.
        alias: Option<usize>,
    },
    /// The countries that it can be: name and alpha-3 code.
    Several(Vec<(&'a str, &'a str)>),
    /// The names of countries that are written much like it.
    Unknown { near: Vec<(&'a str, &'a str)> },
}

impl<'a> Lookup<'a> {
    pub fn new(context: &Context<'a>) -> Self {
        Self {
            gazetteer: context.gazetteer,
            reference: &context.schemas.reference,
            countries: context.countries,
            day: context.document.entry.day().map(|period| period.start),
            scanned: RefCell::default(),
        }
    }

    /// Whether a country is called so, or several are.
    pub fn is_of_country(&self, name: &str) -> bool {
        !matches!(self.resolve(name).status(), Status::Fuzzy | Status::None)
    }

    fn resolve(&self, name: &str) -> Resolution<'a> {
        let mut scratch = Scratch::default();
        match self.day {
            Some(day) => self.countries.resolve_on(day, name, &mut scratch),
            None => self.countries.resolve_with(name, &mut scratch),
        }
    }

    pub fn country(&self, name: &str) -> Answer<'a> {
        let found = self.resolve(name);
        let at = found.entity().and_then(|_| self.gazetteer.country(found.number().0)).map(usize::from);
        if let Some(at) = at {
            return Answer::Country { at, method: found.status().name(), alias: found.alias() };
        }
        if found.status() == Status::Ambiguous {
            return Answer::Several(found.candidates().iter().map(|code| self.named(code)).collect());
        }
        Answer::Unknown { near: self.countries.suggest(name).into_iter().map(|entity| (&*entity.name, &*entity.alpha3)).collect() }
    }

    /// What the words of a name that is not known say of the one who bears it.
    pub fn look(&self, name: &str) -> Look {
        let tokens = self.scan(name);
        let is_of_body = |tag: Tag| {
            matches!(
                tag,
                Tag::OrganizationHead(_)
                    | Tag::Organization(_)
                    | Tag::UnitHead
                    | Tag::Body
                    | Tag::WorkingGroup
                    | Tag::PartyNoun(_)
                    | Tag::Group(_)
                    | Tag::Dialogue(_)
                    | Tag::DialogueHead(_)
                    | Tag::ProgrammeHead
            )
        };
        let is_acronym = |token: &Token| token.shape == Shape::Upper && name[token.span.range()].chars().nth(1).is_some();
        if tokens.marks.iter().any(|mark| is_of_body(mark.tag)) || tokens.tokens.iter().any(is_acronym) {
            return Look::Body;
        }
        if self.resolve(name).status() == Status::Fuzzy {
            return Look::Misspelt;
        }
        let is_plain = tokens.marks.is_empty() && tokens.tokens.len() <= PLAIN && tokens.tokens.iter().all(|token| token.shape == Shape::Capital);
        if is_plain { Look::Plain } else { Look::Long }
    }

    /// Name and alpha-3 code of the country with an alpha-2 code; that code where the reference data lacks it.
    fn named(&self, alpha2: &'a str) -> (&'a str, &'a str) {
        let country = self.reference.countries.iter().find(|country| country.iso2.as_deref() == Some(alpha2));
        country.map_or((alpha2, alpha2), |country| (country.name.as_str(), country.iso3.as_str()))
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

    /// The group in a name such as `EU27` or `Harbour Process States`; a dialogue that is also a group counts.
    pub fn group_within(&self, name: &str) -> Option<usize> {
        self.within(name, |tag| matches!(tag, Tag::Group(_))).or_else(|| {
            let dialogue = self.dialogue_within(name)?;
            let group = self.reference.dialogues[dialogue].group_id.as_ref()?;
            self.reference.groups.iter().position(|candidate| &candidate.group_id == group)
        })
    }

    /// A city whose name alone says which place is meant.
    pub fn city(&self, name: &str) -> Option<usize> {
        let tokens = self.scan(name);
        let cities: Vec<usize> = tokens
            .marks
            .iter()
            .filter(|mark| covers(&tokens, mark))
            .filter_map(|mark| index(mark.tag).filter(|_| matches!(mark.tag, Tag::City(_))))
            .collect();
        let [city] = cities.as_slice() else { return None };
        let is_clear = self.reference.cities[*city].ambiguous.as_deref().is_none_or(|ambiguous| matches!(ambiguous, "" | "false" | "country"));
        is_clear.then_some(*city)
    }

    fn scan(&self, name: &str) -> Rc<Tokens> {
        if let Some(tokens) = self.scanned.borrow().get(name) {
            return Rc::clone(tokens);
        }
        let tokens = Rc::new(Tokens::scan_wording(name, self.gazetteer));
        self.scanned.borrow_mut().insert(name.into(), Rc::clone(&tokens));
        tokens
    }

    fn whole(&self, name: &str, of: impl Fn(Tag) -> bool) -> Option<usize> {
        let tokens = self.scan(name);
        tokens.marks.iter().filter(|mark| of(mark.tag) && covers(&tokens, mark)).find_map(|mark| index(mark.tag))
    }

    fn within(&self, name: &str, of: impl Fn(Tag) -> bool) -> Option<usize> {
        let tokens = self.scan(name);
        let longest = tokens.marks.iter().filter(|mark| of(mark.tag)).max_by_key(|mark| (mark.end - mark.first, usize::MAX - mark.first))?;
        index(longest.tag)
    }
}

/// Most words of a name that says nothing of the one who bears it.
const PLAIN: usize = 2;

/// Whether a mark covers the text but for articles, note marks and a bracket behind it.
fn covers(tokens: &Tokens, mark: &Mark) -> bool {
    let before = (0..mark.first).all(|token| tokens.mark_at(token, |tag| tag == Tag::Article).is_some());
    let is_sign = |token: usize| matches!(tokens.tokens[token].shape, Shape::Mark | Shape::Number);
    let after = (mark.end..tokens.tokens.len()).all(is_sign);
    before && after
}

fn index(tag: Tag) -> Option<usize> {
    match tag {
        Tag::Country(at) | Tag::Organization(at) | Tag::Dialogue(at) | Tag::Group(at) | Tag::City(at) => Some(at as usize),
        _ => None,
    }
}
