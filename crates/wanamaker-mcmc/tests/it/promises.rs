//! What the sampler promises whatever the density does: the same draws, an end to everything, no panic.

use crate::densities::{Correlated, Density, around_zero, draw, draw_from, standard_normal};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use wanamaker_mcmc::draws::{ChainDraws, Chains};
use wanamaker_mcmc::log_density::LogDensity;
use wanamaker_mcmc::nuts::{BadStart, Goal, Metric, NutsSettings, SampleError, sample, sample_until};
use wanamaker_mcmc::store::Store;

const SHORT: NutsSettings = NutsSettings {
    n_chains: 4,
    n_draws: 60,
    n_tune: 120,
    n_settle: 0,
    seed: 11,
    target_accept: 0.8,
    max_depth: 10,
    threads: 0,
    metric: Metric::Diagonal,
};

const METRICS: [Metric; 2] = [Metric::Diagonal, Metric::LowRank { update_every: 20 }];

#[test]
fn the_same_seed_gives_the_same_bits_on_any_number_of_threads() {
    let target = Correlated::over_scales(12, 0.9);
    for metric in METRICS {
        let settings = NutsSettings { metric, ..SHORT };
        let alone = draw(|| &target, &NutsSettings { threads: 1, ..settings }).unwrap();
        for threads in [2, 4] {
            assert_eq!(draw(|| &target, &NutsSettings { threads, ..settings }).unwrap(), alone);
        }
        let other = draw(|| &target, &NutsSettings { seed: 12, ..settings }).unwrap();
        assert_ne!(other.chains[0].positions, alone.chains[0].positions);
    }
}

/// Draws until each chain has made `enough` of them, looked at after 20, 30, 40, …; and how often there was a look.
fn draw_until(enough: usize, settings: &NutsSettings) -> (Chains, usize) {
    let mut looks = 0;
    let mut more = |chains: &mut [&mut ChainDraws]| {
        looks += 1;
        assert_eq!(chains.len(), settings.n_chains);
        let n = chains[0].n_draws();
        assert!(chains.iter().all(|chain| chain.n_draws() == n && chain.positions.len() == 12 * n));
        Ok(if n < enough { 10 } else { 0 })
    };
    let goal = Some(Goal { first_look: 20, more: &mut more });
    let target = Correlated::over_scales(12, 0.9);
    let quiet = &mut |_: &_| ControlFlow::Continue(());
    let chains = sample_until(|| &target, around_zero, settings, Vec::new, goal, quiet).unwrap();
    (chains, looks)
}

#[test]
fn a_goal_ends_the_run_with_the_draws_that_a_longer_one_begins_with() {
    let target = Correlated::over_scales(12, 0.9);
    let whole = draw(|| &target, &SHORT).unwrap();
    for threads in [1, 3, 4] {
        let (chains, looks) = draw_until(40, &NutsSettings { threads, ..SHORT });
        assert_eq!(looks, 3);
        assert!(!chains.cancelled);
        for (short, long) in chains.chains.iter().zip(&whole.chains) {
            assert_eq!(short.positions, long.positions[..12 * 40]);
        }
    }
    // One that is never reached changes nothing.
    let (chains, looks) = draw_until(1000, &SHORT);
    assert_eq!((chains, looks), (whole, 4));
}

#[test]
fn a_run_stopped_while_its_chains_halt_ends() {
    let make = || Density { dim: 2, log_density: standard_normal };
    let looked = std::cell::Cell::new(false);
    let mut more = |_: &mut [&mut ChainDraws]| {
        looked.set(true);
        Ok(10)
    };
    let settings = NutsSettings { n_draws: 1 << 40, ..SHORT };
    let goal = Some(Goal { first_look: 10, more: &mut more });
    let mut watch = |_: &_| if looked.get() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let chains = sample_until(make, around_zero, &settings, Vec::new, goal, &mut watch).unwrap();
    assert!(chains.cancelled);
    let panics = std::panic::AssertUnwindSafe(|| {
        let goal = Some(Goal { first_look: 10, more: &mut |_| panic!("seen enough") });
        sample_until(make, around_zero, &settings, Vec::new, goal, &mut |_| ControlFlow::Continue(()))
    });
    assert!(std::panic::catch_unwind(panics).is_err());
}

/// Has room for so many numbers.
struct Small(Vec<f64>, usize);

impl Store for Small {
    fn push(&mut self, row: &[f64]) -> Result<(), String> {
        self.0.extend_from_slice(row);
        if self.0.len() > self.1 { Err("it is full".to_owned()) } else { Ok(()) }
    }

