//! Themes in tables: a column whose head is wording of themes, the titles of working groups beside their numbers, and a row for each dialogue
//! or body with its themes.
//!
//! In: the head of a table, or a row or line below a heading of themes. Out: its themes.

use std::ops::Range;

use super::columns::{self, Columns};
use super::enumerations::{commas, enumeration};
use super::page::Page;
use super::roles;
use super::sections::Section;
use super::theme_records::{emit, emit_of};
use super::theme_sections::themes_of;
use crate::model::gazetteer::Tag;
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest head of a column of themes, in words.
const HEAD: usize = 4;

/// Fewest columns of a table of one row.
const WIDE: usize = 4;

/// Fewest rows of a table that nothing but who leads them says to be of themes.
const FEWEST: usize = 3;

/// The columns of themes of the table that begins with a row; the block behind the table where it has such a column.
pub fn from_table(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) -> Option<usize> {
    let is_first = block == 0 || page.block(block - 1).kind != BlockKind::Row || page.block(block).after_blank;
    let table = columns::below(page, block).filter(|table| is_first && table.head.len() >= 2)?;
    let found = drafts.len();
    for place in 0..table.head.len() {
        let Some(section) = section_of_column(page, &table, place) else { continue };
        let led = led_by(page, &table).filter(|_| section.words == table.head[place]);
        for (row, cells) in &table.rows {
            let Some(cell) = cells[place].clone().filter(|_| led.is_none_or(|beside| is_led(page, cells, beside))) else { continue };
            let listed = enumeration(page, &cell);
            let parts = if listed.len() > 1 { listed } else { by_line(page, &cell).unwrap_or(listed) };
            // On each page the head stands again.
            let is_head = |part: &Range<usize>| page.value_of(part) == page.value_of(&table.head[place]);
            for part in parts.into_iter().filter(|part| !is_head(part)) {
                emit(page, *row, part, &section, block, "themes/column", drafts);
            }
        }
    }
    (drafts.len() > found).then(|| table.rows.last().map_or(block, |(row, _)| *row) + 1)
}

/// The lines of a cell, where each begins anew: with a capital behind a line that ends nothing open, and has no other capitals.
fn by_line(page: &Page<'_>, cell: &Range<usize>) -> Option<Vec<Range<usize>>> {
    let lines = page.lines_in(cell.clone());
    let is_open = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::Connector | Tag::Of | Tag::Article));
    let is_joint = |line: &Range<usize>| is_open(line.end - 1) || matches!(page.text(line.end - 1), "," | "-" | "/" | "(");
    let is_plain = |line: &Range<usize>| page.is_capital(line.start) && !line.clone().skip(1).any(|token| page.is_capital(token));
    (lines.len() > 1 && lines.iter().all(is_plain) && !lines.iter().any(is_joint)).then_some(lines)
}

/// What a column holds, if it holds themes.
fn section_of_column(page: &Page<'_>, table: &Columns, place: usize) -> Option<Section> {
    let head = table.head[place].clone();
    let words = head.clone().filter(|&token| page.is_word(token)).count();
    let names = |cell: &Range<usize>, of: &dyn Fn(Tag) -> bool| page.mark(cell.start, of).is_some_and(|mark| mark.end == cell.end);
    // `TWG | Title | Chair`: groups have themes for names.
    let is_title = names(&head, &|tag| tag == Tag::NameLabel) && place > 0 && names(&table.head[0], &|tag| tag == Tag::WorkingGroup);
    if is_title {
        return Some(Section { reads: Reads::Themes, kind: Some("work_stream".to_owned()), words: table.head[0].clone() });
    }
    if place == 0 && led_by(page, table).is_some() {
        return Some(Section { reads: Reads::Themes, kind: Some("work_stream".to_owned()), words: head });
    }
    let section =
        themes_of(page, head.clone()).or_else(|| by_column(page, &head)).filter(|section| words <= HEAD && words <= section.words.len() + 1)?;
    // Of two columns the other has to be a head too: `Theme | Safe work` is a label and its value.
    let is_head = |cell: &Range<usize>| {
        page.tokens.marks_at(cell.start).any(|mark| {
            mark.end <= cell.end
                && matches!(
                    mark.tag,
                    Tag::MeetingColumn | Tag::MeetingHead | Tag::NameLabel | Tag::WorkingGroup | Tag::Heading(_) | Tag::Role(_) | Tag::RoleLabel(_)
                )
        }) || page.dialogues_in(cell.clone()).next().is_some()
    };
    let others = table.head.iter().enumerate().filter(|(at, cell)| *at != place && is_head(cell)).count();
    let enough = table.rows.len() >= 2 && (table.head.len() > 2 || others > 0) || table.head.len() >= WIDE && others >= 2;
    // What was done on a day is an event; what a state asked for is no theme of a dialogue.
    let is_events = section.kind.as_deref() == Some("activity") && table.rows.iter().any(|(row, _)| page.dates_in(page.range(*row)).next().is_some());
    let is_state = |cell: &Option<Range<usize>>| {
        cell.as_ref().is_some_and(|cell| page.mark(cell.start, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == cell.end))
    };
    let of_states = table.rows.iter().filter(|(_, cells)| is_state(&cells[0])).count() * 2 > table.rows.len();
    (enough && !is_events && !of_states).then_some(section)
}

