//! Publications by their layout: the list of a library, outcomes of meetings in rows and behind dashes, the title of a report itself.
//!
//! In: blocks and lines. Out: their titles.

use std::ops::Range;

use super::publication_entries::{capital_noun, publication_noun, quote_opens};
use super::publications::Reader;
use super::roles;
use crate::model::gazetteer::Tag;
use crate::model::text::BlockKind;

impl Reader<'_, '_> {
    /// A library's list: a title on a line, its kind, source and date on the next, `REPORT · IOM · May 2015`.
    pub fn library(&mut self, block: usize) {
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
    pub fn outcome(&mut self, block: usize) {
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
}
