//! Names on a day: the same word meant another entity then.
//!
//! In: what a name means today, the name, and a day. Out: what it meant on that day. ISO 3166-3 gives the days of entities that are no
//! longer; a few names moved from one entity to another: `country_facts/dated_names.csv` lists them with their days.

use super::{
    Normalizer,
    entity::Standing,
    fold,
    resolution::{Resolution, Status},
};

/// The meaning of `name` on `day`, given what it means today.
pub(super) fn at<'a>(all: &'a Normalizer, today: Resolution<'a>, name: &str, day: &str) -> Resolution<'a> {
    let key = fold::fold(name);
    let key = key.strip_prefix("the").filter(|k| k.len() > 4).unwrap_or(&key);
    let moved = all.dated.iter().find(|d| *d.key == *key && *d.from <= *day && *day < *d.until);
    if let Some(then) = moved.and_then(|d| by_code(all, &d.code)) {
        return then;
    }
    let Some(entity) = today.entity.filter(|e| e.standing == Standing::Former && !e.until.is_empty()) else {
        return today;
    };
    if day < &*entity.until {
        return today;
    }
    // One state came after: its name of old is an alias. Several did: the name stays that of the entity that is no longer.
    match &*entity.successors {
        [one] => by_code(all, one).map_or(today, |r| Resolution { status: Status::Alias, ..r }),
        _ => today,
    }
}

fn by_code<'a>(all: &'a Normalizer, code: &str) -> Option<Resolution<'a>> {
    let id = all.by_alpha2(code)?;
    let entity = all.entities().get(id as usize)?;
    let status = if entity.standing == Standing::Former { Status::Historical } else { Status::Exact };
    Some(Resolution { status, entity: Some(entity), id, demonym: false, alias: None })
}

/// A name that meant another entity from one day to another.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    key: Box<str>,
    from: Box<str>,
    until: Box<str>,
    code: Box<str>,
}

impl Dated {
    /// Reads the section of dated names.
    pub(super) fn read_all(text: &str) -> Vec<Dated> {
        text.lines()
            .map(|line| {
                let mut f = line.split('\t').map(Box::from).chain(std::iter::repeat(Box::from("")));
                let mut next = || f.next().unwrap_or_default();
                Dated { key: next(), from: next(), until: next(), code: next() }
            })
            .collect()
    }
}
