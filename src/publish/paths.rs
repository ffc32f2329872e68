//! Where a release or one of its files lies, for scripts.

use std::path::{Path, PathBuf};

use super::version::Version;
use super::{pointers, store};
use crate::error::Error;

/// The folder of a release, or a file in it.
///
/// Without a version, or with `latest`, that of the pointer. A file is named in full or as a table, which means its CSV. The first
/// argument may be the file where no version is given.
///
/// # Errors
/// `Usage` where there is no such release or file, `Store` where the pointer is not one.
pub fn path(output: &Path, first: Option<&str>, second: Option<&str>) -> Result<PathBuf, Error> {
    let version = first.filter(|first| *first == "latest" || first.parse::<Version>().is_ok());
    let file = if version.is_some() { second } else { first };
    if let (None, Some(first), Some(_)) = (version, first, second) {
        return Err(Error::Usage(format!("\"{first}\" is no release number such as 1.2.0, nor latest")));
    }
    let version = match version.and_then(|version| version.parse().ok()) {
        Some(version) => version,
        None => pointers::latest(output)?.ok_or_else(|| Error::Usage(format!("there is no release in {} yet", output.display())))?,
    };
    let folder = output.join(version.to_string());
    if !folder.is_dir() {
        let there: Vec<String> = store::versions(output)?.iter().map(Version::to_string).collect();
        return Err(Error::Usage(format!("there is no release {version} in {}: it has {}", output.display(), there.join(", "))));
    }
    let Some(file) = file else { return Ok(folder) };
    let is_plain = !file.contains(['/', '\\']) && !file.starts_with('.');
    let candidates = [folder.join(file), folder.join(format!("{file}.csv"))];
    let found = candidates.into_iter().find(|path| is_plain && path.is_file());
    found.ok_or_else(|| Error::Usage(format!("release {version} has no file or table \"{file}\"")))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Publisher, dataset};
    use super::*;

    #[test]
    fn a_path_is_that_of_a_release_or_a_file() {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let output = publisher.output();
        let found = |first, second| path(&output, first, second).map_err(|error| error.to_string());
        let folder = publisher.release("1.0.0");
        assert_eq!(found(None, None), Ok(folder.clone()));
        assert_eq!(found(Some("1.0.0"), Some("meetings")), Ok(folder.join("meetings.csv")));
        assert_eq!(found(Some("latest"), Some("meetings.parquet")), Ok(folder.join("meetings.parquet")));
        assert_eq!(found(Some("meetings"), None), Ok(folder.join("meetings.csv")));
        assert!(found(Some("2.0.0"), None).unwrap_err().contains("it has 1.0.0"));
        assert!(found(Some("1.0.0"), Some("../latest.json")).is_err());
        assert!(found(Some("1.x"), Some("meetings")).is_err());
        assert!(path(&output.join("none"), None, None).unwrap_err().to_string().contains("no release"));
    }
}
