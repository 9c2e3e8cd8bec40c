//! Malformed files at the front door: whatever comes in, what comes out is a panel or a list of problems.

use std::io::Write as _;

use proptest::prelude::*;
use wanamaker::data::build::build_panel;
use wanamaker::data::guess::guess_roles;
use wanamaker::data::review::review;
use wanamaker_io::read::read_table;

/// Reads, guesses, builds and reviews; a panic anywhere is the only way to fail.
fn walk_in(bytes: &[u8]) {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let Ok(read) = read_table(file.path()) else { return };
    let guess = guess_roles(&read.table);
    if let Ok((panel, _)) = build_panel(&read.table, &guess.roles, &guess.options) {
        let _ = review(&panel);
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..2000_i32).prop_map(|n| n.to_string()),
        2 => (-5.0..5.0_f64).prop_map(|x| x.to_string()),
        1 => prop::sample::select(vec![
            "", "NA", "-", "inf", "-inf", "NaN", "1e999", "1,5", "1.234,5", "$5", "5%", "(7)", "True", "no", "2024-W05",
            "31/12/2024", "0000-00-00", "9999-12-31", "-9999-01-01", "01/02/2024", "Q9 2024", "\u{feff}", "é", "\"", "'",
            "999999999999999999999999", "20240101", "202453", "2024-01-01T25:61:00Z", "١٢٣", "1_000", "0x10", "--1",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

fn header() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "date",
        "week",
        "t",
        "geo",
        "sales",
        "revenue",
        "y",
        "tv_spend",
        "tv_impressions",
        "tv_reach",
        "tv_frequency",
        "x1",
        "events",
        "price",
        "population",
        "revenue_per_unit",
        "competitor_spend",
        "",
        "newsletter",
        "trend",
    ])
    .prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        walk_in(&bytes);
    }

    #[test]
    fn any_table_of_odd_cells_is_a_panel_or_a_list_of_problems(
        header in prop::collection::vec(header(), 1..7),
        rows in prop::collection::vec(prop::collection::vec(cell(), 7), 0..12),
        separator in prop::sample::select(vec![",", ";", "\t"]),
    ) {
        let width = header.len();
        let mut text = header.join(separator);
        for row in &rows {
            text.push('\n');
            text += &row[..width].join(separator);
        }
        walk_in(text.as_bytes());
    }

    #[test]
    fn a_good_table_with_one_broken_spot_never_panics(at in 0..400_usize, with in any::<u8>(), cut in any::<bool>()) {
        let mut text = String::from("date,sales,tv_spend,search_spend,price\n");
        for week in 0..12_i64 {
            let day = jiff::civil::date(2024, 1, 1).saturating_add(jiff::ToSpan::weeks(week));
            text += &format!("{day},{},{},{},{}\n", 100 + week * 7 % 5, week * 3 % 7, week * 5 % 11, 9 + week % 2);
        }
        let mut bytes = text.into_bytes();
        let at = at.min(bytes.len() - 1);
        bytes[at] = with;
        if cut {
            bytes.truncate(at);
        }
        walk_in(&bytes);
    }
}
