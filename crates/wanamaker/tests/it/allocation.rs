//! Plans against brute force, known optima, each other, and ten thousand random problems.

use crate::known_markets::{daily5, hill, surface, weekly4};
use crate::support::difference;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use wanamaker::decision::allocation::judge::Judge;
use wanamaker::decision::allocation::objective::Objective;
use wanamaker::decision::allocation::plan::{Report, Solved, optimise, solve};
use wanamaker::decision::allocation::problem::{Budget, Group, Method, Target, Task};
use wanamaker::decision::surface::Surface;

const METHODS: [Method; 4] = [Method::Global, Method::Slsqp, Method::Greedy, Method::Gradient];

fn task(surface: &Surface, budget: f64, method: Method) -> Task {
    Task { method, ..Task::new(Budget::Fixed(budget), vec![(0.0, budget); surface.cells.len()]) }
}

fn outcome(surface: &Surface, plan: &[f64]) -> f64 {
    surface.outcomes(plan).iter().sum::<f64>() / surface.n_draws as f64
}

/// What every method climbs has the slope that differences see, whatever money costs in the objective.
#[test]
fn the_gradient_of_a_judgement_matches_differences() {
    let surface = weekly4();
    let bounds = vec![(0.0, 60_000.0); surface.cells.len()];
    for budget in [
        Budget::Fixed(48_000.0),
        Budget::Free(Target::Profit),
        Budget::Free(Target::MarginalRoas(1.5)),
        Budget::Free(Target::Roas(1.2)),
    ] {
        let task = Task::new(budget, bounds.clone());
        let judge = Judge::new(&surface, &task);
        let plan = [9_000.0, 12_000.0, 15_000.0, 7_000.0];
        let gradient = judge.judge(&plan).gradient;
        for (i, slope) in gradient.iter().enumerate() {
            let seen = difference(&mut |plan| judge.value(plan), &plan, i, 50.0);
            assert!((slope - seen).abs() < 1e-6 * (1.0 + seen.abs()), "{budget:?} {i}: {slope} {seen}");
        }
    }
}

/// Row: at its mean spend tv brings 11,339 a day in the steady state, not 276.
#[test]
fn tv_at_its_mean_spend_brings_what_the_steady_state_says() {
    let surface = daily5();
    let mean = 31_450_000.0 / 1095.0;
    let brought = surface.cell_outcomes(0, mean)[0].0;
    assert!((brought / 11_339.0 - 1.0).abs() < 0.01, "{brought}");
}

/// Row: on the true surface the optimum is 41,018 a day where today's mix brings 30,118.
#[test]
fn the_daily_market_has_its_known_optimum() {
    let surface = daily5();
    let today = outcome(&surface, &surface.current());
    assert!((today / 30_118.0 - 1.0).abs() < 0.005, "{today}");
    for method in [Method::Global, Method::Slsqp] {
        let solved = solve(&surface, &task(&surface, 77_079.0, method)).unwrap();
        assert!(solved.value >= 0.995 * 41_018.0, "{method:?} {}", solved.value);
        assert!((solved.value / 41_018.0 - 1.0).abs() < 0.005, "{method:?} {}", solved.value);
        assert!((solved.plan.iter().sum::<f64>() - 77_079.0).abs() < 1e-9 * 77_079.0);
    }
    let narrow: Vec<(f64, f64)> = surface.current().iter().map(|b| (0.7 * b, 1.3 * b)).collect();
    for method in METHODS {
        let task = Task { method, ..Task::new(Budget::Fixed(77_079.0), narrow.clone()) };
        let solved = solve(&surface, &task).unwrap();
        assert!(solved.value >= today, "{method:?} {}", solved.value);
    }
}

/// Row: the optimum of the weekly market, and what naive plans are worth there.
#[test]
fn the_weekly_market_has_its_known_optimum() {
    let surface = weekly4();
    let solved = solve(&surface, &task(&surface, 47_877.0, Method::Global)).unwrap();
    assert!((solved.value / 117_996.0 - 1.0).abs() < 0.005, "{}", solved.value);
    for (b, known) in solved.plan.iter().zip([11_300.0, 7_500.0, 18_500.0, 10_600.0]) {
        assert!((b / known - 1.0).abs() < 0.02, "{:?}", solved.plan);
    }
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let mut random: Vec<f64> = (0..100)
        .map(|_| {
            let parts: Vec<f64> = (0..4).map(|_| -(1.0 - rng.random::<f64>()).ln()).collect();
            let whole: f64 = parts.iter().sum();
            outcome(&surface, &parts.iter().map(|part| part / whole * 47_877.0).collect::<Vec<_>>())
        })
        .collect();
    random.sort_by(f64::total_cmp);
    let mean = random.iter().sum::<f64>() / 100.0;
    assert!(solved.value > random[95], "{} {}", solved.value, random[95]);
    assert!(solved.value >= 1.2 * mean, "{} {mean}", solved.value);
}

