//! Publications: titles of reports, guides, declarations, films and the like, with publisher, date and address where stated.
//!
//! In: a page. Out: one record a title: entries of lists of publications, quoted titles with the noun of a publication or a verb of
//! publishing, named declarations that somebody adopted, and the title of a report itself. A text that is only referred to is none.

use std::collections::HashSet;
use std::ops::Range;

use super::contact_values;
use super::names::{name_at, trim_openers};
use super::page::Page;
use super::{roles, sections, titles};
use crate::findings::Report;
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest entry that is a title and no prose, in words.
const ENTRY_WORDS: usize = 45;

/// Emits the publications of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut reader = Reader { page, seen: HashSet::new(), drafts };
    let mut in_list = false;
    let mut heading_known = true;
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        if content.kind == BlockKind::Heading && !is_date_only(page, &range) {
            // `X Declaration (April 2011)` among documents is an entry, although the noun is wording of headings too.
            if in_list && page.dates_in(range.clone()).next().is_some() && capital_noun(page, &range) {
                reader.entry(range.clone(), None, "publications/list");
                continue;
            }
            reader.own_title(range.clone());
            match sections::section_of(page, range.clone()) {
                Some(section) => {
                    in_list = section.reads == Reads::Publications;
                    heading_known = true;
                    if in_list {
                        continue;
                    }
                }
                None => {
                    let is_title = in_list && publication_noun(page, &range).is_some();
                    heading_known = is_title || in_list && names_bodies(page, &range);
                    if is_title {
                        reader.entry(range.clone(), None, "publications/list");
                    }
                    if heading_known {
                        continue;
                    }
                }
            }
        }
        let date_follows = page.blocks.blocks.get(block + 1).is_some_and(|_| is_date_only(page, &page.range(block + 1)));
        let is_entry = in_list && content.kind != BlockKind::Heading && (heading_known || date_follows);
        let before = reader.drafts.len();
        reader.library(block);
        if reader.drafts.len() > before {
            continue;
        }
        if is_entry {
            let list = entries(page, block);
            if list.iter().any(|entry| !is_prose(page, entry)) {
                for (at, entry) in list.into_iter().enumerate().filter(|(_, entry)| !is_prose(page, entry)) {
                    if at == 0 || !describes(page, &entry) {
                        reader.entry(entry, date_follows.then(|| page.range(block + 1)), "publications/list");
                    }
                }
                continue;
            }
        } else if content.kind == BlockKind::Item && opens_with_noun(page, &range) {
            reader.entry(range, None, "publications/item");
            continue;
        }
        reader.outcome(block);
        if !reader.labelled(block) {
            if block < 4 && content.kind == BlockKind::Paragraph {
                if let Some(line) = page.lines(block).first() {
                    reader.own_title(line.clone());
                }
            }
            for sentence in page.sentences(range) {
                reader.sentence(&sentence);
            }
        }
    }
}

/// Whether a block is a date and nothing more.
fn is_date_only(page: &Page<'_>, range: &Range<usize>) -> bool {
    !range.is_empty() && page.dates_in(range.clone()).any(|date| date.tokens.start == range.start && date.tokens.end == range.end)
}

/// Whether a quotation mark opens at a token.
fn quote_opens(page: &Page<'_>, token: usize) -> bool {
    matches!(page.text(token), "“" | "\"" | "«" | "‘")
}

/// Whether the noun of a publication stands in a range with a capital.
fn capital_noun(page: &Page<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|token| {
        page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_some_and(|mark| mark.end <= range.end)
    })
}

/// Whether a heading names bodies and nothing more: the publishers of what stands under it.
fn names_bodies(page: &Page<'_>, range: &Range<usize>) -> bool {
    let mut next = range.start;
    let mut any = false;
    while next < range.end {
        match page.mark(next, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).filter(|mark| mark.end <= range.end) {
            Some(mark) => (next, any) = (mark.end, true),
            None if page.is_word(next) && !page.has(next, Tag::And) && !page.has(next, Tag::Article) => return false,
            None => next += 1,
        }
    }
    any
}

