//! Prose: phrases of running text that give somebody a role.
//!
//! Which words give which role, and on which side of them the parties stand, is told by the phrases of `roles.toml`.

use std::ops::Range;

use super::appositions::{from_appositions, over_dialogue};
use super::as_role::as_role;
use super::attendance::behind_break;
use super::links::{body_of, from_links, is_said};
use super::terms::{Term, own_term};
use super::turns::{from_turns, further, is_held};
use super::{Role, is_known, of_working_group, record};
use crate::extract::list_heads::heads_bodies_of;
use crate::extract::owners::of_statement;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::vocabulary::TermEnd;

/// Phrases of prose that give somebody a role.
pub fn from_prose(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let says_label =
        |sentence: &Range<usize>| roles::labels(page, sentence.clone()).iter().any(|(label, _)| roles::role_of(page, label.clone()).is_some());
    let is_read = |sentence: &Range<usize>, draft: &Draft| {
        let span = page.span(sentence);
        draft.table == "memberships" && draft.spans("member_name").iter().any(|name| span.contains(*name))
    };
    for sentence in page.sentences(page.range(block)) {
        // A label has been read as one.
        if drafts.last().is_some_and(|draft| is_read(&sentence, draft)) && says_label(&sentence) {
            continue;
        }
        let mut phrase_end = sentence.start;
        for token in page.begins(&sentence, |tag| matches!(tag, Tag::As | Tag::Phrase(_))) {
            as_role(page, block, &sentence, token, drafts);
            if token < phrase_end {
                continue;
            }
            let longest = page.mark(token, |tag| matches!(tag, Tag::Phrase(_))).filter(|mark| mark.end <= sentence.end);
            let Some(longest) = longest else { continue };
            // The same words can have their parties on either side.
            let before = drafts.len();
            for mark in page.tokens.marks_at(token).filter(|mark| mark.end == longest.end) {
                let Tag::Phrase(index) = mark.tag else { continue };
                if drafts.len() == before {
                    from_phrase(page, block, &sentence, mark.first..mark.end, index, drafts);
                }
            }
            phrase_end = longest.end;
        }
        from_appositions(page, block, &sentence, drafts);
        from_links(page, block, &sentence, drafts);
        from_count(page, block, &sentence, drafts);
        from_turns(page, block, &sentence, drafts);
    }
}

