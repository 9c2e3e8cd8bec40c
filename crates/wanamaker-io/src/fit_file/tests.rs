//! A small real fit, saved, opened, cut, flipped and forged.

use super::*;
use crate::rows::{Draws, RowValues, draws_rows};
use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use wanamaker::engine::convergence::convergence;
use wanamaker::engine::fit::fit;
use wanamaker::engine::report::Report;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;

const NAME: &str = "fit.mmm";

static SMALL: LazyLock<(Fit, Table)> = LazyLock::new(|| {
    let market = simulate(&Options { n_periods: Some(30), ..Options::new(Preset::Weekly4, 3) }).unwrap();
    let mut spec = read_spec(&market.spec, Format::Toml).spec;
    spec.sampler.chains = Some(2);
    spec.sampler.tune = Some(20);
    spec.sampler.draws = Some(12);
    spec.sampler.max_depth = Some(4);
    spec.sampler.seed = Some(11);
    let (model, _) = from_table(&spec, &market.table).unwrap();
    let fit = fit(model, 1, &mut |_| ControlFlow::Continue(())).unwrap();
    (fit, market.table)
});

static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| bytes_of(&SMALL.0, &stamp()));

fn stamp() -> Stamp {
    Stamp {
        program_version: "0.1.0".to_owned(),
        created: "2026-11-22T23:30:00Z".to_owned(),
        host: Host { os: "linux".to_owned(), arch: "x86_64".to_owned(), threads: 2 },
        timings: vec![Timing { stage: "sample".to_owned(), seconds: 0.1 + 0.2 }],
    }
}

fn at() -> At {
    At::path(Path::new(NAME))
}

fn bytes_of(fit: &Fit, stamp: &Stamp) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive::pack(entries_of(fit, &SMALL.1, stamp).unwrap(), &mut bytes).unwrap();
    bytes
}

fn open(bytes: Vec<u8>) -> Result<(Fit, Table, Manifest), Problems> {
    revive(decode(bytes, &at())?, &at())
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The first code of what opening `bytes` says; it names the file and has a hint, and every message is one sentence.
fn code_of(bytes: Vec<u8>) -> &'static str {
    let problems = open(bytes).expect_err("the file is not sound");
    for problem in problems.iter() {
        assert!(
            !problem.message.ends_with('.') && !problem.message.starts_with(char::is_uppercase),
            "{problem}"
        );
    }
    let first = &problems.0[0];
    assert_eq!(first.at.file.as_deref(), Some(NAME), "{first}");
    assert!(first.hint.is_some() && first.code.starts_with("fit_file."), "{first}");
    first.code
}

/// The file after `change`, its manifest's list brought up to date when `honest`, and sealed again.
fn forged(honest: bool, change: impl FnOnce(&mut Manifest, &mut Vec<Entry>)) -> Vec<u8> {
    let mut entries = archive::unpack(WHOLE.clone()).unwrap().entries;
    let mut manifest: Manifest = serde_json::from_slice(&entries.remove(0).bytes).unwrap();
    change(&mut manifest, &mut entries);
    if honest {
        manifest.entries = entries.iter().map(record).collect();
    }
    entries.insert(0, Entry::new(MANIFEST, serde_json::to_vec(&manifest).unwrap()));
    let mut bytes = Vec::new();
    archive::pack(entries, &mut bytes).unwrap();
    bytes
}

fn entry<'a>(entries: &'a mut [Entry], name: &str) -> &'a mut Vec<u8> {
    &mut entries.iter_mut().find(|entry| entry.name == name).unwrap().bytes
}

