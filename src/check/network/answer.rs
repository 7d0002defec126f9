//! Answers to a question about a network of which a template shows a part.

/// An answer to a yes-or-no question, in the order in which `and` is the least and `or` the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Answer {
    No,
    /// It depends on what the template does not say, or differs from address to address.
    Unknown,
    Yes,
}

impl Answer {
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether one of them holds.
    pub fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        answers.into_iter().fold(Self::No, Self::or)
    }

    /// The answer where it is not certain that what gives it is there at all.
    pub fn if_certain(self, certain: bool) -> Self {
        if certain { self } else { self.min(Self::Unknown) }
    }

    /// The answer where something outside of the template may turn a no into a yes.
    pub fn unless_open(self, open: bool) -> Self {
        if open { self.max(Self::Unknown) } else { self }
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}
