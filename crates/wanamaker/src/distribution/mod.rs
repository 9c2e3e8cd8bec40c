//! TEMPORARY
#![allow(missing_docs)]
pub mod support;
use rand::Rng;
use rand_distr::Distribution as _;
use statrs::distribution::{Continuous, ContinuousCDF};
use support::Support;
macro_rules! fam { ($($n:ident { $($f:ident),* })*) => { $( #[derive(Clone, Copy, Debug, PartialEq)] pub struct $n { $(pub $f: f64),* } )* } }
fam! { Normal{mean,sd} TruncatedNormal{mean,sd,lower,upper} HalfNormal{sd} LogNormal{mean_log,sd_log} Gamma{shape,rate} InverseGamma{shape,scale} Beta{alpha,beta} Exponential{rate} Laplace{location,scale} StudentT{df,location,scale} HalfStudentT{df,scale} Cauchy{location,scale} HalfCauchy{scale} Uniform{lower,upper} Weibull{shape,scale} }
impl TruncatedNormal { pub fn new(mean:f64,sd:f64,lower:f64,upper:f64)->Self{Self{mean,sd,lower,upper}} }
impl Gamma { pub fn new(shape:f64,rate:f64)->Self{Self{shape,rate}} }
impl InverseGamma { pub fn new(shape:f64,scale:f64)->Self{Self{shape,scale}} }
impl Beta { pub fn new(alpha:f64,beta:f64)->Self{Self{alpha,beta}} }
impl StudentT { pub fn new(df:f64,location:f64,scale:f64)->Self{Self{df,location,scale}} }
impl HalfStudentT { pub fn new(df:f64,scale:f64)->Self{Self{df,scale}} }
#[derive(Clone, Debug)]
pub enum Distribution { Normal(Normal), TruncatedNormal(TruncatedNormal), HalfNormal(HalfNormal), LogNormal(LogNormal), Gamma(Gamma), InverseGamma(InverseGamma), Beta(Beta), Exponential(Exponential), Laplace(Laplace), StudentT(StudentT), HalfStudentT(HalfStudentT), Cauchy(Cauchy), HalfCauchy(HalfCauchy), Uniform(Uniform), Weibull(Weibull), Fixed(f64) }
use Distribution as D;
use statrs::distribution as s;
impl Distribution {
    pub fn support(&self) -> Support { match self { D::Normal(_)|D::Laplace(_)|D::StudentT(_)|D::Cauchy(_)|D::Fixed(_) => Support::Real, D::Beta(_) => Support::UnitInterval, D::Uniform(u) => Support::Interval{lower:u.lower,upper:u.upper}, D::TruncatedNormal(t)=>Support::Interval{lower:t.lower,upper:t.upper}, _ => Support::Positive } }
    pub fn ln_density(&self, x: f64) -> f64 { self.ln_density_and_slope(x).0 }
    pub fn ln_density_and_slope(&self, x: f64) -> (f64, f64) {
        let l2 = 0.918_938_533_204_672_8;
        match *self {
            D::Normal(n) => { let z=(x-n.mean)/n.sd; (-0.5*z*z-n.sd.ln()-l2, -z/n.sd) }
            D::HalfNormal(n) => { let z=x/n.sd; (-0.5*z*z-n.sd.ln()-l2+std::f64::consts::LN_2, -z/n.sd) }
            D::LogNormal(n) => { let z=(x.ln()-n.mean_log)/n.sd_log; (-0.5*z*z-n.sd_log.ln()-l2-x.ln(), (-z/n.sd_log-1.0)/x) }
            D::Gamma(g) => (g.shape*g.rate.ln()-statrs::function::gamma::ln_gamma(g.shape)+(g.shape-1.0)*x.ln()-g.rate*x, (g.shape-1.0)/x-g.rate),
            D::InverseGamma(g) => (g.shape*g.scale.ln()-statrs::function::gamma::ln_gamma(g.shape)-(g.shape+1.0)*x.ln()-g.scale/x, -(g.shape+1.0)/x+g.scale/x/x),
            D::Beta(b) => ((b.alpha-1.0)*x.ln()+(b.beta-1.0)*(-x).ln_1p()-statrs::function::beta::ln_beta(b.alpha,b.beta), (b.alpha-1.0)/x-(b.beta-1.0)/(1.0-x)),
            D::Exponential(e) => (e.rate.ln()-e.rate*x, -e.rate),
            D::Laplace(l) => (-(2.0*l.scale).ln()-(x-l.location).abs()/l.scale, -(x-l.location).signum()/l.scale),
            D::HalfCauchy(c) => { let z=x/c.scale; ((2.0/std::f64::consts::PI/c.scale).ln()-(z*z).ln_1p(), -2.0*z/(1.0+z*z)/c.scale) }
            D::Uniform(u) => (-(u.upper-u.lower).ln(), 0.0),
            _ => unimplemented!(),
        }
    }
    pub fn quantile(&self, p: f64) -> f64 { match *self {
        D::Fixed(v) => v,
        D::Normal(n) => s::Normal::new(n.mean,n.sd).unwrap().inverse_cdf(p),
        D::HalfNormal(n) => s::Normal::new(0.0,n.sd).unwrap().inverse_cdf(0.5+0.5*p),
        D::LogNormal(n) => s::Normal::new(n.mean_log,n.sd_log).unwrap().inverse_cdf(p).exp(),
        D::Gamma(g) => s::Gamma::new(g.shape,g.rate).unwrap().inverse_cdf(p),
        D::InverseGamma(g) => 1.0/s::Gamma::new(g.shape,g.scale).unwrap().inverse_cdf(1.0-p),
        D::Beta(b) => s::Beta::new(b.alpha,b.beta).unwrap().inverse_cdf(p),
        D::Exponential(e) => -(1.0-p).ln()/e.rate,
        D::Laplace(l) => s::Laplace::new(l.location,l.scale).unwrap().inverse_cdf(p),
        D::HalfCauchy(c) => c.scale*(std::f64::consts::FRAC_PI_2*p).tan(),
        D::Uniform(u) => u.lower+(u.upper-u.lower)*p,
        _ => unimplemented!() } }
    pub fn mean(&self) -> f64 { match *self { D::Gamma(g)=>g.shape/g.rate, D::LogNormal(n)=>(n.mean_log+0.5*n.sd_log*n.sd_log).exp(), D::InverseGamma(g)=>g.scale/(g.shape-1.0), D::Beta(b)=>b.alpha/(b.alpha+b.beta), _=>f64::NAN } }
    pub fn sd(&self) -> f64 { match *self { D::Normal(n)=>n.sd, D::Gamma(g)=>g.shape.sqrt()/g.rate, D::LogNormal(n)=>self.mean()*((n.sd_log*n.sd_log).exp_m1()).sqrt(), D::InverseGamma(g)=>self.mean()/(g.shape-2.0).sqrt(), D::Beta(b)=>{let m=self.mean(); (m*(1.0-m)/(b.alpha+b.beta+1.0)).sqrt()}, D::Laplace(l)=>l.scale*1.41421356, _=>f64::NAN } }
    pub fn median(&self) -> f64 { self.quantile(0.5) }
    pub fn sample<R: Rng>(&self, rng: &mut R) -> f64 { self.quantile(rand_distr::StandardUniform.sample(rng)) }
    pub fn name(&self) -> &'static str { "x" }
    pub fn t(&self) { let _ = s::Normal::new(0.,1.).unwrap().pdf(0.); }
}
