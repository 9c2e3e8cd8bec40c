//! What every distribution must obey.
