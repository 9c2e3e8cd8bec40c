//! The families that may be stated, and the ways of stating them.

use crate::distribution::{
    Beta, Cauchy, Distribution, Exponential, Gamma, HalfCauchy, HalfNormal, HalfStudentT, InverseGamma,
    Laplace, LogNormal, Normal, StudentT, TruncatedNormal, Uniform, Weibull,
};

/// One way of stating a family: its name and its arguments in order.
pub(super) struct Form {
    pub(super) family: &'static str,
    pub(super) arguments: &'static [&'static str],
    pub(super) build: fn(&[f64]) -> Result<Distribution, Rule>,
}

/// The argument that breaks a rule, by index, and the rule.
pub(super) type Rule = (usize, &'static str);

fn positive(values: &[f64], indices: &[usize]) -> Result<(), Rule> {
    match indices.iter().find(|i| !(values[**i] > 0.0 && values[**i].is_finite())) {
        Some(i) => Err((*i, "must be positive")),
        None => Ok(()),
    }
}

/// Every form of every family. The first form of a family is the positional one; later ones differ in argument names.
pub(super) const FORMS: &[Form] = &[
    Form {
        family: "normal",
        arguments: &["mean", "sd"],
        build: |a| Ok(Distribution::Normal(Normal { mean: a[0], sd: a[1] })),
    },
    Form {
        family: "truncated_normal",
        arguments: &["mean", "sd", "lower", "upper"],
        build: |a| {
            Ok(Distribution::TruncatedNormal(TruncatedNormal {
                mean: a[0],
                sd: a[1],
                lower: a[2],
                upper: a[3],
            }))
        },
    },
    Form {
        family: "half_normal",
        arguments: &["sd"],
        build: |a| Ok(Distribution::HalfNormal(HalfNormal { sd: a[0] })),
    },
    Form {
        family: "log_normal",
        arguments: &["mean_log", "sd_log"],
        build: |a| Ok(Distribution::LogNormal(LogNormal { mean_log: a[0], sd_log: a[1] })),
    },
    Form {
        family: "log_normal",
        arguments: &["median", "sd_log"],
        build: |a| {
            positive(a, &[0, 1])?;
            Ok(Distribution::LogNormal(LogNormal { mean_log: a[0].ln(), sd_log: a[1] }))
        },
    },
    // Moments: s² = ln(1 + sd²/mean²), m = ln mean − s²/2.
    Form {
        family: "log_normal",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            let variance = (a[1] / a[0]).powi(2).ln_1p();
            Ok(Distribution::LogNormal(LogNormal {
                mean_log: a[0].ln() - 0.5 * variance,
                sd_log: variance.sqrt(),
            }))
        },
    },
    Form {
        family: "gamma",
        arguments: &["shape", "rate"],
        build: |a| Ok(Distribution::Gamma(Gamma { shape: a[0], rate: a[1] })),
    },
    // Moments: shape = mean²/sd², rate = mean/sd².
    Form {
        family: "gamma",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            Ok(Distribution::Gamma(Gamma { shape: (a[0] / a[1]).powi(2), rate: a[0] / (a[1] * a[1]) }))
        },
    },
    Form {
        family: "inverse_gamma",
        arguments: &["shape", "scale"],
        build: |a| Ok(Distribution::InverseGamma(InverseGamma { shape: a[0], scale: a[1] })),
    },
    // Moments: shape = mean²/sd² + 2, scale = mean·(mean²/sd² + 1).
    Form {
        family: "inverse_gamma",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            let ratio = (a[0] / a[1]).powi(2);
            Ok(Distribution::InverseGamma(InverseGamma { shape: ratio + 2.0, scale: a[0] * (ratio + 1.0) }))
        },
    },
    Form {
        family: "beta",
        arguments: &["alpha", "beta"],
        build: |a| Ok(Distribution::Beta(Beta { alpha: a[0], beta: a[1] })),
    },
    // Moments: nu = mean·(1 − mean)/sd² − 1, alpha = mean·nu, beta = (1 − mean)·nu.
    Form {
        family: "beta",
        arguments: &["mean", "sd"],
        build: |a| {
            positive(a, &[0, 1])?;
            if a[0] >= 1.0 {
                return Err((0, "must be between 0 and 1"));
            }
            let nu = a[0] * (1.0 - a[0]) / (a[1] * a[1]) - 1.0;
            if nu <= 0.0 {
                return Err((1, "is too wide for numbers between 0 and 1"));
            }
            Ok(Distribution::Beta(Beta { alpha: a[0] * nu, beta: (1.0 - a[0]) * nu }))
        },
    },
    Form {
        family: "exponential",
        arguments: &["rate"],
        build: |a| Ok(Distribution::Exponential(Exponential { rate: a[0] })),
    },
    Form {
        family: "exponential",
        arguments: &["mean"],
        build: |a| {
            positive(a, &[0])?;
            Ok(Distribution::Exponential(Exponential { rate: 1.0 / a[0] }))
        },
    },
    Form {
        family: "laplace",
        arguments: &["location", "scale"],
        build: |a| Ok(Distribution::Laplace(Laplace { location: a[0], scale: a[1] })),
    },
    Form {
        family: "student_t",
        arguments: &["df", "location", "scale"],
        build: |a| Ok(Distribution::StudentT(StudentT { df: a[0], location: a[1], scale: a[2] })),
    },
    Form {
        family: "half_student_t",
        arguments: &["df", "scale"],
        build: |a| Ok(Distribution::HalfStudentT(HalfStudentT { df: a[0], scale: a[1] })),
    },
    Form {
        family: "cauchy",
        arguments: &["location", "scale"],
        build: |a| Ok(Distribution::Cauchy(Cauchy { location: a[0], scale: a[1] })),
    },
    Form {
        family: "half_cauchy",
        arguments: &["scale"],
        build: |a| Ok(Distribution::HalfCauchy(HalfCauchy { scale: a[0] })),
    },
    Form {
        family: "uniform",
        arguments: &["lower", "upper"],
        build: |a| Ok(Distribution::Uniform(Uniform { lower: a[0], upper: a[1] })),
    },
    Form {
        family: "weibull",
        arguments: &["shape", "scale"],
        build: |a| Ok(Distribution::Weibull(Weibull { shape: a[0], scale: a[1] })),
    },
];

