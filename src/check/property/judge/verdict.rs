//! Verdicts: how a judgement ends, and what is wrong where it ends badly.

use crate::{json::Pointer, rule::Rule};

/// How a judgement ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check::property) enum Verdict {
    Holds,
    Fails,
    /// It depends on what is not known here.
    Unknown,
}

impl Verdict {
    pub fn from(holds: bool) -> Self {
        if holds { Verdict::Holds } else { Verdict::Fails }
    }

    /// Both: it fails where one does.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Verdict::Fails, _) | (_, Verdict::Fails) => Verdict::Fails,
            (Verdict::Holds, Verdict::Holds) => Verdict::Holds,
            _ => Verdict::Unknown,
        }
    }
}

/// What is wrong with a value.
#[derive(Clone, Debug)]
pub(in crate::check::property) struct Fault {
    pub rule: &'static Rule,
    pub at: String,
    /// What is: the first half of the message.
    pub is: String,
    /// What was expected: the other half.
    pub expected: String,
    /// A name that was meant to be another one, and the ones that there are.
    pub near: Option<(String, Vec<String>)>,
}

/// Where faults go; nowhere where only the verdict is asked for.
pub(in crate::check::property) type Faults<'f> = Option<&'f mut Vec<Fault>>;

/// Reports a fault where faults are asked for.
pub(super) fn report(faults: Faults<'_>, fault: impl FnOnce() -> Fault) {
    if let Some(faults) = faults {
        faults.push(fault());
    }
}

pub(super) fn fault(rule: &'static Rule, at: &Pointer<'_>, is: String, expected: String) -> Fault {
    Fault { rule, at: at.to_string(), is, expected, near: None }
}

/// What messages call all properties of a resource.
pub(super) const THE_RESOURCE: &str = "the resource";

/// What messages call the value at a place: by its key, or as an element of what has one.
pub(super) fn name(at: &Pointer<'_>) -> String {
    let path = at.to_string().replace("/Fn::If/1", "").replace("/Fn::If/2", "");
    let mut segments = path.rsplit('/').peekable();
    let mut of = String::new();
    while let Some(position) = segments.next_if(|segment| segment.bytes().all(|byte| byte.is_ascii_digit())) {
        of = format!("[{position}]{of}");
    }
    if of.is_empty() && path.ends_with("/Properties") && !path.contains("/Properties/") {
        return THE_RESOURCE.to_owned();
    }
    let key = segments.next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
    format!("`{key}{of}`")
}
