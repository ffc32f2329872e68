//! Stated counts: how many members a text says that there are, right or wrong.

mod clauses;
mod labels;
mod lists;
mod overviews;
mod parts;

use std::ops::Range;

use crate::extract::owners::of_statement;
use crate::extract::page::Page;
use crate::extract::roles;
use crate::findings::Report;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

use clauses::{body_before, is_all, is_among, is_of_body, is_of_steering, is_present, is_whole_sentence, role_of_clause, speaks_for, takes_part};
use labels::{below_label, counted_role, from_bracket, from_labels, is_counted};
use lists::beside_lists;
use overviews::{from_legends, from_overview};
use parts::{is_sum, of_total};

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
    /// Whether a noun for states or organisations stands behind the number.
    party_is_named: bool,
    end: usize,
}

/// A member that the page names, where and in what role.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Listed {
    at: usize,
    role: String,
    is_body: bool,
}

/// Emits the stated counts of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    // Where the page names members, and in what role.
    let listed = |draft: &Draft| {
        let at = page.tokens.within(*draft.spans("member_name").first()?).start;
        Some(Listed { at, role: draft.text("role")?.to_owned(), is_body: draft.text("party") == Some("organization") })
    };
    let mut members: Vec<Listed> = drafts.iter().filter(|draft| draft.table == "memberships").filter_map(listed).collect();
    members.sort_unstable();
    for (block, content) in page.numbered_blocks() {
        from_overview(page, block, drafts);
        let range = page.range(block);
        if page.number_from(&range).is_none() {
            continue;
        }
        let heading = (content.kind == BlockKind::Heading).then(|| roles::role_of(page, range.clone())).flatten();
        let governed = roles::governing_role(page, block);
        let bracketed = page.text(range.start) == "(" || content.kind == BlockKind::Heading;
        let before = drafts.len();
        let mut token = range.start;
        // Where the last count that was taken ends.
        let mut taken = None;
        while let Some(number) = page.number_from(&(token..range.end)) {
            token = number;
            if is_read(page, &drafts[before..], token) {
                token += 1;
                continue;
            }
            match counted_at(page, token, range.end).filter(|counted| !is_of_body(page, &range, counted)) {
                Some(counted) => {
                    let in_list_phrase = follows_member_phrase(page, block, token);
                    let in_section = bracketed && (heading.is_some() || governed.is_some());
                    let of_clause = counted.party_is_named
                        && sentence_of(page, block, token).is_some_and(|sentence| role_of_clause(page, &sentence, counted.end).is_some());
                    let is_joined = taken.is_some_and(|end| joins(page, end, token));
                    let lists_them = lists_all(page, &members, &range, &counted);
                    let is_answer = governed.is_some() && is_whole_sentence(page, block, &counted);
                    if counted.says_members
                        || in_list_phrase
                        || is_answer
                        || of_clause
                        || is_joined
                        || is_all(page, block, token, &counted)
                        || is_among(page, &range, &counted)
                        || is_sum(page, &range, &counted)
                        || takes_part(page, block, &counted)
                        || speaks_for(page, block, &counted)
                        || is_of_steering(page, block, &counted)
                        || is_present(page, block, &counted)
                        || dialogue_beside(page, &range, &counted).is_some()
                        || lists_as_many(page, &members, &range, &counted)
                    {
                        let of_dialogue = in_section || in_list_phrase || is_joined || lists_them || names_subject(page, block, token);
                        let total = record(page, block, &counted, of_dialogue || governed.is_some());
                        let parts = of_total(page, &range, &counted, &total);
                        drafts.push(total);
                        drafts.extend(parts);
                        taken = Some(counted.end);
                    }
                    token = counted.end;
                }
                None => token += 1,
            }
        }
        // `Governments (13)` below `Members`: the heading that it is a part of says what they are.
        let of_part = || (content.kind == BlockKind::Heading && bracketed).then(|| roles::role_of_part(page, block)).flatten();
        if let (Some(heading), true) = (heading.or_else(of_part).filter(|heading| is_counted(page, heading.role)), drafts.len() == before) {
            from_bracket(page, block, &heading, drafts);
        }
        from_labels(page, block, drafts);
        if content.kind == BlockKind::Paragraph && range.clone().any(|token| page.token(token).shape == Shape::Number) {
            below_label(page, block, drafts);
        }
        from_legends(page, block, drafts);
        beside_lists(page, block, &members, before, drafts);
    }
}