/// A block of sentences: it ends like one and has many small words.
fn is_prose(page: &Page<'_>, range: &Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let sentences = page.sentences(range.clone());
    // `The group heard about ...`
    let opens_like_prose = |first: &Range<usize>| {
        first.len() > 12 && page.has(first.start, Tag::Article) && page.is_capital(first.start) && page.token(first.start + 1).shape == Shape::Lower
    };
    let described = sentences.first().is_some_and(|first| page.text(first.end - 1) == "." && opens_like_prose(first));
    let opens_with_sentence =
        sentences.first().is_some_and(|first| page.text(first.end - 1) == "." && first.clone().filter(|&token| page.is_word(token)).count() > 18);
    // A title on a line of its own, its source on the next.
    let is_entry = range
        .clone()
        .find(|&token| token > range.start && page.gap_before(token).contains('\n'))
        .is_some_and(|second| titles::starts_with_source(page, second, range.end));
    // A sentence has a verb or a relative word; a title in quotation marks may be one all the same.
    let quoted = range.clone().any(|token| matches!(page.text(token), "“" | "\"" | "«" | "‘"));
    let is_verb = |token: usize| {
        page.token(token).shape == Shape::Lower
            && page.has(token, Tag::ListEnd)
            && !page.has(token, Tag::Connector)
            && !page.has(token, Tag::PlacePreposition)
    };
    let dated = page.dates_in(range.clone()).next().is_some();
    let is_sentence = !quoted && !dated && words >= 7 && (range.clone().any(is_verb) || page.text(range.end - 1) == ".");
    words > ENTRY_WORDS || described || (opens_with_sentence || is_sentence) && !is_entry
}

/// A sentence about the title above it: a full stop at its end and a verb.
fn describes(page: &Page<'_>, entry: &Range<usize>) -> bool {
    let quoted = entry.clone().any(|token| quote_opens(page, token));
    let has_verb = entry.clone().any(|token| {
        page.token(token).shape == Shape::Lower
            && (page.has(token, Tag::ListEnd) && !page.has(token, Tag::Connector) && !page.has(token, Tag::PlacePreposition)
                || page.mark(token, |tag| matches!(tag, Tag::Phrase(_))).is_some())
    });
    !quoted && has_verb && page.text(entry.end - 1) == "."
}

/// An item that opens with the noun of a publication and has a date, without a verb before it.
fn opens_with_noun(page: &Page<'_>, range: &Range<usize>) -> bool {
    let noun =
        page.mark(range.start, |tag| matches!(tag, Tag::PublicationHead(_))).filter(|mark| page.is_capital(range.start) && mark.end < range.end);
    noun.is_some() && page.dates_in(range.clone()).next().is_some() && page.sentences(range.clone()).len() == 1 && !describes(page, range)
}

/// The entries of a block: the block, or parts of it of which each begins a line behind an entry that has its date or full stop.
fn entries(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    for line in page.lines(block) {
        let begins =
            (page.is_capital(line.start) || matches!(page.text(line.start), "“" | "\"" | "«" | "‘") || page.token(line.start).shape == Shape::Number)
                && !page.is_in_date(line.start)
                && !titles::starts_with_source(page, line.start, line.end);
        let is_complete = |entry: &Range<usize>| {
            let dated = page.dates_in(entry.clone()).last().is_some_and(|date| entry.end - date.tokens.end <= 8);
            dated && !matches!(page.text(entry.end - 1), "," | ":" | "–" | "-") || matches!(page.text(entry.end - 1), ")" | "”" | "»" | "\"")
        };
        match entries.last_mut() {
            Some(entry) if !(begins && is_complete(entry)) => entry.end = line.end,
            _ => entries.push(line),
        }
    }
    entries
}

/// The kind of publication that a noun in a range says.
fn publication_noun<'a>(page: &'a Page<'_>, range: &Range<usize>) -> Option<&'a str> {
    range.clone().find_map(|token| match page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).filter(|mark| mark.end <= range.end)?.tag {
        Tag::PublicationHead(kind) => Some(page.vocabulary().names.publication[usize::from(kind)].kind.as_str()),
        _ => None,
    })
}

struct Reader<'a, 'd> {
    page: &'a Page<'a>,
    seen: HashSet<String>,
    drafts: &'d mut Vec<Draft>,
}

