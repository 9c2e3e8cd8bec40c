//! A calibration as tables and sentences, and its ranks as rows.

use crate::terminal::number::{Digits, count, level as level_words, percent};
use crate::terminal::table::TextTable;
use wanamaker::model::compile::CompiledModel;
use wanamaker::validation::sbc::calibration::{Calibration, FEW};
use wanamaker::validation::sbc::figures::{ChannelFigures, Figures, Precision, QuantityFigures, Verdict};
use wanamaker::validation::sbc::{Outcome, Simulation, quantities};
use wanamaker_io::rows::{RowValues, Rows};

/// For reading: a sentence per channel, how often intervals held, then every quantity.
pub fn text(found: &Calibration) -> String {
    let figures = &found.all;
    let mut text = format!(
        "{} markets simulated from the prior on your own spend, each fitted; {}\n\n",
        count(found.simulations),
        counted(found)
    );
    for channel in &figures.channels {
        text += &sentence(channel, figures.n);
    }
    text += "\n";
    text += &coverage_table(figures);
    text += "\n";
    text += &rank_table(figures, found.ranks);
    if let Some(converged) = &found.converged {
        text += &format!(
            "\nThe {} fits that converged, by themselves, {}:\n{}",
            count(converged.n),
            if converged.calibrated { "are calibrated" } else { "are NOT calibrated" },
            coverage_table(converged)
        );
    }
    text += "\n";
    for channel in &figures.channels {
        text += &knowledge(channel);
    }
    text
}

/// `With these data and priors, tv's ROAS can be known to within ± 0.42, 28 % of itself.`
fn knowledge(channel: &ChannelFigures) -> String {
    let what = if channel.is_roas { "ROAS" } else { "contribution" };
    let Precision { half_width, relative } = channel.precision;
    format!(
        "With these data and priors, {}'s {what} can be known to within ± {}, {} of itself (95 %, median of the markets).\n",
        channel.name,
        Digits::for_spread(half_width, half_width).write(half_width),
        percent(relative)
    )
}

fn counted(found: &Calibration) -> String {
    let mut parts = vec![format!("{} counted below", count(found.all.n))];
    if found.lengthened > 0 {
        parts.push(format!("{} of them drawn again four times as long", count(found.lengthened)));
    }
    parts.push(match found.not_converged {
        0 => "all converged".to_owned(),
        n => format!("{} DID NOT CONVERGE", count(n)),
    });
    if found.failed > 0 {
        parts.push(format!("{} failed", count(found.failed)));
    }
    parts.join(", ")
}

/// `tv: the 95 % interval of its ROAS held the truth in 94 of 100 simulated markets (90–99 expected): trustworthy`.
fn sentence(channel: &ChannelFigures, n: usize) -> String {
    let what = if channel.is_roas { "ROAS" } else { "contribution" };
    // The level that fails, or the widest.
    let worst = channel.coverage.iter().filter(|c| c.p_adjusted < 0.05).max_by(|a, b| b.p.total_cmp(&a.p));
    let Some(told) = worst.or(channel.coverage.last()) else { return String::new() };
    let expected = told.expected.0..=told.expected.1;
    let meaning = match channel.verdict {
        Verdict::Calibrated if !expected.contains(&told.held) => {
            ", for among so many tests chance does that too"
        }
        Verdict::Calibrated => "",
        Verdict::TooNarrow => ": surer than it should be",
        Verdict::TooWide => ": less sure than it could be",
        Verdict::BiasedHigh => ": the channel looks better than it is",
        Verdict::BiasedLow => ": the channel looks worse than it is",
    };
    format!(
        "{}: the {} interval of its {what} held the truth in {} of {} simulated markets ({}–{} expected): {}{meaning}\n",
        channel.name,
        level_words(told.level),
        count(told.held),
        count(n),
        count(told.expected.0),
        count(told.expected.1),
        match channel.verdict {
            Verdict::Calibrated if n < FEW => "nothing against it yet",
            verdict => verdict.words(),
        },
    )
}

