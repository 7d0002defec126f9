//! Paths: where something is in a template or a definition, in one notation.

use std::{
    borrow::{Borrow, Cow},
    fmt,
    ops::Deref,
};

use serde::Serialize;

use crate::json::escape;

/// A place in a template (`Resources/Topic/Properties/TopicName`) or in a definition (`/States/Render/Next`).
///
/// Segments are names and positions, joined with `/`. Inside a segment `~` is written `~0` and `/` is written `~1`, as
/// in a JSON pointer. The path of a template begins with the name of a section, as cfn-lint has it, and is empty for
/// the whole; that of a definition begins with `/`, as AWS has it, and is `/` for the whole.
///
/// ```
/// use formwork::diagnostic::Path;
/// let next = Path::from("/States").join("Render/HTML").join("Next");
/// assert_eq!(next, "/States/Render~1HTML/Next");
/// assert_eq!(next.within("Resources/Reports/Properties/Definition").parent().unwrap(),
///     "Resources/Reports/Properties/Definition/States/Render~1HTML");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Path(String);

impl Path {
    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of a member of what is here: by its name, which is escaped, or by its position.
    #[must_use]
    pub fn join(&self, segment: impl fmt::Display) -> Self {
        let mut joined = self.0.clone();
        if !joined.is_empty() && joined != "/" {
            joined.push('/');
        }
        joined.push_str(&escape(&segment.to_string()));
        Self(joined)
    }

    /// The same place, seen from what holds the template or definition: `outer` is where that is.
    #[must_use]
    pub fn within(&self, outer: impl AsRef<str>) -> Self {
        let (outer, inner) = (outer.as_ref(), self.strip_root());
        match (outer, inner) {
            (outer, "") => Self(outer.to_owned()),
            ("", _) => self.clone(),
            ("/", inner) => Self(format!("/{inner}")),
            (outer, inner) => Self(format!("{outer}/{inner}")),
        }
    }

    /// The rest of the path below `outer`, if it is `outer` or inside of it.
    pub fn strip_prefix(&self, outer: impl AsRef<str>) -> Option<&str> {
        match (outer.as_ref(), self.0.strip_prefix(outer.as_ref())?) {
            ("" | "/", rest) | (_, rest @ "") => Some(rest),
            (_, rest) => rest.strip_prefix('/'),
        }
    }

    /// The path of what holds this; none for the whole.
    pub fn parent(&self) -> Option<Self> {
        self.ancestors().nth(1).map(Self::from)
    }

    /// The path itself, then those of everything around it, up to the whole.
    pub fn ancestors(&self) -> impl Iterator<Item = &str> {
        let root = self.0.len() - self.strip_root().len();
        let around = move |end: &usize| match self.0[root..*end].rfind('/') {
            Some(separator) => Some(root + separator),
            None => (*end > root).then_some(root),
        };
        std::iter::successors(Some(self.0.len()), around).map(|end| &self.0[..end])
    }

    /// The names and positions that lead here, as they are: not escaped.
    pub fn segments(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let inner = (!self.strip_root().is_empty()).then(|| self.strip_root());
        inner.into_iter().flat_map(|inner| inner.split('/')).map(|segment| match segment.contains('~') {
            true => segment.replace("~1", "/").replace("~0", "~").into(),
            false => segment.into(),
        })
    }

    fn strip_root(&self) -> &str {
        self.0.strip_prefix('/').unwrap_or(&self.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Deref for Path {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Path {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Path {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Path {
    /// Text that is a path already: escaped where it needs to be.
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Path {
    /// Text that is a path already: escaped where it needs to be.
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&String> for Path {
    /// Text that is a path already: escaped where it needs to be.
    fn from(text: &String) -> Self {
        Self(text.clone())
    }
}

impl From<&Path> for Path {
    fn from(path: &Path) -> Self {
        path.clone()
    }
}

impl From<Path> for String {
    fn from(path: Path) -> Self {
        path.0
    }
}

macro_rules! equal_to_text {
    ($($text:ty)*) => {
        $(
            impl PartialEq<$text> for Path {
                fn eq(&self, other: &$text) -> bool {
                    self.as_str() == &other[..]
                }
            }

            impl PartialEq<Path> for $text {
                fn eq(&self, other: &Path) -> bool {
                    &self[..] == other.as_str()
                }
            }
        )*
    };
}
equal_to_text!(str &str String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_joined_and_escaped_in_either_form() {
        assert_eq!(Path::from("Resources").join("T").join("a/b~c").join(0), "Resources/T/a~1b~0c/0");
        assert_eq!(Path::default().join("Resources"), "Resources");
        assert_eq!(Path::from("/").join("States").join("A"), "/States/A");
        assert_eq!(Path::from("/States/a~1b~0c").segments().collect::<Vec<_>>(), ["States", "a/b~c"]);
        assert_eq!(Path::from("/").segments().count() + Path::default().segments().count(), 0);
    }

    #[test]
    fn a_definition_lies_within_a_template() {
        let definition = Path::from("Resources/M/Properties/Definition");
        assert_eq!(Path::from("/States/A").within(&definition), "Resources/M/Properties/Definition/States/A");
        assert_eq!(Path::from("/").within(&definition), definition);
        assert_eq!(Path::from("A/Next").within("/States"), "/States/A/Next");
        assert_eq!(Path::from("/A").within("/"), "/A");
        assert_eq!(Path::from("/A").within(""), "/A");
    }

    #[test]
    fn everything_around_a_path_is_named_from_the_inside_out() {
        let ancestors = |path: &str| Path::from(path).ancestors().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(ancestors("Resources/T/Type"), ["Resources/T/Type", "Resources/T", "Resources", ""]);
        assert_eq!(ancestors("/States/A"), ["/States/A", "/States", "/"]);
        assert_eq!(ancestors("/"), ["/"]);
        assert_eq!(ancestors(""), [""]);
        assert_eq!(Path::from("/States").parent().unwrap(), "/");
        assert_eq!(Path::default().parent(), None);
    }

    #[test]
    fn a_prefix_is_made_of_whole_segments() {
        let path = Path::from("Resources/Topic/Type");
        assert_eq!(path.strip_prefix("Resources/Topic"), Some("Type"));
        assert_eq!(path.strip_prefix("Resources/Top"), None);
        assert_eq!(path.strip_prefix(&path), Some(""));
        assert_eq!(Path::from("/States/A").strip_prefix("/"), Some("States/A"));
    }
}
