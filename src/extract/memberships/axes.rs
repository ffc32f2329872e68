//! Axes: tables in which a cell says who, and the heads of its column and its row say in what role, in which dialogue and when.
//!
//! In: the head of a table and its rows. Out: the parties of each cell. Either axis can hold roles, dialogues or years; what neither says
//! stands in the caption. A row that names none of them is about a part of the dialogue, and its chair does not chair the whole.

use std::ops::Range;

use super::emit::emit_list;
use super::terms::{Term, split_terms, term};
use super::{Role, from_labels_in, role_named_in};
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles::{self, RoleHeading};
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// What the head of a column or row says of the cells beside it.
#[derive(Clone, Debug, Default)]
struct Axis {
    role: Option<RoleHeading>,
    dialogue: Option<usize>,
    term: Option<Range<usize>>,
}

impl Axis {
    fn of(page: &Page<'_>, head: &Range<usize>) -> Self {
        if head.is_empty() {
            return Self::default();
        }
        let is_term = head.clone().all(|token| page.is_in_date(token) || !page.is_word(token)) && head.clone().any(|token| page.is_in_date(token));
        Self {
            role: roles::role_of(page, head.clone()),
            dialogue: page.dialogues_in(head.clone()).next().map(|(_, dialogue)| dialogue),
            term: is_term.then(|| head.clone()),
        }
    }

    fn is_empty(&self) -> bool {
        self.role.is_none() && self.dialogue.is_none() && self.term.is_none()
    }
}

/// The axes of a table, and the role that its caption names.
pub struct Axes {
    columns: Vec<Axis>,
    caption: Option<Role>,
}

impl Axes {
    /// Reads the head of a table; none where its columns do not say enough.
    pub fn of(page: &Page<'_>, head: (usize, &[Range<usize>]), rows: &[(usize, Vec<Range<usize>>)]) -> Option<Self> {
        let mut columns: Vec<Axis> = head.1.iter().map(|cell| Axis::of(page, cell)).collect();
        for (at, axis) in columns.iter_mut().enumerate() {
            // Of rows that are broken in mid-cell the parts count for nothing, nor does `n/a`.
            let whole = rows.iter().filter(|(_, cells)| cells.len() * 2 > head.1.len());
            let cells = || whole.clone().filter_map(|(_, cells)| cells.get(at)).filter(|cell| (*cell).clone().any(|token| page.is_capital(token)));
            let cells = || cells().filter(|cell| !says_none(page, cell));
            let names = |cell: &&Range<usize>| names_party(page, &behind_count(page, cell)) || !by_sort(page, cell).is_empty();
            let fitting = cells().filter(|cell| names(cell) || is_label(page, cell)).count();
            if axis.role.is_some() && (fitting == 0 || fitting * 2 < cells().count()) {
                axis.role = None;
            }
        }
        // Of dialogues a column of states or governments lists those that take part.
        let named = rows.iter().filter(|(_, cells)| cells.first().is_some_and(|cell| page.dialogues_in(cell.clone()).next().is_some())).count();
        if named >= 2 {
            for (axis, cell) in columns.iter_mut().zip(head.1).skip(1).filter(|(axis, _)| axis.is_empty()) {
                axis.role = roles::of_states(page, cell);
            }
        }
        let caption = caption(page, head.0);
        let several = |holds: &dyn Fn(&Axis) -> bool| columns.iter().filter(|axis| holds(axis)).count() >= 2;
        let says_role = |row: &(usize, Vec<Range<usize>>)| row.1.first().is_some_and(|cell| roles::role_of(page, cell.clone()).is_some());
        let by_caption = several(&|axis| axis.dialogue.is_some()) || several(&|axis| axis.term.is_some());
        let counts = columns.iter().any(|axis| axis.role.is_some())
            || by_caption && (caption.is_some() || rows.iter().filter(|row| says_role(row)).count() >= 2);
        counts.then_some(Self { columns, caption })
    }

    /// Whether only the column of the parties says something: each row is about its party, and its other cells say more of that.
    pub fn is_of(&self, parties: Option<usize>) -> bool {
        parties.is_some_and(|column| self.columns.iter().enumerate().all(|(at, axis)| at == column || axis.is_empty()))
    }

