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
        let catalog: serde_json::Value = serde_json::from_str(&read("catalog.jsonld")).unwrap();
        assert_eq!((&catalog["dataset"][0]["@id"], &catalog["dataset"][0]["version"]), (&"latest/".into(), &"1.0.0".into()));
        assert_eq!(catalog["dataset"][0]["hasCurrentVersion"]["@id"], "1.0.0/");
        store::verify(&output, None, None).unwrap();
        assert!(withdraw(&output, version, "again", day, Duration::ZERO).unwrap_err().to_string().contains("already"));
        assert!(withdraw(&output, "9.0.0".parse().unwrap(), "none", day, Duration::ZERO).is_err());
        next.rows_mut("meetings").pop();
        publisher.published(next);
        store::verify(&output, None, None).unwrap();
        assert!(read("latest.json").contains("\"version\": \"2.0.0\"") && read("CHANGELOG.md").contains("[YANKED]"));
    }

    /// The files above the releases, in the order in which they are written.
    const ABOVE: [&str; 4] = ["versions.json", "CHANGELOG.md", "catalog.jsonld", "latest.json"];

    #[test]
    fn a_withdrawal_that_was_cut_short_is_finished() {
        for version in ["1.0.0", "1.1.0"] {
            for written in 1..ABOVE.len() {
                let publisher = Publisher::new();
                publisher.published(dataset());
                let mut next = dataset();
                next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
                publisher.published(next.clone());
                let output = publisher.output();
                let before = ABOVE.map(|name| std::fs::read(output.join(name)).unwrap());
                withdraw(&output, version.parse().unwrap(), "wrong", "2026-03-04".parse().unwrap(), Duration::ZERO).unwrap();
                for (name, text) in ABOVE.iter().zip(&before).skip(written) {
                    std::fs::write(output.join(name), text).unwrap();
                }
                publisher.publish(next).unwrap();
                store::verify(&output, None, None).unwrap_or_else(|error| panic!("{version} after {written} files: {error}"));
                assert!(std::fs::read_to_string(output.join("versions.json")).unwrap().contains("withdrawn"));
            }
        }
    }

    #[test]
    fn what_no_withdrawal_wrote_is_not_tidied_away() {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let output = publisher.output();
        withdraw(&output, "1.0.0".parse().unwrap(), "wrong", "2026-03-04".parse().unwrap(), Duration::ZERO).unwrap();
        std::fs::write(output.join("CHANGELOG.md"), "edited by hand").unwrap();
        assert_eq!(publisher.publish(dataset()).unwrap_err().exit_code(), 4);
        assert_eq!(std::fs::read_to_string(output.join("CHANGELOG.md")).unwrap(), "edited by hand");
    }
}
