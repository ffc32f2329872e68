//! `index.html`: the landing page of a release, one file, readable without scripts.
//!
//! The template escapes every value. The schema.org description is JSON inside a script element, where the one dangerous
//! character is escaped as JSON.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Map, Value, json};

use super::claims::{Claims, between, size, text};
use super::{address, citation_line, folder_address};
use crate::publish::descriptor::{Release, ReleaseTable};
use crate::publish::markdown::grouped;
use crate::publish::sums::FileFacts;

/// The text of the file.
pub fn render(release: &Release) -> String {
    let about = &release.about;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (about.title) ", release " (release.version) }
                meta name="description" content=(about.description);
                style { (PreEscaped(STYLE)) }
                script type="application/ld+json" { (PreEscaped(schema_org(release))) }
            }
            body {
                main {
                    h1 { (about.title) }
                    p { (about.description) }
                    p {
                        "Release " strong { (release.version) } " of " time datetime=(release.date) { (release.date) } ", published by " (about.publisher)
                        ". Licence: " a href=(about.licence_url) rel="license" { (about.licence) } "."
                    }
                    (changed(release))
                    (tables(release))
                    (loading())
                    h2 id="cite" { "How to cite" }
                    p { (citation_line(release)) }
                    p { "For reference managers: " a href="CITATION.cff" { "CITATION.cff" } "." }
                    (sources(release))
                    (columns(release))
                    h2 { "Descriptions for programs" }
                    ul {
                        @for (file, what) in DESCRIPTORS { li { a href=(file) { (file) } ": " (what) } }
                    }
                    p { "Every file has its SHA-256 in " a href="SHA256SUMS" { "SHA256SUMS" } "; " code { "sha256sum -c SHA256SUMS" } " checks them." }
                }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

const DESCRIPTORS: &[(&str, &str)] =
    &[("datapackage.json", "Data Package"), ("csv-metadata.json", "CSV on the Web"), ("croissant.json", "Croissant"), ("dcat.jsonld", "DCAT")];

fn changed(release: &Release) -> Markup {
    html! {
        h2 id="changes" { "What changed" }
        p {
            @match (&release.making.previous, release.making.bump) {
                (Some(previous), Some(bump)) => {
                    "A " (bump.name()) " release after " (previous.version) ": " (release.making.reason) ". "
                }
                _ => "This is the first release. "
            }
            "The " a href="CHANGELOG.md" { "changelog" } " tells it for people, " a href="changes.csv" { "changes.csv" } " cell by cell."
        }
    }
}

fn tables(release: &Release) -> Markup {
    html! {
        h2 id="tables" { "Tables" }
        p { "Each as CSV and as Parquet, with the same rows in the same order." }
        div class="wide" {
            table {
                thead { tr { th scope="col" { "Table" } th scope="col" { "Rows" } th scope="col" { "What a row is" } th scope="col" { "Files" } } }
                tbody {
                    @for table in &release.tables {
                        tr {
                            th scope="row" { a href={ "#table-" (table.schema.name) } { (table.schema.name) } }
                            td class="number" { (grouped(table.rows)) }
                            td { (table.schema.description) }
                            td { (file(&table.schema.name, "csv", &table.csv)) br; (file(&table.schema.name, "parquet", &table.parquet)) }
                        }
                    }
                }
            }
        }
    }
}

fn file(table: &str, extension: &str, facts: &FileFacts) -> Markup {
    html! {
        a href={ (table) "." (extension) } { (table) "." (extension) } " " (facts.bytes) " bytes " code class="hash" title="SHA-256" { (facts.sha256) }
    }
}

fn loading() -> Markup {
    html! {
        h2 id="load" { "How to load" }
        pre { code {
            "import pandas as pd\n"
            "memberships = pd.read_parquet(\"memberships.parquet\")\n"
            "countries = pd.read_csv(\"countries.csv\", dtype=str, keep_default_na=False)\n\n"
            "import polars as pl\n"
            "memberships = pl.read_parquet(\"memberships.parquet\")\n\n"
            "import duckdb\n"
            "duckdb.sql(\"SELECT role, count(*) FROM 'memberships.parquet' GROUP BY role\")\n"
        } }
        p { "An empty CSV cell is null. Country codes are text: pandas takes NA for null unless told otherwise." }
    }
}

fn sources(release: &Release) -> Markup {
    html! {
        @if !release.sources.is_empty() {
            h2 id="sources" { "Sources" }
            p { "The licence above is that of the data set. The sources keep their own terms." }
            ul {
                @for source in &release.sources {
                    li {
                        @if let Some(url) = &source.url { a href=(url) { (source.title) } } @else { (source.title) }
                        ". " (source.publisher) ". Terms: " (source.licence) "."
                    }
                }
            }
        }
    }
}

fn columns(release: &Release) -> Markup {
    html! {
        h2 id="columns" { "Columns" }
        @for table in &release.tables {
            h3 id={ "table-" (table.schema.name) } { (table.schema.name) }
            p { "Key: " (table.schema.primary_key.join(", ")) ". Files last changed in release " (table.table_version) "." }
            div class="wide" {
                table {
                    thead { tr { th scope="col" { "Column" } th scope="col" { "Type" } th scope="col" { "Description" } } }
                    tbody { @for field in &table.schema.fields { (column(table, field)) } }
                }
            }
        }
    }
}

fn column(table: &ReleaseTable, field: &crate::model::table::Field) -> Markup {
    html! {
        tr {
            th scope="row" { code { (field.name) } }
            td { (format!("{:?}", field.field_type).to_lowercase()) @if !table.schema.is_required(field) { ", may be empty" } }
            td { (field.description) }
        }
    }
}

/// The data set in the words of schema.org, for search engines.
fn schema_org(release: &Release) -> String {
    let about = &release.about;
    let files = release.tables.iter().flat_map(|table| {
        let name = &table.schema.name;
        [
            download(release, &format!("{name}.csv"), "text/csv", &table.csv),
            download(release, &format!("{name}.parquet"), "application/vnd.apache.parquet", &table.parquet),
        ]
    });
    let mut dataset = Map::new();
    let mut say = |name: &str, value: Value| dataset.insert(name.to_owned(), value);
    say("@context", json!("https://schema.org/"));
    say("@type", json!("Dataset"));
    say("name", json!(about.title));
    say("description", json!(about.description));
    say("version", json!(release.version.to_string()));
    say("datePublished", json!(release.date.to_string()));
    say("license", json!(about.licence_url));
    say("keywords", json!(about.keywords));
    say("isAccessibleForFree", json!(true));
    say("creator", json!({"@type": "Organization", "name": about.publisher}));
    say("publisher", json!({"@type": "Organization", "name": about.publisher}));
    if let Some(address) = folder_address(release) {
        say("@id", json!(address));
        say("url", json!(address));
    }
    say("distribution", files.collect());
    // Inside a script element only `<` could end it.
    Value::Object(dataset).to_string().replace('<', "\\u003c")
}

/// What the text says of the release, in the words of schema.org.
pub fn claims(page: &str) -> Option<Claims> {
    let value: Value = serde_json::from_str(&between(page, "application/ld+json\">", "</script>")?).ok()?;
    let claims = Claims {
        title: text(&value["name"]),
        version: text(&value["version"]),
        licences: vec![text(&value["license"])?, between(page, "Licence: <a href=\"", "\"")?],
        ..Claims::default()
    };
    claims.with_files(&value["distribution"], |file| Some((text(&file["contentUrl"])?, text(&file["sha256"])?, size(&file["contentSize"])?)))
}

fn download(release: &Release, name: &str, format: &str, facts: &FileFacts) -> Value {
    json!({
        "@type": "DataDownload",
        "name": name,
        "contentUrl": address(release, name),
        "encodingFormat": format,
        "contentSize": format!("{} B", facts.bytes),
        "sha256": facts.sha256,
    })
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;margin:0;color:#1a1a1a;background:#fff}main{max-width:60rem;margin:0 auto;padding:1rem}\
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc}\
.number{text-align:right}pre{background:#f4f4f4;padding:1rem;overflow-x:auto}.hash{font-size:.75rem;overflow-wrap:anywhere;color:#555}a{color:#0645ad}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#111}pre{background:#222}.hash{color:#aaa}a{color:#8ab4f8}}";
