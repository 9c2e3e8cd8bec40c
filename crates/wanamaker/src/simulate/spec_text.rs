//! Writes the spec that fits a simulated table, as a user would write it.

use std::fmt::Write;

/// A spec in the making.
pub(super) struct SpecText(String);

/// The parts of a `[[channel]]` entry; each right-hand side is TOML.
pub(super) struct ChannelText<'a> {
    pub(super) name: &'a str,
    pub(super) spend: &'a str,
    pub(super) exposure: Option<&'a str>,
    pub(super) decay: &'a str,
    pub(super) saturation: &'a str,
    pub(super) effect: Option<&'a str>,
}

/// A Hill curve of unknown slope and unknown half-saturation, believed to lie around `median_ec50`.
pub(super) fn hill(median_ec50: &str) -> String {
    format!(
        "{{ kind = \"hill\", slope = {{ log_normal = {{ median = 1.5, sd_log = 0.5 }} }}, \
         ec50 = {{ log_normal = {{ median = \"{median_ec50}\", sd_log = 1.0 }} }} }}"
    )
}

/// A ROAS believed to lie around `median`, within a factor of five or so.
pub(super) fn roas(median: f64) -> String {
    format!("{{ roas = {{ log_normal = {{ median = {median:?}, sd_log = 0.8 }} }} }}")
}

/// A decay about which next to nothing is known.
pub(super) const WEAK_DECAY: &str = "{ beta = [2, 2] }";

impl SpecText {
    /// Begins with a comment, the preset and the columns that every spec names.
    pub(super) fn new(comment: &str, preset: &str, time: &str, kpi: &str) -> Self {
        let mut text = String::new();
        for line in comment.lines() {
            let _ = writeln!(text, "# {line}");
        }
        let _ = write!(
            text,
            "preset = {}\n\n[data]\nfile = \"data.csv\"\ntime = {}\nkpi = {}\n",
            quote(preset),
            quote(time),
            quote(kpi)
        );
        Self(text)
    }

    /// One more `key = "column"` of `[data]`; only before the first channel.
    pub(super) fn data(mut self, key: &str, column: &str) -> Self {
        let _ = writeln!(self.0, "{key} = {}", quote(column));
        self
    }

    /// A channel with geometric adstock, unnormalised, without a last lag: what the simulators do.
    pub(super) fn channel(mut self, channel: &ChannelText<'_>) -> Self {
        let _ = write!(
            self.0,
            "\n[[channel]]\nname = {}\nspend = {}\n",
            quote(channel.name),
            quote(channel.spend)
        );
        if let Some(exposure) = channel.exposure {
            let _ = writeln!(self.0, "exposure = {}", quote(exposure));
        }
        let _ = writeln!(
            self.0,
            "adstock = {{ kind = \"geometric\", l_max = \"infinite\", normalize = false, decay = {} }}",
            channel.decay
        );
        let _ = writeln!(self.0, "saturation = {}", channel.saturation);
        if let Some(effect) = channel.effect {
            let _ = writeln!(self.0, "effect = {effect}");
        }
        self
    }

    /// A control.
    pub(super) fn control(mut self, column: &str) -> Self {
        let _ = write!(self.0, "\n[[control]]\ncolumn = {}\n", quote(column));
        self
    }

    /// The baseline, in lines of TOML; closes the spec.
    pub(super) fn baseline(mut self, lines: &[&str]) -> String {
        let _ = write!(self.0, "\n[baseline]\n{}\n", lines.join("\n"));
        self.0
    }
}

fn quote(word: &str) -> String {
    toml::Value::String(word.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_channel_name_is_written_as_valid_toml() {
        let channel = ChannelText {
            name: "it's a \"tv\" \\ 50 %",
            spend: "tv = 1",
            exposure: None,
            decay: WEAK_DECAY,
            saturation: &hill("mean_exposure"),
            effect: Some(&roas(2.0)),
        };
        let text =
            SpecText::new("one\ntwo", "standard", "week", "y").channel(&channel).baseline(&["trend = 1"]);
        let read: toml::Table = text.parse().unwrap();
        assert_eq!(read["channel"][0]["name"].as_str(), Some(channel.name));
        assert_eq!(read["channel"][0]["spend"].as_str(), Some(channel.spend));
    }
}
