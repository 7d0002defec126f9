//! Reads a schema by its JSON Schema keywords.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::model::{Inner, Schema, Type};

impl<'de: 'static> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SchemaVisitor)
    }
}

/// The text of the schema alone is taken.
impl<'de: 'static> Deserialize<'de> for Inner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|text| Self::new(text.get()))
    }
}

/// A visitor that reads a schema: a type may stand for a list of one, and most keywords are absent most of the time.
struct SchemaVisitor;

#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    One(Type),
    Many(Vec<Type>),
}

impl<'de: 'static> Visitor<'de> for SchemaVisitor {
    type Value = Schema;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a schema")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Schema, A::Error> {
        let mut schema = Schema::default();
        macro_rules! read {
            ($key:ident: $($keyword:literal => $field:ident,)*) => {
                match $key {
                    $($keyword => schema.$field = map.next_value()?,)*
                    "type" => {
                        schema.types = match map.next_value()? {
                            Types::One(only) => vec![only],
                            Types::Many(types) => types,
                        };
                    }
                    "dependencies" | "dependentRequired" => {
                        schema.dependent_required.extend(map.next_value::<BTreeMap<_, _>>()?);
                    }
                    _ => drop(map.next_value::<IgnoredAny>()?),
                }
            };
        }
        while let Some(key) = map.next_key::<&str>()? {
            read! { key:
                "$ref" => reference,
                "enum" => values,
                "enumCaseInsensitive" => values_in_any_case,
                "const" => constant,
                "pattern" => pattern,
                "format" => format,
                "minimum" => minimum,
                "maximum" => maximum,
                "exclusiveMinimum" => exclusive_minimum,
                "exclusiveMaximum" => exclusive_maximum,
                "multipleOf" => multiple_of,
                "minLength" => min_length,
                "maxLength" => max_length,
                "minItems" => min_items,
                "maxItems" => max_items,
                "uniqueItems" => unique_items,
                "uniqueKeys" => unique_keys,
                "minProperties" => min_properties,
                "maxProperties" => max_properties,
                "items" => items,
                "prefixItems" => prefix_items,
                "properties" => properties,
                "patternProperties" => pattern_properties,
                "additionalProperties" => additional_properties,
                "propertyNames" => property_names,
                "required" => required,
                "requiredXor" => required_xor,
                "requiredOr" => required_or,
                "dependentExcluded" => dependent_excluded,
                "allOf" => all_of,
                "anyOf" => any_of,
                "oneOf" => one_of,
                "not" => not,
                "if" => when,
                "then" => then,
                "else" => otherwise,
            }
        }
        Ok(schema)
    }
}
