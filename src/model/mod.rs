//! The nouns: what the stages hand to each other. No verbs of a stage live here, and nothing here touches the disk.

pub mod bound;
pub mod cell;
pub mod complaint;
pub mod corrections;
pub mod countries;
pub mod csv_rows;
pub mod dataset;
pub mod date;
pub mod digest;
pub mod document;
pub mod envelope;
pub mod expectations;
pub mod frame;
pub mod gazetteer;
pub mod json_file;
pub mod record;
pub mod record_table;
pub mod reference;
pub mod renames;
pub mod rows;
pub mod salvage;
pub mod schemas;
pub mod settings;
pub mod source;
pub mod span;
pub mod table;
pub mod text;
pub mod tokens;
pub mod toml_file;
pub mod vocabulary;

pub use cell::Cell;
pub use document::Document;
pub use record::{Draft, Record};
pub use span::{Span, SpanMap};
pub use table::TableSchema;
