//! What is printed: findings to standard output, progress and errors to standard error.

use std::io::{self, IsTerminal, Write};

use super::meter::aside;
use crate::error::Error;
use crate::findings::Finding;

/// Prints text and a line end to standard output.
///
/// # Errors
/// `Io` where standard output is closed.
pub fn print(text: &str) -> Result<(), Error> {
    let print = || {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush())
    };
    aside(print).map_err(Error::io("write to", "standard output"))
}

/// Whether somebody looks at standard output, and wants colours.
#[must_use]
pub fn is_coloured() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// One line of a stage on standard error.
pub fn progress(stage: &str, counts: &str) {
    // Progress that nobody can read is no reason to stop.
    let _ = aside(|| writeln!(io::stderr(), "{stage:<10}{counts}"));
}

/// What the rules said of a text, on standard error: it is no product, and no file of it is written.
pub fn trace(text: &str) {
    let _ = aside(|| io::stderr().lock().write_all(text.as_bytes()));
}

/// A finding on standard error, for commands whose standard output is data.
pub fn complaint(finding: &Finding) {
    let _ = aside(|| writeln!(io::stderr(), "{finding}"));
}

/// Where the program failed on a document, on standard error.
pub fn fault(place: Option<&std::panic::Location<'_>>) {
    let _ = writeln!(io::stderr(), "rollcall: fault of the program at {}", place.map_or_else(|| "a place unknown".to_owned(), ToString::to_string));
}

/// Why the run ended early, on standard error.
pub fn error(error: &Error) {
    let _ = aside(|| writeln!(io::stderr(), "rollcall: {error}"));
}
