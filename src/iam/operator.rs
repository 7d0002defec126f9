//! Condition operators: how the conditions of a statement compare.

use std::borrow::Cow;

/// A condition operator: how a condition compares.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator(pub(super) Cow<'static, str>);

macro_rules! operators {
    ($($name:ident $wire:literal $doc:literal;)*) => {
        impl Operator {
            $(
                #[doc = concat!("`", $wire, "`: ", $doc)]
                pub const $name: Self = Self(Cow::Borrowed($wire));
            )*
        }
    };
}

operators! {
    STRING_EQUALS "StringEquals" "the same text.";
    STRING_NOT_EQUALS "StringNotEquals" "another text.";
    STRING_EQUALS_IGNORE_CASE "StringEqualsIgnoreCase" "the same text but for upper and lower case.";
    STRING_NOT_EQUALS_IGNORE_CASE "StringNotEqualsIgnoreCase" "another text, whatever the case.";
    STRING_LIKE "StringLike" "the text matches a pattern with `*` and `?`.";
    STRING_NOT_LIKE "StringNotLike" "the text does not match the pattern.";
    NUMERIC_EQUALS "NumericEquals" "the same number.";
    NUMERIC_NOT_EQUALS "NumericNotEquals" "another number.";
    NUMERIC_LESS_THAN "NumericLessThan" "a smaller number.";
    NUMERIC_LESS_THAN_EQUALS "NumericLessThanEquals" "a smaller number, or the same.";
    NUMERIC_GREATER_THAN "NumericGreaterThan" "a larger number.";
    NUMERIC_GREATER_THAN_EQUALS "NumericGreaterThanEquals" "a larger number, or the same.";
    DATE_EQUALS "DateEquals" "the same moment (ISO 8601).";
    DATE_NOT_EQUALS "DateNotEquals" "another moment.";
    DATE_LESS_THAN "DateLessThan" "before.";
    DATE_LESS_THAN_EQUALS "DateLessThanEquals" "before, or at.";
    DATE_GREATER_THAN "DateGreaterThan" "after.";
    DATE_GREATER_THAN_EQUALS "DateGreaterThanEquals" "after, or at.";
    BOOL "Bool" "`\"true\"` or `\"false\"`.";
    BINARY_EQUALS "BinaryEquals" "the same bytes, in Base64.";
    IP_ADDRESS "IpAddress" "within the CIDR block.";
    NOT_IP_ADDRESS "NotIpAddress" "outside of the CIDR block.";
    ARN_EQUALS "ArnEquals" "the same ARN; each part may have `*` and `?`.";
    ARN_NOT_EQUALS "ArnNotEquals" "another ARN.";
    ARN_LIKE "ArnLike" "the same as `ArnEquals`.";
    ARN_NOT_LIKE "ArnNotLike" "the same as `ArnNotEquals`.";
    NULL "Null" "`\"true\"`: the key is absent; `\"false\"`: it is there.";
}

impl Operator {
    /// `…IfExists`: holds as well where the request has no such key.
    pub fn if_exists(self) -> Self {
        Self(format!("{}IfExists", self.0).into())
    }

    /// `ForAnyValue:…`: holds when one of the request's values does.
    pub fn for_any_value(self) -> Self {
        Self(format!("ForAnyValue:{}", self.0).into())
    }

    /// `ForAllValues:…`: holds when all of the request's values do, also when it has none.
    pub fn for_all_values(self) -> Self {
        Self(format!("ForAllValues:{}", self.0).into())
    }
}
