//! What is asked of a plan on the command line.

use super::amount::{amount, named_amount, named_change};
use crate::args::Global;
use crate::outcome::{Failure, usage};
use clap::{Args, ValueEnum};
use wanamaker::decision::allocation::objective::Objective;
use wanamaker::decision::allocation::problem::{Budget, Method, Target};
use wanamaker::decision::allocation::wishes::{GroupWish, Named, Wishes};
use wanamaker::decision::surface::Surface;

/// How a plan is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    /// Global where it applies, else slsqp.
    #[default]
    Auto,
    /// Branch and bound over concave envelopes: proven to be near the best.
    Global,
    /// Sequential quadratic programming from many starts: the general method.
    #[value(alias = "scipy")]
    Slsqp,
    /// Step by step to the best marginal return.
    Greedy,
    /// Projected gradient.
    Gradient,
}

/// Bounds, groups, objective and method.
#[derive(Clone, Debug, Args)]
pub struct WishArgs {
    /// Least money over the horizon: for all (--min 0) or by name (--min tv=20k), repeatable
    #[arg(long, value_name = "[NAME=]MONEY", value_parser = named_amount, allow_hyphen_values = true, help_heading = "Bounds")]
    pub min: Vec<Named<f64>>,
    /// Most money over the horizon
    #[arg(long, value_name = "[NAME=]MONEY", value_parser = named_amount, allow_hyphen_values = true, help_heading = "Bounds")]
    pub max: Vec<Named<f64>>,
    /// Allowed change against today in per cent: 30, tv=20, tv=-10:50, tv=0 [default: 30 around today's mix]
    #[arg(long, value_name = "[NAME=]PERCENT", value_parser = named_change, allow_hyphen_values = true, help_heading = "Bounds")]
    pub change: Vec<Named<(f64, f64)>>,
    /// No bounds but zero and the budget
    #[arg(long, conflicts_with_all = ["min", "max", "change"], help_heading = "Bounds")]
    pub unbounded: bool,
    /// Share of all the money for a set of channels or geos: NAME=tv+radio:0.2..0.5, ends may be left out
    #[arg(long, value_name = "GROUP", value_parser = group, help_heading = "Bounds")]
    pub group: Vec<GroupWish>,
    /// What the plan is to be good at: mean, profit, quantile:P, cvar:P, mean-sd:WEIGHT
    #[arg(long, default_value = "mean", value_parser = objective, value_name = "WHAT", help_heading = "Search")]
    pub objective: Objective,
    /// How it is looked for
    #[arg(long, value_enum, default_value_t, help_heading = "Search")]
    pub method: MethodName,
    /// One step of greedy, in money over the horizon
    #[arg(long, value_name = "MONEY", value_parser = amount, allow_hyphen_values = true, help_heading = "Search")]
    pub step: Option<f64>,
    /// Relative gap at which global stops
    #[arg(
        long,
        default_value_t = 1e-6,
        value_name = "GAP",
        allow_hyphen_values = true,
        help_heading = "Search"
    )]
    pub gap: f64,
}

impl WishArgs {
    /// The wishes, without a budget yet.
    pub fn wishes(&self, margin: f64, global: &Global) -> Wishes {
        Wishes {
            objective: self.objective,
            margin,
            budget: None,
            min: self.min.clone(),
            max: self.max.clone(),
            change: self.change.clone(),
            unbounded: self.unbounded,
            groups: self.group.clone(),
            method: match self.method {
                MethodName::Auto => Method::Auto,
                MethodName::Global => Method::Global,
                MethodName::Slsqp => Method::Slsqp,
                MethodName::Greedy => Method::Greedy,
                MethodName::Gradient => Method::Gradient,
            },
            step: self.step,
            gap: self.gap,
            seed: global.seed.unwrap_or_default(),
        }
    }
}

