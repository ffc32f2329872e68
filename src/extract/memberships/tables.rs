//! Tables: who has which role, from rows and columns, with or without a head, and from tables that came out cell by cell.

use std::ops::Range;

use super::axes::{Axes, state_at};
use super::emit::{emit_list, is_debris};
use super::lists::{begins_office, is_entry};
use super::terms::{Term, over_term, split_terms, term};
use super::{Role, from_labels, from_labels_in, participation, record};
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles::{self, RoleHeading};
use crate::extract::sections;
use crate::model::gazetteer::Tag;
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// A state in a table that came out cell by cell; a cell with nothing but a date behind it is the start of the term.
pub fn from_cell(page: &Page<'_>, block: usize, heading: usize, drafts: &mut Vec<Draft>) {
    let Some(role) = roles::role_of(page, page.range(heading)).map(|heading| Role::of_heading(page, &heading)) else { return };
    let range = page.range(block);
    let date = page
        .blocks
        .blocks
        .get(block + 1)
        .map(|_| page.range(block + 1))
        .filter(|next| !next.is_empty() && next.clone().all(|token| page.is_in_date(token)));
    let dates = date.map_or(Term::default(), |next| term(page, next, &role));
    if let Some(party) = parties::party_at(page, range.start, range.end) {
        drafts.push(record(page, page.subject(block), &role, &party, dates, "memberships/cells"));
    }
}

/// A table: rows that stand together.
struct Table {
    rows: Vec<(usize, Vec<Range<usize>>)>,
    /// Whether the first row names the columns.
    has_head: bool,
    /// The column of the parties.
    parties: Option<usize>,
    /// The column that says in words which role a party has.
    roles: Option<usize>,
}

/// Reads the rows from a block on that make one table, and returns the block after them.
pub fn from_table(page: &Page<'_>, first: usize, drafts: &mut Vec<Draft>) -> usize {
    let end = (first..page.blocks.blocks.len()).find(|&block| page.block(block).kind != BlockKind::Row || block > first && starts_table(page, block));
    let end = end.unwrap_or(page.blocks.blocks.len());
    let table = read(page, first..end);
    let by_states = !table.has_head && participation::from_rows_of_dialogues(page, &table.rows, drafts);
    let roles = table.roles.filter(|_| table.has_head && table.parties.is_none());
    if by_states || roles.is_some_and(|roles| participation::of_one_state(page, &table.rows, roles, drafts)) {
        return end;
    }
    let head: Vec<Range<usize>> = if table.has_head { table.rows[0].1.clone() } else { Vec::new() };
    let holds_parties = |column: usize| {
        let cells = || table.rows.iter().skip(1).filter_map(|(_, cells)| cells.get(column)).filter(|cell| !cell.is_empty());
        let is_fitting = |cell: &&Range<usize>| {
            let party =
                parties::party_at(page, cell.start, cell.end).filter(|party| party.kind != Kind::Organization || super::looks_like_body(page, party));
            party.is_some() || (cell.start..cell.end).any(|token| page.is_in_date(token) || page.text(token) == ":")
        };
        cells().filter(is_fitting).count() * 2 >= cells().count()
    };
    let column_roles: Vec<Option<RoleHeading>> =
        head.iter().enumerate().map(|(column, cell)| roles::role_of(page, cell.clone()).filter(|_| holds_parties(column))).collect();
    let axes = (table.has_head).then(|| Axes::of(page, (table.rows[0].0, &head), &table.rows[1..])).flatten();
    let axes = axes.filter(|axes| !axes.is_of(table.parties));
    for (block, cells) in table.rows.iter().skip(usize::from(table.has_head)) {
        let before = drafts.len();
        if axes.as_ref().is_some_and(|axes| axes.read(page, *block, cells, drafts)) {
            continue;
        }
        let label_first = cells.iter().find(|cell| !cell.is_empty()).is_some_and(|cell| {
            let label = roles::label_part(page, cell.clone());
            roles::role_of(page, label).is_some()
        });
        if label_first && table.parties != Some(0) {
            from_labels(page, *block, drafts);
        }
        if drafts.len() == before {
            if table.parties.is_some_and(|parties| participation::from_row_of_state(page, &head, parties, cells, drafts)) {
                continue;
            }
            if table.parties.is_some() {
                from_row_of_party(page, *block, cells, &table, &column_roles, drafts);
            } else {
                from_columns(page, *block, cells, &column_roles, drafts);
            }
        }
        if drafts.len() == before {
            from_labels(page, *block, drafts);
        }
        if drafts.len() == before && table.parties.is_none() {
            from_names(page, *block, cells, drafts);
        }
        // A cell of an agenda or profile can be prose.
        if drafts.len() == before && cells.iter().any(|cell| cell.len() >= PROSE) {
            super::prose::from_prose(page, *block, drafts);
        }
    }
    end
}

