//! Command line: what the user types, and what comes back.
//!
//! Findings go to standard output, progress to standard error. The clock and the environment are read here and nowhere else.

mod arguments;
mod clock;
mod commands;
mod environment;
mod meter;
mod signals;
mod summary;
mod telling;
mod terminal;

use clap::Parser;

use crate::error::Error;

/// Runs the command that was typed, and returns the exit code of the process.
#[must_use]
pub fn run() -> u8 {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // Help and version go to standard output, mistakes to standard error; a closed pipe is no mistake of the user.
            return if error.print().is_err() { 3 } else { code };
        }
    };
    match signals::Watch::start().and_then(|watch| commands::run(&arguments, &watch)) {
        Ok(()) => 0,
        Err(error) => {
            if !matches!(error, Error::Io { ref source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe) {
                terminal::error(&error);
            }
            error.exit_code()
        }
    }
}
