//! Links: roles that a verb ties to those who hold them, on either side of it.
//!
//! `The observers are A and B`, `A currently holds the chair`, `A and B have observer status`. Between the role and the parties stand
//! verbs and small words of the vocabulary, at least one verb among them, and nothing else.

use std::ops::Range;

use super::attendance::before_break;
use super::prose::{is_dialogue, parties_before};
use super::terms::{Term, own_term, term};
use super::{Role, is_known, looks_like_body, of_working_group, record, stands_under_organ};
use crate::extract::list_heads::over_region;
use crate::extract::owners::of_statement;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;

/// Fewest states that a label without a colon announces.
const LISTED: usize = 3;
/// Longest way between a role and its parties, in tokens.
const REACH: usize = 24;

/// Roles of a sentence whose parties a verb ties to them.
pub fn from_links(page: &Page<'_>, block: usize, sentence: &Range<usize>, drafts: &mut Vec<Draft>) {
    let is_role = |tag: Tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_));
    let mut end = sentence.start;
    for token in page.begins(sentence, is_role) {
        let Some(mark) = page.mark(token, is_role).filter(|mark| token >= end && mark.end <= sentence.end) else { continue };
        let words = mark.first..mark.end;
        end = mark.end;
        if page.is_within_dialogue(&words) || is_part_of_name(page, &words) {
            continue;
        }
        let from = sent_from(page, mark.tag, words.end, sentence.end);
        if from.is_none() && is_of_another(page, words.end, sentence.end) {
            continue;
        }
        let Some(dialogue) = of_statement(page, block, sentence, words.start) else { continue };
        let (Tag::Role(index) | Tag::RoleLabel(index)) = mark.tag else { continue };
        // What is a role in labels only needs the colon of one.
        let is_label = matches!(mark.tag, Tag::RoleLabel(_));
        let colon = (words.end..sentence.end.min(words.end + 8)).find(|&token| page.text(token) == ":");
        let colon = colon.filter(|&colon| !(words.end..colon).any(|token| page.is_capital(token) || page.has(token, Tag::Negation)));
        let body = if is_label { body_of(page, sentence, &words) } else { None };
        let follows_role = is_label && body.is_none() && names_role(page, sentence.start..words.start);
        // `Main countries of destination` are where workers go.
        let names_other = || (words.start.saturating_sub(2)..words.end).any(|token| page.mark(token, |tag| tag == Tag::Elsewhere).is_some());
        // `The labour-receiving countries are A, B and C` needs no colon.
        // `Forman parte del Proceso A, B y C`: a verb that a sentence opens with needs none behind it.
        let is_linked = body.is_some() || is_label && words.start == sentence.start;
        let lists_states = || {
            let start = over_links(page, words.end, is_linked, sentence.end)?;
            let states = parties::list_at(page, start, sentence.end).0.into_iter().filter(|party| party.kind == Kind::State).count();
            (states >= LISTED).then_some(())
        };
        let run = run_behind(page, words.end, sentence.end);
        if is_label && (colon.is_none() && run.is_none() && lists_states().is_none() || follows_role || names_other()) {
            continue;
        }
        let span = page.span(&words);
        let name = page.vocabulary().roles.role[index as usize].role.clone();
        // Who pays, hosts or organises is said of projects and meetings too.
        if matches!(name.as_str(), "donor" | "host" | "organiser") {
            continue;
        }
        if name == "member" && body.is_none() && colon.is_some() && stands_under_organ(page, block) {
            continue;
        }
        let name = body.map_or(name, ToOwned::to_owned);
        let role = of_working_group(page, block, Role { name, words: span, text: page.value(span), group: None, party: None });
        let adjacent = parties::party_at(page, words.end, sentence.end).filter(|party| {
            let directly = (words.end..party.name.start).all(|token| page.has(token, Tag::Article) || matches!(page.text(token), "'" | "’"));
            party.kind == Kind::State && directly && !page.is_capital(words.start)
        });
        let start = match (colon, over_as(page, &words, sentence), adjacent) {
            (Some(colon), ..) => Some(colon + 1).filter(|&start| start < sentence.end),
            (_, Some(from), _) => over_links(page, from, true, sentence.end),
            (.., Some(_)) => Some(words.end),
            _ if from.is_some() => from,
            _ if run.is_some() => run,
            _ => over_links(page, words.end, is_linked, sentence.end),
        };
        let listed =
            |start| if run == Some(start) { interrupted_run(page, start, sentence.end) } else { parties::list_at(page, start, sentence.end).0 };
        let behind = start.map(listed).map(|found| before_break(page, sentence.end, found));
        // `A has eight member states` counts them.
        let is_counted = words.start > sentence.start
            && (page.token(words.start - 1).shape == Shape::Number && !page.is_in_date(words.start - 1)
                || page.mark(words.start - 1, |tag| matches!(tag, Tag::Cardinal(number) if number > 2)).is_some());
        let before =
            back_over_links(page, words.start, over_nouns(page, words.end, sentence.end), sentence.start).filter(|_| !is_label && !is_counted);
        let before = before.and_then(|end| parties_before(page, sentence.start, over_clause(page, end, sentence.start)));
        // `chaired by A, B attended as observer`: A is what the participle says, and nothing else.
        let has_own_verb = |party: &Mention| {
            let first = (sentence.start..party.name.start).rev().find(|&token| !page.has(token, Tag::Article));
            first.is_some_and(|last| {
                (last.saturating_sub(3)..=last)
                    .any(|first| page.tokens.marks_at(first).any(|mark| matches!(mark.tag, Tag::Phrase(_)) && mark.end == last + 1))
            })
        };
        let before = before.map(|found| found.into_iter().filter(|party| !has_own_verb(party)).collect::<Vec<_>>());
        for party in behind.into_iter().chain(before).flatten() {
            if !is_number(page, party.name.start)
                && (counts(page, &party) || from.is_some() && looks_like_body(page, &party))
                && !is_dialogue(page, &party, dialogue)
                && !is_said(page, &party, &role, drafts)
            {
                let dates = term_of(page, sentence, &party, &role);
                // `A was a member up to 2014`
                let has_left = dates.start.is_none() && dates.end.is_some() && matches!(role.name.as_str(), "member" | "observer" | "partner");
                let former = Role { name: "former".to_owned(), ..role.clone() };
                drafts.push(record(page, Some(dialogue), if has_left { &former } else { &role }, &party, dates, "memberships/link"));
            }
        }
    }
}

