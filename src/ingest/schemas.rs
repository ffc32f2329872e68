//! The schema files: those of the project where it has its own, else the ones that are compiled into the program.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;
use std::{fs, io};

use super::sources::not_utf8;
use crate::error::Error;
use crate::findings::{Report, code};
use crate::model::schemas::{SchemaFiles, Texts};

/// The files below `schemas/` when the program was built.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/schema_files.rs"));

/// Reads the schema files of `folder`; those that it does not have come from the program itself.
///
/// # Errors
/// `Io` where a folder or file cannot be read. A file that is not UTF-8 is a finding.
pub fn schema_files(folder: &Path, report: &mut Report) -> Result<SchemaFiles, Error> {
    let mut files = Texts::default();
    for (path, text) in BUILT_IN {
        files.insert((*path).to_owned(), *text);
    }
    let root = folder.to_string_lossy().into_owned();
    if folder.is_dir() {
        walk(folder, "", &root, &mut files, report)?;
    }
    Ok(SchemaFiles { root, files })
}

/// One schema file: that of `folder` where it has one, else the one that is compiled into the program. `None` where neither has it.
///
/// # Errors
/// `Io` where the file cannot be read, or is not UTF-8.
pub fn schema_file(folder: &Path, path: &str) -> Result<Option<Cow<'static, str>>, Error> {
    let own = folder.join(path);
    match fs::read_to_string(&own) {
        // A project mostly has the files of the program: those are in memory already.
        Ok(text) => Ok(Some(built_in(path).filter(|known| *known == text).map_or(Cow::Owned(text), Cow::Borrowed))),
        Err(error) if error.kind() == io::ErrorKind::NotFound || error.kind() == io::ErrorKind::NotADirectory => {
            Ok(built_in(path).map(Cow::Borrowed))
        }
        Err(error) => Err(Error::io("read", own)(error)),
    }
}

/// The schema file of that path when the program was built.
#[must_use]
pub fn built_in(path: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}

/// Whether a file has these bytes, without a copy of it in memory.
fn is_the_same(path: &Path, known: &[u8]) -> io::Result<bool> {
    let mut file = fs::File::open(path)?;
    if file.metadata()?.len() != known.len() as u64 {
        return Ok(false);
    }
    let mut piece = [0; 1 << 14];
    let mut rest = known;
    loop {
        let length = file.read(&mut piece)?;
        match rest.split_at_checked(length) {
            Some((same, behind)) if *same == piece[..length] => rest = behind,
            _ => return Ok(false),
        }
        if length == 0 {
            return Ok(rest.is_empty());
        }
    }
}

fn walk(folder: &Path, below: &str, root: &str, files: &mut Texts, report: &mut Report) -> Result<(), Error> {
    let entries = fs::read_dir(folder).map_err(Error::io("read the folder", folder))?;
    for entry in entries {
        let entry = entry.map_err(Error::io("read the folder", folder))?;
        let path = entry.path();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            walk(&path, &format!("{name}/"), root, files, report)?;
            continue;
        }
        let known = path.extension().is_some_and(|extension| ["json", "toml", "csv"].iter().any(|known| extension == *known));
        if !known {
            continue;
        }
        if files.get(&name).is_some_and(|known| is_the_same(&path, known.as_bytes()).unwrap_or(false)) {
            continue;
        }
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        match String::from_utf8(bytes) {
            Ok(text) => {
                files.insert(name, text);
            }
            Err(error) => {
                report.push(not_utf8(code::SCHEMA_INVALID, &format!("{root}/{name}"), &error));
            }
        }
    }
    Ok(())
}
