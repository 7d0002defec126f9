//! The order of a list.

use super::{error::Given, value::Value};

/// The items in their order, where one may come after another by a function that need not be an order at all: lists
/// are cut in half, and the halves merged, as JSONata does it.
pub(super) fn sorted(
    items: Vec<Value>,
    comes_after: &mut dyn FnMut(&Value, &Value) -> Given<bool>,
) -> Given<Vec<Value>> {
    if items.len() < 2 {
        return Ok(items);
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let left = sorted(left, comes_after)?;
    let right = sorted(right, comes_after)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let next = if comes_after(first, second)? { right.next() } else { left.next() };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}
