//! Placing the linear part: intercept, trend, seasons, events, controls and treatments, each with its design column.

use super::{Builder, Item, SHARED};
use crate::distribution::support::Support;
use crate::model::baseline::ColumnSource;
use crate::model::outcome::{Component, LinearTerm};
use crate::model::pooling::CoefficientRef;
use crate::prior::Prior;
use crate::spec::pooling::Pooling;
use crate::spec::{DayOfWeek, TrendKind, Weekday};

impl<'a> Builder<'a> {
    pub(super) fn intercept(
        &mut self,
        terms: &mut Vec<LinearTerm>,
        sources: &mut Vec<ColumnSource>,
    ) -> CoefficientRef {
        let spec = self.spec.baseline.intercept.as_ref();
        let item = Item {
            label: String::new(),
            prior: spec.and_then(|intercept| intercept.prior.as_ref()),
            pooling: spec.and_then(|intercept| intercept.pooling.as_ref()).unwrap_or(&SHARED),
            natural: Support::Real,
            unit: self.kpi_unit(),
            words: self.words,
            key: "baseline.intercept.prior".into(),
        };
        let place = self.group("intercept", None, &[item])[0];
        terms.push(LinearTerm {
            name: "intercept".into(),
            component: Component::Intercept,
            coefficient: place,
        });
        sources.push(ColumnSource::Ones);
        place
    }

    /// Places linear coefficients that share a name, an axis and a component.
    fn linear(
        &mut self,
        name: &str,
        axis: Option<&str>,
        items: Vec<(Item<'a>, ColumnSource, Component)>,
        terms: &mut Vec<LinearTerm>,
        sources: &mut Vec<ColumnSource>,
    ) {
        let (items, columns): (Vec<_>, Vec<_>) = items.into_iter().map(|(i, s, c)| (i, (s, c))).unzip();
        let places = self.group(name, axis, &items);
        for ((item, (source, component)), coefficient) in items.iter().zip(columns).zip(places) {
            let name = if item.label.is_empty() { name.to_owned() } else { item.label.clone() };
            terms.push(LinearTerm { name, component, coefficient });
            sources.push(source);
        }
    }

    fn coefficient(
        &self,
        label: &str,
        prior: Option<&'a Prior>,
        pooling: Option<&'a Pooling>,
        key: String,
    ) -> Item<'a> {
        Item {
            label: label.to_owned(),
            prior,
            pooling: pooling.unwrap_or(&SHARED),
            natural: Support::Real,
            unit: self.kpi_unit(),
            words: self.words,
            key,
        }
    }

    pub(super) fn trend(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let Some(trend) = &self.spec.baseline.trend else { return };
        let pooling = trend.pooling.as_ref();
        if matches!(trend.kind, TrendKind::Linear | TrendKind::Piecewise) {
            let item = self.coefficient("", trend.slope.as_ref(), pooling, "baseline.trend.slope".into());
            self.linear("trend", None, vec![(item, ColumnSource::Time, Component::Trend)], terms, sources);
        }
        let end = self.clock.time(self.window.end.saturating_sub(1)).max(f64::MIN_POSITIVE);
        if trend.kind == TrendKind::Piecewise {
            let n = trend.changepoints.unwrap_or(0);
            let items = (1..=n).map(|j| {
                let at = 0.9 * end * j as f64 / (n + 1) as f64;
                let item = self.coefficient(
                    &self.date_label(at),
                    trend.change.as_ref(),
                    pooling,
                    "baseline.trend.change".into(),
                );
                (item, ColumnSource::Hinge { at }, Component::Trend)
            });
            let items = items.collect();
            self.linear("trend_change", Some("changepoint"), items, terms, sources);
        }
        if trend.kind == TrendKind::Knots {
            let n = trend.knots.unwrap_or(2);
            let items = (0..n).map(|index| {
                let at = end * index as f64 / (n - 1).max(1) as f64;
                let label = self.date_label(at);
                let item =
                    self.coefficient(&label, trend.value.as_ref(), pooling, "baseline.trend.value".into());
                (item, ColumnSource::Hat { index, n, end }, Component::Trend)
            });
            let items = items.collect();
            self.linear("trend_knot", Some("knot"), items, terms, sources);
        }
    }

