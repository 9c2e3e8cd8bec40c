//! Tables in every form they come in, read back by a reader that knows nothing of the server.

use crate::home::{Home, on_every_database};
use crate::support::{Client, Reply};
use serde_json::json;
use wanamaker::data::table::{Table, Values};
use wanamaker_io::read::read_table;

on_every_database!(
    every_form_of_a_table_holds_the_same,
    predictions_hold_the_kpi_beside_what_was_expected,
    plans_come_as_tables_of_their_channels,
    draws_come_whole_or_in_parts_that_fit_together,
);

const FORMS: [(&str, &str); 4] = [
    ("csv", "text/csv"),
    ("arrow", "application/vnd.apache.arrow.stream"),
    ("parquet", "application/vnd.apache.parquet"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

fn read(reply: &Reply, extension: &str) -> Table {
    let file = tempfile::Builder::new().suffix(&format!(".{extension}")).tempfile().unwrap();
    std::fs::write(file.path(), &reply.body).unwrap();
    read_table(file.path()).unwrap_or_else(|problems| panic!("{extension}: {problems}")).table
}

/// Numbers of a column; a spreadsheet has none where there is NaN.
fn numbers(table: &Table, column: usize) -> Option<Vec<f64>> {
    match &table.columns[column].values {
        Values::Number(cells) => Some(cells.iter().map(|cell| cell.unwrap_or(f64::NAN)).collect()),
        _ => None,
    }
}

fn fitted(client: &Client) -> (String, String) {
    let dataset = client.market("recoverable", 60);
    let (fit, job) = client.order(&dataset, 100);
    assert_eq!(client.wait(&job)["state"], "succeeded");
    (dataset, fit)
}

fn every_form_of_a_table_holds_the_same(home: &Home) {
    let server = home.start();
    let client = server.client();
    let (dataset, fit) = fitted(&client);
    let fits = format!("/api/v1/fits/{fit}");
    for (path, column) in [
        (format!("/api/v1/datasets/{dataset}/preview"), "revenue"),
        (format!("{fits}/summary"), "r_hat"),
        (format!("{fits}/returns"), "roas_mean"),
        (format!("{fits}/contributions?over_time=true"), "contribution_lower"),
        (format!("{fits}/curves?points=7"), "spend"),
        (format!("{fits}/predictions"), "prediction_upper"),
    ] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let mut tables = Vec::new();
        for (form, media_type) in FORMS {
            let linked = client.get(&format!("{path}{sign}format={form}")).expect(200);
            let asked = client.with("Accept", media_type).get(&path).expect(200);
            assert_eq!(linked.body, asked.body, "{path} as {form}");
            assert!(asked.header("content-type").unwrap().starts_with(media_type), "{path} as {form}");
            assert!(asked.header("content-disposition").unwrap().starts_with("attachment; filename="));
            assert!(asked.header("etag").is_some());
            tables.push(read(&asked, form));
        }
        let names = |table: &Table| table.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        let (csv, typed) = tables.split_first().unwrap();
        let at =
            names(csv).iter().position(|name| name == column).unwrap_or_else(|| panic!("{path}: {column}"));
        for table in typed {
            assert_eq!((names(table), table.n_rows()), (names(csv), csv.n_rows()), "{path}");
            assert!(table.n_rows() > 0);
            let (found, first) = (numbers(table, at).unwrap(), numbers(&typed[0], at).unwrap());
            let same = found.iter().zip(&first).all(|(a, b)| a == b || (a.is_nan() && b.is_nan()));
            assert!(same, "{path}: {column}");
        }
    }
    let predictions = client.get(&format!("{fits}/predictions?format=parquet")).expect(200);
    let dates = read(&predictions, "parquet").columns.remove(0);
    assert!(dates.name == "date" && matches!(dates.values, Values::Date(_)), "{:?}", dates.name);
    let refused = client.with("Accept", "image/png").get(&format!("{fits}/returns")).expect(406);
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(client.get(&format!("{fits}/returns?format=pdf")).status, 400);
}

fn predictions_hold_the_kpi_beside_what_was_expected(home: &Home) {
    let server = home.start();
    let client = server.client();
    let (_, fit) = fitted(&client);
    let widths = ["mean", "predictive"].map(|about| {
        let found = client.get(&format!("/api/v1/fits/{fit}/predictions?interval={about}&level=0.9"));
        let answer = found.expect(200).json();
        assert_eq!((&answer["level"], &answer["about"]), (&json!(0.9), &json!(about)));
        let rows = answer["predictions"].as_array().unwrap().clone();
        assert_eq!(rows.len(), 60);
        let number = |row: &serde_json::Value, name: &str| row["prediction"][name].as_f64().unwrap();
        let near = rows.iter().filter(|row| {
            let actual = row["actual"].as_f64().unwrap();
            (number(row, "mean") - actual).abs() < 0.2 * actual
        });
        assert!(near.count() > 50);
        rows.iter().map(|row| number(row, "upper") - number(row, "lower")).sum::<f64>()
    });
    assert!(widths[0] < widths[1], "{widths:?}");
}

fn plans_come_as_tables_of_their_channels(home: &Home) {
    let server = home.start();
    let client = server.client();
    let (_, fit) = fitted(&client);
    let path = format!("/api/v1/fits/{fit}/plans?format=arrow");
    let plan = read(&client.post(&path, &json!({ "budget": 3000 })).expect(200), "arrow");
    let at = plan.columns.iter().position(|column| column.name == "spend_total").unwrap();
    assert!((numbers(&plan, at).unwrap().iter().sum::<f64>() - 3000.0).abs() < 1e-6);
    let plans = json!({ "plans": [{ "name": "=none", "spend": {} }] });
    let asked = client.with("Accept", "text/csv");
    let text = asked.post(&format!("/api/v1/fits/{fit}/scenarios"), &plans).expect(200).text();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("plan,name,channel,spend_total,"), "{}", lines[0]);
    assert_eq!(lines.len(), 1 + 2 * plan.n_rows());
    assert!(lines[1].starts_with("current,") && lines[lines.len() - 1].starts_with("'=none,"), "{text}");
}