/// How far into a sentence the body is named that it is about, in tokens.
const ABOUT: usize = 8;

/// `On the Steering Committee sit A and B`, `On it sit A and B`: the body of which a sentence tells who sits on it.
pub fn body_of<'a>(page: &'a Page<'_>, sentence: &Range<usize>, words: &Range<usize>) -> Option<&'a str> {
    let is_body = |token: usize| match page.mark(token, |tag| matches!(tag, Tag::Role(_)))?.tag {
        Tag::Role(role) => roles::body(page, role),
        _ => None,
    };
    let here = (sentence.start..words.start).find_map(is_body);
    let names_other = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Role(_) | Tag::UnitHead) || tag.is_titled_head()).is_some();
    let refers_back = words.start - sentence.start <= 3 && !(sentence.start..words.start).any(names_other);
    let refers_back = refers_back && page.dialogues_in(sentence.start..words.start).next().is_none();
    let before = || {
        let block = page.block_of(sentence.start);
        let here = page.sentences(page.range(block).start..sentence.start).pop();
        let above = || block.checked_sub(1).and_then(|above| page.sentences(page.range(above)).pop());
        let about = here.or_else(above)?;
        about.clone().take(ABOUT).find_map(is_body)
    };
    here.or_else(|| if refers_back { before() } else { None })
}

/// Fewest states that stand right behind a role without a sign.
const RUN: usize = 5;

/// `Member States A B C ...`: where the states begin that a heading lost its line end to.
fn run_behind(page: &Page<'_>, at: usize, end: usize) -> Option<usize> {
    let mut first = at;
    while first < end && first < at + 2 && page.mark(first, |tag| matches!(tag, Tag::PartyNoun(_))).is_some() {
        first += 1;
    }
    page.mark(first.min(end.saturating_sub(1)), |tag| matches!(tag, Tag::Country(_)))?;
    let (found, _) = parties::list_at(page, first, end);
    (found.iter().take_while(|party| party.kind == Kind::State).count() >= RUN).then_some(first)
}

