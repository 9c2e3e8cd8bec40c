//! A server and its worker without a terminal, for tests that start and kill them.
//!
//! `wanamaker-test-server worker` is a worker; otherwise the first argument is the data folder and the second, where there is
//! one, a database. Leases are short, so that tests need not wait. The address is written to standard output.

use std::process::ExitCode;
use std::time::Duration;
use wanamaker_server::settings::{Settings, WorkerCommand};
use wanamaker_server::{logs, serve, worker};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(data) = arguments.next() else { return ExitCode::from(2) };
    if data == "worker" {
        return if worker::run() { ExitCode::SUCCESS } else { ExitCode::from(2) };
    }
    let Ok(program) = std::env::current_exe() else { return ExitCode::from(2) };
    logs::start("info");
    let command = WorkerCommand { program, arguments: vec!["worker".into()] };
    let mut settings = Settings::new(data.into(), command);
    settings.address.set_port(0);
    settings.database = arguments.next();
    settings.lease = Duration::from_secs(3);
    settings.heartbeat = Duration::from_millis(500);
    settings.threads = 1;
    // Receivers of the tests are on this machine, and tests do not wait long for their second try.
    settings.private_webhooks = true;
    settings.webhook_time = Duration::from_secs(2);
    settings.webhook_pause = Duration::from_millis(100);
    settings.webhook_tries = 5;
    match serve(settings, |address, _| println!("{address}")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
