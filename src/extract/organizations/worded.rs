//! Worded: names in running text that have the noun of an organisation, with the portfolio and the state of a body of government.

use std::ops::Range;

use super::{Bodies, Body, is_name_of_one_body, organization_head};
use crate::extract::names::{is_short_form, line_end, name_at, trim_openers};
use crate::extract::page::Page;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;
use crate::model::tokens::Mark;

/// Names in running text that have the noun of an organisation, and quoted names behind such a noun.
pub fn worded(page: &Page<'_>, block: usize, bodies: &mut Bodies) {
    let range = page.range(block);
    if !page.any_begins(&range, |tag| matches!(tag, Tag::OrganizationHead(_))) {
        return;
    }
    // A name does not run from a cell into the next, nor into the next line of a row.
    let cells = if page.block(block).kind == BlockKind::Row { page.cells(block) } else { Vec::new() };
    let bound = |at: usize| {
        let cell = cells.iter().find(|cell| cell.contains(&at)).map_or(range.end, |cell| cell.end);
        let line = page.line_starts_in(at + 1..range.end).first().copied().filter(|_| !cells.is_empty()).unwrap_or(range.end);
        line_end(page, at, cell.min(line))
    };
    let mut at = range.start;
    while at < range.end {
        if let Some(body) = quoted(page, at, range.end) {
            at = body.name.end;
            bodies.add(page, body);
            continue;
        }
        if !page.is_capital(at) {
            at += 1;
            continue;
        }
        // `l’Institut`: a cut article is none of the name.
        let is_cut = || {
            at >= range.start + 2
                && page.tokens.marks_at(at - 2).any(|mark| matches!(mark.tag, Tag::Article | Tag::Of))
                && page.text(at - 2).len() == 1
        };
        let is_elided = matches!(page.text(at.max(1) - 1), "’" | "'") && is_cut();
        let glued = at > range.start
            && page.tokens.touches_previous(at)
            && matches!(page.text(at - 1), "-" | "–" | "’" | "'" | "@" | "." | "/")
            && !is_elided;
        let Some(name) = (!glued).then(|| name_at(page, at, bound(at))).flatten() else {
            at += 1;
            continue;
        };
        let short = name.end;
        let name = in_small_letters(page, name, bound(at));
        let is_small = name.end > short && !page.is_within_dialogue(&(name.start..name.start + 1)) && names_body(page, &name);
        let name = if is_small { name } else { name.start..short };
        let next = name.end.max(at + 1);
        let name = behind_code(page, trim_openers(page, name));
        let kind = organization_head(page, &name).filter(|_| is_small || is_name_of_one_body(page, &name));
        if kind.is_none() {
            // Two names held together by `and`, or a known one at the front: the rest is looked at for itself.
            let known = page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_))).map(|mark| mark.end);
            let and = name.clone().find(|&token| page.has(token, Tag::And)).map(|token| token + 1);
            // `Director at the Ministry of X`
            let head = (name.start + 1..name.end).find(|&token| {
                page.is_capital(token)
                    && page.token(token - 1).shape == Shape::Lower
                    && page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some()
            });
            at = [known, and, head].into_iter().flatten().filter(|&after| after > at && after < next).min().unwrap_or(next);
            continue;
        }
        if let Some(kind) = kind.filter(|_| !is_project_label(page, &name)) {
            let whole = name.clone();
            let name = with_portfolio(page, name, line_end(page, at, range.end), &kind);
            let next = next.max(name.end);
            let name = with_seat(page, name, range.end, &kind);
            if name == whole && is_unit(page, &name) {
                at = next;
                continue;
            }
            let given = page.acronyms.iter().find(|given| given.name.end == name.end && given.name.start >= name.start);
            let acronym = given.map(|given| given.acronym.clone()).or_else(|| acronym_of_line(page, &name));
            bodies.add(page, Body { known: None, name, spelled: true, acronym, kind, rule: "organizations/noun" });
        }
        at = next;
    }
}