/// Fewest parties of a list that sends observers or guests.
const SENT: usize = 2;

/// `representatives of observer organisations from A, B and C`: where those begin who send observers or guests.
fn sent_from(page: &Page<'_>, role: Tag, at: usize, end: usize) -> Option<usize> {
    let Tag::Role(index) = role else { return None };
    if !matches!(page.vocabulary().roles.role[index as usize].role.as_str(), "observer" | "guest") {
        return None;
    }
    let mut next = at;
    while next < end && page.mark(next, |tag| matches!(tag, Tag::PartyNoun(_))).is_some() {
        next += 1;
    }
    let first = (next < end && page.tokens.marks_at(next).any(|mark| matches!(mark.tag, Tag::Since | Tag::Of) && mark.end == next + 1))
        .then_some(next + 1)?;
    let (found, _) = parties::list_at(page, first, end);
    let known = found.iter().filter(|party| counts(page, party) || looks_like_body(page, party)).count();
    let holds = found.len() >= SENT && known * 3 >= found.len() * 2 && found[0].kind != Kind::Group;
    (holds && !page.dialogues_in(first..found[0].end).any(|_| true)).then_some(first)
}

/// Most tokens of something else within a run of states, and fewest states behind it.
const GAP: usize = 4;
const BEHIND: usize = 3;

/// The states of a run that something else stands within: `A B C Secretariat D E F`.
fn interrupted_run(page: &Page<'_>, start: usize, end: usize) -> Vec<Mention> {
    let (mut found, mut after) = parties::list_at(page, start, end);
    let go_on = |after: usize| {
        (after + 1..end.min(after + GAP + 1)).find_map(|next| {
            let is_state = page.is_capital(next) && page.mark(next, |tag| matches!(tag, Tag::Country(_))).is_some();
            let (more, after) = if is_state { parties::list_at(page, next, end) } else { return None };
            let states = more.iter().take_while(|party| party.kind == Kind::State).count();
            (states >= BEHIND).then_some((more, after))
        })
    };
    while let Some((more, end_of_more)) = go_on(after) {
        found.retain(|party| party.kind == Kind::State);
        found.extend(more);
        after = end_of_more;
    }
    found
}

/// Whether a role is named in a range: what stands behind a colon is said of it, not of a verb further on.
fn names_role(page: &Page<'_>, range: Range<usize>) -> bool {
    range.into_iter().any(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_))).is_some())
}

/// `(28 EU, 4 others)`: a number right before a name counts some of those.
fn is_number(page: &Page<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| page.token(before).shape == Shape::Number && !page.is_in_date(before))
}

/// A state, a group or a body that is known or has an acronym: any other capitalised word can be anything.
fn counts(page: &Page<'_>, party: &Mention) -> bool {
    party.kind != Kind::Organization || is_known(page, party)
}

/// Whether another rule has said so already.
pub fn is_said(page: &Page<'_>, party: &Mention, role: &Role, drafts: &[Draft]) -> bool {
    let name = page.span(&party.name);
    drafts.iter().rev().take(40).any(|draft| draft.spans("member_name").contains(&name) && draft.text("role") == Some(role.name.as_str()))
}

/// A role word in capitals inside a longer name: `Committee of Participating Ministries`.
fn is_part_of_name(page: &Page<'_>, words: &Range<usize>) -> bool {
    let touches = |token: usize| page.is_word(token) && page.is_capital(token);
    page.is_capital(words.start)
        && words.start > 0
        && touches(words.start - 1)
        && !page.gap_before(words.start).contains('\n')
        && page.mark(words.start - 1, |tag| matches!(tag, Tag::Article | Tag::Country(_))).is_none()
}

