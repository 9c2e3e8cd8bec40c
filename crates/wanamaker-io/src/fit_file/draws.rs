//! `posterior.parquet` and `sample_stats.parquet`: one row per draw, chain by chain, under the names that ArviZ uses.

use crate::parquet_bytes::{self, Content};
use arrow::array::{Array, ArrayRef, BooleanArray, Float64Array, UInt32Array};
use arrow::datatypes::{DataType, Field, Schema};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wanamaker::model::layout::Visibility;
use wanamaker::posterior::{Posterior, PosteriorVariable};
use wanamaker_mcmc::draws::DrawStats;

/// What the columns alone do not say.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    n_chains: usize,
    n_draws: usize,
    /// The arrays that the columns after `chain` and `draw` are laid out from, in order, row by row.
    variables: Vec<VariableNote>,
}

#[derive(Debug, Serialize, Deserialize)]
struct VariableNote {
    name: String,
    dims: Vec<String>,
    coords: Vec<Vec<String>>,
    internal: bool,
}

/// The draws as the bytes of a Parquet file: `chain`, `draw` and one column per scalar.
pub fn encode_posterior(posterior: &Posterior) -> Result<Vec<u8>, String> {
    let n = posterior.n_scalars();
    let values = |k: usize| posterior.values.iter().skip(k).step_by(n.max(1)).copied();
    let column = |k: usize| -> ArrayRef { Arc::new(Float64Array::from_iter_values(values(k))) };
    let names = posterior.labels().into_iter().map(|label| (label, DataType::Float64)).collect();
    let variables = posterior.variables.iter().map(|variable| VariableNote {
        name: variable.name.clone(),
        dims: variable.dims.clone(),
        coords: variable.coords.clone(),
        internal: variable.visibility == Visibility::Internal,
    });
    let note =
        Note { n_chains: posterior.n_chains, n_draws: posterior.n_draws, variables: variables.collect() };
    encode(&note, names, column)
}

/// The draws that were encoded, bit for bit.
pub fn decode_posterior(bytes: Vec<u8>) -> Result<Posterior, String> {
    let (note, columns) = decode(bytes)?;
    let mut start = 0;
    let mut variables = Vec::with_capacity(note.variables.len());
    for variable in note.variables {
        let len = variable.coords.iter().try_fold(1_usize, |len, axis| len.checked_mul(axis.len()));
        let len = len.ok_or("its arrays are larger than any memory")?;
        let visibility = if variable.internal { Visibility::Internal } else { Visibility::Public };
        let (name, dims, coords) = (variable.name, variable.dims, variable.coords);
        variables.push(PosteriorVariable { name, dims, coords, start, len, visibility });
        start = start.checked_add(len).ok_or("its arrays are larger than any memory")?;
    }
    if start != columns.len() {
        return Err(format!("its arrays have {start} scalars, its columns are {}", columns.len()));
    }
    let mut values = vec![0.0; start * note.n_chains * note.n_draws];
    for (k, (name, array)) in columns.iter().enumerate() {
        let column = cast::<Float64Array>(name, array)?.values();
        values.iter_mut().skip(k).step_by(start).zip(column).for_each(|(value, drawn)| *value = *drawn);
    }
    Ok(Posterior { variables, n_chains: note.n_chains, n_draws: note.n_draws, values })
}

/// Sampler statistics `[chain][draw]` as the bytes of a Parquet file.
pub fn encode_statistics(statistics: &[Vec<DrawStats>]) -> Result<Vec<u8>, String> {
    let note = Note {
        n_chains: statistics.len(),
        n_draws: statistics.first().map_or(0, Vec::len),
        variables: Vec::new(),
    };
    let (names, arrays): (_, Vec<_>) = statistics_columns(statistics)
        .into_iter()
        .map(|(name, array)| ((name, array.data_type().clone()), array))
        .unzip();
    encode(&note, names, |k| arrays[k].clone())
}