/// How much money there is.
#[derive(Clone, Debug, Args)]
#[group(multiple = false)]
pub struct BudgetArgs {
    /// Money over the whole horizon [default: today's]
    #[arg(long, value_name = "MONEY", value_parser = amount, allow_hyphen_values = true, help_heading = "Budget")]
    pub budget: Option<f64>,
    /// Money per period of the horizon instead
    #[arg(long, value_name = "MONEY", value_parser = amount, allow_hyphen_values = true, help_heading = "Budget")]
    pub budget_per_period: Option<f64>,
    /// A free budget: as much as keeps the return of the whole plan at this
    #[arg(long, value_name = "ROAS", allow_hyphen_values = true, help_heading = "Budget")]
    pub target_roas: Option<f64>,
    /// A free budget: until the last unit of money brings no more than this
    #[arg(long, value_name = "ROAS", allow_hyphen_values = true, help_heading = "Budget")]
    pub target_mroas: Option<f64>,
    /// A free budget: the most profitable one
    #[arg(long, help_heading = "Budget")]
    pub free: bool,
}

impl BudgetArgs {
    /// The budget on `surface`; today's when nothing is said.
    pub fn budget(&self, surface: &Surface, objective: Objective) -> Result<Option<Budget>, Failure> {
        let per_period = self.budget_per_period.map(|b| b * surface.horizon.periods as f64);
        if self.free && !matches!(objective, Objective::Mean | Objective::Profit) {
            return Err(usage(
                "a free budget under a measure of risk has no end of its own",
                "give --budget, or --target-mroas",
            ));
        }
        Ok(match (self.budget.or(per_period), self.target_roas, self.target_mroas, self.free) {
            (Some(total), ..) => Some(Budget::Fixed(total)),
            (_, Some(target), ..) => Some(Budget::Free(Target::Roas(target))),
            (_, _, Some(target), _) => Some(Budget::Free(Target::MarginalRoas(target))),
            (_, _, _, true) => Some(Budget::Free(Target::Profit)),
            _ => None,
        })
    }
}

fn objective(text: &str) -> Result<Objective, String> {
    let (word, number) = match text.split_once(':') {
        Some((word, number)) => {
            let number = number.parse::<f64>().map_err(|_| format!("`{number}` is not a number"))?;
            (word, Some(number))
        }
        None => (text, None),
    };
    match (word, number) {
        ("mean", None) => Ok(Objective::Mean),
        ("profit", None) => Ok(Objective::Profit),
        ("quantile", share) => Ok(Objective::Quantile(share.unwrap_or(0.1))),
        ("cvar", share) => Ok(Objective::Cvar(share.unwrap_or(0.1))),
        ("mean-sd", weight) => Ok(Objective::MeanMinusSd(weight.unwrap_or(1.0))),
        _ => Err("known are mean, profit, quantile:0.1, cvar:0.1 and mean-sd:1".to_owned()),
    }
}

/// `video=tv+youtube:0.3..0.6`.
fn group(text: &str) -> Result<GroupWish, String> {
    let wrong = || format!("`{text}` is no group; write e.g. video=tv+youtube:0.3..0.6");
    let (name, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (members, limits) = rest.rsplit_once(':').ok_or_else(wrong)?;
    let (min, max) = limits.split_once("..").ok_or_else(wrong)?;
    let share = |text: &str| -> Result<Option<f64>, String> {
        let text = text.trim();
        if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| wrong()) }
    };
    let (min, max) = (share(min)?, share(max)?);
    if min.is_none() && max.is_none() {
        return Err(wrong());
    }
    let members = members.split('+').map(|member| member.trim().to_owned()).collect();
    Ok(GroupWish { name: name.trim().to_owned(), members, min, max })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objectives_and_groups_are_read() {
        assert_eq!(objective("cvar:0.2"), Ok(Objective::Cvar(0.2)));
        assert_eq!(objective("mean-sd"), Ok(Objective::MeanMinusSd(1.0)));
        assert!(objective("mean:1").is_err() && objective("best").is_err() && objective("cvar:x").is_err());
        let video = group("video=tv+youtube:0.3..").unwrap();
        assert_eq!((video.members.len(), video.min, video.max), (2, Some(0.3), None));
        assert!(group("video=tv").is_err() && group("v=tv:..").is_err() && group("v=tv:a..b").is_err());
    }
}
