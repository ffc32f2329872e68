//! People: names of private persons, and mailboxes that are theirs.
//!
//! What is found here is withheld. In doubt a mailbox that looks like the name of a person is one.

use std::ops::Range;

use super::page::Page;
use crate::model::gazetteer::{Shape, Tag, fold, fold_onto};

/// Most words of a person's name.
const NAME_WORDS: usize = 4;

/// The person named behind a title at `at`: `Mr John Specimen`, `Ms. A. Sample`, `Focal point: Jane Doe`.
#[must_use]
pub fn titled_person(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let title = page.mark(at, |tag| tag == Tag::PersonTitle).filter(|mark| mark.end < end)?;
    let mut first = title.end;
    while first < end && first < title.end + 2 && matches!(page.text(first), "." | ":") {
        first += 1;
    }
    let name = name_from(page, first, end)?;
    let words = name.clone().filter(|&token| page.is_word(token)).count();
    // A form of address is short; behind a job title only a full name is one.
    let is_address_form = title.end == at + 1 && page.text(at).len() <= 4 && page.is_capital(at) && first <= title.end + 1;
    (words >= 2 || is_address_form).then_some(name)
}

/// A line that is the name of a person: two to four capitalised words, none of them wording or the name of something else.
#[must_use]
pub fn is_person_line(page: &Page<'_>, line: &Range<usize>) -> bool {
    let words = line.clone().filter(|&token| page.is_word(token)).count();
    words >= 2
        && name_from(page, line.start, line.end).is_some_and(|name| {
            name.end == line.end && name.clone().filter(|&token| page.is_word(token)).all(|token| page.token(token).shape == Shape::Capital)
        })
}

/// Capitalised words from a token on that are no name of anything known; at least one of them is no word that we know.
fn name_from(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let mut next = at;
    let (mut words, mut unknown) = (0, 0);
    while next < end && words < NAME_WORDS {
        let text = page.text(next);
        if matches!(text, "-" | "’" | "'" | ".")
            && next > at
            && page.tokens.touches_previous(next)
            && (text != "." || page.token(next - 1).span.len() <= 2)
        {
            next += 1;
            continue;
        }
        if next > at && page.gap_before(next).contains('\n') || !page.is_capital(next) || is_entity_or_noun(page, next) {
            break;
        }
        words += 1;
        unknown += usize::from(!page.knows(next));
        next += 1;
    }
    while next > at && !page.is_word(next - 1) {
        next -= 1;
    }
    (words >= 1 && unknown >= 1).then_some(at..next)
}

fn is_entity_or_noun(page: &Page<'_>, token: usize) -> bool {
    page.tokens.marks_at(token).any(|mark| {
        matches!(
            mark.tag,
            Tag::Country(_)
                | Tag::Organization(_)
                | Tag::Dialogue(_)
                | Tag::Group(_)
                | Tag::OrganizationHead(_)
                | Tag::DialogueHead(_)
                | Tag::Role(_)
                | Tag::MeetingHead
                | Tag::ProgrammeHead
                | Tag::PublicationHead(_)
                | Tag::Label(_)
                | Tag::PartyNoun(_)
                | Tag::Month(_)
        )
    })
}

/// Whose a mailbox is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailbox {
    Office,
    /// With the name where it stands near by.
    Person(Option<Range<usize>>),
}

