//! The scripts of the container image, run with the program itself: no container engine is needed to know that they work.

use crate::bench::Bench;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docker").join(name)
}

fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

/// The server of the image, gone when dropped.
struct Started(Child);

impl Started {
    fn new(bench: &Bench, port: &str) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_mmm"));
        let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command.arg(script("start.sh")).env("PATH", path).env("PORT", port).env("MMM_HOST", "127.0.0.1");
        command.env("MMM_DATA", bench.path("data")).env("MMM_DEMO", bench.path("demo"));
        let log = std::fs::File::options().create(true).append(true).open(bench.path("log")).unwrap();
        Self(command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_healthy(port: &str) -> bool {
    let mut command = Command::new("bash");
    command.arg(script("is-healthy.sh")).env("PORT", port).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn the_image_has_a_demo_makes_one_login_and_says_whether_it_is_well() {
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !has("curl") || !has("bash") {
        println!("skipped: curl and bash are not both here");
        return;
    }
    let bench = Bench::new();
    let mut bake = Command::new("sh");
    bake.arg(script("bake-demo.sh")).arg(env!("CARGO_BIN_EXE_mmm")).arg(bench.path("demo"));
    let baked = bake.env("BAKE_PORT", free_port()).output().unwrap();
    assert!(baked.status.success(), "{}", String::from_utf8_lossy(&baked.stderr));
    std::fs::create_dir(bench.path("data")).unwrap();

    let port = free_port();
    assert!(!is_healthy(&port), "nothing runs yet");
    let well = |bench: &Bench| {
        let began = Instant::now();
        while !is_healthy(&port) {
            assert!(began.elapsed() < Duration::from_secs(60), "{}", bench.read("log"));
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    let started = Started::new(&bench, &port);
    well(&bench);
    let login = bench.read("data/first-login");
    let password = login.lines().find_map(|line| line.strip_prefix("password: ")).unwrap().to_owned();
    assert!(!bench.read("log").contains(&password), "a password in the log");
    drop(started);

    // Started again, it keeps login and data.
    let _started = Started::new(&bench, &port);
    well(&bench);
    assert_eq!(bench.read("data/first-login"), login);
    let ask = |arguments: &[&str]| -> serde_json::Value {
        let mut command = Command::new("curl");
        let jar = bench.path("jar");
        command.args(["-fsS", "-b"]).arg(&jar).arg("-c").arg(&jar).args(arguments);
        serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
    };
    let url = |path: &str| format!("http://127.0.0.1:{port}/api/v1/{path}");
    let body = serde_json::json!({ "login": "admin", "password": password }).to_string();
    let session = ask(&["-H", "content-type: application/json", "-d", &body, &url("session")]);
    assert_eq!(session["role"], "admin");
    let fits = ask(&[&url("fits")]);
    assert_eq!(
        (fits["items"][0]["name"].as_str(), fits["items"][0]["state"].as_str()),
        (Some("demo"), Some("succeeded"))
    );
}

#[test]
fn everything_that_the_image_copies_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("Dockerfile")).unwrap();
    let copied = text.lines().filter(|line| line.starts_with("COPY ") && !line.contains("--from"));
    for path in
        copied.flat_map(|line| line.split_whitespace().skip(1).filter(|word| word.starts_with("docker/")))
    {
        assert!(root.join(path).exists(), "{path}");
    }
    // The toolchain of the image is the one that the project asks for.
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    assert!(text.contains(&format!("rust:{wanted}")), "rust {wanted}");
}
