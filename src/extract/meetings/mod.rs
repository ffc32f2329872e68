//! Meetings: a name, an ordinal, days and a place, from lists, table rows, labels, headings and prose.
//!
//! In: a page. Out: one record a meeting. A name counts as a meeting where it has an ordinal, a date or a place of its own; several
//! wordings of one meeting in a document are one record, the fullest.

mod cards;
mod columns;
mod entries;
mod hosts;
mod lists;
mod merge;
mod ordinals;
mod prose;
mod rows;
mod series;

use std::cell::OnceCell;
use std::ops::Range;

use crate::extract::owners::of_entry;
use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::extract::{roles, sections};
use crate::findings::Report;
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

use entries::parts;
use lists::{has_noun_of_meetings, has_remarks, is_dated_entry, is_headed_list, is_list_of_lines, is_sentence, starts_like_meeting};
use merge::merge;
use ordinals::ordinal_at;
use prose::from_prose;
use series::{from_series, series_name};

/// Longest line of a list of meetings, in tokens.
const LINE: usize = 40;
/// Longest label before earlier meetings, in tokens.
const LABEL: usize = 3;
/// Longest heading over a list of meetings that is known by their noun alone, in words.
const HEADING: usize = 8;

/// A meeting as one stretch of text states it.
#[derive(Clone, Debug)]
struct Meeting {
    name: Range<usize>,
    ordinal: Option<(i64, Range<usize>)>,
    /// Index into the dates of the page.
    date: Option<usize>,
    place: Option<Place>,
    dialogue: Option<usize>,
    rule: &'static str,
}

/// Emits the meetings of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut meetings: Vec<Meeting> = Vec::new();
    let mut pending: Vec<Range<usize>> = Vec::new();
    let mut cards = cards::find(page);
    meetings.append(&mut cards.meetings);
    let mut behind_table = 0;
    let mut sections = Sections::default();
    for (block, content) in page.numbered_blocks() {
        if content.kind == BlockKind::Row && block >= behind_table && !is_in_table_of_meetings(page, block + 1) {
            behind_table = columns::from_table(page, block, &mut meetings).unwrap_or(block);
        }
        if block < behind_table {
            continue;
        }
        let range = page.range(block);
        if cards.touch(&range) {
            for line in cards.rest(page, range) {
                for sentence in page.sentences(line) {
                    from_prose(page, block, &sentence, &mut meetings);
                }
            }
            continue;
        }
        let section = sections.of(page, block);
        let series = section.clone().flatten();
        let dated = OnceCell::new();
        let dated_entries = || dated.get_or_init(|| lists::dated_entries(page, block, section.is_some()));
        if content.kind != BlockKind::Heading && section.is_none() && from_labels(page, block, &mut meetings) {
            continue;
        }
        match content.kind {
            BlockKind::Row
                if section.is_none() && page.cells(block).last().is_some_and(|cell| cell.len() > LINE / 2 && page.text(cell.end - 1) == ".") =>
            {
                for cell in page.cells(block) {
                    for sentence in page.sentences(cell) {
                        from_prose(page, block, &sentence, &mut meetings);
                    }
                }
            }
            BlockKind::Row => {
                let before = meetings.len();
                from_series(page, block, &range, series.as_ref(), &mut meetings);
                if meetings.len() == before {
                    rows::from_cells(page, block, &mut meetings);
                }
                if meetings.len() == before {
                    meetings.extend(rows::from_row(page, block, section));
                }
            }
            BlockKind::Item
                if section.is_some() && !is_sentence(page, &range) && !entries::announces_other(page, &range) || is_dated_entry(page, block) =>
            {
                let before = meetings.len();
                from_series(page, block, &range, series.as_ref(), &mut meetings);
                if meetings.len() == before {
                    for entry in entries::split(page, &range) {
                        let read = parts(page, &entry, section.is_some());
                        // A place and a day with a word beside them are the head of a piece of news.
                        if section.is_none() && read.ordinal.is_none() && is_one_word(page, &read.name) {
                            continue;
                        }
                        meetings.extend(entries::meeting(page, block, &entry, read, series.as_ref(), section.is_some()));
                    }
                }
            }
            BlockKind::Paragraph if section.is_some() && entries::split(page, &range).len() > 1 => {
                entries::from_lines(page, block, &entries::split(page, &range), series.as_ref(), &mut meetings);
            }
            BlockKind::Paragraph if section.is_some() && has_remarks(page, block) => {
                // Entries with a remark behind them: the first sentence is the entry.
                for entry in entries::whole(page, block) {
                    let sentences = page.sentences(entry);
                    if let Some((first, remarks)) = sentences.split_first() {
                        let before = meetings.len();
                        from_series(page, block, first, series.as_ref(), &mut meetings);
                        if meetings.len() == before {
                            entries::from_lines(page, block, std::slice::from_ref(first), series.as_ref(), &mut meetings);
                        }
                        for remark in remarks {
                            from_prose(page, block, remark, &mut meetings);
                        }
                    }
                }
            }
            BlockKind::Paragraph if is_list_of_lines(page, block, section.is_some()) => {
                let lines = if section.is_some() { entries::whole(page, block) } else { page.lines(block) };
                for line in lines {
                    let before = meetings.len();
                    from_series(page, block, &line, series.as_ref(), &mut meetings);
                    if meetings.len() == before {
                        pending.push(line);
                    } else {
                        entries::from_lines(page, block, &std::mem::take(&mut pending), series.as_ref(), &mut meetings);
                    }
                }
                entries::from_lines(page, block, &std::mem::take(&mut pending), series.as_ref(), &mut meetings);
            }
            BlockKind::Paragraph if is_headed_list(page, block) => {
                let lines = page.lines(block);
                let series = entries::named_by_heading(page, &lines[0]);
                entries::from_lines(page, block, &lines[1..], series.as_ref(), &mut meetings);
            }
            BlockKind::Heading => from_heading(page, block, &mut meetings),
            BlockKind::Paragraph if !dated_entries().is_empty() => {
                let entries = dated_entries();
                for entry in entries {
                    let read = parts(page, entry, true);
                    meetings.extend(entries::meeting(page, block, entry, read, series.as_ref(), section.is_some()));
                }
                // Sentences among them.
                for line in page.lines(block).into_iter().filter(|line| !entries.iter().any(|entry| line.contains(&entry.start))) {
                    for sentence in page.sentences(line) {
                        from_prose(page, block, &sentence, &mut meetings);
                    }
                }
            }
            _ => {
                for stretch in cards::titled_lines(page, block, below_title(page, block), &mut meetings) {
                    for sentence in page.sentences(stretch) {
                        from_prose(page, block, &sentence, &mut meetings);
                    }
                }
            }
        }
    }
    for meeting in &mut meetings {
        meeting.name = within_text(page, meeting).unwrap_or_else(|| meeting.name.clone());
    }
    meetings.retain(|meeting| {
        !is_title_only(page, meeting)
            && !is_text(page, meeting)
            && !is_of_body(page, meeting)
            && !is_address(page, &meeting.name)
            && !is_called_off(page, meeting)
    });
    for meeting in merge(page, meetings) {
        drafts.push(record(page, &meeting));
    }
}

