//! Names: runs of capitalised words with the small words that hold them together, and acronyms in brackets.

use std::ops::Range;

use super::citation_parts::FILES;
use super::page::Page;
use crate::model::gazetteer::{Shape, Tag};

/// Shortest line of running text, in bytes: a name goes on in the line below one that is not shorter.
const RUNNING_LINE: u32 = 60;
/// How far back the start of a line is looked for, in tokens.
const LINE: usize = 60;

/// `Name (ACRONYM)` or `ACRONYM (Name)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acronym {
    pub name: Range<usize>,
    pub acronym: Range<usize>,
}

/// The name that starts at a token, up to `end`; none where the token does not start one.
#[must_use]
pub fn name_at(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    if at >= end || !page.is_capital(at) {
        return None;
    }
    let mut last = at + 1;
    let mut next = at + 1;
    let mut connected = false;
    while next < end {
        // A wide gap parts the columns of a table.
        if page.is_wide_before(next) {
            break;
        }
        if page.is_capital(next) || is_part_number(page, next) {
            if is_month_of_date(page, next) {
                break;
            }
            next += 1;
            last = next;
            continue;
        }
        let possessive = matches!(page.text(next), "'" | "’") && next + 1 < end && page.text(next + 1) == "s";
        let apart = matches!(page.text(next), "-" | "–" | "/")
            && !(page.tokens.touches_previous(next) && next + 1 < end && page.tokens.touches_previous(next + 1));
        if !possessive
            && !apart
            && is_joiner(page, next)
            && next + 1 < end
            && (page.is_capital(next + 1) || (page.tokens.touches_previous(next) && page.tokens.touches_previous(next + 1) && page.is_word(next + 1)))
        {
            next += 2;
            last = next;
            continue;
        }
        match over_connectors(page, next, end, connected) {
            Some(after) => {
                connected |= !page.has(next, Tag::And);
                next = after;
            }
            None => break,
        }
    }
    Some(at..last)
}

/// The name that ends right before a token, from `from` on.
#[must_use]
pub fn name_before(page: &Page<'_>, end: usize, from: usize) -> Option<Range<usize>> {
    let mut first = end;
    let mut at = end;
    while at > from {
        let token = at - 1;
        if page.is_capital(token) || is_part_number(page, token) {
            first = token;
        } else if !(is_joiner(page, token) || is_connector(page, token) || page.text(token) == ",") || at == end {
            break;
        } else if page.text(token) == "," && !page.has(token + 1, Tag::Connector) && !page.is_capital(token + 1) {
            break;
        }
        at -= 1;
    }
    while first < end && !page.is_capital(first) {
        first += 1;
    }
    (first < end).then_some(first..end)
}

fn is_part_number(page: &Page<'_>, token: usize) -> bool {
    page.token(token).shape == Shape::Number && page.tokens.touches_previous(token) && page.is_word(token - 1)
}

fn is_month_of_date(page: &Page<'_>, token: usize) -> bool {
    page.is_in_date(token)
}

/// Marks that hold the words of a name together.
fn is_joiner(page: &Page<'_>, token: usize) -> bool {
    page.token(token).shape == Shape::Mark && matches!(page.text(token), "-" | "–" | "'" | "’" | "´" | "/" | "&" | "+")
}

fn is_connector(page: &Page<'_>, token: usize) -> bool {
    page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Connector | Tag::Of | Tag::Article))
}

