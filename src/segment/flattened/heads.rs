//! Heads: the heads of the columns of a flattened table, one below the other, each on a line or over several.
//!
//! In: a line that names the rows of a table: dialogues, states, meetings. Out: the columns, and what sort of cells each has.

use std::ops::Range;

use super::sheet::Sheet;
use crate::model::gazetteer::{MeetingLabel, Party, Tag};
use crate::segment::headings;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The name of what the row is about.
    Name,
    /// The state that the row is about.
    State,
    /// A running number.
    Number,
    /// Those who have a role.
    Parties,
    /// One of those, or hardly more: who chairs, who hosts.
    Party,
    Date,
    Place,
    /// A sign or a word for a role, under the name of a dialogue.
    Sign,
    /// A date or a few words: below the head of some column in a table of meetings.
    Brief,
    /// Anything.
    Text,
}

/// A column: the lines of its head, and what its cells are.
#[derive(Clone, Debug)]
pub struct Column {
    pub lines: Vec<usize>,
    pub sort: Sort,
    /// The roles that its head names.
    pub roles: Vec<u16>,
}

impl Column {
    fn new(sheet: &Sheet<'_>, lines: Range<usize>, sort: Sort) -> Self {
        Self { roles: sheet.roles_in(&sheet.tokens(&lines)), lines: lines.collect(), sort }
    }
}

/// The heads of a table, and the line behind the last.
#[derive(Debug)]
pub struct Heads {
    pub columns: Vec<Column>,
    pub end: usize,
}

/// Most words and lines of a head, and most columns.
const WORDS: usize = 7;
const LINES: usize = 3;
const COLUMNS: usize = 12;
/// Fewest columns.
const FEWEST: usize = 3;

/// Whether a line can be the head of the first column: nothing but the noun of dialogues, states or meetings. Few lines are.
pub fn may_begin(sheet: &Sheet<'_>, at: usize) -> bool {
    let (line, within) = (&sheet.page.lines[at], &sheet.page.within[at].whole);
    !within.is_empty() && within.len() <= WORDS && !line.is_row && line.marker.is_none() && first(sheet, at).is_some()
}

/// What the first column is of, and the lines of its head.
fn first(sheet: &Sheet<'_>, at: usize) -> Option<(Sort, Range<usize>)> {
    let tokens = sheet.page.tokens;
    let start = sheet.page.within[at].whole.start;
    let is_noun =
        |tag: Tag| matches!(tag, Tag::NameLabel | Tag::PartyNoun(Party::State) | Tag::MeetingColumn | Tag::MeetingLabel(_)) || tag.is_dialogue_head();
    let whole = |end: usize| (at + 1..=at + LINES).find(|&line| ends(sheet, at, line) == Some(end));
    let (mark, end) = tokens.marks_at(start).filter(|mark| is_noun(mark.tag)).find_map(|mark| Some((mark, whole(mark.end)?)))?;
    let is_column = |of: &dyn Fn(Tag) -> bool| tokens.marks_at(start).any(|other| other.end == mark.end && of(other.tag));
    let is_number = is_column(&|tag| tag == Tag::MeetingColumn) && sheet.line(at).chars().filter(|letter| letter.is_alphabetic()).count() <= 2;
    let sort = match mark.tag {
        _ if is_number => Sort::Number,
        Tag::PartyNoun(_) => Sort::State,
        _ if is_column(&|tag| tag == Tag::MeetingLabel(MeetingLabel::Date)) => Sort::Date,
        _ if is_column(&|tag| tag == Tag::MeetingLabel(MeetingLabel::Place)) => Sort::Place,
        _ if is_column(&|tag| tag == Tag::NameLabel || tag.is_dialogue_head() || matches!(tag, Tag::MeetingLabel(_))) => Sort::Name,
        _ => return None,
    };
    Some((sort, at..end))
}

/// The token behind some lines that stand together.
fn ends(sheet: &Sheet<'_>, at: usize, end: usize) -> Option<usize> {
    (at..end).all(|line| !sheet.is_blank(line)).then(|| sheet.tokens(&(at..end)).end)
}

