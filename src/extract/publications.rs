//! Publications: titles of reports, guides, declarations, films and the like, with publisher, date and address where stated.
//!
//! In: a page. Out: one record a title: entries of lists of publications, quoted titles with the noun of a publication or a verb of
//! publishing, named declarations that somebody adopted, and the title of a report itself. A text that is only referred to is none.

use std::collections::HashMap;
use std::ops::Range;

use chrono::Datelike;

use super::citations::{self, Source};
use super::contact_values;
use super::page::Page;
use super::publication_entries::{
    adoption, announced, capital_noun, describes, entries, is_date_only, is_prose, names_bodies, opens_with_noun, publication_noun, two_titles,
    with_adoptions,
};
use super::publication_prose::with_edition;
use super::publication_tables::announces;
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
    let mut reader = Reader { page, seen: HashMap::new(), drafts };
    let mut in_list = false;
    let mut heading_known = true;
    // The date above the entries of a list, where it stands before the first.
    let mut above: Option<Range<usize>> = None;
    let mut taken = 0;
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        if block < taken {
            continue;
        }
        if let Some(read) = reader.table(block, in_list).or_else(|| reader.labels(block, in_list)) {
            taken = read.end;
            continue;
        }
        let is_date = is_date_only(page, &range);
        if is_date && (above.is_some() || block > 0 && announces(page, &page.range(block - 1))) {
            above = Some(range);
            continue;
        }
        if content.kind == BlockKind::Heading && !is_date {
            above = None;
        }
        if content.kind == BlockKind::Heading && !is_date {
            // `X Declaration (April 2011)` among documents is an entry, although the noun is wording of headings too.
            if in_list && page.dates_in(range.clone()).next().is_some() && capital_noun(page, &range) {
                reader.entry(range.clone(), &adopted_below(page, block), "publications/list");
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
                    let source = if in_list { adopted_below(page, block) } else { Source::default() };
                    let is_title = in_list && (publication_noun(page, &range).is_some() || source.date.is_some());
                    heading_known = is_title || in_list && names_bodies(page, &range);
                    if is_title {
                        reader.entry(range.clone(), &source, "publications/list");
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
        let below = if in_list && above.is_none() { source_below(page, block) } else { None };
        let is_entry = in_list && content.kind != BlockKind::Heading && (heading_known || below.is_some());
        if reader.library(block) || reader.card(block) {
            continue;
        }
        reader.headed(block);
        if is_entry {
            let list = entries(page, block);
            if let Some(title) = list.first().filter(|_| list.len() == 1).and_then(|entry| announced(page, entry)) {
                let kind = publication_noun(page, &title).unwrap_or("other").to_owned();
                reader.push(title.clone(), &kind, title.end..range.end, None, None, "publications/announced");
                continue;
            }
            if list.iter().any(|entry| !is_prose(page, entry)) {
                let list = with_adoptions(page, list);
                for (at, (entry, adopted)) in list.into_iter().enumerate().filter(|(_, (entry, _))| !is_prose(page, entry)) {
                    if at == 0 || !describes(page, &entry) {
                        let date = adopted.map(|date| date.tokens.clone()).or_else(|| above.clone());
                        let source = below.clone().unwrap_or_else(|| Source { date, ..Source::default() });
                        reader.entry(entry, &source, "publications/list");
                    }
                }
                taken = block + 1 + usize::from(below.is_some());
                continue;
            }
        } else if content.kind == BlockKind::Item && opens_with_noun(page, &range) {
            reader.entry(range, &Source::default(), "publications/item");
            continue;
        }
        reader.outcome(block);
        // The source of a citation has a date.
        if content.kind != BlockKind::Heading && page.dates_in(range.clone()).next().is_some() {
            for entry in entries(page, block) {
                let mut rest = entry.start;
                while rest < entry.end {
                    let end = (rest..entry.end).find(|&token| page.text(token) == ";").unwrap_or(entry.end);
                    if rest < end {
                        reader.cited(&(rest..end));
                    }
                    rest = end + 1;
                }
            }
        }
        if !reader.labelled(block) {
            if block < 4
                && content.kind == BlockKind::Paragraph
                && let Some(line) = page.lines(block).first()
            {
                reader.own_title(line.clone());
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
    /// Titles with the years that were stated with them: one title may be that of several texts.
    seen: HashMap<String, Vec<Option<i32>>>,
    pub drafts: &'d mut Vec<Draft>,
}

impl Reader<'_, '_> {
    /// One entry of a list, with what a line above or below it says.
    fn entry(&mut self, entry: Range<usize>, source: &Source, rule: &'static str) {
        let page = self.page;
        let mut start = entry.start;
        // `[1] Title`
        if page.text(start) == "[" && start + 3 < entry.end && page.text(start + 2) == "]" {
            start += 3;
        }
        let entry = start..entry.end;
        let tells_of_another = !entry.is_empty() && page.mark(entry.start, |tag| tag == Tag::Published).is_some();
        // `May 2016 | Report | Title | Body`
        let behind_date = page.dates_in(entry.clone()).next().filter(|date| date.tokens.start == entry.start && date.tokens.end < entry.end);
        let is_dated_row = behind_date.is_some_and(|date| matches!(page.text(date.tokens.end), "|" | "·" | "•"));
        if entry.is_empty()
            || tells_of_another
            || page.is_in_date(entry.start)
                && !is_dated_row
                && !(entry.start + 1 < entry.end && !page.is_in_date(entry.start + 1) && page.is_capital(entry.start + 1))
            || entry.clone().any(|token| page.text(token) == "@")
            || page.text(entry.start).starts_with("http")
            || page.text(entry.start) == "www"
        {
            return;
        }
        let Some(cited) = citations::parse(page, &entry) else { return };
        let quoted = cited.is_quoted;
        let title = if quoted { with_edition(page, cited.title.clone(), cited.behind, entry.end) } else { cited.title.clone() };
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        let noun = publication_noun(page, &title);
        let date = source.date.as_ref();
        let has_source = date.is_some() || quoted || cited.date.is_some() || noun.is_some() || cited.sort.is_some();
        let is_untold = !quoted && noun.is_none() && cited.sort.is_none() && cited.body.is_none();
        let is_event = is_untold && date.is_none() && event_behind(page, cited.behind, entry.end);
        let is_dialogue = !quoted && page.dialogues_in(title.clone()).any(|(name, _)| *name == title);
        let is_event = is_event || is_dated_row && cited.sort.is_none() && noun.is_none() && cited.body.is_none();
        if words < 2 || !has_source || is_event || is_dialogue || gives_number(page, &title) {
            return;
        }
        let sort = cited.sort.as_ref().or(source.sort.as_ref());
        let kind = sort.and_then(|sort| publication_noun(page, sort)).or(noun).or_else(|| publication_noun(page, &entry));
        let (date, body) = (cited.date.or(date.cloned()), cited.body.or(source.body.clone()));
        let Some([first, second]) = two_titles(page, &title).filter(|_| !quoted) else {
            self.push(title, kind.unwrap_or("other"), cited.behind..entry.end, date, body, rule);
            return;
        };
        for title in [first, second] {
            let kind = publication_noun(page, &title).or(kind).unwrap_or("other");
            self.push(title, kind, cited.behind..entry.end, date.clone(), body.clone(), rule);
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
                self.entry(line.clone(), &Source::default(), "publications/list");
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
            let quotes = page.opening_quotes_in(&value).len();
            // Several titles in quotation marks are read where they stand.
            if !is_list || quotes > 1 && !value.clone().any(|token| page.text(token) == ";") || is_prose(page, &value) && quotes == 0 {
                continue;
            }
            let mut first = value.start;
            for token in value.start..=value.end {
                if token == value.end || page.text(token) == ";" {
                    if first < token && (page.is_capital(first) || !titles::quoted(page, first..token).is_empty()) {
                        let found = self.drafts.len();
                        self.entry(first..token, &Source::default(), "publications/label");
                        // The label says that it is one.
                        let title = titles::plain(page, first..token);
                        let words = title.clone().filter(|&token| page.is_word(token)).count();
                        if self.drafts.len() == found && words >= 4 && title.end < token {
                            self.push(title.clone(), "other", title.end..token, None, None, "publications/label");
                        }
                    }
                    first = token + 1;
                }
            }
        }
        self.drafts.len() > before
    }

    /// One title, with what stands behind it, its date, and its publisher where it is not the first body behind it.
    pub fn push(
        &mut self,
        title: Range<usize>,
        kind: &str,
        behind: Range<usize>,
        date: Option<Range<usize>>,
        publisher: Option<Range<usize>>,
        rule: &'static str,
    ) {
        let page = self.page;
        let span = page.span(&title);
        let words: Vec<String> = title.clone().filter(|&token| page.is_word(token)).map(|token| fold(page.text(token))).collect();
        let numbers: String = title.clone().filter(|&token| page.token(token).shape == Shape::Number).map(|token| page.text(token)).collect();
        let date = date.and_then(|tokens| page.dates.iter().find(|date| date.tokens.start >= tokens.start && date.tokens.end <= tokens.end));
        let year = date.map(|date| date.period.start.year());
        let years = self.seen.entry(words.join(" ") + &numbers).or_default();
        let is_seen = years.contains(&year) || !years.is_empty() && (year.is_none() || years.contains(&None));
        if title.is_empty() || is_seen {
            return;
        }
        years.push(year);
        let mut draft = Draft::new("publications", rule).with("title", page.value(span), span).derived("kind", kind);
        let near = behind.start..behind.end.min(behind.start + 16);
        let found = near
            .clone()
            .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).filter(|mark| mark.end <= near.end));
        if let Some(publisher) = publisher.or(found.map(|mark| mark.first..mark.end)) {
            let span = page.span(&publisher);
            draft = draft.with("publisher", page.value(span), span);
        }
        if let Some(found) = date {
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

/// The day on which the text that a heading names was adopted, as the line below it says.
fn adopted_below(page: &Page<'_>, heading: usize) -> Source {
    let first = (heading + 1 < page.blocks.blocks.len()).then(|| page.lines(heading + 1).into_iter().next()).flatten();
    let date = first.and_then(|line| adoption(page, &line)).map(|date| date.tokens.clone());
    Source { date, ..Source::default() }
}

/// The date or source right below a block that is the title of a text.
fn source_below(page: &Page<'_>, block: usize) -> Option<Source> {
    let next = page.blocks.blocks.get(block + 1)?;
    let range = page.range(block + 1);
    if is_date_only(page, &range) {
        return Some(Source { date: Some(range), ..Source::default() });
    }
    let is_title = page.block(block).kind != BlockKind::Row && page.dates_in(page.range(block)).next().is_none();
    let is_line = !next.after_blank && next.kind != BlockKind::Item && page.lines(block + 1).len() == 1;
    (is_title && is_line).then(|| citations::source(page, &range)).flatten()
}

/// `Number of visits: 418`: a label with its number is no title.
fn gives_number(page: &Page<'_>, title: &Range<usize>) -> bool {
    (title.start + 1..title.end)
        .any(|token| page.text(token - 1) == ":" && page.token(token).shape == Shape::Number && !page.gap_before(token).is_empty())
}

/// Whether an entry goes on with a date and a place: an event and no publication.
fn event_behind(page: &Page<'_>, at: usize, end: usize) -> bool {
    let end = page.sentences(at..end).first().map_or(end, |first| first.end);
    let place = (at..end).any(|token| page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some());
    place && page.dates_in(at..end).next().is_some()
}
