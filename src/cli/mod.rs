//! Command line: temporary.
use std::path::PathBuf;

use crate::findings::Report;
use crate::model::schemas::Schemas;
use crate::{ingest, pipeline};

/// Runs.
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let mut report = Report::default();
    let files = ingest::schema_files(&PathBuf::from("schemas"), &mut report)?;
    let Some(schemas) = Schemas::parse(files, &mut report) else {
        for finding in report.sorted() {
            println!("{finding}");
        }
        return Ok(());
    };
    let gazetteers = pipeline::Gazetteers::new(&schemas);
    let raw = ingest::RawFolder { folder: PathBuf::from(&args[1]), fallback_registry: PathBuf::from("raw"), ids_are_stems: true };
    let language_of = |text: &str| schemas.vocabularies.iter().max_by_key(|v| (v.familiarity(text), std::cmp::Reverse(&v.code))).map_or_else(String::new, |v| v.code.clone());
    let documents = ingest::documents(&raw, &language_of, &mut report)?;
    let out = PathBuf::from(&args[2]);
    std::fs::create_dir_all(&out)?;
    let mut all = std::collections::BTreeMap::new();
    for document in &documents {
        let Some(gazetteer) = gazetteers.of(&document.entry.language) else { continue };
        if args.len() > 3 {
            let clean = crate::clean::run(&document.text, gazetteer);
            let blocks = crate::segment::run(&clean, gazetteer);
            for (i, b) in blocks.blocks.iter().enumerate() {
                println!("{i:3} {:?}{} ^{:?} {}", b.kind, b.level, b.heading, blocks.text_of(b).replace('\n', "⏎"));
            }
        }
        for (table, records) in pipeline::read(document, gazetteer, &schemas, &mut report) {
            all.entry(table).or_insert_with(Vec::new).extend(records);
        }
    }
    for schema in schemas.tables.iter().filter(|s| !s.extract.is_empty()) {
        let mut writer = csv::Writer::from_path(out.join(format!("{}.csv", schema.name)))?;
        writer.write_record(schema.extract.iter().map(|c| &c.name))?;
        for record in all.get(&schema.name).map_or(&[][..], |v: &Vec<crate::model::Record>| v) {
            let row: Vec<String> = schema.extract.iter().map(|c| match c.from.as_str() {
                "source_id" => record.source_id.clone(),
                "line" => record.line.to_string(),
                from => {
                    let value = record.cell(schema, from).spelling().into_owned();
                    match c.compound.as_ref().and_then(|k| record.text(schema, k)) {
                        Some("group") if value == "member" => "participating_group".into(),
                        Some(k) if ["member", "observer", "partner"].contains(&value.as_str()) => format!("{value}_{}", k.replace("organization", "organisation")),
                        _ => value,
                    }
                }
            }).collect();
            writer.write_record(&row)?;
        }
        writer.flush()?;
    }
    for finding in report.sorted() {
        println!("{finding}");
    }
    Ok(())
}
