//! Stated counts: how many members a text says that there are, right or wrong.

use std::ops::Range;

use super::page::Page;
use super::roles;
use crate::findings::Report;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// A number of parties in a stretch of text.
struct Counted {
    number: Range<usize>,
    value: i64,
    /// Words between number and noun: a group or a description.
    described: Range<usize>,
    role: Option<u16>,
    party: PartyNoun,
    /// Whether the words say members and not just countries.
    says_members: bool,
    end: usize,
}

/// Emits the stated counts of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        let heading = (content.kind == BlockKind::Heading).then(|| roles::role_of(page, range.clone())).flatten();
        let governed = roles::governing_role(page, block);
        let bracketed = page.text(range.start) == "(" || content.kind == BlockKind::Heading;
        let before = drafts.len();
        let mut token = range.start;
        while token < range.end {
            match counted_at(page, token, range.end) {
                Some(counted) => {
                    let in_list_phrase = follows_member_phrase(page, block, token);
                    let in_section = bracketed && (heading.is_some() || governed.is_some());
                    if counted.says_members || in_list_phrase {
                        drafts.push(record(page, block, &counted, in_section || in_list_phrase || names_subject(page, block, token)));
                    }
                    token = counted.end;
                }
                None => token += 1,
            }
        }
        if let (Some(heading), true) = (heading, drafts.len() == before) {
            from_bracket(page, block, &heading, drafts);
        }
    }
}

/// `39 Member States`, `28 EU Member States`, `16-member network`, `nine Asian countries of destination`, `EU27 countries`.
fn counted_at(page: &Page<'_>, at: usize, end: usize) -> Option<Counted> {
    let (value, mut next) = number_at(page, at, end)?;
    let group_before = at > 0
        && page.tokens.touches_previous(at)
        && (at.saturating_sub(6)..at).any(|first| page.tokens.marks_at(first).any(|mark| mark.end == at && matches!(mark.tag, Tag::Group(_))));
    if at > 0 && page.tokens.touches_previous(at) && !group_before && page.text(at - 1) != "(" && page.text(at - 1) != "+" && page.text(at - 1) != "/"
    {
        return None;
    }
    if page.is_in_date(at) || page.has(next.min(end - 1), Tag::OrdinalSuffix) && page.tokens.touches_previous(next.min(end - 1)) {
        return None;
    }
    if next < end && page.text(next) == "-" {
        next += 1;
    }
    let first = next;
    let mut role = None;
    let mut party = None;
    let mut described_end = first;
    while next < end && next < first + 8 {
        if let Some(mark) = page.mark(next, |tag| matches!(tag, Tag::Role(_))) {
            let Tag::Role(index) = mark.tag else { break };
            role.get_or_insert(index);
            next = mark.end;
            continue;
        }
        if let Some(mark) = page.mark(next, |tag| matches!(tag, Tag::PartyNoun(_))) {
            let Tag::PartyNoun(noun) = mark.tag else { break };
            party = Some(noun);
            next = mark.end;
            break;
        }
        if role.is_some()
            || !(page.is_word(next) || matches!(page.text(next), "-" | "–"))
            || page.tokens.marks_at(next).any(|mark| matches!(mark.tag, Tag::ListEnd | Tag::And | Tag::Negation))
        {
            break;
        }
        next += 1;
        described_end = next;
    }
    if role.is_none() && party.is_none() {
        return None;
    }
    let tail = if party.is_some() { over_tail(page, next, end) } else { next };
    let described = if group_before {
        let start = (at.saturating_sub(6)..at)
            .find(|&start| page.tokens.marks_at(start).any(|mark| mark.end == at && matches!(mark.tag, Tag::Group(_))))
            .unwrap_or(at);
        start..at
    } else {
        first..described_end
    };
    Some(Counted {
        number: at..number_end(page, at),
        value,
        described,
        role,
        party: party.unwrap_or(PartyNoun::State),
        says_members: role.is_some(),
        end: tail,
    })
}

fn number_end(page: &Page<'_>, at: usize) -> usize {
    page.mark(at, |tag| matches!(tag, Tag::Cardinal(_))).map_or(at + 1, |mark| mark.end)
}

fn number_at(page: &Page<'_>, at: usize, end: usize) -> Option<(i64, usize)> {
    if at >= end {
        return None;
    }
    if page.token(at).shape == Shape::Number {
        let value = page.text(at).parse().ok().filter(|value| (1..=400).contains(value))?;
        return Some((value, at + 1)).filter(|_| at + 1 < end);
    }
    let mark = page.mark(at, |tag| matches!(tag, Tag::Cardinal(_)))?;
    let Tag::Cardinal(value) = mark.tag else { return None };
    (mark.end < end).then_some((i64::from(value), mark.end))
}

