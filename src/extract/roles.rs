//! Roles: what a heading or label says about those who are listed under it.

use std::ops::Range;

use super::page::Page;
use super::parties;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// A role and what a heading says of its holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleHeading {
    /// Index into the roles of the vocabulary.
    pub role: u16,
    pub party: Option<PartyNoun>,
    /// A group of states that the list is limited to.
    pub group: Option<Range<usize>>,
    /// Where the role stands.
    pub words: Range<usize>,
}

/// Reads a heading or label as a role: role words, nouns for parties, filling words, and little else.
#[must_use]
pub fn role_of(page: &Page<'_>, range: Range<usize>) -> Option<RoleHeading> {
    if !page.any_begins(&range, |tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_))) {
        return None;
    }
    let mut role: Option<(u16, Range<usize>)> = None;
    let mut parties: Vec<PartyNoun> = Vec::new();
    let mut group = None;
    let (mut known, mut words) = (0, 0);
    let mut next = range.start;
    let mut depth = 0;
    let (mut names_other, mut by_label) = (false, false);
    while next < range.end {
        match page.text(next) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            _ => {}
        }
        if !page.is_word(next) {
            next += 1;
            continue;
        }
        if page.has(next, Tag::Negation) || page.has(next, Tag::Prospective) {
            return None;
        }
        // `Main countries of destination` are where workers go, not those who take part.
        names_other |= page.mark(next, |tag| tag == Tag::Elsewhere).is_some();
        let within = |mark: &crate::model::tokens::Mark| mark.end <= range.end;
        let at = next;
        let mut step = 1;
        let mut is_known = depth > 0;
        if let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_))).filter(within) {
            let (Tag::Role(index) | Tag::RoleLabel(index)) = mark.tag else { break };
            if role.is_none() && depth == 0 {
                role = Some((index, mark.first..mark.end));
                by_label = matches!(mark.tag, Tag::RoleLabel(_));
            } else if let Some((first, span)) = role.as_mut().filter(|_| depth == 0) {
                // `Composition of the Steering Committee`: its members, not those of the whole; `attending as observers`: as what they attend.
                let says_as_what = by_label && matches!(mark.tag, Tag::Role(_)) && page.mark(at - 1, |tag| tag == Tag::As).is_some();
                if role_name(page, *first) == "member" && body(page, index).is_some() || says_as_what {
                    (*first, by_label) = (index, by_label && !says_as_what);
                }
                // `Partner/Donor Organizations`: who gives is not thereby a partner.
                if page.vocabulary().roles.role[index as usize].role == "donor" && page.text(at - 1) == "/" {
                    *first = index;
                }
                span.end = mark.end;
            }
            (step, is_known) = (mark.end - at, true);
            // A phrase such as `member states` is role and party at once.
            parties.extend(party_within(page, at..mark.end));
        } else if let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::Dialogue(_) | Tag::Group(_))).filter(within) {
            if matches!(mark.tag, Tag::Group(_)) || page.mark(at, |tag| matches!(tag, Tag::Group(_))).is_some() {
                group = Some(mark.first..mark.end);
            }
            (step, is_known) = (mark.end - at, true);
        } else if let Some((tokens, _)) = page.dialogues_in(at..range.end).find(|(tokens, _)| tokens.start == at) {
            (step, is_known) = (tokens.len(), true);
        } else if depth == 0 && page.mark(at, |tag| matches!(tag, Tag::Country(_) | Tag::Organization(_))).filter(within).is_some() {
            // Somebody's own role, not a list of those who hold it.
            return None;
        } else if let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::PartyNoun(_))).filter(within) {
            let Tag::PartyNoun(party) = mark.tag else { break };
            parties.push(party);
            (step, is_known) = (mark.end - at, true);
        } else if let Some(region) = region_behind(page, at, range.end).filter(|_| role.is_some() && !parties.is_empty() && depth == 0) {
            // `Participating countries of the Silk Routes Region`
            (step, is_known) = (region.end - at, true);
            group = group.or(Some(region));
        } else if page.tokens.marks_at(at).any(|mark| {
            matches!(
                mark.tag,
                Tag::Filler | Tag::Article | Tag::And | Tag::Of | Tag::Connector | Tag::Cardinal(_) | Tag::Month(_) | Tag::Since | Tag::Until
            )
        }) {
            is_known = true;
        } else if role.is_some() && page.tokens.marks_at(at).any(|mark| matches!(mark.tag, Tag::Ordinal(_) | Tag::MeetingHead | Tag::Generic)) {
            // `Observers invited to the Sixth Consultation`
            is_known = true;
        }
        words += step;
        known += if is_known { step } else { 0 };
        next += step;
    }
    let (role, span) = role?;
    // `The six themes of the presidency` are themes.
    let reads_themes = |tag: Tag| matches!(tag, Tag::Heading(index) if page.gazetteer.reads(index) == Reads::Themes);
    if (range.start..span.start).any(|token| page.mark(token, reads_themes).is_some_and(|mark| mark.end <= span.start)) {
        return None;
    }
    if known * 4 < words * 3 || by_label && names_other {
        return None;
    }
    parties.dedup();
    let party = if parties.len() == 1 { parties.first().copied() } else { None };
    Some(RoleHeading { role, party, group, words: span })
}

