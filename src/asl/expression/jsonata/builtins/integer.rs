//! `$formatInteger` and `$parseInteger`.

use super::picture::Picture;
use crate::asl::expression::jsonata::{
    error::Given,
    value::{Host, Value},
};

pub(super) fn format_integer(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let [Value::Number(number), Value::Text(picture), ..] = arguments else { return Ok(Value::Nothing) };
    Ok(Value::text(Picture::parse(picture)?.format(*number)?))
}

pub(super) fn parse_integer(_: &mut dyn Host, arguments: &[Value]) -> Given<Value> {
    let [Value::Text(text), Value::Text(picture), ..] = arguments else { return Ok(Value::Nothing) };
    Ok(Value::Number(Picture::parse(picture)?.number(text)))
}
