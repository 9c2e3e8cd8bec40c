//! A table as a reader found it: named columns of raw cells, and the row of the file each came from.

use jiff::civil::Date;

/// Cells of a text column, packed end to end: a million rows stay a few megabytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumn {
    bytes: String,
    ends: Vec<usize>,
}

impl TextColumn {
    /// Appends one cell.
    pub fn push(&mut self, cell: &str) {
        self.bytes.push_str(cell);
        self.ends.push(self.bytes.len());
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Cell `row` (from 0), exactly as it stood in the file.
    pub fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
    }

    /// All cells in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }
}

impl<S: AsRef<str>> FromIterator<S> for TextColumn {
    fn from_iter<I: IntoIterator<Item = S>>(cells: I) -> Self {
        let mut column = Self::default();
        for cell in cells {
            column.push(cell.as_ref());
        }
        column
    }
}

/// The cells of one column, in the type the file gave them. Text files give text; nothing is guessed here.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Cells as they stood.
    Text(TextColumn),
    /// Numbers; `None` is an empty cell. A NaN or an infinity of the file is kept, to be reported.
    Number(Vec<Option<f64>>),
    /// Dates; `None` is an empty cell.
    Date(Vec<Option<Date>>),
    /// Yes and no; `None` is an empty cell.
    Bool(Vec<Option<bool>>),
}

impl Values {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Values::Text(cells) => cells.len(),
            Values::Number(cells) => cells.len(),
            Values::Date(cells) => cells.len(),
            Values::Bool(cells) => cells.len(),
        }
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name from the header, trimmed of white space.
    pub name: String,
    /// Its cells.
    pub values: Values,
}

/// A rectangular table. All columns have the same length; names are unique and not empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Where it came from, as the user named it; stands in every problem.
    pub source: String,
    /// Columns in file order.
    pub columns: Vec<Column>,
    /// Row of the file of each table row, as an editor counts (header = 1). Empty means `i + 2`.
    pub row_numbers: Vec<u32>,
}

impl Table {
    /// A table held in memory, its rows numbered as if a header stood in row 1.
    pub fn new(source: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { source: source.into(), columns, row_numbers: Vec::new() }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Row of the file that table row `i` (from 0) came from.
    pub fn row_number(&self, i: usize) -> usize {
        self.row_numbers.get(i).map_or(i + 2, |&row| row as usize)
    }

    /// The column of that exact name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Names in file order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}
