//! The store: all releases of a data set, and the proof that they are what they say.
//!
//! Hashes are checked before any parser sees a file. What is checked needs no network and nothing but the store itself (and
//! the sources, for the spans of evidence, where they are there).

mod agreement;
mod evidence;
mod neighbours;
mod sums_check;
mod table_check;

use std::path::Path;

use super::folder::OpenRelease;
use super::version::Version;
use super::{changelog, disk, pointers};
use crate::error::Error;

pub use neighbours::check as check_neighbours;
pub use sums_check::open;
pub use table_check::tables as check_tables;

/// Problems as `path: problem`, in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    found: Vec<String>,
}

impl Problems {
    pub fn push(&mut self, path: &Path, problem: impl AsRef<str>) {
        self.found.push(format!("{}: {}", path.display(), problem.as_ref()));
    }

    /// Keeps what is wrong with the store as a problem; other errors end the check.
    pub fn catch<T>(&mut self, result: Result<T, Error>) -> Result<Option<T>, Error> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Store { path, problem }) => {
                self.push(&path, problem);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// # Errors
    /// `Store` with all problems, where there are any.
    pub fn into_result(self, store: &Path) -> Result<(), Error> {
        let problem = match &self.found[..] {
            [] => return Ok(()),
            [only] => only.clone(),
            all => format!("{} problems\n  {}", all.len(), all.join("\n  ")),
        };
        Err(Error::Store { path: store.to_path_buf(), problem: format!("not sound: {problem}") })
    }
}

/// What was checked and found right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Oldest first.
    pub versions: Vec<Version>,
    pub files: u64,
    pub bytes: u64,
    pub rows: u64,
    /// Pieces of evidence that were found in the sources.
    pub evidence: u64,
    /// Pieces of evidence of which the source is not there, or is another text by now.
    pub evidence_not_present: u64,
}

/// Names above the releases that are not releases.
const ABOVE: [&str; 4] = [pointers::VERSIONS, pointers::LATEST, changelog::NAME, pointers::CATALOG];

/// The numbers of the releases in a store, oldest first; none where there is no such folder.
///
/// # Errors
/// `Io` where the folder cannot be read.
pub fn versions(output: &Path) -> Result<Vec<Version>, Error> {
    if !output.is_dir() {
        return Ok(Vec::new());
    }
    let mut versions: Vec<Version> = disk::names(output)?.iter().filter_map(|(name, _)| name.parse().ok()).collect();
    versions.sort();
    Ok(versions)
}

/// Checks a release or, without a version, the whole store: hashes, exact sets of files, schemas, keys and references, CSV
/// against Parquet, evidence against `raw`, changelogs and changes against the difference of neighbours, the chain, the pointer.
///
/// # Errors
/// `Store` with all problems that were found; `Usage` where there is no such release; `Io` where a file cannot be read.
pub fn verify(output: &Path, which: Option<Version>, raw: Option<&Path>) -> Result<VerifyReport, Error> {
    let versions = versions(output)?;
    if let Some(version) = which.filter(|version| !versions.contains(version)) {
        return Err(Error::Usage(format!("there is no release {version} in {}", output.display())));
    }
    let releases = open_all(output)?;
    let mut problems = Problems::default();
    let mut report = VerifyReport::default();
    let mut previous: Option<&OpenRelease> = None;
    for release in &releases {
        if which.is_none_or(|which| which == release.version()) {
            report.rows += check_tables(release, None, &mut problems)?;
            report.versions.push(release.version());
            report.files += super::folder::file_names(&release.release).len() as u64;
            report.bytes += release.release.tables.iter().map(|table| table.csv.bytes + table.parquet.bytes).sum::<u64>();
            // Where a table is broken, what follows from it would only repeat that.
            if problems.is_empty() {
                check_neighbours(previous, release, &mut problems)?;
                if let Some(raw) = raw {
                    evidence::check(release, raw, &mut report, &mut problems)?;
                }
            }
            agreement::check(release, &mut problems)?;
        }
        previous = Some(release);
    }
    problems.into_result(output)?;
    Ok(report)
}

/// Checks the hashes of every release and the chain; opens the releases, oldest first. What stands above them is not looked at:
/// a run that writes nothing may meet a release that another has renamed and not yet pointed at.
///
/// # Errors
/// `Store` with all problems that were found; `Io` where a file cannot be read.
pub fn open_releases(output: &Path) -> Result<Vec<OpenRelease>, Error> {
    let mut problems = Problems::default();
    let releases = hashed(output, &mut problems)?;
    problems.into_result(output)?;
    Ok(releases)
}

/// What a store says that it has: a digest of all that its releases say. Whether that is so says [`State::is_sound`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub newest: Version,
    pub digest: String,
}

/// The state of a store; none where there is no release, or something that the next run has to finish or to complain of.
///
/// # Errors
/// `Io` where the folder cannot be read.
pub fn state(output: &Path) -> Result<Option<State>, Error> {
    let versions = versions(output)?;
    let Some(&newest) = versions.last() else { return Ok(None) };
    if disk::names(output)?.iter().any(|(name, _)| name.starts_with('.')) {
        return Ok(None);
    }
    let sums = versions.iter().map(|version| output.join(version.to_string()).join(super::sums::NAME));
    let files = sums.chain([output.join(pointers::VERSIONS)]).map(|path| std::fs::read(path).map(|bytes| super::sums::sha256(&bytes)));
    // What cannot be read is told by who writes to the store.
    let Ok(digests) = files.collect::<Result<Vec<_>, _>>() else { return Ok(None) };
    Ok(Some(State { newest, digest: digests.join("\n") }))
}

