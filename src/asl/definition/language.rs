//! The two query languages, as a definition names them.

use crate::diagnostic::nearest;

/// The query language of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Jsonata,
    JsonPath,
}

impl Language {
    /// By its name; JSONPath where there is none. A misspelt name, which is a fault, stands for the one that was meant,
    /// so that nothing else follows from it.
    pub(crate) fn of(name: Option<&str>) -> Self {
        let meant = name.and_then(|name| nearest(name, ["JSONata", "JSONPath"]));
        if meant == Some("JSONata") { Self::Jsonata } else { Self::JsonPath }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Jsonata => "JSONata",
            Self::JsonPath => "JSONPath",
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Jsonata => Self::JsonPath,
            Self::JsonPath => Self::Jsonata,
        }
    }
}
