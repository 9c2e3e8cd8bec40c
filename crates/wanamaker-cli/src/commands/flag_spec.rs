//! A spec from flags alone, in the words of older tools: `mmm fit --data d.csv --channels search,social`.
//!
//! It is the conjugate linear model of the preset `lite`, drawn by the Gibbs sampler.

use crate::load::ReadSpec;
use crate::outcome::{Failure, usage};
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use wanamaker::spec::document::Format;

/// What the flags say about the model; with `--channels` no spec file is read.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Without a spec (the conjugate linear model)")]
pub struct FlagSpec {
    /// Columns of the channels, apart by commas
    #[arg(long, value_delimiter = ',', requires = "data", conflicts_with = "spec")]
    pub channels: Option<Vec<String>>,
    /// Column of dates
    #[arg(long, default_value = "date", requires = "channels")]
    pub date_col: String,
    /// Column of the outcome
    #[arg(long, default_value = "sales", requires = "channels")]
    pub y_col: String,
    /// Decay by channel as JSON, e.g. '{"search": 0.5}'
    #[arg(long, requires = "channels", value_parser = by_channel)]
    pub adstock: Option<Map<String, Value>>,
    /// Rate of exponential saturation by channel as JSON, e.g. '{"search": 0.001}'
    #[arg(long, requires = "channels", value_parser = by_channel)]
    pub saturation: Option<Map<String, Value>>,
    /// Prior variance of standardised coefficients
    #[arg(long, default_value_t = 1.0, requires = "channels")]
    pub tau2: f64,
    /// Shape of the inverse-gamma prior of the noise variance
    #[arg(long, default_value_t = 2.0, requires = "channels")]
    pub a0: f64,
    /// Scale of the inverse-gamma prior of the noise variance
    #[arg(long, default_value_t = 1.0, requires = "channels")]
    pub b0: f64,
    /// No trend
    #[arg(long, requires = "channels")]
    pub no_trend: bool,
    /// No seasonality
    #[arg(long, requires = "channels")]
    pub no_season: bool,
    /// Length of the seasonal wave in periods of the data, taken as days
    #[arg(long, default_value_t = 7.0, requires = "channels")]
    pub season_period: f64,
    /// Sine–cosine pairs of the seasonal wave
    #[arg(long = "season-K", alias = "season-k", default_value_t = 2, requires = "channels")]
    pub season_k: usize,
}

fn by_channel(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) if map.values().all(Value::is_number) => Ok(map),
        Ok(_) => Err("write one number per channel, e.g. {\"search\": 0.5}".into()),
        Err(error) => Err(format!("this is not JSON: {error}")),
    }
}

impl FlagSpec {
    /// The spec the flags describe; `None` without `--channels`.
    pub fn spec(&self) -> Result<Option<ReadSpec>, Failure> {
        let Some(channels) = &self.channels else { return Ok(None) };
        for (flag, map) in [("adstock", &self.adstock), ("saturation", &self.saturation)] {
            if let Some(name) = map.iter().flat_map(Map::keys).find(|name| !channels.contains(name)) {
                let hint = format!("the channels are {}", channels.join(", "));
                return Err(usage(format!("--{flag} names `{name}`, which is not a channel"), hint));
            }
        }
        let tau = self.tau2.sqrt();
        // The priors of the preset hold for a variance of one and grow with its root.
        let normal = |sd: f64| json!({ "normal": { "mean": 0, "sd": sd * tau } });
        let trend = if self.no_trend {
            json!({ "kind": "none" })
        } else {
            json!({ "kind": "linear", "slope": normal(12_f64.sqrt()) })
        };
        let wave =
            json!({ "period": self.season_period, "order": self.season_k, "prior": normal(2_f64.sqrt()) });
        let spec = json!({
            "preset": "lite",
            "data": { "time": self.date_col, "kpi": self.y_col },
            "channel": channels.iter().map(|name| self.channel(name)).collect::<Vec<_>>(),
            "defaults": { "effect": { "beta": normal(1.0) } },
            "baseline": { "trend": trend, "seasonality": if self.no_season { json!([]) } else { json!([wave]) } },
            "outcome": { "variance": { "prior": { "inverse_gamma": { "shape": self.a0, "scale": self.b0 } } } },
        });
        let text = serde_json::to_string_pretty(&spec).expect("a spec is JSON");
        Ok(Some(ReadSpec::of("the flags".to_owned(), text, Format::Json, PathBuf::new())))
    }

    fn channel(&self, name: &str) -> Value {
        let mut channel = Map::from_iter([("name".into(), json!(name)), ("spend".into(), json!(name))]);
        if let Some(decay) = self.adstock.as_ref().and_then(|map| map.get(name)) {
            channel.insert(
                "adstock".into(),
                json!({ "kind": "geometric", "l_max": "infinite", "decay": decay }),
            );
        }
        if let Some(rate) = self.saturation.as_ref().and_then(|map| map.get(name)) {
            channel.insert("saturation".into(), json!({ "kind": "exponential", "rate": rate }));
        }
        Value::Object(channel)
    }
}
