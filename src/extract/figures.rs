//! Figures: numbers with what they count or measure, multiplied out, with qualifier, unit, place and year.
//!
//! A number is a figure where a unit stands with it: a percent sign, a currency, a counted noun. Page and list numbers, years,
//! telephone numbers, ordinals, parts of names and stated counts of members are none.

use std::ops::Range;

use super::numbers::{Number, number_at};
use super::page::Page;
use super::statistics;
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::tokens::Mark;

/// Longest description of what is counted, in tokens.
const WHAT: usize = 22;

/// A figure of a sentence.
#[derive(Clone, Debug)]
struct Figure {
    number: Number,
    /// Number, currency and unit.
    tokens: Range<usize>,
    unit: Range<usize>,
    is_amount: bool,
}

/// Emits the figures of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut taken: Vec<Span> = drafts
        .iter()
        .filter_map(|draft| match draft.table {
            "contacts" | "stated_counts" => draft.cell("value").and_then(|cell| cell.spans.first().copied()),
            _ => None,
        })
        .collect();
    taken.extend(statistics::extract(page, drafts));
    taken.sort();
    let is_taken = |token: usize| {
        let span = page.token(token).span;
        let at = taken.partition_point(|taken| taken.end <= span.start);
        taken.get(at).is_some_and(|taken| taken.overlaps(span))
    };
    for (block, _) in page.numbered_blocks() {
        if page.digits_in(&page.range(block)).is_empty() {
            continue;
        }
        for sentence in page.sentences(page.range(block)) {
            let figures = in_sentence(page, &sentence, &is_taken);
            let mut described = None;
            for at in 0..figures.len() {
                drafts.push(record(page, block, &sentence, &figures, at, &mut described));
            }
        }
    }
}

fn in_sentence(page: &Page<'_>, sentence: &Range<usize>, is_taken: &impl Fn(usize) -> bool) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    let mut at = sentence.start;
    while let Some(first) = page.number_from(&(at..sentence.end)) {
        at = first;
        let number = (!is_taken(at)).then(|| number_at(page, at, sentence.end)).flatten();
        let Some(number) = number else {
            at += 1;
            continue;
        };
        let tokens = number.tokens.clone();
        let next = tokens.end;
        if let Some(figure) = figure_of(page, sentence, number, &figures) {
            at = figure.tokens.end.max(next);
            figures.push(figure);
        } else {
            let in_date = page.is_in_date(tokens.start);
            let why = if in_date { "it is part of a date" } else { "no unit and no counted noun stand with it, or it is part of a word or ratio" };
            page.refuse("figures/number", &tokens, why);
            at = next;
        }
    }
    figures
}

/// The figure that a number is, by the unit with it.
fn figure_of(page: &Page<'_>, sentence: &Range<usize>, number: Number, before: &[Figure]) -> Option<Figure> {
    let (first, end) = (number.tokens.start, number.tokens.end);
    let glued_before = first > sentence.start
        && page.tokens.touches_previous(first)
        && !matches!(page.text(first - 1), "(" | "[" | "“" | "\"" | "«" | "‘" | "~" | "$" | "€" | "£" | ">" | "<" | "≈" | "±");
    let glued_behind = end < sentence.end
        && page.tokens.touches_previous(end)
        && !matches!(page.text(end), "%" | "," | ";" | ")" | "." | ":" | "]" | "€" | "$" | "£")
        && !is_and_more(page, end, sentence.end);
    // `1 in 4 households` is no count of households.
    let is_ratio = first >= sentence.start + 2
        && page.has(first - 1, Tag::PlacePreposition)
        && page.token(first - 2).shape == Shape::Number
        && !page.is_in_date(first - 2);
    if glued_before || glued_behind || is_ratio || page.is_in_date(first) {
        return None;
    }
    if let Some(unit) = percent(page, end, sentence.end).or_else(|| percent_of_range(page, end, sentence.end)) {
        return Some(Figure { tokens: first..unit.end, number, unit, is_amount: true });
    }
    if let Some(unit) = currency(page, first, end, sentence) {
        return Some(Figure { tokens: first.min(unit.start)..end.max(unit.end), number, unit, is_amount: true });
    }
    // `une cinquantaine de participants`
    let is_collective = number.value >= 10.0 && end < sentence.end && page.has(end, Tag::Of);
    if !number.in_digits && !number.has_magnitude && !is_collective {
        return None;
    }
    let unit = counted_noun(page, first, end, sentence.end).or_else(|| noun_elsewhere(page, sentence, &number, before))?;
    Some(Figure { tokens: first..if unit.start >= end { unit.end } else { end }, number, unit, is_amount: false })
}

