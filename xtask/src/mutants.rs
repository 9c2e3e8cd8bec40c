//! `cargo xtask mutants`: faults planted one by one in a copy of the checkout; the tests named beside each must fail.
//!
//! What it prints stands in docs/dev/mutants.md. A fault that survives is a test that is missing.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// One planted fault.
struct Mutant {
    /// What is wrong with it, in words.
    what: &'static str,
    file: &'static str,
    /// Stands exactly once in the file.
    from: &'static str,
    to: &'static str,
    /// Arguments to `cargo test`.
    tests: &'static [&'static str],
}

const LIB: &[&str] = &["-p", "wanamaker", "--lib"];
const IT: &[&str] = &["-p", "wanamaker", "--test", "it"];
const MCMC: &[&str] = &["-p", "wanamaker-mcmc"];

#[rustfmt::skip]
const MUTANTS: &[Mutant] = &[
    Mutant { what: "geometric adstock carries over twice", file: "crates/wanamaker/src/adstock/geometric.rs",
        from: "carried = carry_ahead(&powers, x, carried, out);", to: "carried = carry_ahead(&powers, x, 2.0 * carried, out);", tests: LIB },
    Mutant { what: "gradient of the decay forgets a term", file: "crates/wanamaker/src/adstock/geometric.rs",
        from: "d_power = power + decay * d_power;", to: "d_power = decay * d_power;", tests: LIB },
    Mutant { what: "Hill bends the wrong way", file: "crates/wanamaker/src/saturation/hill.rs",
        from: "1.0 / (1.0 + exp(slope * (ln_ec50 - ln_x)))", to: "1.0 / (1.0 + exp(slope * (ln_x - ln_ec50)))", tests: LIB },
    Mutant { what: "gradient of ec50 has the wrong sign", file: "crates/wanamaker/src/saturation/hill.rs",
        from: "d_parameters[1] -= pull * slope / ec50;", to: "d_parameters[1] += pull * slope / ec50;", tests: LIB },
    Mutant { what: "Jacobian of positive parameters is left out", file: "crates/wanamaker/src/distribution/support.rs",
        from: "ln_jacobian: u, d_ln_jacobian: 1.0", to: "ln_jacobian: 0.0, d_ln_jacobian: 0.0", tests: LIB },
    Mutant { what: "normal likelihood forgets ln sigma", file: "crates/wanamaker/src/model/likelihood.rs",
        from: "ln_density: -0.5 * squares - n * (noise.sigma.ln() + 0.5 * LN_2PI),",
        to: "ln_density: -0.5 * squares - n * (0.5 * LN_2PI),", tests: LIB },
    Mutant { what: "cells without a KPI enter the likelihood", file: "crates/wanamaker/src/model/likelihood.rs",
        from: "*out = precision * w * (y - mu);", to: "*out = precision * w.signum() * (y - mu);", tests: LIB },
    Mutant { what: "pooled effects are exponentiated without their scale", file: "crates/wanamaker/src/model/pooling.rs",
        from: "out[k] = parameters[mean + i] * (parameters[scale + i] * parameters[offset + k]).exp();",
        to: "out[k] = parameters[mean + i] * parameters[offset + k].exp();", tests: LIB },
    Mutant { what: "media are not multiplied by the intercept in the pull-back", file: "crates/wanamaker/src/model/outcome.rs",
        from: "d_coefficients[self.intercept.index(geo)] += work.d_amplitude[geo];", to: "", tests: IT },
    Mutant { what: "scaling constants are taken from held-out cells too", file: "crates/wanamaker/src/model/scaling.rs",
        from: "filter(move |(i, _)| i % n_times < self.end)", to: "filter(move |(i, _)| i % n_times < usize::MAX - self.end)", tests: IT },
    Mutant { what: "draws lose their unit", file: "crates/wanamaker/src/posterior/mod.rs",
        from: "for_each(|(value, unit)| *value *= unit);", to: "for_each(|(value, unit)| *value *= unit.signum());", tests: IT },
    Mutant { what: "R-hat does not split chains", file: "crates/wanamaker-mcmc/src/diagnostics/r_hat.rs",
        from: "let halves = split(&chains);", to: "let halves = chains.clone();", tests: MCMC },
    Mutant { what: "WAIC penalises half of the variance", file: "crates/wanamaker-mcmc/src/comparison/waic.rs",
        from: "elpd: density - variance,", to: "elpd: density - 0.5 * variance,", tests: MCMC },
    Mutant { what: "leave-one-out weighs by the likelihood instead of its inverse", file: "crates/wanamaker-mcmc/src/comparison/loo.rs",
        from: "own.iter().map(|x| -x).collect()", to: "own.to_vec()", tests: MCMC },
    Mutant { what: "Gibbs counts every observation twice", file: "crates/wanamaker-mcmc/src/gibbs.rs",
        from: "(shape + 0.5 * self.model.y.len() as f64,", to: "(shape + self.model.y.len() as f64,", tests: MCMC },
    Mutant { what: "Laplace draws with the factor instead of its inverse", file: "crates/wanamaker-mcmc/src/laplace.rs",
        from: "x[i] = (x[i] - below) / l[i * dim + i];", to: "x[i] = (x[i] - below) * l[i * dim + i];", tests: MCMC },
    Mutant { what: "ridge penalises nothing", file: "crates/wanamaker/src/engine/ridge/path.rs",
        from: "self.d[j] * q / (self.d[j] * self.d[j] + penalty)", to: "self.d[j] * q / (self.d[j] * self.d[j])", tests: LIB },
    Mutant { what: "cross-validation sees the future", file: "crates/wanamaker/src/engine/ridge/cross_validation.rs",
        from: "at < test.start ||", to: "at < test.end ||", tests: LIB },
    Mutant { what: "Ljung-Box forgets the small sample", file: "crates/wanamaker/src/statistics/serial.rs",
        from: "let statistic = n * (n + 2.0) * sum;", to: "let statistic = n * n * sum;", tests: LIB },
    Mutant { what: "plans are judged on slopes without their price", file: "crates/wanamaker/src/decision/allocation/judge.rs",
        from: "gradient: slopes.iter().map(|slope| worth * slope - price).collect(),",
        to: "gradient: slopes.iter().map(|slope| worth * slope + price).collect(),", tests: IT },
    Mutant { what: "the marginal density forgets the determinant", file: "crates/wanamaker/src/model/marginal/conditional.rs",
        from: "Some(squares + ln_determinant)", to: "Some(squares + 0.0 * ln_determinant)", tests: IT },
    Mutant { what: "integrated coefficients are drawn around their prior means", file: "crates/wanamaker/src/model/marginal/conditional.rs",
        from: "self.sds[j] * (z + noise);", to: "self.sds[j] * (0.0 * z + noise);", tests: IT },
    Mutant { what: "the determinant does not feel the scale of pooled deviations", file: "crates/wanamaker/src/model/marginal/conditional.rs",
        from: "-= (1.0 - variance) / tau;", to: "-= 0.0 * (1.0 - variance) / tau;", tests: IT },
    Mutant { what: "effects relative to the level lose their Jacobian", file: "crates/wanamaker/src/model/marginal/effects.rs",
        from: "let mut gained = ln_level;", to: "let mut gained = 0.0 * ln_level;", tests: IT },
    Mutant { what: "the Jacobian of Hill curves has the wrong sign", file: "crates/wanamaker/src/model/marginal/bends.rs",
        from: "ln_jacobian -= omega.ln();", to: "ln_jacobian += omega.ln();", tests: IT },
    Mutant { what: "the sampled scale of a Laplace prior has no prior", file: "crates/wanamaker/src/model/marginal/mixtures.rs",
        from: "ln_density += 2.0 * v - 0.5 * r * r;", to: "ln_density += 0.0 * v * r;", tests: IT },
    Mutant { what: "the slope in a sampled scale forgets its own prior", file: "crates/wanamaker/src/model/marginal/mixtures.rs",
        from: "gradient[free] = 2.0 - r * r + slope;", to: "gradient[free] = 0.0 * r + slope;", tests: IT },
];

