//! What a name can stand for: a state or territory of ISO 3166-1, a former one of ISO 3166-3, or a choice that we refuse.
//!
//! In: the entity section of the table. Out: one `Entity` each, borrowed from it.

/// A state, a territory, or a set of them that one name fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Alpha-2; empty for a set.
    pub alpha2: Box<str>,
    /// Alpha-3, the withdrawn one for a former entity.
    pub alpha3: Box<str>,
    /// The four letters of ISO 3166-3; empty for entities of today.
    pub alpha4: Box<str>,
    /// Three digits with leading zeros; empty for Kosovo.
    pub numeric: Box<str>,
    pub name: Box<str>,
    pub standing: Standing,
    /// First day and first day outside, for former entities: `YYYY-MM-DD`.
    pub from: Box<str>,
    pub until: Box<str>,
    /// The alpha-2 codes of what came after.
    pub successors: Vec<Box<str>>,
    /// The alpha-2 codes of the states that people put in brackets behind a territory.
    pub sovereigns: Vec<Box<str>>,
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
        let codes = |s: &str| s.split(' ').filter(|c| !c.is_empty()).map(Box::from).collect::<Vec<Box<str>>>();
        let mut e = Entity { alpha2: next().into(), alpha3: next().into(), alpha4: next().into(), numeric: next().into(), ..Entity::default() };
        e.standing = match next() {
            "former" => Standing::Former,
            "ambiguous" => Standing::Ambiguous,
            "user_assigned" => Standing::UserAssigned,
            _ => Standing::Iso,
        };
        e.name = next().into();
        e.from = next().into();
        e.until = next().into();
        e.successors = codes(next());
        e.sovereigns = codes(next());
        if e.standing == Standing::Ambiguous {
            e.successors = codes(&e.name);
        }
        e
    }
}
