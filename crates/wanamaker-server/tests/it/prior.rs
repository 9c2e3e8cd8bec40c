//! What a spec believes before anything is fitted.

use crate::home::{Home, on_every_database};
use serde_json::json;

on_every_database!(
    a_preview_of_the_prior_shows_what_the_report_of_a_fit_will_show,
    a_spec_that_cannot_be_fitted_has_no_preview_but_pointers,
);

fn a_preview_of_the_prior_shows_what_the_report_of_a_fit_will_show(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 60);
    let (fit, job) = client.order(&dataset, 100);
    let spec = client.get(&format!("/api/v1/fits/{fit}")).expect(200).json()["spec"].clone();
    let preview =
        client.post("/api/v1/specs/prior", &json!({ "dataset": dataset, "spec": spec })).expect(200).json();
    assert_eq!(client.wait(&job)["state"], "succeeded");
    let report = client.get(&format!("/api/v1/fits/{fit}/report?exhibits=prior_belief")).expect(200).json();
    assert_eq!(preview["report"]["exhibits"], report["exhibits"]);
    let about = [&preview["report"]["about"], &report["about"]];
    for field in
        ["kpi", "level", "period", "from", "to", "channels", "spend", "kpi_total", "parameters", "spec"]
    {
        assert_eq!(about[0][field], about[1][field], "{field}");
    }
    assert!(about[0]["nature"].as_str().unwrap().contains("prior"), "{}", about[0]["nature"]);
    assert_eq!(preview["media_share"], preview["report"]["exhibits"]["prior_belief"]["media_share"]);

    // Who believes ten times as much of a channel sees ten times as much.
    let name = preview["channels"][0]["name"].as_str().unwrap();
    let mut bold = spec.clone();
    bold["channel"][0]["effect"] = json!({ "roas": { "log_normal": { "median": 20, "sd_log": 0.1 } } });
    let mut timid = spec.clone();
    timid["channel"][0]["effect"] = json!({ "roas": { "log_normal": { "median": 2, "sd_log": 0.1 } } });
    let roas = |spec: &serde_json::Value| {
        let body = json!({ "dataset": dataset, "spec": spec, "level": 0.8 });
        let found = client.post("/api/v1/specs/prior", &body).expect(200).json();
        assert_eq!(found["report"]["about"]["level"], 0.8);
        assert_eq!(found["channels"][0]["name"], name);
        let roas = found["channels"][0]["roas"].clone();
        (roas["lower"].as_f64().unwrap(), roas["mean"].as_f64().unwrap(), roas["upper"].as_f64().unwrap())
    };
    let ((low, mean, high), (_, least, _)) = (roas(&bold), roas(&timid));
    assert!(low < mean && mean < high && 15.0 < mean && mean < 25.0, "{low} {mean} {high}");
    assert!((mean / least - 10.0).abs() < 1.0, "{mean} {least}");
}

fn a_spec_that_cannot_be_fitted_has_no_preview_but_pointers(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.market("recoverable", 60);
    let spec = json!({ "data": { "time": "week", "kpi": "revenue" }, "channel": [{ "name": "tv", "spend": "tv_spent" }] });
    let refused =
        client.post("/api/v1/specs/prior", &json!({ "dataset": dataset, "spec": spec })).expect(422).json();
    let pointers: Vec<_> =
        refused["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert!(pointers.contains(&json!("/spec/channel/0/spend")), "{refused}");
    let refused =
        client.post("/api/v1/specs/prior", &json!({ "dataset": dataset, "level": 1.5 })).expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/level");
}
