//! A million rows go through the whole door.

use std::fmt::Write as _;
use std::time::Instant;

use wanamaker::data::build::build_panel;
use wanamaker::data::guess::guess_roles;
use wanamaker_io::read::read_table;

#[test]
fn a_million_rows_become_a_panel() {
    if std::env::var_os("RUN_SLOW_TESTS").is_none() {
        println!("skipped: set RUN_SLOW_TESTS=1 to read a million rows");
        return;
    }
    let mut text = String::from("date,geo,sales,tv_spend,search_spend,price,promo\n");
    let start = jiff::civil::date(2020, 1, 1);
    for geo in 0..1000 {
        let mut day = start;
        for t in 0..1000_u32 {
            let x = (t * 7919 + geo * 104_729) % 10_007;
            let _ =
                writeln!(text, "{day},g{geo},{}.5,{x},{}.25,{},{}", 1000 + x, x / 3, 5 + t % 3, t % 7 == 0);
            day = day.tomorrow().unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("million.csv");
    std::fs::write(&path, text).unwrap();
    let clock = Instant::now();
    let read = read_table(&path).unwrap_or_else(|found| panic!("{found}"));
    println!("read: {:?}", clock.elapsed());
    let guess = guess_roles(&read.table);
    println!("guessed: {:?}", clock.elapsed());
    let (panel, _) =
        build_panel(&read.table, &guess.roles, &guess.options).unwrap_or_else(|found| panic!("{found}"));
    println!("built: {:?}", clock.elapsed());
    assert_eq!((panel.n_geos(), panel.n_times(), panel.media.len()), (1000, 1000, 2));
}
