//! Memberships: who takes part in a dialogue and in what role, from lists, labels, table rows and prose.
//!
//! In: a page. Out: one record a dialogue, member, role and term. A country counts where wording gives it a role: a heading, a label, a
//! phrase; and in a long list of states that nothing speaks against, where the text says nowhere else who the members are (`implied`).
//! Places, captions, donors and examples have no role.

mod appositions;
mod as_role;
mod attendance;
mod axes;
mod bodies;
mod dated_cells;
mod emit;
mod group_labels;
mod implied;
mod links;
mod lists;
mod openings;
mod participation;
mod prose;
mod tables;
mod terms;
mod turns;

use std::ops::Range;

use crate::extract::flattened;
use crate::extract::owners::{last_named, of_label};
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles::{self, RoleHeading};
use crate::extract::sheets;
use crate::findings::Report;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;

use dated_cells::from_dated_cells;
use emit::{emit_list, emit_noted};
use lists::{Lists, from_list, is_prose};
use prose::from_prose;
use tables::{from_cell, from_lines, from_table};
use terms::{Term, over_term, split_terms, term};

/// Emits the memberships of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let flattened = flattened::headings(page);
    let mut table_end = 0;
    let mut lists = Lists::default();
    for (block, content) in page.numbered_blocks() {
        // Partners and countries of a project are none of the dialogue.
        if content.kind != BlockKind::Heading && sheets::holds(page, block) {
            page.refuse("memberships/label", &page.range(block), "it stands on the sheet of a project");
            continue;
        }
        if content.kind == BlockKind::Heading {
            let range = page.range(block);
            let mut pairs = labels_without_colon(page, &range);
            // `Harbour Process (Chair: A)`
            pairs.extend(roles::labels(page, range.clone()).into_iter().filter(|(label, _)| roles::is_in_bracket(page, range.start, label.start)));
            from_pairs(page, block, pairs, drafts);
            from_prose(page, block, drafts);
            continue;
        }
        if content.kind == BlockKind::Row {
            if block >= table_end {
                table_end = from_table(page, block, drafts);
            }
            continue;
        }
        let before = drafts.len();
        if let Some(heading) = flattened[block].filter(|_| roles::governing_role(page, block).is_none()) {
            from_cell(page, block, heading, drafts);
            continue;
        }
        from_lines(page, block, drafts);
        if drafts.len() > before {
            continue;
        }
        let by_cells = from_dated_cells(page, block, drafts);
        from_labels(page, block, drafts);
        let by_label = drafts.len() > before && !by_cells;
        if by_cells {
            page.refuse("memberships/list", &page.range(block), "it has been read as the cells of a table");
        } else if by_label {
            lists::before_label(page, block, drafts);
        } else if !lists.is_closed(page, block) {
            from_list(page, block, drafts);
        }
        lists.note(page, block, drafts.len() > before && !by_label);
        if drafts.len() == before || content.kind == BlockKind::Paragraph || is_prose(page, block) {
            from_prose(page, block, drafts);
        }
    }
    implied::extract(page, drafts);
    openings::extract(page, drafts);
}

/// A role as wording gives it.
#[derive(Clone, Debug)]
struct Role {
    name: String,
    words: Span,
    text: String,
    group: Option<Range<usize>>,
    party: Option<PartyNoun>,
}

impl Role {
    /// Roles that are held for a term, one after the other.
    fn goes_round(&self) -> bool {
        matches!(self.name.as_str(), "chair" | "co_chair" | "coordinator" | "troika" | "steering_group" | "working_group_chair" | "host" | "leading")
    }

    fn of_heading(page: &Page<'_>, heading: &RoleHeading) -> Self {
        let words = page.span(&heading.words);
        let name = page.vocabulary().roles.role[heading.role as usize].role.clone();
        Self { name, words, text: page.value(words), group: heading.group.clone(), party: heading.party }
    }
}

