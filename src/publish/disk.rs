//! Disk: files that are all there or not at all, and a lock on the store.
//!
//! Modes are set, not left to the umask: the same release has the same modes everywhere. Nothing here follows a clock. Everything that
//! publishing changes on the disk passes here, so that tests can let each single change fail, or be the last one before a crash.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{CWD, FlockOperation, RenameFlags, flock, renameat_with};
use rustix::io::Errno;

use crate::error::Error;

/// How often a lock that somebody else has is tried again.
const RETRY: Duration = Duration::from_millis(50);

/// The right to write to a store. Given back when dropped, and by the system when the process dies.
#[derive(Debug)]
pub struct Lock {
    _folder: File,
}

impl Lock {
    /// Takes the lock of a folder, trying for about as long as `wait` and for as long as `go_on` agrees.
    ///
    /// # Errors
    /// `Io` where the folder cannot be opened or somebody else has the lock; what `go_on` says.
    pub fn take(folder: &Path, wait: Duration, go_on: &dyn Fn() -> Result<(), Error>) -> Result<Self, Error> {
        let mut file = File::open(folder).map_err(Error::io("open", folder))?;
        let mut tries_left = wait.as_millis() / RETRY.as_millis();
        loop {
            go_on()?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) if is_there(&file, folder)? => return Ok(Self { _folder: file }),
                // A run that failed removed the folder that it had made, and somebody made another.
                Ok(()) => file = File::open(folder).map_err(Error::io("open", folder))?,
                Err(Errno::WOULDBLOCK) if tries_left > 0 => {
                    tries_left -= 1;
                    thread::sleep(RETRY);
                }
                Err(Errno::WOULDBLOCK) => {
                    let source = io::Error::new(io::ErrorKind::WouldBlock, "another process is publishing into it; try again when it is done");
                    return Err(Error::Io { action: "lock", path: folder.to_path_buf(), source });
                }
                Err(Errno::INTR) => {}
                Err(errno) => return Err(Error::Io { action: "lock", path: folder.to_path_buf(), source: errno.into() }),
            }
        }
    }
}

/// Whether an open folder is the one that has this name.
fn is_there(open: &File, path: &Path) -> Result<bool, Error> {
    let id = |found: fs::Metadata| (found.dev(), found.ino());
    let opened = open.metadata().map(id).map_err(Error::io("read the folder", path))?;
    Ok(path.metadata().is_ok_and(|named| id(named) == opened))
}

/// Where a test may let the next change of the disk fail.
#[cfg(not(test))]
fn changing() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use super::failpoint::changing;

/// Makes a folder and those above it.
///
/// # Errors
/// `Io` where that is not allowed.
pub fn make_folder(path: &Path) -> Result<(), Error> {
    if path.is_dir() {
        return Ok(());
    }
    changing().and_then(|()| fs::create_dir_all(path)).map_err(Error::io("make the folder", path))?;
    fs::set_permissions(path, Permissions::from_mode(0o755)).map_err(Error::io("set the mode of", path))
}

/// A file that was not there before.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    path: PathBuf,
}

impl NewFile {
    /// Waits until it is on the disk.
    ///
    /// # Errors
    /// `Io` where it does not get there.
    pub fn sync(&self) -> Result<(), Error> {
        changing().and_then(|()| self.file.sync_all()).map_err(Error::io("write", &self.path))
    }
}

impl Write for NewFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        changing()?;
        self.file.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens a file that must not exist yet.
///
/// # Errors
/// `Io` where it exists or cannot be made.
pub fn create(path: &Path) -> Result<NewFile, Error> {
    let opened = changing().and_then(|()| OpenOptions::new().write(true).create_new(true).open(path));
    let file = opened.map_err(Error::io("create", path))?;
    file.set_permissions(Permissions::from_mode(0o644)).map_err(Error::io("set the mode of", path))?;
    Ok(NewFile { file, path: path.to_path_buf() })
}

/// Writes a new file and waits until it is on the disk.
///
/// # Errors
/// `Io` where it exists or cannot be written.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = create(path)?;
    file.write_all(bytes).map_err(Error::io("write", path))?;
    file.sync()
}

/// Replaces a file by one with these bytes: whoever reads meanwhile gets the old or the new one, whole.
///
/// # Errors
/// `Io` where it cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let aside = aside(path);
    remove_if_there(&aside)?;
    write_new(&aside, bytes)?;
    changing().and_then(|()| fs::rename(&aside, path)).map_err(Error::io("replace", path))
}

/// Where the file is written that takes the place of another.
fn aside(path: &Path) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}.new"))
}

/// A file that is written piece by piece beside the one that it will replace; gone where that never happens.
#[derive(Debug)]
pub struct Replacement {
    file: NewFile,
    path: PathBuf,
    is_done: bool,
}

impl Replacement {
    /// # Errors
    /// `Io` where it cannot be made.
    pub fn new(path: &Path) -> Result<Self, Error> {
        let aside = aside(path);
        remove_if_there(&aside)?;
        Ok(Self { file: create(&aside)?, path: path.to_path_buf(), is_done: false })
    }

    /// Takes the place of the other file. What can be made again from what it was made of is not waited for until it is on the disk.
    ///
    /// # Errors
    /// `Io` where it cannot be renamed.
    pub fn commit(mut self) -> Result<(), Error> {
        changing().and_then(|()| fs::rename(&self.file.path, &self.path)).map_err(Error::io("replace", &self.path))?;
        self.is_done = true;
        Ok(())
    }
}