fn percent(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    (at < end).then(|| page.mark(at, |tag| tag == Tag::Percent))?.filter(|mark| mark.end <= end).map(|mark| mark.first..mark.end)
}

/// `198,000+ migrants`: a plus sign glued to a number, and nothing glued to it.
fn is_and_more(page: &Page<'_>, at: usize, end: usize) -> bool {
    at < end && page.text(at) == "+" && page.tokens.touches_previous(at) && (at + 1 >= end || !page.tokens.touches_previous(at + 1))
}

/// `60 – 70 %`, `20 to 30 per cent`: the sign stands behind the other end.
fn percent_of_range(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let ties = at + 1 < end && (matches!(page.text(at), "-" | "–" | "—") || page.has(at, Tag::Through));
    let other = ties.then(|| number_at(page, at + 1, end)).flatten()?;
    percent(page, other.tokens.end, end)
}

/// A currency before or behind a number, small words between: `USD 1.4 billion`, `830 millones de dólares`.
fn currency(page: &Page<'_>, first: usize, end: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
    let is_currency = |tag: Tag| tag == Tag::Currency;
    // `Budget (USD): 150,000`: it may stand in the brackets of a label.
    let reaches =
        |mark: &Mark| mark.end == first || page.text(mark.end) == ")" && (mark.end..first).all(|sign| matches!(page.text(sign), ")" | ":" | "="));
    let before = (sentence.start.max(first.saturating_sub(5))..first).find_map(|at| page.mark(at, is_currency).filter(&reaches));
    let behind = || {
        let next = over_small(page, end, sentence.end);
        (next < sentence.end).then(|| page.mark(next, is_currency))?.filter(|mark| mark.end <= sentence.end)
    };
    before.or_else(behind).map(|mark| mark.first..mark.end)
}

/// Skips words such as `of` and apostrophes.
fn over_small(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    while next < end
        && next < at + 3
        && (page.has(next, Tag::Of) || page.has(next, Tag::Connector) && page.text(next).len() <= 3 || matches!(page.text(next), "'" | "’"))
    {
        next += 1;
    }
    next
}