/// Whether a row begins another table: behind an empty line it has other columns, or names them; years in all its cells head what stands below.
fn starts_table(page: &Page<'_>, block: usize) -> bool {
    let cells = page.cells(block);
    if cells.len() >= 2 && page.range(block).all(|token| page.is_in_date(token)) {
        return true;
    }
    // The row of a dialogue is one of an overview.
    let is_head = |cell: &Range<usize>| names_column(page, cell) && page.dialogues_in(cell.clone()).next().is_none();
    page.block(block).after_blank && (cells.len() != page.cells(block - 1).len() || cells.first().is_some_and(is_head))
}

fn read(page: &Page<'_>, blocks: Range<usize>) -> Table {
    let mut rows: Vec<(usize, Vec<Range<usize>>)> = blocks.map(|block| (block, page.placed_cells(block))).collect();
    // A bar opens the first row alone: its first cell is empty.
    let opens_with_bar = |row: &(usize, Vec<Range<usize>>)| page.text(page.range(row.0).start) == "|";
    // So it is where states head the columns, and the rows have a cell more.
    let is_state = |cell: &Range<usize>| super::axes::state_at(page, cell).is_some_and(|state| state.end == cell.end);
    let heads_states =
        |head: &(usize, Vec<Range<usize>>), cells: usize| head.1.len() >= 2 && head.1.len() + 1 == cells && head.1.iter().all(is_state);
    if let [head, next, ..] = rows.as_mut_slice()
        && (opens_with_bar(head) && !opens_with_bar(next) || heads_states(head, next.1.len()))
    {
        let start = page.range(head.0).start;
        head.1.insert(0, start..start);
    }
    let is_party = |cell: &Range<usize>| !cell.is_empty() && is_entry(page, cell) && !cell.clone().all(|token| page.is_in_date(token));
    let has_state = |cell: &Range<usize>| parties::party_at(page, cell.start, cell.end).is_some_and(|party| party.kind == Kind::State);
    let is_year = |cell: &&Range<usize>| !cell.is_empty() && (**cell).clone().all(|token| page.is_in_date(token));
    let has_years = rows.first().is_some_and(|(_, cells)| cells.iter().filter(is_year).count() >= 2);
    let has_head = rows.len() >= 2
        && rows[0].1.len() >= 2
        && !rows[0].1.iter().any(has_state)
        && (has_years || rows[0].1.iter().any(|cell| names_column(page, cell)));
    let data = &rows[usize::from(has_head)..];
    let columns = data.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let most = |holds: &dyn Fn(&Range<usize>) -> bool| {
        (0..columns).find(|&column| {
            let cells = data.iter().filter_map(|(_, cells)| cells.get(column)).filter(|cell| !cell.is_empty());
            let (mut all, mut fitting) = (0, 0);
            for cell in cells {
                all += 1;
                fitting += usize::from(holds(cell));
            }
            all > 0 && fitting * 10 >= data.len() * 6
        })
    };
    let one_party = |cell: &Range<usize>| is_party(cell) && parties::list_at(page, cell.start, cell.end).0.len() == 1;
    let one_state =
        |cell: &Range<usize>| one_party(cell) && parties::party_at(page, cell.start, cell.end).is_some_and(|party| party.kind == Kind::State);
    // A column of states beside one without any: each row is about its state.
    let states_in = |column: usize| data.iter().filter_map(|(_, cells)| cells.get(column)).filter(|cell| has_state(cell)).count();
    let of_states = columns > 1 && states_in(0) * 10 >= data.len() * 8 && (1..columns).all(|column| states_in(column) * 10 < data.len());
    let of_names = !of_states && columns_of_names(data, &is_party, 9) || !has_head && columns_of_names(data, &one_state, 7);
    let head_has_role = |column: usize| has_head && rows[0].1.get(column).is_some_and(|cell| roles::role_of(page, cell.clone()).is_some());
    // Where columns have roles of their own and the first is a name of a dialogue, each cell is read under its own head.
    let parties =
        most(&one_state).or_else(|| most(&one_party)).filter(|_| !of_names).filter(|&column| column == 0 || !(0..column).any(head_has_role));
    let roles = most(&|cell| cell.len() <= 6 && roles::role_of(page, cell.clone()).is_some()).filter(|column| Some(*column) != parties);
    Table { has_head, parties: parties.filter(|&column| !is_overview(page, data, column)), roles, rows }
}

