//! Reads Parquet and Arrow files: types are kept, nothing is turned into text that is not text.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, SchemaRef, TimeUnit, TimestampMillisecondType};
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use jiff::ToSpan;
use jiff::civil::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use wanamaker::data::table::{Column, Table, TextColumn, Values};
use wanamaker::problem::{Place, Problem, Problems};

use super::header::{MOST_COLUMNS, Unnamed, check_header, no_rows, too_wide};
use super::{Read, corrupt, unreadable};

/// Reads a Parquet file.
pub fn read_parquet(source: &str, path: &Path) -> Result<Read, Problems> {
    let file = File::open(path).map_err(|error| unreadable(source, &error))?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|why| corrupt(source, &why.to_string()))?;
    let schema = builder.schema().clone();
    let batches = builder.build().map_err(|why| corrupt(source, &why.to_string()))?;
    collect(source, &schema, batches)
}

/// Reads an Arrow IPC file (also called Feather 2).
pub fn read_arrow_file(source: &str, path: &Path) -> Result<Read, Problems> {
    let file = File::open(path).map_err(|error| unreadable(source, &error))?;
    let reader = FileReader::try_new_buffered(file, None).map_err(|why| corrupt(source, &why.to_string()))?;
    collect(source, &reader.schema(), reader)
}

/// Reads an Arrow IPC stream.
pub fn read_arrow_stream(source: &str, path: &Path) -> Result<Read, Problems> {
    let file = File::open(path).map_err(|error| unreadable(source, &error))?;
    let reader =
        StreamReader::try_new_buffered(file, None).map_err(|why| corrupt(source, &why.to_string()))?;
    collect(source, &reader.schema(), reader)
}

fn collect(
    source: &str,
    schema: &SchemaRef,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
) -> Result<Read, Problems> {
    let n_columns = schema.fields().len();
    if n_columns > MOST_COLUMNS {
        return Err(too_wide(source, n_columns));
    }
    let mut found = Problems::new();
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().trim().to_owned()).collect();
    let mut kept = check_header(source, &names, 1, |_| Unnamed::Values, &mut found);
    let mut columns: Vec<Option<Growing>> =
        schema.fields().iter().map(|f| Growing::of(f.data_type())).collect();
    for (i, field) in schema.fields().iter().enumerate() {
        let is_index = field.name().starts_with("__index_level_");
        if columns[i].is_none() || is_index {
            let message = if is_index {
                format!("column `{}` is the index of a data frame: left out", field.name())
            } else {
                format!(
                    "column `{}` holds {}, which is no cell of a table: left out",
                    field.name(),
                    field.data_type()
                )
            };
            found.push(Problem::info("data.column_left_out", Place::column(source, field.name()), message));
            columns[i] = None;
            if let Some(name) = kept.get_mut(i) {
                *name = None;
            }
        }
    }
    for batch in batches {
        let batch = batch.map_err(|why| corrupt(source, &why.to_string()))?;
        for (column, array) in columns.iter_mut().zip(batch.columns()) {
            if let Some(column) = column {
                column.push(array).map_err(|why| corrupt(source, &why.to_string()))?;
            }
        }
    }
    finish(source, kept, columns, found)
}

fn finish(
    source: &str,
    kept: Vec<Option<String>>,
    columns: Vec<Option<Growing>>,
    mut found: Problems,
) -> Result<Read, Problems> {
    let mut table = Table { source: source.to_owned(), ..Table::default() };
    for (name, column) in kept.into_iter().zip(columns) {
        let (Some(name), Some(column)) = (name, column) else { continue };
        if column.n_times > 0 {
            let message =
                format!("the time of day is left out in {} cells of column `{name}`", column.n_times);
            let remark = Problem::attention("data.time_of_day", Place::column(source, &name), message);
            found.push(remark.hint("add the rows of a day up first"));
        }
        table.columns.push(Column { name, values: column.values });
    }
    if table.n_rows() == 0 && !found.has_errors() {
        found.push(no_rows(source));
    }
    if found.has_errors() { Err(found) } else { Ok(Read { table, remarks: found }) }
}

/// A column that grows batch by batch.
struct Growing {
    values: Values,
    /// Cells whose time of day is not midnight.
    n_times: usize,
}

impl Growing {
    /// An empty column for cells of this type; `None` for lists, structures and bytes.
    fn of(data_type: &DataType) -> Option<Self> {
        let values = match data_type {
            DataType::Dictionary(_, of) => return Self::of(of),
            DataType::Boolean => Values::Bool(Vec::new()),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => {
                Values::Text(TextColumn::default())
            }
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Values::Date(Vec::new()),
            number if number.is_numeric() => Values::Number(Vec::new()),
            _ => return None,
        };
        Some(Self { values, n_times: 0 })
    }

