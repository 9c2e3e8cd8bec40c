//! What a refit begins with: the spec and the panel of a spec file or of a fit, and the fit itself where it is wanted.

use super::ValidateArgs;
use crate::args::Global;
use crate::commands::fit::draw;
use crate::load::{is_fit, load};
use crate::outcome::Failure;
use crate::terminal::Terminal;
use wanamaker::data::panel::Panel;
use wanamaker::engine::fit::Fit;
use wanamaker::model::compile::{CompiledModel, compile};
use wanamaker::spec::ModelSpec;

/// A model to be fitted again.
#[derive(Debug)]
pub struct Subject {
    model: CompiledModel,
    /// The fit, where the file held one and its draws are those that are asked for.
    fit: Option<Fit>,
}

impl Subject {
    /// From the file that the arguments name: a fit where its name ends in `.mmm`, else a spec. `adjust` comes after flags.
    pub fn load(
        args: &ValidateArgs,
        global: &Global,
        adjust: impl Fn(&mut ModelSpec),
    ) -> Result<Self, Failure> {
        let path = args.subject_or("mmm.toml");
        if !is_fit(path) {
            let loaded = load(path, args.data.as_deref(), |spec| {
                args.sampling.apply(global, spec);
                adjust(spec);
            })?;
            return Ok(Self { model: loaded.model, fit: None });
        }
        if args.data.is_some() {
            return Err(crate::outcome::usage(
                "a fit has its data inside",
                "leave --data out, or name the spec",
            ));
        }
        let (fit, _, _) = wanamaker_io::fit_file::load(path)?;
        let mut spec = fit.model.spec.clone();
        args.sampling.apply(global, &mut spec);
        adjust(&mut spec);
        // Another holdout is another model; other draws are only asked of the refits.
        let same = spec.data.holdout == fit.model.spec.data.holdout;
        let model = compile(&spec, &fit.model.panel)?;
        Ok(Self { model, fit: same.then_some(fit) })
    }

    /// The model alone.
    pub fn into_model(self) -> CompiledModel {
        self.model
    }

    /// The spec with everything said.
    pub fn spec(&self) -> &ModelSpec {
        &self.model.spec
    }

    /// The data.
    pub fn panel(&self) -> &Panel {
        &self.model.panel
    }

    /// Chains of one fit.
    pub fn n_chains(&self) -> usize {
        self.model.spec.sampler.chains.unwrap_or(4)
    }

    /// Seed of everything random.
    pub fn seed(&self) -> u64 {
        self.model.spec.sampler.seed.unwrap_or_default()
    }

    /// The fit of the file, or one that is made now; `None` when the user stopped that.
    pub fn fit(&self, global: &Global, terminal: &Terminal) -> Result<Option<Fit>, Failure> {
        if let Some(fit) = &self.fit {
            return Ok(Some(fit.clone()));
        }
        let drawn = draw(self.model.clone(), global, terminal)?;
        Ok(drawn.map(|timed| timed.fit).filter(|fit| !fit.cancelled))
    }
}
