//! The comparison operators of a `Choice` in JSONPath, 39 of them.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html>

/// A comparison operator: a field of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Operator {
    pub name: &'static str,
    pub criterion: Criterion,
}

/// What an operator compares, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Criterion {
    /// Whether the variable is of that kind.
    Is(Property),
    /// The variable with a literal.
    Literal(Operand, Relation),
    /// The variable with what stands at a path.
    Path(Operand, Relation),
    /// The variable with a pattern.
    Matches,
}

/// What `Is…` asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Property {
    Boolean,
    Null,
    Numeric,
    Present,
    String,
    Timestamp,
}

/// The type that an operator compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operand {
    Boolean,
    Numeric,
    String,
    Timestamp,
}

/// How an operator compares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Relation {
    Equal,
    Less,
    Greater,
    LessOrEqual,
    GreaterOrEqual,
}

macro_rules! operators {
    ($($kind:ident: $($name:literal $path:literal $relation:ident),*;)*) => {
        [$($(
            Operator { name: $name, criterion: Criterion::Literal(Operand::$kind, Relation::$relation) },
            Operator { name: $path, criterion: Criterion::Path(Operand::$kind, Relation::$relation) },
        )*)*
            Operator { name: "IsBoolean", criterion: Criterion::Is(Property::Boolean) },
            Operator { name: "IsNull", criterion: Criterion::Is(Property::Null) },
            Operator { name: "IsNumeric", criterion: Criterion::Is(Property::Numeric) },
            Operator { name: "IsPresent", criterion: Criterion::Is(Property::Present) },
            Operator { name: "IsString", criterion: Criterion::Is(Property::String) },
            Operator { name: "IsTimestamp", criterion: Criterion::Is(Property::Timestamp) },
            Operator { name: "StringMatches", criterion: Criterion::Matches },
        ]
    };
}

/// All operators.
pub(crate) const OPERATORS: [Operator; 39] = operators! {
    Boolean: "BooleanEquals" "BooleanEqualsPath" Equal;
    Numeric:
        "NumericEquals" "NumericEqualsPath" Equal,
        "NumericLessThan" "NumericLessThanPath" Less,
        "NumericGreaterThan" "NumericGreaterThanPath" Greater,
        "NumericLessThanEquals" "NumericLessThanEqualsPath" LessOrEqual,
        "NumericGreaterThanEquals" "NumericGreaterThanEqualsPath" GreaterOrEqual;
    String:
        "StringEquals" "StringEqualsPath" Equal,
        "StringLessThan" "StringLessThanPath" Less,
        "StringGreaterThan" "StringGreaterThanPath" Greater,
        "StringLessThanEquals" "StringLessThanEqualsPath" LessOrEqual,
        "StringGreaterThanEquals" "StringGreaterThanEqualsPath" GreaterOrEqual;
    Timestamp:
        "TimestampEquals" "TimestampEqualsPath" Equal,
        "TimestampLessThan" "TimestampLessThanPath" Less,
        "TimestampGreaterThan" "TimestampGreaterThanPath" Greater,
        "TimestampLessThanEquals" "TimestampLessThanEqualsPath" LessOrEqual,
        "TimestampGreaterThanEquals" "TimestampGreaterThanEqualsPath" GreaterOrEqual;
};

impl Operator {
    /// The operator of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATORS.iter().find(|operator| operator.name == name)
    }
}