impl State {
    /// Whether the store is in this state, and everything in it is what it says.
    ///
    /// # Errors
    /// `Io` where a file cannot be read.
    pub fn is_sound(&self, output: &Path) -> Result<bool, Error> {
        let mut problems = Problems::default();
        let releases = hashed(output, &mut problems)?;
        if problems.is_empty() {
            above(output, &releases, &mut problems)?;
        }
        Ok(problems.is_empty() && state(output)?.as_ref() == Some(self))
    }
}

/// Checks the hashes of every release, the chain and what stands above them; opens the releases, oldest first.
///
/// # Errors
/// `Store` with all problems that were found; `Io` where a file cannot be read.
pub fn open_all(output: &Path) -> Result<Vec<OpenRelease>, Error> {
    let mut problems = Problems::default();
    let releases = hashed(output, &mut problems)?;
    if problems.is_empty() {
        above(output, &releases, &mut problems)?;
    }
    problems.into_result(output)?;
    Ok(releases)
}

fn hashed(output: &Path, problems: &mut Problems) -> Result<Vec<OpenRelease>, Error> {
    let mut releases: Vec<OpenRelease> = Vec::new();
    for version in versions(output)? {
        if let Some(release) = open(&output.join(version.to_string()), version, problems)? {
            neighbours::chain(releases.last(), &release, problems);
            releases.push(release);
        }
    }
    Ok(releases)
}

/// Checks the files above the releases, and that nothing else is there.
fn above(output: &Path, releases: &[OpenRelease], problems: &mut Problems) -> Result<(), Error> {
    if !output.is_dir() {
        return Ok(());
    }
    for (name, _) in disk::names(output)? {
        let known = name.parse::<Version>().is_ok() || ABOVE.contains(&name.as_str()) || name.starts_with('.');
        if !known {
            problems.push(&output.join(&name), "no file of a store");
        }
    }
    let Some(withdrawn) = problems.catch(pointers::withdrawn(output))? else { return Ok(()) };
    for (name, expected) in pointers::files(releases, &withdrawn)? {
        let path = output.join(name);
        match std::fs::read(&path) {
            Ok(bytes) if bytes == expected.as_bytes() => {}
            Ok(_) => problems.push(&path, "does not say what the releases say"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => problems.push(&path, "missing"),
            Err(error) => return Err(Error::io("read", path)(error)),
        }
    }
    Ok(())
}

/// Checks the hashes of one release.
///
/// # Errors
/// `Store` with all problems that were found; `Io` where a file cannot be read.
pub fn check_hashes(folder: &Path, version: Version) -> Result<(), Error> {
    let mut problems = Problems::default();
    open(folder, version, &mut problems)?;
    problems.into_result(folder)
}

/// Finishes what a run left that died: removes its staging, and points at a release that was renamed but not pointed at.
/// Needs the lock.
///
/// # Errors
/// `Store` where that release is not sound; `Io` where a file cannot be removed or written.
pub fn recover(output: &Path) -> Result<(), Error> {
    for (name, _) in disk::names(output)? {
        if name.starts_with(".staging-") || (name.starts_with('.') && name.ends_with(".new")) {
            disk::remove_if_there(&output.join(name))?;
        }
    }
    let versions = versions(output)?;
    let withdrawn = match pointers::withdrawn(output) {
        Ok(withdrawn) => withdrawn,
        // The check that follows says what is wrong with it.
        Err(_) => return Ok(()),
    };
    let pointed_at = pointers::pointed_at(&versions, &withdrawn);
    let points_elsewhere = pointers::latest(output).is_ok_and(|latest| latest != pointed_at);
    if !points_elsewhere && withdrawn.is_empty() {
        return Ok(());
    }
    let releases = open_releases(output)?;
    if points_elsewhere || half_withdrawn(output, &releases, &withdrawn)? {
        pointers::write(output, &pointers::files(&releases, &withdrawn)?)?;
    }
    Ok(())
}

/// Whether a withdrawal was cut short: some of the files above the releases say it, and those that are written after them still say
/// what was there before. What says neither was not written by a withdrawal, and is left for the check to complain of.
fn half_withdrawn(output: &Path, releases: &[OpenRelease], withdrawn: &pointers::Withdrawn) -> Result<bool, Error> {
    let says = |name: &str, text: &str| std::fs::read(output.join(name)).is_ok_and(|bytes| bytes == text.as_bytes());
    let after = pointers::files(releases, withdrawn)?;
    let written = after.iter().take_while(|(name, text)| says(name, text)).count();
    if written == after.len() {
        return Ok(false);
    }
    for version in withdrawn.keys() {
        let mut one_less = withdrawn.clone();
        one_less.remove(version);
        let before = pointers::files(releases, &one_less)?;
        if before[written..].iter().all(|(name, text)| says(name, text)) {
            return Ok(true);
        }
    }
    Ok(false)
}
