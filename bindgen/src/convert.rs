//! Schema → model. A first walk from the root visits every path and notes which objects and enumerations there are
//! and where they are writable; then names are given; then the fields are typed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::{
    api::Api,
    attributes,
    fixups::POLICY,
    keywords::{CONSTANTS, RECURSIVE},
    model::{self, Curated, Enum, Field, Resource, Service, Sources, Struct, Type, Update},
    names::{are_versions, constant, field_ident, ident, is_one_word, pascal, singular},
    services::{self, SERVERLESS, SERVICES, service_of},
    shape::{is_empty_object, listed, map_values, pointers, properties, required, scalar, types},
};

mod typed;

/// Converts everything: the services that are always there, then all others.
pub fn services(sources: &Sources) -> Result<Vec<Service>, String> {
    let mut others: BTreeMap<&str, Vec<(&String, &Json)>> = BTreeMap::new();
    for other in &sources.others {
        others.entry(service_of(other.0)).or_default().push(other);
    }
    let always = SERVICES.iter().map(|service| {
        let schemas = sources.schemas.iter().filter(|(name, _)| service.wants(name)).collect();
        convert(sources, service.name, model::Place::Always, schemas)
    });
    let others = others.into_iter().map(|(name, schemas)| {
        let is_rest = SERVICES.iter().any(|service| service.name == name);
        convert(sources, name, if is_rest { model::Place::Rest } else { model::Place::Feature }, schemas)
    });
    always.chain(others).collect()
}

fn convert(
    sources: &Sources,
    service: &str,
    place: model::Place,
    schemas: Vec<(&String, &Json)>,
) -> Result<Service, String> {
    let (none, no_api) = (Curated::default(), Api::default());
    let api = sources.apis.get(service).unwrap_or(&no_api);
    let converted = schemas.into_iter().map(|(name, schema)| {
        let curated = sources.curated.get(name).unwrap_or(&none);
        let rules = sources.rules.get(name).cloned().unwrap_or_default();
        resource(name, schema, rules, curated, api).map_err(|error| format!("{name}: {error}"))
    });
    let resources = converted.collect::<Result<_, _>>()?;
    Ok(Service {
        name: service.to_owned(),
        module: services::module(service),
        feature: services::feature(service),
        place,
        resources,
    })
}

fn resource(
    type_name: &str,
    schema: &Json,
    rules: Vec<Json>,
    curated: &Curated,
    api: &Api,
) -> Result<Resource, String> {
    let name = type_name.rsplit("::").next().unwrap_or(type_name);
    // The service before it where the generated code uses the name itself.
    let own = format!("{}{name}", service_of(type_name));
    let is_reserved = RESERVED.contains(&name);
    let mut walk = Walk::new(type_name, if is_reserved { &own } else { name }, schema);
    walk.object("", schema, "", Flags::default(), &mut Vec::new())?;
    walk.name(api)?;
    let structs = walk.structs()?;
    let enums = walk.enums()?;
    let reference = attributes::reference(schema, curated);
    let attributes = attributes::attributes(schema, curated, &reference)?;
    Ok(Resource {
        type_name: type_name.to_owned(),
        module: ident(name),
        schema: schema.clone(),
        rules,
        structs,
        enums,
        attributes,
        reference,
    })
}

/// The type of a property before names are given: objects and enumerations by key.
#[derive(Clone)]
enum Raw {
    Scalar(Type),
    Object(String),
    Enum(String),
    List(Box<Raw>),
    Map(Box<Raw>),
}

/// What is known of a path from its ancestors.
#[derive(Clone, Copy, Default)]
struct Flags {
    replaces: bool,
}

/// An object met on the walk.
struct Node {
    /// The name wanted, and the name where another thing has that.
    wanted: String,
    prefixed: String,
    title: String,
    page: String,
    properties: Vec<Property>,
}

struct Property {
    wire: String,
    raw: Raw,
    schema: Json,
    required: bool,
    deprecated: bool,
    writable: bool,
    updates: BTreeSet<u8>,
}

struct Values {
    wanted: String,
    prefixed: String,
    title: String,
    /// Values, with the constant where a fixup names it.
    values: Vec<(String, Option<String>)>,
}

