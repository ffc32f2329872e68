//! From a name to an answer: look up, peel, reorder, repair, and only then measure distance.
//!
//! In: a name and the table. Out: a `Resolution`. The steps are tried in order and the first that ends in a hit decides. A refusal on
//! the way (a demonym, a city, an ambiguous name) ends the search: it is an answer.

use super::{
    compile::ONE_EDIT,
    entity::{Entity, Standing},
    fold, fuzzy,
    hash::LONGEST,
    layout::{Hit, Kind, Layout, NOBODY, prefix},
    lookalike, mojibake, peel, repair, shape, sound, words,
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

/// What a name is written with. It says which repairs can have something to do: most have nothing.
#[derive(Clone, Copy)]
struct Signs(u8);

impl Signs {
    /// Anything but letters and digits: words can be apart.
    const APART: u8 = 1;
    const DIGIT: u8 = 1 << 1;
    const BRACKET: u8 = 1 << 2;
    /// What escapes begin with.
    const ESCAPE: u8 = 1 << 3;
    const QUESTION: u8 = 1 << 4;
    /// Anything but ASCII.
    const FOREIGN: u8 = 1 << 5;

    const OF: [u8; 256] = {
        let mut of = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let sign = match byte as u8 {
                b'0'..=b'9' => Self::DIGIT,
                b'a'..=b'z' | b'A'..=b'Z' => 0,
                b'(' | b')' | b'[' | b']' | b'{' | b'}' => Self::BRACKET | Self::APART,
                b'&' | b'%' | b'\\' | b'=' | b'<' => Self::ESCAPE | Self::APART,
                b'?' => Self::QUESTION | Self::APART,
                0x80..=0xFF => Self::FOREIGN | Self::APART,
                _ => Self::APART,
            };
            of[byte] = sign;
            byte += 1;
        }
        of
    };

    fn of(name: &str) -> Self {
        Self(name.bytes().fold(0, |signs, byte| signs | Self::OF[usize::from(byte)]))
    }

    fn have(self, signs: u8) -> bool {
        self.0 & signs != 0
    }

    /// Whether something can stand around the name: a number, a note, a sign in front or behind.
    fn may_peel(self, name: &str) -> bool {
        let ends = [name.as_bytes().first(), name.as_bytes().last()];
        self.have(Self::DIGIT | Self::BRACKET | Self::FOREIGN) || !ends.into_iter().flatten().all(u8::is_ascii_alphabetic)
    }
}

/// A folded name that is kept while others are folded: ASCII, and not longer than names that repairs and edit distance reach.
struct Key {
    bytes: [u8; LONGEST],
    len: Option<u8>,
}

impl Default for Key {
    fn default() -> Self {
        Self { bytes: [0; LONGEST], len: None }
    }
}