/// Whether so many tenths of the filled cells of some rows are parties: names set in columns, some of them perhaps broken over two rows.
fn columns_of_names(data: &[(usize, Vec<Range<usize>>)], is_party: &dyn Fn(&Range<usize>) -> bool, tenths: usize) -> bool {
    // Heads of columns that name groups are no names.
    let heads = usize::from(data.len() >= 2 && !data[0].1.iter().any(is_party));
    let data = &data[heads..];
    let filled = || data.iter().flat_map(|(_, cells)| cells).filter(|cell| !cell.is_empty());
    let (mut all, mut names) = (0, 0);
    for cell in filled() {
        all += 1;
        names += usize::from(is_party(cell));
    }
    all > data.len() && names * 10 >= all * tenths
}

/// Whether a column names dialogues: an overview, not a list of members.
fn is_overview(page: &Page<'_>, data: &[(usize, Vec<Range<usize>>)], column: usize) -> bool {
    let named = data.iter().filter(|(_, cells)| cells.get(column).is_some_and(|cell| page.dialogues_in(cell.clone()).next().is_some())).count();
    named * 2 > data.len()
}

/// Whether a cell can be the head of a column: it names a role, a kind of party, a section or a span of time.
fn names_column(page: &Page<'_>, cell: &Range<usize>) -> bool {
    !cell.is_empty()
        && cell.len() <= 8
        && (roles::role_of(page, cell.clone()).is_some()
            || page.dialogues_in(cell.clone()).next().is_some()
            || sections::section_of(page, cell.clone()).is_some()
            || page
                .tokens
                .marks_at(cell.start)
                .any(|mark| matches!(mark.tag, Tag::PartyNoun(_) | Tag::Since | Tag::NameLabel) && mark.end == cell.end))
}

/// Shortest cell that is read as prose, in tokens.
const PROSE: usize = 8;