    /// Emits the parties of a row; false where it is about a party itself, or says nothing to the columns.
    pub fn read(&self, page: &Page<'_>, block: usize, cells: &[Range<usize>], drafts: &mut Vec<Draft>) -> bool {
        let Some(row) = self.row(page, cells) else { return false };
        // `14 May 2015 | Dhaka | A, B and C`: who was at one meeting is no member.
        let is_day = |term: Range<usize>| page.dates_in(term).any(|date| date.period.precision == Precision::Day);
        let is_meeting = row.dialogue.is_none() && row.term.clone().is_some_and(is_day);
        let goes_round = |axis: &Axis| axis.role.as_ref().is_none_or(|role| Role::of_heading(page, role).goes_round());
        if is_meeting && !self.columns.iter().all(goes_round) {
            return true;
        }
        let first = self.columns.iter().position(|axis| !axis.is_empty()).unwrap_or_default();
        let is_of_part = row.dialogue.is_none() && row.term.is_none() && names_part(page, &cells[..first.min(cells.len())]);
        let before = drafts.len();
        for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let Some(column) = self.columns.get(at).filter(|axis| !axis.is_empty()) else { continue };
            self.read_cell(page, (block, is_of_part), (&row, column), cell, drafts);
        }
        drafts.len() > before
    }

    /// What the cells before the first column that says something tell of the row; none where they name a party.
    fn row(&self, page: &Page<'_>, cells: &[Range<usize>]) -> Option<Axis> {
        let first = self.columns.iter().position(|axis| !axis.is_empty())?;
        let heads = || cells.iter().take(first).filter(|cell| !cell.is_empty());
        if heads().any(|cell| state_at(page, cell).is_some()) {
            return None;
        }
        let axes: Vec<Axis> = heads().map(|cell| Axis::of(page, cell)).collect();
        let dialogue = axes.iter().find_map(|axis| axis.dialogue);
        // Beside a dialogue stands the year in which it began.
        let beside =
            || cells.iter().enumerate().filter(|(at, _)| self.columns.get(*at).is_none_or(Axis::is_empty)).map(|(_, cell)| Axis::of(page, cell));
        Some(Axis {
            role: axes.iter().find_map(|axis| axis.role.clone()),
            dialogue,
            term: axes.iter().find_map(|axis| axis.term.clone()).or_else(|| beside().find_map(|axis| axis.term)).filter(|_| dialogue.is_none()),
        })
    }

    fn read_cell(
        &self,
        page: &Page<'_>,
        (block, is_of_part): (usize, bool),
        (row, column): (&Axis, &Axis),
        cell: &Range<usize>,
        drafts: &mut Vec<Draft>,
    ) {
        if says_none(page, cell) {
            return;
        }
        let cell = &behind_count(page, cell);
        if let Some(label) = first_label(page, cell) {
            from_labels_in(page, block, label.start..cell.end, drafts);
            // `A (2006-)` on the lines before `Co-Chair: B`.
            if label.start > cell.start && column.role.is_some() {
                self.read_cell(page, (block, is_of_part), (row, column), &(cell.start..label.start), drafts);
            }
            return;
        }
        let worded = column.role.as_ref().or(row.role.as_ref()).map(|heading| Role::of_heading(page, heading));
        // What only the caption says holds of states alone.
        if worded.is_none() && state_at(page, cell).is_none() {
            return;
        }
        let Some(role) = worded.or_else(|| self.caption.clone()) else { return };
        let dialogue = column.dialogue.or(row.dialogue);
        let role = if is_of_part && dialogue.is_none() { of_part(role) } else { role };
        let dialogue = dialogue.or(page.subject(block));
        let dates = column.term.clone().or(row.term.clone()).map_or(Term::default(), |range| term(page, range, &role));
        let sorted = by_sort(page, cell);
        let plain = sorted.first().map_or(cell.clone(), |(label, _)| cell.start..label.start);
        for part in split_terms(page, plain).into_iter().filter(|part| !part.is_empty()) {
            emit_list(page, dialogue, &role, part, dates, "memberships/table", drafts);
        }
        for (label, value) in sorted {
            emit_list(page, dialogue, &of_sort(page, &role, &label), value, dates, "memberships/table", drafts);
        }
    }
}

/// Longest label of a sort of parties within a cell, in tokens.
const SORT: usize = 6;