/// Over verbs and small words to the first party; none where something else stands between, or no verb does.
fn over_links(page: &Page<'_>, from: usize, mut linked: bool, end: usize) -> Option<usize> {
    let mut next = from;
    while next < end && next < from + REACH {
        if let Some((tokens, _)) = page.referents_in(next..end).find(|(tokens, _)| tokens.start == next) {
            // A name behind the verb is one of those who hold the role.
            if linked && tokens.start != from && !page.has(tokens.start - 1, Tag::Article) && !page.has(tokens.start - 1, Tag::Of) {
                return None;
            }
            next = tokens.end;
        } else if let Some(mark) = page.mark(next, |tag| tag == Tag::LinkVerb).filter(|mark| mark.end <= end) {
            linked = true;
            next = mark.end;
        } else if matches!(page.text(next), ":" | "(") {
            linked = true;
            next += 1;
        } else if page.text(next) == "," && page.mark(next + 1, |tag| tag == Tag::LinkVerb).is_some() {
            next += 1;
        } else if let Some(behind) = over_region(page, next + usize::from(page.text(next) == ","), end) {
            // `Participating from Africa were A and B; from Asia, C`
            return Some(behind);
        } else if page.text(next) == "," && page.mark(next + 1, |tag| tag == Tag::And).is_some_and(|mark| mark.end > next + 2) {
            // `A attends as observer, as do B and C`
            linked = true;
            next = page.mark(next + 1, |tag| tag == Tag::And).map_or(next + 1, |mark| mark.end);
        } else if is_beside(page, next) {
            next = page.mark(next, |tag| matches!(tag, Tag::LinkWord | Tag::PartyNoun(_) | Tag::Filler)).map_or(next + 1, |mark| mark.end);
        } else {
            break;
        }
    }
    (linked && next < end && page.is_capital(next)).then_some(next)
}

/// `with the participation, as observers, of A and B`: over the comma and preposition behind such a role.
fn over_as(page: &Page<'_>, words: &Range<usize>, sentence: &Range<usize>) -> Option<usize> {
    // `en qualité d'observateurs`: the sign ends before an apostrophe.
    let ends = |end: usize| end == words.start || end + 1 == words.start && matches!(page.text(end), "'" | "’");
    let sign = (words.start.saturating_sub(5).max(sentence.start)..words.start)
        .find(|&first| page.tokens.marks_at(first).any(|mark| mark.tag == Tag::As && ends(mark.end)))?;
    let next = over_nouns(page, words.end, sentence.end);
    if next + 1 >= sentence.end {
        return None;
    }
    let is_named = |at: usize| page.is_capital(at) && page.mark(at, |tag| matches!(tag, Tag::Country(_) | Tag::Organization(_))).is_some();
    let begins = |at: usize| page.has(at, Tag::Article) && !page.is_capital(at) && at + 1 < sentence.end && page.is_capital(at + 1);
    let is_between = sign > sentence.start && page.text(sign - 1) == ",";
    match page.text(next) {
        "," if page.has(next + 1, Tag::Of) && !page.has(next + 1, Tag::Article) => Some(next + 2),
        "," if is_between && (begins(next + 1) || is_named(next + 1)) => Some(next + 1),
        _ if begins(next) => Some(next),
        _ => None,
    }
}

/// `a member of the ACP Group`: a role in something else than a dialogue.
fn is_of_another(page: &Page<'_>, at: usize, end: usize) -> bool {
    if at >= end || !page.has(at, Tag::Of) {
        return false;
    }
    let next = (at + 1..end.min(at + 4)).find(|&token| !page.has(token, Tag::Article) && !matches!(page.text(token), "'" | "’"));
    next.is_some_and(|next| {
        page.is_capital(next) && !page.dialogues_in(next..end).any(|(tokens, _)| tokens.start <= next + 1) && !is_own_noun(page, next)
    })
}

/// `of the Process`: the dialogue by its noun.
fn is_own_noun(page: &Page<'_>, token: usize) -> bool {
    page.mark(token, |tag| tag.is_titled_head()).is_some()
}

