//! `rollcall extract --stdin arrow --stdout arrow`: a filter between other programs.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Write};
use std::os::fd::AsFd;

use super::{Common, ExtractArguments, quiet_or_loud};
use crate::cli::arguments::RecordFormat;
use crate::cli::terminal;
use crate::error::Error;
use crate::findings::Report;
use crate::pipeline::{self, FilterMode, Project};

/// Reads documents from standard input and writes what they state to standard output, which is data to the last byte.
pub fn run(project: &Project, common: &Common, options: &ExtractArguments, report: &mut Report) -> Result<(), Error> {
    if io::stdout().is_terminal() {
        return Err(Error::Usage("standard output is a terminal: the stream goes to a program or into a file".to_owned()));
    }
    // What a fault of the program quotes may be a text: where it is says enough.
    std::panic::set_hook(Box::new(|fault| terminal::fault(fault.location())));
    let schemas = pipeline::schemas(project, report)?;
    let mode = FilterMode { include_withheld: options.include_withheld, is_strict: common.strict };
    let input = BufReader::with_capacity(1 << 16, io::stdin());
    // The system's own handle: that of the library looks for line ends.
    let output = io::stdout().as_fd().try_clone_to_owned().map_err(Error::io("write to", "standard output"))?;
    let mut output = BufWriter::with_capacity(1 << 16, File::from(output));
    let end = if options.stdout == Some(RecordFormat::ArrowZst) {
        let failed = || Error::io("write to", "standard output");
        let mut compressed = zstd::Encoder::new(output, 1).map_err(failed())?;
        let end = pipeline::filter(&schemas, mode, input, &mut compressed, report)?;
        compressed.finish().and_then(|mut output| output.flush()).map_err(failed())?;
        end
    } else {
        pipeline::filter(&schemas, mode, input, &mut output, report)?
    };
    quiet_or_loud(common)("filter", &format!("{} documents, {} records, {} errors", end.documents, end.records, end.errors));
    Ok(())
}