/// The name of a body with the noun of a meeting in it: `Institute for Training`, `Conference on Trade and Development`.
fn is_of_body(page: &Page<'_>, meeting: &Meeting) -> bool {
    let name = &meeting.name;
    meeting.ordinal.is_none()
        && meeting.rule != "meetings/verb"
        && page.mark(name.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= name.end)
}

/// What was cancelled or put off did not take place: a note behind a name or instead of it.
fn is_called_off(page: &Page<'_>, meeting: &Meeting) -> bool {
    let end = [Some(meeting.name.end), meeting.date.map(|date| page.dates[date].tokens.end), meeting.place.as_ref().map(|place| place.tokens.end)];
    let end = end.into_iter().flatten().max().unwrap_or(meeting.name.end);
    let line_end = page.range(page.block_of(end - 1)).end;
    let is_note = |token: usize| page.mark(token, |tag| tag == Tag::CalledOff).is_some();
    let behind = end < line_end && matches!(page.text(end), "(" | "," | "–" | "-" | ":") && end + 1 < line_end && is_note(end + 1);
    behind || meeting.name.clone().any(|token| page.token(token).shape == Shape::Lower && is_note(token) && meeting.name.len() <= 2)
}

/// `Background paper for the Consultation on X`: the meeting that a text is called after.
fn within_text(page: &Page<'_>, meeting: &Meeting) -> Option<Range<usize>> {
    let name = &meeting.name;
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).filter(|_| is_text(page, meeting))?;
    let start = (small..name.end).find(|&token| page.is_capital(token))?;
    let has_head = (start..name.end).any(|token| page.is_capital(token) && page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    (has_head && meeting.place.is_some()).then_some(start..name.end)
}

