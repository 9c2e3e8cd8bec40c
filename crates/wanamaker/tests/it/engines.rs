//! The quick engines against what they should agree with: older tools' figures, NUTS, and each other.

use crate::support::{plain_csv, shared};
use std::ops::ControlFlow;
use wanamaker::data::table::Table;
use wanamaker::decision::contribution::totals;
use wanamaker::engine::fit::{Fit, fit};
use wanamaker::engine::report::{Report, RidgeReport};
use wanamaker::model::compile::from_table;
use wanamaker::problem::Problems;
use wanamaker::simulate::options::Options;
use wanamaker::simulate::preset::Preset;
use wanamaker::simulate::simulate;
use wanamaker::spec::EngineName;
use wanamaker::spec::document::{Format, read};
use wanamaker::validation::accuracy::accuracy;
use wanamaker::validation::residuals::residuals;

fn attempt(spec: &str, engine: Option<EngineName>, table: &Table) -> Result<Fit, Problems> {
    let mut document = read(spec, Format::Toml);
    assert!(document.problems.0.is_empty(), "{}", document.problems);
    document.spec.sampler.engine = engine.or(document.spec.sampler.engine);
    let (model, _) = from_table(&document.spec, table)?;
    Ok(fit(model, 0, &mut |_| ControlFlow::Continue(())).unwrap())
}

fn fitted(spec: &str, table: &Table) -> Fit {
    fitted_by(None, spec, table)
}

fn fitted_by(engine: Option<EngineName>, spec: &str, table: &Table) -> Fit {
    attempt(spec, engine, table).unwrap_or_else(|problems| panic!("{problems}"))
}

fn ridge(fit: &Fit) -> &RidgeReport {
    match &fit.report {
        Report::Ridge(report) => report,
        other => panic!("{other:?}"),
    }
}

/// Posterior mean by label.
fn mean(fit: &Fit, label: &str) -> f64 {
    let at = fit.posterior.labels().iter().position(|own| own == label).unwrap_or_else(|| panic!("{label}"));
    let all: Vec<f64> = fit.posterior.scalar(at).concat();
    all.iter().sum::<f64>() / all.len() as f64
}

fn sd(fit: &Fit, label: &str) -> f64 {
    let at = fit.posterior.labels().iter().position(|own| own == label).unwrap();
    let all: Vec<f64> = fit.posterior.scalar(at).concat();
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    (all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64).sqrt()
}

/// Channels of one preset, spelled out: `name, column, decay, slope, ec50`.
fn channels(names: &[&str], decay: f64, slope: f64, ec50: f64) -> String {
    let one = |name: &&str| {
        format!(
            "[[channel]]\nname = \"{name}\"\nspend = \"spend_{name}\"\nadstock = {{ decay = {decay} }}\n\
             saturation = {{ kind = \"hill\", slope = {slope}, ec50 = {ec50} }}\n"
        )
    };
    names.iter().map(one).collect()
}

fn analytics(cross_validation: &str) -> String {
    format!(
        "preset = \"ridge\"\n[data]\ntime = \"date\"\nkpi = \"kpi\"\n{}\
         [baseline]\nseasonality = [{{ period = 364, order = 2 }}]\n\
         [sampler.ridge]\ncross_validation = \"{cross_validation}\"\n",
        channels(&["search", "social", "display", "audio"], 0.5, 2.0, 500.0)
    )
}

