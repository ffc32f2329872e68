//! The README and the LICENSE of a release, for those who meet the folder alone.

use std::fmt::Write as _;

use super::citation_line;
use super::claims::{Claims, between};
use crate::publish::descriptor::{Release, ReleaseTable};
use crate::publish::markdown::{counted, escaped, grouped};

/// Writes README.md.
#[must_use]
pub fn render(release: &Release) -> String {
    let about = &release.about;
    let mut text = format!("# {}\n\n{}\n\n", escaped(&about.title), escaped(&about.description));
    let _ = writeln!(
        text,
        "Release {} of {}. Published by {}. Licence of the data: [{}]({}). Sources keep their own terms, see below.\n",
        release.version,
        release.date,
        escaped(&about.publisher),
        escaped(&about.licence),
        about.licence_url
    );
    let _ = writeln!(text, "Please cite: {}.\n", escaped(&citation_line(release)));
    text.push_str(
        "## Tables\n\nEach as CSV and as Parquet, with the same rows in the same order.\n\n| table | rows | what a row is |\n| :-- | --: | :-- |\n",
    );
    for table in &release.tables {
        let _ = writeln!(text, "| `{}` | {} | {} |", table.schema.name, grouped(table.rows), escaped(&table.schema.description));
    }
    text.push_str(LOADING);
    text.push_str("\n## Columns\n");
    release.tables.iter().for_each(|table| columns(table, &mut text));
    if !release.sources.is_empty() {
        let _ = write!(
            text,
            "\n## Sources\n\n{}. The facts are theirs; their wording is under their own terms.\n\n",
            counted(release.sources.len() as u64, "source")
        );
    }
    for source in &release.sources {
        let link = source.url.as_ref().map_or_else(String::new, |url| format!(" <{url}>"));
        let _ = writeln!(
            text,
            "- `{}`: {}. {}.{link} Terms: {}.",
            source.source_id,
            escaped(&source.title),
            escaped(&source.publisher),
            escaped(&source.licence)
        );
    }
    text.push_str(
        "\n## Checking\n\n`sha256sum -c SHA256SUMS` in this folder checks every file. `datapackage.json` describes every table and column, and records\n\
         what the release was made from; `CHANGELOG.md` tells what changed and `changes.csv` lists every changed cell.\n",
    );
    text
}

/// What the text of README.md says of the release.
pub fn claims(text: &str) -> Option<Claims> {
    let rows = text.lines().skip_while(|line| *line != "## Tables").take_while(|line| *line != "## Columns");
    let tables = rows.filter_map(|row| between(row, "| `", "`"));
    Some(Claims {
        title: text.lines().next()?.strip_prefix("# ").map(str::to_owned),
        version: Some(between(text, "\nRelease ", " of ")?),
        licences: vec![between(text, "Licence of the data: [", "]")?],
        tables: Some(tables.collect()),
        files: None,
    })
}

fn columns(table: &ReleaseTable, text: &mut String) {
    let schema = &table.schema;
    let _ = write!(
        text,
        "\n### {}\n\nKey: {}. The files last changed in release {}.\n\n",
        schema.name,
        schema.primary_key.join(", "),
        table.table_version
    );
    text.push_str("| column | type | description |\n| :-- | :-- | :-- |\n");
    for field in &schema.fields {
        let required = if schema.is_required(field) { "" } else { ", may be empty" };
        let kind = format!("{:?}", field.field_type).to_lowercase();
        let _ = writeln!(text, "| `{}` | {kind}{required} | {} |", field.name, escaped(&field.description));
    }
}

/// How to load the files. pandas reads `NA` as null unless told otherwise, and a text such as `004` as a number.
const LOADING: &str = r#"
## Loading

```python
import pandas as pd                      # Parquet has the types; for CSV keep text as text
memberships = pd.read_parquet("memberships.parquet")
countries = pd.read_csv("countries.csv", dtype=str, keep_default_na=False)

import polars as pl
memberships = pl.read_parquet("memberships.parquet")

import duckdb
duckdb.sql("SELECT role, count(*) FROM 'memberships.parquet' GROUP BY role ORDER BY ALL")
```

```r
memberships <- arrow::read_parquet("memberships.parquet")
countries <- read.csv("countries.csv", colClasses = "character", na.strings = "")
```

An empty CSV cell is null; no text is empty. Dates are days (ISO 8601).
"#;

/// Writes LICENSE.
#[must_use]
pub fn licence(release: &Release) -> String {
    let about = &release.about;
    let mut text = format!(
        "{}, release {}\n\nThis data set is published by {} under the licence {}.\nThe text of the licence: {}\n",
        about.title, release.version, about.publisher, about.licence, about.licence_url
    );
    if let Some(attribution) = &about.attribution {
        let _ = write!(text, "\nAttribution: {attribution}\n");
    }
    text.push_str(
        "\nThe sources that it was read from keep their own terms, which sources.csv names for each of them. Quotes in evidence.csv are theirs.\n",
    );
    text
}

/// What the text of LICENSE says of the release.
pub fn licence_claims(text: &str) -> Option<Claims> {
    let (title, version) = text.lines().next()?.rsplit_once(", release ")?;
    let licences = vec![between(text, "under the licence ", ".\n")?, between(text, "The text of the licence: ", "\n")?];
    Some(Claims { title: Some(title.to_owned()), version: Some(version.to_owned()), licences, ..Claims::default() })
}