/// The name of a text: the noun of one before the first small word, and no numbered meeting that made it.
fn is_text(page: &Page<'_>, meeting: &Meeting) -> bool {
    let name = &meeting.name;
    let is_read_here = meeting.date.is_some_and(|date| page.block_of(page.dates[date].tokens.start) == page.block_of(name.start));
    meeting.ordinal.is_none() && is_read_here && lists::names_text(page, name)
}

/// A street with its number is no title.
fn is_address(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.has(name.start, Tag::AddressWord) && name.clone().any(|token| page.token(token).shape == Shape::Number)
}

fn is_one_word(page: &Page<'_>, name: &Range<usize>) -> bool {
    let words = name.clone().filter(|&token| page.is_word(token)).count();
    words == 1 && !name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some() || in_dialogue(page, token))
}

/// A name with a date but no place in a list of publications: a title and its year.
fn is_title_only(page: &Page<'_>, meeting: &Meeting) -> bool {
    let block = page.block_of(meeting.name.start);
    let in_list = || sections::section(page, block).is_some_and(|(_, section)| section.reads == Reads::Publications);
    meeting.place.is_none() && page.block(block).kind != BlockKind::Heading && in_list()
}

/// A block without the dated title of a piece of news in its first line.
fn below_title(page: &Page<'_>, block: usize) -> Range<usize> {
    let range = page.range(block);
    match page.lines(block).as_slice() {
        [title, body, ..] if page.is_in_date(title.start) && page.is_capital(body.start) && page.text(title.end - 1) != "." => body.start..range.end,
        _ => range,
    }
}

/// What the headings that were asked last say: the entries of a list have the same.
#[derive(Default)]
struct Sections {
    last: Option<(Option<usize>, Option<Option<Range<usize>>>)>,
}

impl Sections {
    /// Whether a block stands in a list of meetings, with what the heading calls them.
    #[allow(clippy::option_option, reason = "a section, and a name that it may have")]
    fn of(&mut self, page: &Page<'_>, block: usize) -> Option<Option<Range<usize>>> {
        if is_in_table_of_meetings(page, block) {
            return Some(None);
        }
        let heading = page.block(block).heading;
        if self.last.as_ref().is_none_or(|(above, _)| *above != heading) {
            self.last = Some((heading, section(page, block)));
        }
        self.last.as_ref().and_then(|(_, section)| section.clone())
    }
}

/// Whether a block stands in a list of meetings by its headings: the nearest introduction with known wording decides, or a short heading with
/// the noun of a meeting that is none itself.
#[allow(clippy::option_option, reason = "a section, and a name that it may have")]
fn section(page: &Page<'_>, block: usize) -> Option<Option<Range<usize>>> {
    for above in page.introductions(block) {
        let range = roles::label_part(page, page.range(above));
        let known = sections::section_of(page, range.clone());
        match known {
            Some(section) if section.reads == Reads::Meetings => return Some(entries::named_by_heading(page, &range)),
            // `Meetings and successive chairs`
            Some(section) if section.reads == Reads::Nothing && begins_with_meetings(page, &range) => {
                return Some(entries::named_by_heading(page, &range));
            }
            // `Hosts of the annual conference`: who held a role, and which meeting.
            Some(section) if section.reads == Reads::Nothing && is_of_hosts(page, &range) && lists_meetings(page, above, &range) => {
                return Some(entries::named_by_heading(page, &range));
            }
            Some(_) => return None,
            None if lists_meetings(page, above, &range) => return Some(entries::named_by_heading(page, &range)),
            None if page.block(above).kind == BlockKind::Heading => return None,
            None => {}
        }
    }
    None
}

/// Whether a heading names meetings first, and a role behind an "and".
fn begins_with_meetings(page: &Page<'_>, range: &Range<usize>) -> bool {
    let first = range.clone().find(|&token| page.is_word(token) && !page.has(token, Tag::Article)).unwrap_or(range.start);
    let noun = page.mark(first, |tag| tag == Tag::MeetingHead);
    noun.is_some_and(|noun| noun.end < range.end && page.mark(noun.end, |tag| tag == Tag::And).is_some())
}

/// Whether a row stands in a table whose head names a column of days and one of places, or the like.
fn is_in_table_of_meetings(page: &Page<'_>, block: usize) -> bool {
    let is_row = |block: &usize| page.blocks.blocks.get(*block).is_some_and(|block| block.kind == BlockKind::Row);
    let Some(head) = (0..=block).rev().take_while(is_row).last().filter(|head| *head < block) else { return false };
    let is_column = |cell: &Range<usize>| {
        let mut next = cell.start;
        while next < cell.end {
            match page.mark(next, |tag| tag == Tag::MeetingColumn).filter(|mark| mark.end <= cell.end) {
                Some(mark) => next = mark.end,
                None if !page.is_word(next) || page.has(next, Tag::And) => next += 1,
                None => return false,
            }
        }
        !cell.is_empty()
    };
    page.cells(head).iter().filter(|cell| is_column(cell)).count() >= 2
}

