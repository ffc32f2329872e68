//! Clauses around counts: what the words beside a number make it a count of: members of the dialogue, of a body, of nothing.

use std::ops::Range;

use super::labels::is_counted;
use super::{Counted, NEAR, sentence_of};
use crate::extract::page::Page;
use crate::extract::roles;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::tokens::Mark;

/// `a dialogue among 50 states`, `a forum of more than 50 governments`: small words between the noun of a dialogue and the number.
pub fn is_among(page: &Page<'_>, range: &Range<usize>, counted: &Counted) -> bool {
    let first = counted.number.start.saturating_sub(NEAR + 2).max(range.start);
    let noun = (first..counted.number.start).rev().find(|&token| page.mark(token, Tag::is_titled_head).is_some());
    let is_between = |token: usize| {
        page.token(token).shape == Shape::Lower
            && page.tokens.marks_at(token).any(|mark| {
                matches!(
                    mark.tag,
                    Tag::Of
                        | Tag::Connector
                        | Tag::Article
                        | Tag::Qualifier(_)
                        | Tag::PlacePreposition
                        | Tag::Through
                        | Tag::ListEnd
                        | Tag::Generic
                        | Tag::Opener
                )
            })
            || (first..=token).any(|at| page.mark(at, |tag| matches!(tag, Tag::Qualifier(_))).is_some_and(|mark| mark.end > token))
    };
    let is_said =
        |noun: usize| page.token(noun).shape == Shape::Lower && noun + 1 < counted.number.start && (noun + 1..counted.number.start).all(is_between);
    counted.party_is_named && counted.described.is_empty() && counted.value >= 3 && noun.is_some_and(is_said)
}

/// `The Forum is a space for the 22 countries of the region`: all of them, in a sentence about the dialogue.
pub fn is_all(page: &Page<'_>, block: usize, at: usize, counted: &Counted) -> bool {
    let Some(sentence) = sentence_of(page, block, at) else { return false };
    let begins_with_dialogue = page.dialogues_in(sentence.clone()).next().is_some_and(|(tokens, _)| tokens.start <= sentence.start + 3);
    let is_definite = at > sentence.start && page.has(at - 1, Tag::Article);
    let is_verb_first = (sentence.start..at).any(|token| page.mark(token, |tag| tag == Tag::LinkVerb).is_some());
    counted.party_is_named
        && counted.party == PartyNoun::State
        && counted.described.is_empty()
        && counted.value >= 3
        && is_definite
        && is_verb_first
        && begins_with_dialogue
}

/// Words between a count and the verb of those who take part, in tokens.
const REACH: usize = 10;

/// `Twelve countries and two organizations belong to the Process`: who takes part, in a sentence that tells of no meeting.
pub fn takes_part(page: &Page<'_>, block: usize, counted: &Counted) -> bool {
    let Some(sentence) = sentence_of(page, block, counted.number.start).filter(|_| counted.party_is_named) else { return false };
    let tells_of_meeting = |token: usize| {
        page.is_in_date(token)
            || page.mark(token, |tag| matches!(tag, Tag::Held | Tag::Met | Tag::Ordinal(_) | Tag::Negation)).is_some()
            || page.mark(token, |tag| tag == Tag::MeetingHead).is_some() && page.mark(token, Tag::is_titled_head).is_none()
    };
    let label = (counted.end..sentence.end.min(counted.end + REACH))
        .take_while(|&token| page.token(token).shape != Shape::Mark && !page.is_capital(token))
        .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::RoleLabel(_))));
    let is_verb = |first: usize| {
        let is_noun = |tag: Tag| matches!(tag, Tag::Cardinal(_) | Tag::Article | Tag::And | Tag::Of | Tag::PlacePreposition);
        page.token(first - 1).shape != Shape::Number && page.mark(first - 1, is_noun).is_none()
    };
    let is_member = |mark: &Mark| matches!(mark.tag, Tag::RoleLabel(role) if page.vocabulary().roles.role[role as usize].role == "member");
    label.is_some_and(|mark| is_member(&mark) && is_verb(mark.first)) && !sentence.clone().any(tells_of_meeting)
}