/// The columns of the statistics under ArviZ's names, chain by chain.
fn statistics_columns(statistics: &[Vec<DrawStats>]) -> Vec<(String, ArrayRef)> {
    let all = || statistics.iter().flatten();
    let number =
        |of: fn(&DrawStats) -> f64| -> ArrayRef { Arc::new(Float64Array::from_iter_values(all().map(of))) };
    let count =
        |of: fn(&DrawStats) -> u32| -> ArrayRef { Arc::new(UInt32Array::from_iter_values(all().map(of))) };
    let flag = |of: fn(&DrawStats) -> bool| -> ArrayRef {
        Arc::new(BooleanArray::from_iter(all().map(|s| Some(of(s)))))
    };
    let columns = [
        ("lp", number(|s| s.log_density)),
        ("energy", number(|s| s.energy)),
        ("tree_depth", count(|s| s.depth)),
        ("n_steps", count(|s| s.n_leapfrogs)),
        ("step_size", number(|s| s.step_size)),
        ("acceptance_rate", number(|s| s.acceptance)),
        ("diverging", flag(|s| s.diverging)),
        ("reached_max_treedepth", flag(|s| s.max_depth_reached)),
    ];
    columns.into_iter().map(|(name, array)| (name.to_owned(), array)).collect()
}

/// The statistics that were encoded.
pub fn decode_statistics(bytes: Vec<u8>) -> Result<Vec<Vec<DrawStats>>, String> {
    let (note, columns) = decode(bytes)?;
    let log_density = named::<Float64Array>(&columns, "lp")?;
    let energy = named::<Float64Array>(&columns, "energy")?;
    let depth = named::<UInt32Array>(&columns, "tree_depth")?;
    let n_leapfrogs = named::<UInt32Array>(&columns, "n_steps")?;
    let step_size = named::<Float64Array>(&columns, "step_size")?;
    let acceptance = named::<Float64Array>(&columns, "acceptance_rate")?;
    let diverging = named::<BooleanArray>(&columns, "diverging")?;
    let max_depth_reached = named::<BooleanArray>(&columns, "reached_max_treedepth")?;
    let of_draw = |i: usize| DrawStats {
        log_density: log_density.value(i),
        energy: energy.value(i),
        depth: depth.value(i),
        n_leapfrogs: n_leapfrogs.value(i),
        step_size: step_size.value(i),
        acceptance: acceptance.value(i),
        diverging: diverging.value(i),
        max_depth_reached: max_depth_reached.value(i),
    };
    let chain = |c: usize| (c * note.n_draws..(c + 1) * note.n_draws).map(of_draw).collect();
    Ok((0..note.n_chains).map(chain).collect())
}

/// `chain`, `draw` and the columns of those names and types, made one by one.
fn encode(
    note: &Note,
    names: Vec<(String, DataType)>,
    column: impl Fn(usize) -> ArrayRef,
) -> Result<Vec<u8>, String> {
    let n_rows = note.n_chains * note.n_draws;
    let index = |of: &dyn Fn(usize) -> usize| -> ArrayRef {
        Arc::new(UInt32Array::from_iter_values((0..n_rows).map(|row| of(row) as u32)))
    };
    let keys = ["chain", "draw"].map(|name| (name.to_owned(), DataType::UInt32));
    let fields: Vec<_> =
        keys.into_iter().chain(names).map(|(name, kind)| Field::new(name, kind, false)).collect();
    let with_keys = |k: usize| match k {
        0 => index(&|row| row / note.n_draws),
        1 => index(&|row| row % note.n_draws),
        k => column(k - 2),
    };
    let text = serde_json::to_string(note).map_err(|error| error.to_string())?;
    parquet_bytes::write_columns(Schema::new(fields), n_rows, with_keys, Some(text), Content::Draws)
        .map_err(|error| error.to_string())
}

/// The note and the columns after `chain` and `draw`; rows are as many as the note says and stand chain by chain.
fn decode(bytes: Vec<u8>) -> Result<(Note, Vec<(String, ArrayRef)>), String> {
    let (batch, note) = parquet_bytes::read(bytes).map_err(|error| error.to_string())?;
    let schema = batch.schema();
    let note: Note = note
        .and_then(|note| serde_json::from_str(&note).ok())
        .ok_or("it does not say how its columns are laid out")?;
    if note.n_chains.checked_mul(note.n_draws) != Some(batch.num_rows()) {
        let (chains, draws, rows) = (note.n_chains, note.n_draws, batch.num_rows());
        return Err(format!("it says {chains} chains of {draws} draws and has {rows} rows"));
    }
    if let Some(empty) = batch.columns().iter().position(|array| array.null_count() > 0) {
        return Err(format!("column `{}` has empty cells", schema.field(empty).name()));
    }
    let names = schema.fields().iter().map(|field| field.name().clone());
    let columns: Vec<_> = names.zip(batch.columns().iter().cloned()).collect();
    let (chains, draws) = (named::<UInt32Array>(&columns, "chain")?, named::<UInt32Array>(&columns, "draw")?);
    let in_order = |row: usize| {
        chains.value(row) as usize == row / note.n_draws && draws.value(row) as usize == row % note.n_draws
    };
    if !(0..batch.num_rows()).all(in_order) {
        return Err("its rows do not stand chain by chain".to_owned());
    }
    let columns = columns.into_iter().skip(2).collect();
    Ok((note, columns))
}

