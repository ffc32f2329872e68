//! Hashes and the exact set of files of one release.

use std::collections::BTreeSet;
use std::path::Path;

use super::Problems;
use crate::error::Error;
use crate::publish::folder::{OpenRelease, file_names, read_text, table_files};
use crate::publish::version::Version;
use crate::publish::{changelog, datapackage, disk, sums};

/// Opens a release whose hashes are right; none where something is wrong, which is then a problem.
///
/// # Errors
/// `Io` where a file cannot be read.
pub fn open(folder: &Path, version: Version, problems: &mut Problems) -> Result<Option<OpenRelease>, Error> {
    let mut found = Problems::default();
    let release = open_into(folder, version, &mut found)?;
    let sound = found.is_empty();
    problems.found.extend(found.found);
    Ok(release.filter(|_| sound))
}

fn open_into(folder: &Path, version: Version, problems: &mut Problems) -> Result<Option<OpenRelease>, Error> {
    let path = folder.join(sums::NAME);
    if !path.is_file() {
        problems.push(&path, "missing");
        return Ok(None);
    }
    let Some(text) = problems.catch(read_text(&path))? else { return Ok(None) };
    let hashes = match sums::parse(&text) {
        Ok(hashes) => hashes,
        Err(problem) => {
            problems.push(&path, problem);
            return Ok(None);
        }
    };
    let mut present = BTreeSet::new();
    for (name, kind) in disk::names(folder)? {
        let listed = hashes.contains_key(&name) || name == sums::NAME;
        match (kind.is_file(), listed) {
            (false, _) => problems.push(&folder.join(&name), "not a plain file"),
            (true, false) => problems.push(&folder.join(&name), "not in SHA256SUMS"),
            (true, true) => {}
        }
        present.insert(name);
    }
    for (name, hash) in &hashes {
        let path = folder.join(name);
        if !present.contains(name) {
            problems.push(&path, "missing");
        } else if kind_is_plain(&path) && sums::facts_of(&path)?.sha256 != *hash {
            problems.push(&path, "not the file that SHA256SUMS has");
        }
    }
    if !problems.is_empty() {
        return Ok(None);
    }
    let path = folder.join(datapackage::NAME);
    if !hashes.contains_key(datapackage::NAME) {
        problems.push(&path, "missing");
        return Ok(None);
    }
    let release = match datapackage::parse(&read_text(&path)?) {
        Ok(release) => release,
        Err(problem) => {
            problems.push(&path, problem);
            return Ok(None);
        }
    };
    if release.version != version {
        problems.push(&path, format!("says that it is release {}, the folder {version}", release.version));
    }
    let known = file_names(&release);
    for name in present.difference(&known) {
        problems.push(&folder.join(name), "no file of a release");
    }
    // A release of an older program may lack a page; what SHA256SUMS lists is there, that was looked at above.
    for name in table_files(&release).chain([changelog::NAME.to_owned()]).filter(|name| !present.contains(name)) {
        problems.push(&folder.join(name), "missing");
    }
    for table in &release.tables {
        for (extension, facts) in [("csv", &table.csv), ("parquet", &table.parquet)] {
            let name = format!("{}.{extension}", table.schema.name);
            if hashes.get(&name).is_some_and(|hash| *hash != facts.sha256) {
                problems.push(&path, format!("has another hash for {name} than SHA256SUMS"));
            }
        }
    }
    Ok(Some(OpenRelease { folder: folder.to_path_buf(), release, sums_sha256: sums::sha256(text.as_bytes()) }))
}

fn kind_is_plain(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_file())
}