/// The heads that begin at a line.
pub fn at(sheet: &Sheet<'_>, at: usize) -> Option<Heads> {
    let (sort, lines) = first(sheet, at)?;
    let mut end = lines.end;
    let mut columns = vec![Column::new(sheet, lines, sort)];
    let by_blank = sheet.is_blank(end);
    loop {
        let head = if by_blank { parted(sheet, end, columns[0].sort) } else { line_by_line(sheet, end, columns[0].sort) };
        let Some((lines, sort)) = head else { break };
        end = lines.end;
        // Behind the numbers stand the names.
        let is_name = columns.len() == 1 && sort == Sort::Text && first(sheet, lines.start).is_some_and(|(sort, _)| sort == Sort::Name);
        let sort = if is_name { Sort::Name } else { sort };
        columns.push(Column::new(sheet, lines, sort));
    }
    let counts = |sort: Sort| columns.iter().filter(|column| column.sort == sort).count();
    let is_of_meetings = counts(Sort::Date) == 1 && counts(Sort::Place) == 1;
    let tells = match columns[0].sort {
        Sort::State => counts(Sort::Sign) >= 2 || counts(Sort::Date) >= 1,
        Sort::Date | Sort::Place => is_of_meetings,
        _ => counts(Sort::Parties) + counts(Sort::Party) >= 1 || is_of_meetings,
    };
    let is_plain = columns.iter().skip(1).all(|column| column.sort != Sort::State);
    // `Country`, `Joined`
    let fewest = if columns[0].sort == Sort::State && counts(Sort::Date) == 1 { FEWEST - 1 } else { FEWEST };
    ((fewest..=COLUMNS).contains(&columns.len()) && tells && is_plain).then_some(Heads { columns, end })
}

/// The same heads and the line behind them as the head of one more column.
pub fn with_one_more(sheet: &Sheet<'_>, heads: &Heads) -> Option<Heads> {
    let is_head = !sheet.is_blank(heads.end) && is_short(sheet, heads.end) && !names_something(sheet, heads.end..heads.end + 1);
    (is_head && heads.columns.len() < COLUMNS).then(|| {
        let more = Column::new(sheet, heads.end..heads.end + 1, Sort::Text);
        Heads { columns: heads.columns.iter().cloned().chain([more]).collect(), end: heads.end + 1 }
    })
}

/// The head that stands between empty lines.
fn parted(sheet: &Sheet<'_>, at: usize, rows: Sort) -> Option<(Range<usize>, Sort)> {
    let first = (at..sheet.page.lines.len()).find(|&line| !sheet.is_blank(line))?;
    let end = (first..first + LINES + 1).find(|&line| sheet.is_blank(line))?;
    let is_head = (first..end).all(|line| is_short(sheet, line));
    Some((first..end, sort_of(sheet, first..end).filter(|&sort| is_head && is_of(sort, rows))?))
}

/// The next head where no empty line parts them: what goes on in the next line is told by the wording.
fn line_by_line(sheet: &Sheet<'_>, at: usize, rows: Sort) -> Option<(Range<usize>, Sort)> {
    if sheet.is_blank(at) || !is_short(sheet, at) {
        return None;
    }
    let mut end = at + 1;
    while end < at + LINES && !sheet.is_blank(end) && is_short(sheet, end) && goes_on(sheet, end) {
        end += 1;
    }
    let sort = sort_of(sheet, at..end).or_else(|| {
        // A head that nobody knows, before one that is known.
        let next = if sheet.is_blank(end) || !is_short(sheet, end) { None } else { sort_of(sheet, end..end + 1) };
        next.filter(|_| !names_something(sheet, at..end)).map(|_| Sort::Text)
    })?;
    is_of(sort, rows).then_some((at..end, sort))
}

/// Whether a column can be in a table of such rows: dialogues head columns in a table of states, and rows in one of dialogues.
fn is_of(sort: Sort, rows: Sort) -> bool {
    sort != Sort::Sign || rows == Sort::State
}

