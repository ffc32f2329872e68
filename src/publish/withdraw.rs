//! Withdrawing a release: it is marked, and never deleted.

use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;

use super::disk::Lock;
use super::version::Version;
use super::{pointers, store};
use crate::error::Error;

/// Marks a release as withdrawn in `versions.json` and in the changelog above the releases, and points at the newest release
/// that is not withdrawn. The folder of the release stays as it is.
///
/// # Errors
/// `Usage` where there is no such release, it is withdrawn already or the reason is empty; `Store` where the store is not sound;
/// `Io` where the lock is not had or a file cannot be written.
pub fn withdraw(output: &Path, version: Version, reason: &str, date: NaiveDate, lock_wait: Duration) -> Result<(), Error> {
    if reason.trim().is_empty() {
        return Err(Error::Usage("a withdrawal needs a reason".to_owned()));
    }
    let missing = || Error::Usage(format!("there is no release {version} in {}", output.display()));
    if !output.is_dir() {
        return Err(missing());
    }
    let _lock = Lock::take(output, lock_wait, &|| Ok(()))?;
    store::recover(output)?;
    let releases = store::open_all(output)?;
    if !releases.iter().any(|release| release.version() == version) {
        return Err(missing());
    }
    let mut withdrawn = pointers::withdrawn(output)?;
    if let Some((date, reason)) = withdrawn.get(&version) {
        return Err(Error::Usage(format!("release {version} was withdrawn on {date} already: {reason}")));
    }
    withdrawn.insert(version, (date, reason.trim().to_owned()));
    pointers::write(output, &pointers::files(&releases, &withdrawn)?)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Publisher, dataset, files, meeting};
    use super::*;

    #[test]
    fn a_withdrawn_release_is_marked_and_stays() {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let mut next = dataset();
        next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
        publisher.published(next.clone());
        let output = publisher.output();
        let before = files(&publisher.release("1.1.0"));
        let day = "2026-03-04".parse().unwrap();
        let version: Version = "1.1.0".parse().unwrap();
        withdraw(&output, version, "it names a person", day, Duration::ZERO).unwrap();
        assert_eq!(files(&publisher.release("1.1.0")), before);
        let read = |name: &str| std::fs::read_to_string(output.join(name)).unwrap();
        assert!(read("versions.json").contains("\"reason\": \"it names a person\""));
        assert!(read("CHANGELOG.md").contains("## [1.1.0] - 2026-01-02 [YANKED]\n\n**Withdrawn on 2026-03-04:** it names a person\n"));
        assert!(read("latest.json").contains("\"version\": \"1.0.0\""));
        store::verify(&output, None, None).unwrap();
        assert!(withdraw(&output, version, "again", day, Duration::ZERO).unwrap_err().to_string().contains("already"));
        assert!(withdraw(&output, "9.0.0".parse().unwrap(), "none", day, Duration::ZERO).is_err());
        next.rows_mut("meetings").pop();
        publisher.published(next);
        store::verify(&output, None, None).unwrap();
        assert!(read("latest.json").contains("\"version\": \"2.0.0\"") && read("CHANGELOG.md").contains("[YANKED]"));
    }

    #[test]
    fn a_withdrawal_that_was_cut_short_is_finished() {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let output = publisher.output();
        let changelog = std::fs::read(output.join("CHANGELOG.md")).unwrap();
        withdraw(&output, "1.0.0".parse().unwrap(), "wrong", "2026-03-04".parse().unwrap(), Duration::ZERO).unwrap();
        std::fs::write(output.join("CHANGELOG.md"), changelog).unwrap();
        publisher.publish(dataset()).unwrap();
        store::verify(&output, None, None).unwrap();
    }
}
