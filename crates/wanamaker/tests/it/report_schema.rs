//! The JSON Schema of a report, from which the front end's types are made, is the committed one.

use std::path::Path;

#[test]
fn the_schema_of_a_report_is_the_committed_one() {
    let schema = schemars::schema_for!(wanamaker::report::Report);
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/api/report.schema.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "UPDATE_GOLDEN=1 cargo test report_schema writes it; then `npm run types` in ui/"
    );
}
