//! Error: what stops a run, each variant naming its file and each with one exit code.
//!
//! A `Finding` is collected and reported; an `Error` ends the run. Exit codes are part of the interface (README, "Exit codes").

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a run ended early.
#[derive(Debug)]
pub enum Error {
    /// The data was refused: findings of severity error were reported. Nothing was written.
    Refused { errors: usize },
    /// A gate that the command line asked for did not hold (`--locked`, `--breaking`, `--unknown error`).
    Gate(String),
    /// The command line cannot be carried out as given.
    Usage(String),
    /// The file system said no.
    Io { action: &'static str, path: PathBuf, source: io::Error },
    /// A release or the whole store is not what it says it is.
    Store { path: PathBuf, problem: String },
    /// The program contradicts itself: a batch that is not what its schema says, a query that cannot be carried out.
    Fault(String),
}

impl Error {
    /// Shorthand for `map_err`: `.map_err(Error::io("read", path))`.
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// The exit code of the process.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused { .. } | Self::Gate(_) => 1,
            Self::Usage(_) => 2,
            Self::Io { .. } | Self::Fault(_) => 3,
            Self::Store { .. } => 4,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { errors: 1 } => write!(f, "refused: 1 error, nothing was written"),
            Self::Refused { errors } => write!(f, "refused: {errors} errors, nothing was written"),
            Self::Gate(why) | Self::Usage(why) => f.write_str(why),
            Self::Io { action, path, source } => write!(f, "cannot {action} {}: {source}", path.display()),
            Self::Fault(problem) => write!(f, "fault of the program: {problem}"),
            Self::Store { path, problem } => write!(f, "{}: {problem}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
