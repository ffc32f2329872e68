//! Check --table: one file against a schema, without a project.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::super::arguments::{Common, Telling};
use super::super::telling::Teller;
use crate::error::Error;
use crate::findings::{Report, Severity};
use crate::validate::file;

/// Checks the file and tells what was found.
pub fn run(table: &Path, schema: &Path, telling: &Telling, common: &Common) -> Result<(), Error> {
    let teller = Teller::new(telling, common.quiet)?;
    let mut report = Report::default();
    let text = fs::read_to_string(schema).map_err(Error::io("read", schema))?;
    File::open(table).map_err(Error::io("read", table))?;
    let beside = |resource: &str| -> io::Result<(String, Box<dyn Read>)> {
        let path = if resource.is_empty() { table.to_path_buf() } else { table.with_file_name(format!("{resource}.csv")) };
        Ok((path.to_string_lossy().into_owned(), Box::new(File::open(&path)?)))
    };
    let parsed = file::parse_schema(&text, &schema.to_string_lossy(), &mut report);
    let examined = parsed.map(|schema| file::check(&schema, &beside, &mut report));
    let errors = report.count(Severity::Error);
    let says = match examined {
        Some(examined) => format!("{}: {} rows, {} checks, {errors} errors", table.display(), examined.rows, examined.checks),
        None => format!("{}: not looked at, {errors} errors in the schema", table.display()),
    };
    teller.tell_of_a_table(&report, &says)?;
    if errors == 0 { Ok(()) } else { Err(Error::Refused { errors }) }
}