/// Whether some words of a page, run together, begin with a part: `acpeu` in "ACP-EU". Words for which `leave_out` holds are passed over.
#[must_use]
pub fn run_together(page: &Page<'_>, leave_out: &impl Fn(usize) -> bool, part: &str) -> bool {
    let counts = |token: &usize| page.is_word(*token) && !leave_out(*token);
    let first = part.as_bytes().first().copied().unwrap_or_default();
    // Few words begin with the letter: of those in ASCII that is seen at once.
    let may_begin = |token: &usize| page.text(*token).as_bytes().first().is_some_and(|byte| !byte.is_ascii() || byte.to_ascii_lowercase() == first);
    let mut folded = String::new();
    (0..page.tokens.tokens.len()).filter(may_begin).filter(counts).any(|start| {
        let mut rest = part;
        for token in (start..page.tokens.tokens.len()).filter(counts) {
            folded.clear();
            fold_onto(page.text(token), &mut folded);
            if folded.starts_with(rest) {
                return true;
            }
            let Some(behind) = rest.strip_prefix(folded.as_str()) else { return false };
            rest = behind;
        }
        false
    })
}

/// Whether a mail address is a person's, told by its local part, by names near it and by the words of the document.
#[must_use]
pub fn mailbox(page: &Page<'_>, has_word: &dyn Fn(&str) -> bool, address: &str, vicinity: &Range<usize>) -> Mailbox {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let local = fold(local);
    let parts: Vec<&str> = local.split(|letter: char| !letter.is_alphabetic()).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() || parts.iter().any(|part| is_office_word(page, part)) {
        return Mailbox::Office;
    }
    if let Some(person) = named_near(page, &parts, vicinity) {
        return Mailbox::Person(Some(person));
    }
    let is_known = |part: &str| page.gazetteer.knows(part) || domain.to_lowercase().contains(part) || has_word(part);
    let dotted = parts.len() >= 2 && local.contains(['.', '_']);
    let private = match parts.as_slice() {
        _ if local.contains(|letter: char| letter.is_ascii_digit()) && parts.len() == 1 => false,
        // `first.last`, `f.last`
        _ if dotted => parts.iter().any(|part| part.chars().count() >= 3 && !is_known(part)),
        [only] => only.chars().count() >= 5 && !is_known(only),
        _ => false,
    };
    if private { Mailbox::Person(None) } else { Mailbox::Office }
}

/// A word of an office mailbox, alone or with the name of a place or a body before or behind it: `info`, `iomaccra`.
fn is_office_word(page: &Page<'_>, part: &str) -> bool {
    let is_rest = |rest: &str| rest.is_empty() || page.gazetteer.knows(rest);
    page.vocabulary().contacts.office_mailboxes.iter().any(|word| {
        part == word
            || (word.len() >= 3 && (part.strip_prefix(word.as_str()).is_some_and(is_rest) || part.strip_suffix(word.as_str()).is_some_and(is_rest)))
    })
}

/// The name near a mailbox of which its parts are made: `yhamada` near `Yuko Hamada`.
fn named_near(page: &Page<'_>, parts: &[&str], vicinity: &Range<usize>) -> Option<Range<usize>> {
    let surname = vicinity.clone().rev().find(|&token| {
        let is_name = page.token(token).shape == Shape::Capital
            && page.token(token).span.len() >= 3
            && !is_entity_or_noun(page, token)
            && !page.has(token, Tag::PersonTitle);
        is_name && {
            let word = fold(page.text(token));
            parts
                .iter()
                .any(|part| *part == word || (word.len() >= 4 && part.strip_suffix(word.as_str()).is_some_and(|initials| initials.len() <= 2)))
        }
    })?;
    let mut first = surname;
    while first > vicinity.start
        && surname - first < NAME_WORDS
        && page.token(first - 1).shape == Shape::Capital
        && page.gap_before(first) == " "
        && !page.has(first - 1, Tag::PersonTitle)
        && !is_entity_or_noun(page, first - 1)
    {
        first -= 1;
    }
    let mut end = surname + 1;
    while end < vicinity.end
        && end - first < NAME_WORDS
        && page.token(end).shape == Shape::Capital
        && page.gap_before(end) == " "
        && !page.has(end, Tag::PersonTitle)
        && !is_entity_or_noun(page, end)
    {
        end += 1;
    }
    let alone = end - first == 1 && page.knows(surname);
    (!alone).then_some(first..end)
}
