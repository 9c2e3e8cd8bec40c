//! `mmm roi`: what each channel earned, per unit of money, and how its effect spreads over time.

use super::span::{SpanArgs, window_words};
use crate::args::Global;
use crate::commands::output::{deliver, with_intervals};
use crate::commands::tables::{interval_heading, interval_note, money_digits, range, verdict};
use crate::outcome::{Exit, Failure, Outcome};
use crate::problems::{Sources, show};
use crate::terminal::number::{Digits, amount};
use crate::terminal::table::TextTable;
use crate::terminal::{Format, Style, Terminal};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use wanamaker::decision::identification::{Identification, identification};
use wanamaker::decision::returns::{ChannelReturns, Returns, returns};
use wanamaker::engine::fit::Fit;
use wanamaker::posterior::interval::Interval;
use wanamaker::problem::{Place, Problem, Problems, nearest};
use wanamaker::spec::Link;
use wanamaker_io::rows::{RowValues, Rows};

/// What each channel earned: ROAS, ROI, marginal ROAS, carry-over and saturation, each with its interval.
#[derive(Clone, Debug, Args)]
pub struct RoiArgs {
    /// The fit
    #[arg(default_value = "fit.mmm")]
    pub fit: PathBuf,
    /// Channels to show [default: all]
    #[arg(long, short = 'c', value_delimiter = ',', value_name = "NAME,…", alias = "channels")]
    pub channel: Vec<String>,
    /// Periods
    #[command(flatten)]
    pub span: SpanArgs,
    /// Write to this file: CSV, Excel, JSON, Parquet or Arrow by its extension
    #[arg(long, short = 'o', alias = "out")]
    pub output: Option<PathBuf>,
}

/// Computes and delivers.
pub fn run(args: &RoiArgs, global: &Global, terminal: &Terminal) -> Outcome {
    let (fit, _, _) = wanamaker_io::fit_file::load(&args.fit)?;
    let window = args.span.window(&fit.model)?;
    check_channels(&fit, &args.channel)?;
    let wanted = |name: &str| args.channel.is_empty() || args.channel.iter().any(|channel| channel == name);
    let mut found = returns(&fit.model, &fit.posterior, window, global.level, global.threads);
    found.channels.retain(|channel| wanted(&channel.name));
    let seed = global.seed.or(fit.model.spec.sampler.seed).unwrap_or_default();
    let mut known = identification(&fit.model, &fit.posterior, global.level, seed);
    known.channels.retain(|channel| wanted(&channel.channel));
    known.confounded.retain(|pair| pair.channels.iter().any(|name| wanted(name)));
    let findings = known.findings();
    if args.output.is_none() && terminal.format == Format::Json {
        let calendar = &fit.model.panel.calendar;
        let object = json!({
            "level": global.level,
            "interval": "equal-tailed",
            "from": calendar.date(window.from).to_string(),
            "to": calendar.date(window.to - 1).to_string(),
            "returns": found,
            "identification": known,
            "findings": findings,
            "warnings": fit.warnings,
        });
        terminal.print(&serde_json::to_string_pretty(&object).expect("numbers and words are JSON"))?;
    } else {
        deliver(terminal, args.output.as_deref(), &rows(&fit, &found, &known), || {
            text(&fit, &found, global.level)
        })?;
    }
    show(terminal, &findings, &Sources::default());
    let all_clear = findings.0.is_empty() && fit.warnings.0.is_empty() && args.channel.is_empty();
    if all_clear && terminal.format != Format::Json {
        let clear =
            "no contribution is its prior repeated, mixed up with another's, or vaguer than half of itself";
        terminal.say(&format!("{} {clear}", Style::Green.paint("identified:")));
    }
    if !fit.warnings.0.is_empty() {
        verdict(&fit, terminal);
    }
    Ok(Exit::Fine)
}

/// Every name must be a channel of the fit.
pub fn check_channels(fit: &Fit, names: &[String]) -> Result<(), Failure> {
    let known: Vec<&str> = fit.model.mean.channels.iter().map(|channel| channel.name.as_str()).collect();
    let mut problems = Problems::new();
    for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? The channels are {}", known.join(", ")),
            None => format!("the channels are {}", known.join(", ")),
        };
        let message = format!("`{name}` is no channel of this fit");
        problems.push(Problem::error("usage.unknown_channel", Place::default(), message).hint(hint));
    }
    Ok(problems.or(())?)
}

