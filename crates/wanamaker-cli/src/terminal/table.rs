//! Tables for reading: words to the left, numbers to the right, one rule under the header.

use unicode_width::UnicodeWidthStr;

/// A table that grows row by row.
#[derive(Clone, Debug)]
pub struct TextTable {
    header: Vec<String>,
    numeric: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    /// Columns by name; a name that begins with `>` heads a column of numbers, which stands to the right.
    pub fn new<S: AsRef<str>>(columns: &[S]) -> Self {
        let names = columns.iter().map(AsRef::as_ref);
        Self {
            header: names.clone().map(|name| name.trim_start_matches('>').to_owned()).collect(),
            numeric: names.map(|name| name.starts_with('>')).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, values: impl IntoIterator<Item = String>) {
        self.rows.push(values.into_iter().collect());
    }

    /// The whole as text, two blanks between columns and none at line ends.
    pub fn render(&self) -> String {
        let mut widths: Vec<usize> = self.header.iter().map(|name| name.width()).collect();
        for row in &self.rows {
            for (width, value) in widths.iter_mut().zip(row) {
                *width = (*width).max(value.width());
            }
        }
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1));
        let mut text = self.line(&self.header, &widths) + &rule + "\n";
        self.rows.iter().for_each(|row| text += &self.line(row, &widths));
        text
    }

    fn line(&self, values: &[String], widths: &[usize]) -> String {
        let mut text = String::new();
        for ((value, width), numeric) in values.iter().zip(widths).zip(&self.numeric) {
            let blanks = " ".repeat(width - value.width());
            text += &if *numeric { format!("{blanks}{value}  ") } else { format!("{value}{blanks}  ") };
        }
        text.truncate(text.trim_end().len());
        text + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right_under_one_rule() {
        let mut table = TextTable::new(&["name", ">mean"]);
        table.row(["tv".into(), "1.5".into()]);
        table.row(["käse".into(), "10.25".into()]);
        assert_eq!(table.render(), "name   mean\n───────────\ntv      1.5\nkäse  10.25\n");
    }
}