/// Plants the faults of these numbers, or every one where none is given; true when all are caught.
pub fn run(wanted: &[String]) -> bool {
    let tree = Path::new("target/mutants");
    if !copy_checkout(tree) {
        eprintln!("the checkout cannot be copied to {}", tree.display());
        return false;
    }
    let target = fs::canonicalize("target").expect("the folder is there");
    let mut all = true;
    let is_wanted = |number: usize| wanted.is_empty() || wanted.contains(&(number + 1).to_string());
    for (number, mutant) in MUTANTS.iter().enumerate().filter(|(number, _)| is_wanted(*number)) {
        let path = tree.join(mutant.file);
        let sound = fs::read_to_string(&path).unwrap_or_default();
        if sound.matches(mutant.from).count() != 1 {
            println!("{:2}  NOT PLANTED  {}: its line has changed", number + 1, mutant.what);
            all = false;
            continue;
        }
        fs::write(&path, sound.replace(mutant.from, mutant.to)).expect("the copy can be written");
        let verdict = caught(tree, &target, mutant.tests);
        fs::write(&path, sound).expect("the copy can be written");
        all &= verdict.starts_with("caught");
        println!("{:2}  {verdict}  {}", number + 1, mutant.what);
    }
    all
}

/// What the tests say of a planted fault: a copy that does not compile is no catch.
fn caught(tree: &Path, target: &Path, tests: &[&str]) -> String {
    let cargo = |extra: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(tree).env("CARGO_TARGET_DIR", target).arg("test").args(tests).args(extra);
        command.stderr(Stdio::null()).output().expect("cargo runs")
    };
    if !cargo(&["--no-run"]).status.success() {
        return "NOT COMPILED".to_owned();
    }
    let output = cargo(&[]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let by = text.lines().find_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
    match (output.status.success(), by) {
        (true, _) => "SURVIVED".to_owned(),
        (false, Some(by)) => format!("caught by {by}"),
        (false, None) => "caught".to_owned(),
    }
}

/// The tracked files, as they are now.
fn copy_checkout(to: &Path) -> bool {
    let listed = Command::new("git").args(["ls-files", "-z"]).output();
    let Ok(listed) = listed else { return false };
    String::from_utf8_lossy(&listed.stdout).split('\0').filter(|name| !name.is_empty()).all(|name| {
        let copy = to.join(name);
        copy.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok())
            && copy_if_changed(Path::new(name), &copy)
    })
}

/// Leaves a file alone that is the same, so that it is not compiled again.
fn copy_if_changed(from: &Path, to: &Path) -> bool {
    let Ok(content) = fs::read(from) else { return false };
    fs::read(to).is_ok_and(|there| there == content) || fs::write(to, content).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_can_still_be_planted() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for mutant in MUTANTS {
            let sound = fs::read_to_string(root.join(mutant.file)).unwrap_or_default();
            assert_eq!(
                sound.matches(mutant.from).count(),
                1,
                "{}: its line in {} has changed",
                mutant.what,
                mutant.file
            );
        }
    }
}
