//! What a name can stand for: a state or territory of ISO 3166-1, a former one of ISO 3166-3, or a choice that we refuse.
//!
//! In: the entity section of the table. Out: one `Entity` each. Those of the program's own table stand in it as literals.

use std::borrow::Cow;

use super::BuiltText;

/// A state, a territory, or a set of them that one name fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Alpha-2; empty for a set.
    pub alpha2: BuiltText,
    /// Alpha-3, the withdrawn one for a former entity.
    pub alpha3: BuiltText,
    /// The four letters of ISO 3166-3; empty for entities of today.
    pub alpha4: BuiltText,
    /// Three digits with leading zeros; empty for Kosovo.
    pub numeric: BuiltText,
    pub name: BuiltText,
    pub standing: Standing,
    /// First day and first day outside, for former entities: `YYYY-MM-DD`.
    pub from: BuiltText,
    pub until: BuiltText,
    /// The alpha-2 codes of what came after.
    pub successors: Cow<'static, [BuiltText]>,
    /// The alpha-2 codes of the states that people put in brackets behind a territory.
    pub sovereigns: Cow<'static, [BuiltText]>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Iso,
    /// Kosovo: a code that ISO leaves to its users.
    UserAssigned,
    Former,
    Ambiguous,
}

impl Entity {
    /// Reads the entity section.
    pub fn read_all(text: &str) -> Vec<Entity> {
        text.lines().map(Entity::read).collect()
    }

    fn read(line: &str) -> Entity {
        let mut f = line.split('\t').chain(std::iter::repeat(""));
        let mut next = || f.next().unwrap_or_default();
        let codes = |s: &str| s.split(' ').filter(|c| !c.is_empty()).map(BuiltText::from).collect::<Cow<'static, [BuiltText]>>();
        let mut e = Entity { alpha2: next().into(), alpha3: next().into(), alpha4: next().into(), numeric: next().into(), ..Entity::default() };
        e.standing = match next() {
            "former" => Standing::Former,
            "ambiguous" => Standing::Ambiguous,
            "user_assigned" => Standing::UserAssigned,
            _ => Standing::Iso,
        };
        let name = next();
        e.name = BuiltText::from(name);
        e.from = next().into();
        e.until = next().into();
        e.successors = codes(next());
        e.sovereigns = codes(next());
        if e.standing == Standing::Ambiguous {
            e.successors = codes(name);
        }
        e
    }
}
