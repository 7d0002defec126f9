//! What is read, and what is rendered of it: resources, structs, enumerations, attributes, with their final Rust names.

use std::collections::BTreeMap;

use crate::api::Api;
use serde_json::{Map, Value as Json};

/// The sources.
pub struct Sources {
    /// `cfn-lint 1.58.0 (schemas of 2026-10-20, us-east-1), aws-service-spec 0.1.216`.
    pub provenance: String,
    /// The same of what the tables alone are from, as archives say it.
    pub tables: String,
    /// Registry schema by type name, as cfn-lint ships it, of the types that are always there.
    pub schemas: BTreeMap<String, Json>,
    /// The schemas of all other types, whose structs are behind features.
    pub others: BTreeMap<String, Json>,
    /// cfn-lint's own rules between the properties of a type, by type name.
    pub rules: BTreeMap<String, Vec<Json>>,
    /// What the CDK database says of a type, by type name.
    pub curated: BTreeMap<String, Curated>,
    /// The APIs behind each service, by AWS's name of the service.
    pub apis: BTreeMap<String, Api>,
}

/// The curated facts of one type.
#[derive(Default)]
pub struct Curated {
    /// Attributes by name, with their type in the database's notation.
    pub attributes: Map<String, Json>,
    /// The properties that `Ref` gives, where that is not the primary identifier.
    pub reference: Option<Vec<String>>,
    /// The properties a change of which replaces the resource, or may.
    pub replacing: Vec<String>,
    /// What AWS says of each property, by the property type (nothing for the resource itself) and the property.
    pub documentation: BTreeMap<(String, String), String>,
}

/// One service, one file; two where a part of it is behind a feature.
pub struct Service {
    /// AWS's name, `Lambda`.
    pub name: String,
    /// The module, `lambda`.
    pub module: String,
    /// Where it stands.
    pub place: Place,
    /// The feature that it is behind, unless it is always there.
    pub feature: String,
    /// In the order of their names.
    pub resources: Vec<Resource>,
}

/// Where a service stands, or a part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is always there.
    Always,
    /// It is behind the feature that is called like its module.
    Feature,
    /// It is what the module of a service that is always there does not have, behind a feature of that name.
    Rest,
}

/// One resource type, one module.
pub struct Resource {
    /// `AWS::Lambda::Function`.
    pub type_name: String,
    /// The module within the service's: `function`, raw where that is a keyword.
    pub module: String,
    /// The schema after the fixups.
    pub schema: Json,
    /// cfn-lint's own rules, in the form of the tables.
    pub rules: Vec<Json>,
    /// The resource's own struct first, then its property types.
    pub structs: Vec<Struct>,
    /// Its enumerations, in the order of their first use.
    pub enums: Vec<Enum>,
    /// `GetAtt` by AWS's name.
    pub attributes: Vec<Attribute>,
    /// What `Ref` gives.
    pub reference: Reference,
}

/// What `Ref` gives.
pub struct Reference {
    /// The properties; several where the identifier is composite.
    pub parts: Vec<String>,
    /// The method of the handle, if AWS says what `Ref` gives.
    pub method: Option<String>,
}

/// One attribute of a handle.
pub struct Attribute {
    /// `Endpoint.Address`.
    pub name: String,
    /// The method, unless the one of `Ref` gives the same.
    pub method: Option<String>,
    /// What it gives.
    pub ty: Type,
}

/// A struct: a resource or a property type.
pub struct Struct {
    /// The Rust name.
    pub name: String,
    /// What AWS calls it: the resource type, or the definition or the path below the resource.
    pub title: String,
    /// The page.
    pub page: String,
    /// In the schema's order.
    pub fields: Vec<Field>,
}

/// A property.
pub struct Field {
    /// AWS's name.
    pub wire: String,
    /// The Rust name, raw where that is a keyword.
    pub ident: String,
    /// What it holds.
    pub ty: Type,
    /// Whether `new` takes it.
    pub required: bool,
    /// Whether AWS lists it as deprecated.
    pub deprecated: bool,
    /// Whether it may hold another of what it is in, and so must be in a box.
    pub boxed: bool,
    /// What a change does.
    pub update: Update,
    /// The schema of the property, definitions resolved.
    pub schema: Json,
}

/// What a change of a property does to the resource.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// It is updated.
    InPlace,
    /// It depends.
    Conditional,
    /// It is replaced.
    Replaces,
}

/// The type of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `string`.
    String,
    /// `integer`.
    Integer,
    /// `number`.
    Number,
    /// `boolean`.
    Boolean,
    /// Free JSON.
    Json,
    /// An IAM policy document.
    Policy,
    /// A struct of the same module, by its Rust name.
    Struct(String),
    /// An enumeration of the same module, by its Rust name.
    Enum(String),
    /// `array`.
    List(Box<Type>),
    /// An object with keys of the user's choice.
    Map(Box<Type>),
}

/// An open set of strings.
pub struct Enum {
    /// The Rust name.
    pub name: String,
    /// What AWS calls the place it is for.
    pub title: String,
    /// Constant and value.
    pub values: Vec<(String, String)>,
}