/// `UGTA – Union générale des travailleurs algériens`: the short form at the start of the line.
fn acronym_of_line(page: &Page<'_>, name: &Range<usize>) -> Option<Range<usize>> {
    let sign = name.start.checked_sub(1).filter(|&sign| sign > 0 && matches!(page.text(sign), "–" | "—" | "-" | ":"))?;
    let opens_line = sign == page.range(page.block_of(sign)).start + 1 || page.gap_before(sign - 1).contains('\n');
    (opens_line && is_short_form(page, &(sign - 1..sign), name)).then_some(sign - 1..sign)
}

/// `Institut de recherche pour le développement,`: where the noun comes first, the other words of a name may be small. It ends with the sign or line
/// behind them; a verb among them makes it a sentence.
fn in_small_letters(page: &Page<'_>, name: Range<usize>, end: usize) -> Range<usize> {
    let is_noun = |mark: &Mark| mark.end == name.end && !page.has(name.start, Tag::UnitHead);
    let head = page.mark(name.start, |tag| matches!(tag, Tag::OrganizationHead(_))).filter(is_noun);
    if !page.vocabulary().language.noun_first || head.is_none() || page.token(name.start).shape != Shape::Capital {
        return name;
    }
    let stop =
        (name.end..end.min(name.end + SMALL)).find(|&token| matches!(page.text(token), "," | "." | ";" | "(" | ")" | ":" | "–" | "|")).unwrap_or(end);
    let words = name.end..stop;
    let is_part = |token: usize| {
        let cut = matches!(page.text(token), "’" | "'" | "-") && page.tokens.touches_previous(token);
        let is_verb = |tag: Tag| matches!(tag, Tag::ListEnd | Tag::LinkVerb | Tag::Held | Tag::Met | Tag::Published | Tag::PersonTitle);
        let small = page.token(token).shape == Shape::Lower && (page.has(token, Tag::Connector) || page.mark(token, is_verb).is_none());
        (cut || small) && !page.is_in_date(token)
    };
    let own = words.clone().filter(|&token| page.is_word(token) && !page.has(token, Tag::Connector) && !page.has(token, Tag::Of)).count();
    if stop > name.end + SMALL || !(2..=OWN).contains(&own) || !words.clone().all(is_part) { name } else { name.start..stop }
}

/// Whether such a name is surely that of a body: by its short form, or by a noun that hardly says anything else.
fn names_body(page: &Page<'_>, name: &Range<usize>) -> bool {
    let is_plain = || matches!(organization_head(page, name).as_deref(), Some("research" | "intergovernmental"));
    acronym_of_line(page, name).is_some()
        || page.acronyms.iter().any(|given| given.name == *name)
        || is_plain() && !page.has(name.start + 1, Tag::And)
}

/// Longest such name behind its noun, in tokens, and most words of its own.
const SMALL: usize = 14;
const OWN: usize = 6;

/// `PRY Dirección Nacional de Migraciones`: the code of a state before the noun of its body is no part of the name.
fn behind_code(page: &Page<'_>, name: Range<usize>) -> Range<usize> {
    let code = page.text(name.start);
    let may_be_code = name.len() > 2 && page.token(name.start).shape == Shape::Upper && code.len() == 3;
    let is_code = may_be_code && page.reference.countries.iter().any(|country| country.iso3 == code);
    let is_body = || organization_head(page, &(name.start + 1..name.end)).is_some();
    if is_code && is_body() { name.start + 1..name.end } else { name }
}

/// Whether a name is that of a part of a body, an office or division, and not of a body of its own.
fn is_unit(page: &Page<'_>, name: &Range<usize>) -> bool {
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    // `Executive Committee`, `Steering Committee`: an organ of some body.
    let is_organ = page.mark(name.start, |tag| tag == Tag::UnitHead).is_some_and(|mark| mark.end >= name.end || page.has(mark.end, Tag::And));
    is_organ || page.has(small - 1, Tag::UnitHead) || page.has(name.start, Tag::UnitHead) || page.has(name.end - 1, Tag::UnitHead)
}

