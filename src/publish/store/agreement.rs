//! The pages of a release against what the release is: version, licence, title, tables, hashes and sizes.

use super::Problems;
use crate::error::Error;
use crate::publish::folder::{OpenRelease, read_text};
use crate::publish::pages::PAGES;

/// Reads every page that is there back. A release of an older program may lack one.
///
/// # Errors
/// `Io` where a page cannot be read.
pub fn check(release: &OpenRelease, problems: &mut Problems) -> Result<(), Error> {
    for page in PAGES {
        let path = release.folder.join(page.name);
        if !path.is_file() {
            continue;
        }
        let Some(text) = problems.catch(read_text(&path))? else { continue };
        match (page.claims)(&text) {
            None => problems.push(&path, "does not say what it is of"),
            Some(claims) => claims.against(&release.release).iter().for_each(|problem| problems.push(&path, problem)),
        }
    }
    Ok(())
}
