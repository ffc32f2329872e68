//! Country names: what people write → ISO 3166.
//!
//! In: a name in any language, order, abbreviation or state of damage. Out: a `Resolution`: an entity and how it was found, or a
//! refusal. One fold and one probe answer nearly all; repairs come only after a miss, each ending in an exact hit; fuzzy search is
//! last, strict, and over English and official names only. Tables are compiled by `compile` and lie in the program's read-only data.
//! The table is that of `model::countries`, which running text is read with as well.

mod abbreviated;
mod answers;
mod compile;
mod dated;
mod fuzzy;
mod html;
mod lookalike;
mod mojibake;
mod pack;
mod peel;
mod repair;
mod resolution;
mod resolve;
#[cfg(test)]
mod running_tests;
mod shape;
mod sound;
pub mod stream;
mod wording;
mod written;

pub use crate::model::countries::entity::{Entity, Standing};
pub use crate::model::countries::fold::{fold, fold_spaced};
pub use crate::model::countries::running::Reading;
pub use compile::{FILES, Sources};
pub use resolution::{Resolution, Status};
pub use written::Scratch;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::model::countries::running::Finder;
use crate::model::countries::{CountryTable, clues, entity, fold, fold_rules, hash, initials, layout, words};
use crate::model::gazetteer::UNKNOWN;
use crate::model::tokens;
use chrono::NaiveDate;
use layout::Layout;

/// Resolves names of countries.
///
/// ```
/// use rollcall::normalize::country::{Normalizer, Status};
///
/// let countries = Normalizer::built_in();
/// let found = countries.resolve("Korea, Rep. of");
/// assert_eq!(found.entity().map(|e| &*e.alpha3), Some("KOR"));
/// assert_eq!(countries.resolve("Korea").status(), Status::Ambiguous);
/// assert_eq!(countries.resolve("Bank of China").status(), Status::None);
/// ```
#[derive(Clone, Debug)]
pub struct Normalizer {
    table: Arc<CountryTable>,
    dated: Vec<dated::Dated>,
    /// A project's own names, folded: the entity, and which of the names it is.
    aliases: HashMap<Box<[u8]>, (u16, u16)>,
    /// Whether two- and three-letter codes and numbers count as names. On for columns of codes, off for prose.
    pub codes: bool,
}

impl Normalizer {
    /// The normalizer with the tables of this program. Start-up reads some three hundred lines, no table.
    #[must_use]
    pub fn built_in() -> Self {
        Self::over(CountryTable::built_in())
    }

    /// The normalizer with tables of one's own, given as the texts of `FILES`.
    ///
    /// # Errors
    /// Says which row of which file contradicts what.
    pub fn from_csv(sources: &Sources<'_>) -> Result<Self, String> {
        let table = compile::compile(sources)?;
        CountryTable::over(Cow::Owned(table)).map(Self::over).ok_or_else(|| "the compiled table does not read".to_owned())
    }

    fn over(table: CountryTable) -> Self {
        let dated = dated::Dated::read_all(table.layout().dated().unwrap_or_default());
        Self { table: Arc::new(table), dated, aliases: HashMap::new(), codes: true }
    }

    /// The table, for those who look for names in running text.
    #[must_use]
    pub fn table(&self) -> &Arc<CountryTable> {
        &self.table
    }

