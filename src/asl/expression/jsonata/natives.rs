//! The functions of JSONata that the library has otherwise than the service: they stand in for the library's, by
//! names that no expression has, wherever an expression means the function that JSONata defines.

mod array;
mod given;
mod number;
mod rewrite;
mod signature;
mod table;
pub(super) mod text;
mod url;

pub(super) use self::rewrite::Natives;