/// Steps over small words within a name, where a capitalised word follows them that can be part of it.
fn over_connectors(page: &Page<'_>, at: usize, end: usize, connected: bool) -> Option<usize> {
    let mut next = at;
    while next < end && next < at + 4 && is_connector(page, next) {
        next += 1;
        // A word cut at an apostrophe: `de l'Ouest`.
        if next < end && matches!(page.text(next), "'" | "’") && page.tokens.touches_previous(next) {
            next += 1;
        }
    }
    if next == at || next >= end || page.is_in_date(next) {
        return None;
    }
    // `Meetings for 7th Forum`
    if page.token(next).shape == Shape::Number
        && next + 2 < end
        && page.has(next + 1, Tag::OrdinalSuffix)
        && page.tokens.touches_previous(next + 1)
        && page.is_capital(next + 2)
    {
        return Some(next + 2);
    }
    if !page.is_capital(next) {
        return None;
    }
    let joins_two = page.has(at, Tag::And);
    let entity = page.mark(next, |tag| matches!(tag, Tag::Country(_) | Tag::City(_))).is_some();
    if joins_two {
        // In a title in capitals no word is told from an acronym by its capitals.
        let in_title = page.token(at).shape == Shape::Upper;
        let acronym = !in_title && (page.token(next).shape == Shape::Upper || page.token(at - 1).shape == Shape::Upper);
        return (!acronym && !entity && (connected || !is_whole_entity_before(page, at))).then_some(next);
    }
    if entity && page.mark(at, |tag| tag == Tag::PlacePreposition).is_some() {
        return None;
    }
    Some(next)
}

/// Whether a name of its own ends right before a token.
fn is_whole_entity_before(page: &Page<'_>, at: usize) -> bool {
    let from = at.saturating_sub(8);
    (from..at).any(|first| {
        page.tokens.marks_at(first).any(|mark| {
            mark.end == at && matches!(mark.tag, Tag::Country(_) | Tag::City(_) | Tag::Organization(_) | Tag::Group(_) | Tag::Dialogue(_))
        })
    })
}

/// Finds the acronyms that the page gives in brackets.
pub fn acronyms(page: &Page<'_>) -> Vec<Acronym> {
    let mut found = Vec::new();
    for (block, _) in page.numbered_blocks() {
        let range = page.range(block);
        for &open in page.open_brackets_in(&range) {
            let Some(close) = (open + 1..range.end.min(open + 16)).find(|&token| matches!(page.text(token), ")" | "]")) else { continue };
            if let Some(inner) = acronym_in(page, open + 1..close) {
                found.extend(long_form(page, &inner, open, range.start));
            } else if open > range.start && is_acronym(page, &(open - 1..open)) {
                let name = name_at(page, over_articles(page, open + 1), close).filter(|name| name.end == close);
                let spelled = name.filter(|name| short_form_start(page, &(open - 1..open), name).is_some());
                found.extend(spelled.map(|name| Acronym { name, acronym: open - 1..open }));
            }
        }
    }
    found
}

fn over_articles(page: &Page<'_>, at: usize) -> usize {
    if page.has(at, Tag::Article) && !page.is_capital(at) { at + 1 } else { at }
}

/// The acronym in the bracket that opens at a token, if there is one.
#[must_use]
pub fn acronym_behind(page: &Page<'_>, open: usize, end: usize) -> Option<Range<usize>> {
    if open >= end || !matches!(page.text(open), "(" | "[") {
        return None;
    }
    let close = (open + 1..end.min(open + 16)).find(|&token| matches!(page.text(token), ")" | "]"))?;
    acronym_in(page, open + 1..close)
}

/// The acronym in a bracket: alone, or before a comma or behind an abbreviation of "in short".
fn acronym_in(page: &Page<'_>, inner: Range<usize>) -> Option<Range<usize>> {
    if is_acronym(page, &inner) {
        return Some(inner);
    }
    let comma = inner.clone().find(|&token| matches!(page.text(token), "," | ";" | "–" | "-"))?;
    let before = inner.start..comma;
    let after = comma + 1..inner.end;
    [before, after].into_iter().find(|part| !part.is_empty() && is_acronym(page, part))
}