/// Longest name of a region, in tokens.
const REGION: usize = 5;

/// `of the Silk Routes Region` at the end of a heading: a few words in capitals that are no organisation.
fn region_behind(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let first = (at + 1..end).find(|&token| !page.has(token, Tag::Article)).filter(|_| page.has(at, Tag::Of))?;
    let names_other = |token: usize| {
        page.mark(token, |tag| {
            matches!(tag, Tag::Organization(_) | Tag::OrganizationHead(_) | Tag::Country(_) | Tag::Group(_) | Tag::Role(_) | Tag::MeetingHead)
        })
        .is_some()
            || tag_of_dialogue(page, token)
    };
    let is_region = (first..end).all(|token| page.is_capital(token) && page.is_word(token) && !names_other(token));
    (is_region && end - first <= REGION && end - first >= 2).then_some(first..end)
}

fn tag_of_dialogue(page: &Page<'_>, token: usize) -> bool {
    page.mark(token, |tag| tag.is_dialogue_head() || tag.is_titled_head()).is_some() || page.dialogues_in(token..token + 1).next().is_some()
}

fn party_within(page: &Page<'_>, range: Range<usize>) -> Option<PartyNoun> {
    range.into_iter().find_map(|token| match page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_)))?.tag {
        Tag::PartyNoun(party) => Some(party),
        _ => None,
    })
}

/// The role heading that a block stands under, if the list under it is one of parties: the nearest introduction decides; a heading that
/// only names a group or a sort of states passes on the one before it.
#[must_use]
pub fn governing_role(page: &Page<'_>, block: usize) -> Option<RoleHeading> {
    for above in page.introductions(block) {
        if let Some(role) = page.role_of(above).cloned().or_else(|| role_of_lead_in(page, above)) {
            return Some(body_of_section(page, above, &role).map_or_else(|| role.clone(), |own| RoleHeading { role: own, ..role.clone() }));
        }
        if page.block(above).kind != BlockKind::Heading {
            // A lead-in to something else ends what the heading above says.
            let reads = page.section_of(above).map(|section| section.reads);
            if reads.is_some_and(|reads| reads != Reads::Nothing) {
                return None;
            }
            continue;
        }
        let group = page.passed_on(above)?;
        let before = (0..above).rev().find(|&before| page.block(before).kind == BlockKind::Heading)?;
        // Walk back over sister headings of groups to the heading with the role.
        let mut candidate = Some(before);
        while let Some(heading) = candidate {
            if let Some(role) = page.role_of(heading).cloned() {
                return (!is_held_by_one(page, role.role)).then(|| RoleHeading { group: group.or(role.group), ..role });
            }
            page.passed_on(heading)?;
            candidate = (0..heading).rev().find(|&before| page.block(before).kind == BlockKind::Heading);
        }
        return None;
    }
    None
}

/// The role that a label gives below a heading: the members under that of a steering group are in it.
#[must_use]
pub fn in_section(page: &Page<'_>, block: usize, role: RoleHeading) -> RoleHeading {
    let above = page.heading(block).and_then(|heading| page.role_of(heading)).map(|above| above.role);
    let own = above.filter(|above| is_member(page, &role) && body(page, *above).is_some());
    RoleHeading { role: own.unwrap_or(role.role), ..role }
}

/// Whether a role is that of a member.
#[must_use]
pub fn is_member(page: &Page<'_>, role: &RoleHeading) -> bool {
    role_name(page, role.role) == "member"
}