/// A row about one party: its role stands in another cell, in the head of its column or above the table.
fn from_row_of_party(
    page: &Page<'_>,
    block: usize,
    cells: &[Range<usize>],
    table: &Table,
    column_roles: &[Option<RoleHeading>],
    drafts: &mut Vec<Draft>,
) {
    let Some(column) = table.parties else { return };
    let Some(cell) = cells.get(column).filter(|cell| !cell.is_empty()) else { return };
    let (found, _) = parties::list_at(page, over_term(page, cell.start, cell.end), cell.end);
    let in_cell = table.roles.and_then(|at| cells.get(at)).and_then(|cell| roles::role_of(page, cell.clone()));
    let remark = if in_cell.is_none() { role_in_remark(page, cells, column, column_roles) } else { None };
    let by_remark = remark.is_some();
    let in_cell = in_cell.or(remark);
    // Years and holders in a table behind a sentence that names the role: the heading above is that of the sentence.
    let by_turns = if in_cell.is_none() && !table.has_head { super::role_of_sentence_before(page, table.rows[0].0) } else { None };
    let own =
        in_cell.or_else(|| column_roles.get(column).cloned().flatten()).or_else(|| roles::governing_role(page, block).filter(|_| by_turns.is_none()));
    let own = own.or_else(|| role_of_offices(page, column, table));
    let is_term = |range: &Range<usize>| {
        !range.is_empty() && range.clone().all(|token| page.is_in_date(token) || !page.is_word(token) || is_term_word(page, token))
    };
    for party in found.iter().filter(|party| !is_debris(page, party)) {
        if party.kind == Kind::Organization && !super::looks_like_body(page, party) && own.as_ref().is_none_or(|role| role.party.is_some()) {
            continue;
        }
        if let Some(heading) = &own {
            let role = Role::of_heading(page, heading);
            let head_is = |at: usize| by_remark || column_roles.get(at).and_then(Option::as_ref).is_none_or(|head| head.role == heading.role);
            let dated = cells.iter().enumerate().find(|(at, range)| *at != column && head_is(*at) && is_term(range));
            let dates = dated.map_or_else(|| term(page, cell.clone(), &role), |(_, range)| term(page, range.clone(), &role));
            drafts.push(record(page, page.subject(block), &role, party, dates, "memberships/table"));
        }
        if let Some(role) = &by_turns {
            let dated = cells.iter().enumerate().find(|(at, range)| *at != column && is_term(range));
            if let Some((_, range)) = dated {
                drafts.push(record(page, page.subject(block), role, party, term(page, range.clone(), role), "memberships/table"));
            }
        }
        // A column of dates under a role: since when, or in which years, the party has it.
        for (at, range) in cells.iter().enumerate().filter(|(at, range)| *at != column && is_term(range)) {
            let of_column = column_roles.get(at).and_then(Option::as_ref);
            let is_other = |head: &&RoleHeading| own.as_ref().is_none_or(|own| own.role != head.role) && !(by_remark && roles::is_member(page, head));
            let Some(heading) = of_column.filter(is_other) else { continue };
            let role = Role::of_heading(page, heading);
            let dates = term(page, range.clone(), &role);
            if dates.start.is_some() || dates.end.is_some() {
                drafts.push(record(page, page.subject(block), &role, party, dates, "memberships/table"));
            }
        }
    }
}

/// `observer` in the column of remarks: what one of the parties is beside the others.
fn role_in_remark(page: &Page<'_>, cells: &[Range<usize>], column: usize, column_roles: &[Option<RoleHeading>]) -> Option<RoleHeading> {
    let others = cells.iter().enumerate().filter(|(at, cell)| *at != column && !cell.is_empty() && cell.len() <= REMARK);
    let remarks = others.filter(|(at, _)| column_roles.get(*at).is_none_or(Option::is_none));
    let is_whole = |role: &RoleHeading, cell: &Range<usize>| role.words.start == cell.start && !Role::of_heading(page, role).goes_round();
    remarks.filter_map(|(_, cell)| roles::role_of(page, cell.clone()).filter(|role| is_whole(role, cell))).next()
}

/// Longest such remark, in tokens.
const REMARK: usize = 3;

/// Fewest states of a table of their offices.
const OFFICES: usize = 5;

