//! Roles behind "as": `A, as the current Chair`, `A and B follow the meetings as observers`, `A and B, who take part as observers`.

use std::ops::Range;

use super::appositions::dates_behind;
use super::attendance::{announces, follows_break};
use super::links::is_said;
use super::prose::parties_before;
use super::terms::Term;
use super::{Role, is_known, record};
use crate::extract::owners::of_statement;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;

/// `A, as [the] [current] Chair`.
pub fn as_role(page: &Page<'_>, block: usize, sentence: &Range<usize>, token: usize, drafts: &mut Vec<Draft>) {
    let Some(words) = page.mark(token, |tag| tag == Tag::As).filter(|mark| mark.end < sentence.end) else { return };
    if token <= sentence.start + 1 {
        return;
    }
    let behind_comma = page.text(token - 1) == ",";
    let role_at = (words.end..sentence.end.min(token + 6)).find_map(|at| page.mark(at, |tag| matches!(tag, Tag::Role(_))));
    let Some(mark) = role_at else { return };
    let Tag::Role(index) = mark.tag else { return };
    if announces(page, token, mark.end, sentence.end) {
        return;
    }
    // `A, B and C follow the proceedings as observers`: those whom the sentence begins with.
    let in_plural = words.end == mark.first && page.vocabulary().roles.role[index as usize].role == "observer";
    let subjects = || {
        let (found, _) = parties::list_at(page, sentence.start, token);
        let are_known =
            found.len() >= 2 && found.iter().all(|party| party.kind != Kind::Organization || is_known(page, party) || party.note.is_some());
        let is_negated = (sentence.start..token).any(|token| page.has(token, Tag::Negation));
        Some(found).filter(|_| in_plural && !behind_comma && are_known && !is_negated)
    };
    let counts = |found: &Vec<Mention>| found.iter().any(|party| party.kind != Kind::Organization || is_known(page, party));
    let right_before = parties_before(page, sentence.start, token - usize::from(behind_comma));
    let before = right_before.clone().filter(counts).or_else(|| antecedent(page, sentence, token)).or(right_before);
    if let Some(found) = before.is_none().then(subjects).flatten() {
        let Some(dialogue) = of_statement(page, block, sentence, token) else { return };
        let span = page.span(&(mark.first..mark.end));
        let role =
            Role { name: page.vocabulary().roles.role[index as usize].role.clone(), words: span, text: page.value(span), group: None, party: None };
        for party in &found {
            if !is_said(page, party, &role, drafts) {
                drafts.push(record(page, Some(dialogue), &role, party, Term::default(), "memberships/as"));
            }
        }
        return;
    }
    let Some(mut found) = before else { return };
    if !behind_comma && !(in_plural && follows_break(page, &found)) && found.last().is_some_and(|last| last.end + 2 >= token) {
        // `A with B as Co-Chair`: the nearest alone, where the name ends right before the word.
        found = found.pop().filter(|party| party.end == token && party.kind == Kind::State).into_iter().collect();
    }
    let dialogue = page.dialogues_in(token..mark.first).next().map(|(_, dialogue)| dialogue).or_else(|| of_statement(page, block, sentence, token));
    let words = page.span(&(mark.first..mark.end));
    let role = Role { name: page.vocabulary().roles.role[index as usize].role.clone(), words, text: page.value(words), group: None, party: None };
    let dates = if role.goes_round() { dates_behind(page, mark.end, sentence.end, &role) } else { Term::default() };
    for party in found.iter().filter(|party| party.kind != Kind::Organization || is_known(page, party)) {
        if !is_said(page, party, &role, drafts) {
            drafts.push(record(page, dialogue, &role, party, dates, "memberships/as"));
        }
    }
}

/// How far a relative clause goes before the role that it gives, in tokens.
const RELATIVE: usize = 10;

/// `A, B and C, who take part in the Process as observers`: the list before the comma of the clause.
fn antecedent(page: &Page<'_>, sentence: &Range<usize>, token: usize) -> Option<Vec<Mention>> {
    let opens = |at: usize| page.text(at) == "," && at + 1 < token && page.has(at + 1, Tag::ListEnd) && page.token(at + 1).shape == Shape::Lower;
    let comma = (token.saturating_sub(RELATIVE).max(sentence.start)..token).rev().find(|&at| opens(at))?;
    (sentence.start..comma).filter(|&first| page.is_capital(first) || page.has(first, Tag::Article)).find_map(|first| {
        let (found, after) = parties::list_at(page, first, comma);
        (after == comma && found.len() >= 2).then_some(found)
    })
}
