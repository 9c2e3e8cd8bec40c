//! What a refit begins with: the spec and the panel of a spec file or of a fit, and the fit itself where it is wanted.

use super::ValidateArgs;
use crate::args::Global;
use crate::commands::fit::draw;
use crate::load::load_again;
use crate::outcome::Failure;
use crate::terminal::Terminal;
use wanamaker::data::panel::Panel;
use wanamaker::engine::fit::Fit;
use wanamaker::model::compile::CompiledModel;
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
        let again = load_again(args.subject_or("mmm.toml"), args.data.as_deref(), |spec| {
            args.sampling.apply(global, spec);
            adjust(spec);
        })?;
        Ok(Self { model: again.model, fit: again.fit })
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
        self.model.spec.sampler.n_chains()
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
        let drawn = draw(self.model.clone(), None, global, terminal)?;
        Ok(drawn.map(|timed| timed.fit).filter(|fit| !fit.cancelled))
    }
}
