//! Lists faults of one kind up to a limit and counts the rest, so a broken column does not bury the others.

use crate::problem::{Problem, Problems};

/// Faults of one kind shown one by one; the rest is counted.
pub const SHOWN: usize = 20;

/// Faults of one kind in one place.
#[derive(Debug, Default)]
pub struct Listing {
    shown: Vec<Problem>,
    seen: usize,
}

impl Listing {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one fault; it is put into words only while the limit is not reached.
    pub fn add(&mut self, problem: impl FnOnce() -> Problem) {
        self.seen += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(problem());
        }
    }

    /// How many were counted.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// Moves what was listed to `found`, with a last entry that counts the rest.
    pub fn report(self, found: &mut Problems) {
        let rest = self.seen - self.shown.len();
        let last = self.shown.last().cloned();
        found.0.extend(self.shown);
        if let (Some(mut problem), true) = (last, rest > 0) {
            problem.at.row = None;
            problem.message = format!("{rest} more of the same kind ({} in all)", self.seen);
            found.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Place;

    #[test]
    fn the_rest_is_counted() {
        let mut listing = Listing::new();
        for row in 0..57 {
            listing.add(|| Problem::error("data.x", Place::cell("f", row, "a"), "bad"));
        }
        let mut found = Problems::new();
        listing.report(&mut found);
        assert_eq!(found.0.len(), SHOWN + 1);
        assert_eq!(found.0[SHOWN].message, "37 more of the same kind (57 in all)");
        assert_eq!(found.0[SHOWN].at, Place::column("f", "a"));
    }
}
