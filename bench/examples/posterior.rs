//! The curves of a made-up posterior as a curves file: `… --example posterior -- CHANNELS DRAWS hill|logistic UNIT > FILE`,
//! the outcome counted in units of so much money.

use wanamaker::decision::surface::stated::Draws;
use wanamaker::spec::SaturationKind;
use wanamaker_bench::posterior::stated;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [channels, draws, kind, unit] = &words[..] else { panic!("CHANNELS DRAWS hill|logistic UNIT") };
    let kind = if kind == "logistic" { SaturationKind::Logistic } else { SaturationKind::Hill };
    let number = |word: &str| word.parse().expect("a number");
    let unit: f64 = unit.parse().expect("a number");
    let mut curves = stated(number(channels), number(draws), kind, 1);
    for channel in &mut curves.channels {
        if let Some(Draws::Many(coefficients)) = &mut channel.coefficient {
            coefficients.iter_mut().for_each(|coefficient| *coefficient /= unit);
        }
    }
    serde_json::to_writer(std::io::stdout().lock(), &curves).expect("written");
}
