//! From a name to an answer: look up, peel, reorder, repair, and only then measure distance.
//!
//! In: a name and the table. Out: a `Resolution`. The steps are tried in order and the first that ends in a hit decides. A refusal on
//! the way (a demonym, a city, an ambiguous name) ends the search: it is an answer.

use super::{
    Resolution, Scratch, Status, abbreviated,
    clues::Letters,
    compile::ONE_EDIT,
    entity::{Entity, Standing},
    fold, fuzzy,
    layout::{Hit, Kind, Layout, prefix},
    lookalike, mojibake, peel, repair, shape, sound,
    wording::{foreign_unarticled, halves, is_a_code_within, looks_scanned, unarticled, without_former, without_formerly},
    words,
    written::Signs,
};

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
                let mut core = None;
                let repaired = self.repaired_to(name, signs, s, DEPTH, &mut core);
                let mut misspelt = || self.fuzzy(name, signs, core.as_ref()?, s).or_else(|| self.by_sound(core.as_ref()?, s));
                repaired.or_else(&mut misspelt).unwrap_or(Resolution::NONE)
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
        self.repaired_to(name, Signs::of(name), s, depth, &mut None)
    }

    /// Like `repaired`, and leaves in `key` what edit distance starts from.
    fn repaired_to(self, name: &str, signs: Signs, s: &mut Scratch, depth: u8, key: &mut Option<Letters>) -> Option<Resolution<'a>> {
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
        *key = Letters::of(&s.key);
        let apart = signs.have(Signs::APART);
        if apart { self.without_article(core, s).or_else(|| self.reordered(core, s)).or_else(|| self.former(core, s)) } else { None }
            .or_else(|| if signs.have(Signs::ESCAPE | Signs::FOREIGN) { self.unescaped(name, s, depth) } else { None })
            .or_else(|| if ascii { None } else { self.in_one_script(core, s) })
            .or_else(|| if apart { self.said_twice(name, s, depth) } else { None })
            .or_else(|| if signs.have(Signs::QUESTION) && core.contains('?') { self.with_lost_letters(core) } else { None })
            .or_else(|| if apart && (signs.have(Signs::STOP) || abbreviated::begins_short(core)) { self.abbreviated(core, s) } else { None })
            .or_else(|| self.by_shape(core, key.as_ref()?.bytes(), s))
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
        // Letters of other scripts and their words are none that the list of words has.
        if !s.key.is_ascii() {
            return None;
        }
        fold::fold_spaced_into(core, &mut s.spaced);
        if !s.spaced.contains(&b' ') || !self.table.has_words(&s.spaced) {
            return None;
        }
        let spaced = std::str::from_utf8(&s.spaced).ok().filter(|w| w.is_ascii())?;
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
        [lookalike::to_latin, lookalike::to_cyrillic]
            .into_iter()
            .filter_map(|to| to(name))
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

    /// `Trin. y Tobago`, `Rép. centrafr.`: words that are cut short.
    fn abbreviated(self, core: &str, s: &mut Scratch) -> Option<Resolution<'a>> {
        let entity = abbreviated::find(self.table, core, s)?;
        Some(self.answer(Hit { entity, kind: Kind::Abbreviation }, false))
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

    fn fuzzy(self, name: &str, signs: Signs, key: &Letters, s: &mut Scratch) -> Option<Resolution<'a>> {
        let found = fuzzy::search(self.table, key).or_else(|| fuzzy::search(self.table, &Letters::of(unarticled(name, key.bytes())?)?))?;
        if signs.have(Signs::APART) && found.is_another_word(self.table, name, key.bytes(), &mut s.spaced) {
            return None;
        }
        let hit = Hit { entity: found.entity, kind: Kind::Common };
        Some(self.answer(hit, true)).filter(|r| r.entity.is_some())
    }

    /// Letters that are heard alike.
    fn by_sound(self, letters: &Letters, s: &mut Scratch) -> Option<Resolution<'a>> {
        let key = letters.bytes();
        if key.len() < ONE_EDIT || !key.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        s.shape.clear();
        s.shape.push(prefix::SOUND);
        sound::append_sound(key, &mut s.shape);
        let hit = self.table.get(&s.shape)?;
        if fuzzy::is_near_nobody(self.table, letters) && !fuzzy::is_near(self.table, key, hit.entity) {
            return None;
        }
        Some(self.answer(hit, true)).filter(|r| r.entity.is_some())
    }

    fn answer(self, hit: Hit, fuzzy: bool) -> Resolution<'a> {
        Resolution::of(hit, fuzzy, self.entities)
    }
}

/// A name that had to be changed to be found.
fn alias(mut r: Resolution<'_>) -> Resolution<'_> {
    if r.status == Status::Exact {
        r.status = Status::Alias;
    }
    r
}
