//! Pictures and pages of a report.
//!
//! Every chart is defined once, in `ui/src/charts`, as a function from the data of a report to a drawing. The dashboard and the
//! page call it in a browser; here the same bundle runs in an embedded JavaScript engine without any browser around it.
//! Nothing here knows what the numbers mean, and nothing opens a file.

pub mod page;
pub mod picture;
pub mod studio;