/// The arguments of the horseshoe, in order.
pub(super) const HORSESHOE: &[&str] = &["scale", "slab_scale", "slab_df"];

/// Other spellings of arguments that users bring along.
pub(super) fn accepted(family: &str, argument: &str) -> String {
    let ours = match (family, argument) {
        ("normal" | "truncated_normal", "mu") => "mean",
        ("normal" | "truncated_normal" | "half_normal", "sigma") => "sd",
        ("log_normal", "mu") => "mean_log",
        ("log_normal", "sigma") => "sd_log",
        ("gamma" | "inverse_gamma" | "weibull", "alpha") => "shape",
        ("gamma", "beta") => "rate",
        ("inverse_gamma" | "weibull", "beta") => "scale",
        ("exponential", "lam") => "rate",
        ("laplace" | "student_t" | "cauchy", "mu") => "location",
        ("laplace", "b") | ("student_t" | "half_student_t", "sigma") | ("cauchy" | "half_cauchy", "beta") => {
            "scale"
        }
        ("student_t" | "half_student_t", "nu") => "df",
        _ => argument,
    };
    ours.to_owned()
}

/// The arguments of each form of a family, in words.
pub(super) fn forms_of(family: &str) -> String {
    let forms: Vec<String> =
        FORMS.iter().filter(|form| form.family == family).map(|form| form.arguments.join(", ")).collect();
    forms.join(" or ")
}

/// The name of every family.
pub(super) fn families() -> Vec<&'static str> {
    let mut names: Vec<&str> = FORMS.iter().map(|form| form.family).collect();
    names.dedup();
    names.push("horseshoe");
    names.push("fixed");
    names
}
