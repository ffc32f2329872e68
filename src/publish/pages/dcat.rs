//! `dcat.jsonld`, the release for data catalogues, and `catalog.jsonld`, all releases (DCAT 3, with the context inline).

use serde_json::{Map, Value, json};

use super::claims::{Claims, text};
use super::{address, folder_address};
use crate::publish::datapackage;
use crate::publish::descriptor::Release;
use crate::publish::sums::FileFacts;

/// The text of `dcat.jsonld`.
pub fn render(release: &Release) -> String {
    let mut dataset = Map::new();
    dataset.insert("@context".to_owned(), context());
    dataset.extend(dataset_node(release, &folder_address(release).unwrap_or_else(|| "./".to_owned())));
    let files = release.tables.iter().flat_map(|table| {
        let (name, title) = (&table.schema.name, &table.schema.title);
        [
            distribution(release, &format!("{name}.csv"), title, "text/csv", &table.csv),
            distribution(release, &format!("{name}.parquet"), title, "application/vnd.apache.parquet", &table.parquet),
        ]
    });
    dataset.insert("distribution".to_owned(), files.collect());
    let sources = release.sources.iter().map(|source| {
        let mut node = Map::new();
        if let Some(url) = &source.url {
            node.insert("@id".to_owned(), json!(url));
        }
        node.insert("title".to_owned(), json!(source.title));
        node.insert("publisher".to_owned(), agent(&source.publisher));
        node.insert("rights".to_owned(), json!({"@type": "RightsStatement", "label": source.licence}));
        Value::Object(node)
    });
    dataset.insert("source".to_owned(), sources.collect());
    datapackage::json(&dataset)
}

/// What the text of `dcat.jsonld` says of the release.
pub fn claims(json: &str) -> Option<Claims> {
    let value: Value = serde_json::from_str(json).ok()?;
    let files = &value["distribution"];
    let licences = std::iter::once(&value).chain(files.as_array()?).map(|node| text(&node["license"]["@id"])).collect::<Option<_>>()?;
    let claims = Claims { title: text(&value["title"]), version: text(&value["version"]), licences, ..Claims::default() };
    claims.with_files(files, |file| {
        Some((text(&file["downloadURL"]["@id"])?, text(&file["checksum"]["checksumValue"])?, file["byteSize"].as_str()?.parse().ok()?))
    })
}

/// The text of `catalog.jsonld`: the data set as `latest`, which is the release that the pointer names, then the releases, the newest first.
pub fn catalog(releases: &[&Release], current: &Release, withdrawn: &dyn Fn(&Release) -> bool) -> String {
    let Some(newest) = releases.first() else { return String::new() };
    let about = &newest.about;
    let folder = |release: &Release| folder_address(release).unwrap_or_else(|| format!("{}/", release.version));
    let latest = about.base_url.as_ref().map_or_else(|| "latest/".to_owned(), |base| format!("{}/latest/", base.trim_end_matches('/')));
    let landing_page = |release: &Release| json!({"@id": format!("{}index.html", folder(release)), "@type": "Document"});
    let datasets = releases.iter().map(|release| {
        let mut node = dataset_node(release, &folder(release));
        if withdrawn(release) {
            node.insert("status".to_owned(), json!({"@id": "http://purl.org/adms/status/Withdrawn"}));
        }
        node.insert("isVersionOf".to_owned(), json!({"@id": latest}));
        node.insert("landingPage".to_owned(), landing_page(release));
        Value::Object(node)
    });
    let mut all = dataset_node(current, &latest);
    all.insert("identifier".to_owned(), json!(about.name));
    all.shift_remove("previousVersion");
    all.insert("hasCurrentVersion".to_owned(), json!({"@id": folder(current)}));
    all.insert("hasVersion".to_owned(), releases.iter().map(|release| json!({"@id": folder(release)})).collect());
    all.insert("landingPage".to_owned(), landing_page(current));
    datapackage::json(&json!({
        "@context": context(),
        "@id": about.base_url.clone().unwrap_or_else(|| "./".to_owned()),
        "@type": "Catalog",
        "title": about.title,
        "description": about.description,
        "publisher": agent(&about.publisher),
        "license": {"@id": about.licence_url, "@type": "LicenseDocument"},
        "dataset": std::iter::once(Value::Object(all)).chain(datasets).collect::<Vec<_>>(),
    }))
}

