//! A server and its worker without a terminal, for tests that start and kill them.
//!
//! `wanamaker-test-server worker` is a worker; otherwise the first argument is the data folder and the second, where there is
//! one, a database. Leases are short, so that tests need not wait. The address is written to standard output.

use std::process::ExitCode;
use std::time::Duration;
use wanamaker_server::settings::{Settings, WorkerCommand};
use wanamaker_server::{Server, logs, worker};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(data) = arguments.next() else { return ExitCode::from(2) };
    if data == "worker" {
        return worker::run();
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
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let server = match Server::start(settings).await {
            Ok(server) => server,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::from(2);
            }
        };
        println!("{}", server.address().expect("it listens"));
        let end = async {
            let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                .expect("signals can be listened to");
            terminate.recv().await;
        };
        match server.run(end).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        }
    })
}
