//! Publications by their layout: the list of a library, outcomes of meetings in rows and behind dashes, the title of a report itself.
//!
//! In: blocks and lines. Out: their titles.

use std::ops::Range;

use super::citations::{self, Source};
use super::page::Page;
use super::publication_entries::{capital_noun, is_prose, publication_noun, quote_opens};
use super::publications::Reader;
use super::{roles, titles};
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

impl Reader<'_, '_> {
    /// A library's list: a title on a line, and on the next what it is, by whom and when: `REPORT · IOM · May 2015`, `IOM | Report | 2015`. Whether
    /// the block is such a line.
    pub fn library(&mut self, block: usize) -> bool {
        let page = self.page;
        let is_row = page.block(block).kind == BlockKind::Row;
        // The row of a table has others above it.
        if is_row && (page.block(block).after_blank || block > 0 && page.block(block - 1).kind == BlockKind::Row) {
            return false;
        }
        let is_parted = |line: &Range<usize>| line.clone().any(|token| matches!(page.text(token), "·" | "|" | "•"));
        if !is_parted(&page.range(block)) {
            return false;
        }
        let mut lines = page.lines(block);
        let above = block.checked_sub(1).filter(|&above| lines.len() == 1 && page.block(above).kind != BlockKind::Row);
        if let Some(above) = above {
            let title = page.range(above);
            let is_title = page.lines(above).len() <= TITLE_LINES && !is_prose(page, &title);
            let title = if is_title { Some(title) } else { page.lines(above).pop() };
            lines.splice(0..0, title);
        }
        let before = self.drafts.len();
        for pair in lines.windows(2) {
            let (title, source) = (&pair[0], &pair[1]);
            if !is_parted(source) || !page.is_capital(title.start) && !quote_opens(page, title.start) || title.len() < 2 {
                continue;
            }
            // `Film · 4 minutes`: its first part is what it is, whatever the others are.
            let opens = || {
                let noun = page.mark(source.start, |tag| matches!(tag, Tag::PublicationHead(_))).filter(|mark| mark.end < source.end)?;
                let sort = matches!(page.text(noun.end), "·" | "|" | "•").then_some(noun.first..noun.end);
                let date = page.dates_in(source.clone()).next().map(|date| date.tokens.clone());
                sort.map(|sort| Source { sort: Some(sort), date, body: None })
            };
            let told = citations::source(page, source).filter(|told| told.sort.is_some()).or_else(opens);
            let Some((sort, told)) = told.and_then(|told| Some((told.sort.clone()?, told))) else { continue };
            let kind = publication_noun(page, &sort).unwrap_or("other");
            self.push(title.clone(), kind, sort.end..source.end, told.date, told.body, "publications/library");
        }
        self.drafts.len() > before
    }

    /// What came of a meeting, in the last cell of its row or behind the last dash of its entry: `Rome, 27 November 2014 – Rome Declaration`.
    pub fn outcome(&mut self, block: usize) {
        let page = self.page;
        let range = page.range(block);
        if !has_publication_noun(page, block) {
            return;
        }
        // `Manila, 17–19 April → X Framework`
        let is_sign = |token: usize| matches!(page.text(token), "–" | "—" | "→") && !page.tokens.touches_previous(token);
        let pieces: Vec<Range<usize>> = match page.block(block).kind {
            BlockKind::Row => page.cells(block),
            BlockKind::Item => {
                let dash = range.clone().rev().find(|&token| is_sign(token));
                dash.map(|dash| vec![range.start..dash, dash + 1..range.end]).unwrap_or_default()
            }
            BlockKind::Paragraph => {
                let lines = page.lines(block);
                for (at, line) in lines.iter().cloned().enumerate() {
                    // A line of running text goes on in the next.
                    let goes_on = lines
                        .get(at + 1)
                        .is_some_and(|next| page.token(next.start).shape != Shape::Capital && page.token(next.start).shape != Shape::Upper);
                    if !goes_on {
                        self.behind_date(&line);
                    }
                    let dash = line.clone().rev().find(|&token| is_sign(token));
                    if let Some(dash) = dash.filter(|&dash| dash + 1 < line.end) {
                        self.outcome_of(&[line.start..dash, dash + 1..line.end]);
                    }
                }
                return;
            }
            BlockKind::Heading => return,
        };
        let found = self.drafts.len();
        self.outcome_of(&pieces);
        // The columns of a table that ran together.
        if self.drafts.len() == found {
            page.lines(block).iter().for_each(|line| self.behind_date(line));
        }
    }