/// `Committee | Lead country`: titles of work in the first column, and the column beside it with the state that leads each.
fn led_by(page: &Page<'_>, table: &Columns) -> Option<usize> {
    let leads = |head: &Range<usize>| roles::role_of(page, head.clone()).is_some_and(|role| roles::is_lead(page, role.role));
    let beside = (1..table.head.len()).find(|&place| leads(&table.head[place]))?;
    let is_other = |tag: Tag| matches!(tag, Tag::MeetingColumn | Tag::MeetingHead | Tag::NameLabel | Tag::Role(_));
    let names_other = page.mark(table.head[0].start, is_other).is_some();
    let led = table.rows.iter().filter(|(_, cells)| is_led(page, cells, beside)).count();
    (table.rows.len() >= FEWEST && !names_other && led * 5 >= table.rows.len() * 4).then_some(beside)
}

/// Whether a row has the title of some work, and beside it a state.
fn is_led(page: &Page<'_>, cells: &[Option<Range<usize>>], beside: usize) -> bool {
    let is_state = |cell: &Range<usize>| page.mark(cell.start, |tag| matches!(tag, Tag::Country(_))).is_some();
    let is_name = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::City(_) | Tag::MeetingHead);
    let is_other = |token: usize| page.is_in_date(token) || page.mark(token, is_name).is_some();
    let is_title = |cell: &Range<usize>| {
        let is_long = |token: usize| page.is_word(token) && page.text(token).chars().count() >= LETTERS;
        page.is_capital(cell.start) && cell.clone().any(is_long) && !cell.clone().any(is_other)
    };
    cells[0].as_ref().is_some_and(is_title) && cells[beside].as_ref().is_some_and(is_state)
}

/// Fewest letters of the longest word of a title: `IV` numbers something.
const LETTERS: usize = 4;

/// Wording of themes at the head of a column only: `Outcome`, `Objet`.
fn by_column(page: &Page<'_>, head: &Range<usize>) -> Option<Section> {
    let mark = head.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::ColumnHeading(_))).filter(|mark| mark.end <= head.end))?;
    let Tag::ColumnHeading(index) = mark.tag else { return None };
    let heading = &page.vocabulary().headings[usize::from(index)];
    (heading.reads == Reads::Themes).then(|| Section { reads: Reads::Themes, kind: heading.kind.clone(), words: mark.first..mark.end })
}

/// `RCM | A; B; C`, `RCM: A; B; C`: the themes of each of several dialogues or bodies.
pub fn from_owners(page: &Page<'_>, block: usize, section: &Section, above: usize, drafts: &mut Vec<Draft>) -> bool {
    let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
    let owned: Vec<(Range<usize>, Range<usize>)> = match cells.as_slice() {
        // A third column tells of something else.
        [owner, value] | [owner, value, _] if page.block(block).kind == BlockKind::Row => vec![(owner.clone(), value.clone())],
        _ => roles::labels(page, page.range(block)),
    };
    let is_owner = |name: &Range<usize>| {
        page.dialogues_in(name.clone()).any(|(tokens, _)| *tokens == *name)
            || page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).is_some_and(|mark| mark.end == name.end)
    };
    if owned.is_empty() || !owned.iter().all(|(owner, _)| is_owner(owner)) {
        return false;
    }
    let found = drafts.len();
    for (owner, value) in owned {
        let listed = enumeration(page, &value);
        let parts = if listed.len() > 1 { listed } else { commas(page, &value, true) };
        for mut part in parts {
            if part.len() > 1 && page.text(part.end - 1) == "." {
                part.end -= 1;
            }
            emit_of(page, block, part, section, above, ("themes/owner", Some(owner.clone())), drafts);
        }
    }
    drafts.len() > found
}
