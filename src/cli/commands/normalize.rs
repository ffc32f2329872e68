//! Normalize: names of countries from a file or standard input to codes on standard output.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use super::super::arguments::{NormalizeArguments, NormalizeFormat, Unknown};
use crate::error::Error;
use crate::findings::Report;
use crate::normalize::country::stream::{self, Failure, Options};
use crate::pipeline::{self, Project};

/// Resolves every name and says which are unknown, where that is asked for.
pub fn run(project: &Project, arguments: &NormalizeArguments, report: &mut Report) -> Result<(), Error> {
    let countries = pipeline::countries(project, report)?;
    let options = Options {
        column: arguments.column.clone(),
        json: arguments.format == NormalizeFormat::Json,
        complain: arguments.unknown == Unknown::Error,
        as_of: arguments.as_of,
    };
    let (output, complaints) = (io::stdout().lock(), io::stderr().lock());
    let done = match &arguments.file {
        Some(path) => {
            let input = File::open(path).map_err(Error::io("read", path))?;
            stream::run(&options, &countries, input, output, complaints)
        }
        None => stream::run(&options, &countries, io::stdin().lock(), output, complaints),
    };
    let input = || arguments.file.clone().unwrap_or_else(|| PathBuf::from("standard input"));
    let tally = done.map_err(|failure| match failure {
        Failure::Read(source) => Error::Io { action: "read", path: input(), source },
        Failure::Write(source) => Error::Io { action: "write to", path: PathBuf::from("standard output"), source },
        Failure::NoColumn(_) => Error::Usage(format!("--column {}: {failure}", options.column.as_deref().unwrap_or_default())),
        Failure::Csv(_) => Error::Gate(format!("{}: {failure}", input().display())),
    })?;
    match tally.unknown {
        0 => Ok(()),
        _ if !options.complain => Ok(()),
        unknown => Err(Error::Gate(format!("{unknown} of {} names are no country or more than one", tally.names))),
    }
}
