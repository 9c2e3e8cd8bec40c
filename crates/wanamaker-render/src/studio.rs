//! The chart functions in an embedded JavaScript engine.

use rquickjs::{CatchResultExt, CaughtError, Context, Ctx, Function, IntoJs, Object, Runtime};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The bundle of all chart functions, built from `ui/src/charts`.
const CHARTS: &str = include_str!("../../../ui/dist/charts.js");
/// What the engine may hold: a chart of a large panel takes a tenth of it.
const MOST_MEMORY: usize = 512 << 20;
/// Stack of the engine; the thread that drives it has twice as much.
const STACK: usize = 8 << 20;

/// A chart that can be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// Its name, e.g. `returns`.
    pub name: String,
    /// The exhibits of the report that it draws.
    pub exhibits: Vec<String>,
    /// The question that it answers.
    pub question: String,
}

/// How a chart is to look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Colours.
    pub theme: Theme,
    /// Width in pixels; the chart's own when `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels; the chart's own when `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// One channel alone, where a chart has a panel for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
}

/// Colours of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// On white.
    #[default]
    Light,
    /// On a dark ground.
    Dark,
}

/// Why there is no drawing.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The chart has nothing to draw, and says why; or the engine broke.
    #[error("{0}")]
    Script(String),
    /// What was drawn is no picture.
    #[error("the picture cannot be made: {0}")]
    Picture(String),
}

/// A function of the bundle.
#[derive(Clone, Copy)]
enum Call {
    List,
    Draw,
    Csv,
    Sentence,
}

impl Call {
    fn name(self) -> &'static str {
        match self {
            Call::List => "list",
            Call::Draw => "draw",
            Call::Csv => "csv",
            Call::Sentence => "sentence",
        }
    }
}

/// All charts there are, in the order of a report; asked of the bundle once.
///
/// # Errors
/// Where the bundle does not run, which a test excludes.
pub fn charts() -> Result<&'static [Chart], RenderError> {
    static CHARTS: OnceLock<Vec<Chart>> = OnceLock::new();
    if let Some(known) = CHARTS.get() {
        return Ok(known);
    }
    let list = call(Call::List, &[])?;
    let all = serde_json::from_str(&list).map_err(|error| RenderError::Script(error.to_string()))?;
    Ok(CHARTS.get_or_init(|| all))
}

/// Draws chart `name` of a report, given as JSON, into an SVG document.
///
/// # Errors
/// A chart that does not exist, or whose exhibit is not in the report.
pub fn draw(name: &str, report: &str, look: &Look) -> Result<String, RenderError> {
    let look = serde_json::to_string(look).map_err(|error| RenderError::Script(error.to_string()))?;
    call(Call::Draw, &[name, report, &look])
}

/// The numbers behind a chart as CSV, in which no cell is a formula.
///
/// # Errors
/// As [`draw`].
pub fn csv(name: &str, report: &str) -> Result<String, RenderError> {
    call(Call::Csv, &[name, report])
}

/// What a chart says, in one sentence.
///
/// # Errors
/// As [`draw`].
pub fn sentence(name: &str, report: &str) -> Result<String, RenderError> {
    call(Call::Sentence, &[name, report])
}

/// Calls a function of the bundle, which takes and gives strings, in an engine of its own on a thread of its own: deep
/// recursion needs a stack that a caller's thread may not have.
fn call(function: Call, arguments: &[&str]) -> Result<String, RenderError> {
    std::thread::scope(|scope| {
        let work = || run(function, arguments);
        let thread = std::thread::Builder::new().stack_size(2 * STACK).spawn_scoped(scope, work);
        let joined = thread.map_err(|error| RenderError::Script(error.to_string()))?.join();
        joined.unwrap_or_else(|_| Err(RenderError::Script("the engine broke off".to_owned())))
    })
}

fn run(function: Call, arguments: &[&str]) -> Result<String, RenderError> {
    let broken = |error: rquickjs::Error| RenderError::Script(error.to_string());
    let runtime = Runtime::new().map_err(broken)?;
    runtime.set_memory_limit(MOST_MEMORY);
    runtime.set_max_stack_size(STACK);
    let context = Context::full(&runtime).map_err(broken)?;
    context.with(|ctx| {
        ctx.eval::<(), _>(CHARTS).catch(&ctx).map_err(said)?;
        invoke(&ctx, function, arguments).catch(&ctx).map_err(said)
    })
}

/// The sentence that a script threw, without the lines of its stack.
fn said(error: CaughtError<'_>) -> RenderError {
    let text = match &error {
        CaughtError::Exception(exception) => exception.message().unwrap_or_default(),
        other => other.to_string(),
    };
    RenderError::Script(text)
}

fn invoke(ctx: &Ctx<'_>, function: Call, arguments: &[&str]) -> rquickjs::Result<String> {
    let bundle: Object<'_> = ctx.globals().get("wanamaker")?;
    let function: Function<'_> = bundle.get(function.name())?;
    let mut given = rquickjs::function::Args::new(ctx.clone(), arguments.len());
    for argument in arguments {
        given.push_arg(argument.into_js(ctx)?)?;
    }
    function.call_arg(given)
}