    fn get(&mut self, index: usize, row: &mut [f64]) -> Result<(), String> {
        self.0.get(index, row)
    }
}

#[test]
fn a_store_that_is_full_ends_the_run_in_its_words() {
    let run = |n_rows: usize, goal: Option<Goal<Small>>| {
        let make = || Density { dim: 2, log_density: standard_normal };
        let quiet = &mut |_: &_| ControlFlow::Continue(());
        sample_until(make, around_zero, &SHORT, || Small(Vec::new(), 2 * n_rows), goal, quiet)
    };
    let mut chains = run(SHORT.n_draws, None).unwrap();
    let kept = draw_from(2, standard_normal, &SHORT).unwrap();
    for (chain, kept) in chains.chains.iter_mut().zip(&kept.chains) {
        let mut row = [0.0; 2];
        for (draw, expected) in kept.rows(2).enumerate() {
            chain.positions.get(draw, &mut row).unwrap();
            assert_eq!(row, expected);
        }
    }
    let Err(error) = run(SHORT.n_draws - 1, None) else { panic!("it held more than it has room for") };
    assert!(matches!(error, SampleError::Store { .. }), "{error:?}");
    assert!(error.to_string().ends_with("cannot be kept: it is full"), "{error}");
    // So does one that fails while the chains halt.
    let lost = SampleError::Store { chain: 1, message: "it is gone".to_owned() };
    let goal = Goal { first_look: 10, more: &mut |_| Err(lost.clone()) };
    assert_eq!(run(SHORT.n_draws, Some(goal)).map(|_| ()), Err(lost.clone()));
}

#[test]
fn a_chain_that_has_settled_begins_to_draw_and_another_warms_up_again() {
    let tuned = |n_settle: usize| -> Vec<usize> {
        let target = Correlated::over_scales(5, 0.5);
        let settings = NutsSettings { n_tune: 400, n_settle, ..SHORT };
        let chains = draw(|| &target, &settings).unwrap();
        assert_eq!(chains.n_draws(), 240);
        assert_eq!(chains, draw(|| &target, &NutsSettings { threads: 1, ..settings }).unwrap());
        chains.chains.iter().map(|chain| chain.warmup.n_tune).collect()
    };
    assert_eq!(tuned(0), [400; 4]);
    assert_eq!(tuned(200), [200; 4]);
    // Of so few nobody can tell.
    assert_eq!(tuned(4), [400; 4]);
    // No longer than the whole.
    assert_eq!(tuned(1000), [400; 4]);
}

#[test]
fn the_share_done_never_falls_and_ends_at_one() {
    for n_settle in [0, 100] {
        // The slow beat of the watcher is met by a slow density.
        let log_density = |x: &[f64], gradient: &mut [f64]| {
            std::thread::sleep(Duration::from_micros(20));
            standard_normal(x, gradient)
        };
        let settings = NutsSettings { n_tune: 300, n_settle, ..SHORT };
        let mut shares = Vec::new();
        let mut watch = |progress: &wanamaker_mcmc::progress::Progress| {
            shares.push(progress.fraction());
            ControlFlow::Continue(())
        };
        sample(|| Density { dim: 2, log_density }, around_zero, &settings, &mut watch).unwrap();
        assert!(shares.len() > 1 && shares.is_sorted(), "{shares:?}");
        assert_eq!(shares.last(), Some(&1.0));
    }
}

#[test]
fn a_chain_does_not_depend_on_how_many_there_are() {
    let four = draw_from(3, standard_normal, &SHORT).unwrap();
    let eight = draw_from(3, standard_normal, &NutsSettings { n_chains: 8, ..SHORT }).unwrap();
    assert_eq!(eight.chains[..4], four.chains);
    assert_ne!(eight.chains[4].positions, four.chains[0].positions);
}