/// The noun phrase behind a number that says what is counted.
fn counted_noun(page: &Page<'_>, first: usize, end: usize, stop: usize) -> Option<Range<usize>> {
    let end = end + usize::from(is_and_more(page, end, stop));
    let start = over_small(page, end, stop);
    if start >= stop || page.gap_before(end.min(stop - 1)).contains(['\t']) {
        return None;
    }
    let mut next = start;
    // `91 are organizations`
    if page.token(next).shape == Shape::Lower && is_copula(page, next) {
        next += 1;
    }
    let from = next;
    // The number of an item: `2 No recruitment fees`.
    let opens = first == 0 || page.gap_before(first).contains('\n');
    if opens && from < stop && page.token(from).shape == Shape::Capital && end == first + 1 && page.text(first).len() <= 2 {
        return None;
    }
    let mut plural = None;
    let within_text = first > 0 && page.token(first - 1).shape == Shape::Lower && page.gap_before(first) == " ";
    while next < stop && next < from + 6 {
        if page.has(next, Tag::NotCounted) {
            return None;
        }
        if let Some(mark) = page.mark(next, |tag| tag == Tag::CountedNoun).filter(|mark| mark.end <= stop) {
            // `28 Member States` is a stated count.
            let has = |of: fn(Tag) -> bool| (from..mark.end).any(|token| page.mark(token, of).is_some());
            let is_member =
                has(|tag| matches!(tag, Tag::Role(_))) && has(|tag| matches!(tag, Tag::PartyNoun(_))) && !is_of_partners(page, from..mark.end);
            return (!is_member).then_some(from..longest_noun(page, mark.end, stop));
        }
        let stops = !page.is_word(next) && !(matches!(page.text(next), "-" | "’" | "'") && page.tokens.touches_previous(next))
            || page.tokens.marks_at(next).any(|mark| {
                matches!(mark.tag, Tag::And) && !joins_adjectives(page, next, stop)
                    || matches!(mark.tag, Tag::Article | Tag::Month(_))
                    || matches!(mark.tag, Tag::Of | Tag::PlacePreposition | Tag::ListEnd | Tag::Connector) && page.token(next).shape == Shape::Lower
            })
            || next > from && page.gap_before(next).contains('\t');
        if stops {
            break;
        }
        if plural.is_none() && next < from + 4 && (looks_plural(page, next) || within_text && is_named_plural(page, next)) {
            plural = Some(from..next + 1);
        }
        next += 1;
    }
    // A number behind a capitalised noun is its number: `Chapter 1 describes`.
    let numbered = first > 0
        && page.is_capital(first - 1)
        && page.gap_before(first) == " "
        && !page
            .tokens
            .marks_at(first - 1)
            .any(|mark| matches!(mark.tag, Tag::Country(_) | Tag::City(_) | Tag::Opener | Tag::Article | Tag::Qualifier(_) | Tag::Of | Tag::ListEnd));
    plural.filter(|_| !numbered && from == start)
}

/// A noun that goes on: `migrant workers` behind `migrant`.
fn longest_noun(page: &Page<'_>, end: usize, stop: usize) -> usize {
    if end < stop
        && page.token(end).shape == Shape::Lower
        && page.gap_before(end) == " "
        && let Some(mark) = page.mark(end, |tag| tag == Tag::CountedNoun).filter(|mark| mark.end <= stop)
    {
        return mark.end;
    }
    end
}

fn is_copula(page: &Page<'_>, token: usize) -> bool {
    page.mark(token, |tag| tag == Tag::ListEnd).is_some()
        && !page.has(token, Tag::PlacePreposition)
        && !page.has(token, Tag::Connector)
        && !page.has(token, Tag::Of)
}

/// A word in small letters with an ending of plurals.
fn looks_plural(page: &Page<'_>, token: usize) -> bool {
    let text = page.text(token);
    page.token(token).shape == Shape::Lower
        && text.chars().count() >= 4
        && (text.ends_with('s') || text.ends_with('x'))
        && !text.ends_with("ss")
        && !text.ends_with("us")
}

/// `15 RCPs`, `120 Micronesians`, `23 Migrant Worker Resource Centres`: a name in the plural, in running text.
fn is_named_plural(page: &Page<'_>, token: usize) -> bool {
    let text = page.text(token);
    let is_acronym = || text.strip_suffix('s').is_some_and(|rest| rest.len() >= 2 && rest.bytes().all(|byte| byte.is_ascii_uppercase()));
    let is_word = || {
        page.token(token).shape == Shape::Capital
            && text.chars().count() >= 5
            && text.ends_with('s')
            && !text.ends_with("ss")
            && !text.ends_with("us")
    };
    let is_other = |tag: Tag| matches!(tag, Tag::PartyNoun(_) | Tag::Country(_) | Tag::City(_) | Tag::MeetingHead | Tag::Month(_));
    (is_acronym() || is_word()) && page.mark(token, is_other).is_none()
}