/// `What is the Steering Committee?` above `Its members are:`: the body of the section in which a lead-in announces members.
fn body_of_section(page: &Page<'_>, lead_in: usize, role: &RoleHeading) -> Option<u16> {
    if page.block(lead_in).kind == BlockKind::Heading || role_name(page, role.role) != "member" {
        return None;
    }
    let heading = page.heading(lead_in)?;
    let above = page.role_of(heading).cloned().or_else(|| role_of_lead_in(page, heading))?;
    Some(above.role).filter(|role| body(page, *role).is_some())
}

fn role_name<'a>(page: &'a Page<'_>, role: u16) -> &'a str {
    &page.vocabulary().roles.role[usize::from(role)].role
}

/// Whether there is one holder at a time: a list of states below another heading is no part of it.
fn is_held_by_one(page: &Page<'_>, role: u16) -> bool {
    matches!(role_name(page, role), "secretariat" | "chair" | "co_chair" | "host")
}

/// Whether those who hold a role lead something.
#[must_use]
pub fn is_lead(page: &Page<'_>, role: u16) -> bool {
    matches!(role_name(page, role), "chair" | "co_chair" | "coordinator" | "working_group_chair" | "leading")
}

/// The name of a role that is that of those in a body within a dialogue.
#[must_use]
pub fn body<'a>(page: &'a Page<'_>, role: u16) -> Option<&'a str> {
    Some(role_name(page, role)).filter(|name| matches!(*name, "troika" | "steering_group"))
}

/// The role that a lead-in or question announces: the last role word of its last sentence, whatever else the sentence says.
fn role_of_lead_in(page: &Page<'_>, block: usize) -> Option<RoleHeading> {
    let sentence = page.sentences(page.range(block)).pop()?;
    let last = sentence.end.checked_sub(1).filter(|last| matches!(page.text(*last), ":" | "?"))?;
    role_announced(page, sentence.start..last)
}

/// The role that a stretch before a colon or question mark announces: its last role word, where no state and no negation stands before.
#[must_use]
pub fn role_announced(page: &Page<'_>, sentence: Range<usize>) -> Option<RoleHeading> {
    let last = sentence.end;
    let phrases = &page.vocabulary().roles.phrase;
    let announces = |tag: Tag| match tag {
        Tag::Role(_) | Tag::RoleLabel(_) => true,
        Tag::Phrase(phrase) => !phrases[usize::from(phrase)].party_comes_first(),
        _ => false,
    };
    let is_word = |token: usize| page.mark(token, announces);
    let said_of_another = |at: usize| {
        let by_label = page.mark(at, |tag| matches!(tag, Tag::Role(_))).is_none();
        by_label && sentence.clone().any(|token| page.mark(token, |tag| tag == Tag::Elsewhere).is_some())
            || (sentence.start..at).any(|token| page.has(token, Tag::Negation) || page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some())
    };
    let mark = (sentence.start..last)
        .rev()
        .filter(|&token| !is_in_bracket(page, sentence.start, token))
        .find_map(|token| is_word(token).filter(|mark| mark.end <= last && !page.is_within_dialogue(&(token..mark.end))))?;
    if said_of_another(mark.first) {
        return None;
    }
    let role = match mark.tag {
        Tag::Role(role) | Tag::RoleLabel(role) => role,
        Tag::Phrase(phrase) => {
            let roles = &page.vocabulary().roles.role;
            roles.iter().position(|role| role.role == phrases[usize::from(phrase)].role)? as u16
        }
        _ => return None,
    };
    Some(RoleHeading { role, party: party_within(page, mark.first..last), group: None, words: mark.first..mark.end })
}

/// `Governments`, `States`: the head of a column of members that names nothing but what they are.
#[must_use]
pub fn of_states(page: &Page<'_>, head: &Range<usize>) -> Option<RoleHeading> {
    let role = page.vocabulary().roles.role.iter().position(|role| role.role == "member")? as u16;
    let noun = head.clone().find_map(|token| page.mark(token, |tag| tag == Tag::PartyNoun(PartyNoun::State)))?;
    let is_beside = |token: usize| {
        !page.is_word(token)
            || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::PartyNoun(PartyNoun::State) | Tag::Filler | Tag::Article))
    };
    let words = noun.first..noun.end;
    head.clone().all(is_beside).then_some(RoleHeading { role, party: Some(PartyNoun::State), group: None, words })
}