/// `of origin`, `of destination`.
fn over_tail(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next + 1 < end && page.has(next, Tag::Of) && page.token(next + 1).shape == Shape::Lower {
        next += 2;
    }
    next
}

/// Whether a phrase that lists members stands before the token in its sentence.
fn follows_member_phrase(page: &Page<'_>, block: usize, at: usize) -> bool {
    let Some(sentence) = page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&at)) else { return false };
    phrase_before(page, &sentence, at).is_some()
}

/// Where a phrase that lists members starts in a sentence before a token.
fn phrase_before(page: &Page<'_>, sentence: &Range<usize>, at: usize) -> Option<usize> {
    (sentence.start..at).find(|&token| {
        page.tokens.marks_at(token).any(|mark| match mark.tag {
            Tag::Phrase(index) => {
                let phrase = &page.vocabulary().roles.phrase[index as usize];
                phrase.role == "member" && !phrase.party_comes_first()
            }
            _ => false,
        })
    })
}

/// Whether the sentence names the dialogue before the number.
fn names_subject(page: &Page<'_>, block: usize, at: usize) -> bool {
    let sentence = page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&at));
    sentence.is_some_and(|sentence| page.dialogues_in(sentence.start..at).next().is_some())
}

fn record(page: &Page<'_>, block: usize, counted: &Counted, of_dialogue: bool) -> Draft {
    let number = page.span(&counted.number);
    let group =
        (counted.described.start..counted.described.end).find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Group(_) | Tag::Dialogue(_))));
    let sentence =
        page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&counted.number.start)).unwrap_or(page.range(block));
    let before_list = phrase_before(page, &sentence, counted.number.start).unwrap_or(counted.number.start);
    let named = page.dialogues_in(sentence.start..before_list).next().map(|(_, dialogue)| dialogue);
    let subject = named.or(page.subject(block));
    let mut draft = Draft::new("stated_counts", "stated_counts/number").with("value", counted.value, number);
    match (group, subject) {
        // A group counted outside of any dialogue is counted for itself.
        (Some(mark), subject) if !of_dialogue || subject.is_none() => {
            let span = page.span(&(mark.first..mark.end));
            draft = draft.with("dialogue", page.value(span), span);
        }
        (_, Some(subject)) => {
            let span = page.span(&page.dialogues[subject].name);
            draft = draft.with("dialogue", page.value(span), span);
            if !counted.described.is_empty() {
                let end = if counted.described.end > counted.number.start { counted.end } else { counted.described.end };
                let span = page.span(&(counted.described.start..end));
                draft = draft.with("group", page.value(span), span);
            }
        }
        _ => {}
    }
    let role = counted.role.map_or("member", |role| page.vocabulary().roles.role[role as usize].role.as_str());
    let party = if counted.party == PartyNoun::State { "state" } else { "organization" };
    draft = draft.with("role", role, page.span(&(counted.number.start..counted.end))).derived("party", party);
    match page.dates_in(sentence).next() {
        Some(date) => draft.derived("as_of", date.period.reduced_start()),
        None => draft,
    }
}

/// `Member States (25)`, `Members (Total: 49)`, `Observers: 7`.
fn from_bracket(page: &Page<'_>, block: usize, heading: &roles::RoleHeading, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    let numbers: Vec<usize> = range.clone().filter(|&token| page.token(token).shape == Shape::Number && !page.is_in_date(token)).collect();
    let [number] = numbers.as_slice() else { return };
    let bracketed = (range.start..*number).any(|token| matches!(page.text(token), "(" | "[" | ":" | "–" | "-"));
    let Some(value) = page.text(*number).parse::<i64>().ok().filter(|value| bracketed && (1..=400).contains(value)) else { return };
    let Some(subject) = page.subject(block) else { return };
    let dialogue = page.span(&page.dialogues[subject].name);
    let role = page.vocabulary().roles.role[heading.role as usize].role.as_str();
    let party = if heading.party == Some(PartyNoun::Organization) { "organization" } else { "state" };
    let mut draft = Draft::new("stated_counts", "stated_counts/heading")
        .with("dialogue", page.value(dialogue), dialogue)
        .with("value", value, page.span(&(*number..number + 1)))
        .with("role", role, page.span(&heading.words))
        .derived("party", party);
    if let Some(group) = &heading.group {
        draft = draft.with("group", page.value_of(group), page.span(group));
    }
    drafts.push(draft);
}