/// `26 African and European countries`
fn joins_adjectives(page: &Page<'_>, and: usize, stop: usize) -> bool {
    and + 2 < stop
        && page.is_capital(and - 1)
        && page.is_capital(and + 1)
        && page.token(and + 2).shape == Shape::Lower
        && page.mark(and + 2, |tag| tag == Tag::CountedNoun).is_some()
}

/// `12 partner organisations`: those who work with a body are counted like anybody else.
fn is_of_partners(page: &Page<'_>, range: Range<usize>) -> bool {
    let role = range.into_iter().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_))));
    role.is_some_and(|mark| matches!(mark.tag, Tag::Role(at) if page.vocabulary().roles.role[usize::from(at)].role == "partner"))
}

/// The noun of a number that has none of its own: that of the figure before it in the sentence, or one before it.
fn noun_elsewhere(page: &Page<'_>, sentence: &Range<usize>, number: &Number, before: &[Figure]) -> Option<Range<usize>> {
    let end = number.tokens.end;
    let noun_before = || {
        (sentence.start..number.tokens.start)
            .rev()
            .find_map(|at| page.mark(at, |tag| tag == Tag::CountedNoun).filter(|mark| mark.end <= number.tokens.start))
            .map(|mark| mark.first..mark.end)
    };
    let goes_on = end < sentence.end && page.token(end).shape == Shape::Lower && !page.has(end, Tag::NotCounted) && page.gap_before(end) == " ";
    let in_year = end + 1 < sentence.end && page.has(end, Tag::PlacePreposition) && page.is_in_date(end + 1);
    let bracketed = number.tokens.start > sentence.start && page.text(number.tokens.start - 1) == "(" && end < sentence.end && page.text(end) == ")";
    let plural_before =
        || (sentence.start..number.tokens.start).rev().find(|&token| bracketed && looks_plural(page, token)).map(|token| token..token + 1);
    let first = number.tokens.start;
    let in_cell = first > sentence.start
        && end == sentence.end
        && (page.text(first - 1) == "|" || page.gap_before(first).contains('\t') || page.gap_before(first).contains("   "));
    let in_own_cell = in_cell
        .then(|| noun_before().or_else(|| (sentence.start..first).rev().find(|&token| looks_plural(page, token)).map(|token| token..token + 1)));
    // A cell of its own at the end of a row: what it counts stands in the cell before it.
    if let Some(unit) = in_own_cell {
        return unit;
    }
    if let Some(last) = before.iter().rev().find(|figure| !figure.is_amount) {
        let is_large = number.has_magnitude || number.value >= 1000.0;
        return (goes_on && !page.has(end, Tag::And) || is_large || in_year).then(|| last.unit.clone());
    }
    if number.has_magnitude {
        let behind = (end..sentence.end.min(end + 9))
            .find_map(|at| page.mark(at, |tag| tag == Tag::CountedNoun).filter(|mark| mark.end <= sentence.end))
            .map(|mark| mark.first..mark.end);
        return behind.or_else(noun_before).or_else(plural_before).or_else(|| subject(page, sentence, number));
    }
    if in_year || bracketed && number.value >= 1000.0 {
        return noun_before().or_else(plural_before);
    }
    None
}

/// The first noun of a sentence before a large number that names no unit: `Membership has risen to 22 million`.
fn subject(page: &Page<'_>, sentence: &Range<usize>, number: &Number) -> Option<Range<usize>> {
    let clause = (sentence.start..number.tokens.start)
        .rev()
        .find(|&token| matches!(page.text(token), ";" | ":" | "•"))
        .map_or(sentence.start, |sign| sign + 1);
    let is_noun = |token: usize| {
        page.is_word(token)
            && page.text(token).chars().count() >= 5
            && !page.is_in_date(token)
            && !page.tokens.marks_at(token).any(|mark| {
                matches!(
                    mark.tag,
                    Tag::Article | Tag::Opener | Tag::PlacePreposition | Tag::ListEnd | Tag::Qualifier(_) | Tag::Country(_) | Tag::City(_)
                )
            })
    };
    (clause..number.tokens.start).take(6).find(|&token| is_noun(token)).map(|token| token..token + 1)
}

