//! From a name to an answer: look up, peel, reorder, repair, and only then measure distance.
//!
//! In: a name and the table. Out: a `Resolution`. The steps are tried in order and the first that ends in a hit decides. A refusal on
//! the way (a demonym, a city, an ambiguous name) ends the search: it is an answer.

use super::{
    entity::{Entity, Standing},
    fold, fuzzy,
    layout::{Hit, Kind, Layout, NOBODY, prefix},
    lookalike, mojibake, peel, repair, shape, words,
};

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
    pub fn candidates(&self) -> &'a [Box<str>] {
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

    /// The number of the answer, for those who keep something for each: the entity's and the status's.
    pub fn number(&self) -> (u16, Status) {
        (self.id, self.status)
    }
}

/// Buffers for one name after another.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(super) key: Vec<u8>,
    spaced: Vec<u8>,
    words: Vec<u8>,
    shape: Vec<u8>,
}

/// How far a repair may repeat itself.
const DEPTH: u8 = 3;
/// Longer names are nobody's.
const LONGEST_NAME: usize = 300;

#[derive(Clone, Copy)]
pub(super) struct Resolver<'a, 't> {
    pub table: &'t Layout<'t>,
    pub entities: &'a [Entity],
    pub codes: bool,
}

impl<'a> Resolver<'a, '_> {
    pub fn resolve(self, name: &str, s: &mut Scratch) -> Resolution<'a> {
        if name.len() > LONGEST_NAME {
            return Resolution::NONE;
        }
        // Mojibake goes first: "KÃ­na" folds to a name of Ghana.
        if mojibake::is_likely(name) {
            let undone = mojibake::undo(name).find_map(|t| self.plain(&t, s).or_else(|| self.repaired(&t, s, DEPTH - 1)));
            if let Some(found) = undone.filter(|r| r.entity.is_some()) {
                return alias(found);
            }
        }
        // Letters that were lost are asked after before the rest is taken for the whole.
        if repair::has_lost_letters(name) {
            return self.with_lost_letters(name).map_or(Resolution::NONE, alias);
        }
        match self.plain(name, s) {
            Some(found) if found.entity.is_some() && !found.demonym => found,
            // A refusal, but of a name with a note: "Jordan[a]" folds to a given name.
            Some(refused) => peel::peel(name).and_then(|core| self.plain(core, s)).map_or(refused, alias),
            None => self.repaired(name, s, DEPTH).or_else(|| self.fuzzy(name, s)).unwrap_or(Resolution::NONE),
        }
    }

    /// A code or a name, as it stands.
    fn plain(self, name: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        if let Some(code) = self.code(name, s) {
            return Some(code);
        }
        fold::fold_into(name, &mut s.key);
        if s.key.is_empty() {
            return None;
        }
        self.table.get(&s.key).map(|hit| self.answer(hit, false))
    }

    fn code(self, name: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        let name = name.trim_ascii();
        if !self.codes || !(2..=4).contains(&name.len()) || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        s.words.clear();
        s.words.push(prefix::CODE);
        s.words.extend(name.bytes().map(|b| b.to_ascii_lowercase()));
        self.table.get(&s.words).map(|hit| self.answer(hit, false))
    }

    /// Everything between a miss and edit distance. Leaves nothing behind in `s` that anybody needs.
    fn repaired(self, name: &str, s: &mut Scratch, depth: u8) -> Option<Resolution<'a>> {
        if depth == 0 {
            return None;
        }
        let peeled = peel::peel(name);
        let core = peeled.unwrap_or(name);
        let ascii = core.is_ascii();
        peeled
            .and_then(|core| self.plain(core, s))
            .or_else(|| self.without_article(core, s))
            .or_else(|| self.reordered(core, s))
            .or_else(|| self.former(core, s))
            .or_else(|| self.unescaped(name, s, depth))
            .or_else(|| if ascii { None } else { self.in_one_script(core, s) })
            .or_else(|| self.said_twice(name, s, depth))
            .or_else(|| if core.contains('?') { self.with_lost_letters(core) } else { None })
            .or_else(|| if ascii { self.by_shape(core, s) } else { None })
            .map(alias)
    }

    /// `the Gambia`, `Bahamas (The)`.
    fn without_article(self, core: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        fold::fold_into(core, &mut s.key);
        let rest = s.key.strip_prefix(b"the").or_else(|| s.key.strip_suffix(b"the")).filter(|k| k.len() > 2)?;
        self.table.get(rest).filter(|hit| hit.kind != Kind::Stop).map(|hit| self.answer(hit, false))
    }

    /// The same words in another order, abbreviated or with articles.
    fn reordered(self, core: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        if !core.bytes().any(|b| !b.is_ascii_alphanumeric()) {
            return None;
        }
        fold::fold_spaced_into(core, &mut s.spaced);
        let spaced = std::str::from_utf8(&s.spaced).ok().filter(|w| w.is_ascii() && w.contains(' '))?;
        words::bag(spaced, &mut s.shape);
        s.words.clear();
        s.words.push(prefix::WORDS);
        s.words.extend_from_slice(&s.shape);
        self.table.get(&s.words).filter(|_| !s.shape.is_empty()).map(|hit| self.answer(hit, false))
    }

    /// `Ex-USSR`, `Czechoslovakia (former)`, `former Yugoslavia`.
    fn former(self, core: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        let name = without_former(core)?;
        self.plain(name, s).or_else(|| self.reordered(name, s)).filter(|r| r.entity.is_some())
    }

    fn unescaped(self, name: &str, s: &mut Scratch, depth: u8) -> Option<Resolution<'a>> {
        let again = |text: &str, s: &mut Scratch| self.plain(text, s).or_else(|| self.repaired(text, s, depth - 1));
        if let Some(found) = repair::unescape(name).and_then(|t| again(&t, s)) {
            return Some(found);
        }
        if name.is_ascii() {
            return None;
        }
        mojibake::undo(name).find_map(|t| again(&t, s))
    }

    fn in_one_script(self, name: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        if name.is_ascii() {
            return None;
        }
        [lookalike::to_latin(name), lookalike::to_cyrillic(name)]
            .into_iter()
            .flatten()
            .find_map(|t| self.plain(&t, s).or_else(|| peel::peel(&t).and_then(|t| self.plain(t, s))).or_else(|| self.reordered(&t, s)))
    }

    /// `Japan (Nippon)`, `Myanmar/Burma`, `Benin (formerly Dahomey)`, `Guam (US)`: two names that agree.
    fn said_twice(self, name: &str, s: &mut Scratch, depth: u8) -> Option<Resolution<'a>> {
        let (first, second) = halves(name)?;
        let of = |part: &str, s: &mut Scratch| {
            let part = without_formerly(part);
            self.plain(part, s).or_else(|| self.repaired(part, s, depth - 1))
        };
        let a = of(first, s)?;
        let b = of(second, s)?;
        self.agree(a, b).or_else(|| self.agree(b, a))
    }

    /// Whether `b` says the same as `a`, or only explains it.
    fn agree(self, a: Resolution<'a>, b: Resolution<'a>) -> Option<Resolution<'a>> {
        let (ea, eb) = (a.entity?, b.entity?);
        if a.demonym || b.demonym {
            return None;
        }
        let present = |e: &Entity| matches!(e.standing, Standing::Iso | Standing::UserAssigned);
        let same = a.id == b.id
            || (present(ea) && ea.sovereigns.contains(&eb.alpha2) && present(eb))
            || (present(ea) && eb.standing == Standing::Former && eb.successors.contains(&ea.alpha2))
            || (present(ea) && eb.standing == Standing::Ambiguous && eb.successors.contains(&ea.alpha2));
        same.then_some(a)
    }

    fn with_lost_letters(self, name: &str) -> Option<Resolution<'a>> {
        let mut found: Option<Hit> = None;
        let mut several = false;
        repair::lost_letters(name, |key| {
            if let Some(hit) = self.table.get(key).filter(|h| !matches!(h.kind, Kind::Stop | Kind::Demonym)) {
                several |= found.is_some_and(|f| f.entity != hit.entity);
                found = Some(hit);
            }
        });
        found.filter(|_| !several).map(|hit| self.answer(hit, false))
    }

    /// Letters that scanners mix up.
    fn by_shape(self, core: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        fold::fold_into(core, &mut s.key);
        if s.key.len() < 4 || !core.bytes().any(|b| b.is_ascii_alphabetic()) || s.key.len() == 4 && !looks_scanned(core) {
            return None;
        }
        [shape::First::Doubles, shape::First::Others].into_iter().find_map(|first| {
            s.shape.clear();
            s.shape.push(prefix::SHAPE);
            shape::append_shape(&s.key, first, &mut s.shape);
            self.table.get(&s.shape).map(|hit| self.answer(hit, false))
        })
    }

    fn fuzzy(self, name: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        let core = peel::peel(name).unwrap_or(name);
        fold::fold_into(core, &mut s.key);
        if !s.key.is_ascii() {
            return None;
        }
        let found = fuzzy::search(self.table, &s.key).or_else(|| fuzzy::search(self.table, s.key.strip_prefix(b"the")?))?;
        let hit = Hit { entity: found, kind: Kind::Common };
        Some(self.answer(hit, true)).filter(|r| r.entity.is_some())
    }

    fn answer(self, hit: Hit, fuzzy: bool) -> Resolution<'a> {
        let entity = self.entities.get(hit.entity as usize);
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
}

