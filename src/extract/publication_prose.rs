//! Publications in prose: quoted titles with a noun or verb of publishing, and named texts that somebody adopted or published.
//!
//! In: a sentence. Out: its titles. A text that is only referred to is none.

use std::ops::Range;

use chrono::Datelike;

use super::names::{name_at, trim_openers};
use super::page::Page;
use super::publication_entries::publication_noun;
use super::publications::Reader;
use super::titles;
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};

/// Longest title between the noun and the verb, in tokens.
const NAME: usize = 20;
/// Longest source between a title and the next, in tokens.
const SOURCE: usize = 12;

impl Reader<'_, '_> {
    /// Titles in prose.
    pub fn sentence(&mut self, sentence: &Range<usize>) {
        let page = self.page;
        let mut verb = page.begins(sentence, |tag| tag == Tag::Published).next();
        let quotes = titles::quoted(page, sentence.clone());
        // Behind which `and` joins another title: `“X”, ILO, 2014, and “Y”`.
        let mut last: Option<(usize, &str)> = None;
        for quote in &quotes {
            let before = quote.tokens.start.saturating_sub(7).max(sentence.start)..quote.tokens.start;
            let other = before.clone().rev().take(3).any(|token| {
                page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::ProgrammeHead | Tag::MeetingHead))
                    && page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_none()
            });
            let joined =
                last.filter(|(end, _)| quote.tokens.start - end <= SOURCE && page.has(quote.tokens.start - 1, Tag::And)).map(|(_, kind)| kind);
            let noun_before = publication_noun(page, &before).or_else(|| noun_behind(page, quote.tokens.end, sentence.end)).or(joined);
            let noun_within = publication_noun(page, &quote.title);
            // The name of a body in quotes.
            let of_body = before.clone().rev().take(3).any(|token| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some())
                && noun_before.is_none();
            // `The “Programme of A” was approved`
            let is_programme =
                noun_before.is_none() && noun_within.is_none() && page.mark(quote.title.start, |tag| tag == Tag::ProgrammeHead).is_some();
            if other || is_programme || of_body || noun_before.is_none() && verb.is_none() && noun_within.is_none() {
                continue;
            }
            // `In March 2014 it published “X”`: a day before the verb is that of the publication where one is.
            let before_quote = |_| page.dates_in(sentence.start..quote.tokens.start).last();
            let date = page.dates_in(quote.tokens.end..sentence.end).next().or_else(|| verb.and_then(before_quote));
            let date = date.map(|date| date.tokens.clone());
            let title = with_edition(page, quote.title.clone(), quote.tokens.end, sentence.end);
            let kind = noun_before.or(noun_within).unwrap_or("other");
            last = Some((quote.tokens.end, kind));
            self.push(title, kind, quote.tokens.end..sentence.end, date, None, "publications/quoted");
        }
        self.behind_noun(sentence);
        // Each name has the noun of a publication in it.
        let names_any = page.any_begins(sentence, |tag| matches!(tag, Tag::PublicationHead(_)));
        let mut at = if names_any { sentence.start } else { sentence.end };
        while at < sentence.end {
            let in_quote = quotes.iter().any(|quote| quote.tokens.contains(&at));
            let Some(name) = (!in_quote).then(|| name_at(page, at, sentence.end)).flatten() else {
                at += 1;
                continue;
            };
            at = name.end.max(at + 1);
            let name = trim_openers(page, name);
            let (from, end) = (self.drafts.len(), name.end);
            self.named(name, sentence, verb);
            // `adopted the X Declaration, as well as the Y Plan`
            if self.drafts.len() > from && verb.is_some_and(|verb| verb < end) {
                verb = Some(end - 1);
            }
        }
    }

    /// `The report A B C, published by D in 2020`: a name between the noun and the verb.
    fn behind_noun(&mut self, sentence: &Range<usize>) {
        let page = self.page;
        let is_noun = |tag: Tag| matches!(tag, Tag::PublicationHead(_));
        let is_published = |token: usize| page.mark(token, |tag| tag == Tag::Published).is_some();
        for noun in page.begins(sentence, is_noun).filter(|&token| page.token(token).shape == Shape::Lower) {
            let Some(start) = page.mark(noun, is_noun).map(|mark| mark.end).filter(|&start| start + 1 < sentence.end && page.is_capital(start))
            else {
                continue;
            };
            let stops = |token: usize| matches!(page.text(token), "," | "(" | ";" | ":" | "." | "“" | "«" | "\"") || is_published(token);
            let Some(end) = (start..sentence.end.min(start + NAME)).find(|&token| stops(token)) else { continue };
            let tells = is_published(end) || page.text(end) == "," && end + 1 < sentence.end && is_published(end + 1);
            let title = start..end;
            let words = title.clone().filter(|&token| page.is_word(token)).count();
            let is_sentence = title.clone().any(|token| page.has(token, Tag::LinkVerb) && page.token(token).shape == Shape::Lower);
            if tells && words >= 3 && !is_sentence && page.gap_before(start) == " " {
                let date = page.dates_in(end..sentence.end).next().map(|date| date.tokens.clone());
                let kind = publication_noun(page, &(noun..start)).unwrap_or("other");
                self.push(title, kind, end..sentence.end, date, None, "publications/behind_noun");
            }
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
                .filter(|mark| page.is_capital(token) && (mark.end <= name.end || token == name.start || page.has(mark.end - 1, Tag::Of)))
        });
        let Some(noun) = noun else { return };
        let name = whole_name(page, name, noun.first..noun.end, sentence.end);
        let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
        if capitals < 2
            || page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).is_some_and(|mark| mark.end >= name.end)
        {
            return;
        }
        let kind = publication_noun(page, &(noun.first..noun.end)).unwrap_or("other");
        let near_verb = verb.is_some_and(|verb| {
            let parts = |token: usize| {
                matches!(page.text(token), ";" | "(")
                    || page.text(token) == "," && page.mark(token + 1, |tag| tag == Tag::And).is_none() && !page.is_in_date(token - 1)
            };
            verb < name.start && name.start - verb <= 12 && !(verb..name.start).any(parts)
        });
        let edition = (name.start.saturating_sub(4).max(sentence.start)..name.start).find(|&token| page.has(token, Tag::Edition));
        let speaks_for_itself = matches!(kind, "position_paper" | "handbook") && capitals >= 4;
        // `the Dhaka Declaration of 3 May 2012`, `the Annual Report (2013)`.
        let own_date = dated_behind(page, &name, sentence.end, matches!(kind, "declaration" | "framework"));
        // `The X Report can be ordered from ...`, `the X Declaration, signed by ...`
        let verb_behind = (name.end..sentence.end.min(name.end + 5))
            .take_while(|&token| {
                token == name.end && page.text(token) == ","
                    || page.token(token).shape == Shape::Lower
                    || page.is_in_date(token)
                    || matches!(page.text(token), "(" | ")")
            })
            .any(|token| page.mark(token, |tag| tag == Tag::Published).is_some());
        let near_verb = near_verb || verb_behind && capitals >= 2;
        if !near_verb && edition.is_none() && !speaks_for_itself && own_date.is_none() {
            return;
        }
        let behind = name.end..sentence.end.min(name.end + 24);
        let bracketed = page.dates_in(behind.clone()).find(|date| page.text(date.tokens.start - 1) == "(").map(|date| date.tokens.clone());
        // `adopted the X on 4 May 2017`
        let day_behind = page.dates_in(behind.clone()).next().filter(|date| {
            near_verb
                && (1..=2).contains(&(date.tokens.start - name.end))
                && (name.end..date.tokens.start).all(|token| page.token(token).shape == Shape::Lower || page.text(token) == ",")
        });
        let own_date = own_date.or(day_behind.map(|date| date.tokens.clone()));
        let opening = verb.and_then(|verb| page.dates_in(sentence.start..verb).next().map(|date| date.tokens.clone()));
        // The second edition is a publication of its own.
        let title = match edition.filter(|&edition| edition > sentence.start) {
            Some(edition) if page.mark(edition - 1, |tag| matches!(tag, Tag::Ordinal(number) if number > 1)).is_some() => edition - 1..name.end,
            _ => name,
        };
        self.push(title, kind, behind, own_date.or(bracketed).or(opening), None, "publications/named");
    }
}