impl Key {
    fn of(folded: &[u8]) -> Self {
        let mut key = Self::default();
        if folded.len() <= LONGEST && folded.is_ascii() {
            key.bytes[..folded.len()].copy_from_slice(folded);
            key.len = Some(folded.len() as u8);
        }
        key
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.len.map(|len| &self.bytes[..usize::from(len)])
    }
}

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
        let signs = Signs::of(name);
        // Mojibake goes first: "KÃ­na" folds to a name of Ghana.
        if signs.have(Signs::FOREIGN) && mojibake::is_likely(name) {
            let undone = mojibake::undo(name).find_map(|t| self.plain(&t, s).or_else(|| self.repaired(&t, s, DEPTH - 1)));
            if let Some(found) = undone.filter(|r| r.entity.is_some()) {
                return alias(found);
            }
        }
        // Letters that were lost are asked after before the rest is taken for the whole.
        if signs.have(Signs::FOREIGN | Signs::QUESTION) && repair::has_lost_letters(name) {
            return self.with_lost_letters(name).map_or(Resolution::NONE, alias);
        }
        if signs.have(Signs::BRACKET)
            && let Some(found) = peel::before_bracketed_note(name).and_then(|core| self.plain(core, s)).filter(|r| r.entity.is_some())
        {
            return alias(found);
        }
        match self.plain(name, s) {
            Some(found) if found.entity.is_some() && !found.demonym => found,
            // A refusal, but of a name with a note: "Jordan[a]" folds to a given name.
            Some(refused) => peel::peel(name).and_then(|core| self.plain(core, s)).map_or(refused, alias),
            None => {
                let mut core = Key::default();
                let repaired = self.repaired_to(name, signs, s, DEPTH, &mut core);
                let misspelt = || self.fuzzy(name, core.bytes()?).or_else(|| self.by_sound(core.bytes()?, s));
                repaired.or_else(misspelt).unwrap_or(Resolution::NONE)
            }
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

    /// Everything between a miss and edit distance, for a name that was looked up as it stands and so lies folded in `s`.
    fn repaired(self, name: &str, s: &mut Scratch, depth: u8) -> Option<Resolution<'a>> {
        self.repaired_to(name, Signs::of(name), s, depth, &mut Key::default())
    }

    /// Like `repaired`, and leaves in `key` what edit distance starts from.
    fn repaired_to(self, name: &str, signs: Signs, s: &mut Scratch, depth: u8, key: &mut Key) -> Option<Resolution<'a>> {
        if depth == 0 {
            return None;
        }
        let peeled = if signs.may_peel(name) { peel::peel(name) } else { None };
        let core = peeled.unwrap_or(name);
        let ascii = !signs.have(Signs::FOREIGN) || core.is_ascii();
        let within = |core| Self { codes: self.codes && is_a_code_within(name, core), ..self };
        if let Some(found) = peeled.and_then(|core| within(core).plain(core, s)) {
            return Some(alias(found));
        }
        *key = Key::of(&s.key);
        self.without_article(core, s)
            .or_else(|| if signs.have(Signs::APART) { self.reordered(core, s).or_else(|| self.former(core, s)) } else { None })
            .or_else(|| if signs.have(Signs::ESCAPE | Signs::FOREIGN) { self.unescaped(name, s, depth) } else { None })
            .or_else(|| if ascii { None } else { self.in_one_script(core, s) })
            .or_else(|| if signs.have(Signs::APART) { self.said_twice(name, s, depth) } else { None })
            .or_else(|| if signs.have(Signs::QUESTION) && core.contains('?') { self.with_lost_letters(core) } else { None })
            .or_else(|| self.by_shape(core, key.bytes()?, s))
            .map(alias)
    }

    /// `the Gambia`, `Bahamas (The)`, `Les Comores`.
    fn without_article(self, core: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        let rest = match unarticled(core, &s.key) {
            Some(rest) => rest,
            None => {
                let rest = foreign_unarticled(core, &s.key)?;
                // "Das Island": what an English text has there is a word.
                s.words.clear();
                s.words.push(prefix::WORD);
                s.words.extend_from_slice(b"en ");
                s.words.extend_from_slice(rest);
                if self.table.get(&s.words).is_some() {
                    return None;
                }
                rest
            }
        };
        self.table.get(rest).filter(|hit| hit.kind != Kind::Stop).map(|hit| self.answer(hit, false))
    }

    /// The same words in another order, abbreviated or with articles.
    fn reordered(self, core: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
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
        self.agree(a, b).or_else(|| self.agree(b, a)).or_else(|| self.chosen(a, b))
    }

    /// The one of several that the other name tells from the rest: `Congo (formerly Zaire)`.
    fn chosen(self, several: Resolution<'a>, other: Resolution<'a>) -> Option<Resolution<'a>> {
        let candidates = &several.entity.filter(|e| e.standing == Standing::Ambiguous)?.successors;
        let successors = &other.entity.filter(|e| e.standing == Standing::Former)?.successors;
        let mut both = successors.iter().filter(|code| candidates.contains(code));
        let one = both.next().filter(|_| both.next().is_none())?;
        let id = self.entities.iter().position(|e| e.alpha2 == *one && e.standing == Standing::Iso)? as u16;
        Some(self.answer(Hit { entity: id, kind: Kind::Former }, false))
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
    fn by_shape(self, core: &str, key: &[u8], s: &mut Scratch) -> Option<Resolution<'a>> {
        if key.len() < 4 || !key.iter().any(u8::is_ascii_alphabetic) || key.len() == 4 && !looks_scanned(core) {
            return None;
        }
        let mut of = |first| {
            s.shape.clear();
            s.shape.push(prefix::SHAPE);
            let overlapped = shape::append_shape(key, first, &mut s.shape);
            (self.table.get(&s.shape).map(|hit| self.answer(hit, false)), overlapped)
        };
        match of(shape::First::Doubles) {
            (None, true) => of(shape::First::Others).0,
            (found, _) => found,
        }
    }

    fn fuzzy(self, name: &str, key: &[u8]) -> Option<Resolution<'a>> {
        let found = fuzzy::search(self.table, key).or_else(|| fuzzy::search(self.table, unarticled(name, key)?))?;
        if found.is_another_word(self.table, name, key) {
            return None;
        }
        let hit = Hit { entity: found.entity, kind: Kind::Common };
        Some(self.answer(hit, true)).filter(|r| r.entity.is_some())
    }

    /// Letters that are heard alike.
    fn by_sound(self, key: &[u8], s: &mut Scratch) -> Option<Resolution<'a>> {
        if key.len() < ONE_EDIT || !key.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        s.shape.clear();
        s.shape.push(prefix::SOUND);
        sound::append_sound(key, &mut s.shape);
        let hit = self.table.get(&s.shape)?;
        if fuzzy::is_near_nobody(self.table, key) && !fuzzy::is_near(self.table, key, hit.entity) {
            return None;
        }
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

