//! One table as the bytes of a Parquet file and back, with a note in its metadata.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::{Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::{ArrowWriterOptions, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::panic::catch_unwind;
use std::sync::Arc;

/// Key of the note in the metadata of the file.
const NOTE: &str = "wanamaker";

/// What the columns hold, which decides how they are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Draws: numbers that never repeat; packing them costs time and saves little.
    Draws,
    /// Data: dates, names and amounts that repeat.
    Data,
}

/// The bytes of a batch, with a note beside it; the same batch gives the same bytes.
///
/// Parquet's own types say all that our columns need. The Arrow schema that is usually put beside them is left out: it
/// adds nothing, and its decoder panics on some damaged ones instead of refusing them (arrow-ipc 59.3).
pub fn write(batch: &RecordBatch, note: Option<String>, content: Content) -> Result<Vec<u8>, ParquetError> {
    let room = batch.get_array_memory_size() + (1 << 14);
    let mut writer = writer(batch.schema(), room, note, content)?;
    writer.write(batch)?;
    writer.into_inner()
}

/// The bytes of the columns of `schema`, all of `n_rows` numbers, of which `column` gives the first, the second, …: only one of
/// them stands beside the bytes at any time.
pub fn write_columns(
    schema: Schema,
    n_rows: usize,
    column: impl Fn(usize) -> ArrayRef,
    note: Option<String>,
    content: Content,
) -> Result<Vec<u8>, ParquetError> {
    let schema = Arc::new(schema);
    let room = schema.fields().len() * (n_rows * size_of::<f64>() + (1 << 9)) + (1 << 14);
    let (mut file, columns) = writer(schema.clone(), room, note, content)?.into_serialized_writer()?;
    let mut rows = file.next_row_group()?;
    for (k, (mut out, field)) in
        columns.create_column_writers(0)?.into_iter().zip(schema.fields()).enumerate()
    {
        for leaf in compute_leaves(field, &column(k))? {
            out.write(&leaf)?;
        }
        out.close()?.append_to_row_group(&mut rows)?;
    }
    rows.close()?;
    file.into_inner()
}

fn writer(
    schema: SchemaRef,
    room: usize,
    note: Option<String>,
    content: Content,
) -> Result<ArrowWriter<Vec<u8>>, ParquetError> {
    let note = note.map(|note| vec![KeyValue::new(NOTE.to_owned(), note)]);
    let properties =
        WriterProperties::builder().set_created_by("wanamaker".to_owned()).set_key_value_metadata(note);
    let properties = match content {
        Content::Draws => properties
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_compression(Compression::UNCOMPRESSED),
        Content::Data => properties.set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?)),
    };
    let options =
        ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(Vec::with_capacity(room), schema, options)
}

/// Reads everything back as one batch, with its note.
///
/// Parquet's decoder trusts what stands in a file and panics on some bytes that no writer makes (59.3: a bit flipped in
/// an encoding, a count or an offset). Checksums keep accidents away from it, but not intent: its panic is a refusal.
pub fn read(bytes: Vec<u8>) -> Result<(RecordBatch, Option<String>), ParquetError> {
    catch_unwind(|| decode(bytes))
        .unwrap_or_else(|_| Err(ParquetError::General("it is not sound".to_owned())))
}

fn decode(bytes: Vec<u8>) -> Result<(RecordBatch, Option<String>), ParquetError> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(Bytes::from(bytes), options)?;
    let pairs = builder.metadata().file_metadata().key_value_metadata();
    let note = pairs.and_then(|pairs| pairs.iter().find(|pair| pair.key == NOTE)?.value.clone());
    let reader = builder.with_batch_size(1 << 16).build()?;
    let schema = arrow::array::RecordBatchReader::schema(&reader);
    let batches = reader.collect::<Result<Vec<_>, _>>()?;
    Ok((concat_batches(&schema, &batches)?, note))
}