/// Whether some count has been taken from the number at a token.
fn is_read(page: &Page<'_>, drafts: &[Draft], at: usize) -> bool {
    let span = page.span(&(at..at + 1));
    let holds =
        |draft: &Draft| draft.table == "stated_counts" && draft.spans("value").iter().any(|read| read.start <= span.start && span.end <= read.end);
    drafts.iter().any(holds)
}

/// `39 Member States`, `28 EU Member States`, `16-member network`, `nine Asian countries of destination`, `EU27 countries`.
fn counted_at(page: &Page<'_>, at: usize, end: usize) -> Option<Counted> {
    let (value, mut next) = number_at(page, at, end)?;
    let number = at..next;
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
    next = over_collective(page, at, next, end)?;
    let first = next;
    // `every two years among the members`
    if first < end && page.has(first, Tag::NotCounted) {
        return None;
    }
    let mut role = None;
    let mut party = None;
    let mut described_end = first;
    let mut only_label = false;
    while next < end && next < first + 8 {
        // `nine Asian countries of destination` counts countries, whatever a label makes of the words.
        let names_party = page.mark(next, |tag| matches!(tag, Tag::PartyNoun(_))).is_some();
        if let Some(mark) = page.mark(next, |tag| matches!(tag, Tag::Role(_)) || matches!(tag, Tag::RoleLabel(_)) && !names_party) {
            let (Tag::Role(index) | Tag::RoleLabel(index)) = mark.tag else { break };
            only_label |= matches!(mark.tag, Tag::RoleLabel(_));
            role.get_or_insert(index);
            // The noun can be part of the role: `organisations partenaires`.
            let is_body = |token: usize| page.mark(token, |tag| tag == Tag::PartyNoun(PartyNoun::Organization)).is_some();
            if (mark.first..mark.end).any(is_body) {
                party = Some(PartyNoun::Organization);
            }
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
    // Participants of a meeting are persons.
    if role.is_none() && party.is_none() || only_label && party.is_none() || value < 2 || role.is_some_and(|role| !is_counted(page, role)) {
        return None;
    }
    // `2. Rules of Membership`, `16-member network`
    let is_counted_noun = |token: usize| page.text(token).to_lowercase().ends_with('s') || page.text(first - 1) == "-";
    if party.is_none() && !is_counted_noun(next - 1) {
        return None;
    }
    // `nine of the eleven Member States`: the whole is counted behind it.
    let is_number = |token: usize| page.token(token).shape == Shape::Number || page.mark(token, |tag| matches!(tag, Tag::Cardinal(_))).is_some();
    if first < described_end && page.has(first, Tag::Of) && (first..described_end).any(is_number) {
        return None;
    }
    // `46 answered, and we counted A among the founding members`: another clause stands between.
    // `24 million workers from the Member States` counts workers.
    let counts_other = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::LinkVerb | Tag::Magnitude(_) | Tag::CountedNoun);
    let is_party = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::RoleLabel(_))).is_some();
    if (first..described_end).any(|token| page.mark(token, counts_other).is_some() && !is_party(token)) {
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
        number,
        value,
        described,
        role,
        party: party.unwrap_or(PartyNoun::State),
        says_members: role.is_some(),
        party_is_named: party.is_some(),
        end: tail,
    })
}

/// `45 governments and 3 organizations`: the second is of the same list.
fn joins(page: &Page<'_>, end: usize, at: usize) -> bool {
    let between = end..at;
    let is_and = |token: usize| page.mark(token, |tag| tag == Tag::And).is_some();
    !between.is_empty()
        && between.len() <= 2
        && between.clone().any(is_and)
        && between.into_iter().all(|token| is_and(token) || page.text(token) == ",")
}

/// Whether exactly as many members as counted stand behind the colon of the same block.
fn lists_all(page: &Page<'_>, members: &[Listed], range: &Range<usize>, counted: &Counted) -> bool {
    let Some(colon) = (counted.end..range.end.min(counted.end + COLON)).find(|&token| page.text(token) == ":") else { return false };
    members.iter().filter(|member| (colon..range.end).contains(&member.at)).count() as i64 == counted.value
}

/// Fewest members that a block lists behind a count of as many, whatever stands between.
const AS_MANY: usize = 5;

/// `open to the agencies of 23 countries. Its members are: A, B`: whether the block goes on with exactly as many members.
fn lists_as_many(page: &Page<'_>, members: &[Listed], range: &Range<usize>, counted: &Counted) -> bool {
    let listed = || members.iter().filter(|member| (counted.end..range.end).contains(&member.at) && !member.is_body).count();
    let is_of_states = counted.party_is_named && counted.party == PartyNoun::State && counted.value >= AS_MANY as i64;
    is_of_states && page.subject(page.block_of(range.start)).is_some() && listed() as i64 == counted.value
}

