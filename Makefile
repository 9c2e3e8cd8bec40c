# Two commands for a newcomer. Both need nothing but Rust (and, for the tests, a shell).

.PHONY: demo test

# Simulate a market with known truth, check it, fit it, and hold what was recovered against what was true.
demo:
	cargo run --release --quiet --package wanamaker-cli --bin mmm -- demo

# Everything that must hold: format, lints, tests, documentation. RUN_SLOW_TESTS=1 adds the statistical tests.
test:
	cargo xtask check