/// Whether the head in the line before goes on in a line.
fn goes_on(sheet: &Sheet<'_>, line: usize) -> bool {
    let tokens = sheet.page.tokens;
    let (before, within) = (&sheet.page.within[line - 1].whole, &sheet.page.within[line].whole);
    let runs_over = tokens.any_mark(before, |mark| mark.end > within.start && mark.end <= within.end);
    let is_noun = || tokens.marks_at(within.start).any(|mark| matches!(mark.tag, Tag::PartyNoun(_)) && mark.end == within.end);
    let is_role = || matches!(sort_of(sheet, line - 1..line), Some(Sort::Parties | Sort::Party));
    let is_filling = || before.clone().all(|token| tokens.mark_at(token, |tag| matches!(tag, Tag::Filler | Tag::Article)).is_some());
    sheet.line(line).starts_with(|letter: char| letter.is_lowercase() || letter == '(')
        || runs_over
        || headings::ends_in_connector(line - 1, sheet.page)
        || is_noun() && is_role()
        || is_filling() && sort_of(sheet, line - 1..line).is_none() && sort_of(sheet, line - 1..line + 1).is_some()
}

fn is_short(sheet: &Sheet<'_>, line: usize) -> bool {
    let (whole, words) = (&sheet.page.lines[line], sheet.page.within[line].whole.len());
    (1..=WORDS).contains(&words) && whole.marker.is_none() && !whole.is_row && !sheet.line(line).ends_with(['.', ',', ':', ';'])
}

/// Whether some lines name a state, a place or a body, or have a date: cells, and no head.
fn names_something(sheet: &Sheet<'_>, lines: Range<usize>) -> bool {
    let range = sheet.tokens(&lines);
    let is_name = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::City(_) | Tag::Organization(_) | Tag::Month(_) | Tag::Dialogue(_));
    sheet.page.tokens.any_begins(&range, is_name) || sheet.line(lines.start).contains(|letter: char| letter.is_ascii_digit())
}

/// What the cells below a head are, where its wording is that of a head.
fn sort_of(sheet: &Sheet<'_>, lines: Range<usize>) -> Option<Sort> {
    let range = sheet.tokens(&lines);
    let tokens = sheet.page.tokens;
    let holds = |of: &dyn Fn(Tag) -> bool| range.clone().any(|token| tokens.marks_at(token).any(|mark| of(mark.tag) && mark.end <= range.end));
    let begins = |of: &dyn Fn(Tag) -> bool| tokens.marks_at(range.start).any(|mark| of(mark.tag) && mark.end <= range.end);
    let covers = |of: &dyn Fn(Tag) -> bool| tokens.marks_at(range.start).any(|mark| of(mark.tag) && mark.end == range.end);
    if range.len() > 2 * WORDS {
        return None;
    }
    if covers(&|tag| matches!(tag, Tag::Dialogue(_))) {
        return Some(Sort::Sign);
    }
    if names_something(sheet, lines) {
        return None;
    }
    if begins(&|tag| tag == Tag::Established) || covers(&|tag| tag == Tag::MeetingLabel(MeetingLabel::Date)) || holds(&|tag| tag == Tag::Since) {
        return Some(Sort::Date);
    }
    if covers(&|tag| tag == Tag::MeetingLabel(MeetingLabel::Place)) {
        return Some(Sort::Place);
    }
    if covers(&|tag| tag == Tag::MeetingColumn) {
        return Some(Sort::Brief);
    }
    if holds(&|tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_))) {
        let is_of_one = holds(&|tag| matches!(tag, Tag::Role(role) if sheet.is_of_one(role))) && !holds(&|tag| matches!(tag, Tag::PartyNoun(_)));
        return Some(if is_of_one { Sort::Party } else { Sort::Parties });
    }
    if covers(&|tag| matches!(tag, Tag::PartyNoun(_))) {
        return Some(if covers(&|tag| tag == Tag::PartyNoun(Party::State)) { Sort::State } else { Sort::Parties });
    }
    if range.len() >= 2 && range.clone().any(|token| tokens.mark_at(token, Tag::is_dialogue_head).is_some_and(|mark| mark.end == range.end)) {
        return Some(Sort::Sign);
    }
    let of_text = |tag: Tag| {
        matches!(
            tag,
            Tag::Heading(_)
                | Tag::ColumnHeading(_)
                | Tag::Project(_)
                | Tag::Publication(_)
                | Tag::Label(_)
                | Tag::NameLabel
                | Tag::MeetingLabel(_)
                | Tag::MeetingHead
        )
    };
    holds(&of_text).then_some(Sort::Text)
}