/// At most three words with at least two capitals and more capitals than other letters; `UN Women`, `SOM-TC`, `MSCs`.
fn is_acronym(page: &Page<'_>, range: &Range<usize>) -> bool {
    if range.is_empty() || range.len() > 5 {
        return false;
    }
    let text = page.value_of(range);
    let upper = text.chars().filter(|letter| letter.is_uppercase()).count();
    let words = text.split_whitespace().count();
    let first_word = text.split_whitespace().next().unwrap_or("");
    let first_is_short_form = first_word.chars().filter(|letter| letter.is_uppercase()).count() >= 2;
    let letters_only = text.chars().all(|letter| letter.is_alphanumeric() || " -/&+.".contains(letter));
    let is_country = page.mark(range.start, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == range.end);
    let roman = text.chars().all(|letter| "IVXLC".contains(letter));
    // `(PDF, 2 MB)`
    let is_file = FILES.contains(&text.to_lowercase().as_str());
    // `(CAD 450,000)`
    let is_sum = range.len() > 1 && page.mark(range.start, |tag| tag == Tag::Currency).is_some();
    !is_sum && !is_file && upper >= 2 && words <= 3 && text.chars().count() <= 16 && letters_only && first_is_short_form && !is_country && !roman
}

/// The name before an opening bracket that the acronym in it stands for.
fn long_form(page: &Page<'_>, acronym: &Range<usize>, open: usize, from: usize) -> Option<Acronym> {
    if let Some(name) = in_small_letters(page, open, from).filter(|name| is_short_form(page, acronym, name)) {
        return Some(Acronym { name, acronym: acronym.clone() });
    }
    let name = name_before(page, open, from)?;
    if let Some(start) = short_form_start(page, acronym, &name) {
        return Some(Acronym { name: start..open, acronym: acronym.clone() });
    }
    // An acronym of another language or order: the whole name, where it is one.
    let known = (name.start..open).find(|&first| {
        page.tokens.marks_at(first).any(|mark| mark.end == open && matches!(mark.tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_)))
    });
    let has_head = name
        .clone()
        .any(|token| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_) | Tag::DialogueHead(_) | Tag::ProgrammeHead)).is_some());
    let starts_block = name.start == from;
    match known {
        Some(first) => Some(Acronym { name: first..open, acronym: acronym.clone() }),
        None => (has_head && name.len() >= 2 && (starts_block || page.gap_before(name.start) == " "))
            .then(|| Acronym { name: trim_openers(page, name), acronym: acronym.clone() }),
    }
}