    fn outcome_of(&mut self, pieces: &[Range<usize>]) {
        let page = self.page;
        let dated = |piece: &Range<usize>| page.dates_in(piece.clone()).next().is_some();
        if pieces.len() < 2 {
            return;
        }
        for (at, piece) in (1..pieces.len()).flat_map(|at| joined(page, &pieces[at]).into_iter().map(move |piece| (at, piece))) {
            let words = piece.clone().filter(|&token| page.is_word(token)).count();
            let kind = publication_noun(page, &piece).filter(|kind| matches!(*kind, "declaration" | "framework"));
            let Some(kind) = kind.filter(|_| (2..=12).contains(&words) && capital_noun(page, &piece) && page.is_capital(piece.start)) else {
                continue;
            };
            let date = pieces[..at].iter().rev().filter(|piece| dated(piece)).find_map(|piece| page.dates_in(piece.clone()).next());
            let is_prose = page.text(piece.end - 1) == "." || roles::labels(page, piece.clone()).len() > 1;
            if let Some(date) = date.map(|date| date.tokens.clone()).filter(|_| !is_prose) {
                let end = (piece.start..piece.end).find(|&token| page.text(token) == "(").unwrap_or(piece.end);
                self.push(piece.start..end, kind, end..piece.end, Some(date), None, "publications/outcome");
            }
        }
    }