impl Reader<'_, '_> {
    /// One entry of a list.
    fn entry(&mut self, entry: Range<usize>, date: Option<Range<usize>>, rule: &'static str) {
        let page = self.page;
        let mut start = entry.start;
        // `[1] Title`
        if page.text(start) == "[" && start + 3 < entry.end && page.text(start + 2) == "]" {
            start += 3;
        }
        // `Video: Title`
        let colon = (start..entry.end.min(start + 4)).find(|&token| page.text(token) == ":");
        let label = colon.map(|colon| start..colon).filter(|label| publication_noun(page, label).is_some_and(|_| label.len() <= 2));
        if let Some(label) = &label {
            start = label.end + 1;
        }
        // `IOM, Title. Geneva, 2017`: the body that wrote it comes first.
        let author = page
            .mark(start, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_)))
            .map(|mark| mark.end)
            .or_else(|| (page.token(start).shape == Shape::Upper && page.text(start).len() >= 3).then_some(start + 1))
            .filter(|&end| end + 3 < entry.end && page.text(end) == "," && page.is_capital(end + 1) && !page.is_in_date(end + 1));
        let author = author.map(|end| {
            let name = start..end;
            start = end + 1;
            name
        });
        // `IOM (2013). Title`
        let mut date = date;
        let source = entry.start;
        let open = (start + 1..entry.end.min(start + 9)).find(|&token| page.text(token) == "(" && page.is_in_date(token + 1));
        if let Some(close) = open
            .and_then(|open| (open + 2..entry.end.min(open + 6)).find(|&token| page.text(token) == ")"))
            .filter(|&close| close + 3 < entry.end && matches!(page.text(close + 1), "." | "," | ":"))
        {
            date = date.or(open.map(|open| open + 1..close));
            start = close + 2;
        }
        let entry = start..entry.end;
        let cited = (start > source && date.is_some()).then_some(source..start).or(author.clone());
        let tells_of_another = !entry.is_empty() && page.mark(entry.start, |tag| tag == Tag::Published).is_some();
        if entry.is_empty()
            || tells_of_another
            || page.is_in_date(entry.start) && !(entry.start + 1 < entry.end && !page.is_in_date(entry.start + 1) && page.is_capital(entry.start + 1))
            || entry.clone().any(|token| page.text(token) == "@")
            || page.text(entry.start).starts_with("http")
            || page.text(entry.start) == "www"
        {
            return;
        }
        let quote = titles::quoted(page, entry.clone()).into_iter().next().filter(|quote| quote.tokens.start < entry.start + 10);
        let (mut title, behind) = match &quote {
            Some(quote) => (quote.title.clone(), quote.tokens.end),
            None => {
                let title = titles::plain(page, entry.clone());
                (title.clone(), title.end)
            }
        };
        if quote.is_some() {
            title = with_edition(page, title, behind, entry.end);
        }
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        let has_source = date.is_some()
            || quote.is_some()
            || page.dates_in(behind..entry.end).next().is_some()
            || publication_noun(page, &entry).is_some()
            || label.is_some();
        let is_event = quote.is_none()
            && publication_noun(page, &title).is_none()
            && label.is_none()
            && date.is_none()
            && behind < entry.end
            && event_behind(page, behind, entry.end);
        if words < 2 || !has_source || is_event {
            return;
        }
        let kind = label
            .as_ref()
            .and_then(|label| publication_noun(page, label))
            .or_else(|| publication_noun(page, &title))
            .or_else(|| publication_noun(page, &entry));
        let stated = page.dates_in(behind..entry.end).next().map(|date| date.tokens.clone());
        let behind = behind..entry.end;
        match cited {
            Some(cited) => self.push(title, kind.unwrap_or("other"), cited, date.or(stated), rule),
            None => self.push(title, kind.unwrap_or("other"), behind, stated.or(date), rule),
        }
    }

    /// `Documents: A (2014); B (2015)`, `Out now: A, Geneva, 2014`.
    fn labelled(&mut self, block: usize) -> bool {
        let page = self.page;
        let before = self.drafts.len();
        for (label, value) in roles::labels(page, page.range(block)) {
            let is_list = label.len() <= 6
                && (sections::section_of(page, label.clone()).is_some_and(|section| section.reads == Reads::Publications)
                    || label.clone().any(|token| page.has(token, Tag::Edition)));
            if !is_list || is_prose(page, &value) {
                continue;
            }
            let mut first = value.start;
            for token in value.start..=value.end {
                if token == value.end || page.text(token) == ";" {
                    if first < token && (page.is_capital(first) || !titles::quoted(page, first..token).is_empty()) {
                        let found = self.drafts.len();
                        self.entry(first..token, None, "publications/label");
                        // The label says that it is one.
                        let title = titles::plain(page, first..token);
                        let words = title.clone().filter(|&token| page.is_word(token)).count();
                        if self.drafts.len() == found && words >= 4 && title.end < token {
                            self.push(title.clone(), "other", title.end..token, None, "publications/label");
                        }
                    }
                    first = token + 1;
                }
            }
        }
        self.drafts.len() > before
    }

    /// A library's list: a title on a line, its kind, source and date on the next, `REPORT · IOM · May 2015`.
    fn library(&mut self, block: usize) {
        let page = self.page;
        if page.block(block).kind == BlockKind::Row {
            return;
        }
        let mut lines = page.lines(block);
        let above = block.checked_sub(1).filter(|&above| lines.len() == 1 && page.block(above).kind != BlockKind::Row);
        if let Some(last) = above.and_then(|above| page.lines(above).pop()) {
            lines.insert(0, last);
        }
        for pair in lines.windows(2) {
            let (title, source) = (&pair[0], &pair[1]);
            let noun = page.mark(source.start, |tag| matches!(tag, Tag::PublicationHead(_))).filter(|mark| mark.end < source.end);
            let Some(noun) =
                noun.filter(|mark| matches!(page.text(mark.end), "·" | "|" | "•") && page.is_capital(title.start) | quote_opens(page, title.start))
            else {
                continue;
            };
            let kind = publication_noun(page, &(noun.first..noun.end)).unwrap_or("other");
            let date = page.dates_in(source.clone()).next().map(|date| date.tokens.clone());
            self.push(title.clone(), kind, noun.end..source.end, date, "publications/library");
        }
    }

    /// What came of a meeting, in the last cell of its row or behind the last dash of its entry: `Rome, 27 November 2014 – Rome Declaration`.
    fn outcome(&mut self, block: usize) {
        let page = self.page;
        let range = page.range(block);
        let pieces: Vec<Range<usize>> = match page.block(block).kind {
            BlockKind::Row => page.cells(block),
            BlockKind::Item => {
                let dash = range.clone().rev().find(|&token| matches!(page.text(token), "–" | "—") && !page.tokens.touches_previous(token));
                dash.map(|dash| vec![range.start..dash, dash + 1..range.end]).unwrap_or_default()
            }
            BlockKind::Paragraph => {
                for line in page.lines(block) {
                    let dash = line.clone().rev().find(|&token| matches!(page.text(token), "–" | "—") && !page.tokens.touches_previous(token));
                    if let Some(dash) = dash.filter(|&dash| dash + 1 < line.end) {
                        self.outcome_of(&[line.start..dash, dash + 1..line.end]);
                    }
                }
                return;
            }
            BlockKind::Heading => return,
        };
        self.outcome_of(&pieces);
    }

    fn outcome_of(&mut self, pieces: &[Range<usize>]) {
        let page = self.page;
        let dated = |piece: &Range<usize>| page.dates_in(piece.clone()).next().is_some();
        if pieces.len() < 2 {
            return;
        }
        for at in 1..pieces.len() {
            let piece = pieces[at].clone();
            let words = piece.clone().filter(|&token| page.is_word(token)).count();
            let kind = publication_noun(page, &piece).filter(|kind| matches!(*kind, "declaration" | "framework"));
            let Some(kind) = kind.filter(|_| (2..=12).contains(&words) && capital_noun(page, &piece) && page.is_capital(piece.start)) else {
                continue;
            };
            let date = pieces[..at].iter().rev().filter(|piece| dated(piece)).find_map(|piece| page.dates_in(piece.clone()).next());
            let is_prose = page.text(piece.end - 1) == "." || roles::labels(page, piece.clone()).len() > 1;
            if let Some(date) = date.map(|date| date.tokens.clone()).filter(|_| !is_prose) {
                let end = (piece.start..piece.end).find(|&token| page.text(token) == "(").unwrap_or(piece.end);
                self.push(piece.start..end, kind, end..piece.end, Some(date), "publications/outcome");
            }
        }
    }

    /// A heading that is the title of a report: its last part has the noun of a publication and a year.
    fn own_title(&mut self, line: Range<usize>) {
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
            self.push(line.clone(), "declaration", line.end..line.end, None, "publications/title");
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
            self.push(line.clone(), kind, line.end..line.end, None, "publications/title");
        }
    }

    /// Titles in prose.
    fn sentence(&mut self, sentence: &Range<usize>) {
        let page = self.page;
        let verb = sentence.clone().find(|&token| page.mark(token, |tag| tag == Tag::Published).is_some());
        let quotes = titles::quoted(page, sentence.clone());
        for quote in &quotes {
            let before = quote.tokens.start.saturating_sub(7).max(sentence.start)..quote.tokens.start;
            let other = before.clone().rev().take(3).any(|token| {
                page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::ProgrammeHead | Tag::MeetingHead))
                    && page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_none()
            });
            let noun_before = publication_noun(page, &before);
            let noun_within = publication_noun(page, &quote.title);
            // The name of a body in quotes.
            let of_body = before.clone().rev().take(3).any(|token| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some())
                && noun_before.is_none();
            if other || of_body || noun_before.is_none() && verb.is_none() && noun_within.is_none() {
                continue;
            }
            let date =
                page.dates_in(quote.tokens.end..sentence.end).next().or_else(|| verb.and_then(|verb| page.dates_in(verb..quote.tokens.start).next()));
            let date = date.map(|date| date.tokens.clone());
            let title = with_edition(page, quote.title.clone(), quote.tokens.end, sentence.end);
            self.push(title, noun_before.or(noun_within).unwrap_or("other"), quote.tokens.end..sentence.end, date, "publications/quoted");
        }
        let mut at = sentence.start;
        while at < sentence.end {
            let in_quote = quotes.iter().any(|quote| quote.tokens.contains(&at));
            let Some(name) = (!in_quote).then(|| name_at(page, at, sentence.end)).flatten() else {
                at += 1;
                continue;
            };
            at = name.end.max(at + 1);
            self.named(trim_openers(page, name), sentence, verb);
        }
    }

    /// `adopted the X Declaration`, `the second edition of the X Report`, `Y Position Paper on Z`.
    fn named(&mut self, name: Range<usize>, sentence: &Range<usize>, verb: Option<usize>) {
        let page = self.page;
        // The verb opens the sentence with a capital: `Adopted the X Declaration`.
        let name = match page.mark(name.start, |tag| tag == Tag::Published).filter(|mark| mark.end < name.end) {
            Some(mark) => trim_openers(page, mark.end..name.end),
            None => name,
        };
        let noun = name.clone().find_map(|token| {
            page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_)))
                .filter(|mark| page.is_capital(token) && (mark.end <= name.end || page.has(mark.end - 1, Tag::Of)))
        });
        let Some(noun) = noun else { return };
        let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
        if capitals < 2
            || page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).is_some_and(|mark| mark.end >= name.end)
        {
            return;
        }
        let kind = publication_noun(page, &(noun.first..noun.end)).unwrap_or("other");
        let near_verb = verb.is_some_and(|verb| {
            verb < name.start && name.start - verb <= 12 && (verb..name.start).all(|token| !matches!(page.text(token), "," | ";" | "("))
        });
        let edition = (name.start.saturating_sub(4).max(sentence.start)..name.start).find(|&token| page.has(token, Tag::Edition));
        let speaks_for_itself = matches!(kind, "position_paper" | "handbook") && capitals >= 4;
        // `the Dhaka Declaration of 3 May 2012`, `the Annual Report (2013)`.
        let own_date = dated_behind(page, &name, sentence.end, kind == "declaration");
        if !near_verb && edition.is_none() && !speaks_for_itself && own_date.is_none() {
            return;
        }
        let behind = name.end..sentence.end.min(name.end + 24);
        let bracketed = page.dates_in(behind.clone()).find(|date| page.text(date.tokens.start - 1) == "(").map(|date| date.tokens.clone());
        let opening = verb.and_then(|verb| page.dates_in(sentence.start..verb).next().map(|date| date.tokens.clone()));
        // The second edition is a publication of its own.
        let title = match edition.filter(|&edition| edition > sentence.start) {
            Some(edition) if page.mark(edition - 1, |tag| matches!(tag, Tag::Ordinal(number) if number > 1)).is_some() => edition - 1..name.end,
            _ => name,
        };
        self.push(title, kind, behind, own_date.or(bracketed).or(opening), "publications/named");
    }

    fn push(&mut self, title: Range<usize>, kind: &str, behind: Range<usize>, date: Option<Range<usize>>, rule: &'static str) {
        let page = self.page;
        let span = page.span(&title);
        let words: Vec<String> = title.clone().filter(|&token| page.is_word(token)).map(|token| fold(page.text(token))).collect();
        if title.is_empty()
            || !self.seen.insert(
                words.join(" ")
                    + &title.clone().filter(|&token| page.token(token).shape == Shape::Number).map(|token| page.text(token)).collect::<String>(),
            )
        {
            return;
        }
        let mut draft = Draft::new("publications", rule).with("title", page.value(span), span).derived("kind", kind);
        let near = behind.start..behind.end.min(behind.start + 16);
        let publisher = near
            .clone()
            .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).filter(|mark| mark.end <= near.end));
        if let Some(mark) = publisher {
            let span = page.span(&(mark.first..mark.end));
            draft = draft.with("publisher", page.value(span), span);
        }
        if let Some(found) = date.and_then(|tokens| page.dates.iter().find(|date| date.tokens.start >= tokens.start && date.tokens.end <= tokens.end))
        {
            let span = page.span(&found.tokens);
            draft = draft
                .with("start_date", found.period.reduced_start(), span)
                .with("end_date", found.period.reduced_end(), span)
                .derived("date_precision", found.period.precision.name())
                .with("date_text", page.value(span), span);
        }
        if !behind.is_empty() {
            let stretch = page.span(&behind);
            let site = contact_values::find(page, page.block_of(behind.start))
                .into_iter()
                .find(|value| value.kind == contact_values::Kind::Website && stretch.contains(value.span));
            if let Some(site) = site {
                draft = draft.with("url", site.value.as_str(), site.span);
            }
        }
        self.drafts.push(draft);
    }
}