    fn push(&mut self, array: &ArrayRef) -> Result<(), ArrowError> {
        match &mut self.values {
            Values::Bool(cells) => {
                let array = cast(array, &DataType::Boolean)?;
                let array: &BooleanArray = array.as_boolean();
                cells.extend(array.iter());
            }
            Values::Text(cells) => {
                let array = cast(array, &DataType::LargeUtf8)?;
                for cell in array.as_string::<i64>() {
                    cells.push(cell.unwrap_or_default());
                }
            }
            Values::Number(cells) => {
                let array = cast(array, &DataType::Float64)?;
                cells.extend(array.as_primitive::<Float64Type>().iter());
            }
            Values::Date(cells) => self.n_times += push_dates(array, cells)?,
        }
        Ok(())
    }
}

/// Appends the days of an array and returns how many cells had a time of day.
fn push_dates(array: &ArrayRef, cells: &mut Vec<Option<Date>>) -> Result<usize, ArrowError> {
    const MILLIS_PER_DAY: i64 = 86_400_000;
    let epoch = Date::constant(1970, 1, 1);
    let on = |days: i64| {
        let span = jiff::Span::new().try_days(days).ok()?;
        epoch.checked_add(span).ok()
    };
    if matches!(array.data_type(), DataType::Date32) {
        cells.extend(
            array.as_primitive::<Date32Type>().iter().map(|days| days.and_then(|days| on(i64::from(days)))),
        );
        return Ok(0);
    }
    // Dictionaries and all other units and zones come down to milliseconds; a zone is kept as the file shows it in UTC.
    let array = cast(array, &DataType::Timestamp(TimeUnit::Millisecond, None))?;
    let mut n_times = 0;
    for millis in array.as_primitive::<TimestampMillisecondType>() {
        n_times += usize::from(millis.is_some_and(|millis| millis.rem_euclid(MILLIS_PER_DAY) != 0));
        cells.push(millis.and_then(|millis| on(millis.div_euclid(MILLIS_PER_DAY))));
    }
    debug_assert!(epoch.checked_add(1.day()).is_ok());
    Ok(n_times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{
        Date32Array, Decimal128Array, DictionaryArray, Float64Array, Int64Array, StringArray,
    };
    use arrow::array::{ListArray, TimestampNanosecondArray};
    use arrow::datatypes::{Int8Type, Int32Type};
    use arrow::ipc::writer::{FileWriter, StreamWriter};
    use parquet::arrow::ArrowWriter;
    use std::sync::Arc;

    fn batch() -> RecordBatch {
        let noon = 43_200_000_000_000;
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)]), None]);
        let decimal = Decimal128Array::from(vec![Some(1_250), None]).with_precision_and_scale(10, 2).unwrap();
        let geo: DictionaryArray<Int8Type> = ["n", "s"].into_iter().collect();
        RecordBatch::try_from_iter([
            ("day", Arc::new(Date32Array::from(vec![Some(19_754), None])) as ArrayRef),
            ("at", Arc::new(TimestampNanosecondArray::from(vec![noon, 2 * noon]))),
            ("n", Arc::new(Int64Array::from(vec![Some(3), None]))),
            ("x", Arc::new(Float64Array::from(vec![1.5, f64::NAN]))),
            ("money", Arc::new(decimal)),
            ("geo", Arc::new(geo)),
            ("text", Arc::new(StringArray::from(vec![Some("a"), None]))),
            ("flag", Arc::new(BooleanArray::from(vec![Some(true), None]))),
            ("list", Arc::new(list)),
        ])
        .unwrap()
    }

    #[test]
    fn parquet_and_arrow_keep_their_types() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let batch = batch();
        let create = |name: &str| File::create(path(name)).unwrap();
        let mut writer = ArrowWriter::try_new(create("t.parquet"), batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        let mut writer = FileWriter::try_new(create("t.arrow"), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        let mut writer = StreamWriter::try_new(create("t.arrows"), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        for name in ["t.parquet", "t.arrow", "t.arrows"] {
            let read =
                super::super::read_table(&path(name)).unwrap_or_else(|found| panic!("{name}: {found}"));
            let values = |column: &str| &read.table.column(column).unwrap().values;
            let day = jiff::civil::date(2024, 2, 1);
            assert_eq!(values("day"), &Values::Date(vec![Some(day), None]));
            assert_eq!(
                values("at"),
                &Values::Date(vec![Some(Date::constant(1970, 1, 1)), Some(Date::constant(1970, 1, 2))])
            );
            assert_eq!(values("n"), &Values::Number(vec![Some(3.0), None]));
            assert_eq!(values("money"), &Values::Number(vec![Some(12.5), None]));
            assert_eq!(values("geo"), &Values::Text(["n", "s"].into_iter().collect()));
            assert_eq!(values("text"), &Values::Text(["a", ""].into_iter().collect()));
            assert_eq!(values("flag"), &Values::Bool(vec![Some(true), None]));
            let codes: Vec<_> = read.remarks.iter().map(|remark| remark.code).collect();
            assert_eq!(codes, ["data.column_left_out", "data.time_of_day"]);
        }
    }
}
