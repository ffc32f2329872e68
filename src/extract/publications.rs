//! Publications: titles of reports, guides, declarations, films and the like, with publisher, date and address where stated.
//!
//! In: a page. Out: one record a title: entries of lists of publications, quoted titles with the noun of a publication or a verb of
//! publishing, named declarations that somebody adopted, and the title of a report itself. A text that is only referred to is none.

use std::collections::HashSet;
use std::ops::Range;

use super::citations;
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
                reader.push(title.clone(), &kind, title.end..range.end, None, None, "publications/announced");
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
        let entry = start..entry.end;
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
        let Some(cited) = citations::parse(page, &entry) else { return };
        let quoted = cited.is_quoted;
        let title = if quoted { with_edition(page, cited.title.clone(), cited.behind, entry.end) } else { cited.title.clone() };
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        let noun = publication_noun(page, &title);
        let has_source = date.is_some() || quoted || cited.date.is_some() || noun.is_some() || cited.sort.is_some();
        let is_untold = !quoted && noun.is_none() && cited.sort.is_none() && cited.body.is_none();
        let is_event = is_untold && date.is_none() && event_behind(page, cited.behind, entry.end);
        let is_dialogue = !quoted && page.dialogues_in(title.clone()).any(|(name, _)| *name == title);
        if words < 2 || !has_source || is_event || is_dialogue || gives_number(page, &title) {
            return;
        }
        let kind = cited.sort.as_ref().and_then(|sort| publication_noun(page, sort)).or(noun).or_else(|| publication_noun(page, &entry));
        self.push(title, kind.unwrap_or("other"), cited.behind..entry.end, cited.date.or(date), cited.body, rule);
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
        let found = near
            .clone()
            .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).filter(|mark| mark.end <= near.end));
        if let Some(publisher) = publisher.or(found.map(|mark| mark.first..mark.end)) {
            let span = page.span(&publisher);
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