/// `Chair: A, Co-Chair: B`; the label may be the first cell of a row.
fn from_labels(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    from_labels_in(page, block, page.range(block), drafts);
}

fn from_labels_in(page: &Page<'_>, block: usize, range: Range<usize>, drafts: &mut Vec<Draft>) {
    let mut pairs = roles::labels(page, range.clone());
    if page.block(block).kind == BlockKind::Row && range == page.range(block) {
        let cells = page.cells(block);
        let cells: Vec<Range<usize>> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
        if let [label, value, ..] = cells.as_slice() {
            let value = value.start..cells.last().map_or(value.end, |last| last.end);
            let is_known = |party: &Mention| party.kind != Kind::Organization || is_known(page, party) || party.note.is_some();
            if parties::list_at(page, over_term(page, value.start, value.end), value.end).0.iter().any(is_known) {
                pairs.push((label.clone(), value));
            }
        }
    }
    if page.block(block).kind != BlockKind::Row {
        pairs.extend(labels_without_colon(page, &range));
        pairs.extend(turns::below_line(page, block).filter(|_| range == page.range(block)));
    }
    from_pairs(page, block, pairs, drafts);
}

/// Labels that give a role, each with the list behind it.
fn from_pairs(page: &Page<'_>, block: usize, pairs: Vec<(Range<usize>, Range<usize>)>, drafts: &mut Vec<Draft>) {
    let mut before: Option<RoleHeading> = None;
    for (label, value) in pairs {
        // `Delegates came from these Member States: A, B, C`: before a long list of states the words beside the role do not matter.
        let announced = || roles::role_announced(page, label.clone()).filter(|_| lists_states(page, &value));
        // `Member companies: A, B` and `Expert organizations: C` on the next line.
        let of_sort = || before.clone().and_then(|before| roles::of_sort(page, label.clone(), &before));
        let by_turns = || turns::announced(page, &label, &value);
        let Some(heading) = roles::role_of(page, label.clone()).or_else(announced).or_else(of_sort).or_else(by_turns) else {
            if names_organ(page, &label) {
                emit_noted(page, of_label(page, block, &label), value, drafts);
            }
            continue;
        };
        before = Some(heading.clone()).filter(|heading| heading.party == Some(PartyNoun::Organization));
        let heading = roles::in_section(page, block, heading);
        if roles::is_member(page, &heading) && stands_under_organ(page, block) {
            page.refuse("memberships/label", &label, "those of an office or board are not those of the whole");
            continue;
        }
        if roles::is_member(page, &heading) && stands_under_group(page, block) {
            page.refuse("memberships/label", &label, "those of a working group without a name of its own are not those of the whole");
            continue;
        }
        let mut role = of_body(page, block, &label, of_working_group(page, block, Role::of_heading(page, &heading)));
        // `The Steering Group comprises, beside the chair: A, B`
        if role.goes_round()
            && let Some(sentence) = page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&label.start))
            && let Some(body) = links::body_before(page, &sentence, &heading.words, Some(value.start))
        {
            role.name = body.to_owned();
        }
        let dialogue = of_label(page, block, &label);
        let dates_of_label = term(page, label, &role);
        for clause in turns::holders_by_line(page, &role, &value).unwrap_or_else(|| split_terms(page, value.clone())) {
            emit_list(page, dialogue, &role, clause, dates_of_label, "memberships/label", drafts);
        }
        // `A (2018), preceded by B (2017)`
        if let Some(dialogue) = dialogue.filter(|_| turns::is_held(&role)) {
            turns::holders(page, dialogue, &role, &value, drafts);
            turns::dated_lines(page, dialogue, &role, &value, drafts);
            turns::next_in_turn(page, dialogue, &role, &value, drafts);
        }
    }
}

