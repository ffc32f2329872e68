//! Project: the files of a project of one's own, with a sample text that can be published at once.
//!
//! The files are those of `template/` beside this one, as they are. Wording, reference data and tables are not among them: the program
//! has those built in, and takes a project's own where it has any.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The files of a new project.
const TEMPLATE: &[(&str, &str)] = &[
    (".gitattributes", include_str!("template/gitattributes")),
    ("README.md", include_str!("template/README.md")),
    ("raw/harbour-dialogue-sample.txt", include_str!("template/raw/harbour-dialogue-sample.txt")),
    ("raw/sources.toml", include_str!("template/raw/sources.toml")),
    ("schemas/dataset.toml", include_str!("template/schemas/dataset.toml")),
    ("schemas/expectations.toml", include_str!("template/schemas/expectations.toml")),
    ("schemas/ignored.toml", include_str!("template/schemas/ignored.toml")),
    ("schemas/reference/aliases.csv", include_str!("template/schemas/aliases.csv")),
];

/// A project that was started.
#[derive(Clone, Debug)]
pub struct Created {
    pub folder: PathBuf,
    /// What was written, in the order of the paths.
    pub files: Vec<&'static str>,
}

/// Writes a new project into a folder that is empty or not there yet.
///
/// # Errors
/// `Usage` where the folder holds something, `Io` where a file cannot be written.
pub fn create(folder: &Path) -> Result<Created, Error> {
    let is_taken = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(Error::io("read the folder", folder)(error)),
    };
    if is_taken {
        return Err(Error::Usage(format!("{} is not empty: name a new folder", folder.display())));
    }
    for (path, text) in TEMPLATE {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(Error::io("create the folder", parent))?;
        }
        fs::write(&path, text).map_err(Error::io("write", &path))?;
    }
    Ok(Created { folder: folder.to_owned(), files: TEMPLATE.iter().map(|(path, _)| *path).collect() })
}