struct Walk<'a> {
    type_name: &'a str,
    name: &'a str,
    root: &'a Json,
    read_only: Vec<String>,
    create_only: Vec<String>,
    conditional: Vec<String>,
    deprecated: Vec<String>,
    nodes: BTreeMap<String, Node>,
    /// Keys of `nodes` in the order of the first visit.
    order: Vec<String>,
    enums: BTreeMap<String, Values>,
    enum_order: Vec<String>,
    names: BTreeMap<String, String>,
}

impl<'a> Walk<'a> {
    fn new(type_name: &'a str, name: &'a str, root: &'a Json) -> Self {
        Self {
            type_name,
            name,
            root,
            read_only: pointers(root, "readOnlyProperties"),
            create_only: pointers(root, "createOnlyProperties"),
            conditional: pointers(root, "conditionalCreateOnlyProperties"),
            deprecated: pointers(root, "deprecatedProperties"),
            nodes: BTreeMap::new(),
            order: Vec::new(),
            enums: BTreeMap::new(),
            enum_order: Vec::new(),
            names: BTreeMap::new(),
        }
    }

    /// Visits the object `key` at `path`; says whether anything of it can be set.
    fn object(
        &mut self,
        key: &str,
        schema: &Json,
        path: &str,
        flags: Flags,
        above: &mut Vec<String>,
    ) -> Result<bool, String> {
        if above.iter().any(|ancestor| ancestor == key) {
            return Ok(true);
        }
        above.push(key.to_owned());
        let properties = properties(schema);
        let required = required(schema);
        let mut writable_any = properties.is_empty();
        for (wire, property) in &properties {
            let path = format!("{path}/{wire}");
            let replaces = flags.replaces || self.create_only.contains(&path);
            let update = if replaces {
                Update::Replaces
            } else if self.conditional.contains(&path) {
                Update::Conditional
            } else {
                Update::InPlace
            };
            let below = Flags { replaces };
            let place = Place { owner: key, wire, path: &path };
            let (raw, settable, resolved) = self.visit(property, &place, below, above)?;
            let writable = settable && !self.read_only.contains(&path);
            writable_any |= writable;
            let deprecated = self.deprecated.contains(&path);
            let required = required.contains(wire);
            let node = self.nodes.get_mut(key);
            let known = node.and_then(|node| node.properties.iter_mut().find(|known| known.wire == *wire));
            match known {
                Some(known) => {
                    known.writable |= writable;
                    known.updates.insert(update as u8);
                }
                None => {
                    let property = Property {
                        wire: wire.clone(),
                        raw,
                        schema: resolved,
                        required,
                        deprecated,
                        writable,
                        updates: BTreeSet::from([update as u8]),
                    };
                    self.node(key, "", "").properties.push(property);
                }
            }
        }
        self.node(key, "", "");
        above.pop();
        Ok(writable_any)
    }

    /// The node of `key`, made where it is new.
    fn node(&mut self, key: &str, wanted: &str, prefixed: &str) -> &mut Node {
        if !self.nodes.contains_key(key) {
            self.order.push(key.to_owned());
            let (service, name) = (self.type_name.split("::").nth(1).unwrap_or_default(), self.name);
            let base = format!("{}-{}", service.to_lowercase(), name.to_lowercase());
            let definition = key.strip_prefix('#').map(|rest| rest.split('/').next().unwrap_or(rest));
            // SAM calls what it has of other types `AWS::Lambda::Function.Environment`.
            let definition = definition.map(|name| name.rsplit('.').next().unwrap_or(name));
            let page = match definition {
                // The pages of its property types are called as they please.
                _ if service == SERVERLESS => format!("sam-resource-{}", name.to_lowercase()),
                Some(definition) => format!("aws-properties-{base}-{}", pascal(definition).to_lowercase()),
                None => format!("aws-resource-{base}"),
            };
            let (wanted, prefixed, title) = match definition {
                None if key.is_empty() => (name.to_owned(), name.to_owned(), self.type_name.to_owned()),
                Some(definition) if !key.contains('/') => {
                    (pascal(definition), pascal(definition), format!("{}.{definition}", self.type_name))
                }
                _ => {
                    let path = key.trim_start_matches(['#', '/']).replace("/[]", "").replace('/', ".");
                    (wanted.to_owned(), prefixed.to_owned(), format!("{}.{path}", self.type_name))
                }
            };
            self.nodes.insert(key.to_owned(), Node { wanted, prefixed, title, page, properties: Vec::new() });
        }
        self.nodes.get_mut(key).expect("it was inserted above")
    }