/// Row, on the older tool's data with its settings: R² .6130, adjusted .5759, RMSE 15.41, MAE 12.48, MAPE 2.59 %,
/// Durbin-Watson 1.8986, penalty 10; here to more digits (scikit-learn 1.9.1, 2026-11-27, `tests/golden/ridge.py`).
#[test]
fn ridge_repeats_the_figures_of_the_analytics_tool() {
    let Some(path) = shared("data/seed_tools/s2_analytics/data.csv") else { return };
    let fit = fitted(&analytics("contiguous"), &plain_csv(&path));
    let figures = accuracy(&fit.model, &fit.posterior, 0.95, 1).training;
    assert_eq!(ridge(&fit).penalty, 10.0);
    for (what, found, expected) in [
        ("R²", figures.r_squared, 0.6129958027570429),
        ("adjusted R²", figures.adjusted_r_squared, 0.5759422094039939),
        ("RMSE", figures.rmse, 15.405502240416869),
        ("MAE", figures.mae, 12.482420526009564),
        ("MAPE", figures.mape, 2.587730454946372),
        ("Durbin-Watson", residuals(&fit.model, &fit.posterior).durbin_watson, 1.8985511477532704),
    ] {
        assert!((found / expected - 1.0).abs() < 1e-6, "{what}: {found}, not {expected}");
    }
    // Contributions are against zero spend: shares of the KPI that mean something, not rounding noise.
    let shares: Vec<f64> = totals(&fit.model, &fit.posterior, 0.95)
        .iter()
        .filter(|total| total.is_channel)
        .map(|total| total.share.mean)
        .collect();
    assert!(shares.iter().any(|share| *share > 0.01), "{shares:?}");
}

/// Row: raw columns, the older tool's penalties and folds (scikit-learn 1.9.1, 2026-11-27, `tests/golden/ridge.py`).
#[test]
fn ridge_repeats_the_coefficients_of_the_kpi_tool() {
    let Some(path) = shared("data/seed_tools/s4_kpi4/data.csv") else { return };
    let spec = format!(
        "preset = \"ridge\"\n[data]\nkpi = \"kpi\"\n{}\
         [[control]]\ncolumn = \"trend\"\n[[control]]\ncolumn = \"season\"\n\
         [baseline]\ntrend = {{ kind = \"none\" }}\nseasonality = []\n\
         [scaling]\nkpi = \"none\"\nfeatures = \"none\"\ncontrol = \"none\"\n\
         [sampler.ridge]\npenalties = [0.1, 1, 10]\ncross_validation = \"contiguous\"\nstandardize = false\n",
        channels(&["search", "social", "audio", "display"], 0.6, 1.2, 500.0)
    );
    let fit = fitted(&spec, &plain_csv(&path));
    assert_eq!(ridge(&fit).penalty, 0.1);
    for (label, expected) in [
        ("beta[search]", 82.604645402338),
        ("beta[social]", 52.82045751115801),
        ("beta[audio]", 59.050815504902616),
        ("beta[display]", 47.135955415881206),
        ("control[trend]", 0.8289731523906606),
        ("control[season]", 1.4825235820097595),
    ] {
        let found = mean(&fit, label);
        assert!((found / expected - 1.0).abs() < 1e-6, "{label}: {found}, not {expected}");
    }
    let figures = accuracy(&fit.model, &fit.posterior, 0.95, 1).training;
    assert!((figures.r_squared - 0.47534659756513176).abs() < 1e-6, "{}", figures.r_squared);
}

fn market(preset: Preset) -> Table {
    simulate(&Options::new(preset, 1)).unwrap().table
}

/// A bootstrap on data with known noise has the standard errors of the formula.
#[test]
fn bootstrap_intervals_have_the_width_of_least_squares() {
    let table = market(Preset::Analytics);
    let spec = analytics("expanding") + "penalties = [1e-9]\nblock = 1\n";
    let boot = fitted(&spec, &table);
    let gibbs =
        fitted(&spec.replace("[sampler.ridge]", "[sampler]\nengine = \"gibbs\"\n[sampler.ridge]"), &table);
    // Priors of the preset are wide against these data: the posterior's width is that of least squares.
    for name in ["search", "social", "display", "audio"] {
        let label = format!("beta[{name}]");
        let ratio = sd(&boot, &label) / sd(&gibbs, &label);
        assert!((0.85..1.15).contains(&ratio), "{label}: {ratio}");
    }
}

/// The conjugate model of the analytics data.
fn lite() -> String {
    format!(
        "preset = \"lite\"\n[data]\ntime = \"date\"\nkpi = \"kpi\"\n{}[sampler]\ndraws = 2000\n",
        channels(&["search", "social", "display", "audio"], 0.5, 2.0, 500.0)
    )
}

