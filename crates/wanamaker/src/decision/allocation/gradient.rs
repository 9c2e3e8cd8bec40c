//! Projected gradient on the budget simplex with bounds, with spectral steps (Birgin, Martínez & Raydan 2000).
//!
//! ```text
//! d = P(b + α·g) − b        b ← b + τ·d       α from the last step and the change of the gradient, τ by backtracking
//! ```
//! `P` is the projection on bounds and budget, so every iterate is a plan. It climbs to a local optimum; on S-curves the
//! best of several starts is taken.

use super::judge::Judge;
use super::project::project;

const MOST_ITERATIONS: usize = 400;
/// Values that a step may fall short of: the least of the last ones, so that long steps are not refused.
const MEMORY: usize = 8;

/// The best plan found from any of `starts`.
pub fn solve(judge: &Judge<'_>, starts: &[Vec<f64>]) -> Vec<f64> {
    let climbed = starts.iter().map(|start| climb(judge, start));
    let best = climbed.max_by(|a, b| judge.value(a).total_cmp(&judge.value(b)));
    best.unwrap_or_default()
}

fn climb(judge: &Judge<'_>, start: &[f64]) -> Vec<f64> {
    let (task, money) = (judge.task, judge.task.most());
    let onto = |wish: Vec<f64>| project(&wish, &task.bounds, task.fixed());
    let mut plan = onto(start.to_vec());
    let mut here = judge.judge(&plan);
    let mut best = (here.value, plan.clone());
    let mut recent = vec![here.value];
    let steepest = here.gradient.iter().fold(0.0_f64, |most, g| most.max(g.abs()));
    if steepest == 0.0 {
        return plan;
    }
    let mut alpha = 0.1 * money / steepest;
    for _ in 0..MOST_ITERATIONS {
        let wish = plan.iter().zip(&here.gradient).map(|(b, g)| b + alpha * g).collect();
        let aim = onto(wish);
        let direction: Vec<f64> = aim.iter().zip(&plan).map(|(a, b)| a - b).collect();
        let length = direction.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        let rise: f64 = direction.iter().zip(&here.gradient).map(|(d, g)| d * g).sum();
        if length <= 1e-12 * money || rise <= 1e-15 * here.value.abs() {
            break;
        }
        let least = recent.iter().copied().fold(f64::INFINITY, f64::min);
        let mut tau = 1.0;
        let stepped = loop {
            let next: Vec<f64> = plan.iter().zip(&direction).map(|(b, d)| b + tau * d).collect();
            let judged = judge.judge(&next);
            if judged.value >= least + 1e-4 * tau * rise {
                break Some((next, judged));
            }
            tau *= 0.5;
            if tau < 1e-10 {
                break None;
            }
        };
        let Some((next, there)) = stepped else { break };
        let step = next.iter().zip(&plan).map(|(a, b)| a - b);
        let change = there.gradient.iter().zip(&here.gradient).map(|(a, b)| a - b);
        let (square, bend) =
            step.zip(change).fold((0.0, 0.0), |(square, bend), (s, y)| (square + s * s, bend - s * y));
        // Where the curve bends upwards there is no length to learn from: take a long step.
        let longest = money / steepest * 1e3;
        alpha = if bend > 0.0 { (square / bend).min(longest) } else { longest };
        (plan, here) = (next, there);
        if here.value > best.0 {
            best = (here.value, plan.clone());
        }
        recent.push(here.value);
        if recent.len() > MEMORY {
            recent.remove(0);
        }
    }
    best.1
}
