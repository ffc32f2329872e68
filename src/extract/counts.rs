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
    /// Whether a noun for states or organisations stands behind the number.
    party_is_named: bool,
    end: usize,
}

/// Emits the stated counts of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    // Where the page names members, and in what role.
    let mut members: Vec<(usize, String)> = drafts
        .iter()
        .filter(|draft| draft.table == "memberships")
        .filter_map(|draft| Some((page.tokens.within(*draft.spans("member_name").first()?).start, draft.text("role")?.to_owned())))
        .collect();
    members.sort_unstable();
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        let has_digits = range.clone().any(|token| page.token(token).shape == Shape::Number);
        if !has_digits && !page.any_begins(&range, |tag| matches!(tag, Tag::Cardinal(_))) {
            continue;
        }
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
                    let of_clause = counted.party_is_named
                        && sentence_of(page, block, token).is_some_and(|sentence| role_of_clause(page, &sentence, counted.end).is_some());
                    if counted.says_members || in_list_phrase || of_clause || is_all(page, block, token, &counted) {
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
        from_labels(page, block, drafts);
        if drafts.len() == before {
            beside_lists(page, block, &members, drafts);
        }
    }
}

/// `Number of members: 22`, `Membership | 50 states`: a label with a role, and a number behind it.
fn from_labels(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let mut pairs = roles::labels(page, page.range(block));
    if page.block(block).kind == BlockKind::Row {
        let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
        if let [label, value] = cells.as_slice() {
            pairs.push((label.clone(), value.clone()));
        }
    }
    for (label, value) in pairs {
        let Some(heading) = roles::role_of(page, label).filter(|heading| is_counted(page, heading.role)) else { continue };
        let Some((number, next)) = number_at(page, value.start, value.end + 1).filter(|_| !page.is_in_date(value.start)) else { continue };
        // Nothing but the noun, or the same number in digits, stands behind it.
        let rest = (next..value.end.min(next + 3)).take_while(|&token| !page.gap_before(token).contains('\n'));
        let is_plain =
            |token: usize| !page.is_word(token) || page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Filler)).is_some();
        if rest.into_iter().all(is_plain) {
            drafts.extend(of_heading(page, block, &heading, number, value.start..value.start + 1));
        }
    }
}

/// A number in brackets or before a colon that goes with a list of members: `Latin America (19): A, B`, `A, B and C (three in all)`.
fn beside_lists(page: &Page<'_>, block: usize, members: &[(usize, String)], drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    for at in range.clone() {
        let Some((value, next)) = number_at(page, at, range.end).filter(|_| !page.is_in_date(at)) else { continue };
        if emit_listed(page, block, members, value, at..next, drafts) {
            continue;
        }
        let Some(open) = (range.start..at).rev().take(4).find(|&token| matches!(page.text(token), "(" | "[")) else {
            // `now has eleven: A, B`
            if next < range.end && page.text(next) == ":" && at > range.start {
                emit_beside(page, block, members, value, at, next..range.end, None, drafts);
            }
            continue;
        };
        let Some(close) = (next..range.end.min(next + 4)).find(|&token| matches!(page.text(token), ")" | "]")) else { continue };
        let is_known =
            |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Filler | Tag::PartyNoun(_) | Tag::Role(_) | Tag::Article));
        let alone = open + 1 == at && close == next;
        let ends_line = close + 1 >= range.end || page.gap_before(close + 1).contains('\n') || page.text(close + 1) == ":";
        if alone && !ends_line {
            continue;
        }
        if !(open + 1..close).filter(|&token| page.is_word(token) && !(at..next).contains(&token)).all(is_known) {
            continue;
        }
        let label = line_start(page, open, range.start)..open;
        let end = end_of_list(page, block, close + 1);
        let behind = emit_beside(page, block, members, value, at, close + 1..end, Some(label), drafts);
        if !behind && !alone {
            emit_beside(page, block, members, value, at, range.start..open, None, drafts);
        }
    }
}

/// How far behind a number its list begins, in tokens.
const REACH: usize = 10;

/// `Nine sending countries take part: A, B ...`, `has six participants: A, B ...`: a number, and exactly as many members listed behind the
/// colon or verb of its sentence.
fn emit_listed(page: &Page<'_>, block: usize, members: &[(usize, String)], value: i64, number: Range<usize>, drafts: &mut Vec<Draft>) -> bool {
    let Some(sentence) = sentence_of(page, block, number.start) else { return false };
    let begins = |token: &usize| page.text(*token) == ":" || page.mark(*token, |tag| tag == Tag::LinkVerb).is_some();
    let Some(start) = (number.end..sentence.end.min(number.end + REACH)).find(begins) else { return false };
    let noun = (number.end..start)
        .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::RoleLabel(_))))
        .filter(|noun| noun.end <= start);
    let listed = members.iter().filter(|(token, _)| (start..sentence.end).contains(token)).count() as i64;
    let Some(noun) = noun.filter(|_| listed == value) else { return false };
    let label = Some(number.end..noun.end).filter(|label| label.start < noun.first);
    emit_beside(page, block, members, value, number.start, start..sentence.end, label, drafts)
}

fn line_start(page: &Page<'_>, at: usize, from: usize) -> usize {
    (from..at).rev().find(|&token| token == from || page.gap_before(token).contains('\n')).unwrap_or(from)
}

