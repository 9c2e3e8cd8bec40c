//! Where the positions of a chain wait until somebody asks for them.

/// Rows of one length, put away one after another and taken out by number.
pub trait Store: Send {
    /// Puts a row behind the others.
    ///
    /// # Errors
    /// Why it cannot be kept, in the words that the user reads.
    fn push(&mut self, row: &[f64]) -> Result<(), String>;

    /// Copies row `index`, from 0, into `row`.
    ///
    /// # Errors
    /// Why it cannot be had, in the words that the user reads.
    fn get(&mut self, index: usize, row: &mut [f64]) -> Result<(), String>;
}

/// In memory, row after row.
impl Store for Vec<f64> {
    fn push(&mut self, row: &[f64]) -> Result<(), String> {
        self.extend_from_slice(row);
        Ok(())
    }

    fn get(&mut self, index: usize, row: &mut [f64]) -> Result<(), String> {
        row.copy_from_slice(&self[index * row.len()..(index + 1) * row.len()]);
        Ok(())
    }
}

impl Store for Box<dyn Store + '_> {
    fn push(&mut self, row: &[f64]) -> Result<(), String> {
        (**self).push(row)
    }

    fn get(&mut self, index: usize, row: &mut [f64]) -> Result<(), String> {
        (**self).get(index, row)
    }
}