/// A name that had to be changed to be found.
fn alias(mut r: Resolution<'_>) -> Resolution<'_> {
    if r.status == Status::Exact {
        r.status = Status::Alias;
    }
    r
}

/// `A (B)`, `A [B]`, `A / B`, `A - B`, `A or B`, `A, B`.
fn halves(name: &str) -> Option<(&str, &str)> {
    let name = name.trim();
    let bracket = name.bytes().position(|b| matches!(b, b'(' | b'['));
    let (at, len) = match bracket.filter(|&at| at > 0) {
        Some(at) => (at, 1),
        None => separator(name)?,
    };
    let second = name[at + len..].trim_end_matches([')', ']']);
    Some((&name[..at], second)).filter(|(a, b)| !a.trim().is_empty() && !b.trim().is_empty())
}

/// The first separator of two names: where, and how long.
fn separator(name: &str) -> Option<(usize, usize)> {
    const WORDS: [&str; 5] = [" - ", " or ", " formerly ", " – ", " — "];
    name.bytes().enumerate().find_map(|(at, b)| match b {
        b'/' | b'|' | b',' | b';' | b'=' if at > 0 => Some((at, 1)),
        b' ' => WORDS.iter().find(|w| name[at..].starts_with(*w)).map(|w| (at, w.len())),
        _ => None,
    })
}

/// The name of what is said to be former; `None` where nothing is said so.
fn without_former(core: &str) -> Option<&str> {
    const BEFORE: [&str; 6] = ["ex-", "ex ", "former ", "formerly ", "the former ", "fmr. "];
    const BEHIND: [&str; 8] = ["(former)", ", former", "(former", ", ex", "(ex)", "(formerly)", "(historical)", "- former"];
    let starts = |w: &str| core.get(..w.len()).is_some_and(|p| p.eq_ignore_ascii_case(w));
    let ends = |w: &str| core.len() > w.len() && core.get(core.len() - w.len()..).is_some_and(|p| p.eq_ignore_ascii_case(w));
    let before = BEFORE.iter().find(|w| starts(w)).map(|w| &core[w.len()..]);
    before.or_else(|| BEHIND.iter().find(|w| ends(w)).map(|w| core[..core.len() - w.len()].trim_end()))
}

/// `formerly Zaire` → `Zaire`.
fn without_formerly(part: &str) -> &str {
    let part = part.trim();
    const BEFORE: [&str; 14] = [
        "formerly known as ",
        "formerly ",
        "former ",
        "now ",
        "also known as ",
        "aka ",
        "a.k.a. ",
        "ex-",
        "ex ",
        "previously ",
        "also ",
        "or ",
        "part of ",
        "fmr. ",
    ];
    BEFORE.iter().find_map(|w| part.get(..w.len()).filter(|p| p.eq_ignore_ascii_case(w)).map(|_| &part[w.len()..])).unwrap_or(part)
}

/// Digits among letters, or an l where a capital I belongs: signs of a scanner, asked for where a name has only four letters.
fn looks_scanned(name: &str) -> bool {
    name.bytes().any(|b| b.is_ascii_digit())
        || name.starts_with('l')
        || name.bytes().skip(1).any(|b| b == b'I') && name.bytes().any(|b| b.is_ascii_lowercase())
}
