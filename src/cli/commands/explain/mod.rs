//! Explain: from a row or cell of the newest release to the lines that say it.

use std::fmt::Write as _;
use std::fs;

use crate::error::Error;
use crate::pipeline::Project;
use crate::publish;

/// Lines before and after that are shown around the evidence.
const AROUND: u32 = 1;

/// The lines behind a row, or behind one cell of it.
pub fn row(project: &Project, table: &str, row: &str, column: Option<&str>) -> Result<String, Error> {
    let path = publish::path(&project.output, Some("evidence"), None)?;
    let mut reader = csv::Reader::from_path(&path).map_err(|error| Error::Store { path: path.clone(), problem: error.to_string() })?;
    let mut text = String::new();
    let mut found = false;
    for record in reader.records() {
        let record = record.map_err(|error| Error::Store { path: path.clone(), problem: error.to_string() })?;
        let field = |at: usize| record.get(at).unwrap_or("");
        let concerns = field(0) == table && field(1) == row && column.is_none_or(|column| column == field(2));
        if !concerns {
            continue;
        }
        found = true;
        let (first, last) = (number(field(4)), number(field(5)));
        let _ = writeln!(text, "{table}.{} of {row}\n  source {} line {first}, rule {}", field(2), field(3), field(10));
        let _ = writeln!(text, "{}", lines(project, field(3), first, last).unwrap_or_else(|| format!("  \"{}\"", field(8))));
    }
    if found {
        Ok(text.trim_end().to_owned())
    } else {
        Err(Error::Usage(format!("there is no evidence for {table} {row}{}", column.map_or_else(String::new, |column| format!(" {column}")))))
    }
}

fn number(text: &str) -> u32 {
    text.parse().unwrap_or(0)
}

/// The lines of a source around its evidence, where the text is there.
fn lines(project: &Project, source: &str, first: u32, last: u32) -> Option<String> {
    let path = project.raw.join(format!("{source}.txt"));
    let text = fs::read_to_string(path).ok()?;
    let mut shown = String::new();
    for (at, line) in text.lines().enumerate() {
        let at = at as u32 + 1;
        if at + AROUND >= first && at <= last + AROUND {
            let mark = if (first..=last).contains(&at) { ">" } else { " " };
            let _ = writeln!(shown, "  {mark} {at:>5} | {}", line.trim_end());
        }
    }
    Some(shown)
}
