//! Every chart draws an exhibit that there is, without a browser.

use wanamaker_render::studio::{Look, charts, draw};

#[test]
fn every_chart_has_a_name_a_question_and_an_own_place() {
    let all = charts().unwrap();
    for (i, chart) in all.iter().enumerate() {
        assert!(chart.question.ends_with('?'), "{chart:?}");
        assert!(all[..i].iter().all(|other| other.name != chart.name), "{} twice", chart.name);
        assert!(chart.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", chart.name);
    }
}

#[test]
fn a_chart_that_does_not_exist_is_an_error_and_no_panic() {
    let error = draw("no-such", "{}", &Look::default()).unwrap_err().to_string();
    assert!(error.contains("no-such"), "{error}");
    assert!(draw("returns", "not json", &Look::default()).is_err());
    assert!(draw("returns", "{\"about\":{},\"exhibits\":{}}", &Look::default()).is_err());
}