fn text(fit: &Fit, found: &Returns, level: f64) -> String {
    let interval = interval_heading(level);
    let kpi = &fit.model.panel.kpi.name;
    let (roas, mroas) = if found.in_money {
        (">ROAS".to_owned(), ">marginal ROAS".to_owned())
    } else {
        (format!(">{kpi} per money"), format!(">marginal {kpi} per money"))
    };
    let mut money = TextTable::new(&[
        "channel",
        ">spend",
        ">contribution",
        &interval,
        &roas,
        &interval,
        &mroas,
        &interval,
        ">ROI",
    ]);
    let mut shape = TextTable::new(&[
        "channel",
        ">felt at once",
        ">half-life",
        &interval,
        ">5 % left after",
        ">peak after",
        ">EC50",
        &interval,
        ">EC90",
        ">beyond EC50",
    ]);
    for channel in &found.channels {
        let c = &channel.contribution;
        let (mean, band) = (money_digits(c).write(c.mean), range(money_digits(c), c.lower, c.upper));
        let [roas, mroas] = [&channel.roas, &channel.mroas].map(cells);
        money.row([
            channel.name.clone(),
            channel.spend.map_or_else(|| "–".into(), amount),
            mean,
            band,
            roas.0,
            roas.1,
            mroas.0,
            mroas.1,
            cells(&channel.roi).0,
        ]);
        let half = cells(&Some(channel.half_life));
        let (ec50, ec50_range) = channel.ec50.as_ref().map_or_else(
            || ("–".to_owned(), String::new()),
            |ec50| {
                let digits = whole(ec50.median);
                (digits.write(ec50.median), range(digits, ec50.lower, ec50.upper))
            },
        );
        shape.row([
            channel.name.clone(),
            share(&channel.immediate),
            half.0,
            half.1,
            cells(&Some(channel.time_to_5_percent)).0,
            cells(&Some(channel.peak_lag)).0,
            ec50,
            ec50_range,
            channel.ec90.as_ref().map_or_else(|| "–".into(), |ec90| whole(ec90.median).write(ec90.median)),
            channel.beyond_half.as_ref().map_or_else(|| "–".into(), share),
        ]);
    }
    let period = fit.model.panel.calendar.spacing().name();
    let what = if found.in_money {
        "money per money".to_owned()
    } else {
        format!("{kpi} per money, as the value of one is not known")
    };
    let overlap = match fit.model.mean.link {
        Link::Identity => "",
        Link::Log => {
            "Channels multiply each other (log link): each is counted against its own absence, and they do not add up.\n"
        }
    };
    format!(
        "{}\n{}\n{}Contributions are in {kpi}, returns in {what}, against no exposure in\n{}.\n{overlap}\
         Times are in {period}s. EC50 and EC90: the constant spend per {period} that saturates to 50 and 90 % (median;\n\
         exposure where nothing is paid). Other figures are means; CSV and --json hold each with its interval.\n",
        money.render(),
        shape.render(),
        interval_note(level, fit),
        window_words(&fit.model, found.window),
    )
}

fn cells(interval: &Option<Interval>) -> (String, String) {
    interval.as_ref().map_or_else(
        || ("–".to_owned(), String::new()),
        |i| {
            let digits = Digits::for_spread(i.sd, i.mean);
            (digits.write(i.mean), range(digits, i.lower, i.upper))
        },
    )
}

/// Whole numbers from a hundred on, four significant digits below.
fn whole(size: f64) -> Digits {
    if size >= 100.0 { Digits::Decimals(0) } else { Digits::for_size(size) }
}

fn share(share: &Interval) -> String {
    format!("{:.0} %", 100.0 * share.mean)
}

/// Reads one measure of a channel.
type Measure<'a> = &'a dyn Fn(&ChannelReturns) -> Option<Interval>;

/// Figures of every channel for programs.
pub fn rows(fit: &Fit, found: &Returns, known: &Identification) -> Rows {
    let channels = &found.channels;
    let calendar = &fit.model.panel.calendar;
    let day = |t: usize| RowValues::Date(vec![Some(calendar.date(t)); channels.len()]);
    let unit = if found.in_money { "money" } else { fit.model.panel.kpi.name.as_str() };
    let number =
        |value: &dyn Fn(&ChannelReturns) -> f64| RowValues::Number(channels.iter().map(value).collect());
    let learnt =
        |value: &dyn Fn(usize) -> f64| RowValues::Number((0..known.channels.len()).map(value).collect());
    let mut rows = Rows::new()
        .with("channel", RowValues::Text(channels.iter().map(|channel| channel.name.clone()).collect()))
        .with("is_paid", RowValues::Bool(channels.iter().map(|channel| Some(channel.is_paid)).collect()))
        .with("from", day(found.window.from))
        .with("to", day(found.window.to - 1))
        .with("returns_in", RowValues::Text(vec![format!("{unit} per money"); channels.len()]))
        .with("spend", number(&|channel| channel.spend.unwrap_or(f64::NAN)))
        .with("exposure", number(&|channel| channel.exposure));
    let measures: [(&str, Measure<'_>); 16] = [
        ("contribution_", &|c| Some(c.contribution)),
        ("contribution_money_", &|c| c.contribution_money),
        ("share_", &|c| Some(c.share)),
        ("roas_", &|c| c.roas),
        ("roi_", &|c| c.roi),
        ("mroas_", &|c| c.mroas),
        ("cpik_", &|c| c.cpik),
        ("effectiveness_", &|c| c.effectiveness),
        ("immediate_", &|c| Some(c.immediate)),
        ("carry_over_", &|c| Some(c.carry_over)),
        ("half_life_", &|c| Some(c.half_life)),
        ("time_to_5_percent_", &|c| Some(c.time_to_5_percent)),
        ("peak_lag_", &|c| Some(c.peak_lag)),
        ("ec50_", &|c| c.ec50),
        ("ec90_", &|c| c.ec90),
        ("beyond_half_", &|c| c.beyond_half),
    ];
    for (prefix, value) in measures {
        rows = with_intervals(rows, prefix, &channels.iter().map(value).collect::<Vec<_>>());
    }
    rows.with("p_pays", number(&|channel| channel.p_pays.unwrap_or(f64::NAN)))
        .with("p_next_pays", number(&|channel| channel.p_next_pays.unwrap_or(f64::NAN)))
        .with("contraction", learnt(&|i| known.channels[i].contraction))
        .with("prior_shift", learnt(&|i| known.channels[i].shift))
}
