//! The schema files: those of the project where it has its own, else the ones that are compiled into the program.

use std::borrow::Cow;
use std::hash::Hasher;
use std::io::Read;
use std::path::Path;
use std::{fs, io};

use twox_hash::XxHash64;

use super::sources::not_utf8;
use crate::error::Error;
use crate::findings::{Report, code};
use crate::model::schemas::{SchemaFiles, Texts};

/// A file when the program was built: its path below `schemas/`, its text, and a hash of its bytes.
type BuiltIn = (&'static str, &'static str, u64);

const BUILT_IN: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/schema_files.rs"));

/// Reads the schema files of `folder`; those that it does not have come from the program itself.
///
/// # Errors
/// `Io` where a folder or file cannot be read. A file that is not UTF-8 is a finding.
pub fn schema_files(folder: &Path, report: &mut Report) -> Result<SchemaFiles, Error> {
    let mut files = Texts::default();
    for (path, text, _) in BUILT_IN {
        files.insert((*path).to_owned(), *text);
    }
    let root = folder.to_string_lossy().into_owned();
    if folder.is_dir() {
        walk(folder, "", &root, &mut Comparison::default(), &mut files, report)?;
    }
    Ok(SchemaFiles { root, files })
}

/// One schema file: that of `folder` where it has one, else the one that is compiled into the program. `None` where neither has it.
///
/// # Errors
/// `Io` where the file cannot be read, or is not UTF-8.
pub fn schema_file(folder: &Path, path: &str) -> Result<Option<Cow<'static, str>>, Error> {
    let own = folder.join(path);
    // A project mostly has the files of the program: those are in memory already.
    if let Some((_, text, _)) = find(path).filter(|built_in| Comparison::default().is_the_same(&own, built_in).unwrap_or(false)) {
        return Ok(Some(Cow::Borrowed(text)));
    }
    match fs::read_to_string(&own) {
        Ok(text) => Ok(Some(Cow::Owned(text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound || error.kind() == io::ErrorKind::NotADirectory => {
            Ok(find(path).map(|(_, text, _)| Cow::Borrowed(*text)))
        }
        Err(error) => Err(Error::io("read", own)(error)),
    }
}

fn find(path: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|(known, _, _)| *known == path)
}

/// Compares files with built-in ones, piece by piece: neither need be in memory as a whole.
struct Comparison {
    piece: Vec<u8>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self { piece: vec![0; 1 << 15] }
    }
}

impl Comparison {
    /// Whether a file has the bytes of a built-in one.
    fn is_the_same(&mut self, path: &Path, (_, known, hash): &BuiltIn) -> io::Result<bool> {
        let mut file = fs::File::open(path)?;
        let mut rest = known.len();
        if file.metadata()?.len() != rest as u64 {
            return Ok(false);
        }
        let mut hasher = XxHash64::with_seed(0);
        while rest > 0 {
            match file.read(&mut self.piece)? {
                0 => return Ok(false),
                length => {
                    hasher.write(&self.piece[..length]);
                    rest = rest.saturating_sub(length);
                }
            }
        }
        Ok(hasher.finish() == *hash)
    }
}

fn walk(folder: &Path, below: &str, root: &str, comparison: &mut Comparison, files: &mut Texts, report: &mut Report) -> Result<(), Error> {
    let entries = fs::read_dir(folder).map_err(Error::io("read the folder", folder))?;
    for entry in entries {
        let entry = entry.map_err(Error::io("read the folder", folder))?;
        let path = entry.path();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_or_else(|_| path.is_dir(), |kind| kind.is_dir() || kind.is_symlink() && path.is_dir()) {
            walk(&path, &format!("{name}/"), root, comparison, files, report)?;
            continue;
        }
        let known = path.extension().is_some_and(|extension| ["json", "toml", "csv"].iter().any(|known| extension == *known));
        if !known {
            continue;
        }
        if find(&name).is_some_and(|built_in| comparison.is_the_same(&path, built_in).unwrap_or(false)) {
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
