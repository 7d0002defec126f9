//! Numbers, for properties that take fractions too.

use serde::{Serialize, Serializer, ser::Error as _};

use super::{IntoValue, Value};

/// A JSON number: an integer stays an integer, a fraction a fraction.
///
/// For properties whose schema type is `number`; an infinite or undefined value is refused when it is added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A number without a decimal point.
    Integer(i64),
    /// A number with one.
    Fraction(f64),
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Number::Integer(value) => serializer.serialize_i64(value),
            Number::Fraction(value) if value.is_finite() => serializer.serialize_f64(value),
            Number::Fraction(value) => Err(S::Error::custom(format!("`{value}` is not a number that JSON can hold"))),
        }
    }
}

impl IntoValue<Number> for i64 {
    fn into_value(self) -> Value<Number> {
        Value::Literal(Number::Integer(self))
    }
}

impl IntoValue<Number> for f64 {
    fn into_value(self) -> Value<Number> {
        Value::Literal(Number::Fraction(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::record;

    #[test]
    fn a_number_that_json_cannot_hold_is_refused() {
        let (json, _) = record(&IntoValue::<Number>::into_value(f64::NAN));
        assert_eq!(json.unwrap_err(), "`NaN` is not a number that JSON can hold");
    }
}
