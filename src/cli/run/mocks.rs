//! The mocks of a run, and where in their file something is wrong.

use crate::{
    asl::run::TestCase,
    cli::{invocation::Invocation, source::Origin},
    diagnostic::Diagnostic,
    template::Document,
};

/// The mocks of a run: the text that they were read from.
pub(super) struct Mocks {
    /// The file, or what messages call the mocks that come with a stack.
    pub source: String,
    pub text: String,
    pub case: Option<TestCase>,
}

impl Mocks {
    /// Whether a diagnostic is about a place in the text.
    fn have(diagnostic: &Diagnostic) -> bool {
        let path = diagnostic.path.as_str();
        diagnostic.code == "F3008"
            && ["/MockedResponses/", "/result", "/errorOutput"].iter().any(|it| path.starts_with(it))
    }

    fn locate(&self, found: &mut [Diagnostic]) {
        // It was read as JSON already.
        if let Ok(document) = Document::json(&self.text) {
            document.locate(found, &self.source);
        }
    }
}

/// Prints what is wrong, with the place where it was written.
pub(super) fn report(invocation: &mut Invocation<'_>, found: Vec<Diagnostic>, origin: &Origin, mocks: Option<&Mocks>) {
    let (mut of_mocks, mut found): (Vec<_>, Vec<_>) = found.into_iter().partition(Mocks::have);
    origin.locate(&mut found);
    if let Some(mocks) = mocks {
        mocks.locate(&mut of_mocks);
    }
    found.extend(of_mocks);
    invocation.tell(&found, "the state machine");
}