/// The role of the label before, for a label that names nothing but another sort of bodies: `Expert organizations`.
#[must_use]
pub fn of_sort(page: &Page<'_>, label: Range<usize>, before: &RoleHeading) -> Option<RoleHeading> {
    let noun = label.clone().find_map(|token| page.mark(token, |tag| tag == Tag::PartyNoun(PartyNoun::Organization)))?;
    let is_beside = |token: usize| {
        !page.is_word(token)
            || (noun.first..noun.end).contains(&token)
            || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::PartyNoun(_) | Tag::Filler | Tag::Article | Tag::Generic | Tag::And))
    };
    label.clone().all(is_beside).then(|| RoleHeading { party: Some(PartyNoun::Organization), group: Some(label), ..before.clone() })
}

/// The role that a heading passes on which names nothing but a sort of parties.
#[must_use]
pub fn role_of_part(page: &Page<'_>, heading: usize) -> Option<RoleHeading> {
    let party = party_within(page, page.range(heading))?;
    names_parties_only(page, label_part(page, page.range(heading)))?;
    let first = heading + 1;
    let below = page.blocks.blocks.get(first).filter(|below| below.kind != BlockKind::Heading && below.heading == Some(heading));
    governing_role(page, below.map(|_| first)?).map(|role| RoleHeading { party: Some(party), ..role })
}

/// The role of the states that a sentence speaks of: `of the member states`.
#[must_use]
pub fn role_of_states(page: &Page<'_>, mut sentence: Range<usize>) -> Option<RoleHeading> {
    sentence.find_map(|token| {
        let mark = page.mark(token, |tag| matches!(tag, Tag::Role(_)))?;
        let Tag::Role(role) = mark.tag else { return None };
        let noun = (mark.first..=mark.end).find_map(|at| page.mark(at, |tag| tag == Tag::PartyNoun(PartyNoun::State)))?;
        Some(RoleHeading { role, party: Some(PartyNoun::State), group: None, words: mark.first..noun.end })
    })
}

/// Longest heading of a part of a list, in words, and longest one that is all names: `Northern Coast, Southern Coast and Western Hills`.
const PART: usize = 4;
const NAMED_PART: usize = 12;

/// Whether a heading leaves it to the one before it to say what those below it are: it names a group or sort of states, or a part of the
/// list that begins right below it; the group.
#[must_use]
pub fn passes_on(page: &Page<'_>, heading: usize) -> Option<Option<Range<usize>>> {
    let label = label_part(page, page.range(heading));
    if let Some(group) = names_parties_only(page, label.clone()) {
        return Some(group);
    }
    let says_other = |token: usize| {
        page.is_in_date(token)
            || page
                .mark(token, |tag| {
                    matches!(tag, Tag::Elsewhere | Tag::Negation | Tag::Funded | Tag::FundedBy | Tag::LinkVerb | Tag::OrganizationHead(_))
                })
                .is_some()
    };
    let words = label.clone().filter(|&token| page.is_word(token)).count();
    let is_small = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::Article | Tag::Of | Tag::Connector));
    let is_name = |token: usize| page.is_capital(token) || !page.is_word(token) || is_small(token);
    let is_part = words <= PART || words <= NAMED_PART && label.clone().all(is_name);
    let is_plain = is_part && page.section_of(heading).is_none() && !label.clone().any(says_other) && !tag_of_dialogue(page, label.start);
    let is_followed = page.blocks.blocks.get(heading + 1).is_some_and(|next| !matches!(next.kind, BlockKind::Heading | BlockKind::Row));
    if !is_plain || !is_followed {
        return None;
    }
    let lines = page.lines(heading + 1);
    let names_state = |line: &Range<usize>| page.mark(line.start, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == line.end);
    let lists = |line: &Range<usize>| {
        let (found, after) = parties::list_at(page, line.start, line.end);
        found.len() >= 2 && after == line.end
    };
    let are_names = lines.iter().filter(|line| names_state(line) || lists(line)).count() * 3 >= lines.len() * 2;
    let count = label.clone().find(|&token| page.text(token) == "(" && page.token(token + 1).shape == Shape::Number).filter(|&at| at > label.start);
    are_names.then_some(Some(label.start..count.unwrap_or(label.end)))
}