#[test]
fn a_fit_comes_back_bit_for_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let (fit, table) = &*SMALL;
    save(&path, fit, table, &stamp()).unwrap();
    let (again, table_again, manifest) = load(&path).unwrap();
    assert_eq!(again.posterior.variables, fit.posterior.variables);
    assert_eq!(bits(&again.posterior.values), bits(&fit.posterior.values));
    assert_eq!(again.statistics, fit.statistics);
    assert_eq!(again.convergence, fit.convergence);
    assert_eq!(again.convergence, convergence(&again.model, &again.posterior, &again.statistics, 1));
    assert_eq!(again.warnings, fit.warnings);
    assert_eq!(again.model.spec, fit.model.spec);
    assert_eq!(format!("{:?}", again.model), format!("{:?}", fit.model));
    assert_eq!(&table_again, table);
    assert_eq!((manifest.seed, &manifest.stamp), (11, &stamp()));
    assert_eq!(manifest.warnings.len(), fit.warnings.0.len());
    assert_eq!(fs::read(&path).unwrap(), *WHOLE);
}

#[test]
fn what_was_opened_saves_to_the_same_bytes() {
    let (again, table, manifest) = open(WHOLE.clone()).unwrap();
    assert_eq!(table, SMALL.1);
    assert_eq!(bytes_of(&again, &manifest.stamp), *WHOLE);
}

#[test]
fn another_stamp_changes_the_manifest_alone() {
    let later = Stamp { created: "2027-01-01T00:00:00Z".to_owned(), timings: Vec::new(), ..stamp() };
    let entries = |bytes: Vec<u8>| archive::unpack(bytes).unwrap().entries;
    let (a, b) = (entries(WHOLE.clone()), entries(bytes_of(&SMALL.0, &later)));
    assert_ne!(a[0], b[0]);
    assert_eq!(a[1..], b[1..]);
}

#[test]
fn a_cancelled_fit_stays_marked() {
    let cancelled = Fit { cancelled: true, ..SMALL.0.clone() };
    assert!(open(bytes_of(&cancelled, &stamp())).unwrap().0.cancelled);
}

#[test]
fn the_largest_seed_is_kept() {
    const LARGEST: u64 = i64::MAX as u64;
    let bytes = forged(true, |manifest, entries| {
        let mut spec: serde_json::Value = serde_json::from_slice(entry(entries, SPEC_JSON)).unwrap();
        spec["sampler"]["seed"] = LARGEST.into();
        *entry(entries, SPEC_JSON) = serde_json::to_vec(&spec).unwrap();
        manifest.seed = LARGEST;
    });
    let (fit, _, manifest) = open(bytes).unwrap();
    assert_eq!((fit.model.spec.sampler.seed, manifest.seed), (Some(LARGEST), LARGEST));
}

#[test]
fn every_flipped_byte_is_noticed() {
    let mut codes = BTreeSet::new();
    let ends = (0..400).chain(WHOLE.len() - 900..WHOLE.len());
    for position in ends.chain((0..WHOLE.len()).step_by(97)) {
        let mut bytes = WHOLE.clone();
        bytes[position] ^= 1 << (position % 8);
        codes.insert(code_of(bytes));
    }
    assert_eq!(codes, BTreeSet::from(["fit_file.damaged"]));
}

#[test]
fn every_cut_is_noticed() {
    let mut codes = BTreeSet::new();
    for length in (0..200).chain((200..WHOLE.len()).step_by(101)).chain(WHOLE.len() - 200..WHOLE.len()) {
        codes.insert(code_of(WHOLE[..length].to_vec()));
    }
    assert_eq!(codes, BTreeSet::from(["fit_file.damaged", "fit_file.empty", "fit_file.not_a_fit"]));
}

#[test]
fn what_is_no_fit_file_is_told_apart() {
    assert_eq!(code_of(Vec::new()), "fit_file.empty");
    assert_eq!(code_of(b"date,sales,tv\n2021-01-04,1,2\n".to_vec()), "fit_file.not_a_fit");
    let mut foreign = Vec::new();
    archive::pack(vec![Entry::new("xl/workbook.xml", b"<xml/>".to_vec())], &mut foreign).unwrap();
    assert_eq!(code_of(foreign), "fit_file.foreign_zip");
    let mut foreign = Vec::new();
    archive::pack(vec![Entry::new(MANIFEST, b"{\"format\": \"other\"}".to_vec())], &mut foreign).unwrap();
    assert_eq!(code_of(foreign), "fit_file.foreign_zip");
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("none.mmm"), folder.path().to_owned()] {
        assert_eq!(read(&path).unwrap_err().0[0].code, "fit_file.cannot_read");
    }
}

