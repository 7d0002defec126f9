//! Lists of a statement, whose order has no meaning.

/// A list of what is meant, or of all that is not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Listed<T> {
    pub except: bool,
    /// Sorted: order has no meaning.
    pub items: Vec<T>,
}

impl<T: Ord> Listed<T> {
    pub fn new(except: bool, mut items: Vec<T>) -> Self {
        items.sort();
        items.dedup();
        Self { except, items }
    }

    /// Whether it means what an item of it is said to include.
    pub fn means(&self, includes: impl Fn(&T) -> bool) -> bool {
        self.items.iter().any(includes) != self.except
    }
}