/// Row: a hundred thousand with a range for TV and a minimum for Radio.
#[test]
fn bounds_of_the_weekly_market_lead_to_its_known_plan() {
    let surface = weekly4();
    let bounds = vec![(10_000.0, 60_000.0), (5_000.0, 100_000.0), (0.0, 100_000.0), (0.0, 100_000.0)];
    for method in METHODS {
        let solved =
            solve(&surface, &Task { method, ..Task::new(Budget::Fixed(100_000.0), bounds.clone()) }).unwrap();
        assert!((solved.value / 127_208.0 - 1.0).abs() < 0.005, "{method:?} {}", solved.value);
    }
}

/// Row: linear returns go to the bounds, by every method.
#[test]
fn linear_returns_fill_the_best_channels() {
    let linear = |name: &str, coefficient: f64, current: f64| json!({ "name": name, "coefficient": coefficient, "current": current });
    let surface = surface(&json!({ "channels": [
        linear("search", 0.12, 20_000.0), linear("social", 0.08, 30_000.0), linear("tv", 0.05, 50_000.0),
    ] }));
    let bounds = vec![(10_000.0, 50_000.0), (0.0, 50_000.0), (0.0, 100_000.0)];
    for method in METHODS {
        let task = Task { method, ..Task::new(Budget::Fixed(100_000.0), bounds.clone()) };
        let plan = optimise(&surface, &task, Report { level: 0.95, spread_draws: 0 }).unwrap();
        for (b, expected) in plan.spend.iter().zip([50_000.0, 50_000.0, 0.0]) {
            assert!((b - expected).abs() <= 1e-3 * 50_000.0, "{method:?} {:?}", plan.spend);
        }
        let lift = plan.comparisons[0].relative_lift.unwrap().mean;
        assert!((lift - 0.369_863).abs() < 1e-3, "{method:?} {lift}");
    }
}

/// Row: the older tool's own test set, and greedy as good as slsqp where nothing bends upwards.
#[test]
fn concave_curves_are_solved_alike_by_all_methods() {
    let exponential = |name: &str, size: f64| {
        json!({ "name": name, "coefficient": size, "current": 10_000.0,
            "saturation": { "kind": "exponential", "rate": 1.0 / 30_000.0 } })
    };
    let surface = surface(&json!({ "channels": [
        exponential("a", 10_000.0), exponential("b", 8_000.0), exponential("c", 5_000.0) ] }));
    let values: Vec<f64> = METHODS
        .iter()
        .map(|method| solve(&surface, &task(&surface, 30_000.0, *method)).unwrap().value)
        .collect();
    let best = values.iter().copied().fold(0.0, f64::max);
    assert!(values.iter().all(|value| *value >= 0.999 * best), "{values:?}");
    let equal = self::surface(&json!({ "channels": [
        exponential("a", 5_000.0), exponential("b", 5_000.0), exponential("c", 5_000.0) ] }));
    for method in METHODS {
        let solved = solve(&equal, &task(&equal, 30_000.0, method)).unwrap();
        assert!(
            solved.plan.iter().all(|b| (b / 10_000.0 - 1.0).abs() < 0.05),
            "{method:?} {:?}",
            solved.plan
        );
    }
}