#[test]
fn a_newer_format_is_named_with_its_program() {
    let bytes = forged(true, |manifest, entries| {
        manifest.format_version = 2;
        manifest.stamp.program_version = "3.1.4".to_owned();
        entries.push(Entry::new("curves.parquet", vec![1, 2, 3]));
    });
    // Even when the future seals its files in another way.
    for bytes in [bytes.clone(), bytes[..bytes.len() - 64].to_vec(), resealed_otherwise(bytes)] {
        match open(bytes).unwrap_err().0.as_slice() {
            [problem] if problem.code == "fit_file.newer_version" => {
                assert!(problem.message.contains("newer mmm (3.1.4, format 2)"), "{problem}");
            }
            // Cut short it is damaged in any version.
            other => assert_eq!(other[0].code, "fit_file.damaged"),
        }
    }
}

fn resealed_otherwise(mut bytes: Vec<u8>) -> Vec<u8> {
    let comment = bytes.len() - 64 - "wanamaker-fit sha256 ".len();
    bytes[comment..].fill(b'#');
    bytes
}

#[test]
fn entries_missing_changed_and_added_are_each_named() {
    let missing = forged(false, |_, entries| entries.retain(|entry| entry.name != POSTERIOR));
    assert_eq!(code_of(missing), "fit_file.missing_entry");
    let gone = forged(true, |_, entries| entries.retain(|entry| entry.name != STATISTICS));
    assert_eq!(code_of(gone), "fit_file.missing_entry");
    let changed = forged(false, |_, entries| entry(entries, POSTERIOR)[100] ^= 1);
    assert_eq!(code_of(changed), "fit_file.checksum");
    let added = forged(false, |_, entries| entries.push(Entry::new("notes.txt", Vec::new())));
    assert_eq!(code_of(added), "fit_file.extra_entry");
    let all = forged(false, |_, entries| {
        entries.retain(|entry| entry.name != DATA);
        entry(entries, SPEC_JSON).push(b' ');
        entries.push(Entry::new("notes.txt", Vec::new()));
    });
    let problems = open(all).unwrap_err();
    let told: Vec<_> =
        problems.iter().map(|problem| (problem.code, problem.at.key.clone().unwrap())).collect();
    let expected = [
        ("fit_file.checksum", SPEC_JSON.to_owned()),
        ("fit_file.missing_entry", DATA.to_owned()),
        ("fit_file.extra_entry", "notes.txt".to_owned()),
    ];
    assert_eq!(told, expected);
}

#[test]
fn content_that_contradicts_itself_is_refused() {
    let other_data = forged(true, |manifest, _| manifest.data_sha256 = sha256(b"other"));
    assert_eq!(code_of(other_data), "fit_file.invalid_entry");
    let swapped = forged(true, |_, entries| *entry(entries, POSTERIOR) = entry(entries, DATA).clone());
    assert_eq!(code_of(swapped), "fit_file.invalid_entry");
    let shorter = forged(true, |_, entries| {
        *entry(entries, STATISTICS) = draws::encode_statistics(&SMALL.0.statistics[..1]).unwrap();
    });
    assert_eq!(code_of(shorter), "fit_file.invalid_entry");
    let others = forged(true, |_, entries| {
        let mut posterior = SMALL.0.posterior.clone();
        posterior.variables[0].name.push('!');
        *entry(entries, POSTERIOR) = draws::encode_posterior(&posterior).unwrap();
    });
    assert_eq!(code_of(others), "fit_file.model_changed");
}