/// Whether a heading speaks of those who hosted something.
fn is_of_hosts(page: &Page<'_>, range: &Range<usize>) -> bool {
    roles::role_of(page, range.clone()).is_some_and(|role| page.vocabulary().roles.role[usize::from(role.role)].role == "host")
}

/// `Hosts of the annual conference`, `Full Rounds`: the noun of a meeting in a heading that is the name of no single meeting.
fn lists_meetings(page: &Page<'_>, block: usize, range: &Range<usize>) -> bool {
    let is_one = || page.dates_in(range.clone()).next().is_some() || entries::ordinal_of(page, range).is_some();
    // The title of the document is none.
    block > 1 && page.block(block).kind == BlockKind::Heading && has_noun_of_meetings(page, range) && !is_one()
}

/// Whether a token is part of the name of a dialogue.
fn in_dialogue(page: &Page<'_>, token: usize) -> bool {
    page.is_within_dialogue(&(token..token + 1))
}

/// The places within a range, in the order of the text.
fn places_in<'a>(page: &'a Page<'_>, range: Range<usize>) -> impl Iterator<Item = Place> + 'a {
    let mut at = range.start;
    std::iter::from_fn(move || {
        while at < range.end {
            let alone = at == range.start
                || matches!(page.text(at - 1), "," | "(" | "–" | "-" | "—" | ":" | ";" | "|")
                || at >= 2 && page.text(at - 1) == "." && page.text(at - 2) == "."
                || page.mark(at - 1, |tag| tag == Tag::PlacePreposition).is_some()
                || page.has(at - 1, Tag::Article);
            let stands_free = alone
                && (at == range.start
                    || !page.has(at - 1, Tag::Article)
                    || at >= 2 && page.mark(at - 2, |tag| tag == Tag::PlacePreposition).is_some());
            match place_at(page, at, range.end, stands_free).filter(|place| stands_free || place.country.is_some()) {
                Some(place) => {
                    at = place.tokens.end;
                    return Some(place);
                }
                None => at += 1,
            }
        }
        None
    })
}

/// `Last meeting: Brussels, 18 June 2013`: entries behind a label that announces meetings, in whichever line of the block it stands.
fn from_labels(page: &Page<'_>, block: usize, meetings: &mut Vec<Meeting>) -> bool {
    let mut before = meetings.len();
    for (label, value) in roles::labels(page, page.range(block)) {
        let value = entries::trim_signs(page, value);
        // `SOMs: Lima, May 2016; Quito, 3 June 2017`: the noun of meetings before places and days and nothing else.
        let by_noun = || {
            has_noun_of_meetings(page, &label)
                && page.is_capital(label.start)
                && entries::split(page, &value).iter().all(|entry| parts(page, entry, true).is_bare())
        };
        // `Earlier editions: Lima (2014), Quito (2015)`: of the dialogue named before.
        let edition = label.clone().any(|token| page.has(token, Tag::Edition)) && label.len() <= LABEL;
        let announces = (sections::section_of(page, label.clone()).is_some_and(|section| section.reads == Reads::Meetings) || by_noun())
            && entries::ordinal_of(page, &label).is_none();
        if !announces && !edition || label.len() > HEADING || is_sentence(page, &(label.start..value.end)) {
            continue;
        }
        if edition {
            let named = page.dialogues_in(page.range(block).start..label.start).last();
            let series = named.map(|(tokens, _)| tokens.clone()).or_else(|| Some(page.dialogues[page.subject(block)?].name.clone()));
            let found = meetings.len();
            from_series(page, block, &value, series.as_ref(), meetings);
            // The sentences before it are still to be read.
            before += meetings.len() - found;
            continue;
        }
        let series = entries::named_by_heading(page, &label).or_else(|| by_noun().then(|| label.clone()));
        let found = meetings.len();
        from_series(page, block, &value, series.as_ref(), meetings);
        if meetings.len() > found {
            continue;
        }
        for entry in entries::split(page, &value) {
            let read = parts(page, &entry, true);
            meetings.extend(entries::meeting(page, block, &entry, read, series.as_ref(), true));
        }
    }
    meetings.len() > before
}