/// Row: sixty thousand in steps of five hundred, against every combination.
#[test]
fn exponential_curves_with_maxima_are_solved_exactly() {
    let channel = |name: &str, coefficient: f64, rate: f64, decay: f64| {
        json!({ "name": name, "coefficient": coefficient, "saturation": { "kind": "exponential", "rate": rate },
            "adstock": { "kind": "geometric", "decay": decay } })
    };
    let surface = surface(&json!({ "channels": [
        channel("search", 120.0, 0.000_05, 0.5), channel("social", 90.0, 0.000_07, 0.3),
        channel("video", 150.0, 0.000_04, 0.2) ] }));
    let mut brute: f64 = 0.0;
    for i in 0..=80 {
        for j in 0..=80 {
            let (a, b) = (500.0 * f64::from(i), 500.0 * f64::from(j));
            let c = 60_000.0 - a - b;
            if (0.0..=40_000.0).contains(&c) {
                brute = brute.max(outcome(&surface, &[a, b, c]));
            }
        }
    }
    for method in METHODS {
        let task = Task {
            method,
            step: Some(500.0),
            ..Task::new(Budget::Fixed(60_000.0), vec![(0.0, 40_000.0); 3])
        };
        let solved = solve(&surface, &task).unwrap();
        assert!((solved.plan.iter().sum::<f64>() - 60_000.0).abs() < 1e-6);
        assert!(solved.plan.iter().all(|b| (0.0..=40_000.0).contains(b)));
        let slack = if method == Method::Greedy { 1e-9 } else { 1e-6 };
        assert!(solved.value >= brute * (1.0 - slack), "{method:?} {} {brute}", solved.value);
        if method == Method::Greedy {
            assert!(
                (solved.value / brute - 1.0).abs() < 1e-9,
                "greedy takes the best steps: {} {brute}",
                solved.value
            );
        }
    }
}

/// S-shaped curves over several draws, two and three channels, against a fine grid.
#[test]
fn global_is_no_worse_than_brute_force_and_its_bound_holds() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    for round in 0..30 {
        let n = 2 + round % 2;
        let surface = random_surface(&mut rng, n, 3, true);
        let budget = 100.0;
        let solved = solve(&surface, &task(&surface, budget, Method::Global)).unwrap();
        let grid = if n == 2 { 4000 } else { 220 };
        let mut brute = f64::NEG_INFINITY;
        for i in 0..=grid {
            let a = budget * f64::from(i) / f64::from(grid);
            if n == 2 {
                brute = brute.max(outcome(&surface, &[a, budget - a]));
            } else {
                for j in 0..=grid - i {
                    let b = budget * f64::from(j) / f64::from(grid);
                    brute = brute.max(outcome(&surface, &[a, b, (budget - a - b).max(0.0)]));
                }
            }
        }
        let proof = solved.proof.unwrap();
        assert!(solved.value >= brute * (1.0 - 1e-6), "{round}: {} {brute}", solved.value);
        assert!(proof.bound >= brute && proof.relative_gap <= 1e-6, "{round}: {proof:?} {brute}");
        assert!(solved.kkt_residual <= 1e-6, "{round}: {}", solved.kkt_residual);
    }
}

fn random_surface(rng: &mut ChaCha8Rng, n: usize, draws: usize, s_shaped: bool) -> Surface {
    surface(&json!({ "channels": random_channels(rng, n, draws, s_shaped) }))
}

fn random_channels(rng: &mut ChaCha8Rng, n: usize, draws: usize, s_shaped: bool) -> Vec<Value> {
    (0..n)
        .map(|k| {
            let mut many = |low: f64, high: f64| -> Vec<f64> {
                let centre = low * (high / low).powf(rng.random::<f64>());
                (0..draws).map(|_| centre * (1.0 + 0.2 * (rng.random::<f64>() - 0.5))).collect()
            };
            let (coefficient, ec50) = (many(5.0, 50.0), many(8.0, 80.0));
            let slope = if s_shaped { many(0.7, 4.0) } else { many(0.4, 0.95) };
            let current = 5.0 + 30.0 * rng.random::<f64>();
            json!({ "name": format!("c{k}"), "coefficient": coefficient, "current": current,
                "saturation": { "kind": "hill", "slope": slope, "ec50": ec50 } })
        })
        .collect()
}

fn random_bounds(rng: &mut ChaCha8Rng, n: usize, budget: f64) -> Vec<(f64, f64)> {
    (0..n)
        .map(|_| {
            let lower =
                if rng.random::<f64>() < 0.5 { 0.0 } else { 0.5 * budget / n as f64 * rng.random::<f64>() };
            let upper = if rng.random::<f64>() < 0.5 {
                budget
            } else {
                budget / n as f64 * (1.0 + 2.0 * rng.random::<f64>())
            };
            (lower, upper.min(budget).max(lower))
        })
        .collect()
}

fn shuffled<T: Clone>(items: &[T]) -> Vec<T> {
    let half = items.len() / 2;
    items[half..].iter().rev().chain(items[..half].iter()).cloned().collect()
}