/// `Ministers of labour of 33 countries set up the Process`: those who speak for the states that a sentence about the dialogue counts.
pub fn speaks_for(page: &Page<'_>, block: usize, counted: &Counted) -> bool {
    let at = counted.number.start;
    let Some(sentence) = sentence_of(page, block, at).filter(|_| counted.party_is_named && counted.described.is_empty()) else { return false };
    let is_of = at > sentence.start && page.has(at - 1, Tag::Of);
    let has_delegates = (at.saturating_sub(NEAR * 2).max(sentence.start)..at).any(|token| page.has(token, Tag::Delegates));
    is_of && has_delegates && counted.party == PartyNoun::State && page.dialogues_in(counted.end..sentence.end).next().is_some()
}

/// `Steering Group (28 members)`, `the Troika has three members`: the body right before a number, whose members it counts.
pub fn body_before(page: &Page<'_>, sentence: &Range<usize>, at: usize) -> Option<u16> {
    let role = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Role(_))).filter(|mark| mark.end <= at);
    let mark = (at.saturating_sub(NEAR * 2).max(sentence.start)..at).find_map(role)?;
    let is_phrase =
        |token: usize| (mark.end..=token).any(|at| page.mark(at, |tag| matches!(tag, Tag::Phrase(_))).is_some_and(|phrase| phrase.end > token));
    let is_small = |token: usize| {
        page.text(token) == "("
            || page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::LinkWord | Tag::Of | Tag::Qualifier(_))).is_some()
            || is_phrase(token)
    };
    match mark.tag {
        Tag::Role(role) if roles::body(page, role).is_some() => (mark.end..at).all(is_small).then_some(role),
        _ => None,
    }
}

/// `a Steering Group of 30 governments`: a body and a small word before what it is made of.
pub fn is_of_steering(page: &Page<'_>, block: usize, counted: &Counted) -> bool {
    let at = counted.number.start;
    counted.party_is_named && sentence_of(page, block, at).is_some_and(|sentence| body_before(page, &sentence, at).is_some())
}

/// `Sixteen countries met in the capital`: those who were there, first in a sentence about a meeting.
pub fn is_present(page: &Page<'_>, block: usize, counted: &Counted) -> bool {
    let at = counted.number.start;
    let Some(sentence) = sentence_of(page, block, at).filter(|_| counted.party_is_named && counted.party == PartyNoun::State) else { return false };
    // The clause behind a semicolon is one of its own.
    let clause = (sentence.start..at).rev().find(|&token| page.text(token) == ";").map_or(sentence.start, |sign| sign + 1);
    let leads = (clause..at)
        .all(|token| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Qualifier(_) | Tag::Article)) || !page.is_word(token))
        || page.mark(clause, |tag| matches!(tag, Tag::Qualifier(_))).is_some_and(|mark| mark.end == at);
    leads && page.mark(counted.end, |tag| tag == Tag::Met).is_some()
}

/// `Fifty States.` below a question about who takes part.
pub fn is_whole_sentence(page: &Page<'_>, block: usize, counted: &Counted) -> bool {
    let sentence = sentence_of(page, block, counted.number.start);
    sentence.is_some_and(|sentence| sentence.start == counted.number.start && counted.end + 1 == sentence.end && page.text(counted.end) == ".")
}

/// `Two States (A and B) and four organizations hold observer status`: the role stands behind a verb of the clause.
pub fn role_of_clause(page: &Page<'_>, sentence: &Range<usize>, at: usize) -> Option<u16> {
    let verb = (at..sentence.end).find(|&token| page.mark(token, |tag| tag == Tag::LinkVerb).is_some())?;
    (verb..sentence.end.min(verb + 5)).find_map(|token| match page.mark(token, |tag| matches!(tag, Tag::Role(_)))?.tag {
        Tag::Role(role) => Some(role).filter(|&role| is_counted(page, role)),
        _ => None,
    })
}