/// `described` is what the figure before is of: one that says nothing of its own is of the same, `from USD 1,200 to USD 300`.
fn record(page: &Page<'_>, block: usize, sentence: &Range<usize>, figures: &[Figure], at: usize, described: &mut Option<Range<usize>>) -> Draft {
    let figure = &figures[at];
    let previous = at.checked_sub(1).map(|before| figures[before].tokens.end);
    let following = figures.get(at + 1).map(|next| next.tokens.start);
    let is_break = |token: &usize| page.text(*token) == ";";
    let from =
        (previous.unwrap_or(sentence.start)..figure.tokens.start).rev().find(is_break).map_or(previous.unwrap_or(sentence.start), |token| token + 1);
    let to = (figure.tokens.end..following.unwrap_or(sentence.end)).find(is_break).unwrap_or(following.unwrap_or(sentence.end));
    let what = what(page, figure, from, to);
    let says_something = what.clone().any(|token| page.is_word(token) && page.text(token).chars().count() > 3);
    let what = if says_something { what } else { described.clone().unwrap_or(what) };
    *described = Some(what.clone());
    let number = page.span(&figure.number.tokens);
    let unit = page.span(&figure.unit);
    let mut draft = Draft::new("figures", "figures/number").with("value", figure.number.value, number).with("unit", page.value(unit), unit);
    if let Some((name, span)) = qualifier(page, figure, sentence) {
        draft = draft.with("qualifier", name, span);
    }
    if !what.is_empty() {
        draft = draft.with("what", page.value_of(&what), page.span(&what));
    }
    if let Some(place) = place(page, &what, from..to) {
        draft = draft.with("place", page.value_of(&place), page.span(&place));
    }
    if let Some((year, span)) = year(page, block, sentence, figure, figures, to) {
        draft = draft.with("year", i64::from(year), span);
    }
    draft
}

/// The words that say what is counted: those behind the number, else those before it.
fn what(page: &Page<'_>, figure: &Figure, from: usize, to: usize) -> Range<usize> {
    let start = if figure.is_amount || figure.unit.start < figure.number.tokens.end { figure.tokens.end } else { figure.unit.start };
    let mut first = start;
    while first < to
        && figure.is_amount
        && (page.has(first, Tag::Of)
            || page.has(first, Tag::Article)
            || page.has(first, Tag::Connector)
            || matches!(page.text(first), "'" | "’" | ":"))
    {
        first += 1;
    }
    let end = stop_of(page, first, to);
    let words = (first..end).filter(|&token| page.is_word(token) && !page.is_in_date(token)).count();
    let is_own = !figure.is_amount && figure.unit.start >= figure.number.tokens.end;
    if words >= 2 || is_own && words >= 1 {
        return first..end;
    }
    // Before the number: the clause up to it, without qualifier and signs.
    let mut last = figure.tokens.start;
    while last > from && (!page.is_word(last - 1) || is_loose(page, last - 1)) {
        last -= 1;
    }
    let start = (from.max(last.saturating_sub(WHAT))..last).find(|&token| page.is_word(token)).unwrap_or(last);
    if start < last { start..last } else { first..end.max(first) }
}

/// Where a description ends: at a sign, at the next clause, or after so many words.
fn stop_of(page: &Page<'_>, first: usize, to: usize) -> usize {
    let mut next = first;
    while next < to && next < first + WHAT {
        let sign = matches!(page.text(next), "," | ";" | ":" | "." | "(" | ")" | "|" | "•" | "–" | "—" | "·")
            && !(next > first && page.tokens.touches_previous(next) && next + 1 < to && page.tokens.touches_previous(next + 1));
        let clause = next >= first + 3 && page.has(next, Tag::And) && !entity_behind(page, next + 1, to);
        if sign || clause || page.gap_before(next).contains('\t') {
            break;
        }
        next += 1;
    }
    while next > first && (is_loose(page, next - 1) || !page.is_word(next - 1) && !page.text(next - 1).ends_with(char::is_alphanumeric)) {
        next -= 1;
    }
    next
}