/// The key without an article that stands in front or behind as a word of its own.
fn unarticled<'k>(name: &str, key: &'k [u8]) -> Option<&'k [u8]> {
    let is_article = |word: Option<&str>| word.is_some_and(|word| word.eq_ignore_ascii_case("the"));
    let words = || name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let rest = key.strip_prefix(b"the").filter(|_| is_article(words().next()));
    rest.or_else(|| key.strip_suffix(b"the").filter(|_| is_article(words().next_back()))).filter(|key| key.len() > 2)
}

/// The key without an article of another language in front.
fn foreign_unarticled<'k>(name: &str, key: &'k [u8]) -> Option<&'k [u8]> {
    const ARTICLES: [&str; 14] = ["la", "le", "les", "l", "los", "las", "el", "die", "der", "das", "den", "het", "il", "gli"];
    if !matches!(name.as_bytes().first()?.to_ascii_lowercase(), b'd' | b'e' | b'g' | b'h' | b'i' | b'l') {
        return None;
    }
    let first = name.split(|c: char| !c.is_alphanumeric()).next().filter(|first| first.len() < name.len())?;
    let article = ARTICLES.iter().find(|article| first.eq_ignore_ascii_case(article))?;
    key.strip_prefix(article.as_bytes()).filter(|rest| rest.len() > 3)
}

/// Whether what stands around `core` lets it be a code: in ".com" and "100%" it is none.
fn is_a_code_within(name: &str, core: &str) -> bool {
    const AROUND_NUMBERS: &[u8] = b" \t\"'()[]{},;*";
    let is_number = || core.bytes().all(|byte| byte.is_ascii_digit());
    let may_stand = |byte: u8| byte.is_ascii_digit() || AROUND_NUMBERS.contains(&byte);
    !name.starts_with('.') && (!is_number() || name.bytes().all(may_stand))
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
        b' ' if matches!(name.as_bytes().get(at + 1), Some(b'-' | b'o' | b'f' | 0x80..)) => {
            WORDS.iter().find(|w| name[at..].starts_with(*w)).map(|w| (at, w.len()))
        }
        _ => None,
    })
}

/// The name of what is said to be former; `None` where nothing is said so.
fn without_former(core: &str) -> Option<&str> {
    const BEFORE: [&str; 6] = ["ex-", "ex ", "former ", "formerly ", "the former ", "fmr. "];
    const BEHIND: [&str; 8] = ["(former)", ", former", "(former", ", ex", "(ex)", "(formerly)", "(historical)", "- former"];
    // Which is hardly ever said: the letters that all of these begin or end with.
    let ends = [core.as_bytes().first()?.to_ascii_lowercase(), core.as_bytes().last()?.to_ascii_lowercase()];
    if !matches!(ends, [b'e' | b'f' | b't', _] | [_, b')' | b'r' | b'x']) {
        return None;
    }
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