/// Ten thousand problems, or a twentieth of them without RUN_SLOW_TESTS.
#[test]
fn random_problems_keep_every_promise() {
    let n_problems = if std::env::var_os("RUN_SLOW_TESTS").is_some() { 10_000 } else { 500 };
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut worst_kkt, mut worst_gap): (f64, f64) = (0.0, 0.0);
    for round in 0..n_problems {
        let n = 2 + round % 5;
        let s_shaped = round % 3 != 0;
        let channels = random_channels(&mut rng, n, 1 + round % 3, s_shaped);
        let surface = surface(&json!({ "channels": channels }));
        let current = surface.current();
        let budget: f64 = current.iter().sum();
        let bounds = if round % 2 == 0 {
            current.iter().map(|b| (b * 0.5, b * 1.7)).collect()
        } else {
            random_bounds(&mut rng, n, budget)
        };
        let task = Task::new(Budget::Fixed(budget), bounds.clone());
        let Ok(solved) = solve(&surface, &task) else {
            let least: f64 = bounds.iter().map(|b| b.0).sum();
            let most: f64 = bounds.iter().map(|b| b.1).sum();
            assert!(least > budget || most < budget, "{round}: refused without reason");
            continue;
        };
        check_exact(round, &solved, &bounds, budget);
        let proof = solved.proof.unwrap();
        worst_gap = worst_gap.max(proof.relative_gap);
        worst_kkt = worst_kkt.max(solved.kkt_residual);
        let inside = current.iter().zip(&bounds).all(|(b, (lower, upper))| b >= lower && b <= upper);
        if inside {
            let today = outcome(&surface, &current);
            assert!(solved.value >= today, "{round}: {} {today}", solved.value);
        }

        let turned = self::surface(&json!({ "channels": shuffled(&channels) }));
        let other = solve(&turned, &Task::new(Budget::Fixed(budget), shuffled(&bounds))).unwrap();
        assert!((other.value / solved.value - 1.0).abs() < 2e-6, "{round}: {} {}", other.value, solved.value);
        // Thousands instead of units: every amount is a thousandth.
        let in_thousands: Vec<Value> = channels
            .iter()
            .map(|channel| {
                let mut channel = channel.clone();
                channel["cost_per_exposure"] = json!(1e-3);
                channel["current"] = json!(channel["current"].as_f64().unwrap() * 1e-3);
                channel
            })
            .collect();
        let thousands = self::surface(&json!({ "channels": in_thousands }));
        let small: Vec<(f64, f64)> = bounds.iter().map(|(a, b)| (a * 1e-3, b * 1e-3)).collect();
        let other = solve(&thousands, &Task::new(Budget::Fixed(budget * 1e-3), small)).unwrap();
        assert!((other.value / solved.value - 1.0).abs() < 2e-6, "{round}: {} {}", other.value, solved.value);
        if !s_shaped || proof.nodes == 1 {
            for (a, b) in other.plan.iter().zip(&solved.plan) {
                assert!((a * 1e3 - b).abs() < 1e-2 * budget, "{round}: {:?} {:?}", other.plan, solved.plan);
            }
        }
    }
    println!(
        "{n_problems} problems: largest relative gap {worst_gap:.2e}, largest KKT residual {worst_kkt:.2e}"
    );
    assert!(worst_gap <= 1e-6, "{worst_gap}");
    assert!(worst_kkt <= 1e-6, "{worst_kkt}");
}

fn check_exact(round: usize, solved: &Solved, bounds: &[(f64, f64)], budget: f64) {
    let total: f64 = solved.plan.iter().sum();
    assert!((total - budget).abs() <= 1e-9 * budget, "{round}: {total} {budget}");
    for (b, (lower, upper)) in solved.plan.iter().zip(bounds) {
        assert!(b >= lower && b <= upper, "{round}: {b} {lower} {upper}");
    }
}

/// All methods keep bounds and budget, agree where nothing bends upwards, and none beats `global` where something does.
#[test]
fn methods_agree_on_concave_problems_and_none_beats_global() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    for round in 0..40 {
        let s_shaped = round % 2 == 1;
        let n = 2 + round % 6;
        let surface = random_surface(&mut rng, n, 2, s_shaped);
        let budget = 100.0;
        let bounds = random_bounds(&mut rng, n, budget);
        let solve =
            |method| solve(&surface, &Task { method, ..Task::new(Budget::Fixed(budget), bounds.clone()) });
        let Ok(global) = solve(Method::Global) else { continue };
        for method in [Method::Slsqp, Method::Greedy, Method::Gradient] {
            let solved = solve(method).unwrap();
            check_exact(round, &solved, &bounds, budget);
            assert!(
                solved.value <= global.value * (1.0 + 1e-6),
                "{round} {method:?}: {} {}",
                solved.value,
                global.value
            );
            if !s_shaped {
                assert!(
                    solved.value >= 0.999 * global.value,
                    "{round} {method:?}: {} {}",
                    solved.value,
                    global.value
                );
                if method != Method::Greedy {
                    assert!(solved.kkt_residual <= 1e-6, "{round} {method:?}: {}", solved.kkt_residual);
                }
            }
        }
    }
}

