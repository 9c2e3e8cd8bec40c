//! Markets of every size to time the engine on.