/// Same posterior by Gibbs and by NUTS, on the conjugate model.
#[test]
fn gibbs_and_nuts_draw_from_the_same_posterior() {
    let table = market(Preset::Analytics);
    let (gibbs, nuts) = (fitted(&lite(), &table), fitted_by(Some(EngineName::Nuts), &lite(), &table));
    assert_eq!(gibbs.report, Report::Gibbs);
    assert!(gibbs.converged() && nuts.converged(), "{}{}", gibbs.warnings, nuts.warnings);
    for (at, label) in gibbs.posterior.labels().iter().enumerate() {
        if nuts.model.layout.parameters[at].free.is_none() {
            continue;
        }
        let (spread, apart) = (sd(&nuts, label), mean(&gibbs, label) - mean(&nuts, label));
        assert!(apart.abs() < 0.1 * spread, "{label}: {apart} apart, sd {spread}");
        assert!((sd(&gibbs, label) / spread - 1.0).abs() < 0.08, "{label}");
    }
}

/// Row: the fit of the older tool's preset, R² as good as least squares, and honest predictive intervals.
#[test]
fn the_lite_model_covers_what_it_claims() {
    let Some(path) = shared("data/seed_tools/s0_lite/data.csv") else { return };
    let names = [("search", 0.5, 0.005), ("social", 0.3, 0.007), ("video", 0.2, 0.004)];
    let channels: String = names
        .iter()
        .map(|(name, decay, rate)| {
            format!(
                "[[channel]]\nname = \"{name}\"\nspend = \"{name}\"\nadstock = {{ decay = {decay} }}\n\
                 saturation = {{ kind = \"exponential\", rate = {rate} }}\n"
            )
        })
        .collect();
    let spec = format!("preset = \"lite\"\n[data]\ntime = \"date\"\nkpi = \"sales\"\n{channels}");
    let fit = fitted(&spec, &plain_csv(&path));
    let figures = accuracy(&fit.model, &fit.posterior, 0.95, 1).training;
    println!(
        "lite: R² {:.4}, MAPE {:.2} %, coverage {:.3}",
        figures.r_squared, figures.mape, figures.coverage_95
    );
    // Least squares with the same columns: 0.65917 (NumPy 2.4.6, 2026-11-27).
    assert!((figures.r_squared - 0.65917).abs() < 0.01, "{}", figures.r_squared);
    assert!((0.92..=0.98).contains(&figures.coverage_95), "{}", figures.coverage_95);
    assert!(fit.converged(), "{}", fit.warnings);
}

/// On a model that is nearly normal the preview is the posterior; Pareto's k says so.
#[test]
fn the_laplace_preview_of_a_linear_model_is_its_posterior() {
    let table = market(Preset::Analytics);
    let (laplace, gibbs) = (fitted_by(Some(EngineName::Laplace), &lite(), &table), fitted(&lite(), &table));
    assert!(laplace.converged(), "{}", laplace.warnings);
    for name in ["search", "social", "display", "audio"] {
        let label = format!("beta[{name}]");
        let apart = mean(&laplace, &label) - mean(&gibbs, &label);
        assert!(apart.abs() < 0.1 * sd(&gibbs, &label), "{label}: {apart}");
        assert!((sd(&laplace, &label) / sd(&gibbs, &label) - 1.0).abs() < 0.1, "{label}");
    }
}

/// On the newcomer's model it is where the data say much.
#[test]
fn the_laplace_preview_of_a_market_that_tells_its_effects_stands() {
    let market = simulate(&Options::new(Preset::Recoverable, 1)).unwrap();
    let (laplace, nuts) = (
        fitted_by(Some(EngineName::Laplace), &market.spec, &market.table),
        fitted(&market.spec, &market.table),
    );
    assert!(laplace.converged(), "{}", laplace.warnings);
    for channel in &market.truth.channels {
        let label = format!("roas[{}]", channel.name);
        let apart = (mean(&laplace, &label) - mean(&nuts, &label)) / sd(&nuts, &label);
        println!("{label}: apart by {apart:.2} sd");
        assert!(apart.abs() < 0.3, "{label}: {apart}");
        assert!((sd(&laplace, &label) / sd(&nuts, &label) - 1.0).abs() < 0.25, "{label}");
    }
}