    /// Puts a project's own names on top of all others: the name as written and the alpha-3 code. A code that no entity has gives
    /// no name.
    #[must_use]
    pub fn with_aliases<'n>(mut self, aliases: impl IntoIterator<Item = (&'n str, &'n str)>) -> Self {
        for (at, (name, alpha3)) in aliases.into_iter().enumerate() {
            let found = self.entities().iter().position(|entity| *entity.alpha3 == *alpha3 && entity.standing != Standing::Ambiguous);
            if let (Some(entity), Ok(at)) = (found, u16::try_from(at)) {
                self.aliases.insert(fold::fold(name).into_bytes().into(), (entity as u16, at));
            }
        }
        self
    }

    /// What `name` stands for today.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Resolution<'_> {
        self.resolve_with(name, &mut Scratch::default())
    }

    /// Like `resolve`, with buffers that the caller keeps from name to name.
    pub fn resolve_with(&self, name: &str, scratch: &mut Scratch) -> Resolution<'_> {
        if let Some(found) = self.alias(name, scratch) {
            return found;
        }
        resolve::Resolver { table: &self.layout(), entities: self.entities(), codes: self.codes }.resolve(name, scratch)
    }

    /// What `name` stood for on `day`: Zaire is `ZRCD` in 1990 and the Democratic Republic of the Congo in 2000.
    pub fn resolve_on(&self, day: NaiveDate, name: &str, scratch: &mut Scratch) -> Resolution<'_> {
        let today = self.resolve_with(name, scratch);
        if today.alias.is_some() { today } else { dated::at(self, today, name, &day.to_string()) }
    }

    /// A name of the project's own.
    fn alias(&self, name: &str, scratch: &mut Scratch) -> Option<Resolution<'_>> {
        if self.aliases.is_empty() {
            return None;
        }
        fold::fold_into(name, &mut scratch.key);
        let &(id, alias) = self.aliases.get(&*scratch.key).or_else(|| {
            fold::fold_into(peel::peel(name)?, &mut scratch.key);
            self.aliases.get(&*scratch.key)
        })?;
        Some(Resolution { status: Status::Alias, entity: self.entities().get(usize::from(id)), id, demonym: false, alias: Some(alias) })
    }

    /// The countries that an English running text names, first to last; of several that begin at one place the longest.
    ///
    /// ```
    /// use rollcall::normalize::country::{Normalizer, Reading};
    ///
    /// let countries = Normalizer::built_in();
    /// let found = countries.find("Nepalese workers in Papua New Guinea and in Moldova, Republic of");
    /// let found: Vec<_> = found.iter().map(|found| (&*found.entity.alpha3, found.text, found.reading)).collect();
    /// assert_eq!(found, [
    ///     ("NPL", "Nepalese", Reading::Demonym),
    ///     ("PNG", "Papua New Guinea", Reading::Name),
    ///     ("MDA", "Moldova, Republic of", Reading::Name),
    /// ]);
    /// ```
    pub fn find<'t>(&self, text: &'t str) -> Vec<Found<'t, '_>> {
        let tokens = tokens::cut(text, |_, _| UNKNOWN);
        let mut finder = Finder::new(&self.table, text, &tokens, "en");
        let (mut found, mut at) = (Vec::new(), 0);
        while at < tokens.len() {
            let Some(name) = finder.at(at).last().copied() else {
                at += 1;
                continue;
            };
            let bytes = tokens[at].span.to(tokens[name.end - 1].span).range();
            if let Some(entity) = self.entities().get(usize::from(name.entity)).filter(|_| name.reading != Reading::Other) {
                found.push(Found { text: &text[bytes.clone()], bytes, entity, reading: name.reading });
            }
            at = name.end;
        }
        found
    }

    /// Up to three entities whose names come near `name`, for a message; nearest first.
    pub fn suggest(&self, name: &str) -> Vec<&Entity> {
        let layout = self.layout();
        let key = fold::fold(peel::peel(name).unwrap_or(name));
        fuzzy::suggestions(&layout, key.as_bytes()).into_iter().filter_map(|e| self.entities().get(e as usize)).collect()
    }

    /// How many edits `name` is from the nearest name that fuzzy search reaches, up to two; for tests of its strictness.
    #[doc(hidden)]
    pub fn edits(&self, name: &str) -> Option<usize> {
        let (layout, key) = (self.layout(), fold::fold(name));
        let of = |id| Some(layout.target(id)).filter(|t| t.entity != layout::NOBODY).and_then(|t| fuzzy::within(key.as_bytes(), t.key, 2));
        (1..=layout.targets()).filter_map(of).min()
    }

    /// All entities, in the order of their numbers.
    pub fn entities(&self) -> &[Entity] {
        self.table.entities()
    }

    fn by_alpha2(&self, code: &str) -> Option<u16> {
        let of = |e: &Entity| *e.alpha2 == *code && matches!(e.standing, Standing::Iso | Standing::UserAssigned);
        self.entities().iter().position(|e| of(e) || (!e.alpha4.is_empty() && *e.alpha4 == *code)).map(|i| i as u16)
    }

    fn layout(&self) -> Layout<'_> {
        self.table.layout()
    }
}

/// A country in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'t, 'a> {
    pub bytes: Range<usize>,
    pub text: &'t str,
    pub entity: &'a Entity,
    pub reading: Reading,
}
