//! Pipeline: the stages in order. The only module that knows it.

use std::collections::BTreeMap;

use crate::findings::Report;
use crate::model::document::Document;
use crate::model::gazetteer::Gazetteer;
use crate::model::record::Record;
use crate::model::reference::CountryName;
use crate::model::schemas::Schemas;
use crate::{clean, extract, normalize, segment};

/// One gazetteer a language.
#[derive(Debug)]
pub struct Gazetteers {
    by_language: BTreeMap<String, Gazetteer>,
    fallback: String,
}

impl Gazetteers {
    /// Builds the gazetteers of all vocabularies.
    #[must_use]
    pub fn new(schemas: &Schemas) -> Self {
        let by_language: BTreeMap<String, Gazetteer> = schemas
            .vocabularies
            .iter()
            .map(|vocabulary| (vocabulary.code.clone(), Gazetteer::new(&schemas.reference, vocabulary, &country_names(schemas, &vocabulary.code))))
            .collect();
        let fallback = by_language.keys().next().cloned().unwrap_or_default();
        Self { by_language, fallback }
    }

    /// The gazetteer for a language; that of the first vocabulary where the language has none.
    #[must_use]
    pub fn of(&self, language: &str) -> Option<&Gazetteer> {
        self.by_language.get(language).or_else(|| self.by_language.get(&self.fallback))
    }
}

/// The names of countries that texts of a language use: its own and the English ones.
fn country_names<'a>(schemas: &'a Schemas, language: &str) -> Vec<&'a CountryName> {
    let names = &schemas.reference.country_names;
    names.iter().filter(|name| name.kind != "ambiguous" && (name.language == "en" || name.language == language)).collect()
}

/// The first half: what one document states, as records by table.
#[must_use]
pub fn read(document: &Document, gazetteer: &Gazetteer, schemas: &Schemas, report: &mut Report) -> BTreeMap<String, Vec<Record>> {
    let clean = clean::run(&document.text, gazetteer);
    let blocks = segment::run(&clean, gazetteer);
    let mut drafts = extract::run(document, &blocks, gazetteer, &schemas.reference, report);
    let context = normalize::Context { document, map: &blocks.map, gazetteer, schemas };
    normalize::run(&mut drafts, &context, report);
    let mut records: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for draft in drafts {
        if let Some(schema) = schemas.table(draft.table) {
            let of_table = records.entry(schema.name.clone()).or_default();
            let record = Record::seal(draft, of_table.len() as u32, schema, document, &blocks.map);
            of_table.push(record);
        }
    }
    records
}
