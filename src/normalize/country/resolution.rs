//! The answer to a name: which country, and how it was found or why not.
//!
//! In: what the steps of `resolve` found. Out: what callers ask of it. A refusal is an answer too, and carries what it refused.

use super::{
    entity::{Entity, Standing},
    layout::{Hit, Kind, NOBODY},
};
use crate::model::built_text::BuiltText;

/// How a name was found, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A code or a name that the table has.
    Exact,
    /// An abbreviation, another order of words, a former name, or a name that had to be repaired.
    Alias,
    /// A misspelling, by edit distance.
    Fuzzy,
    /// An entity that is no longer, with its withdrawn codes.
    Historical,
    /// Several countries, and no way to choose.
    Ambiguous,
    /// No country.
    None,
}

impl Status {
    pub(super) const ALL: [Status; 6] = [Status::Exact, Status::Alias, Status::Fuzzy, Status::Historical, Status::Ambiguous, Status::None];

    /// The place of the status among all.
    pub(super) fn number(self) -> usize {
        self as usize
    }

    pub fn name(self) -> &'static str {
        match self {
            Status::Exact => "exact",
            Status::Alias => "alias",
            Status::Fuzzy => "fuzzy",
            Status::Historical => "historical",
            Status::Ambiguous => "ambiguous",
            Status::None => "none",
        }
    }
}

/// The answer to a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution<'a> {
    pub(super) status: Status,
    pub(super) entity: Option<&'a Entity>,
    pub(super) id: u16,
    pub(super) demonym: bool,
    pub(super) alias: Option<u16>,
}

impl<'a> Resolution<'a> {
    pub const NONE: Resolution<'static> = Resolution { status: Status::None, entity: None, id: NOBODY, demonym: false, alias: None };

    pub fn status(&self) -> Status {
        self.status
    }

    /// The country or former country; `None` where the name was refused.
    pub fn entity(&self) -> Option<&'a Entity> {
        self.entity.filter(|_| !matches!(self.status, Status::Ambiguous | Status::None))
    }

    /// The codes between which an ambiguous name leaves the choice.
    pub fn candidates(&self) -> &'a [BuiltText] {
        self.entity.filter(|_| self.status == Status::Ambiguous).map_or(&[], |e| &e.successors)
    }

    /// Whether the name is that of a people or a language, not of their country.
    pub fn is_demonym(&self) -> bool {
        self.demonym
    }

    /// Which of the project's own aliases gave the answer, by its place in the list.
    pub fn alias(&self) -> Option<usize> {
        self.alias.map(usize::from)
    }

    /// The answer that a hit of the table is.
    pub(super) fn of(hit: Hit, fuzzy: bool, entities: &'a [Entity]) -> Self {
        let entity = entities.get(hit.entity as usize);
        let status = match (hit.kind, entity.map(|e| e.standing)) {
            (Kind::Stop | Kind::Demonym, _) | (_, None) => Status::None,
            (_, Some(Standing::Ambiguous)) => Status::Ambiguous,
            (_, Some(Standing::Former)) => Status::Historical,
            _ if fuzzy => Status::Fuzzy,
            (Kind::Abbreviation | Kind::Former | Kind::Inverted, _) => Status::Alias,
            _ => Status::Exact,
        };
        Resolution { status, entity, id: if entity.is_some() { hit.entity } else { NOBODY }, demonym: hit.kind == Kind::Demonym, alias: None }
    }

    /// The number of the answer, for those who keep something for each: the entity's and the status's.
    pub fn number(&self) -> (u16, Status) {
        (self.id, self.status)
    }
}