/// `SAARC has eight member states`, `36 member states of ESCAP`: a count of a body that is none of the dialogues.
pub fn is_of_body(page: &Page<'_>, range: &Range<usize>, counted: &Counted) -> bool {
    let is_body = |token: usize| {
        let mark = page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_)));
        mark.filter(|mark| page.is_capital(token) && page.dialogues_in(token..mark.end.max(token + 1)).next().is_none())
    };
    let is_group = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Group(_) | Tag::Dialogue(_))).is_some();
    let behind = (counted.end..range.end.min(counted.end + 3))
        .find(|&token| !page.has(token, Tag::Of) && !page.has(token, Tag::Article) && !matches!(page.text(token), "’" | "'"))
        .filter(|&token| token > counted.end);
    let at = counted.number.start;
    // Its name and a verb, or its name and a comma, right before the number.
    let before = (at.saturating_sub(NEAR * 3).max(range.start)..at).rev().find_map(|token| is_body(token).map(|mark| (token, mark.end)));
    let has = |end: usize| {
        let between = end..at;
        !between.is_empty()
            && between.len() <= 2
            && between.clone().all(|token| {
                matches!(page.text(token), "," | "(" | ")") && between.len() == 1 || page.mark(token, |tag| tag == Tag::LinkVerb).is_some()
            })
    };
    behind.is_some_and(|token| is_body(token).is_some() && !is_group(token))
        || before.is_some_and(|(_, end)| has(end))
        || is_said_beside(page, range, at)
        || is_of_part(page, range, at) && !stands_under_body(page, range, counted)
}

/// `The Committee has 14 members` below the heading of a steering group: the body that the section is about.
fn stands_under_body(page: &Page<'_>, range: &Range<usize>, counted: &Counted) -> bool {
    counted.says_members && steering_above(page, page.block_of(range.start)).is_some()
}

fn steering_above(page: &Page<'_>, block: usize) -> Option<u16> {
    let governing = roles::governing_role(page, block)?.role;
    Some(governing).filter(|&role| page.vocabulary().roles.role[usize::from(role)].role == "steering_group")
}

/// The same, where the sentence begins with the noun of a body.
pub fn body_of_section(page: &Page<'_>, block: usize, sentence: &Range<usize>, counted: &Counted) -> Option<u16> {
    is_of_part(page, sentence, counted.number.start).then(|| steering_above(page, block))?
}

/// `The Advisory Committee has 21 members`: a part of something, by its noun in capitals, and a verb before the number.
fn is_of_part(page: &Page<'_>, range: &Range<usize>, at: usize) -> bool {
    let Some(verb) = at.checked_sub(1).filter(|&verb| verb > range.start && page.mark(verb, |tag| tag == Tag::LinkVerb).is_some()) else {
        return false;
    };
    let end = if page.text(verb - 1) == ")" { verb.saturating_sub(3) } else { verb };
    let first =
        (range.start..end).rev().find(|&token| !page.is_capital(token) && !page.has(token, Tag::Connector)).map_or(range.start, |token| token + 1);
    let is_head = |token: usize| page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_) | Tag::UnitHead)).is_some();
    let is_named = page.dialogues_in(range.start..verb).any(|(tokens, _)| tokens.end >= end);
    let is_role = (first..end).any(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_))).is_some());
    end - first >= 2 && (first..end).any(is_head) && !is_named && !is_role
}

/// `the Union of Ports, which has 43 members`, `(UoP, 43 members)`: a count of the name right before it, which is no dialogue.
pub fn is_said_beside(page: &Page<'_>, range: &Range<usize>, at: usize) -> bool {
    let small = (at.saturating_sub(2).max(range.start)..at).take_while(|&token| page.token(token).shape == Shape::Lower).count();
    let Some(comma) = (at - small).checked_sub(1).filter(|&comma| comma > range.start && page.text(comma) == ",") else { return false };
    let is_relative = small == 2 && page.has(comma + 1, Tag::ListEnd) && page.mark(comma + 2, |tag| tag == Tag::LinkVerb).is_some();
    let in_bracket = small == 0 && comma >= 2 && page.text(comma - 2) == "(";
    let is_name = page.is_capital(comma - 1) || page.text(comma - 1) == ")";
    let is_dialogue = page.dialogues_in(range.start..comma + 1).last().is_some_and(|(tokens, _)| tokens.end + 3 >= comma);
    (is_relative || in_bracket) && is_name && !is_dialogue
}