/// A heading that names one meeting: with an ordinal, a date or a bracketed place. What it lacks may stand in the lines right below it.
fn from_heading(page: &Page<'_>, block: usize, meetings: &mut Vec<Meeting>) {
    let range = page.range(block);
    if sections::section_of(page, range.clone()).is_some_and(|section| section.reads == Reads::Meetings)
        && page.text(range.end - 1) != ")"
        && (range.start..range.end).all(|token| ordinal_at(page, token, range.end).is_none())
    {
        return;
    }
    let before = meetings.len();
    from_prose(page, block, &range, meetings);
    for meeting in &mut meetings[before..] {
        meeting.rule = "meetings/heading";
    }
    // A dated heading over a paragraph is a piece of news: its date is not that of the meeting.
    let dated_first = page.dates_in(range.clone()).next().filter(|date| date.tokens.start <= range.start + 1).map(|date| date.tokens.start);
    let is_news = dated_first.is_some() && page.blocks.blocks.get(block + 1).is_some_and(|next| next.kind == BlockKind::Paragraph);
    if is_news {
        for meeting in &mut meetings[before..] {
            meeting.date = meeting.date.filter(|&date| Some(page.dates[date].tokens.start) != dated_first);
        }
        let mut at = before;
        while at < meetings.len() {
            if meetings[at].date.is_none() && meetings[at].ordinal.is_none() {
                meetings.remove(at);
            } else {
                at += 1;
            }
        }
    }
    match &mut meetings[before..] {
        [meeting] if meeting.date.is_none() => take_lines_below(page, block, meeting),
        // `2022 Annual Meeting`, and the days below.
        [meeting] if meeting.place.is_none() && meeting.date.is_some_and(|date| page.dates[date].period.precision == Precision::Year) => {
            let year = meeting.date.take();
            take_lines_below(page, block, meeting);
            meeting.date = meeting.date.or(year);
        }
        // A title that says nothing itself: where and when stand below it.
        [] if is_title(page, &range) => {
            let dialogue = of_entry(page, block, &range);
            let mut meeting = Meeting { name: range, ordinal: None, date: None, place: None, dialogue, rule: "meetings/heading" };
            take_lines_below(page, block, &mut meeting);
            if meeting.date.is_some() && meeting.place.as_ref().is_some_and(|place| place.city.is_some()) {
                meetings.push(meeting);
            }
        }
        _ => {}
    }
}

/// A heading that begins with the noun of a meeting or has it in its first words, and is the name of no dialogue.
fn is_title(page: &Page<'_>, range: &Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    (2..=LINE / 2).contains(&words)
        && starts_like_meeting(page, range)
        && page.dates_in(range.clone()).next().is_none()
        && !page.is_within_dialogue(range)
}

/// The date and place in the lines right below a title, where they say nothing else.
fn take_lines_below(page: &Page<'_>, block: usize, meeting: &mut Meeting) {
    let below = (block + 1..page.blocks.blocks.len().min(block + 3)).flat_map(|next| page.lines(next)).take(2);
    for line in below {
        let own = parts(page, &line, true);
        let is_more = own.is_bare() && !(meeting.date.is_some() && own.date.is_some()) && !(meeting.place.is_some() && own.place.is_some());
        if !is_more || line.len() > LINE {
            return;
        }
        meeting.date = meeting.date.or(own.date);
        meeting.place = meeting.place.take().or(own.place);
    }
}

fn record(page: &Page<'_>, meeting: &Meeting) -> Draft {
    let name = page.span(&meeting.name);
    let mut draft = Draft::new("meetings", meeting.rule);
    if let Some(dialogue) = meeting.dialogue {
        let span: Span = page.span(&page.dialogues[dialogue].name);
        draft = draft.with("dialogue", page.value(span), span);
    }
    draft = draft.with("name", page.value(name), name);
    if let Some((value, tokens)) = &meeting.ordinal {
        draft = draft.with("ordinal", *value, page.span(tokens));
    }
    match meeting.date.map(|date| &page.dates[date]) {
        Some(date) => {
            let span = page.span(&date.tokens);
            draft = draft.with("start_date", date.period.reduced_start(), span).with("end_date", date.period.reduced_end(), span);
            draft = draft.derived("date_precision", date.period.precision.name()).with("date_text", page.value(span), span);
        }
        None => draft = draft.derived("date_precision", "none"),
    }
    if let Some(place) = &meeting.place {
        if let Some(city) = &place.city {
            draft = draft.with("city", page.value_of(city), page.span(city));
        }
        if let Some(country) = &place.country {
            draft = draft.with("country", page.value_of(country), page.span(country));
        }
    }
    draft
}