fn from_phrase(page: &Page<'_>, block: usize, sentence: &Range<usize>, words: Range<usize>, index: u16, drafts: &mut Vec<Draft>) {
    let phrase = &page.vocabulary().roles.phrase[index as usize];
    let negated = (words.start.saturating_sub(3).max(sentence.start)..words.start).any(|token| page.has(token, Tag::Negation));
    if negated {
        return page.refuse("memberships/prose", &words, "a negation stands before the phrase");
    }
    let span = page.span(&words);
    // `The Steering Group comprises A and B`: who is listed is in the group that the sentence is about.
    let body = if phrase.role == "member" { body_of(page, sentence, &words) } else { None };
    if phrase.role == "member" && body.is_none() && !phrase.party_comes_first() && is_of_organ(page, sentence, words.start) {
        return page.refuse("memberships/prose", &words, "those of an office or board are not those of the whole");
    }
    let name = body.unwrap_or(phrase.role.as_str()).to_owned();
    let role = of_working_group(page, block, Role { name, words: span, text: page.value(span), group: None, party: None });
    let named = page.dialogues_in(sentence.start..words.start).next().map(|(_, dialogue)| dialogue);
    // Who hosts or organises is said of meetings too: only a dialogue named before the phrase has such a host.
    let dialogue = if matches!(phrase.role.as_str(), "host" | "organiser") {
        named.filter(|_| words.start - sentence.start < 30)
    } else {
        of_statement(page, block, sentence, words.start)
    };
    let Some(dialogue) = dialogue else {
        return page.refuse("memberships/prose", &words, "no dialogue is named, and the section is about none");
    };
    // Another clause behind a semicolon has a verb of its own.
    let has_verb =
        |range: Range<usize>| range.into_iter().any(|token| page.mark(token, |tag| matches!(tag, Tag::Phrase(_) | Tag::LinkVerb)).is_some());
    let stop = (words.end..sentence.end).find(|&token| page.text(token) == ";" && has_verb(token + 1..sentence.end)).unwrap_or(sentence.end);
    let from = (sentence.start..words.start)
        .rev()
        .find(|&token| page.text(token) == ";" && (has_verb(sentence.start..token) || !is_list(page, sentence.start..token)))
        .map_or(sentence.start, |token| token + 1);
    let sentence = &(from..stop);
    if phrase.party_comes_first() {
        if matches!(phrase.role.as_str(), "member" | "chair") && attends(page, words.end, sentence.end) {
            return page.refuse("memberships/prose", &words, "what they joined is a meeting");
        }
        if phrase.role == "member" && names_another(page, words.end, sentence.end) {
            return page.refuse("memberships/prose", &words, "what they joined has another name");
        }
        let Some(found) = parties_before(page, sentence.start, words.start) else {
            return page.refuse("memberships/prose", &words, "no party stands right before the phrase");
        };
        for party in found.iter().filter(|party| {
            !is_dialogue(page, party, dialogue) && party.kind != Kind::Organization
                || is_known_name(page, party) && !is_dialogue(page, party, dialogue)
        }) {
            // `the Process, whose chair A was`: another dialogue does not chair this one.
            if is_said(page, party, &role, drafts) || role.goes_round() && page.is_within_dialogue(&party.name) {
                continue;
            }
            let date = page.dates_in(words.end..sentence.end).next().map(|date| (date.period, page.span(&date.tokens)));
            let dates = match phrase.dates {
                Some(TermEnd::Start) => Term { start: date, end: None },
                Some(TermEnd::End) => Term { start: None, end: date },
                None if role.goes_round() => own_term(page, sentence, party, &role),
                None => Term::default(),
            };
            drafts.push(record(page, Some(dialogue), &role, party, dates, "memberships/prose"));
        }
        if let Some(end) = phrase.dates {
            elliptical(page, dialogue, &role, words.end..sentence.end, end, drafts);
        }
        return;
    }
    if heads_bodies_of(page, words.end, sentence.end) {
        return page.refuse("memberships/prose", &words, "the states behind it say where bodies are");
    }
    // `Forman parte del Proceso A y B`; the `Process States` are a party.
    let is_party = |at: usize| at < sentence.end && page.mark(at, |tag| matches!(tag, Tag::PartyNoun(_))).is_some();
    let behind = Some(over_dialogue(page, words.end, sentence.end)).filter(|&behind| !is_party(behind)).unwrap_or(words.end);
    let opens = behind < sentence.end && matches!(page.text(behind), "," | ":");
    let start = over_adverbials(page, behind + usize::from(opens), sentence.end);
    let (found, _) = parties::list_at(page, start, sentence.end);
    if found.is_empty() {
        page.refuse("memberships/prose", &words, "no party stands right behind the phrase");
    }
    for party in found.iter().filter(|party| !is_dialogue(page, party, dialogue)) {
        // `chaired by A, the Y Process by B`: another dialogue does not chair this one.
        let is_declared = || page.dialogues_in(party.name.clone()).any(|(_, other)| page.dialogues[other].declared.is_some());
        let is_other = role.goes_round() && is_declared();
        if is_said(page, party, &role, drafts) || is_other || has_role_of_its_own(page, party, &role, sentence.end) {
            continue;
        }
        // `chaired by A in 2013`: the dates of the sentence are those of a role that goes round.
        let has_own = found.len() == 1 || role.name == "co_chair" || party.note.is_some();
        let dates = if role.goes_round() && has_own { own_term(page, sentence, party, &role) } else { Term::default() };
        drafts.push(record(page, Some(dialogue), &role, party, dates, "memberships/prose"));
    }
    if is_held(&role) {
        further(page, dialogue, &role, &words, sentence, drafts);
    }
}

/// How far behind its sign a role stands, in tokens.
const NEAR: usize = 4;
/// How far before a verb its subject stands, in tokens.
const SUBJECT: usize = 6;