/// `Union générale tunisienne du travail (UGTT)`: where the noun comes first, the words between it and a bracket may be small.
fn in_small_letters(page: &Page<'_>, open: usize, from: usize) -> Option<Range<usize>> {
    if !page.vocabulary().language.noun_first || open <= from || page.token(open - 1).shape != Shape::Lower {
        return None;
    }
    let is_inner = |token: usize| page.token(token).shape == Shape::Lower || matches!(page.text(token), "’" | "'" | "-");
    let first = (open.saturating_sub(SMALL).max(from)..open).rev().find(|&token| !is_inner(token))?;
    let is_head = page.is_capital(first) && page.mark(first, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some();
    (is_head && open - first > 2).then_some(first..open)
}

/// Longest such name, in tokens.
const SMALL: usize = 18;

/// Whether an acronym is the short form of a whole name.
#[must_use]
pub fn is_short_form(page: &Page<'_>, acronym: &Range<usize>, name: &Range<usize>) -> bool {
    is_acronym(page, acronym) && short_form_start(page, acronym, name) == Some(name.start)
}

/// Leaves out words that open a sentence but no name.
#[must_use]
pub fn trim_openers(page: &Page<'_>, mut name: Range<usize>) -> Range<usize> {
    while name.len() > 1
        && (page.has(name.start, Tag::Opener)
            || page.has(name.start, Tag::Article)
            || is_connector(page, name.start) && page.token(name.start).shape != Shape::Upper)
    {
        name.start += 1;
    }
    name
}

/// Where the shortest name starts of which `acronym` is the short form: each of its letters, from the last on, stands in the name, and the
/// first starts a word of it.
fn short_form_start(page: &Page<'_>, acronym: &Range<usize>, name: &Range<usize>) -> Option<usize> {
    let short: Vec<char> = page.value_of(acronym).chars().filter(|letter| letter.is_uppercase()).flat_map(char::to_lowercase).collect();
    let mut letters: Vec<(char, usize, bool)> = Vec::new();
    for token in name.clone().filter(|&token| page.is_word(token)) {
        for (at, letter) in page.text(token).chars().flat_map(char::to_lowercase).enumerate() {
            letters.push((letter, token, at == 0));
        }
    }
    // The letters are in lower case.
    let plain = |letter: char| crate::model::gazetteer::fold(&letter.to_string());
    let is_same = |a: char, b: char| a == b || !(a.is_ascii() && b.is_ascii()) && plain(a) == plain(b);
    let mut at = letters.len();
    let mut start = None;
    for (index, wanted) in short.iter().enumerate().rev() {
        loop {
            at = at.checked_sub(1)?;
            let (letter, token, is_initial) = letters[at];
            let fits = is_same(letter, *wanted) && (is_initial || (index > 0 && !page.is_capital(token)) || (index > 0 && inner_fits(&letters, at)));
            if fits {
                start = Some((token, is_initial));
                break;
            }
        }
    }
    start.filter(|(token, is_initial)| *is_initial && page.is_capital(*token)).map(|(token, _)| token)
}

/// Letters within a word count too, as in a word for two (`Southeast`).
fn inner_fits(letters: &[(char, usize, bool)], at: usize) -> bool {
    letters[at].0.is_alphabetic()
}

/// The end of the line that a token is on where lines are entries of their own, else the end of the block.
#[must_use]
pub fn line_end(page: &Page<'_>, at: usize, end: usize) -> usize {
    if at >= end {
        return end;
    }
    let first = page.line_starts_in(at.saturating_sub(LINE)..at + 1).last().copied().unwrap_or(at);
    let mut line_start = page.token(first).span.start;
    for &token in page.line_starts_in(at + 1..end) {
        let length = page.token(token - 1).span.end - line_start;
        let ends = page.is_capital(token) && !page.has(token - 1, Tag::Connector) && !page.has(token - 1, Tag::Of);
        if ends && (length < RUNNING_LINE || begins_anew(page, token, end)) {
            return token;
        }
        line_start = page.token(token).span.start;
    }
    end
}

/// Whether a line begins with a label, a state, a body or a group of its own.
fn begins_anew(page: &Page<'_>, token: usize, end: usize) -> bool {
    let is_own = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::WorkingGroup | Tag::Established);
    let labelled = (token + 1..end.min(token + 4)).any(|next| page.text(next) == ":" && !page.gap_before(next).contains('\n'));
    // `PRY Dirección Nacional`: the code of a state before its body.
    let is_code = page.token(token).shape == Shape::Upper
        && page.text(token).len() == 3
        && token + 1 < end
        && page.mark(token + 1, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some();
    labelled || is_code || page.mark(token, is_own).is_some()
}

/// Folded names, to find those that are a run of words of another.
#[derive(Debug, Default)]
pub struct Wholes {
    /// One a line, each between blanks.
    lines: String,
}

impl<'a> FromIterator<&'a str> for Wholes {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut lines = String::from("\n");
        for name in names {
            lines.extend([" ", name, " \n"]);
        }
        Self { lines }
    }
}

impl Wholes {
    /// Whether a name is a shorter form of another.
    #[must_use]
    pub fn has_part(&self, name: &str) -> bool {
        let lines = self.lines.as_bytes();
        let part = format!(" {name} ");
        let is_part = |at: usize| lines[at - 1] != b'\n' || lines[at + part.len()] != b'\n';
        !name.is_empty() && memchr::memmem::find_iter(lines, &part).any(is_part)
    }
}
