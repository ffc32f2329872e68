//! Walk: the files of a folder and of those below it, in the order of their paths, with one folder of names in memory at a time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::files::FileKind;
use crate::error::Error;

/// Files with names that are asked for, as paths below the folder with `/` on every system.
#[derive(Debug)]
pub struct Walk {
    root: PathBuf,
    takes: fn(&str) -> bool,
    /// The folders that are open, outermost first: the path of each, and what is left in it.
    open: Vec<(String, std::vec::IntoIter<Entry>)>,
    passed_over: PassedOver,
}

/// Files that were not asked for, by their extensions: how many, and the first of them. Hidden files are not among them.
pub type PassedOver = BTreeMap<String, (u64, String)>;

/// A name of a folder. That of a folder within ends in a slash, so that names sort as the paths below them do.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    name: String,
    bytes: u64,
}

/// A file and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    pub path: String,
    pub bytes: u64,
}

impl Walk {
    /// Files of a known kind.
    ///
    /// # Errors
    /// `Io` where the folder cannot be read.
    pub fn new(root: &Path) -> Result<Self, Error> {
        Self::of(root, |name| FileKind::of(name).is_some())
    }

    /// Files of which `takes` takes the names.
    ///
    /// # Errors
    /// `Io` where the folder cannot be read.
    pub fn of(root: &Path, takes: fn(&str) -> bool) -> Result<Self, Error> {
        let mut walk = Self { root: root.to_path_buf(), takes, open: Vec::new(), passed_over: PassedOver::new() };
        walk.enter(String::new())?;
        Ok(walk)
    }

    /// The files of the folders that were walked so far that were not asked for.
    #[must_use]
    pub fn passed_over(&self) -> &PassedOver {
        &self.passed_over
    }

    fn pass_over(&mut self, path: String) {
        let name = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name);
        let extension = name.rsplit_once('.').map_or_else(String::new, |(_, extension)| format!(".{}", extension.to_lowercase()));
        let (files, first) = self.passed_over.entry(extension).or_insert_with(|| (0, path.clone()));
        *files += 1;
        if path < *first {
            *first = path;
        }
    }

    fn enter(&mut self, below: String) -> Result<(), Error> {
        let folder = self.root.join(&below);
        let mut entries = Vec::new();
        for entry in fs::read_dir(&folder).map_err(Error::io("read the folder", &folder))? {
            let entry = entry.map_err(Error::io("read the folder", &folder))?;
            let mut name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            // A link is what it leads to.
            let found = entry.file_type().map_err(Error::io("read", entry.path()))?;
            if found.is_dir() || found.is_symlink() && entry.path().is_dir() {
                name.push('/');
                entries.push(Entry { name, bytes: 0 });
            } else if (self.takes)(&name) {
                let bytes = fs::metadata(entry.path()).map_or(0, |found| found.len());
                entries.push(Entry { name, bytes });
            } else {
                self.pass_over(format!("{below}{name}"));
            }
        }
        entries.sort_unstable();
        self.open.push((below, entries.into_iter()));
        Ok(())
    }
}

impl Iterator for Walk {
    type Item = Result<Walked, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (below, entries) = self.open.last_mut()?;
            let Some(entry) = entries.next() else {
                self.open.pop();
                continue;
            };
            let path = format!("{below}{}", entry.name);
            if !path.ends_with('/') {
                return Some(Ok(Walked { path, bytes: entry.bytes }));
            }
            if let Err(error) = self.enter(path) {
                return Some(Err(error));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_the_order_of_their_paths_at_any_depth() {
        let root = std::env::temp_dir().join(format!("rollcall-walk-{}", std::process::id()));
        let paths = ["a-b/x.txt", "a.txt", "a/b/y.html", "a/z.jsonl.gz", "a0/x.parquet", "b.TXT"];
        for path in paths.iter().chain(&["a/notes.md", "a/more.md", ".hidden.txt", ".git/x.txt", "sources.toml"]) {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), "text").unwrap();
        }
        let mut walk = Walk::new(&root).unwrap();
        let found: Vec<Walked> = walk.by_ref().collect::<Result<_, _>>().unwrap();
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found.iter().map(|walked| walked.path.as_str()).collect::<Vec<_>>(), paths);
        assert!(paths.is_sorted() && found.iter().all(|walked| walked.bytes == 4));
        let passed_over: Vec<(&str, u64, &str)> =
            walk.passed_over().iter().map(|(end, (files, first))| (end.as_str(), *files, first.as_str())).collect();
        assert_eq!(passed_over, [(".md", 2, "a/more.md"), (".toml", 1, "sources.toml")]);
    }
}
