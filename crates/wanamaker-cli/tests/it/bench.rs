//! A workbench: a temporary folder in which the command runs.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A folder of its own, gone at the end.
pub struct Bench {
    folder: tempfile::TempDir,
}

/// What came out of one run.
#[derive(Debug)]
pub struct Out {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Bench {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("the folder can be written");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The command with words apart by blanks, in an environment without wishes of its own.
    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mmm"));
        command.args(words.split_whitespace()).current_dir(self.folder.path());
        for (name, _) in
            std::env::vars().filter(|(name, _)| name.starts_with("MMM_") || name.contains("COLOR"))
        {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, words: &str) -> Out {
        finish(self.command(words))
    }

    /// Runs and expects exit code 0.
    pub fn fine(&self, words: &str) -> Out {
        let out = self.run(words);
        assert_eq!(out.code, Some(0), "mmm {words}\n{}{}", out.stdout, out.stderr);
        out
    }

    pub fn with_input(&self, words: &str, input: &str) -> Out {
        let mut command = self.command(words);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Out::from(child.wait_with_output().unwrap())
    }
}

pub fn finish(mut command: Command) -> Out {
    Out::from(command.stdin(Stdio::null()).output().expect("the command starts"))
}

impl From<std::process::Output> for Out {
    fn from(output: std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Out {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

/// Whether the statistical tests are asked for; one line is said where they are not.
pub fn is_slow_run() -> bool {
    let slow = std::env::var("RUN_SLOW_TESTS").is_ok_and(|value| value == "1");
    if !slow {
        println!("skipped: set RUN_SLOW_TESTS=1 to run the statistical tests");
    }
    slow
}