    /// Visits what a property holds; says whether anything of it can be set, and gives the schema without `$ref`.
    fn visit(
        &mut self,
        schema: &Json,
        place: &Place,
        flags: Flags,
        above: &mut Vec<String>,
    ) -> Result<(Raw, bool, Json), String> {
        let mut definition = None;
        let mut resolved = schema.clone();
        while let Some(target) = resolved.get("$ref").and_then(Json::as_str) {
            let pointer = target.trim_start_matches('#');
            let found = self.root.pointer(pointer).ok_or_else(|| format!("{target} leads nowhere"))?;
            let mut merged = found.clone();
            for (key, value) in resolved.as_object().into_iter().flatten() {
                if key != "$ref" && key != "type" {
                    merged[key.as_str()] = value.clone();
                }
            }
            // A property that is like another one has no name of its own.
            definition = pointer.strip_prefix("/definitions/").map(str::to_owned).or(definition);
            resolved = merged;
        }
        let schema = &resolved;
        let key = match &definition {
            Some(name) => format!("#{name}"),
            None => format!("{}/{}", place.owner, place.wire),
        };
        let types = types(schema);
        let is = |name: &str| types.iter().any(|ty| ty == name);
        let mut settable = true;
        let raw = if schema["format"] == POLICY {
            Raw::Scalar(Type::Policy)
        } else if listed(schema).is_some() && !is("integer") {
            self.enumeration(&key, definition.as_deref(), schema, place)?;
            Raw::Enum(key)
        } else if schema[RECURSIVE] == true && !properties(schema).is_empty() && !is("array") {
            // It is being visited.
            Raw::Object(key)
        } else if !properties(schema).is_empty() && !is("array") || is_empty_object(schema) {
            settable = self.nested(&key, schema, place, flags, above)?;
            Raw::Object(key)
        } else if let Some(values) = map_values(schema) {
            let named = definition.as_deref().unwrap_or_else(|| place.name());
            let owner = Place { owner: &key, wire: "{}", path: &format!("{}/*", place.path) };
            let owner = Named { place: owner, element: singular(named), of: place.owner };
            let (raw, below) = self.element(values, &owner, flags, above)?;
            settable = below;
            Raw::Map(Box::new(raw))
        } else if let Some(items) = schema.get("items") {
            let named = definition.as_deref().unwrap_or_else(|| place.name());
            let owner = Place { owner: &key, wire: "[]", path: &format!("{}/*", place.path) };
            let owner = Named { place: owner, element: singular(named), of: place.owner };
            let (raw, below) = self.element(items, &owner, flags, above)?;
            settable = below;
            Raw::List(Box::new(raw))
        } else {
            Raw::Scalar(scalar(schema, &types)?)
        };
        Ok((raw, settable, resolved))
    }

    fn nested(
        &mut self,
        key: &str,
        schema: &Json,
        place: &Place,
        flags: Flags,
        above: &mut Vec<String>,
    ) -> Result<bool, String> {
        let (wanted, prefixed) =
            (pascal(place.name()), format!("{}{}", self.owner_name(place.owner), pascal(place.name())));
        self.node(key, &wanted, &prefixed);
        self.object(key, schema, place.path, flags, above)
    }

    /// As `visit`, for the elements of a list or the values of a map, which are named after the singular of that.
    fn element(
        &mut self,
        items: &Json,
        named: &Named,
        flags: Flags,
        above: &mut Vec<String>,
    ) -> Result<(Raw, bool), String> {
        let inline = items.get("$ref").is_none();
        let wanted = pascal(&named.element);
        let prefixed = format!("{}{wanted}", self.owner_name(named.of));
        let key = format!("{}/{}", named.place.owner, named.place.wire);
        if inline && !properties(items).is_empty() {
            self.node(&key, &wanted, &prefixed);
            let settable = self.object(&key, items, named.place.path, flags, above)?;
            return Ok((Raw::Object(key), settable));
        }
        if inline && listed(items).is_some() && items["type"] == "string" {
            self.values(&key, wanted, prefixed, items)?;
            return Ok((Raw::Enum(key), true));
        }
        let (raw, settable, _) = self.visit(items, &named.place, flags, above)?;
        Ok((raw, settable))
    }