/// `“X”, a report by`: the noun right behind a title.
fn noun_behind<'a>(page: &'a Page<'_>, at: usize, end: usize) -> Option<&'a str> {
    let noun = (at..end.min(at + 3)).find(|&token| page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_))).is_some())?;
    let is_small = page.token(noun).shape == Shape::Lower && noun > at && page.has(noun - 1, Tag::Article);
    is_small.then(|| publication_noun(page, &(noun..end))).flatten()
}

/// `Plan d’action de Dakar`: a noun of several words of which only the first has a capital, with the name behind it; and without what `and`
/// joins to it, `Declaration and the Plan`.
fn whole_name(page: &Page<'_>, mut name: Range<usize>, noun: Range<usize>, end: usize) -> Range<usize> {
    let is_small = |token: usize| {
        page.has(token, Tag::Of) || page.has(token, Tag::Connector) || page.has(token, Tag::Article) || matches!(page.text(token), "’" | "'")
    };
    if noun.end > name.end && noun.end <= end {
        let next = (noun.end..end).find(|&token| !is_small(token)).unwrap_or(end);
        name.end = name_at(page, next, end).filter(|_| next > noun.end).map_or(noun.end, |rest| rest.end);
    }
    let joins = |token: usize| {
        page.has(token, Tag::And)
            && page.token(token).shape == Shape::Lower
            && token + 2 < name.end
            && page.has(token + 1, Tag::Article)
            && page.mark(token + 2, |tag| matches!(tag, Tag::PublicationHead(_))).is_some()
    };
    if let Some(and) = (noun.end..name.end).find(|&token| joins(token)) {
        name.end = and;
    }
    // `Action Plan 2015–2017`
    let years = page.dates_in(name.end..end).next().filter(|date| date.tokens.start == name.end && date.period.start.year() < date.period.end.year());
    name.start..years.map_or(name.end, |years| years.tokens.end)
}

/// The date of a named text right behind it: a day behind `of` where it is a declaration, or in brackets.
fn dated_behind(page: &Page<'_>, name: &Range<usize>, end: usize, is_declaration: bool) -> Option<Range<usize>> {
    let date = page.dates_in(name.end..end.min(name.end + 8)).next()?;
    let between = name.end..date.tokens.start;
    // `Declaración de X, de 4 de septiembre de 2018`
    let small = between.clone().all(|token| {
        token == name.end && page.text(token) == "," && between.len() > 1
            || page.token(token).shape == Shape::Lower && (page.has(token, Tag::Of) || page.has(token, Tag::Article))
    });
    let one_year = date.period.start.year() == date.period.end.year();
    let bracketed = one_year && between.len() == 1 && page.text(name.end) == "(" && page.text(date.tokens.end.min(end - 1)) == ")";
    let is_day = date.period.precision == Precision::Day;
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    (is_declaration && is_day && !between.is_empty() && small || bracketed && capitals >= if is_declaration { 2 } else { 3 })
        .then(|| date.tokens.clone())
}

/// `“Title”. Mediterranean Edition`: the edition is part of the title.
pub fn with_edition(page: &Page<'_>, title: Range<usize>, behind: usize, end: usize) -> Range<usize> {
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
