//! Curves of markets whose parameters are known: the truth that plans are held against.

use serde_json::{Value, json};
use wanamaker::decision::surface::Surface;
use wanamaker::decision::surface::flighting::Shape;
use wanamaker::decision::surface::stated::StatedCurves;

pub fn surface(curves: &Value) -> Surface {
    let curves: StatedCurves = serde_json::from_value(curves.clone()).unwrap();
    curves.surface(&Shape::default(), None, 1).unwrap()
}

pub fn hill(name: &str, decay: f64, slope: f64, ec50: f64, coefficient: f64, current: f64) -> Value {
    json!({ "name": name, "coefficient": coefficient, "current": current,
        "saturation": { "kind": "hill", "slope": slope, "ec50": ec50 },
        "adstock": { "kind": "geometric", "decay": decay } })
}

pub fn daily5() -> Surface {
    let spend = [31_450_000.0, 22_070_000.0, 14_780_000.0, 10_030_000.0, 6_080_000.0];
    let total: f64 = spend.iter().sum();
    let of = |k: usize| spend[k] / total * 77_079.0;
    surface(&json!({ "period": "day", "channels": [
        hill("tv", 0.85, 2.5, 150_000.0, 0.35 * 50_000.0, of(0)),
        hill("search", 0.20, 3.0, 30_000.0, 0.55 * 50_000.0, of(1)),
        hill("social", 0.50, 2.8, 45_000.0, 0.42 * 50_000.0, of(2)),
        hill("display", 0.40, 2.2, 25_000.0, 0.28 * 50_000.0, of(3)),
        hill("print_ooh", 0.70, 1.8, 60_000.0, 0.18 * 50_000.0, of(4)),
    ] }))
}

pub fn weekly4() -> Surface {
    surface(&json!({ "period": "week", "channels": [
        hill("TV", 0.7, 2.0, 10_000.0, 0.8 * 50_000.0, 18_000.0),
        hill("Radio", 0.5, 2.0, 5_000.0, 0.6 * 30_000.0, 9_000.0),
        hill("Digital", 0.3, 1.8, 8_000.0, 1.2 * 40_000.0, 14_000.0),
        hill("Social", 0.2, 1.5, 4_000.0, 25_000.0, 6_877.0),
    ] }))
}

/// The weekly count of `s2_analytics`, with today's spend as given.
pub fn analytics(current: &[f64]) -> Surface {
    surface(&json!({ "period": "week", "channels": [
        hill("search", 0.4, 2.0, 600.0, 120.0, current[0]),
        hill("social", 0.3, 2.0, 400.0, 80.0, current[1]),
        hill("display", 0.6, 2.0, 500.0, 40.0, current[2]),
        hill("audio", 0.5, 2.0, 300.0, 50.0, current[3]),
    ] }))
}

/// The weekly count of `s4_kpi4`, with today's spend as given.
pub fn kpi4(current: &[f64]) -> Surface {
    let largest = [("search", 120.0), ("social", 80.0), ("audio", 50.0), ("display", 30.0)];
    let channels =
        largest.iter().zip(current).map(|((name, beta), b)| hill(name, 0.6, 1.2, 500.0, *beta, *b));
    surface(&json!({ "period": "week", "channels": channels.collect::<Vec<_>>() }))
}