    fn date_label(&self, time: f64) -> String {
        let t = self.clock.origin + (time * self.clock.length).round() as usize;
        self.panel.calendar.date(t).to_string()
    }

    pub(super) fn seasonality(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        for (i, wave) in self.spec.baseline.seasonality.iter().flatten().enumerate() {
            let name = format!("seasonality_{}", wave.period.name());
            let (period, phase) = (wave.period.days(), wave.phase.unwrap_or_default());
            let item = |label: String| {
                let key = format!("baseline.seasonality[{i}].prior");
                self.coefficient(&label, wave.prior.as_ref(), wave.pooling.as_ref(), key)
            };
            // All sines, then all cosines.
            let sines = (1..=wave.order).map(|n| {
                (item(format!("sin_{n}")), ColumnSource::Sine { n, period, phase }, Component::Seasonality)
            });
            let cosines = (1..=wave.order).map(|n| {
                (item(format!("cos_{n}")), ColumnSource::Cosine { n, period, phase }, Component::Seasonality)
            });
            let items = sines.chain(cosines).collect();
            self.linear(&name, Some("fourier_mode"), items, terms, sources);
        }
    }

    pub(super) fn day_of_week(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let Some(DayOfWeek::Details(details)) = &self.spec.baseline.day_of_week else { return };
        let items = Weekday::ALL
            .into_iter()
            .filter(|day| *day != details.reference.unwrap_or_default())
            .map(|day| {
                let key = "baseline.day_of_week.prior".into();
                let item =
                    self.coefficient(day.name(), details.prior.as_ref(), details.pooling.as_ref(), key);
                (item, ColumnSource::Weekday(day), Component::DayOfWeek)
            })
            .collect();
        self.linear("day_of_week", Some("day"), items, terms, sources);
    }

    pub(super) fn events(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let mut items = Vec::new();
        for (i, event) in self.spec.baseline.events.iter().flatten().enumerate() {
            let [before, after] = event.window.unwrap_or([0, 0]);
            let key = format!("baseline.events[{i}].prior");
            let mut add = |builder: &Self, label: &str, source| {
                let item =
                    builder.coefficient(label, event.prior.as_ref(), event.pooling.as_ref(), key.clone());
                items.push((item, source, Component::Events));
            };
            if let Some(name) = &event.name {
                add(self, name, ColumnSource::Dates { dates: event.dates.clone(), before, after });
            }
            if let Some(column) = &event.column {
                for series in self.panel.events.iter().filter(|series| &series.column == column) {
                    let name = series.name.clone();
                    add(self, &series.name, ColumnSource::EventSeries { name, before, after });
                }
            }
        }
        if !items.is_empty() {
            self.linear("event", Some("event"), items, terms, sources);
        }
    }

    pub(super) fn controls(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let items: Vec<_> = (self.spec.control.iter().enumerate())
            .map(|(index, control)| {
                let name = control.name.as_deref().unwrap_or(&control.column);
                let key = format!("control[{index}].prior");
                let mut item = self.coefficient(name, control.prior.as_ref(), control.pooling.as_ref(), key);
                item.unit /= self.units.controls.get(index).map_or(1.0, |(_, divisor)| *divisor);
                (item, ColumnSource::Control { index }, Component::Control(index))
            })
            .collect();
        if !items.is_empty() {
            self.linear("control", Some("control"), items, terms, sources);
        }
    }

    pub(super) fn treatments(&mut self, terms: &mut Vec<LinearTerm>, sources: &mut Vec<ColumnSource>) {
        let items: Vec<_> = (self.spec.treatment.iter().enumerate())
            .map(|(index, treatment)| {
                let name = treatment.name.as_deref().unwrap_or(&treatment.column);
                let key = format!("treatment[{index}].prior");
                let mut item =
                    self.coefficient(name, treatment.prior.as_ref(), treatment.pooling.as_ref(), key);
                item.unit /= self.units.treatments.get(index).map_or(1.0, |(_, divisor)| *divisor);
                (item, ColumnSource::Treatment { index }, Component::Treatment(index))
            })
            .collect();
        if !items.is_empty() {
            self.linear("treatment", Some("treatment"), items, terms, sources);
        }
    }
}
