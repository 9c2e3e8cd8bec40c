//! What a spec believes before it has seen the KPI of a file.

use super::DataFile;
use super::check::load;
use serde_json::Value;
use wanamaker::problem::Problems;
use wanamaker::report::figures::shortened;
use wanamaker::report::prior_preview::prior_preview;

/// The preview; an error is a spec that cannot be fitted.
pub fn prior(file: &DataFile, spec: &Value, level: f64) -> Result<Value, Problems> {
    let loaded = load(file, spec)?;
    Ok(shortened(&prior_preview(&loaded.model, &loaded.remarks, level)))
}