/// Where they say little it is not, and the fit says that it is not to be used.
#[test]
fn the_laplace_preview_of_a_curved_posterior_warns() {
    let market = simulate(&Options::new(Preset::Weekly4, 42)).unwrap();
    let fit = fitted_by(Some(EngineName::Laplace), &market.spec, &market.table);
    let Report::Laplace { pareto_k } = fit.report else { panic!("{:?}", fit.report) };
    println!("weekly4: Pareto k {pareto_k:?}");
    assert!(pareto_k.is_none_or(|k| k > 0.7));
    assert!(!fit.converged());
    assert!(fit.warnings.iter().any(|warning| warning.code == "laplace.pareto_k"), "{}", fit.warnings);
}

/// Every reason why an engine cannot fit a model is told by the compiler, with a way out.
#[test]
fn engines_refuse_what_they_cannot_fit() {
    let market = simulate(&Options::new(Preset::Weekly4, 1)).unwrap();
    for engine in [EngineName::Gibbs, EngineName::Ridge] {
        let problems = attempt(&market.spec, Some(engine), &market.table).unwrap_err();
        let problem = problems.iter().find(|problem| problem.code == "engine.not_linear").unwrap();
        assert!(problem.message.contains("decay[TV]"), "{}", problem.message);
        assert!(problem.hint.as_ref().unwrap().contains("preset"), "{:?}", problem.hint);
    }
    let positive = lite()
        .replace("[sampler]", "[defaults]\neffect = { beta = { half_normal = { sd = 1 } } }\n[sampler]");
    let problems = attempt(&positive, None, &self::market(Preset::Analytics)).unwrap_err();
    let problem = problems.iter().find(|problem| problem.code == "engine.not_conjugate").unwrap();
    assert!(problem.message.contains("beta[search] is half_normal"), "{}", problem.message);
    // The same model is none of its business to ridge, which reads no prior.
    assert!(attempt(&positive, Some(EngineName::Ridge), &self::market(Preset::Analytics)).is_ok());
}

/// The search finds the transforms that the data were made with, nearly.
#[test]
fn ridge_finds_the_decays_of_a_market_that_tells_them() {
    let market = simulate(&Options::new(Preset::Recoverable, 1)).unwrap();
    let channels: String = (market.truth.channels.iter())
        .map(|channel| {
            let (name, slope) = (&channel.name, channel.parameters["slope"]);
            format!(
                "[[channel]]\nname = \"{name}\"\nspend = \"{name}_spend\"\nsaturation = {{ kind = \"hill\", slope = {slope} }}\n"
            )
        })
        .collect();
    let spec = format!(
        "preset = \"ridge\"\n[data]\ntime = \"week\"\nkpi = \"revenue\"\n{channels}\
         [sampler.ridge]\nsearch = true\npenalties = [0.001, 0.01, 0.1]\n"
    );
    let fit = fitted(&spec, &market.table);
    let found = &ridge(&fit).searched;
    assert_eq!(found.len(), 4);
    // The market's decays fall from channel to channel, from .7 to .2.
    assert!(found.is_sorted_by(|a, b| a.decay > b.decay), "{found:?}");
    for (channel, found) in market.truth.channels.iter().zip(found) {
        let (decay, ec50) = (channel.parameters["decay"], channel.parameters["ec50"]);
        println!(
            "{}: decay {decay} found {:?}, ec50 {ec50} found {:?}",
            channel.name, found.decay, found.ec50
        );
        assert!((found.decay.unwrap() - decay).abs() < 0.21, "{found:?}");
        assert!((found.ec50.unwrap() / ec50).ln().abs() < 2.2_f64.ln(), "{found:?}");
        // The fit holds the model that was found.
        let label = format!("decay[{}]", channel.name);
        assert!((mean(&fit, &label) - found.decay.unwrap()).abs() < 1e-9);
    }
}