    fn enumeration(&mut self, key: &str, definition: Option<&str>, schema: &Json, place: &Place) -> Result<(), String> {
        let (wanted, prefixed) = match definition {
            Some(name) => (pascal(name), pascal(name)),
            None => (pascal(place.name()), format!("{}{}", self.owner_name(place.owner), pascal(place.name()))),
        };
        self.values(key, wanted, prefixed, schema)
    }

    fn values(&mut self, key: &str, wanted: String, prefixed: String, schema: &Json) -> Result<(), String> {
        if self.enums.contains_key(key) {
            return Ok(());
        }
        let values = listed(schema)
            .into_iter()
            .flatten()
            .map(|value| {
                let value = value.as_str().ok_or_else(|| format!("{key}: {value} is not a string"))?;
                Ok((value.to_owned(), schema[CONSTANTS][value].as_str().map(str::to_owned)))
            })
            .collect::<Result<Vec<_>, String>>()?;
        let path = key.trim_start_matches(['#', '/']).replace("/[]", "").replace('/', ".");
        let title = format!("{}.{path}", self.type_name);
        self.enum_order.push(key.to_owned());
        self.enums.insert(key.to_owned(), Values { wanted, prefixed, title, values });
        Ok(())
    }
}

/// Names that the generated modules use themselves.
const RESERVED: &[&str] = &[
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Entries",
    "Extra",
    "Handle",
    "IntoValue",
    "Json",
    "List",
    "Number",
    "Option",
    "Ok",
    "PartialEq",
    "Properties",
    "Result",
    "Self",
    "Serialize",
    "Serializer",
    "Some",
    "String",
    "Value",
];

/// Where a schema stands: the key of the object, the property's name, the pointer path.
struct Place<'a> {
    owner: &'a str,
    wire: &'a str,
    path: &'a str,
}

impl Place<'_> {
    /// The name of what stands there: of an element, that of its list.
    fn name(&self) -> &str {
        match self.wire {
            "[]" | "{}" => {
                let named = self.owner.trim_start_matches('#').rsplit('/').find(|step| !matches!(*step, "[]" | "{}"));
                named.unwrap_or_default()
            }
            wire => wire,
        }
    }
}

/// The place of a list's elements.
struct Named<'a> {
    place: Place<'a>,
    element: String,
    of: &'a str,
}