    /// A heading that is the title of a report: its last part has the noun of a publication and a year.
    pub fn own_title(&mut self, line: Range<usize>) {
        let page = self.page;
        let words = line.clone().filter(|&token| page.is_word(token)).count();
        // `Declaración de Santiago`: a declaration called after the place where it was made.
        let called_after_place =
            line.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::City(_))).is_some_and(|mark| mark.end <= line.end));
        if called_after_place
            && words <= 6
            && capital_noun(page, &line)
            && publication_noun(page, &line) == Some("declaration")
            && page.dates_in(line.clone()).next().is_none()
        {
            self.push(line.clone(), "declaration", line.end..line.end, None, None, "publications/title");
            return;
        }
        let parted = line.clone().rev().find(|&token| {
            matches!(page.text(token), ":" | "-" | "–" | "—")
                && token > line.start
                && token + 1 < line.end
                && !(page.tokens.touches_previous(token) && page.tokens.touches_previous(token + 1))
        });
        let Some(sign) = parted else { return };
        let last = sign + 1..line.end;
        let noun = last.clone().find_map(|token| {
            page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).filter(|mark| mark.end <= last.end && page.is_capital(token))
        });
        let ends_in_year = page.dates_in(last.clone()).any(|date| date.tokens.end == last.end);
        if let (Some(_), true, true) = (noun, ends_in_year, words >= 4) {
            let kind = publication_noun(page, &last).unwrap_or("report");
            self.push(line.clone(), kind, line.end..line.end, None, None, "publications/title");
        }
    }

    /// `3. Dakar, 23 novembre 2011 : Stratégie de Dakar`: what came of a meeting, right behind its place and date.
    fn behind_date(&mut self, line: &Range<usize>) {
        let page = self.page;
        let Some(date) = page.dates_in(line.clone()).last().filter(|date| date.tokens.end + 1 < line.end) else { return };
        let is_place = |token: usize| page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some();
        if date.period.precision == Precision::Year && page.text(date.tokens.end) != ":" || !(line.start..date.tokens.start).any(is_place) {
            return;
        }
        let mut start = date.tokens.end;
        while start < line.end && matches!(page.text(start), ")" | ":" | "–" | "—" | "|") {
            start += 1;
        }
        // `: adoption of the X Declaration`; without a sign the sentence only goes on.
        let is_signed = start > date.tokens.end;
        let lower = |token: usize| page.token(token).shape == Shape::Lower;
        let noun =
            (start..line.end.min(start + LEAD)).find(|&token| page.is_capital(token) && (token == start || is_signed && (start..token).all(lower)));
        let Some(start) = noun else { return };
        let ends = |token: &usize| {
            matches!(page.text(*token), "(" | ";" | "|" | ":" | "@")
                || page.text(*token) == "." && !page.tokens.touches_previous((*token + 1).min(line.end - 1))
        };
        let end = (start..line.end).find(ends).unwrap_or(line.end);
        let title = start..end;
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        // Cut in the middle, or one of several in a cell.
        if title.is_empty() || page.has(end - 1, Tag::Connector) || page.has(end - 1, Tag::Of) || end < line.end && page.text(end) == ";" {
            return;
        }
        let head = page.mark(start, |tag| matches!(tag, Tag::PublicationHead(_)));
        let is_outcome = publication_noun(page, &title).is_some_and(|kind| matches!(kind, "declaration" | "framework"));
        if (2..=12).contains(&words) && (head.is_some() || capital_noun(page, &title)) && is_outcome {
            let kind = publication_noun(page, &title).unwrap_or("declaration");
            self.push(title, kind, end..end, Some(date.tokens.clone()), None, "publications/outcome");
        }
    }

    /// `Working paper | May 2015` on a line, the title on the next.
    pub fn card(&mut self, block: usize) -> bool {
        let page = self.page;
        let Some(first) = page.lines(block).into_iter().next() else { return false };
        let noun = page
            .mark(first.start, |tag| matches!(tag, Tag::PublicationHead(_)))
            .filter(|mark| page.is_capital(first.start) && mark.end < first.end && matches!(page.text(mark.end), "|" | "·" | "•" | "–" | ":"));
        let Some(noun) = noun else { return false };
        let Some(date) = page.dates_in(noun.end..first.end).next().filter(|date| date.tokens.start == noun.end + 1 && date.tokens.end == first.end)
        else {
            return false;
        };
        let below = page
            .lines(block)
            .into_iter()
            .nth(1)
            .or_else(|| (block + 1 < page.blocks.blocks.len()).then(|| page.lines(block + 1).into_iter().next()).flatten());
        let Some(title) = below.filter(|title| page.is_capital(title.start) || quote_opens(page, title.start)) else { return false };
        let kind = publication_noun(page, &(noun.first..noun.end)).unwrap_or("other");
        let date = date.tokens.clone();
        self.push(title.clone(), kind, title.end..title.end, Some(date), None, "publications/card");
        true
    }

    /// `Title (Body, 2016)`, `“Title”, Body, City, May 2015`: an entry by its source, whatever stands above it.
    pub fn cited(&mut self, entry: &Range<usize>) {
        let page = self.page;
        // Its source has a date.
        let Some(date) = page.dates_in(entry.clone()).last() else { return };
        // It has a quoted title, the noun of a text, or a body with the date behind it and hardly anything else.
        let is_filled = |token: &usize| page.is_word(*token) || page.token(*token).shape == Shape::Number;
        let ends_in_date = (date.tokens.end..entry.end).filter(is_filled).nth(2).is_none();
        let has_noun = || page.any_begins(entry, |tag| matches!(tag, Tag::PublicationHead(_)));
        if !ends_in_date && page.opening_quotes_in(entry).is_empty() && !has_noun() {
            return;
        }
        let is_event = |token: usize| {
            page.tokens
                .marks_at(token)
                .any(|mark| matches!(mark.tag, Tag::MeetingHead | Tag::ProgrammeHead | Tag::FundedBy | Tag::Held | Tag::Met | Tag::PersonTitle))
        };
        // Most entries of lists of meetings.
        if !has_noun() && (is_event(entry.start) || !may_be_sourced(page, entry)) {
            return;
        }
        let Some(cited) = citations::parse(page, entry) else { return };
        let title = cited.title.clone();
        let is_quoted = cited.is_quoted && title.start <= entry.start + 1;
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        let has_noun = publication_noun(page, &title).is_some();
        let is_event = !has_noun && (entry.start..title.end).any(is_event);
        if !(3..=LONGEST).contains(&words) || !is_quoted && !page.is_capital(title.start) || is_event || is_name_list(page, &title) {
            return;
        }
        let is_verb = |token: usize| {
            page.token(token).shape == Shape::Lower
                && page.has(token, Tag::ListEnd)
                && !page.has(token, Tag::Connector)
                && !page.has(token, Tag::PlacePreposition)
        };
        // A label, a sentence, a dialogue and a project are no titles.
        let label = roles::labels(page, title.clone()).into_iter().next().map(|(label, _)| label);
        let is_labelled = label.is_some_and(|label| label.len() <= 3 && (publication_noun(page, &label).is_none() || label.len() == 1));
        let of_project = entry.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Project(_) | Tag::FundedBy)).is_some());
        let dated = page.dates_in(title.clone()).any(|date| date.period.precision != Precision::Year);
        let is_dialogue = !has_noun && page.dialogues_in(title.clone()).any(|(tokens, _)| tokens.start == title.start);
        // `Remittances amounted to 6.7 billion US dollars (Bank, 2016)`: the source of a figure.
        let is_figure =
            || title.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Currency | Tag::Percent | Tag::Magnitude(_))).is_some());
        // `It adopted the X and the Y`, `noting the study “X”`: a sentence that names a text.
        let adopts = || title.clone().any(|token| page.token(token).shape == Shape::Lower && page.has(token, Tag::Published));
        let holds_quote = || titles::quoted(page, title.clone()).iter().any(|quote| quote.tokens.start > title.start + 2);
        let is_other = adopts()
            || holds_quote()
            || is_figure()
            || is_labelled
            || of_project
            || dated
            || is_dialogue
            || title.clone().any(is_verb)
            || entry.len() > 2 * LONGEST;
        if !is_quoted && is_other {
            return;
        }
        // `welcomed the X Declaration and`: a text that is only referred to.
        let refers = |token: usize| {
            token > title.start && page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_some() && page.has(token - 1, Tag::Article)
        };
        let last = title.end - 1;
        let is_cut = page.has(last, Tag::And) || page.has(last, Tag::Of) || page.has(last, Tag::Connector);
        // `Briefing note: Title`
        let is_labelled = cited.sort.as_ref().is_some_and(|sort| sort.start < title.start && page.is_capital(sort.start));
        let is_named = is_labelled || capital_noun(page, &title) && !title.clone().any(refers);
        if cited.is_whole && cited.date.is_some() && !is_cut && (cited.is_sourced && words > 3 || is_quoted && cited.body.is_some() || is_named) {
            let kind = publication_noun(page, &title).or_else(|| cited.sort.as_ref().and_then(|sort| publication_noun(page, sort)));
            self.push(title, kind.unwrap_or("other"), cited.behind..entry.end, cited.date, cited.body, "publications/cited");
        }
    }

    /// `Declaration of the Fourth Technical Meeting on X` at the head of the document: its own title.
    pub fn own_declaration(&mut self, block: usize) {
        let page = self.page;
        let range = page.range(block);
        let Some(noun) = page.mark(range.start, |tag| matches!(tag, Tag::PublicationHead(_))).filter(|mark| mark.end < range.end) else { return };
        let end = page.dates_in(range.clone()).next().map_or(range.end, |date| date.tokens.start);
        let end = (range.start..end).find(|&token| matches!(page.text(token), "." | "(" | ":" | ";" | "|" | "–")).unwrap_or(end);
        let mut title = range.start..end;
        while title.len() > 1 && matches!(page.text(title.end - 1), "," | "-") {
            title.end -= 1;
        }
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        let of_meeting = (noun.end..title.end).any(|token| page.mark(token, |tag| matches!(tag, Tag::MeetingHead)).is_some());
        if of_meeting && (5..=30).contains(&words) && publication_noun(page, &(noun.first..noun.end)) == Some("declaration") {
            self.push(title.clone(), "declaration", title.end..title.end, None, None, "publications/title");
        }
    }
}