/// `Its Bureau is made up of A and B`: an organ right before the verb, of which alone the sentence tells.
fn is_of_organ(page: &Page<'_>, sentence: &Range<usize>, verb: usize) -> bool {
    let is_end = |token: usize| matches!(page.text(token), "," | ";" | ")");
    let subject = (verb.saturating_sub(SUBJECT).max(sentence.start)..verb).rev().take_while(|&token| !is_end(token));
    subject.into_iter().any(|token| page.mark(token, |tag| tag == Tag::UnitHead).is_some_and(|mark| mark.end <= verb))
        && page.dialogues_in(verb.saturating_sub(SUBJECT).max(sentence.start)..verb).next().is_none()
}

/// Whether a stretch of text is a list of parties and nothing else.
fn is_list(page: &Page<'_>, range: Range<usize>) -> bool {
    let (found, after) = parties::list_at(page, range.start, range.end);
    !found.is_empty() && after >= range.end
}

/// `chaired by A with B as Co-Chair`: what B is stands behind it.
fn has_role_of_its_own(page: &Page<'_>, party: &Mention, role: &Role, end: usize) -> bool {
    let behind = page.mark(party.end, |tag| tag == Tag::As).filter(|mark| mark.end < end);
    let other = |at: usize| match page.mark(at, |tag| matches!(tag, Tag::Role(_)))?.tag {
        Tag::Role(index) => Some(page.vocabulary().roles.role[index as usize].role != role.name),
        _ => None,
    };
    behind.is_some_and(|mark| (mark.end..end.min(mark.end + NEAR)).find_map(other).unwrap_or(false))
}

/// `The Process now has eleven: A, B, C`: a number of members, and behind the colon as many names.
fn from_count(page: &Page<'_>, block: usize, sentence: &Range<usize>, drafts: &mut Vec<Draft>) {
    let Some(colon) = page.colon_in(sentence).filter(|&colon| colon + 1 < sentence.end) else { return };
    let is_number = |token: usize| {
        page.mark(token, |tag| matches!(tag, Tag::Cardinal(_))).is_some() || page.token(token).shape == Shape::Number && !page.is_in_date(token)
    };
    let Some(number) = (colon.saturating_sub(4).max(sentence.start)..colon).rev().find(|&token| is_number(token)) else { return };
    let is_noun = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_))).is_some() || !page.is_word(token);
    let is_said_of_it = (number.saturating_sub(4).max(sentence.start)..number).any(|token| page.mark(token, |tag| tag == Tag::LinkVerb).is_some())
        && (sentence.start..number)
            .any(|token| page.mark(token, |tag| tag.is_dialogue_head()).is_some() || page.dialogues_in(token..number).next().is_some());
    if !is_said_of_it || !(number + 1..colon).all(is_noun) {
        return;
    }
    let Some(dialogue) = of_statement(page, block, sentence, number) else { return };
    let (found, _) = parties::list_at(page, colon + 1, sentence.end);
    if found.len() < 3 || found.iter().any(|party| party.kind != Kind::State) {
        return;
    }
    let words = page.span(&(number..colon));
    let role = Role { name: "member".to_owned(), words, text: page.value(words), group: None, party: None };
    for party in &found {
        if !is_said(page, party, &role, drafts) {
            drafts.push(record(page, Some(dialogue), &role, party, Term::default(), "memberships/count"));
        }
    }
}

/// `A joined in 1998, B in 2005 and C in 2006`: the verb is said once.
fn elliptical(page: &Page<'_>, dialogue: usize, role: &Role, rest: Range<usize>, end: TermEnd, drafts: &mut Vec<Draft>) {
    let mut last = rest.start;
    for date in page.dates_in(rest.clone()) {
        let between = last..date.tokens.start;
        last = date.tokens.end;
        // `, followed by B in 2006`
        let is_state = |token: usize| page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some();
        let first = between.clone().find(|&token| is_state(token));
        let sign = first.and_then(|first| (between.start..first).rev().take(FOLLOWED).find(|&token| is_joint(page, token)));
        let start = first.filter(|_| sign.is_some()).or_else(|| parties::over_separators(page, between.start, between.end));
        let Some(start) = start else { continue };
        let (found, after) = parties::list_at(page, start, between.end);
        let is_pair = !found.is_empty()
            && found.iter().all(|party| party.kind == Kind::State)
            && (after..between.end).all(|token| page.token(token).shape == Shape::Lower)
            && between.end - after <= 2;
        if !is_pair {
            continue;
        }
        let date = Some((date.period, page.span(&date.tokens)));
        let term = if end == TermEnd::Start { Term { start: date, end: None } } else { Term { start: None, end: date } };
        for party in &found {
            drafts.push(record(page, Some(dialogue), role, party, term, "memberships/prose"));
        }
    }
}

