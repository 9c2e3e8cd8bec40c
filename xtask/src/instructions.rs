//! `cargo xtask instructions`: counts the instructions of one gradient of the daily market under callgrind, and fails when there
//! are a tenth more or fewer than there were when somebody last looked. Times depend on the machine and its neighbours; this does
//! not.

use std::process::{Command, Stdio};

/// Instructions of one gradient on a processor with AVX2 and fused operations, release profile. A change that means to alter it
/// states the new number here and says why.
const EXPECTED: f64 = 456_000.0;
const TOLERANCE: f64 = 0.1;

/// Gradients of the two runs whose difference is counted: what a process does beside them drops out.
const FEW: u64 = 10;
const MANY: u64 = 60;

/// Whether the count is as expected, or could not be taken here.
pub fn run() -> bool {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("instructions: skipped, there is no valgrind here");
        return true;
    }
    if !has_wide_registers() {
        eprintln!(
            "instructions: skipped, the expected number is that of a processor with AVX2 and fused operations"
        );
        return true;
    }
    let build = ["build", "--release", "--quiet", "--package", "wanamaker-bench", "--example", "gradients"];
    if !Command::new(env!("CARGO")).args(build).status().is_ok_and(|status| status.success()) {
        return false;
    }
    let (Some(few), Some(many)) = (count(FEW), count(MANY)) else {
        eprintln!("instructions: callgrind did not say how many there were");
        return false;
    };
    let each = (many - few) as f64 / (MANY - FEW) as f64;
    let change = each / EXPECTED - 1.0;
    eprintln!("instructions: {each:.0} a gradient, {:+.1} % of the {EXPECTED:.0} expected", 100.0 * change);
    change.abs() <= TOLERANCE
}

#[cfg(target_arch = "x86_64")]
fn has_wide_registers() -> bool {
    std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_wide_registers() -> bool {
    false
}

/// Instructions of a process that computes `n` gradients.
fn count(n: u64) -> Option<u64> {
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("{target}/release/examples/gradients"))
        .arg(n.to_string())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let counted = said.lines().find_map(|line| line.split("Collected : ").nth(1));
    let counted = counted.and_then(|number| number.trim().parse().ok());
    if counted.is_none() {
        eprint!("{said}");
    }
    counted
}