/// A small word that ends no description.
fn is_loose(page: &Page<'_>, token: usize) -> bool {
    page.token(token).shape == Shape::Lower
        && page.tokens.marks_at(token).any(|mark| {
            mark.end == token + 1
                && matches!(
                    mark.tag,
                    Tag::And | Tag::Article | Tag::Of | Tag::Qualifier(_) | Tag::Connector | Tag::PlacePreposition | Tag::Through | Tag::ListEnd
                )
        })
}

fn entity_behind(page: &Page<'_>, at: usize, to: usize) -> bool {
    (at..to.min(at + 2)).any(|token| page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::City(_))).is_some())
}

fn qualifier<'a>(page: &'a Page<'_>, figure: &Figure, sentence: &Range<usize>) -> Option<(&'a str, Span)> {
    let first = figure.tokens.start;
    let mark = (sentence.start.max(first.saturating_sub(5))..first)
        .find_map(|at| page.mark(at, |tag| matches!(tag, Tag::Qualifier(_))).filter(|mark| mark.end == first))?;
    let Tag::Qualifier(index) = mark.tag else { return None };
    let name = page.vocabulary().figures.qualifiers.keys().nth(usize::from(index))?;
    Some((name.as_str(), page.span(&(mark.first..mark.end))))
}

/// The only state named in the clause, or in the description; the parts of a name of something else do not count.
fn place(page: &Page<'_>, what: &Range<usize>, clause: Range<usize>) -> Option<Range<usize>> {
    let only = |range: Range<usize>| {
        let mut found: Option<(u16, Range<usize>)> = None;
        let mut at = range.start;
        while at < range.end {
            let longer = page.mark(at, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_) | Tag::Currency));
            let mark = page.mark(at, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end <= range.end);
            match (longer, mark) {
                (Some(longer), mark) if mark.is_none_or(|mark| longer.end > mark.end) => at = longer.end,
                (_, Some(mark)) => {
                    let Tag::Country(index) = mark.tag else { return None };
                    if found.as_ref().is_some_and(|(other, _)| *other != index) {
                        return None;
                    }
                    found.get_or_insert((index, mark.first..mark.end));
                    at = mark.end;
                }
                _ => at += 1,
            }
        }
        found.map(|(_, tokens)| tokens)
    };
    only(clause).or_else(|| only(what.clone()))
}

/// The year that a figure is of: that of a date behind it, before the first figure, the only one of the sentence, or of a heading.
fn year(page: &Page<'_>, block: usize, sentence: &Range<usize>, figure: &Figure, figures: &[Figure], to: usize) -> Option<(i32, Span)> {
    use chrono::Datelike;
    let years = |range: Range<usize>| -> Vec<(Option<i32>, Span)> {
        page.dates_in(range)
            .map(|date| ((date.period.start.year() == date.period.end.year()).then(|| date.period.start.year()), page.span(&date.tokens)))
            .collect()
    };
    let first = figures.first().map_or(sentence.start, |first| first.tokens.start);
    for range in [figure.tokens.end..to, sentence.start..first, sentence.clone()] {
        let found = years(range);
        let (year, span) = match found.as_slice() {
            [] => continue,
            [(year, span), rest @ ..] if rest.iter().all(|(other, _)| other == year) => (*year, *span),
            _ => return None,
        };
        return year.map(|year| (year, span));
    }
    let heading = page.heading(block)?;
    match years(page.range(heading)).as_slice() {
        [(Some(year), span)] => Some((*year, *span)),
        _ => None,
    }
}
