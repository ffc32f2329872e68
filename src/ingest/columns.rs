//! Columns: the values of documents in batches of Arrow, whatever way texts lie there.
//!
//! In: a schema and the names that are wanted; whatever else it has is passed over. Out: the values of a row as texts. Where texts are read
//! as the bytes that they are ([`as_bytes`]), one that is not UTF-8 spoils its own row, not the whole batch.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Field, Schema};

/// Columns by their names.
#[derive(Debug)]
pub struct Columns<const N: usize> {
    names: [&'static str; N],
    positions: [Option<usize>; N],
}

/// The values of a row; the name of the first column that is not UTF-8 where there is one.
pub type Values<const N: usize> = Result<[Option<String>; N], &'static str>;

impl<const N: usize> Columns<N> {
    /// Finds columns, which must be texts; a day may be a date, and a column of nulls alone is none. Those of `id` and `text` must be there.
    ///
    /// # Errors
    /// What is wrong with the schema.
    pub fn find(names: [&'static str; N], schema: &Schema) -> Result<Self, String> {
        let mut positions = [None; N];
        for (name, place) in names.into_iter().zip(&mut positions) {
            let mut with_name = schema.fields().iter().enumerate().filter(|(_, field)| field.name() == name);
            let (found, other) = (with_name.next(), with_name.next());
            if other.is_some() {
                return Err(format!("there are two columns \"{name}\""));
            }
            let is_needed = ["id", "text"].contains(&name);
            match found.map(|(at, field)| (at, field.data_type())) {
                None if is_needed => return Err(format!("there is no column \"{name}\"")),
                None => {}
                Some((at, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)) => *place = Some(at),
                Some((at, DataType::Date32)) if name == "published" => *place = Some(at),
                Some((_, DataType::Null)) if !is_needed => {}
                Some((_, other)) => return Err(format!("column \"{name}\" is {other}, expected texts (Utf8, LargeUtf8 or Utf8View)")),
            }
        }
        Ok(Self { names, positions })
    }

    /// Positions of the columns in the schema, in its order.
    #[must_use]
    pub fn positions(&self) -> Vec<usize> {
        let mut positions: Vec<usize> = self.positions.into_iter().flatten().collect();
        positions.sort_unstable();
        positions
    }

    /// The columns in batches that have them alone, in the order of the schema.
    #[must_use]
    pub fn alone(self) -> Self {
        let read = self.positions();
        Self { positions: self.positions.map(|position| read.binary_search(&position?).ok()), ..self }
    }

    /// The values of a row.
    pub fn values(&self, batch: &RecordBatch, row: usize) -> Values<N> {
        let mut values = [const { None }; N];
        for ((value, position), name) in values.iter_mut().zip(self.positions).zip(self.names) {
            let Some(position) = position else { continue };
            *value = text_at(batch.column(position), row).map_err(|_| name)?;
        }
        Ok(values)
    }
}

/// The schema with texts as bytes, which lie in a stream alike. A null where none may be is the fault of one document.
#[must_use]
pub fn as_bytes(schema: &Schema) -> Schema {
    let data_type = |field: &Field| match field.data_type() {
        DataType::Utf8 => DataType::Binary,
        DataType::LargeUtf8 => DataType::LargeBinary,
        DataType::Utf8View => DataType::BinaryView,
        other => other.clone(),
    };
    Schema::new(schema.fields().iter().map(|field| Field::new(field.name(), data_type(field), true)).collect::<Vec<_>>())
}

fn text_at(array: &dyn Array, row: usize) -> Result<Option<String>, std::str::Utf8Error> {
    if array.is_null(row) {
        return Ok(None);
    }
    let bytes = match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).as_bytes(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).as_bytes(),
        DataType::Utf8View => array.as_string_view().value(row).as_bytes(),
        DataType::Binary => array.as_binary::<i32>().value(row),
        DataType::LargeBinary => array.as_binary::<i64>().value(row),
        DataType::BinaryView => array.as_binary_view().value(row),
        DataType::Date32 => {
            let day = Date32Type::to_naive_date_opt(array.as_primitive::<Date32Type>().value(row));
            return Ok(day.map(|day| day.to_string()));
        }
        _ => return Ok(None),
    };
    std::str::from_utf8(bytes).map(|text| Some(text.to_owned()))
}
