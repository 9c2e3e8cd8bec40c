//! A store for draws on the disk: in memory up to a limit, behind it in a file without a name, which is gone with the store.

use crate::atomic::{folder_of, reason_of};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};
use tempfile::{SpooledTempFile, spooled_tempfile_in};
use wanamaker_mcmc::store::Store;

/// Bytes that a store of draws keeps in memory: 2,000 draws of a thousand parameters.
const IN_MEMORY: usize = 16 << 20;

/// Rows of numbers, in memory or in a file.
#[derive(Debug)]
pub struct Spill {
    file: SpooledTempFile,
    folder: PathBuf,
    /// Bytes of one row.
    bytes: Vec<u8>,
}

impl Spill {
    /// An empty one, whose file would stand beside `target`: where a fit will be written there is room for its draws, while the
    /// system's folder for temporary files, the choice where the target is a device, may itself be memory.
    pub fn beside(target: &Path) -> Self {
        let is_device = fs::metadata(target).is_ok_and(|found| !found.is_file());
        let folder = if is_device { env::temp_dir() } else { folder_of(target) };
        Self::with_limit(folder, IN_MEMORY)
    }

    fn with_limit(folder: PathBuf, limit: usize) -> Self {
        Self { file: spooled_tempfile_in(limit, &folder), folder, bytes: Vec::new() }
    }

    fn write(&mut self, row: &[f64]) -> io::Result<()> {
        self.bytes.clear();
        row.iter().for_each(|x| self.bytes.extend_from_slice(&x.to_ne_bytes()));
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(&self.bytes)
    }

    fn read(&mut self, index: usize, row: &mut [f64]) -> io::Result<()> {
        self.bytes.resize(size_of_val(row), 0);
        self.file.seek(SeekFrom::Start((index * self.bytes.len()) as u64))?;
        self.file.read_exact(&mut self.bytes)?;
        for (x, bytes) in row.iter_mut().zip(self.bytes.as_chunks().0) {
            *x = f64::from_ne_bytes(*bytes);
        }
        Ok(())
    }

    fn in_words(&self, error: &io::Error) -> String {
        format!("a temporary file in `{}` failed: {}", self.folder.display(), reason_of(error))
    }
}

impl Store for Spill {
    fn push(&mut self, row: &[f64]) -> Result<(), String> {
        self.write(row).map_err(|error| self.in_words(&error))
    }

    fn get(&mut self, index: usize, row: &mut [f64]) -> Result<(), String> {
        self.read(index, row).map_err(|error| self.in_words(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;
    use wanamaker::engine::fit::{Fit, FitError, fit, fit_through};
    use wanamaker::model::compile::{CompiledModel, from_table};
    use wanamaker::simulate::options::Options;
    use wanamaker::simulate::preset::Preset;
    use wanamaker::simulate::simulate;
    use wanamaker::spec::UntilSpec;
    use wanamaker::spec::document::{Format, read};

    fn row(index: usize) -> Vec<f64> {
        vec![index as f64 / 3.0, f64::NEG_INFINITY, -0.0, f64::from_bits(0x7ff8_0000_dead_beef)]
    }

    fn bits(row: &[f64]) -> Vec<u64> {
        row.iter().map(|x| x.to_bits()).collect()
    }

    #[test]
    fn rows_come_back_bit_for_bit_from_memory_and_from_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        // Of 100 rows of 32 bytes: all in memory, the first ten, none.
        for (limit, on_disk) in [(3200, false), (320, true), (0, true)] {
            let mut spill = Spill::with_limit(folder.path().to_owned(), limit);
            let mut got = vec![0.0; 4];
            for index in 0..100 {
                spill.push(&row(index)).unwrap();
                // A look in between does not disturb what follows.
                spill.get(index / 2, &mut got).unwrap();
                assert_eq!(bits(&got), bits(&row(index / 2)));
            }
            for index in (0..100).rev() {
                spill.get(index, &mut got).unwrap();
                assert_eq!(bits(&got), bits(&row(index)));
            }
            assert_eq!(spill.file.is_rolled(), on_disk);
            assert!(spill.get(100, &mut got).is_err());
        }
    }

    fn model(until: Option<f64>) -> CompiledModel {
        let options = Options { n_periods: Some(40), n_geos: Some(3), ..Options::new(Preset::Geo, 3) };
        let market = simulate(&options).unwrap();
        let mut spec = read(&market.spec, Format::Toml).spec;
        let sampler = &mut spec.sampler;
        (sampler.chains, sampler.tune, sampler.draws, sampler.seed) = (Some(2), Some(60), Some(250), Some(5));
        sampler.max_depth = Some(4);
        sampler.until = until.map(|ess| UntilSpec { ess });
        from_table(&spec, &market.table).unwrap().0
    }

    fn spilled(model: CompiledModel, folder: &Path, limit: usize) -> Result<Fit, FitError> {
        let make_store = || -> Box<dyn Store> { Box::new(Spill::with_limit(folder.to_owned(), limit)) };
        fit_through(model, 2, &make_store, &mut |_| ControlFlow::Continue(()))
    }

    #[test]
    fn a_fit_through_the_disk_is_the_same_bit_for_bit_and_leaves_nothing_there() {
        let folder = tempfile::tempdir().unwrap();
        // The second goal is never reached, and the draws are looked at on the way.
        for until in [None, Some(20.0), Some(1e6)] {
            let kept = fit(model(until), 1, &mut |_| ControlFlow::Continue(())).unwrap();
            for limit in [0, 5000] {
                let fit = spilled(model(until), folder.path(), limit).unwrap();
                assert_eq!(bits(&fit.posterior.values), bits(&kept.posterior.values));
                assert_eq!(
                    (fit.posterior.n_draws, fit.statistics),
                    (kept.posterior.n_draws, kept.statistics.clone())
                );
            }
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_disk_that_takes_nothing_is_one_clear_error() {
        let nowhere = Path::new("no/such/folder");
        let error = spilled(model(None), nowhere, 5000).unwrap_err().to_string();
        let begin = "the draws of chain ";
        assert!(error.starts_with(begin), "{error}");
        assert!(error.contains(" cannot be kept: a temporary file in `no/such/folder` failed: "), "{error}");
    }
}
