//! Publications: titles of reports, guides, declarations, films and the like, with publisher, date and address where stated.
//!
//! In: a page. Out: one record a title: entries of lists of publications, quoted titles with the noun of a publication or a verb of
//! publishing, named declarations that somebody adopted, and the title of a report itself. A text that is only referred to is none.

use std::collections::HashSet;
use std::ops::Range;

use super::contact_values;
use super::page::Page;
use super::publication_entries::{
    announced, capital_noun, describes, entries, is_date_only, is_prose, names_bodies, opens_with_noun, publication_noun, quote_opens,
};
use super::publication_prose::with_edition;
use super::{roles, sections, titles};
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest heading that ran into its list, in words.
const HEADING_WORDS: usize = 4;

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
        if block < 3 {
            reader.own_declaration(block);
        }
        // An item of a word or two that announces something else, such as one of a slide, ends a list.
        if in_list && content.kind == BlockKind::Item && range.len() <= 3 {
            in_list = sections::section_of(page, range.clone()).is_none_or(|section| section.reads == Reads::Publications);
        }
        let date_follows = page.blocks.blocks.get(block + 1).is_some_and(|_| is_date_only(page, &page.range(block + 1)));
        let is_entry = in_list && content.kind != BlockKind::Heading && (heading_known || date_follows);
        let before = reader.drafts.len();
        reader.library(block);
        if reader.drafts.len() > before || reader.card(block) {
            continue;
        }
        reader.headed(block);
        if is_entry {
            let list = entries(page, block);
            if let Some(title) = list.first().filter(|_| list.len() == 1).and_then(|entry| announced(page, entry)) {
                let kind = publication_noun(page, &title).unwrap_or("other").to_owned();
                reader.push(title.clone(), &kind, title.end..range.end, None, "publications/announced");
                continue;
            }
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
        if content.kind != BlockKind::Heading {
            for entry in entries(page, block) {
                reader.cited(&entry);
            }
        }
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

/// Reads the publications of a page, each once.
pub struct Reader<'a, 'd> {
    pub page: &'a Page<'a>,
    seen: HashSet<String>,
    pub drafts: &'d mut Vec<Draft>,
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

    /// A heading that ran into its list: `Documents` as the first line of a paragraph, an entry on each line below it.
    fn headed(&mut self, block: usize) {
        let page = self.page;
        let lines = page.lines(block);
        let Some((first, rest)) = lines.split_first().filter(|(_, rest)| !rest.is_empty()) else { return };
        let words = first.clone().filter(|&token| page.is_word(token)).count();
        let is_heading = words <= HEADING_WORDS
            && page.is_word(first.end - 1)
            && sections::section_of(page, first.clone()).is_some_and(|section| section.reads == Reads::Publications);
        if is_heading && page.block(block).kind == BlockKind::Paragraph {
            for line in rest.iter().filter(|line| !is_prose(page, line)) {
                self.entry(line.clone(), None, "publications/list");
            }
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
            let quotes = value.clone().any(|token| quote_opens(page, token));
            if !is_list || is_prose(page, &value) && !quotes {
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

    pub fn push(&mut self, title: Range<usize>, kind: &str, behind: Range<usize>, date: Option<Range<usize>>, rule: &'static str) {
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

/// Whether an entry goes on with a date and a place: an event and no publication.
fn event_behind(page: &Page<'_>, at: usize, end: usize) -> bool {
    let end = page.sentences(at..end).first().map_or(end, |first| first.end);
    let place = (at..end).any(|token| page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some());
    place && page.dates_in(at..end).next().is_some()
}
