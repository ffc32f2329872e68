//! `croissant.json`: the release as a data set for machine learning tools (Croissant 1.1).
//!
//! Record sets read the Parquet files, which have the types; the CSV files are named beside them. References between tables are
//! left out: readers take them for joins that they then carry out.

use serde_json::{Value, json};

use super::claims::{Claims, size, text};
use super::{address, citation_line, folder_address};
use crate::model::table::FieldType;
use crate::publish::datapackage;
use crate::publish::descriptor::{Release, ReleaseTable};
use crate::publish::sums::FileFacts;

/// The text of the file.
pub fn render(release: &Release) -> String {
    let about = &release.about;
    let files = release.tables.iter().flat_map(|table| {
        let name = &table.schema.name;
        [
            file(release, &format!("{name}.csv"), "text/csv", &table.csv),
            file(release, &format!("{name}.parquet"), "application/x-parquet", &table.parquet),
        ]
    });
    datapackage::json(&json!({
        "@context": context(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": about.title,
        "description": about.description,
        "license": about.licence_url,
        "url": folder_address(release).unwrap_or_else(|| "./".to_owned()),
        "version": release.version.to_string(),
        "datePublished": release.date.to_string(),
        "keywords": about.keywords,
        "creator": {"@type": "sc:Organization", "name": about.publisher},
        "publisher": {"@type": "sc:Organization", "name": about.publisher},
        "citeAs": citation_line(release),
        "distribution": files.collect::<Vec<_>>(),
        "recordSet": release.tables.iter().map(record_set).collect::<Vec<_>>(),
    }))
}

/// What the text says of the release.
pub fn claims(json: &str) -> Option<Claims> {
    let value: Value = serde_json::from_str(json).ok()?;
    let tables = value["recordSet"].as_array()?.iter().map(|set| text(&set["name"])).collect::<Option<_>>()?;
    let claims = Claims {
        title: text(&value["name"]),
        version: text(&value["version"]),
        licences: vec![text(&value["license"])?],
        tables: Some(tables),
        files: None,
    };
    claims.with_files(&value["distribution"], |file| Some((text(&file["contentUrl"])?, text(&file["sha256"])?, size(&file["contentSize"])?)))
}

/// Names that the standard's own context gives to its properties.
const TERMS: &[&str] = &[
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "dataBiases",
    "dataCollection",
    "equivalentProperty",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "personalSensitiveInformation",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "separator",
    "source",
    "subField",
    "transform",
];

/// The context of the standard.
fn context() -> Value {
    let mut context = json!({
        "@language": "en",
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "data": {"@id": "cr:data", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
    });
    for term in TERMS {
        context[*term] = json!(format!("cr:{term}"));
    }
    context
}

fn file(release: &Release, name: &str, format: &str, facts: &FileFacts) -> Value {
    json!({
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": address(release, name),
        "contentSize": format!("{} B", facts.bytes),
        "encodingFormat": format,
        "sha256": facts.sha256,
    })
}

fn record_set(table: &ReleaseTable) -> Value {
    let schema = &table.schema;
    let id = |column: &str| format!("{}/{column}", schema.name);
    let fields = schema.fields.iter().map(|field| {
        json!({
            "@type": "cr:Field",
            "@id": id(&field.name),
            "name": field.name,
            "description": field.description,
            "dataType": data_type(field.field_type),
            "source": {"fileObject": {"@id": format!("{}.parquet", schema.name)}, "extract": {"column": field.name}},
        })
    });
    json!({
        "@type": "cr:RecordSet",
        "@id": schema.name,
        "name": schema.name,
        "description": schema.description,
        "key": schema.primary_key.iter().map(|column| json!({"@id": id(column)})).collect::<Vec<_>>(),
        "field": fields.collect::<Vec<_>>(),
    })
}

fn data_type(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::String => "sc:Text",
        FieldType::Integer => "sc:Integer",
        FieldType::Number => "sc:Float",
        FieldType::Date => "sc:Date",
        FieldType::Boolean => "sc:Boolean",
    }
}
