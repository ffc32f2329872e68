//! Arrow IPC as a stream of batches, taken apart with care.
//!
//! In: bytes, of a pipe or a file, in the stream or the file form. Out: batches in any types that lie in the stream as its own do. A length
//! or an offset that leads nowhere is an error, as is a stream without its end mark: it was cut. The reader of the library stops the
//! program at some of the former and takes the latter for whole.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::ipc::convert::try_fb_to_schema;
use arrow::ipc::reader::read_record_batch;
use arrow::ipc::{Endianness, MessageHeader, root_as_message};

use super::columns::{Columns, as_bytes};

/// Most bytes that a message has before its body: a schema of some hundred thousand columns.
const LONGEST_HEAD: u64 = 1 << 26;

/// What the file form begins with.
const FILE: &[u8; 8] = b"ARROW1\0\0";

/// Most words of nothing behind that.
const PADDING: usize = 64;

/// The types to read the columns in, and the columns to read; all of them where none are named.
pub type Reading = (Schema, Option<Vec<usize>>);

/// The batches of a stream.
#[derive(Debug)]
pub struct Batches<R> {
    input: R,
    schema: SchemaRef,
    columns: Option<Vec<usize>>,
    is_over: bool,
}

fn broken(problem: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, problem.into())
}

impl<R: Read> Batches<R> {
    /// Reads the schema of documents, to go on with some of their columns, texts as bytes.
    ///
    /// # Errors
    /// `InvalidData` where it is no such stream, or the columns are not what they should be; those of the input.
    pub fn of_columns<const N: usize>(input: R, names: [&'static str; N]) -> io::Result<(Self, Columns<N>)> {
        let mut found = None;
        let batches = Self::new(input, |schema| {
            let columns = Columns::find(names, &schema)?;
            let read = columns.positions();
            found = Some(columns.alone());
            Ok((as_bytes(&schema), Some(read)))
        })?;
        found.map(|columns| (batches, columns)).ok_or_else(|| broken("the stream has no columns"))
    }

    /// Reads the schema; `reading` says how to go on with it.
    ///
    /// # Errors
    /// `InvalidData` where it is no such stream; what `reading` says; those of the input.
    pub fn new(mut input: R, reading: impl FnOnce(Schema) -> Result<Reading, String>) -> io::Result<Self> {
        let message = first_message(&mut input)?.ok_or_else(|| broken("the stream has no schema"))?;
        let head = root_as_message(&message.head).map_err(|error| broken(format!("no Arrow IPC stream: {error}")))?;
        let schema = head.header_as_schema().ok_or_else(|| broken("no Arrow IPC stream: it does not begin with a schema"))?;
        if schema.endianness() != Endianness::Little {
            return Err(broken("the stream is big-endian"));
        }
        let schema = try_fb_to_schema(schema).map_err(|error| broken(error.to_string()))?;
        let (schema, columns) = reading(schema).map_err(broken)?;
        Ok(Self { input, schema: Arc::new(schema), columns, is_over: false })
    }

    /// The next batch; none at the end.
    ///
    /// # Errors
    /// `InvalidData` where the stream is damaged or cut; those of the input.
    pub fn next(&mut self) -> io::Result<Option<RecordBatch>> {
        while !self.is_over {
            match message(&mut self.input)? {
                None => self.is_over = true,
                Some(message) => {
                    if let Some(batch) = self.decoded(message)? {
                        return Ok(Some(batch));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The rows of a message; none where it has something else.
    fn decoded(&self, message: Message) -> io::Result<Option<RecordBatch>> {
        let head = root_as_message(&message.head).map_err(|error| broken(format!("the stream is damaged: {error}")))?;
        let batch = match head.header_type() {
            // Columns that are read have none.
            MessageHeader::DictionaryBatch => return Ok(None),
            MessageHeader::RecordBatch => head.header_as_record_batch().ok_or_else(|| broken("the stream is damaged: a batch without a head"))?,
            other => return Err(broken(format!("the stream has a message of type {other:?} among its batches"))),
        };
        let size = message.body.len();
        let is_inside = |offset: i64, length: i64| {
            let end = offset.checked_add(length).and_then(|end| usize::try_from(end).ok());
            offset >= 0 && length >= 0 && end.is_some_and(|end| end <= size)
        };
        let buffers_fit = batch.buffers().is_none_or(|buffers| buffers.iter().all(|buffer| is_inside(buffer.offset(), buffer.length())));
        // No column has more rows than its batch has bits, but one of nulls alone.
        let rows_fit = batch.nodes().is_none_or(|nodes| nodes.iter().all(|node| (0..=i64::from(i32::MAX)).contains(&node.length())));
        if !(buffers_fit && rows_fit && (0..=i64::from(i32::MAX)).contains(&batch.length())) {
            return Err(broken("the stream is damaged: a batch speaks of bytes that it does not have"));
        }
        let body = Buffer::from_vec(message.body);
        let read = || read_record_batch(&body, batch, Arc::clone(&self.schema), &HashMap::new(), self.columns.as_deref(), &head.version());
        // What else may be wrong with a batch stops the library; nothing of it is used then.
        let read = catch_unwind(AssertUnwindSafe(read)).map_err(|_| broken("the stream is damaged: a batch cannot be taken apart"))?;
        read.map(Some).map_err(|error| broken(format!("a batch of the stream cannot be read: {error}")))
    }
}

struct Message {
    head: Vec<u8>,
    body: Vec<u8>,
}

fn word(input: &mut impl Read) -> io::Result<[u8; 4]> {
    let mut word = [0; 4];
    input.read_exact(&mut word).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => broken("the stream ends without its end mark: whoever wrote it stopped early, or did not close it"),
        _ => error,
    })?;
    Ok(word)
}

/// The first message of a stream, or of a file, which is a stream between two other things.
fn first_message(input: &mut impl Read) -> io::Result<Option<Message>> {
    let first = word(input)?;
    if first != FILE[..4] {
        return message_after(first, input);
    }
    let mut next = word(input)?;
    if next != FILE[4..] {
        return Err(broken("no Arrow IPC stream"));
    }
    // Writers fill up to where they want the first message to begin.
    for _ in 0..PADDING {
        next = word(input)?;
        if next != [0; 4] {
            break;
        }
    }
    message_after(next, input)
}

/// The next message of a stream; none at its end mark.
fn message(input: &mut impl Read) -> io::Result<Option<Message>> {
    let first = word(input)?;
    message_after(first, input)
}

fn message_after(first: [u8; 4], input: &mut impl Read) -> io::Result<Option<Message>> {
    // Before version 0.15 the length stood alone.
    let length = if first == [0xff; 4] { word(input)? } else { first };
    let length = u64::from(u32::from_le_bytes(length));
    if length == 0 {
        return Ok(None);
    }
    if length > LONGEST_HEAD {
        return Err(broken("no Arrow IPC stream, or a damaged one"));
    }
    let head = exactly(input, length)?;
    let parsed = root_as_message(&head).map_err(|error| broken(format!("no Arrow IPC stream, or a damaged one: {error}")))?;
    let length = u64::try_from(parsed.bodyLength()).map_err(|_| broken("the stream is damaged: a body of less than no bytes"))?;
    let body = exactly(input, length)?;
    Ok(Some(Message { head, body }))
}

/// So many bytes. Memory is taken as they come: a length may be damaged.
fn exactly(input: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(length.min(1 << 20) as usize);
    input.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length { Err(broken("the stream ends inside a batch")) } else { Ok(bytes) }
}
