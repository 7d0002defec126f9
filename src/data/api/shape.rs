//! The shapes of an API: what an operation takes and gives, read as it is walked.
//!
//! A structure is a line of its members, `Bucket!s Acl:5 ClientToken~s`: name, `!` where it is required, `~` where it is
//! the token of an idempotent call, and a letter or the number of a line; `[` before it is a list, `{` a map from texts.
//! Behind a letter may stand bounds, `s<1,64`. An enumeration is a line of its values, `|private|public-read`. Before
//! the members of a union stands `?`.

use std::borrow::Cow;

use super::{Service, spelling};

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub enum Shape<'a> {
    /// A text.
    String,
    /// A text that is one of some, as far as the API's model knows.
    Enumeration(Values),
    /// A number without a fraction; `Long` in the model has 64 bits, `Integer` 32.
    Integer,
    /// A number without a fraction, of 64 bits.
    Long,
    /// A number.
    Float,
    /// A number of double precision.
    Double,
    /// A truth value.
    Boolean,
    /// A point in time.
    Timestamp,
    /// Bytes.
    Blob,
    /// Any JSON.
    Document,
    /// A list.
    Array(Item<'a>),
    /// An object with keys of one's own.
    Map(Item<'a>),
    /// An object with these members.
    Structure(Structure<'a>),
}

impl<'a> Shape<'a> {
    fn read(service: &'a Service, word: &'static str) -> Self {
        let item = |word| Item { service, word };
        let kind = word.split_once('<').map_or(word, |(kind, _)| kind);
        match kind {
            "s" => Self::String,
            "i" => Self::Integer,
            "l" => Self::Long,
            "f" => Self::Float,
            "d" => Self::Double,
            "b" => Self::Boolean,
            "t" => Self::Timestamp,
            "x" => Self::Blob,
            _ => match (word.strip_prefix('['), word.strip_prefix('{')) {
                (Some(word), _) => Self::Array(item(word)),
                (_, Some(word)) => Self::Map(item(word)),
                _ => match line(service, word) {
                    Some(line) => match line.strip_prefix('|') {
                        Some(values) => Self::Enumeration(Values(values)),
                        None => Self::Structure(Structure { service, line }),
                    },
                    None => Self::Document,
                },
            },
        }
    }
}

fn line(service: &Service, number: &str) -> Option<&'static str> {
    service.shapes.get(number.parse::<usize>().ok()?).copied()
}

/// The bounds of a text or of bytes, whose length they are for, or of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The least, if there is one.
    pub min: Option<f64>,
    /// The greatest, if there is one.
    pub max: Option<f64>,
}

impl Bounds {
    fn read(word: &str) -> Self {
        let bounds = match word.starts_with(['[', '{']) {
            true => None,
            false => word.split_once('<').and_then(|(_, bounds)| bounds.split_once(',')),
        };
        let (min, max) = bounds.unwrap_or_default();
        Self { min: min.parse().ok(), max: max.parse().ok() }
    }
}

/// The shape that the items of a list or the values of a map have.
#[derive(Clone, Copy)]
pub struct Item<'a> {
    service: &'a Service,
    word: &'static str,
}

impl<'a> Item<'a> {
    /// The shape itself.
    pub fn shape(&self) -> Shape<'a> {
        Shape::read(self.service, self.word)
    }

    /// The bounds of a text, bytes or a number.
    pub fn bounds(&self) -> Bounds {
        Bounds::read(self.word)
    }
}

impl std::fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.service.name, self.word)
    }
}

/// The values of an enumeration.
#[derive(Clone, Copy, Debug)]
pub struct Values(&'static str);

impl Values {
    /// The values, in the order of the model.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.0.split('|')
    }

    /// Tells whether it has a value.
    pub fn contains(&self, value: &str) -> bool {
        self.iter().any(|known| known == value)
    }
}

/// An object: its members.
#[derive(Clone, Copy)]
pub struct Structure<'a> {
    service: &'a Service,
    line: &'static str,
}

impl<'a> Structure<'a> {
    pub(super) fn numbered(service: &'a Service, number: &str) -> Option<Self> {
        Some(Self { service, line: line(service, number)? })
    }

    /// True where the other is the same structure of the same service.
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.service, other.service) && std::ptr::eq(self.line, other.line)
    }

    /// True where it has just one of its members.
    pub fn is_union(&self) -> bool {
        self.line.starts_with('?')
    }

    /// The members, in the order of the model.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> + use<'a> {
        let service = self.service;
        let members = self.line.strip_prefix('?').unwrap_or(self.line);
        members.split_terminator(' ').filter_map(move |member| {
            let (name, rest) = member.split_at(member.find([':', '!', '~'])?);
            let word = rest.trim_start_matches([':', '!', '~']);
            let marks = &rest[..rest.len() - word.len()];
            Some(Member { service, name, is_required: marks.contains('!'), is_token: marks.contains('~'), word })
        })
    }

    /// The member that Step Functions calls so.
    pub fn member(&self, name: &str) -> Option<Member<'a>> {
        self.members().find(|member| member.name() == name)
    }
}

impl std::fmt::Debug for Structure<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.service.name, self.line)
    }
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    service: &'a Service,
    name: &'static str,
    is_required: bool,
    is_token: bool,
    word: &'static str,
}

impl<'a> Member<'a> {
    /// The name as the AWS SDK integrations of Step Functions spell it: `DbInstanceIdentifier`.
    pub fn name(&self) -> Cow<'static, str> {
        spelling::argument(self.name)
    }

    /// The name as the API itself and the optimized integrations spell it: `DBInstanceIdentifier`.
    pub fn api_name(&self) -> &'static str {
        self.name
    }

    /// True where the API wants it.
    pub fn is_required(&self) -> bool {
        self.is_required
    }

    /// True where it is the token of an idempotent call, which an SDK makes up.
    pub fn is_token(&self) -> bool {
        self.is_token
    }

    /// Its type.
    pub fn shape(&self) -> Shape<'a> {
        Shape::read(self.service, self.word)
    }

    /// The bounds of a text, bytes or a number.
    pub fn bounds(&self) -> Bounds {
        Bounds::read(self.word)
    }
}