#[test]
fn a_cancelled_run_keeps_what_is_drawn() {
    // More draws than the test will ever wait for, and more chains than workers.
    let settings = NutsSettings { n_chains: 5, n_draws: 1 << 40, n_tune: 50, threads: 2, ..SHORT };
    let mut watch = |progress: &wanamaker_mcmc::progress::Progress| match progress.done() {
        done if done > 400 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let make = || Density { dim: 3, log_density: standard_normal };
    let chains = sample(make, around_zero, &settings, &mut watch).unwrap();
    assert!(chains.cancelled);
    assert_eq!(chains.chains.len(), 5);
    assert!(chains.n_draws() > 100);
    for chain in &chains.chains {
        assert_eq!(chain.positions.len(), 3 * chain.n_draws());
    }
    assert_eq!(chains.chains[4].n_draws(), 0);
    assert!(!chains.coordinate(0).is_empty());
}

#[test]
fn cancelling_does_not_wait_for_the_trajectory() {
    static CANCELLED: AtomicBool = AtomicBool::new(false);
    static N_AFTER: AtomicUsize = AtomicUsize::new(0);
    // Two scales a thousand apart and no warm-up: trajectories run to their full 2^10 steps, a second and more each.
    let log_density = |x: &[f64], gradient: &mut [f64]| {
        N_AFTER.fetch_add(usize::from(CANCELLED.load(SeqCst)), SeqCst);
        std::thread::sleep(Duration::from_millis(2));
        gradient[0] = -x[0];
        gradient[1] = -1e6 * x[1];
        -0.5 * (x[0] * x[0] + 1e6 * x[1] * x[1])
    };
    let settings = NutsSettings { n_tune: 0, threads: 2, ..SHORT };
    let mut n_beats = 0;
    let mut watch = |_: &_| {
        n_beats += 1;
        if n_beats < 4 {
            return ControlFlow::Continue(());
        }
        CANCELLED.store(true, SeqCst);
        ControlFlow::Break(())
    };
    let chains = sample(|| Density { dim: 2, log_density }, around_zero, &settings, &mut watch).unwrap();
    assert!(chains.cancelled);
    // One evaluation per worker may be under way; the rest is room for a machine that is busy elsewhere.
    assert!(N_AFTER.load(SeqCst) < 200, "{} evaluations after the cancellation", N_AFTER.load(SeqCst));
}

#[test]
fn chains_stand_still_while_the_observer_looks_and_draw_the_same() {
    static N_CALLS: AtomicUsize = AtomicUsize::new(0);
    let log_density = |x: &[f64], gradient: &mut [f64]| {
        N_CALLS.fetch_add(1, SeqCst);
        standard_normal(x, gradient)
    };
    // In the warm-up and long after it.
    let settings = NutsSettings { n_draws: 20_000, n_tune: 20_000, threads: 2, ..SHORT };
    let mut moved = Vec::new();
    let mut watch = |progress: &wanamaker_mcmc::progress::Progress| {
        if moved.len() < 3 && progress.done() >= moved.len() * 30_000 && progress.fraction() < 1.0 {
            // What is under way gets its end.
            std::thread::sleep(Duration::from_millis(100));
            let before = N_CALLS.load(SeqCst);
            std::thread::sleep(Duration::from_millis(100));
            moved.push(N_CALLS.load(SeqCst) - before);
        }
        ControlFlow::Continue(())
    };
    let make = || Density { dim: 3, log_density };
    let paused = sample(make, around_zero, &settings, &mut watch).unwrap();
    // One evaluation per worker may be under way.
    assert!(moved.len() == 3 && moved.iter().all(|n| *n <= 2), "{moved:?}");
    assert_eq!(paused.chains, draw_from(3, standard_normal, &settings).unwrap().chains);
}

#[test]
fn a_panic_in_the_density_is_an_error_and_ends_the_run() {
    static N_CALLS: AtomicUsize = AtomicUsize::new(0);
    let log_density = |x: &[f64], gradient: &mut [f64]| {
        if N_CALLS.fetch_add(1, SeqCst) == 500 {
            panic!("the roof is on fire at {}", x.len());
        }
        standard_normal(x, gradient)
    };
    // Chains are queued behind the two workers: the case in which the library's own driver hangs.
    let settings = NutsSettings { n_chains: 8, n_draws: 1 << 40, threads: 2, ..SHORT };
    let error = draw_from(2, log_density, &settings).unwrap_err();
    let SampleError::DensityPanicked { message, .. } = &error else { panic!("{error:?}") };
    assert_eq!(message, "the roof is on fire at 2");
}

#[test]
fn a_panic_on_the_way_to_the_first_draw_is_an_error_too() {
    let quiet = &mut |_: &_| ControlFlow::Continue(());
    let make = || Density { dim: 2, log_density: standard_normal };
    let error = sample(make, |_, _, _| panic!("no idea"), &SHORT, quiet).unwrap_err();
    assert!(
        matches!(&error, SampleError::DensityPanicked { message, .. } if message == "no idea"),
        "{error:?}"
    );
    let broken = || Density { dim: "no number".parse().expect("no parts"), log_density: standard_normal };
    let error = sample(broken, around_zero, &SHORT, quiet).unwrap_err();
    assert!(
        matches!(&error, SampleError::DensityPanicked { message, .. } if message.starts_with("no parts")),
        "{error:?}"
    );
}

#[test]
fn a_panicking_observer_takes_the_chains_with_it() {
    let settings = NutsSettings { n_draws: 1 << 40, ..SHORT };
    let make = || Density { dim: 2, log_density: standard_normal };
    let run = || sample(make, around_zero, &settings, &mut |_: &_| panic!("seen enough"));
    assert!(std::panic::catch_unwind(run).is_err());
}

/// The reason why no start was found for a density.
fn no_start(log_density: impl Fn(&[f64], &mut [f64]) -> f64 + Copy + Sync) -> (String, BadStart) {
    let error = draw_from(2, log_density, &NutsSettings { threads: 1, ..SHORT }).unwrap_err();
    match error {
        SampleError::NoStart { chain: 0, attempts: 100, reason } => (error.to_string(), reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_density_without_a_finite_start_is_an_error_that_says_so() {
    let (message, reason) = no_start(|_, _| f64::NEG_INFINITY);
    assert_eq!(reason, BadStart::LogDensity(f64::NEG_INFINITY));
    assert_eq!(message, "chain 0 found no start in 100 tries: the log density there is -inf");

    let (_, reason) = no_start(|x, gradient| {
        let log_p = standard_normal(x, gradient);
        gradient[1] = f64::NAN;
        log_p
    });
    assert_eq!(reason, BadStart::Gradient(1));
}

#[test]
fn a_coordinate_that_the_density_ignores_is_named() {
    let (message, reason) = no_start(|x, gradient| {
        gradient[1] = 0.0;
        standard_normal(&x[..1], &mut gradient[..1])
    });
    assert_eq!(reason, BadStart::Flat(1));
    assert!(message.ends_with("the log density does not depend on coordinate 1 there"), "{message}");
}

#[test]
fn a_start_that_is_no_number_is_named() {
    let make = || Density { dim: 2, log_density: standard_normal };
    let initial = |_: usize, _: &mut _, x: &mut [f64]| x[1] = f64::INFINITY;
    let error = sample(make, initial, &SHORT, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(error, SampleError::NoStart { reason: BadStart::Position(1), .. }), "{error:?}");
}

#[test]
fn a_start_on_the_mode_is_as_good_as_any() {
    let make = || Density { dim: 2, log_density: standard_normal };
    for metric in METRICS {
        let settings = NutsSettings { metric, ..SHORT };
        let chains = sample(make, |_, _, _| {}, &settings, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(chains.n_draws(), 240);
    }
}

#[test]
fn starts_are_proposed_until_one_is_good() {
    // Half of the line is off the support; the edge is met in trajectories as well, and counts as a divergence.
    let half_line = |x: &[f64], gradient: &mut [f64]| {
        gradient[0] = -1.0;
        if x[0] > 0.0 { -x[0] } else { f64::NEG_INFINITY }
    };
    let chains = draw_from(1, half_line, &SHORT).unwrap();
    assert_eq!(chains.n_draws(), 240);
    assert!(chains.n_divergences() > 0);
    assert!(chains.chains.iter().all(|chain| chain.positions.iter().all(|x| *x > 0.0)));
}

#[test]
fn small_runs_are_runs() {
    for metric in METRICS {
        for (n_chains, n_draws, n_tune) in [(1, 1, 0), (1, 1, 1), (2, 5, 3), (1, 10, 40)] {
            let settings = NutsSettings { n_chains, n_draws, n_tune, metric, ..SHORT };
            let chains = draw_from(1, standard_normal, &settings).unwrap();
            assert_eq!(chains.n_draws(), n_chains * n_draws);
            assert!(!chains.cancelled);
            assert!(chains.chains.iter().all(|chain| chain.warmup.inverse_mass.is_some()));
        }
    }
}

#[test]
fn nothing_to_sample_is_an_error() {
    assert_eq!(draw_from(0, standard_normal, &SHORT).unwrap_err(), SampleError::NoDimensions);
    let error = draw_from(1, standard_normal, &NutsSettings { n_chains: 0, ..SHORT }).unwrap_err();
    assert!(matches!(error, SampleError::Setting(_)));
}

#[test]
fn a_density_need_not_be_sendable() {
    struct Shared(std::rc::Rc<f64>);
    impl LogDensity for Shared {
        fn dim(&self) -> usize {
            1
        }

        fn log_density(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
            gradient[0] = -x[0] * *self.0;
            -0.5 * x[0] * x[0] * *self.0
        }
    }
    assert!(draw(|| Shared(std::rc::Rc::new(2.0)), &SHORT).is_ok());
}
