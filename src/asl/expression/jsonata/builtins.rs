//! The functions that an expression may call: those of JSONata, and those that the service adds. `$eval` is none of them.

mod aws;
mod date;
mod format;
mod higher;
mod integer;
mod list;
mod number;
mod object;
mod picture;
mod text;
mod timestamp;
mod url;
mod words;

pub(super) use self::object::lookup_into;

use super::value::{Builtin, Function, Value};

/// The function of that name.
pub(super) fn named(name: &str) -> Option<Value> {
    let place = BUILTINS.binary_search_by(|builtin| builtin.name.cmp(name)).ok()?;
    Some(Value::function(Function::Builtin(&BUILTINS[place])))
}

macro_rules! table {
    ($($name:literal $signature:literal $arity:literal $run:path,)*) => {
        [$(Builtin { name: $name, signature: $signature, arity: $arity, run: $run }),*]
    };
}

/// All of them by their names, which stand in order.
#[rustfmt::skip]
static BUILTINS: [Builtin; 69] = table! {
    "abs" "<n-:n>" 1 number::abs,
    "append" "<xx:a>" 2 list::append,
    "assert" "<bs?:x>" 2 object::assert,
    "average" "<a<n>:n>" 1 number::average,
    "base64decode" "<s-:s>" 1 url::base64_decode,
    "base64encode" "<s-:s>" 1 url::base64_encode,
    "boolean" "<x-:b>" 1 object::boolean,
    "ceil" "<n-:n>" 1 number::ceil,
    "clone" "<(oa)-:o>" 1 object::clone,
    "contains" "<s-(sf):b>" 2 text::contains,
    "count" "<a:n>" 1 number::count,
    "decodeUrl" "<s-:s>" 1 url::decode_url,
    "decodeUrlComponent" "<s-:s>" 1 url::decode_url_component,
    "distinct" "<x:x>" 1 list::distinct,
    "each" "<o-f:a>" 2 higher::each,
    "encodeUrl" "<s-:s>" 1 url::encode_url,
    "encodeUrlComponent" "<s-:s>" 1 url::encode_url_component,
    "error" "<s?:x>" 1 object::error,
    "exists" "<x:b>" 1 object::exists,
    "filter" "<af>" 2 higher::filter,
    "floor" "<n-:n>" 1 number::floor,
    "formatBase" "<n-n?:s>" 2 number::format_base,
    "formatInteger" "<n-s:s>" 2 integer::format_integer,
    "formatNumber" "<n-so?:s>" 3 format::format_number,
    "fromMillis" "<n-s?s?:s>" 3 date::from_millis,
    "hash" "" 2 aws::hash,
    "join" "<a<s>s?:s>" 2 text::join,
    "keys" "<x-:a<s>>" 1 object::keys,
    "length" "<s-:n>" 1 text::length,
    "lookup" "<x-s:x>" 2 object::lookup,
    "lowercase" "<s-:s>" 1 text::lowercase,
    "map" "<af>" 2 higher::map,
    "match" "<s-f<s:o>n?:a<o>>" 3 text::matches,
    "max" "<a<n>:n>" 1 number::max,
    "merge" "<a<o>:o>" 1 object::merge,
    "millis" "<:n>" 0 date::millis,
    "min" "<a<n>:n>" 1 number::min,
    "not" "<x-:b>" 1 object::not,
    "now" "<s?s?:s>" 2 date::now,
    "number" "<(nsb)-:n>" 1 number::number,
    "pad" "<s-ns?:s>" 3 text::pad,
    "parse" "" 1 aws::parse,
    "parseInteger" "<s-s:n>" 2 integer::parse_integer,
    "partition" "" 2 aws::partition,
    "power" "<n-n:n>" 2 number::power,
    "random" "" 1 aws::random,
    "range" "" 3 aws::range,
    "reduce" "<afj?:j>" 3 higher::reduce,
    "replace" "<s-(sf)(sf)n?:s>" 4 text::replace,
    "reverse" "<a:a>" 1 list::reverse,
    "round" "<n-n?:n>" 2 number::round,
    "shuffle" "<a:a>" 1 list::shuffle,
    "sift" "<o-f?:o>" 2 higher::sift,
    "single" "<af?>" 2 higher::single,
    "sort" "<af?:a>" 2 list::sort,
    "split" "<s-(sf)n?:a<s>>" 3 text::split,
    "spread" "<x-:a<o>>" 1 object::spread,
    "sqrt" "<n-:n>" 1 number::sqrt,
    "string" "<x-b?:s>" 1 text::string,
    "substring" "<s-nn?:s>" 3 text::substring,
    "substringAfter" "<s-s:s>" 2 text::substring_after,
    "substringBefore" "<s-s:s>" 2 text::substring_before,
    "sum" "<a<n>:n>" 1 number::sum,
    "toMillis" "<s-s?:n>" 2 date::to_millis,
    "trim" "<s-:s>" 1 text::trim,
    "type" "<x:s>" 1 object::type_of,
    "uppercase" "<s-:s>" 1 text::uppercase,
    "uuid" "" 0 aws::uuid,
    "zip" "<a+>" 0 list::zip,
};
