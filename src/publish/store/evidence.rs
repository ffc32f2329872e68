//! Evidence against the sources: the bytes that a release cites are the bytes that are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Problems, VerifyReport};
use crate::error::Error;
use crate::model::record::quote;
use crate::publish::folder::OpenRelease;
use crate::publish::sums::sha256;
use crate::publish::tables::{Tables, csv_path};

/// Slices the bytes of each piece of evidence again and compares hash, quote and lines. A source that is not there, or is
/// another text by now, cannot be compared and is counted.
///
/// # Errors
/// `Io` where a source or table cannot be read.
pub fn check(release: &OpenRelease, raw: &Path, report: &mut VerifyReport, problems: &mut Problems) -> Result<(), Error> {
    let texts = sources(release, raw)?;
    let tables = release.tables();
    let Some(schema) = tables.schema("evidence") else { return Ok(()) };
    let columns = ["source_id", "byte_start", "byte_end", "line_start", "line_end", "quote", "quote_sha256"];
    let Some(positions) = columns.iter().map(|column| schema.position_of(column)).collect::<Option<Vec<usize>>>() else { return Ok(()) };
    let mut rows = tables.open(schema)?;
    let mut row_number = 0;
    while rows.advance()? {
        row_number += 1;
        let row = rows.row();
        let Some(text) = row[positions[0]].as_text().and_then(|source| texts.get(source)) else {
            report.evidence_not_present += 1;
            continue;
        };
        let number = |column: usize| row[positions[column]].as_integer().and_then(|value| usize::try_from(value).ok()).unwrap_or(usize::MAX);
        let words = |column: usize| row[positions[column]].as_text().unwrap_or_default();
        let problem = match text.get(number(1)..number(2)) {
            None => Some("its bytes are not in the source".to_owned()),
            Some(bytes) if sha256(bytes.as_bytes()) != words(6) => Some("the bytes of the source have another hash".to_owned()),
            Some(bytes) if quote(bytes) != words(5) => Some("the quote is not what the source says".to_owned()),
            Some(bytes) => {
                let first = text[..number(1)].matches('\n').count() + 1;
                let last = first + bytes.strip_suffix('\n').unwrap_or(bytes).matches('\n').count();
                ((first, last) != (number(3), number(4))).then(|| format!("its lines are {first} to {last}"))
            }
        };
        match problem {
            Some(problem) => problems.push(&csv_path(&release.folder, "evidence"), format!("row {row_number}: {problem}")),
            None => report.evidence += 1,
        }
    }
    Ok(())
}

/// The texts that are there as they were when the release was made, by source.
fn sources(release: &OpenRelease, raw: &Path) -> Result<BTreeMap<String, String>, Error> {
    let tables = release.tables();
    let mut texts = BTreeMap::new();
    let Some(schema) = tables.schema("sources") else { return Ok(texts) };
    let positions = ["source_id", "path", "sha256"].map(|column| schema.position_of(column));
    let [Some(id), Some(path), Some(hash)] = positions else { return Ok(texts) };
    let mut rows = tables.open(schema)?;
    while rows.advance()? {
        let row = rows.row();
        let file = raw.join(&*row[path].spelling());
        if !file.is_file() {
            continue;
        }
        let bytes = fs::read(&file).map_err(Error::io("read", &file))?;
        let as_it_was = sha256(&bytes) == row[hash].spelling();
        if let (true, Ok(text)) = (as_it_was, String::from_utf8(bytes)) {
            texts.insert(row[id].spelling().into_owned(), text);
        }
    }
    Ok(texts)
}