/// The date of a named text right behind it: a day behind `of` where it is a declaration, or in brackets.
fn dated_behind(page: &Page<'_>, name: &Range<usize>, end: usize, is_declaration: bool) -> Option<Range<usize>> {
    let date = page.dates_in(name.end..end.min(name.end + 8)).next()?;
    let between = name.end..date.tokens.start;
    let small = between.clone().all(|token| page.token(token).shape == Shape::Lower && (page.has(token, Tag::Of) || page.has(token, Tag::Article)));
    use chrono::Datelike;
    let one_year = date.period.start.year() == date.period.end.year();
    let bracketed = one_year && between.len() == 1 && page.text(name.end) == "(" && page.text(date.tokens.end.min(end - 1)) == ")";
    let is_day = date.period.precision == Precision::Day;
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    (is_declaration && is_day && !between.is_empty() && small || bracketed && capitals >= 3).then(|| date.tokens.clone())
}

/// `“Title”. Mediterranean Edition`: the edition is part of the title.
fn with_edition(page: &Page<'_>, title: Range<usize>, behind: usize, end: usize) -> Range<usize> {
    let edition = (behind..end.min(behind + 6)).find(|&token| page.has(token, Tag::Edition));
    let is_part = |token: usize| {
        page.is_capital(token)
            || matches!(page.text(token), "." | ",")
            || page.token(token).shape == Shape::Number
            || page.has(token, Tag::OrdinalSuffix)
    };
    match edition.filter(|&edition| (behind..edition).all(is_part)) {
        Some(edition) => title.start..edition + 1,
        None => title,
    }
}

/// Whether an entry goes on with a date and a place: an event and no publication.
fn event_behind(page: &Page<'_>, at: usize, end: usize) -> bool {
    let end = page.sentences(at..end).first().map_or(end, |first| first.end);
    let place = (at..end).any(|token| page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some());
    place && page.dates_in(at..end).next().is_some()
}