fn coverage_table(figures: &Figures) -> String {
    let levels: Vec<f64> = figures
        .channels
        .first()
        .map_or(Vec::new(), |channel| channel.coverage.iter().map(|coverage| coverage.level).collect());
    let heads: Vec<String> = levels
        .iter()
        .flat_map(|level| [format!(">inside {}", level_words(*level)), ">95 % interval".to_owned()])
        .collect();
    let columns: Vec<&str> =
        std::iter::once("intervals of").chain(heads.iter().map(String::as_str)).collect();
    let mut table = TextTable::new(&columns);
    let one = |x: f64| Digits::Decimals(1).write(100.0 * x);
    for channel in &figures.channels {
        let what = if channel.is_roas { "roas" } else { "contribution" };
        let cells = channel
            .coverage
            .iter()
            .flat_map(|c| [percent(c.share), format!("{} … {}", one(c.lower), one(c.upper))]);
        table.row(std::iter::once(format!("{what}[{}]", channel.name)).chain(cells));
    }
    table.render()
}

fn rank_table(figures: &Figures, ranks: usize) -> String {
    let mut table = TextTable::new(&[
        "ranks of the truth",
        "low … high",
        ">mean",
        "inside the band",
        ">p",
        ">p of all",
        ">χ² p",
        "",
    ]);
    let three = |p: f64| if p < 0.001 { "< 0.001".to_owned() } else { Digits::Decimals(3).write(p) };
    for quantity in &figures.quantities {
        let mean = quantity.ranks.iter().sum::<usize>() as f64 / (figures.n * ranks.max(1)) as f64;
        table.row([
            quantity.quantity.name.clone(),
            bars(quantity),
            Digits::Decimals(2).write(mean),
            if quantity.inside { "yes" } else { "NO" }.to_owned(),
            three(quantity.p),
            three(quantity.p_adjusted),
            three(quantity.chi_squared.p),
            match quantity.verdict {
                Verdict::Calibrated => String::new(),
                verdict => verdict.words().to_uppercase(),
            },
        ]);
    }
    let outside = figures.quantities.iter().filter(|quantity| !quantity.inside).count();
    table.render()
        + &format!(
            "Honest ranks are level, with mean 0.50. The band holds all of one quantity's ranks in 95 of 100 calibrations: {} of {} outside, {:.1} expected by chance.\nThe verdict is by p of all, corrected (Holm) for {} tests.\n",
            count(outside),
            count(figures.quantities.len()),
            (1.0 - figures.bands.level) * figures.quantities.len() as f64,
            count(
                figures.quantities.len() + figures.channels.iter().map(|c| c.coverage.len()).sum::<usize>()
            ),
        )
}

/// A histogram as a line of blocks; the tallest is twice what is expected, or the greatest where one is beyond.
fn bars(quantity: &QuantityFigures) -> String {
    const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let histogram = &quantity.histogram;
    let expected = histogram.iter().sum::<usize>() as f64 / histogram.len().max(1) as f64;
    let tallest = histogram.iter().fold(2.0 * expected, |most, count| most.max(*count as f64));
    histogram.iter().map(|count| BLOCKS[(8.0 * *count as f64 / tallest).round() as usize]).collect()
}

/// One row per simulation: what became of it, then the rank of every quantity; those without ranks are empty.
pub fn rows(model: &CompiledModel, made: &[Simulation]) -> Rows {
    let ranked = |simulation: &Simulation| match &simulation.outcome {
        Outcome::Ranked(ranked) => Some(ranked.clone()),
        Outcome::Failed(_) => None,
    };
    let found: Vec<_> = made.iter().map(ranked).collect();
    let flags = |value: &dyn Fn(&wanamaker::validation::sbc::Ranked) -> bool| {
        RowValues::Bool(found.iter().map(|ranked| ranked.as_ref().map(value)).collect())
    };
    let rows = Rows::new()
        .with("simulation", RowValues::Integer(made.iter().map(|s| s.index as i64).collect()))
        .with("converged", flags(&|ranked| ranked.converged))
        .with("lengthened", flags(&|ranked| ranked.lengthened));
    quantities(model).into_iter().enumerate().fold(rows, |rows, (q, quantity)| {
        let values = found.iter().map(|r| r.as_ref().map_or(f64::NAN, |r| r.ranks[q] as f64)).collect();
        rows.with(quantity.name, RowValues::Number(values))
    })
}
