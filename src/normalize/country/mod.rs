//! Country names: what people write → ISO 3166.
//!
//! In: a name in any language, order, abbreviation or state of damage. Out: a `Resolution`: an entity and how it was found, or a
//! refusal. One fold and one probe answer nearly all; repairs come only after a miss, each ending in an exact hit; fuzzy search is
//! last, strict, and over English and official names only. Tables are compiled by `compile` and lie in the program's read-only data.
//! The module imports nothing of the crate, so the command and the pipeline get the same answers.

mod compile;
mod dated;
mod entity;
mod finder;
mod fold;
mod fold_rules;
mod fuzzy;
mod hash;
mod html;
mod layout;
mod lookalike;
mod mojibake;
mod peel;
mod repair;
mod resolve;
mod shape;
pub mod stream;
mod words;

pub use compile::{FILES, Sources};
pub use entity::{Entity, Standing};
pub use finder::{Found, Reading};
pub use fold::{fold, fold_spaced};
pub use resolve::{Resolution, Scratch, Status};

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::NaiveDate;
use layout::Layout;

/// The table that is compiled into the program, aligned for nobody: all reads are of bytes.
static BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/country_table.bin"));

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
    table: Cow<'static, [u8]>,
    sections: layout::Sections,
    entities: Vec<Entity>,
    dated: Vec<dated::Dated>,
    /// A project's own names, folded: the entity, and which of the names it is.
    aliases: HashMap<Box<[u8]>, (u16, u16)>,
    /// Whether two- and three-letter codes and numbers count as names. On for columns of codes, off for prose.
    pub codes: bool,
}

impl Normalizer {
    /// The normalizer with the tables of this program. Start-up reads some three hundred lines, no table.
    #[expect(clippy::expect_used, reason = "the build script writes a table that reads, or the build fails")]
    #[must_use]
    pub fn built_in() -> Self {
        Self::over(Cow::Borrowed(BUILT_IN)).expect("the table of the build reads")
    }

    /// The normalizer with tables of one's own, given as the texts of `FILES`.
    ///
    /// # Errors
    /// Says which row of which file contradicts what.
    pub fn from_csv(sources: &Sources<'_>) -> Result<Self, String> {
        let table = compile::compile(sources)?;
        Self::over(Cow::Owned(table)).ok_or_else(|| "the compiled table does not read".to_owned())
    }

    fn over(table: Cow<'static, [u8]>) -> Option<Self> {
        let sections = Layout::sections(&table)?;
        let layout = Layout::new(&table, &sections);
        let (entities, dated) = (Entity::read_all(layout.entities()?), dated::Dated::read_all(layout.dated()?));
        Some(Self { table, sections, entities, dated, aliases: HashMap::new(), codes: true })
    }

    /// Puts a project's own names on top of all others: the name as written and the alpha-3 code. A code that no entity has gives
    /// no name.
    #[must_use]
    pub fn with_aliases<'n>(mut self, aliases: impl IntoIterator<Item = (&'n str, &'n str)>) -> Self {
        for (at, (name, alpha3)) in aliases.into_iter().enumerate() {
            let found = self.entities.iter().position(|entity| *entity.alpha3 == *alpha3 && entity.standing != Standing::Ambiguous);
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
        resolve::Resolver { table: &self.layout(), entities: &self.entities, codes: self.codes }.resolve(name, scratch)
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
        Some(Resolution { status: Status::Alias, entity: self.entities.get(usize::from(id)), id, demonym: false, alias: Some(alias) })
    }

    /// The countries that a running text names, first to last, longest first where several start at one place.
    pub fn find<'t>(&self, text: &'t str) -> Vec<Found<'t, '_>> {
        finder::find(self, text)
    }

    /// Up to three entities whose names come near `name`, for a message; nearest first.
    pub fn suggest(&self, name: &str) -> Vec<&Entity> {
        let layout = self.layout();
        let key = fold::fold(peel::peel(name).unwrap_or(name));
        fuzzy::suggestions(&layout, key.as_bytes()).into_iter().filter_map(|e| self.entities.get(e as usize)).collect()
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
        &self.entities
    }

    fn by_alpha2(&self, code: &str) -> Option<u16> {
        let of = |e: &Entity| *e.alpha2 == *code && matches!(e.standing, Standing::Iso | Standing::UserAssigned);
        self.entities.iter().position(|e| of(e) || (!e.alpha4.is_empty() && *e.alpha4 == *code)).map(|i| i as u16)
    }

    fn layout(&self) -> Layout<'_> {
        Layout::new(&self.table, &self.sections)
    }
}