fn named<'a, A: Array + 'static>(columns: &'a [(String, ArrayRef)], wanted: &str) -> Result<&'a A, String> {
    let (name, array) = columns
        .iter()
        .find(|(name, _)| name == wanted)
        .ok_or_else(|| format!("it has no column `{wanted}`"))?;
    cast(name, array)
}

fn cast<'a, A: Array + 'static>(name: &str, array: &'a ArrayRef) -> Result<&'a A, String> {
    array.as_any().downcast_ref().ok_or_else(|| format!("column `{name}` has the type {}", array.data_type()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn posterior(n_chains: usize, n_draws: usize, n_channels: usize) -> Posterior {
        let channels: Vec<String> = (1..n_channels).map(|c| format!("channel, {c}")).collect();
        let n = n_channels;
        let decay = PosteriorVariable {
            name: "decay".to_owned(),
            dims: vec!["channel".to_owned()],
            len: channels.len(),
            coords: vec![channels],
            start: 0,
            visibility: Visibility::Public,
        };
        let sigma = PosteriorVariable {
            name: "sigma".to_owned(),
            dims: vec![],
            coords: vec![],
            start: n - 1,
            len: 1,
            visibility: Visibility::Internal,
        };
        let values = (0..n_chains * n_draws * n).map(|i| (i as f64 * 0.37).sin().exp()).collect();
        Posterior { variables: vec![decay, sigma], n_chains, n_draws, values }
    }

    #[test]
    fn draws_come_back_bit_for_bit_nan_included() {
        let mut posterior = posterior(3, 7, 4);
        posterior.values[5] = f64::NAN;
        posterior.values[6] = f64::NEG_INFINITY;
        posterior.values[8] = -0.0;
        posterior.values[9] = f64::from_bits(0x7ff8_0000_dead_beef);
        let again = decode_posterior(encode_posterior(&posterior).unwrap()).unwrap();
        assert_eq!(again.variables, posterior.variables);
        let bits =
            |posterior: &Posterior| posterior.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&again), bits(&posterior));
        assert_eq!((again.n_chains, again.n_draws), (3, 7));
        assert_eq!(encode_posterior(&again).unwrap(), encode_posterior(&posterior).unwrap());
    }

    #[test]
    fn statistics_come_back_as_they_were() {
        let of = |i: u32| DrawStats {
            log_density: -f64::from(i) / 3.0,
            energy: if i == 4 { f64::NAN } else { f64::from(i) / 7.0 },
            depth: i % 10,
            n_leapfrogs: 2 * i,
            step_size: 0.1,
            acceptance: 1.0 / f64::from(i + 1),
            diverging: i == 3,
            max_depth_reached: i == 5,
        };
        let statistics: Vec<Vec<DrawStats>> =
            (0..2).map(|c| (0..5).map(|d| of(5 * c + d)).collect()).collect();
        let again = decode_statistics(encode_statistics(&statistics).unwrap()).unwrap();
        assert_eq!(format!("{again:?}"), format!("{statistics:?}"));
    }

    #[test]
    fn a_posterior_without_scalars_is_no_reason_to_fall_over() {
        let empty = Posterior { variables: Vec::new(), n_chains: 2, n_draws: 3, values: Vec::new() };
        let _ = decode_posterior(encode_posterior(&empty).unwrap());
    }

    /// Printed for who runs it; the time itself is no claim.
    #[test]
    fn four_thousand_draws_of_fifty_scalars_are_written() {
        let posterior = posterior(4, 1000, 50);
        let start = Instant::now();
        let bytes = encode_posterior(&posterior).unwrap();
        eprintln!("encoded {} bytes in {:?}", bytes.len(), start.elapsed());
        let start = Instant::now();
        assert_eq!(decode_posterior(bytes).unwrap(), posterior);
        eprintln!("decoded in {:?}", start.elapsed());
    }
}