/// How far behind a count the colon of its list stands, in tokens.
const COLON: usize = 6;
/// How far before a count stands what it is a count of, in tokens.
const NEAR: usize = 4;

/// `the Process (11 countries of origin)`, `the 45 governments of the Process`: the dialogue right beside a count.
fn dialogue_beside(page: &Page<'_>, range: &Range<usize>, counted: &Counted) -> Option<usize> {
    let at = counted.number.start;
    let open = (at.saturating_sub(NEAR + 6).max(range.start)..at).rev().find(|&token| matches!(page.text(token), "(" | ")"));
    let inside =
        open.filter(|&open| page.text(open) == "(" && counted.party_is_named && !counted.described.clone().any(|token| page.is_capital(token)));
    let before = inside.and_then(|open| {
        let (tokens, dialogue) = page.dialogues_in(range.start..at).last()?;
        let goes_on = tokens.end <= open && open - tokens.end <= NEAR && (tokens.end..open).all(|token| page.token(token).shape == Shape::Lower);
        (goes_on || tokens.start > open).then_some(dialogue)
    });
    let behind = || {
        let first = (counted.end..range.end.min(counted.end + 3)).find(|&token| !page.has(token, Tag::Of) && !page.has(token, Tag::Article))?;
        (first > counted.end).then(|| page.dialogues_in(first..range.end).find(|(tokens, _)| tokens.start == first).map(|(_, dialogue)| dialogue))?
    };
    // `the Process: 12 countries of origin`
    let labelled = || {
        let sign = at.checked_sub(1).filter(|&sign| sign > range.start && page.text(sign) == ":" && counted.party_is_named)?;
        page.dialogues_in(range.start..sign).last().filter(|(tokens, _)| tokens.end == sign).map(|(_, dialogue)| dialogue)
    };
    before.or_else(behind).or_else(labelled)
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
    // `forty-five`
    let is_tens = value >= 20 && value % 10 == 0 && mark.end + 1 < end && page.text(mark.end) == "-" && page.tokens.touches_previous(mark.end);
    let ones = is_tens.then(|| page.mark(mark.end + 1, |tag| matches!(tag, Tag::Cardinal(ones) if ones < 10))).flatten();
    let (value, after) = match ones.map(|ones| (ones.tag, ones.end)) {
        Some((Tag::Cardinal(ones), after)) => (value + ones, after),
        _ => (value, mark.end),
    };
    (after < end).then_some((i64::from(value), after))
}

/// `une quarantaine d’États`, `una veintena de países`: the small word between a number in words and its noun.
fn over_collective(page: &Page<'_>, at: usize, next: usize, end: usize) -> Option<usize> {
    if next >= end || page.token(at).shape == Shape::Number || !page.has(next, Tag::Of) {
        return Some(next);
    }
    let cut = next + 1 < end && matches!(page.text(next + 1), "’" | "'") && page.tokens.touches_previous(next + 1);
    let noun = next + 1 + usize::from(cut);
    let is_noun = noun < end && page.mark(noun, |tag| matches!(tag, Tag::PartyNoun(_))).is_some();
    is_noun.then_some(noun)
}

/// `of origin`, `of destination`.
fn over_tail(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next + 1 < end && page.has(next, Tag::Of) && page.token(next + 1).shape == Shape::Lower {
        next += 2;
    }
    next
}

fn sentence_of(page: &Page<'_>, block: usize, at: usize) -> Option<Range<usize>> {
    page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&at))
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
    let subject = dialogue_beside(page, &page.range(block), counted).or_else(|| of_statement(page, block, &sentence, before_list));
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
    let party = if counted.party == PartyNoun::State { "state" } else { "organization" };
    let role = body_before(page, &sentence, counted.number.start)
        .or_else(|| clauses::body_of_section(page, block, &sentence, counted))
        .or(counted.role)
        .or_else(|| role_of_clause(page, &sentence, counted.end))
        .map_or_else(|| "member".to_owned(), |role| counted_role(page, role, party));
    draft = draft.with("role", role, page.span(&(counted.number.start..counted.end))).derived("party", party);
    match page.dates_in(sentence).next() {
        Some(date) => draft.derived("as_of", date.period.reduced_start()),
        None => draft,
    }
}
