//! Rows as a batch of Arrow's: what Parquet and Arrow files are written from.

use crate::fit_file::days_since_epoch;
use crate::rows::{RowColumn, RowValues, Rows};
use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray,
};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use std::sync::Arc;

impl Rows {
    /// The same columns with Arrow's types; a number that is missing stays NaN.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let (fields, arrays): (Vec<_>, Vec<_>) = self.columns.iter().map(field_and_array).unzip();
        let options = RecordBatchOptions::new().with_row_count(Some(self.n_rows()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
    }
}

fn field_and_array(column: &RowColumn) -> (Field, ArrayRef) {
    let array: ArrayRef = match &column.values {
        RowValues::Text(cells) => Arc::new(StringArray::from_iter_values(cells)),
        RowValues::Number(cells) => Arc::new(Float64Array::from(cells.clone())),
        RowValues::Integer(cells) => Arc::new(Int64Array::from(cells.clone())),
        RowValues::Date(cells) => {
            Arc::new(Date32Array::from_iter(cells.iter().map(|c| c.map(days_since_epoch))))
        }
        RowValues::Bool(cells) => Arc::new(BooleanArray::from(cells.clone())),
    };
    let may_be_empty = matches!(array.data_type(), DataType::Date32 | DataType::Boolean);
    (Field::new(&column.name, array.data_type().clone(), may_be_empty), array)
}
