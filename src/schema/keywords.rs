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
        deserializer.deserialize_any(SchemaVisitor)
    }
}

/// The text of the schema alone is taken.
impl<'de: 'static> Deserialize<'de> for Inner {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|text| Self::new(text.get()))
    }
}

/// A schema by which every value is judged, so that it is read at once: to find its end first would only cost.
struct Now(Inner);

impl<'de: 'static> Deserialize<'de> for Now {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Schema::deserialize(deserializer).map(|schema| Self(schema.into()))
    }
}

fn now(schemas: Vec<Now>) -> Vec<Inner> {
    schemas.into_iter().map(|Now(schema)| schema).collect()
}

/// A visitor that reads a schema: `true` and `false` are schemas too, a type may stand for a list of one, and most keywords are absent most of the time.
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

    fn visit_bool<E>(self, allowed: bool) -> Result<Schema, E> {
        Ok(Schema { never: !allowed, ..Schema::default() })
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
                    "allOf" => schema.all_of = now(map.next_value()?),
                    "anyOf" => schema.any_of = now(map.next_value()?),
                    "oneOf" => schema.one_of = now(map.next_value()?),
                    "if" => schema.when = Some(map.next_value::<Now>()?.0),
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
                "ignoresOthers" => ignores_others,
                "propertyNames" => property_names,
                "required" => required,
                "requiredXor" => required_xor,
                "requiredOr" => required_or,
                "dependentExcluded" => dependent_excluded,
                "not" => not,
                "then" => then,
                "else" => otherwise,
            }
        }
        Ok(schema)
    }
}