#[test]
fn groups_are_kept_and_the_plan_is_still_proven() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    for round in 0..25 {
        let n = 4 + round % 4;
        let surface = random_surface(&mut rng, n, 2, true);
        let budget = 100.0;
        let group = |name: &str, members: Vec<usize>, min: Option<f64>, max: Option<f64>| Group {
            name: name.into(),
            members,
            min,
            max,
        };
        let groups = vec![
            group("first", vec![0, 1], Some(0.2), Some(0.45)),
            group("overlap", vec![1, 2], None, Some(0.5)),
        ];
        let task =
            Task { groups: groups.clone(), ..Task::new(Budget::Fixed(budget), vec![(0.0, budget); n]) };
        let solved = solve(&surface, &Task { method: Method::Global, ..task.clone() }).unwrap();
        for group in &groups {
            let share: f64 = group.members.iter().map(|k| solved.plan[*k]).sum::<f64>() / budget;
            assert!(
                share >= group.min.unwrap_or(0.0) - 1e-8 && share <= group.max.unwrap_or(1.0) + 1e-8,
                "{round}: {share}"
            );
        }
        let proof = solved.proof.unwrap();
        assert!(proof.relative_gap <= 1e-6, "{round}: {proof:?}");
        assert!(solved.kkt_residual <= 1e-6, "{round}: {}", solved.kkt_residual);
        let other = solve(&surface, &Task { method: Method::Slsqp, ..task }).unwrap();
        assert!(other.value <= solved.value * (1.0 + 1e-6), "{round}: {} {}", other.value, solved.value);
        // No random plan within the groups is above the bound.
        for _ in 0..300 {
            let parts: Vec<f64> = (0..n).map(|_| -(1.0 - rng.random::<f64>()).ln()).collect();
            let whole: f64 = parts.iter().sum();
            let plan: Vec<f64> = parts.iter().map(|part| part / whole * budget).collect();
            let fits = groups.iter().all(|group| {
                let share: f64 = group.members.iter().map(|k| plan[*k]).sum::<f64>() / budget;
                share >= group.min.unwrap_or(0.0) && share <= group.max.unwrap_or(1.0)
            });
            assert!(!fits || outcome(&surface, &plan) <= proof.bound);
        }
    }
}

#[test]
fn a_free_budget_ends_where_its_target_says() {
    let surface = weekly4();
    let bounds = vec![(0.0, 40_000.0); 4];
    let free = |target| Task::new(Budget::Free(target), bounds.clone());
    let profit = solve(&surface, &free(Target::Profit)).unwrap();
    let marginal = |plan: &[f64], k: usize| surface.cell_outcomes(k, plan[k])[0].1;
    for k in 0..4 {
        assert!((marginal(&profit.plan, k) - 1.0).abs() < 1e-4, "{k}: {}", marginal(&profit.plan, k));
    }
    assert!(profit.proof.unwrap().relative_gap <= 1e-6);
    let steep = solve(&surface, &free(Target::MarginalRoas(2.0))).unwrap();
    assert!((0..4).all(|k| (marginal(&steep.plan, k) - 2.0).abs() < 1e-4));
    assert!(steep.plan.iter().sum::<f64>() < profit.plan.iter().sum::<f64>());
    let whole = solve(&surface, &free(Target::Roas(3.0))).unwrap();
    let spent: f64 = whole.plan.iter().sum();
    let roas = outcome(&surface, &whole.plan) / spent;
    assert!((3.0 - 1e-6..3.0 + 1e-3).contains(&roas), "{roas}");
    // More money at the same split of marginal returns would fall below the target.
    let more = solve(&surface, &task(&surface, spent * 1.01, Method::Global)).unwrap();
    assert!(more.value / (spent * 1.01) < 3.0);
    let sequential = solve(&surface, &Task { method: Method::Slsqp, ..free(Target::Roas(3.0)) }).unwrap();
    assert!(
        sequential.value <= whole.value * (1.0 + 1e-6) && sequential.value >= 0.99 * whole.value,
        "{} {}",
        sequential.value,
        whole.value
    );
    let problems = solve(&surface, &free(Target::Roas(1e6))).unwrap_err();
    assert_eq!(problems.0[0].code, "plan.target_out_of_reach");
}