/// `X Declaration and Y Plan of Action`: the texts that `and` joins, each with a name of its own.
fn joined(page: &Page<'_>, piece: &Range<usize>) -> Vec<Range<usize>> {
    let is_head = |token: usize| page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_some();
    let is_whole = |part: Range<usize>| part.clone().any(is_head) && part.clone().filter(|&token| page.is_capital(token)).count() >= 2;
    let and = piece.clone().find(|&token| {
        page.has(token, Tag::And) && page.token(token).shape == Shape::Lower && is_whole(piece.start..token) && is_whole(token + 1..piece.end)
    });
    match and {
        Some(and) => vec![piece.start..and, and + 1..piece.end],
        None => vec![piece.clone()],
    }
}

/// Most lines of a title above its source.
const TITLE_LINES: usize = 3;
/// Longest wording between a date and the name of what came of the meeting, in tokens.
const LEAD: usize = 6;
/// Longest title of an entry that only its source tells, in words.
const LONGEST: usize = 30;

/// Whether the noun of a publication stands in a block, whatever its case.
fn has_publication_noun(page: &Page<'_>, block: usize) -> bool {
    page.any_begins(&page.range(block), |tag| matches!(tag, Tag::PublicationHead(_)))
}

/// Whether an entry that has no noun of a text has a quotation, a label or a body: nothing else tells its title from any other name.
fn may_be_sourced(page: &Page<'_>, entry: &Range<usize>) -> bool {
    let is_body = |tag: Tag| matches!(tag, Tag::Organization(_) | Tag::OrganizationHead(_) | Tag::Dialogue(_) | Tag::Group(_));
    !page.opening_quotes_in(entry).is_empty()
        || !page.label_signs_in(entry).is_empty()
        || page.any_begins(entry, is_body)
        || page.capitals_in(entry).iter().any(|&token| page.token(token).shape == Shape::Upper)
}

/// Whether a title is mostly names of states: a row of members.
fn is_name_list(page: &Page<'_>, title: &Range<usize>) -> bool {
    let names = title.clone().filter(|&token| page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some()).count();
    names >= 3
        || page
            .mark(title.start, |tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Dialogue(_)))
            .is_some_and(|mark| mark.end >= title.end)
}
