//! `transform`, `schema`, `show-spec`, `completions`.

use crate::bench::Bench;

#[test]
fn the_worked_examples_come_out_as_written() {
    let bench = Bench::new();
    for (words, expected) in [
        ("transform adstock --decay 0.5 100 0 0 0 0", "100 50 25 12.5 6.25\n"),
        (
            "transform adstock --kind geometric --decay 0.5 --l-max infinite 100 0 0 0 0",
            "100 50 25 12.5 6.25\n",
        ),
        ("transform adstock --decay 0.5 --l-max 2 --normalize=false 100 0 0", "100 50 0\n"),
        ("transform adstock --decay 0 7 8", "7 8\n"),
        ("transform adstock --kind none 1 2", "1 2\n"),
        ("transform saturation --kind hill --slope 2 --ec50 500 0 250 500", "0 0.2 0.5\n"),
        ("transform saturation --kind michaelis_menten --ec50 3 0 1 9", "0 0.25 0.75\n"),
        ("transform saturation --kind none 4 5", "4 5\n"),
    ] {
        assert_eq!(bench.fine(words).stdout, expected, "{words}");
    }
    let hill = bench.fine("transform saturation --slope 2 --ec50 500 750 1000 --json").json();
    assert!((hill["output"][0].as_f64().unwrap() - 0.692_307_692_3).abs() < 1e-10);
    assert!((hill["output"][1].as_f64().unwrap() - 0.8).abs() < 1e-15);
    let pulse = bench.fine("transform adstock --decay 0.85 1 --json").json();
    assert!((pulse["half_life"].as_f64().unwrap() - 4.265).abs() < 1e-3);
    assert!((pulse["steady_state_gain"].as_f64().unwrap() - 1.0 / 0.15).abs() < 1e-12);
}

#[test]
fn numbers_come_from_a_file_or_standard_input_line_by_line() {
    let bench = Bench::new();
    bench.write("x.json", "[100, 0, 0]");
    bench.write("x.txt", "100\n0\n0\n");
    for words in ["--file x.json", "--file x.txt"] {
        assert_eq!(bench.fine(&format!("transform adstock --decay 0.5 {words}")).stdout, "100\n50\n25\n");
    }
    let piped = bench.with_input("transform adstock --decay 0.5 -", "100,0,0");
    assert_eq!((piped.code, piped.stdout.as_str()), (Some(0), "100\n50\n25\n"));
}

#[test]
fn a_transform_says_which_flag_is_wrong() {
    let bench = Bench::new();
    for (words, expected) in [
        ("transform adstock 1 2", "--decay is needed"),
        ("transform adstock --decay 1.5 1", "--decay 1.5 is out of its range"),
        ("transform adstock --decay 0.5 --peak 2 1", "--peak means nothing to this kind"),
        ("transform adstock --decay 0.5 1 -2", "number 2 is -2"),
        ("transform adstock --decay 0.5 1 two", "`two` is not a number"),
        ("transform adstock --decay 0.5", "there are no numbers"),
        ("transform adstock --kind delayed --l-max infinite --decay 0.5 --peak 1 1", "infinite window"),
        ("transform adstock --kind geometrc 1", "did you mean `geometric`?"),
        ("transform saturation --slope 2 --ec50 0 1", "--ec50 0 is out of its range"),
        ("transform saturation --slope 2 --ec50 1 --file gone.txt", "cannot be read"),
    ] {
        let out = bench.run(words);
        assert_eq!(out.code, Some(2), "{words}");
        assert!(out.stderr.contains(expected) && out.stdout.is_empty(), "{words}: {}", out.stderr);
    }
}

#[test]
fn the_schema_is_json_and_knows_the_words() {
    let schema = Bench::new().fine("schema").json();
    assert!(
        schema["properties"]["channel"].is_object() && schema["$defs"]["ChannelSpec"].is_object(),
        "{schema}"
    );
}

#[test]
fn every_preset_shows_itself_and_reads_back() {
    let bench = Bench::new();
    for preset in ["standard", "pymc-marketing", "adelon", "lite", "ridge"] {
        let out = bench.fine(&format!("show-spec --preset {preset}"));
        assert!(out.stdout.contains(&format!("preset = \"{preset}\"")), "{}", out.stdout);
        assert_eq!(bench.fine(&format!("show-spec --preset {preset} --json")).json()["preset"], preset);
    }
}

#[test]
fn completions_name_the_commands() {
    let bench = Bench::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(bench.fine(&format!("completions {shell}")).stdout.contains("decompose"), "{shell}");
    }
}
