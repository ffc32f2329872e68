//! Rebuilding: the newest release made again from its predecessor and the rows, and compared byte by byte.
//!
//! What may differ between two runs is taken from the release itself: its day, the bump that was asked for, and the hashes of
//! what it was made from.

use std::fs;
use std::path::Path;

use super::disk::{self, Staging};
use super::release::{Outcome, ReleaseContext, release};
use super::store;
use crate::error::Error;
use crate::model::dataset::Dataset;

/// The names of the files in which the newest release differs from one that is made again; empty where it is reproduced.
///
/// `scratch` is a folder that does not exist; it is made, and removed when done. Where the rows do not make that version at all, the
/// one name is that of its folder.
///
/// # Errors
/// `Usage` where there is no release; `Store` where the store is not sound; `Io` where a file cannot be read or written.
pub fn rebuild(dataset: Dataset, context: &ReleaseContext<'_>, scratch: &Path) -> Result<Vec<String>, Error> {
    let releases = store::open_all(context.output)?;
    let Some((newest, earlier)) = releases.split_last() else {
        return Err(Error::Usage(format!("there is no release in {} to rebuild", context.output.display())));
    };
    let again = Staging::new(scratch.to_path_buf())?;
    for release in earlier {
        copy_folder(&release.folder, &again.folder.join(release.version().to_string()))?;
    }
    let making = &newest.release.making;
    let made = release(
        dataset,
        &ReleaseContext {
            output: &again.folder,
            date: newest.release.date,
            bump: making.bump.filter(|_| making.reason.ends_with("by hand")),
            digests: &making.digests,
            dry_run: false,
            before: &|_| Ok(()),
            ..*context
        },
    )?;
    let folder = again.folder.join(newest.version().to_string());
    if !matches!(&made, Outcome::Published(published) if published.version == newest.version()) {
        return Ok(vec![newest.version().to_string()]);
    }
    differing(&newest.folder, &folder)
}

/// The names of files that differ or are in one of the folders alone.
fn differing(one: &Path, other: &Path) -> Result<Vec<String>, Error> {
    let names = |folder: &Path| Ok::<_, Error>(disk::names(folder)?.into_iter().map(|(name, _)| name).collect::<std::collections::BTreeSet<_>>());
    let (ours, theirs) = (names(one)?, names(other)?);
    let mut differing = Vec::new();
    for name in ours.union(&theirs) {
        let both = ours.contains(name) && theirs.contains(name);
        let read = |folder: &Path| fs::read(folder.join(name)).map_err(Error::io("read", folder.join(name)));
        if !both || read(one)? != read(other)? {
            differing.push(name.clone());
        }
    }
    Ok(differing)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir(to).map_err(Error::io("make the folder", to))?;
    for (name, _) in disk::names(from)? {
        fs::copy(from.join(&name), to.join(&name)).map_err(Error::io("copy", from.join(&name)))?;
    }
    Ok(())
}