impl Write for Replacement {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.file.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.is_done {
            // The run has failed already; the next one removes what could not be removed here.
            let _ = remove_if_there(&self.file.path);
        }
    }
}

/// Waits until the entries of a folder are on the disk.
///
/// # Errors
/// `Io` where the folder cannot be opened.
pub fn sync_folder(path: &Path) -> Result<(), Error> {
    changing().and_then(|()| File::open(path)?.sync_all()).map_err(Error::io("write the folder", path))
}

/// Renames a folder; never onto another.
///
/// Where the file system cannot promise that in one step, existence is looked at first: the lock keeps other publishers
/// away meanwhile, and a rename onto a folder that is not empty fails everywhere.
///
/// # Errors
/// `Io` where the target exists or the rename fails.
pub fn rename_new(from: &Path, to: &Path) -> Result<(), Error> {
    changing().map_err(Error::io("create", to))?;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            if to.symlink_metadata().is_ok() {
                return Err(Error::Io { action: "create", path: to.to_path_buf(), source: io::ErrorKind::AlreadyExists.into() });
            }
            fs::rename(from, to).map_err(Error::io("create", to))
        }
        Err(errno) => Err(Error::Io { action: "create", path: to.to_path_buf(), source: errno.into() }),
    }
}

/// Removes a file or folder with all in it, if it is there.
///
/// # Errors
/// `Io` where it is there and stays.
pub fn remove_if_there(path: &Path) -> Result<(), Error> {
    let removed = match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => Err(error),
        Ok(found) if found.is_dir() => changing().and_then(|()| fs::remove_dir_all(path)),
        Ok(_) => changing().and_then(|()| fs::remove_file(path)),
    };
    removed.map_err(Error::io("remove", path))
}

/// Removes a folder that has nothing in it; another is left alone.
pub fn remove_if_empty(path: &Path) {
    // The run has failed already; an empty folder that stays is no harm to the next one.
    let _ = changing().and_then(|()| fs::remove_dir(path));
}

/// The names in a folder, sorted, with whether each is a folder.
///
/// # Errors
/// `Io` where the folder cannot be read.
pub fn names(folder: &Path) -> Result<Vec<(String, fs::FileType)>, Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read the folder", folder))? {
        let entry = entry.map_err(Error::io("read the folder", folder))?;
        let kind = entry.file_type().map_err(Error::io("read", entry.path()))?;
        names.push((entry.file_name().to_string_lossy().into_owned(), kind));
    }
    names.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(names)
}

/// A folder that is removed when dropped, unless it was renamed.
#[derive(Debug)]
pub struct Staging {
    pub folder: PathBuf,
}

impl Staging {
    /// Makes the folder, which must not exist.
    ///
    /// # Errors
    /// `Io` where it exists or cannot be made.
    pub fn new(folder: PathBuf) -> Result<Self, Error> {
        changing().and_then(|()| fs::create_dir(&folder)).map_err(Error::io("make the folder", &folder))?;
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).map_err(Error::io("set the mode of", &folder))?;
        Ok(Self { folder })
    }

    /// Renames the folder to its place; never onto another.
    ///
    /// # Errors
    /// `Io` where the target exists or the rename fails.
    pub fn commit(self, target: &Path) -> Result<(), Error> {
        rename_new(&self.folder, target)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After a commit there is nothing to remove; after a failure the next run removes what could not be removed here.
        let _ = remove_if_there(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::TempFolder;
    use super::*;

    #[test]
    fn a_lock_is_had_once() {
        let folder = TempFolder::new();
        let take = |wait| Lock::take(folder.path(), wait, &|| Ok(()));
        let lock = take(Duration::ZERO).unwrap();
        assert_eq!(take(Duration::from_millis(60)).unwrap_err().exit_code(), 3);
        let asked_to_stop = Lock::take(folder.path(), Duration::MAX, &|| Err(Error::Gate("stop".to_owned())));
        assert_eq!(asked_to_stop.unwrap_err().to_string(), "stop");
        drop(lock);
        assert!(take(Duration::ZERO).is_ok());
    }

    #[test]
    fn a_lock_is_that_of_the_folder_that_has_the_name() {
        let folder = TempFolder::new();
        let store = folder.path().join("output");
        fs::create_dir(&store).unwrap();
        let other = store.clone();
        let tried = std::cell::Cell::new(false);
        let lock = Lock::take(&store, Duration::ZERO, &|| {
            // Between opening and locking, the folder is replaced by another of the same name.
            if !tried.replace(true) {
                fs::remove_dir(&other).unwrap();
                fs::create_dir(&other).unwrap();
            }
            Ok(())
        });
        let _lock = lock.unwrap();
        assert!(Lock::take(&store, Duration::ZERO, &|| Ok(())).is_err());
    }

    #[test]
    fn a_folder_is_never_renamed_onto_another() {
        let folder = TempFolder::new();
        let target = folder.path().join("1.0.0");
        fs::create_dir(&target).unwrap();
        let staging = Staging::new(folder.path().join(".staging")).unwrap();
        assert!(staging.commit(&target).is_err(), "even an empty one");
        assert!(!folder.path().join(".staging").exists());
    }
}