fn draws_come_whole_or_in_parts_that_fit_together(home: &Home) {
    let server = home.start();
    let client = server.client();
    let (_, fit) = fitted(&client);
    let path = format!("/api/v1/fits/{fit}/draws");
    let whole = client.get(&path).expect(200);
    assert_eq!(whole.header("content-type"), Some("application/vnd.apache.parquet"));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let table = read(&whole, "parquet");
    assert_eq!((table.n_rows(), table.columns[0].name.as_str()), (200, "chain"));
    let arrow = client.get(&format!("{path}?format=arrow")).expect(200);
    assert_eq!(read(&arrow, "arrow").columns, table.columns);
    for what in ["derived", "stats"] {
        let found = client.get(&format!("{path}?what={what}&format=csv")).expect(200).text();
        assert_eq!(found.lines().count(), 201, "{what}");
    }

    let tag = whole.header("etag").unwrap();
    let length = whole.body.len();
    let middle = length / 3;
    let mut joined = Vec::new();
    for range in [format!("bytes=0-{}", middle - 1), format!("bytes={middle}-")] {
        let part = client.with("Range", &range).with("If-Range", tag).get(&path).expect(206);
        assert_eq!(part.header("etag"), Some(tag));
        let end = if joined.is_empty() { middle } else { length };
        let place = format!("bytes {}-{}/{length}", joined.len(), end - 1);
        assert_eq!(part.header("content-range"), Some(place.as_str()));
        joined.extend(part.body);
    }
    assert_eq!(joined, whole.body);
    let last = client.with("Range", "bytes=-10").get(&path).expect(206);
    assert_eq!(last.body, whole.body[length - 10..]);
    let nowhere = client.with("Range", &format!("bytes={length}-")).get(&path).expect(416);
    assert_eq!(nowhere.header("content-range"), Some(format!("bytes */{length}").as_str()));
    assert_eq!(nowhere.json()["code"], "range.nowhere");
    assert_eq!(client.with("Range", "bytes=0-9").with("If-Range", "\"old\"").get(&path).status, 200);
    assert_eq!(client.with("Range", "bytes=0-9").with("If-None-Match", tag).get(&path).status, 304);
    assert_eq!(client.get(&format!("{path}?format=json")).status, 400);
    assert_eq!(client.with("Accept", "application/json").get(&path).status, 406);
}
