//! A budget: the steps that may be taken to say more of something, so that no input takes forever.

use std::cell::Cell;

/// Steps that are left. What is found before they are spent stays; what comes after is not looked at.
#[derive(Debug)]
pub(crate) struct Budget(Cell<usize>);

impl Budget {
    pub const fn new(steps: usize) -> Self {
        Self(Cell::new(steps))
    }

    /// Takes so many steps; whether they were left.
    pub fn spend(&self, steps: usize) -> bool {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or(0));
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_the_end() {
        let budget = Budget::new(3);
        assert_eq!([2, 1, 0, 1, 0].map(|steps| budget.spend(steps)), [true, true, true, false, true]);
        let budget = Budget::new(3);
        assert_eq!([4, 1].map(|steps| budget.spend(steps)), [false, false], "the rest is not for what is smaller");
    }
}