/// `Troika (past and present chairs: A, B)`: what a label in a bracket lists is in the body before the bracket.
fn of_body(page: &Page<'_>, block: usize, label: &Range<usize>, role: Role) -> Role {
    let from = page.range(block).start;
    let Some(open) = (from..label.start).rev().find(|&token| page.text(token) == "(").filter(|_| roles::is_in_bracket(page, from, label.start))
    else {
        return role;
    };
    let is_body = |tag: Tag| matches!(tag, Tag::Role(role) if roles::body(page, role).is_some());
    let body = (open.saturating_sub(3).max(from)..open).find_map(|token| page.mark(token, is_body).filter(|mark| mark.end == open));
    match body.map(|mark| (mark.tag, page.span(&(mark.first..mark.end)))) {
        Some((Tag::Role(body), words)) => {
            Role { name: page.vocabulary().roles.role[body as usize].role.clone(), words, text: page.value(words), ..role }
        }
        _ => role,
    }
}

/// Whether a block stands under the name of an organ: its members are not those of the whole.
fn stands_under_organ(page: &Page<'_>, block: usize) -> bool {
    page.heading(block).is_some_and(|above| names_organ(page, &page.range(above)))
}

/// `TWG 1 | Skills` above `Chair: A`, `Members: B, C`: whether a row right above a block names a working group that is none of the dialogues.
fn stands_under_group(page: &Page<'_>, block: usize) -> bool {
    let above = block.checked_sub(1).filter(|above| page.block(*above).kind == BlockKind::Row).map(|above| page.range(above));
    let is_group = |tag: Tag| tag == Tag::WorkingGroup;
    let is_about_group = || page.subject(block).is_some_and(|dialogue| page.dialogues[dialogue].kind == "working_group");
    above.is_some_and(|above| page.any_begins(&above, is_group)) && !is_about_group()
}

/// Longest name of an organ, in tokens.
const ORGAN: usize = 6;

/// `Bureau`, `Executive Committee 2014-2017`: a label or heading that is the name of an organ, those in which are a part of the members.
fn names_organ(page: &Page<'_>, label: &Range<usize>) -> bool {
    let is_beside = |token: usize| {
        !page.is_word(token)
            || page.is_in_date(token)
            || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Filler | Tag::Article | Tag::Of | Tag::Generic))
    };
    let organ = label.clone().find_map(|token| page.mark(token, |tag| tag == Tag::UnitHead));
    label.len() <= ORGAN && organ.is_some_and(|organ| label.clone().all(|token| (organ.first..organ.end).contains(&token) || is_beside(token)))
}

/// The dialogue that a stretch of text names last.
fn named_before(page: &Page<'_>, from: usize, at: usize) -> Option<usize> {
    page.dialogues_in(from..at).last().map(|(_, dialogue)| dialogue)
}

/// Fewest states of a list that a lead-in announces within a paragraph.
const LISTED: usize = 3;

fn lists_states(page: &Page<'_>, value: &Range<usize>) -> bool {
    let (found, _) = parties::list_at(page, value.start, value.end);
    found.iter().filter(|party| party.kind == Kind::State).count() >= LISTED
}

/// `Chair A` alone on a line: a label that lost its colon.
fn labels_without_colon(page: &Page<'_>, range: &Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let lines = page.lines_in(range.clone()).into_iter().filter(|line| line.len() <= LINE);
    let pair = |line: Range<usize>| {
        let first = line.clone().find(|&token| page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == line.end))?;
        let label = line.start..first;
        let is_label = roles::role_of(page, label.clone()).is_some_and(|heading| Role::of_heading(page, &heading).goes_round());
        (is_label && page.is_capital(label.start) && label.clone().all(|token| page.text(token) != ":")).then_some((label, first..line.end))
    };
    lines.filter_map(pair).collect()
}

/// Longest line that is a label and a state and nothing else, in tokens.
const LINE: usize = 8;

