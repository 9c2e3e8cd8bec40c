//! `mmm serve`: everything over HTTP, and the worker that a server starts for what takes long.

use super::words::word;
use crate::args::Global;
use crate::outcome::{Exit, Failure, Outcome, usage};
use crate::terminal::{LogLevel, Terminal};
use clap::Args;
use std::io::{BufRead, stdin};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use wanamaker::problem::{Place, Problem};
use wanamaker_server::settings::{Settings, WorkerCommand};
use wanamaker_server::{Credential, Role, ServeError, logs, make_credential, serve};

const EXAMPLES: &str = "\
Examples:
  mmm serve                                          on this machine alone, at http://127.0.0.1:8000, without a login
  mmm serve --create-key nightly --role analyst      print a new API key, once
  mmm serve --host 0.0.0.0 --port 80                 for others; needs a key or login with the role admin
  DATABASE_URL=postgres://… mmm serve                several servers on one queue; the data folder must be shared
  mmm serve --openapi                                print the OpenAPI document

It speaks HTTP without TLS: before others use it over a network, put something in front that speaks TLS.";

/// Answer over HTTP.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ServeArgs {
    /// Address to listen on; any but loopback needs a credential with the role admin
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS", env = "MMM_HOST")]
    pub host: IpAddr,
    /// Port to listen on; 0 for a free one
    #[arg(long, default_value_t = 8000, env = "PORT")]
    pub port: u16,
    /// Folder of its files
    #[arg(long, default_value = "mmm-data", value_name = "FOLDER", env = "MMM_DATA")]
    pub data: PathBuf,
    /// PostgreSQL to keep everything but files in [default: an SQLite file in the folder]
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Fits at work side by side
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub workers: usize,
    /// Most memory of one fit, in MB [default: the system's]
    #[arg(long, value_name = "MB")]
    pub worker_memory: Option<u64>,
    /// Most MB of an upload
    #[arg(long, default_value_t = 100, value_name = "MB")]
    pub upload: u64,
    /// Requests per second and caller [default: 50 where there are others, else no limit]
    #[arg(long, value_name = "N")]
    pub rate: Option<f64>,
    /// A name under which the server is asked, beside those of loopback; repeatable [default: any, with a credential]
    #[arg(long = "name", value_name = "HOST")]
    pub names: Vec<String>,
    /// Send session cookies over TLS only, which something in front of the server speaks
    #[arg(long)]
    pub secure_cookies: bool,
    /// Let webhooks go to loopback and private addresses, and over HTTP without TLS
    #[arg(long)]
    pub webhooks_to_private_networks: bool,
    /// Print the OpenAPI document and do nothing else
    #[arg(long)]
    pub openapi: bool,
    /// Make an API key, print it once, and do nothing else
    #[arg(long, value_name = "NAME", conflicts_with = "create_user", help_heading = "Access")]
    pub create_key: Option<String>,
    /// Make a login with the password on standard input, and do nothing else
    #[arg(long, value_name = "LOGIN", help_heading = "Access")]
    pub create_user: Option<String>,
    /// What the new key or login may do: viewer, analyst, admin
    #[arg(long, default_value = "admin", value_parser = word::<Role>, help_heading = "Access")]
    pub role: Role,
    /// Whose data it opens
    #[arg(long, default_value = "default", value_name = "NAME", help_heading = "Access")]
    pub workspace: String,
    /// Days until the new key ends
    #[arg(long, default_value_t = 365, value_name = "N", help_heading = "Access")]
    pub days: i64,
}

/// Serves until it is told to end.
pub fn run(args: &ServeArgs, global: &Global, terminal: &Terminal) -> Outcome {
    if args.openapi {
        let text = serde_json::to_string_pretty(&wanamaker_server::openapi()).expect("a description is JSON");
        terminal.print(&text)?;
        return Ok(Exit::Fine);
    }
    let settings = settings(args, global)?;
    if let Some(credential) = credential(args)? {
        let shown =
            make_credential(&settings, &args.workspace, args.role, credential).map_err(|e| failure(&e))?;
        terminal.print(&shown)?;
        return Ok(Exit::Fine);
    }
    logs::start(filter(global));
    serve(settings, |address, is_open| {
        terminal.say(&format!("http://{address} answers; http://{address}/docs says what"));
        if is_open {
            terminal.say(
                "everybody on this machine may do everything, until `mmm serve --create-key` and a new start",
            );
        }
    })
    .map_err(|error| failure(&error))?;
    Ok(Exit::Fine)
}

/// Works for a server and ends.
pub fn worker() -> Outcome {
    if wanamaker_server::worker::run() {
        return Ok(Exit::Fine);
    }
    Err(usage("a worker is started by a server, with an order on its standard input", "start `mmm serve`"))
}

fn settings(args: &ServeArgs, global: &Global) -> Result<Settings, Failure> {
    let program = std::env::current_exe().map_err(|error| {
        usage(format!("this program does not find itself: {error}"), "start it by its whole path")
    })?;
    if args.workers == 0 || args.rate.is_some_and(|rate| !(rate.is_finite() && rate > 0.0)) {
        return Err(usage("no workers, or no requests", "give --workers 1 or more, and --rate above 0"));
    }
    let is_loopback = args.host.is_loopback();
    let mut settings =
        Settings::new(args.data.clone(), WorkerCommand { program, arguments: vec!["worker".into()] });
    settings.address = (args.host, args.port).into();
    settings.database = args.database.clone();
    settings.workers = args.workers;
    settings.threads = global.threads;
    settings.worker_memory = args.worker_memory.map(|mb| mb << 20);
    settings.upload_bytes = args.upload << 20;
    settings.rate = args.rate.or((!is_loopback).then_some(50.0));
    settings.hosts = args.names.clone();
    settings.secure_cookies = args.secure_cookies;
    settings.private_webhooks = args.webhooks_to_private_networks;
    Ok(settings)
}

fn credential(args: &ServeArgs) -> Result<Option<Credential>, Failure> {
    if let Some(name) = &args.create_key {
        return Ok(Some(Credential::Key { name: name.clone(), days: args.days }));
    }
    let Some(login) = &args.create_user else { return Ok(None) };
    let mut password = String::new();
    stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    Ok(Some(Credential::User { login: login.clone(), password }))
}

/// What the log holds, in the words of its filter.
fn filter(global: &Global) -> &'static str {
    match (global.quiet, global.log_level) {
        (true, _) => "error",
        (_, LogLevel::Debug) => "info,wanamaker_server=debug",
        (_, LogLevel::Info) => "info",
        (_, LogLevel::Warning) => "warn",
        (_, LogLevel::Error) => "error",
    }
}

fn failure(error: &ServeError) -> Failure {
    let (code, hint) = match error {
        ServeError::Data(_) => ("serve.data", "name a folder that can be written with --data"),
        ServeError::Database(_) => ("serve.database", "check --database, and that the database runs"),
        ServeError::Address(..) => ("serve.address", "choose another --port, or end what listens there"),
        ServeError::Unprotected(_) => {
            ("serve.unprotected", "make a key first: mmm serve --create-key NAME --role admin")
        }
        ServeError::InUse => {
            ("serve.in_use", "give each server a --data of its own, or one --database to all")
        }
        ServeError::Credential(_) => ("serve.credential", "`mmm serve --help` says what a credential needs"),
        ServeError::Failed(_) => ("serve.failed", "the log says what came before"),
    };
    Problem::error(code, Place::default(), error.to_string()).hint(hint).into()
}