/// Most words between the sign before a further party and its name, in tokens.
const FOLLOWED: usize = 5;

fn is_joint(page: &Page<'_>, token: usize) -> bool {
    matches!(page.text(token), "," | ";") || page.mark(token, |tag| tag == Tag::And).is_some()
}

/// `joined the open sessions`: a meeting is the object, not the dialogue.
fn attends(page: &Page<'_>, at: usize, end: usize) -> bool {
    // Behind an article a noun of something else; nouns of dialogues and of those who take part are what one joins.
    // `came in a few months later` says when.
    let is_own = |tag: Tag| {
        tag.is_titled_head() || matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Dialogue(_) | Tag::Generic | Tag::Filler | Tag::NotCounted)
    };
    let rest = (at..end.min(at + 5)).take_while(|&token| page.token(token).shape == Shape::Lower && !page.is_in_date(token));
    let rest: Vec<usize> = rest.collect();
    let has_article = rest.first().is_some_and(|&first| page.has(first, Tag::Article));
    let is_followed_by_name = rest.last().is_some_and(|&last| last + 1 < end && page.is_capital(last + 1));
    has_article && !is_followed_by_name && rest.len() >= 2 && !rest[1..].iter().any(|&token| page.mark(token, is_own).is_some())
        || rest.iter().any(|&token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some() && page.mark(token, Tag::is_titled_head).is_none())
}

/// `joined the Customs Union`: a name right behind the verb that is of no dialogue.
fn names_another(page: &Page<'_>, at: usize, end: usize) -> bool {
    let first = (at..end.min(at + 2)).find(|&token| !page.has(token, Tag::Article));
    let is_own = |tag: Tag| tag.is_titled_head() || matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Dialogue(_));
    first.is_some_and(|first| {
        let is_name = page.is_capital(first) && page.mark(first, is_own).is_none() && !page.is_in_date(first);
        is_name && !page.dialogues_in(first..end).any(|(tokens, _)| tokens.start <= first + 1)
    })
}

/// The list of parties that ends right before a token.
pub fn parties_before(page: &Page<'_>, from: usize, end: usize) -> Option<Vec<Mention>> {
    (from.max(end.saturating_sub(40))..end).find_map(|start| {
        let begins = (page.is_capital(start) || page.has(start, Tag::Article)) && (start == from || page.text(start - 1) != "(");
        // The verb that a sentence opens with is no part of a name: `Cuenta con A y B`.
        let is_verb = || start == from && page.mark(start, |tag| matches!(tag, Tag::LinkVerb | Tag::Phrase(_))).is_some();
        if !begins || is_verb() {
            return None;
        }
        let (found, after) = parties::list_at(page, start, end);
        let gap_is_small = !(after..end).any(|token| page.has(token, Tag::Negation))
            && (after..end).all(|token| page.token(token).shape == Shape::Lower || page.text(token) == ",")
            && end - after <= 2;
        (!found.is_empty() && gap_is_small).then(|| behind_break(page, from, found))
    })
}

/// Small words between a phrase and its parties: `for the first time`.
fn over_adverbials(page: &Page<'_>, at: usize, end: usize) -> usize {
    let first_party = (at..end.min(at + 7))
        .find(|&token| page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Organization(_) | Tag::Dialogue(_))).is_some());
    // `Y participent à titre d'observateurs A et B`: another role.
    let names_role = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Role(_) | Tag::As));
    match first_party {
        Some(party) if (at..party).all(|token| page.token(token).shape == Shape::Lower && !names_role(token)) => party,
        _ => at,
    }
}

fn is_known_name(page: &Page<'_>, party: &Mention) -> bool {
    is_known(page, party)
}

/// A dialogue is no member of itself.
pub fn is_dialogue(page: &Page<'_>, party: &Mention, dialogue: usize) -> bool {
    page.dialogue_mentions.iter().any(|(tokens, named)| *named == dialogue && tokens.start <= party.name.start && party.name.start < tokens.end)
}