#[test]
fn measures_of_risk_trade_the_mean_for_the_spread() {
    // Two channels alike in the mean; one of them is certain.
    let spread: Vec<f64> = (0..41).map(|s| 20.0 * (0.5 + f64::from(s) / 40.0)).collect();
    let surface = surface(&json!({ "channels": [
        { "name": "sure", "coefficient": 20.0, "current": 50.0, "saturation": { "kind": "michaelis_menten", "ec50": 40.0 } },
        { "name": "unsure", "coefficient": spread, "current": 50.0, "saturation": { "kind": "michaelis_menten", "ec50": 40.0 } },
    ] }));
    let with = |objective| {
        solve(&surface, &Task { objective, method: Method::Auto, ..task(&surface, 100.0, Method::Auto) })
            .unwrap()
    };
    let mean = with(Objective::Mean);
    assert!((mean.plan[0] - 50.0).abs() < 1e-3, "{:?}", mean.plan);
    for objective in [Objective::Cvar(0.1), Objective::Quantile(0.1), Objective::MeanMinusSd(1.0)] {
        let careful = with(objective);
        assert_eq!(careful.method, Method::Slsqp);
        assert!(careful.plan[0] > 55.0, "{objective:?} {:?}", careful.plan);
        // Brute force on the line of plans.
        let judge = |a: f64| objective.weigh(&surface.outcomes(&[a, 100.0 - a])).0;
        let brute = (0..=2000).map(|i| judge(f64::from(i) / 20.0)).fold(f64::NEG_INFINITY, f64::max);
        assert!(careful.value >= brute * (1.0 - 1e-5), "{objective:?} {} {brute}", careful.value);
    }
}

#[test]
fn faults_name_the_numbers_and_what_would_do() {
    let surface = weekly4();
    let codes = |task: Task| -> Vec<(String, String)> {
        let problems = solve(&surface, &task).unwrap_err();
        problems
            .0
            .into_iter()
            .map(|p| (p.code.to_owned(), format!("{} {}", p.message, p.hint.unwrap_or_default())))
            .collect()
    };
    let base = |budget| Task::new(Budget::Fixed(budget), vec![(0.0, 1e5); 4]);
    for budget in [0.0, -5.0, f64::NAN, f64::INFINITY] {
        assert_eq!(codes(base(budget))[0].0, "plan.budget");
    }
    let mut crossed = base(1000.0);
    crossed.bounds[1] = (20.0, 10.0);
    crossed.bounds[2] = (f64::NAN, 10.0);
    let found = codes(crossed);
    assert!(found.len() == 2 && found[0].1.contains("at least 20 and at most 10"), "{found:?}");
    let tight = Task { bounds: vec![(400.0, 1e5); 4], ..base(1000.0) };
    let found = codes(tight);
    assert!(
        found[0].0 == "plan.infeasible" && found[0].1.contains("1600") && found[0].1.contains("1000"),
        "{found:?}"
    );
    let loose = Task { bounds: vec![(0.0, 100.0); 4], ..base(1000.0) };
    assert!(codes(loose)[0].1.contains("400"));
    let group = Group { name: "tv".into(), members: vec![0], min: Some(0.9), max: None };
    let mut grouped = Task { groups: vec![group], ..base(1000.0) };
    grouped.bounds[0] = (0.0, 100.0);
    assert!(codes(grouped)[0].1.contains("group `tv`"));
    let risky = Task { objective: Objective::Cvar(0.1), method: Method::Global, ..base(1000.0) };
    assert_eq!(codes(risky)[0].0, "plan.method");

    let counted = json!({ "kpi": "signups", "kpi_kind": "count", "channels": [hill("tv", 0.5, 2.0, 100.0, 10.0, 5.0)] });
    let counted = self::surface(&counted);
    let profit = Task::new(Budget::Free(Target::Profit), vec![(0.0, 100.0)]);
    let problems = solve(&counted, &profit).unwrap_err();
    assert!(problems.0[0].code == "plan.no_money" && problems.0[0].message.contains("signups"));
}