/// `States: A, B. Organizations: C`: the sorts of parties that a cell tells apart, each with its list.
fn by_sort(page: &Page<'_>, cell: &Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let is_sort = |(label, _): &(Range<usize>, Range<usize>)| {
        let is_noun = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_))).is_some();
        label.len() <= SORT && label.clone().any(is_noun)
    };
    let labels = if page.colon_in(cell).is_some() { roles::labels(page, cell.clone()) } else { Vec::new() };
    if labels.iter().all(is_sort) { labels } else { Vec::new() }
}

/// The role of a column as one sort of parties has it: a group, where the label says more than the noun.
fn of_sort(page: &Page<'_>, role: &Role, label: &Range<usize>) -> Role {
    let noun = label.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_))));
    let party = noun.and_then(|mark| if let Tag::PartyNoun(party) = mark.tag { Some(party) } else { None });
    let is_plain = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Filler)).is_some();
    Role { group: (!label.clone().all(is_plain)).then(|| label.clone()), party, ..role.clone() }
}

/// Whether a cell says that it has nothing to say.
fn says_none(page: &Page<'_>, cell: &Range<usize>) -> bool {
    let said = page.value_of(cell).to_lowercase();
    page.vocabulary().roles.matrix.none.contains(&said)
}

/// The role that goes round and is named right above a table: in a line beside it, else in a heading.
fn caption(page: &Page<'_>, block: usize) -> Option<Role> {
    let above = (0..block).rev().find(|&before| page.block(before).kind != BlockKind::Row);
    let beside = above.filter(|&above| page.block(above).kind == BlockKind::Paragraph && page.range(above).len() <= CAPTION);
    beside.into_iter().chain(page.introductions(block)).find_map(|above| role_named_in(page, page.range(above)))
}

/// Longest caption, in tokens.
const CAPTION: usize = 30;

/// Whether cells name something by its title, which is neither a date, a number nor a meeting: a part of the dialogue.
fn names_part(page: &Page<'_>, cells: &[Range<usize>]) -> bool {
    let tokens = || cells.iter().flat_map(Clone::clone);
    let of_meeting = |token: usize| page.is_in_date(token) || page.mark(token, |tag| matches!(tag, Tag::Ordinal(_) | Tag::MeetingHead)).is_some();
    tokens().filter(|&token| page.is_word(token)).count() >= 2 && !tokens().any(of_meeting)
}

/// Who chairs a part of the dialogue does not chair the whole.
fn of_part(role: Role) -> Role {
    if matches!(role.name.as_str(), "chair" | "co_chair") { Role { name: "working_group_chair".to_owned(), ..role } } else { role }
}

/// The state whose name a cell begins with.
pub fn state_at(page: &Page<'_>, cell: &Range<usize>) -> Option<Mention> {
    parties::party_at(page, cell.start, cell.end).filter(|party| party.kind == Kind::State && party.name.start == cell.start)
}

/// Whether a cell names a party that is known or looks like a body.
fn names_party(page: &Page<'_>, cell: &Range<usize>) -> bool {
    parties::party_at(page, cell.start, cell.end).is_some_and(|party| party.kind != Kind::Organization || super::looks_like_body(page, &party))
}

/// Whether a cell has labels of its own: `Chair: A`.
fn is_label(page: &Page<'_>, cell: &Range<usize>) -> bool {
    first_label(page, cell).is_some()
}

fn first_label(page: &Page<'_>, cell: &Range<usize>) -> Option<Range<usize>> {
    roles::labels(page, cell.clone()).into_iter().map(|(label, _)| label).find(|label| roles::role_of(page, label.clone()).is_some())
}

/// `12: A, B`, or `12 States` on a line before them: the cell without the number of those whom it lists.
fn behind_count(page: &Page<'_>, cell: &Range<usize>) -> Range<usize> {
    if cell.len() <= 2 || page.token(cell.start).shape != Shape::Number {
        return cell.clone();
    }
    let of_noun = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Filler));
    let end = (cell.start + 1..cell.end).find(|&token| !of_noun(token)).unwrap_or(cell.end);
    match page.text(end.min(cell.end - 1)) {
        ":" => end + 1..cell.end,
        _ if end > cell.start + 1 && end < cell.end && page.gap_before(end).contains('\n') => end..cell.end,
        _ => cell.clone(),
    }
}