/// `Implementing Agency:`, a label and no name.
fn is_project_label(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.mark(name.start, |tag| matches!(tag, Tag::Project(_))).is_some_and(|mark| mark.end >= name.end)
}

/// `Ministry of Gender, Labour and Social Development`: what a body of government is in charge of may be a list.
fn with_portfolio(page: &Page<'_>, name: Range<usize>, end: usize, kind: &str) -> Range<usize> {
    if kind != "government_body" {
        return name;
    }
    let is_plain = |token: usize| {
        page.is_capital(token)
            && page
                .mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::City(_) | Tag::Organization(_) | Tag::Group(_) | Tag::OrganizationHead(_)))
                .is_none()
    };
    let mut next = name.end;
    while next + 1 < end && page.text(next) == "," && is_plain(next + 1) {
        next += 1;
        while next < end && is_plain(next) && page.gap_before(next) == " " {
            next += 1;
        }
    }
    let and = next > name.end && next + 1 < end && page.has(next, Tag::And) && is_plain(next + 1);
    if !and {
        return name;
    }
    let mut last = next + 1;
    while last < end && is_plain(last) && page.gap_before(last) == " " {
        last += 1;
    }
    name.start..last
}

/// `Ministry of Labour, A`: the state of a body of government is part of its name.
fn with_seat(page: &Page<'_>, name: Range<usize>, end: usize, kind: &str) -> Range<usize> {
    if kind != "government_body" || name.end + 1 >= end {
        return name;
    }
    // `Department of Foreign Affairs - A`, alone on its line.
    let ends_line = |mark: &Mark| mark.end == end || page.gap_before(mark.end).contains('\n');
    if matches!(page.text(name.end), "-" | "–") && !page.tokens.touches_previous(name.end) {
        let seat = page.mark(name.end + 1, |tag| matches!(tag, Tag::Country(_))).filter(ends_line);
        return seat.map_or(name.clone(), |mark| name.start..mark.end);
    }
    if page.text(name.end) != "," {
        return name;
    }
    match page.mark(name.end + 1, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end <= end) {
        Some(mark)
            if mark.end == end || !matches!(page.text(mark.end), "," | ";") || page.text(mark.end) == "," && !is_list_behind(page, mark.end, end) =>
        {
            name.start..mark.end
        }
        _ => name,
    }
}

/// Whether another state follows: then the states are a list and no seat.
fn is_list_behind(page: &Page<'_>, comma: usize, end: usize) -> bool {
    comma + 1 < end && page.mark(comma + 1, |tag| matches!(tag, Tag::Country(_) | Tag::And)).is_some()
}

/// `the civil society organisation, ‘Name’`.
fn quoted(page: &Page<'_>, at: usize, end: usize) -> Option<Body> {
    if page.token(at).shape != Shape::Lower {
        return None;
    }
    let mark = page.mark(at, |tag| matches!(tag, Tag::OrganizationHead(_))).filter(|mark| mark.end < end)?;
    let Tag::OrganizationHead(kind) = mark.tag else { return None };
    let open = if page.text(mark.end) == "," { mark.end + 1 } else { mark.end };
    if open + 1 >= end || !matches!(page.text(open), "‘" | "“" | "\"" | "«" | "'" | "„") {
        return None;
    }
    // An apostrophe within a word closes nothing.
    let within_word = |token: usize| token + 1 < end && page.tokens.touches_previous(token + 1) && page.is_word(token + 1);
    let close =
        (open + 2..end.min(open + 14)).find(|&token| matches!(page.text(token), "’" | "”" | "\"" | "»" | "'" | "“") && !within_word(token))?;
    let name = open + 1..close;
    let kind = page.vocabulary().names.organization[kind as usize].kind.clone();
    page.is_capital(name.start).then_some(Body { known: None, name, spelled: true, acronym: None, kind, rule: "organizations/quoted" })
}