#[test]
fn a_spec_that_no_longer_compiles_says_what_the_compiler_said() {
    let bytes = forged(true, |_, entries| {
        let text = String::from_utf8(entry(entries, SPEC_JSON).clone()).unwrap();
        *entry(entries, SPEC_JSON) = text.replace("geometric", "geometrical").into_bytes();
    });
    let problems = open(bytes.clone()).unwrap_err();
    assert_eq!(code_of(bytes), "fit_file.spec_not_compiled");
    assert!(problems.to_string().contains("geometrical"), "{problems}");
    let bytes = forged(true, |manifest, entries| {
        let mut table = SMALL.1.clone();
        let spend = SMALL.0.model.spec.channel[0].spend.clone().unwrap();
        table.columns.retain(|column| column.name != spend);
        *entry(entries, DATA) = data::encode(&table).unwrap();
        manifest.data_sha256 = data::fingerprint(&table);
    });
    assert_eq!(code_of(bytes), "fit_file.spec_not_compiled");
}

/// Damage by a hand that knows the checksums: whatever the decoders are given, they answer with a problem or a value.
#[test]
fn forged_content_never_panics() {
    let slow = std::env::var_os("RUN_SLOW_TESTS").is_some();
    let mut panics = Vec::new();
    for name in [SPEC_JSON, DATA, POSTERIOR, STATISTICS] {
        let length = entry(&mut archive::unpack(WHOLE.clone()).unwrap().entries, name).len();
        // The tail of a Parquet file is its directory, where most of its meaning is.
        let (step, tail) = if slow { (1, 0) } else { ((length / 60).max(1), 300) };
        for position in (0..length).step_by(step).chain(length.saturating_sub(tail)..length) {
            let bytes = forged(true, |_, entries| entry(entries, name)[position] ^= 1 << (position % 8));
            if catch_unwind(AssertUnwindSafe(|| drop(open(bytes)))).is_err() {
                panics.push((name, position));
            }
        }
    }
    assert_eq!(panics, []);
}

/// Panels, pooled effects, holidays and every other part a simulator's spec uses come back as the same model.
#[test]
fn a_fit_of_every_market_opens_again() {
    for preset in Preset::ALL {
        let market = simulate(&Options { n_periods: Some(60), ..Options::new(preset, 5) }).unwrap();
        let spec = read_spec(&market.spec, Format::Toml).spec;
        let (model, _) = from_table(&spec, &market.table).unwrap();
        let posterior = Posterior::from_prior(&model, 8, 1);
        let statistics = vec![vec![DrawStats::default(); 8]];
        let convergence = convergence(&model, &posterior, &statistics, 1);
        let warnings = judge(&convergence, &Gates::DEFAULT);
        let fit = Fit {
            model,
            posterior,
            statistics,
            convergence,
            report: Report::Nuts,
            warnings,
            cancelled: false,
        };
        let mut bytes = Vec::new();
        archive::pack(entries_of(&fit, &market.table, &stamp()).unwrap(), &mut bytes).unwrap();
        let (again, table, _) = open(bytes).unwrap_or_else(|problems| panic!("{preset:?}: {problems}"));
        assert_eq!(format!("{:?}", again.model), format!("{:?}", fit.model), "{preset:?}");
        assert_eq!(bits(&again.posterior.values), bits(&fit.posterior.values), "{preset:?}");
        assert_eq!(format!("{:?}", again.convergence), format!("{:?}", fit.convergence), "{preset:?}");
        assert_eq!(table, market.table, "{preset:?}");
    }
}

#[test]
fn exported_draws_are_the_stored_draws() {
    let fit = &SMALL.0;
    let n_rows = fit.posterior.n_chains * fit.posterior.n_draws;
    let rows = draws_rows(fit, Draws::Posterior);
    assert_eq!((rows.columns.len(), rows.n_rows()), (2 + fit.posterior.n_scalars(), n_rows));
    assert_eq!(rows.columns[2].name, fit.posterior.labels()[0]);
    assert_eq!(rows.columns[2].values, RowValues::Number(fit.posterior.scalar(0).concat()));
    assert_eq!(
        rows.columns[0].values,
        RowValues::Integer((0..n_rows).map(|row| (row / 12) as i64).collect())
    );
    let names =
        |which| draws_rows(fit, which).columns.into_iter().map(|column| column.name).collect::<Vec<_>>();
    assert_eq!(names(Draws::SampleStats)[2..5], ["lp", "energy", "tree_depth"]);
    assert_eq!(names(Draws::Derived)[..2], ["chain", "draw"]);
}
