//! The two query languages, as a definition names them.

/// The query language of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Jsonata,
    JsonPath,
}

impl Language {
    /// By its name; JSONPath where there is none.
    pub(crate) fn of(name: Option<&str>) -> Self {
        if name == Some("JSONata") { Self::Jsonata } else { Self::JsonPath }
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