/// Who chairs a working group does not chair the dialogue: the heading or the line itself says so.
fn of_working_group(page: &Page<'_>, block: usize, role: Role) -> Role {
    let says_group = |range: Range<usize>| range.into_iter().any(|token| page.mark(token, |tag| tag == Tag::WorkingGroup).is_some());
    let about_group = page.subject(block).is_some_and(|dialogue| page.dialogues[dialogue].kind == "working_group");
    let below = page.introductions(block).next().is_some_and(|above| says_group(page.range(above)));
    if role.name == "chair" && !about_group && (below || says_group(page.range(block).start..page.range(block).end.min(page.range(block).start + 12)))
    {
        return Role { name: "working_group_chair".to_owned(), ..role };
    }
    role
}

/// The role that goes round, where every line of a block starts with a date and the sentence before names such a role.
fn role_by_turns(page: &Page<'_>, block: usize) -> Option<Role> {
    let dated = page.lines(block).iter().all(|line| page.is_in_date(line.start));
    role_of_sentence_before(page, block).filter(|_| dated)
}

/// The role that goes round and is named in the paragraph before a block.
fn role_of_sentence_before(page: &Page<'_>, block: usize) -> Option<Role> {
    let before = block.checked_sub(1).filter(|before| page.block(*before).kind == BlockKind::Paragraph)?;
    role_named_in(page, page.range(before))
}

/// The first role that goes round and is named in a stretch of text, whatever else it says.
fn role_named_in(page: &Page<'_>, mut range: Range<usize>) -> Option<Role> {
    let mark = range.find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_))))?;
    let Tag::Role(index) = mark.tag else { return None };
    let words = page.span(&(mark.first..mark.end));
    let role = Role { name: page.vocabulary().roles.role[index as usize].role.clone(), words, text: page.value(words), group: None, party: None };
    role.goes_round().then_some(role)
}

fn is_known(page: &Page<'_>, party: &Mention) -> bool {
    page.tokens.marks_at(party.name.start).any(|mark| mark.end == party.name.end && matches!(mark.tag, Tag::Organization(_) | Tag::Group(_)))
        || page.acronyms.iter().any(|given| given.name.end == party.name.end)
}

fn record(page: &Page<'_>, dialogue: Option<usize>, role: &Role, party: &Mention, dates: Term, rule: &'static str) -> Draft {
    let name = page.span(&party.name);
    let mut draft = Draft::new("memberships", rule);
    let dialogue = dialogue.or_else(|| last_named(page, party.name.start));
    // Who chairs a group that is named itself is its chair; of one without a name the whole has another chair.
    let is_of_group = role.name == "working_group_chair" && dialogue.is_some_and(|dialogue| page.dialogues[dialogue].kind == "working_group");
    let role_name = if is_of_group { "chair" } else { role.name.as_str() };
    if let Some(dialogue) = dialogue {
        let dialogue = page.span(&page.dialogues[dialogue].name);
        draft = draft.with("dialogue", page.value(dialogue), dialogue);
    }
    let is_state =
        party.kind == Kind::State || (role.party == Some(PartyNoun::State) && party.kind == Kind::Organization && !looks_like_body(page, party));
    let kind = if is_state { Kind::State } else { party.kind };
    draft = draft.with("member_name", page.value(name), name).derived("party", kind.name());
    draft = draft.with("role", role_name, role.words).with("role_text", role.text.as_str(), role.words);
    if let Some(group) = &role.group {
        draft = draft.with("group", page.value_of(group), page.span(group));
    }
    if let Some((period, span)) = dates.start {
        draft = draft.with("start_date", period.reduced_start(), span);
    }
    if let Some((period, span)) = dates.end {
        draft = draft.with("end_date", period.reduced_end(), span);
    }
    draft
}

/// An organisation beside states in one list: known, with an acronym, or with the noun of an organisation.
fn looks_like_body(page: &Page<'_>, party: &Mention) -> bool {
    is_known(page, party)
        || party.note.as_ref().is_some_and(|note| page.token(note.start).shape == Shape::Upper)
        || party.name.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some())
        || (page.token(party.name.start).shape == Shape::Upper && party.name.len() == 1 && page.token(party.name.start).span.len() <= 10)
}