/// Where the list that a label opens ends: at the next such label of the block, else with the blocks under it.
fn end_of_list(page: &Page<'_>, block: usize, at: usize) -> usize {
    let range = page.range(block);
    let next_label = (at..range.end).find(|&token| {
        token > at && page.gap_before(token).contains('\n') && (token..range.end.min(token + 12)).any(|later| page.text(later) == ":")
    });
    if let Some(token) = next_label {
        return token;
    }
    if at + 2 < range.end {
        return range.end;
    }
    let level = page.block(block).level;
    let is_below = |below: usize| {
        let other = page.block(below);
        below == block + 1 && other.kind != BlockKind::Heading
            || other.kind == BlockKind::Item && (other.level > level || page.block(block).kind != BlockKind::Item)
    };
    let last = (block + 1..page.blocks.blocks.len()).take_while(|&below| is_below(below)).last().unwrap_or(block);
    page.range(last).end
}

/// Emits a count for the members in a stretch of text, where there are about as many of one role.
#[allow(clippy::too_many_arguments, reason = "the parts of one sentence")]
fn emit_beside(
    page: &Page<'_>,
    block: usize,
    members: &[(usize, String)],
    value: i64,
    number: usize,
    stretch: Range<usize>,
    label: Option<Range<usize>>,
    drafts: &mut Vec<Draft>,
) -> bool {
    let found: Vec<&String> = members.iter().filter(|(token, _)| stretch.contains(token)).map(|(_, role)| role).collect();
    let Some(role) = found.first().filter(|role| matches!(role.as_str(), "member" | "observer" | "partner")) else { return false };
    let count = found.iter().filter(|other| *other == role).count() as i64;
    if value < 2 || count * 2 < value || count > value * 2 {
        return false;
    }
    let Some(subject) = page.subject(block) else { return false };
    let dialogue = page.span(&page.dialogues[subject].name);
    let span = page.span(&(number..number + 1));
    let mut draft = Draft::new("stated_counts", "stated_counts/list").with("dialogue", page.value(dialogue), dialogue).with("value", value, span);
    let role = if role.as_str() == "partner" { "member" } else { role.as_str() };
    draft = draft.with("role", role, span).derived("party", "state");
    if let Some(label) = label.filter(|label| !label.is_empty() && roles::role_of(page, label.clone()).is_none()) {
        draft = draft.with("group", page.value_of(&label), page.span(&label));
    }
    drafts.push(draft);
    true
}

/// Roles whose holders texts count: others come one at a time, or the number is one of persons.
fn is_counted(page: &Page<'_>, role: u16) -> bool {
    matches!(page.vocabulary().roles.role[role as usize].role.as_str(), "member" | "observer" | "partner" | "steering_group" | "founding")
}

/// States that are partners of a dialogue are those that take part in it.
fn counted_role(page: &Page<'_>, role: u16, party: &str) -> String {
    let name = &page.vocabulary().roles.role[role as usize].role;
    if name == "partner" && party == "state" { "member".to_owned() } else { name.clone() }
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
    let mut only_label = false;
    while next < end && next < first + 8 {
        // `nine Asian countries of destination` counts countries, whatever a label makes of the words.
        let names_party = page.mark(next, |tag| matches!(tag, Tag::PartyNoun(_))).is_some();
        if let Some(mark) = page.mark(next, |tag| matches!(tag, Tag::Role(_)) || matches!(tag, Tag::RoleLabel(_)) && !names_party) {
            let (Tag::Role(index) | Tag::RoleLabel(index)) = mark.tag else { break };
            only_label |= matches!(mark.tag, Tag::RoleLabel(_));
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
    // Participants of a meeting are persons.
    if role.is_none() && party.is_none() || only_label && party.is_none() || value < 2 || role.is_some_and(|role| !is_counted(page, role)) {
        return None;
    }
    // `46 answered, and we counted Mongolia among the founding members`: another clause stands between.
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
        number: at..number_end(page, at),
        value,
        described,
        role,
        party: party.unwrap_or(PartyNoun::State),
        says_members: role.is_some(),
        party_is_named: party.is_some(),
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

fn sentence_of(page: &Page<'_>, block: usize, at: usize) -> Option<Range<usize>> {
    page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&at))
}

/// `The Forum is a space for the 22 countries of the region`: all of them, in a sentence about the dialogue.
fn is_all(page: &Page<'_>, block: usize, at: usize, counted: &Counted) -> bool {
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
    let party = if counted.party == PartyNoun::State { "state" } else { "organization" };
    let role = counted
        .role
        .or_else(|| role_of_clause(page, &sentence, counted.end))
        .map_or_else(|| "member".to_owned(), |role| counted_role(page, role, party));
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
    drafts.extend(of_heading(page, block, heading, value, *number..number + 1));
}

fn of_heading(page: &Page<'_>, block: usize, heading: &roles::RoleHeading, value: i64, number: Range<usize>) -> Option<Draft> {
    let subject = page.subject(block).filter(|_| value >= 2 && is_counted(page, heading.role))?;
    let dialogue = page.span(&page.dialogues[subject].name);
    let party = if heading.party == Some(PartyNoun::Organization) { "organization" } else { "state" };
    let role = counted_role(page, heading.role, party);
    let mut draft = Draft::new("stated_counts", "stated_counts/heading")
        .with("dialogue", page.value(dialogue), dialogue)
        .with("value", value, page.span(&number))
        .with("role", role, page.span(&heading.words))
        .derived("party", party);
    if let Some(group) = &heading.group {
        draft = draft.with("group", page.value_of(group), page.span(group));
    }
    Some(draft)
}

/// `Two States (A and B) and four organizations hold observer status`: the role stands behind a verb of the clause.
fn role_of_clause(page: &Page<'_>, sentence: &Range<usize>, at: usize) -> Option<u16> {
    let verb = (at..sentence.end).find(|&token| page.mark(token, |tag| tag == Tag::LinkVerb).is_some())?;
    (verb..sentence.end.min(verb + 5)).find_map(|token| match page.mark(token, |tag| matches!(tag, Tag::Role(_)))?.tag {
        Tag::Role(role) => Some(role).filter(|&role| is_counted(page, role)),
        _ => None,
    })
}