/// `The ministries of the member states are listed from A to Z.` above states, each with its office: the role of those whose offices they are.
fn role_of_offices(page: &Page<'_>, column: usize, table: &Table) -> Option<RoleHeading> {
    let has_office = |cells: &[Range<usize>]| {
        let is_state = cells.get(column).is_some_and(|cell| state_at(page, cell).is_some());
        is_state && cells.get(column + 1).is_some_and(|cell| cell.clone().take(2).any(|token| begins_office(page, token)))
    };
    let first = table.rows.first()?.0;
    let above = first.checked_sub(1).filter(|&above| page.block(above).kind == BlockKind::Paragraph)?;
    let offices = table.rows.iter().filter(|(_, cells)| has_office(cells)).count();
    page.sentences(page.range(above)).into_iter().rev().find_map(|sentence| roles::role_of_states(page, sentence)).filter(|_| offices >= OFFICES)
}

fn is_term_word(page: &Page<'_>, token: usize) -> bool {
    page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Since | Tag::Until))
}

/// Cells of an overview table whose column is headed by a role.
fn from_columns(page: &Page<'_>, block: usize, cells: &[Range<usize>], column_roles: &[Option<RoleHeading>], drafts: &mut Vec<Draft>) {
    for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
        let Some(heading) = column_roles.get(at).and_then(Option::as_ref) else { continue };
        if roles::labels(page, cell.clone()).iter().any(|(label, _)| roles::role_of(page, label.clone()).is_some()) {
            from_labels_in(page, block, cell.clone(), drafts);
            continue;
        }
        let role = Role::of_heading(page, heading);
        if let Some(party) = state_of_row(page, cells, at).filter(|_| cell.clone().all(|token| page.is_in_date(token) || !page.is_word(token))) {
            let dates = term(page, cell.clone(), &role);
            if dates.start.is_some() {
                drafts.push(record(page, page.subject(block), &role, &party, dates, "memberships/table"));
            }
            continue;
        }
        for part in split_terms(page, cell.clone()) {
            emit_list(page, page.subject(block), &role, part, Term::default(), "memberships/table", drafts);
        }
    }
}

/// Names set in columns under a heading with a role.
fn from_names(page: &Page<'_>, block: usize, cells: &[Range<usize>], drafts: &mut Vec<Draft>) {
    let Some(heading) = roles::governing_role(page, block) else { return };
    let role = Role::of_heading(page, &heading);
    let dates = term(page, page.range(block), &role);
    for cell in cells.iter().filter(|cell| !cell.is_empty() && is_entry(page, cell)) {
        emit_list(page, page.subject(block), &role, cell.clone(), dates, "memberships/row", drafts);
    }
}

/// The state that a row is about: the first cell that is one, other than the cell at `except`.
fn state_of_row(page: &Page<'_>, cells: &[Range<usize>], except: usize) -> Option<Mention> {
    let others = cells.iter().enumerate().filter(|(at, _)| *at != except);
    others
        .map(|(_, cell)| cell)
        .find_map(|cell| parties::party_at(page, cell.start, cell.end).filter(|party| party.kind == Kind::State && party.name.start == cell.start))
}

/// A table that came out cell by cell into the lines of one paragraph: a party, its role, perhaps a date, and the next party.
pub fn from_lines(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let lines = page.lines(block);
    let role_at = |at: usize| lines.get(at).filter(|line| line.len() <= 5).and_then(|line| roles::role_of(page, line.clone()));
    let roles_in_lines = (0..lines.len()).filter(|&at| role_at(at).is_some()).count();
    if roles_in_lines < 2 {
        return;
    }
    let is_role = |at: usize| role_at(at).is_some();
    for at in 0..lines.len() {
        if !is_role(at) || at == 0 {
            continue;
        }
        let Some(heading) = role_at(at) else { continue };
        let name = &lines[at - 1];
        let date = lines.get(at + 1).filter(|line| (line.start..line.end).all(|token| page.is_in_date(token) || !page.is_word(token)));
        let role = Role::of_heading(page, &heading);
        let party = parties::party_at(page, name.start, name.end).filter(|party| party.end == name.end);
        if let Some(party) = party {
            let dates = date.map_or(Term::default(), |line| term(page, line.clone(), &role));
            drafts.push(record(page, page.subject(block), &role, &party, dates, "memberships/cells"));
        }
    }
}
