//! Files: what a file of the folder holds, told by its name: one text, or many texts as records; compressed or not.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use zstd::stream::read::Decoder as ZstdDecoder;

use crate::model::document::{Format, uncompressed};

/// How texts lie in a file of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// One JSON object a line.
    Lines,
    Parquet,
    /// Arrow IPC, as file or stream.
    Arrow,
}

const CONTAINERS: &[(Container, &[&str])] =
    &[(Container::Lines, &["jsonl", "ndjson"]), (Container::Parquet, &["parquet"]), (Container::Arrow, &["arrow", "arrows", "feather"])];

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Text(Format),
    Records(Container),
}

impl FileKind {
    /// What a file holds by its name, whatever its case; none for other files. Parquet and Arrow compress by themselves.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let inner = uncompressed(name);
        if let Some(format) = Format::of(inner.as_ref()) {
            return Some(Self::Text(format));
        }
        let extension = inner.rsplit_once('.')?.1.to_ascii_lowercase();
        let (container, _) = CONTAINERS.iter().find(|(_, extensions)| extensions.contains(&extension.as_str()))?;
        (*container == Container::Lines || inner.len() == name.len()).then_some(Self::Records(*container))
    }

    /// The extensions as a user reads them.
    #[must_use]
    pub fn extensions() -> String {
        let records: Vec<String> = CONTAINERS.iter().map(|(_, extensions)| format!(".{}", extensions[0])).collect();
        format!("{}, {}", Format::extensions(), records.join(", "))
    }
}

/// Reads what a file of that name holds, decompressed where its name says that it is compressed.
///
/// # Errors
/// Where a decoder cannot be made.
pub fn decompressed<'a>(name: &str, file: impl Read + Send + 'a) -> io::Result<Box<dyn BufRead + Send + 'a>> {
    let file = BufReader::with_capacity(1 << 16, file);
    let lower = name.to_ascii_lowercase();
    Ok(if lower.ends_with(".gz") {
        Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file)))
    } else if lower.ends_with(".zst") {
        Box::new(BufReader::with_capacity(1 << 16, ZstdDecoder::with_buffer(file)?))
    } else {
        Box::new(file)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_what_a_file_holds() {
        assert_eq!(FileKind::of("a.txt"), Some(FileKind::Text(Format::Text)));
        assert_eq!(FileKind::of("a.HTML.zst"), Some(FileKind::Text(Format::Html)));
        assert_eq!(FileKind::of("a.b.jsonl.GZ"), Some(FileKind::Records(Container::Lines)));
        assert_eq!(FileKind::of("a.parquet"), Some(FileKind::Records(Container::Parquet)));
        assert_eq!(FileKind::of("a.parquet.gz"), None);
        assert_eq!((FileKind::of("a.gz"), FileKind::of("sources.toml"), FileKind::of("txt")), (None, None, None));
    }

    #[test]
    fn text_reads_the_same_however_it_is_compressed() {
        let text = "one\ntwo\n".repeat(1000);
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        io::Write::write_all(&mut gz, text.as_bytes()).unwrap();
        // Two members in one file, as `cat a.gz b.gz` makes them.
        let member = gz.finish().unwrap();
        let zst = zstd::encode_all(text.as_bytes(), 1).unwrap();
        for (name, bytes) in [("a.txt.gz", [&member[..], &member[..]].concat()), ("a.txt.zst", [&zst[..], &zst[..]].concat())] {
            let mut read = String::new();
            decompressed(name, &bytes[..]).unwrap().read_to_string(&mut read).unwrap();
            assert_eq!(read, text.repeat(2), "{name}");
            assert!(decompressed(name, &bytes[..bytes.len() - 9]).unwrap().read_to_string(&mut String::new()).is_err(), "{name} is cut");
        }
    }
}