fn dataset_node(release: &Release, id: &str) -> Map<String, Value> {
    let about = &release.about;
    let mut node = Map::new();
    node.insert("@id".to_owned(), json!(id));
    node.insert("@type".to_owned(), json!("Dataset"));
    node.insert("identifier".to_owned(), json!(format!("{}/{}", about.name, release.version)));
    node.insert("title".to_owned(), json!(about.title));
    node.insert("description".to_owned(), json!(about.description));
    node.insert("publisher".to_owned(), agent(&about.publisher));
    node.insert("license".to_owned(), json!({"@id": about.licence_url, "@type": "LicenseDocument"}));
    node.insert("version".to_owned(), json!(release.version.to_string()));
    node.insert("versionNotes".to_owned(), json!(release.making.reason));
    node.insert("issued".to_owned(), json!(release.date.to_string()));
    node.insert("keyword".to_owned(), json!(about.keywords));
    if let Some(previous) = &release.making.previous {
        let before = about
            .base_url
            .as_ref()
            .map_or_else(|| format!("../{}/", previous.version), |base| format!("{}/{}/", base.trim_end_matches('/'), previous.version));
        // In the catalogue of releases that have no address, folders lie beside each other and not above.
        let before = if id.ends_with(&format!("{}/", release.version)) && about.base_url.is_none() {
            before.trim_start_matches("../").to_owned()
        } else {
            before
        };
        node.insert("previousVersion".to_owned(), json!({"@id": before}));
    }
    node
}

fn distribution(release: &Release, name: &str, title: &str, media_type: &str, facts: &FileFacts) -> Value {
    json!({
        "@id": address(release, name),
        "@type": "Distribution",
        "title": format!("{title} ({name})"),
        "license": {"@id": release.about.licence_url, "@type": "LicenseDocument"},
        "accessURL": {"@id": address(release, name), "@type": "rdfs:Resource"},
        "downloadURL": {"@id": address(release, name), "@type": "rdfs:Resource"},
        "mediaType": {"@id": format!("https://www.iana.org/assignments/media-types/{media_type}"), "@type": "MediaType"},
        "byteSize": facts.bytes.to_string(),
        "checksum": {
            "@type": "Checksum",
            "algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256", "@type": "ChecksumAlgorithm"},
            "checksumValue": facts.sha256,
        },
    })
}

fn agent(name: &str) -> Value {
    json!({"@type": "Agent", "name": name})
}

/// The context: prefixes, classes and properties by the names used above.
const TERMS: &[(&str, &str)] = &[
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("spdx", "http://spdx.org/rdf/terms#"),
    ("adms", "http://www.w3.org/ns/adms#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("Catalog", "dcat:Catalog"),
    ("Dataset", "dcat:Dataset"),
    ("Distribution", "dcat:Distribution"),
    ("Agent", "foaf:Agent"),
    ("Document", "foaf:Document"),
    ("LicenseDocument", "dct:LicenseDocument"),
    ("RightsStatement", "dct:RightsStatement"),
    ("MediaType", "dct:MediaType"),
    ("Checksum", "spdx:Checksum"),
    ("ChecksumAlgorithm", "spdx:ChecksumAlgorithm"),
    ("title", "dct:title"),
    ("description", "dct:description"),
    ("identifier", "dct:identifier"),
    ("publisher", "dct:publisher"),
    ("license", "dct:license"),
    ("rights", "dct:rights"),
    ("source", "dct:source"),
    ("name", "foaf:name"),
    ("label", "rdfs:label"),
    ("keyword", "dcat:keyword"),
    ("version", "dcat:version"),
    ("versionNotes", "adms:versionNotes"),
    ("status", "adms:status"),
    ("previousVersion", "dcat:previousVersion"),
    ("hasCurrentVersion", "dcat:hasCurrentVersion"),
    ("hasVersion", "dcat:hasVersion"),
    ("isVersionOf", "dcat:isVersionOf"),
    ("dataset", "dcat:dataset"),
    ("landingPage", "dcat:landingPage"),
    ("distribution", "dcat:distribution"),
    ("accessURL", "dcat:accessURL"),
    ("downloadURL", "dcat:downloadURL"),
    ("mediaType", "dcat:mediaType"),
    ("checksum", "spdx:checksum"),
    ("algorithm", "spdx:algorithm"),
];

/// Properties whose values have a type: name, property, type.
const TYPED_TERMS: &[(&str, &str, &str)] = &[
    ("issued", "dct:issued", "xsd:date"),
    ("byteSize", "dcat:byteSize", "xsd:nonNegativeInteger"),
    ("checksumValue", "spdx:checksumValue", "xsd:hexBinary"),
];

fn context() -> Value {
    let terms = TERMS.iter().map(|(name, id)| ((*name).to_owned(), json!(id)));
    let typed = TYPED_TERMS.iter().map(|(name, id, datatype)| ((*name).to_owned(), json!({"@id": id, "@type": datatype})));
    Value::Object(terms.chain(typed).collect())
}
