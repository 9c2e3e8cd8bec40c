//! The requests of an older tool, as its instructions write them, and the fields of its answers.

use crate::home::{Home, on_every_database};
use crate::support::Client;
use serde_json::{Value, json};

on_every_database!(its_requests_are_answered_with_its_fields,);

fn has(value: &Value, fields: &[&str]) {
    for field in fields {
        assert!(!value[*field].is_null(), "no {field} in {value}");
    }
}

fn numbers(value: &Value, names: &[&str]) {
    for name in names {
        assert!(value[*name].is_number(), "no number {name} in {value}");
    }
}

fn its_requests_are_answered_with_its_fields(home: &Home) {
    let server = home.start();
    let client = server.client();
    has(&client.get("/").expect(200).json(), &["message", "version", "docs"]);
    assert!(client.with("Accept", "text/html").get("/").expect(200).text().starts_with("<!doctype html>"));
    let health = client.get("/health").expect(200).json();
    assert_eq!((health["status"].as_str(), health["models_loaded"].as_i64()), (Some("healthy"), Some(0)));
    has(&health, &["timestamp"]);

    let body =
        json!({ "n_weeks": 104, "channels": ["TV", "Radio", "Digital", "Social"], "base_revenue": 100000 });
    let made = client.post("/data/generate", &body).expect(200).json();
    has(&made, &["dataset_id", "file_path", "ground_truth_path", "rows", "columns", "channels", "true_roi"]);
    assert_eq!((made["rows"].as_i64(), made["notes"].as_array().unwrap().len()), (Some(104), 0));
    numbers(&made["true_roi"], &["TV", "Radio", "Digital", "Social"]);
    assert_eq!(client.get(made["file_path"].as_str().unwrap()).status, 200);
    assert_eq!(client.get(made["ground_truth_path"].as_str().unwrap()).status, 200);
    let dataset = made["dataset_id"].as_str().unwrap();
    let rows = client.get(&format!("/data/{dataset}?limit=100")).expect(200).json();
    assert_eq!(rows["data"].as_array().unwrap().len(), 100);

    let body = json!({
        "dataset_id": dataset,
        "channel_columns": ["TV_spend", "Radio_spend", "Digital_spend", "Social_spend"],
        "target_column": "revenue",
        "use_adstock": true,
        "use_saturation": true,
    });
    let fitted = client.post("/model/fit", &body).expect(200).json();
    has(&fitted, &["model_id", "dataset_id"]);
    assert_eq!(fitted["status"], "success");
    numbers(&fitted["fitted_params"], &["intercept", "sigma"]);
    numbers(&fitted["fitted_params"]["channels"]["TV"], &["beta", "decay", "alpha_sat", "K_sat"]);
    let model = fitted["model_id"].as_str().unwrap();
    has(
        &client.get(&format!("/model/{model}")).expect(200).json(),
        &["model_id", "channels", "fitted_params"],
    );
    assert_eq!(client.get("/models").expect(200).json()["models"].as_array().unwrap().len(), 1);

    for reply in [
        client.post(&format!("/model/{model}/roi"), &json!({ "dataset_id": dataset })),
        client.send("POST", &format!("/model/{model}/roi?dataset_id={dataset}"), None, b"").unwrap(),
    ] {
        let roi = reply.expect(200).json();
        let fields =
            ["roi_mean", "roi_lower", "roi_upper", "roi_median", "total_spend", "total_contribution"];
        numbers(&roi["roi_by_channel"]["TV"], &fields);
    }

    let body = json!({
        "model_id": model, "total_budget": 100000,
        "min_budgets": { "TV": 10000, "Radio": 5000 }, "max_budgets": { "TV": 60000 },
    });
    let plan = client.post("/optimize", &body).expect(200).json();
    numbers(&plan, &["expected_contribution", "net_profit", "total_budget"]);
    for field in ["optimal_allocation", "roi_by_channel", "marginal_returns"] {
        numbers(&plan[field], &["TV", "Radio", "Digital", "Social"]);
    }
    assert_eq!(plan["optimization_success"], true);
    let spent = |name: &str| plan["optimal_allocation"][name].as_f64().unwrap();
    assert!((10_000.0..=60_000.0).contains(&spent("TV")) && spent("Radio") >= 5000.0);
    let total: f64 = ["TV", "Radio", "Digital", "Social"].iter().map(|name| spent(name)).sum();
    assert!((total - 100_000.0).abs() < 0.01, "{total}");

    let path = format!("/model/{model}/validate?dataset_id={dataset}");
    let validated = client.send("POST", &path, None, b"").unwrap().expect(200).json();
    numbers(&validated["metrics"], &["mape", "r2", "mae", "rmse", "coverage"]);
    assert!(!validated["roi_accuracy"].as_array().unwrap().is_empty());
    let path = format!("/model/{model}/predict");
    let plain = client.send("POST", &format!("{path}?dataset_id={dataset}"), None, b"").unwrap().expect(200);
    assert!(plain.json().get("components").is_none());
    let body = json!({ "dataset_id": dataset, "include_components": true });
    let predicted = client.post(&path, &body).expect(200).json();
    let column = |value: &Value| -> Vec<f64> {
        value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
    };
    let [mean, lower, upper] =
        ["predictions", "lower_bound", "upper_bound"].map(|name| column(&predicted[name]));
    assert_eq!(mean.len(), predicted["dates"].as_array().unwrap().len());
    // What the parts bring adds up to where the expected KPI lies, around which a new observation scatters.
    let parts: Vec<Vec<f64>> = predicted["components"].as_object().unwrap().values().map(column).collect();
    for t in 0..mean.len() {
        assert!(lower[t] < mean[t] && mean[t] < upper[t]);
        let whole: f64 = parts.iter().map(|part| part[t]).sum();
        assert!((whole - mean[t]).abs() < 0.1 * (upper[t] - lower[t]), "{whole} {}", mean[t]);
    }
    assert_eq!(client.post(&path, &json!({ "dataset_id": model })).status, 422);
    faults(&client, dataset, model);
}

/// What was an error of the server there is one of the client here.
fn faults(client: &Client, dataset: &str, model: &str) {
    assert_eq!(client.get("/data/none").status, 404);
    assert_eq!(client.get("/model/none").status, 404);
    assert_eq!(client.send("POST", "/model/none/roi", None, b"").unwrap().status, 404);
    let body = json!({ "dataset_id": "none", "channel_columns": [] });
    assert_eq!(client.post("/model/fit", &body).status, 404);
    let body = json!({ "dataset_id": dataset, "channel_columns": ["TV_spend", "nothing"] });
    assert_eq!(
        client.post("/model/fit", &body).expect(422).json()["errors"][0]["pointer"],
        "/channel_columns/1"
    );
    let body = json!({ "model_id": model, "total_budget": 1000, "min_budgets": { "TV": 5000 } });
    assert_eq!(client.post("/optimize", &body).status, 422);
    assert_eq!(client.post("/optimize", &json!({ "model_id": "none", "total_budget": 1 })).status, 404);
}
