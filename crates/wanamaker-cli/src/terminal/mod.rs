//! The terminal: the only place that knows streams, colour and width.

pub mod number;
pub mod progress;
pub mod table;

use crate::args::Global;
use anstream::{AutoStream, ColorChoice};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use wanamaker::problem::{Place, Problem, Problems, Severity};

/// In what form data leave on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For reading.
    #[default]
    Table,
    /// Comma-separated values.
    Csv,
    /// One JSON object or array.
    Json,
    /// Parquet, into a file.
    Parquet,
}

/// When colour is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Colour {
    /// On a terminal that can, unless NO_COLOR says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum LogLevel {
    /// Everything.
    #[value(alias = "DEBUG")]
    Debug,
    /// Everything that is of use.
    #[default]
    #[value(alias = "INFO")]
    Info,
    /// Attentions and errors.
    #[value(alias = "WARNING", alias = "warn")]
    Warning,
    /// Errors only.
    #[value(alias = "ERROR")]
    Error,
}

/// A colour or weight of words on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Errors.
    Red,
    /// Attentions.
    Yellow,
    /// Remarks.
    Blue,
    /// All is well.
    Green,
    /// What matters less.
    Dim,
    /// What matters more.
    Bold,
}

impl Style {
    /// The words in this style; the stream takes the colour out again where none is wanted.
    pub fn paint(self, words: &str) -> String {
        use anstyle::{AnsiColor, Effects};
        let style = match self {
            Style::Red => AnsiColor::Red.on_default().effects(Effects::BOLD),
            Style::Yellow => AnsiColor::Yellow.on_default().effects(Effects::BOLD),
            Style::Blue => AnsiColor::Blue.on_default().effects(Effects::BOLD),
            Style::Green => AnsiColor::Green.on_default().effects(Effects::BOLD),
            Style::Dim => anstyle::Style::new().dimmed(),
            Style::Bold => anstyle::Style::new().bold(),
        };
        format!("{style}{words}{style:#}")
    }
}

fn open_log(path: &Path) -> Result<RefCell<File>, Problems> {
    let file = File::options().create(true).append(true).open(path).map_err(|error| {
        let at = Place::file(path.display().to_string());
        Problem::error("output.log_file", at, format!("the log file cannot be opened: {error}"))
    })?;
    Ok(RefCell::new(file))
}

/// Standard output for data, standard error for people, and a log file for both kinds of words said to people.
#[derive(Debug)]
pub struct Terminal {
    /// Form of the data.
    pub format: Format,
    quiet: bool,
    least: LogLevel,
    choice: ColorChoice,
    log: Option<RefCell<File>>,
}

impl Terminal {
    /// The terminal as the global flags want it.
    pub fn new(global: &Global) -> Result<Self, Problems> {
        let choice = match global.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        let log = global.log_file.as_deref().map(open_log).transpose()?;
        let format = if global.json { Format::Json } else { global.format.unwrap_or_default() };
        Ok(Self { format, quiet: global.quiet, least: global.log_level, choice, log })
    }

    /// Data, to standard output.
    pub fn print(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        if !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        out.flush()
    }

    /// Data that are no lines of text, to standard output.
    pub fn print_bytes(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    /// A word to the reader, to standard error; not when quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet && self.least <= LogLevel::Info {
            self.complain_raw(text);
        }
    }

    /// A finding, to standard error. Errors are said even when quiet.
    pub fn complain(&self, severity: Severity, text: &str) {
        let wanted = match severity {
            Severity::Error => true,
            Severity::Attention => !self.quiet && self.least <= LogLevel::Warning,
            Severity::Info => !self.quiet && self.least <= LogLevel::Info,
        };
        if wanted {
            self.complain_raw(text);
        }
    }

    /// To standard error and the log file whatever the flags say.
    pub fn complain_raw(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr(), self.choice);
        // Nobody is left to tell when standard error cannot be written.
        let _ = writeln!(err, "{}", text.trim_end_matches('\n'));
        if let Some(log) = &self.log {
            let _ =
                writeln!(log.borrow_mut(), "{}", anstream::adapter::strip_str(text.trim_end_matches('\n')));
        }
    }

    /// Whether someone watches who wants to see a bar move.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && self.format != Format::Json && io::stderr().is_terminal()
    }
}
