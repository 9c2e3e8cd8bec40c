//! Workbooks of several sheets: which there are, and how one is chosen.

use crate::home::{Home, on_every_database};
use crate::support::weekly_csv;
use rust_xlsxwriter::Workbook;
use serde_json::json;

on_every_database!(a_sheet_is_chosen_by_name_and_its_spec_leads_to_it, a_file_without_sheets_says_so,);

/// A workbook with a page about itself, and two sheets of data with their own channels.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Read me").unwrap().write_string(0, 0, "Sales of the year").unwrap();
    for (name, header) in [
        ("North", "week,revenue,tv_spend,search_spend"),
        ("South #2", "week,revenue,radio_spend,print_spend"),
    ] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, line) in weekly_csv(header, 60).lines().enumerate() {
            for (column, cell) in line.split(',').enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number).unwrap(),
                    Err(_) => sheet.write_string(row, column, cell).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn a_sheet_is_chosen_by_name_and_its_spec_leads_to_it(home: &Home) {
    let server = home.start();
    let client = server.client();
    let dataset = client.upload("sales.xlsx", &workbook()).expect(201).json();
    assert_eq!(dataset["sheets"], json!(["Read me", "North", "South #2"]));
    // The first that is a table is looked at, and the spec says which it was.
    assert_eq!(dataset["sheet"], "North");
    assert_eq!(dataset["spec"]["data"]["file"], "sales.xlsx#North");
    let path = format!("/api/v1/datasets/{}", dataset["id"].as_str().unwrap());
    assert_eq!(client.get(&path).expect(200).json(), dataset);

    let south = client.get(&format!("{path}?sheet=South%20%232")).expect(200).json();
    assert_eq!((&south["sheet"], &south["rows"]), (&json!("South #2"), &json!(60)));
    assert_eq!(south["spec"]["channel"][0]["name"], "radio");
    assert_eq!(south["spec"]["data"]["file"], "sales.xlsx#South #2");
    let preview = client.get(&format!("{path}/preview?sheet=South%20%232&format=csv")).expect(200).text();
    assert!(preview.starts_with("week,revenue,radio_spend,print_spend\n"), "{preview}");
    assert!(client.get(&format!("{path}/preview?format=csv")).text().starts_with("week,revenue,tv_spend"));

    let missing = client.get(&format!("{path}?sheet=Nroth")).expect(422).json();
    assert_eq!(missing["code"], "file.unknown_sheet");
    assert!(missing["errors"].to_string().contains("the workbook has `North`"), "{missing}");
    assert_eq!(client.get(&format!("{path}?sheet=")).status, 400);

    let check = |spec: &serde_json::Value| {
        let body = json!({ "dataset": dataset["id"], "spec": spec });
        client.post("/api/v1/specs/check", &body).expect(200).json()
    };
    assert_eq!(check(&dataset["spec"])["facts"]["channels"], json!(["tv", "search"]));
    assert_eq!(check(&south["spec"])["facts"]["channels"], json!(["radio", "print"]));
    let mut wrong = south["spec"].clone();
    wrong["data"]["file"] = json!("sales.xlsx#North");
    assert_eq!(check(&wrong)["ok"], false);

    let mut spec = south["spec"].clone();
    spec["sampler"] = json!({ "chains": 2, "draws": 100, "tune": 100, "seed": 3 });
    let fit =
        client.post("/api/v1/fits", &json!({ "dataset": dataset["id"], "spec": spec })).expect(202).json();
    assert_eq!(client.wait(fit["job"].as_str().unwrap())["state"], "succeeded");
    let report = format!("/api/v1/fits/{}/report?exhibits=channels", fit["id"].as_str().unwrap());
    assert_eq!(client.get(&report).expect(200).json()["about"]["source"], "sales.xlsx#South #2");
}

fn a_file_without_sheets_says_so(home: &Home) {
    let server = home.start();
    let client = server.client();
    let csv = weekly_csv("week,revenue,tv_spend,search_spend", 40);
    let dataset = client.upload("sales.csv", csv.as_bytes()).expect(201).json();
    assert_eq!((&dataset["sheets"], &dataset["sheet"]), (&json!([]), &json!(null)));
    assert_eq!(dataset["spec"]["data"]["file"], "sales.csv");
    let path = format!("/api/v1/datasets/{}?sheet=Data", dataset["id"].as_str().unwrap());
    assert_eq!(client.get(&path).expect(422).json()["code"], "file.unknown_sheet");
}
