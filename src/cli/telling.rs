//! Telling: what a run of all stages found, in the format that was asked for, and the summary beside it.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::arguments::Telling;
use super::{summary, terminal};
use crate::error::Error;
use crate::findings::formats::{Ending, Format, Release, Told};
use crate::findings::{Report, Severity};
use crate::publish::{Bump, Outcome, Published};

/// Where and how findings are told. Made before the work starts, so that a file that cannot be written is known at once.
#[derive(Debug)]
pub struct Teller {
    format: &'static Format,
    summary: Option<(PathBuf, File)>,
    quiet: bool,
}

impl Teller {
    /// # Errors
    /// `Usage` where there is no such format, `Io` where the file of the summary cannot be made.
    pub fn new(telling: &Telling, quiet: bool) -> Result<Self, Error> {
        let format = telling.format.parse().map_err(|problem| Error::Usage(format!("--format: {problem}")))?;
        let open = |path: &PathBuf| Ok::<_, Error>((path.clone(), File::create(path).map_err(Error::io("write", path))?));
        Ok(Self { format, summary: telling.summary.as_ref().map(open).transpose()?, quiet })
    }

    /// Tells what was found and how the run ended.
    ///
    /// # Errors
    /// `Io` where standard output is closed or the summary cannot be written.
    pub fn tell(&mut self, report: &Report, outcome: &Result<Outcome, Error>, output: &Path) -> Result<(), Error> {
        let told = Told {
            findings: report.sorted(),
            checks: &report.checks,
            ending: ending(outcome, output),
            colour: terminal::is_coloured(),
            quiet: self.quiet,
        };
        if let Some((path, file)) = &mut self.summary {
            let text = summary::render(&told, outcome.as_ref().ok());
            file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(Error::io("write", path.as_path()))?;
        }
        terminal::print((self.format.render)(&told).trim_end())?;
        if !self.quiet {
            terminal::progress("findings", &counts(&told));
        }
        Ok(())
    }
}

impl Teller {
    /// Tells what was found in one table.
    ///
    /// # Errors
    /// `Io` where standard output is closed.
    pub fn tell_of_a_table(&self, report: &Report, says: &str) -> Result<(), Error> {
        let outcome = if report.has_errors() { "refused" } else { "sound" };
        let ending = Ending { outcome, release: None, says: says.to_owned() };
        let told = Told { findings: report.sorted(), checks: &report.checks, ending, colour: terminal::is_coloured(), quiet: self.quiet };
        terminal::print((self.format.render)(&told).trim_end())
    }
}

fn counts(told: &Told<'_>) -> String {
    let count = |severity| told.count(severity);
    format!("{} errors, {} warnings, {} infos", count(Severity::Error), count(Severity::Warning), count(Severity::Info))
}

fn ending(outcome: &Result<Outcome, Error>, output: &Path) -> Ending {
    let (name, release, says) = match outcome {
        Ok(Outcome::Identical { version }) => {
            let release =
                Release { version: version.to_string(), previous: None, bump: None, reason: "nothing changed".to_owned(), changelog: String::new() };
            ("identical", Some(release), format!("identical to {version}, nothing to publish"))
        }
        Ok(Outcome::Published(published)) => {
            let (version, reason) = (published.version, &published.reason);
            let folder = output.join(version.to_string());
            ("published", Some(release(published)), format!("published {version} ({reason}): {}", folder.display()))
        }
        Ok(Outcome::WouldPublish(published)) => {
            ("would_publish", Some(release(published)), format!("would publish {} ({})", published.version, published.reason))
        }
        Err(error @ Error::Refused { .. }) => ("refused", None, error.to_string()),
        Err(error) => ("failed", None, error.to_string()),
    };
    Ending { outcome: name, release, says }
}

fn release(published: &Published) -> Release {
    Release {
        version: published.version.to_string(),
        previous: published.previous.map(|version| version.to_string()),
        bump: published.bump.map(Bump::name),
        reason: published.reason.clone(),
        changelog: published.entry.clone(),
    }
}
