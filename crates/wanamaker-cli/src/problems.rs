//! The one function of this face that renders problems: words in colour with the line they point at, or JSON.

use crate::terminal::{Format, Style, Terminal};
use serde_json::json;
use std::fmt::Write;
use wanamaker::problem::{Position, Problem, Problems, Severity};

/// Texts of the files that problems point into, by the name under which the problems know them.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<(String, String)>);

impl Sources {
    /// One text.
    pub fn of(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self(vec![(name.into(), text.into())])
    }

    fn line(&self, file: Option<&str>, position: Position) -> Option<&str> {
        let (_, text) = self.0.iter().find(|(name, _)| Some(name.as_str()) == file)?;
        text.lines().nth(position.line.checked_sub(1)?)
    }
}

/// Shows all of `problems` to a human on standard error, or to a program as one JSON object there.
pub fn show(terminal: &Terminal, problems: &Problems, sources: &Sources) {
    if problems.0.is_empty() {
        return;
    }
    if terminal.format == Format::Json {
        terminal.complain_raw(&json!({ "problems": problems }).to_string());
        return;
    }
    for problem in problems.iter() {
        terminal.complain(problem.severity, &render(problem, sources));
    }
    let errors = problems.count(Severity::Error);
    if errors > 1 {
        terminal.complain(Severity::Error, &format!("{errors} errors\n"));
    }
}

/// One problem as a paragraph: sentence, place, the line underlined, code, hint.
pub fn render(problem: &Problem, sources: &Sources) -> String {
    let (word, style) = match problem.severity {
        Severity::Error => ("error", Style::Red),
        Severity::Attention => ("attention", Style::Yellow),
        Severity::Info => ("info", Style::Blue),
    };
    let mut text = format!("{}: {}\n", style.paint(word), problem.message);
    let place = problem.at.to_string();
    if !place.is_empty() {
        let _ = writeln!(text, "  {} {place}", Style::Dim.paint("at:"));
    }
    if let Some(position) = problem.at.position
        && let Some(line) = sources.line(problem.at.file.as_deref(), position)
    {
        text.push_str(&underlined(line, position, style));
    }
    if let Some(hint) = &problem.hint {
        let _ = writeln!(text, "  {} {hint}", Style::Dim.paint("hint:"));
    }
    let _ = writeln!(text, "  {} {}", Style::Dim.paint("code:"), problem.code);
    text
}

/// The line of the file with marks under the faulty words. Long lines are shown around the fault.
fn underlined(line: &str, position: Position, style: Style) -> String {
    const WIDTH: usize = 70;
    let column = position.column - 1;
    let from = if column > WIDTH - 20 { column - 20 } else { 0 };
    let shown: String =
        line.chars().skip(from).take(WIDTH).map(|c| if c == '\t' { ' ' } else { c }).collect();
    // The length counts bytes from the start of the fault and may run over the end of its line.
    let rest: String = line.chars().skip(column).collect();
    let marked = rest.char_indices().take_while(|(at, _)| *at < position.length.max(1)).count().max(1);
    let number = position.line.to_string();
    let margin = " ".repeat(number.len());
    let bar = Style::Dim.paint("|");
    let marks = style.paint(&"^".repeat(marked.min(WIDTH - (column - from).min(WIDTH - 1))));
    let number = Style::Dim.paint(&number);
    format!("  {number} {bar} {shown}\n  {margin} {bar} {}{marks}\n", " ".repeat(column - from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wanamaker::problem::Place;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_fault_in_the_spec_shows_its_line() {
        let text = "[data]\ntiem = \"week\"\n";
        let position = Some(Position { line: 2, column: 1, offset: 7, length: 4 });
        let at = Place { file: Some("mmm.toml".into()), position, ..Place::key("data.tiem") };
        let problem = Problem::error("spec.unknown_key", at, "`tiem` is not a key of data")
            .hint("did you mean `time`?");
        let shown = plain(&render(&problem, &Sources::of("mmm.toml", text)));
        assert_eq!(
            shown,
            "error: `tiem` is not a key of data\n  at: mmm.toml:2:1, data.tiem\n  2 | tiem = \"week\"\n    | ^^^^\n  \
             hint: did you mean `time`?\n  code: spec.unknown_key\n"
        );
    }

    #[test]
    fn a_position_beyond_the_text_is_no_reason_to_fall_over() {
        for (line, column, length) in [(1, 400, 9), (9, 1, 1), (1, 1, 4000), (1, 1, 0)] {
            let position = Some(Position { line, column, offset: 0, length });
            let at = Place { file: Some("a".into()), position, ..Place::default() };
            let problem = Problem::error("spec.syntax", at, "odd");
            assert!(render(&problem, &Sources::of("a", "käse = 1")).contains("odd"));
        }
    }
}