/// `A, which had left in 2007, attends ...`: back over a clause between commas.
fn over_clause(page: &Page<'_>, end: usize, from: usize) -> usize {
    if end <= from + 1 || page.text(end - 1) != "," && (end >= page.tokens.tokens.len() || page.text(end) != ",") {
        return end;
    }
    let close = if page.text(end - 1) == "," { end - 1 } else { end };
    let open = (close.saturating_sub(REACH).max(from)..close).rev().find(|&token| page.text(token) == ",");
    match open {
        Some(open) if open + 1 < close && page.has(open + 1, Tag::ListEnd) && !page.is_capital(open + 1) => open,
        _ => end,
    }
}

/// Longest bracket of dates, in tokens.
const NOTE: usize = 10;

/// Back over verbs and small words to where the parties end.
fn back_over_links(page: &Page<'_>, end: usize, end_of_role: usize, from: usize) -> Option<usize> {
    let mut at = end;
    let mut linked = false;
    while at > from && end - at < REACH {
        let token = at - 1;
        let verb =
            (at.saturating_sub(4).max(from)..at).find(|&first| page.tokens.marks_at(first).any(|mark| mark.tag == Tag::LinkVerb && mark.end == at));
        if let Some(first) = verb {
            linked = true;
            at = first;
        } else if page.text(token) == ","
            && at == end
            && end < page.tokens.tokens.len()
            && (matches!(page.text(end_of_role), "," | ")" | ".")
                || page.tokens.marks_at(end_of_role).any(|mark| matches!(mark.tag, Tag::Of | Tag::Article)))
        {
            // An apposition: `A and B, observer states, ...`.
            linked = true;
            at = token;
            break;
        } else if page.text(token) == ")" {
            // A bracket of dates goes with the verb, an acronym with the name; `two States (A and B)` names the parties within.
            let open = (token.saturating_sub(NOTE).max(from)..token).rev().find(|&open| page.text(open) == "(").unwrap_or(token);
            let names_states = (open..token).any(|token| page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some());
            if names_states || open == token {
                at = token;
            } else if (open..token).any(|token| page.is_in_date(token)) {
                at = open;
            } else {
                break;
            }
        } else if is_beside(page, token) || page.is_in_date(token) || page.has(token, Tag::And) {
            at = token;
        } else {
            break;
        }
    }
    (linked && at > from).then_some(at)
}

/// Over the noun behind a role: `observer states`.
fn over_nouns(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next + 1 < end && page.mark(next, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_))).is_some() {
        next += 1;
    }
    next.min(end - 1)
}

/// A small word that may stand between a role and its parties, and is no party.
fn is_beside(page: &Page<'_>, token: usize) -> bool {
    let is_entity = page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Organization(_))).is_some() && page.is_capital(token);
    !is_entity
        && page
            .tokens
            .marks_at(token)
            .any(|mark| matches!(mark.tag, Tag::LinkWord | Tag::Article | Tag::PartyNoun(_) | Tag::Cardinal(_) | Tag::Of | Tag::Since))
        || page.token(token).shape == Shape::Number && !page.is_in_date(token)
}

/// The dates of a sentence are those of a term that goes round; for others only those that say since when or until when.
fn term_of(page: &Page<'_>, sentence: &Range<usize>, party: &Mention, role: &Role) -> Term {
    let note = party.note.clone().map_or(Term::default(), |note| term(page, note, role));
    if note.start.is_some() || note.end.is_some() {
        return note;
    }
    if role.goes_round() {
        return own_term(page, sentence, party, role);
    }
    let mut found = Term::default();
    // Another clause tells of somebody else.
    let starts = (sentence.start..party.name.start).rev().find(|&token| page.text(token) == ";").unwrap_or(sentence.start);
    let ends = (party.end..sentence.end).find(|&token| page.text(token) == ";").unwrap_or(sentence.end);
    for date in page.dates_in(starts..ends) {
        let first = date.tokens.start;
        let says = |tag: Tag| {
            (first.saturating_sub(3).max(sentence.start)..first)
                .any(|token| page.tokens.marks_at(token).any(|mark| mark.tag == tag && mark.end == first))
        };
        if says(Tag::Since) {
            found.start.get_or_insert((date.period, page.span(&date.tokens)));
        } else if says(Tag::Until) {
            found.end.get_or_insert((date.period, page.span(&date.tokens)));
        }
    }
    found
}