/// Whether a heading only names a group or sort of states; the group.
fn names_parties_only(page: &Page<'_>, range: Range<usize>) -> Option<Option<Range<usize>>> {
    let mut group = None;
    let mut noun = false;
    let mut unknown = 0;
    let mut next = range.start;
    while next < range.end {
        if let Some(mark) = page.mark(next, |tag| matches!(tag, Tag::Group(_))) {
            group = Some(mark.first..mark.end);
            next = mark.end;
        } else if let Some(mark) = page.mark(next, |tag| matches!(tag, Tag::PartyNoun(_))) {
            noun = true;
            next = mark.end;
        } else {
            unknown += usize::from(page.token(next).shape == Shape::Capital && !page.has(next, Tag::Article));
            next += 1;
        }
    }
    ((group.is_some() || noun) && unknown <= 1).then_some(group)
}

/// The part of a lead-in line before its colon.
#[must_use]
pub fn label_part(page: &Page<'_>, range: Range<usize>) -> Range<usize> {
    let colon = page.colon_in(&range).unwrap_or(range.end);
    if colon == range.start { range } else { range.start..colon }
}

/// What a paragraph of several lines or sentences ends with before a list: its last line where that is a label among labels, else its last
/// sentence, if that is no whole one.
#[must_use]
pub fn last_label(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let range = page.range(block);
    let sign = range.end.checked_sub(1).filter(|_| page.block(block).kind == BlockKind::Paragraph)?;
    if !matches!(page.text(sign), ":" | ",") {
        return None;
    }
    let line = page.lines(block).pop().filter(|line| page.is_capital(line.start) && line.start > range.start);
    let is_label = |line: &Range<usize>| {
        page.lines_in(range.start..line.start)
            .pop()
            .is_some_and(|before| page.label_signs_in(&before).iter().any(|&sign| sign + 1 < before.end) || page.text(before.end - 1) == ".")
    };
    let last = line.filter(is_label).or_else(|| page.sentences(range.clone()).pop())?;
    (last.start > range.start).then_some(last.start..sign)
}

/// The labels in a line and their values: `Chair: A, Co-Chair: B`.
#[must_use]
pub fn labels(page: &Page<'_>, range: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let ends_label = |token: &usize| match page.text(*token) {
        ":" => !touches_digits(page, *token),
        _ => page.gap_before(*token) == " ",
    };
    let colons: Vec<usize> = page.label_signs_in(&range).iter().copied().filter(ends_label).collect();
    let mut starts: Vec<usize> = Vec::new();
    for &colon in &colons {
        let from = starts.last().map_or(range.start, |_| colons[starts.len() - 1] + 1);
        let is_break = |token: &usize| {
            matches!(page.text(*token), "," | ";" | "." | "|" | "•" | "–" | "(")
                || page.gap_before(*token + 1).contains(['\n', '\t'])
                || page.gap_before(*token + 1).contains("   ")
        };
        let start = (from..colon).rev().find(is_break).map_or(from, |token| token + 1);
        starts.push(start);
    }
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (at, &colon) in colons.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(range.end);
        // `A, and the following organizations: B` goes on with the list of the label before.
        // `Chair 2014: A; 2016: B`: nor is a date alone a label.
        let is_date = (starts[at]..colon).all(|token| page.is_in_date(token) || page.has(token, Tag::Since))
            && page.text(starts[at] - usize::from(starts[at] > range.start)) == ";";
        let goes_on = is_date || page.mark(starts[at], |tag| tag == Tag::And).is_some();
        if let Some((_, value)) = found.last_mut().filter(|_| goes_on) {
            value.end = end;
        } else if starts[at] < colon && colon + 1 < end {
            // `(Chair: A; Co-Chair: B)`: the bracket ends what the label says.
            let in_bracket = is_in_bracket(page, range.start, colon);
            let close = (colon + 1..end).find(|&token| page.text(token) == ")").filter(|close| in_bracket && *close > colon + 1);
            found.push((starts[at]..colon, colon + 1..close.unwrap_or(end)));
        }
    }
    found
}

/// Whether a bracket opens before a token and is not closed before it.
#[must_use]
pub fn is_in_bracket(page: &Page<'_>, from: usize, at: usize) -> bool {
    (from..at).rev().find(|&token| matches!(page.text(token), "(" | ")")).is_some_and(|token| page.text(token) == "(")
}

/// A colon between digits is part of a time or ratio.
fn touches_digits(page: &Page<'_>, token: usize) -> bool {
    let digit = |token: usize| page.token(token).shape == Shape::Number;
    token > 0 && digit(token - 1) && page.tokens.tokens.len() > token + 1 && digit(token + 1) && page.tokens.touches_previous(token + 1)
}