fn target(raw: &Raw) -> Option<&str> {
    match raw {
        Raw::Scalar(_) => None,
        Raw::Object(key) | Raw::Enum(key) => Some(key),
        Raw::List(inner) | Raw::Map(inner) => target(inner),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn converted(schema: Json) -> Result<Resource, String> {
        resource("AWS::Test::Thing", &schema, Vec::new(), &Curated::default(), &Api::default())
    }

    fn names(resource: &Resource) -> Vec<&str> {
        let structs = resource.structs.iter().map(|item| item.name.as_str());
        structs.chain(resource.enums.iter().map(|item| item.name.as_str())).collect()
    }

    #[test]
    fn two_enumerations_of_one_name_share_it_only_where_they_are_the_same() {
        let owner =
            |values: Json| json!({"type": "object", "properties": {"Status": {"type": "string", "enum": values}}});
        let thing = |second: Json| {
            json!({
                "properties": {"One": {"$ref": "#/definitions/One"}, "Two": {"$ref": "#/definitions/Two"}},
                "definitions": {"One": owner(json!(["On", "Off"])), "Two": owner(second)},
            })
        };
        let same = converted(thing(json!(["Off", "On"]))).unwrap();
        assert_eq!(names(&same), ["Thing", "One", "Two", "Status"]);
        let other = converted(thing(json!(["Off", "Paused"]))).unwrap();
        assert_eq!(names(&other), ["Thing", "One", "Two", "OneStatus", "TwoStatus"]);
    }

    #[test]
    fn what_aws_sets_is_no_field_and_neither_is_what_holds_only_that() {
        let thing = converted(json!({
            "properties": {
                "Name": {"type": "string"},
                "Arn": {"type": "string"},
                "Endpoint": {"type": "object", "properties": {"Port": {"type": "integer"}}},
            },
            "readOnlyProperties": ["/properties/Arn", "/properties/Endpoint/Port"],
            "createOnlyProperties": ["/properties/Name"],
            "primaryIdentifier": ["/properties/Name"],
        }))
        .unwrap();
        let fields: Vec<&str> = thing.structs[0].fields.iter().map(|field| field.wire.as_str()).collect();
        assert_eq!(fields, ["Name"]);
        assert!(thing.structs[0].fields[0].update == Update::Replaces);
        assert_eq!(names(&thing), ["Thing"]);
        let attributes: Vec<_> = thing.attributes.iter().map(|a| (a.name.as_str(), a.ty.clone())).collect();
        assert_eq!(attributes, [("Arn", Type::String), ("Endpoint.Port", Type::Integer)]);
        assert_eq!(thing.reference.method.as_deref(), Some("name"));
    }

    #[test]
    fn an_element_without_a_definition_is_named_by_its_list() {
        let rule = json!({"type": "object", "properties": {"Id": {"type": "string"}}});
        let thing = converted(json!({"properties": {"Rules": {"type": "array", "items": rule}}})).unwrap();
        assert_eq!(names(&thing), ["Thing", "Rule"]);
        assert_eq!(thing.structs[0].fields[0].ty, Type::List(Box::new(Type::Struct("Rule".to_owned()))));
        assert_eq!(thing.structs[1].title, "AWS::Test::Thing.Rules");
    }

    #[test]
    fn what_has_no_name_or_type_of_its_own_asks_for_a_fixup() {
        let error = |schema: Json| converted(schema).map(drop).unwrap_err();
        let values = json!({"properties": {"Class": {"type": "string", "enum": ["*", "COLD"]}}});
        assert_eq!(error(values), "AWS::Test::Thing.Class: `*` names no constant; add a fixup");
        let union = json!({"properties": {"Size": {"type": ["string", "array"]}}});
        assert_eq!(error(union), r#"no Rust type for {"type":["string","array"]}; add a fixup"#);
    }

    #[test]
    fn what_has_the_name_of_another_thing_gets_a_longer_one() {
        let text = json!({"type": "object", "properties": {"X": {"type": "string"}}});
        let definitions = json!({"Thing": text, "Json": text, "State": {"type": "string", "enum": ["ON"]}});
        let thing = converted(json!({
            "properties": {
                "Value": text,
                "Thing": {"$ref": "#/definitions/Thing"},
                "Json": {"$ref": "#/definitions/Json"},
                "New": {"type": "string"},
                "State": {"$ref": "#/definitions/State"},
            },
            "definitions": definitions,
        }))
        .unwrap();
        assert_eq!(names(&thing), ["Thing", "JsonProperty", "ThingProperty", "ThingValue", "State"]);
        assert_eq!(thing.structs[0].fields[3].ident, "new_");
        let list =
            resource("AWS::Test::List", &json!({"properties": {}}), vec![], &Curated::default(), &Api::default());
        assert_eq!(names(&list.unwrap()), ["TestList"]);
    }

    #[test]
    fn two_spellings_of_a_value_are_one_constant() {
        let values = json!({"properties": {"Class": {"type": "string", "enum": ["Cold", "COLD", "hot", ""]}}});
        let thing = converted(values).unwrap();
        let found: Vec<(&str, &str)> = thing.enums[0].values.iter().map(|(c, v)| (c.as_str(), v.as_str())).collect();
        assert_eq!(found, [("COLD", "COLD"), ("HOT", "hot"), ("EMPTY", "")]);
    }

    #[test]
    fn what_holds_itself_is_in_a_box_unless_it_is_in_a_list() {
        let mut node = json!({"type": "object", "properties": {
            "Next": {"$ref": "#/definitions/Node", RECURSIVE: true},
            "All": {"type": "array", "items": {"$ref": "#/definitions/Node", RECURSIVE: true}},
        }});
        node["required"] = json!(["Next"]);
        let thing =
            converted(json!({"properties": {"Node": {"$ref": "#/definitions/Node"}}, "definitions": {"Node": node}}));
        let thing = thing.unwrap();
        let boxed: Vec<(&str, bool)> =
            thing.structs[1].fields.iter().map(|field| (field.wire.as_str(), field.boxed)).collect();
        assert_eq!(boxed, [("Next", true), ("All", false)]);
    }
}
