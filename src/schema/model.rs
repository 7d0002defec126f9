//! The model of a schema: types, ranges, and what must hold between properties.

use std::{collections::BTreeMap, ops::Deref, sync::OnceLock};

use serde::Deserialize;

use crate::json::Json;

/// The part of a resource's schema that is large, and read only for who asks about properties.
#[derive(Clone, Debug)]
pub(super) struct Properties {
    pub root: Schema,
    /// The schemas that a [`Schema::reference`] names.
    pub definitions: BTreeMap<&'static str, Definition>,
}

/// A definition: its lines, and what is read of them for who follows a reference to it. A type can have a hundred, and
/// a template's resource meets a few.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    pub lines: &'static str,
    pub read: OnceLock<Schema>,
}

/// Something that must hold between the properties of a resource.
#[derive(Clone, Debug)]
pub struct Rule {
    /// cfn-lint's id: `E3678`, or with `W` where it is only a warning.
    pub id: String,
    /// The path below the properties where the schema applies: empty for the properties themselves, `Layers.*` for
    /// each layer.
    pub at: String,
    /// The expectation, as a clause without a full stop.
    pub says: String,
    /// The schema that must hold.
    pub schema: Inner,
}

impl Rule {
    /// Whether what breaks it deploys all the same.
    pub(crate) fn is_warning(&self) -> bool {
        self.id.starts_with('W')
    }
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// A string.
    String,
    /// A number without a fraction.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list.
    Array,
    /// A property type, a map, or free JSON.
    Object,
}

/// The JSON Schema of a property, or of what must hold for several, with cfn-lint's keywords.
///
/// A keyword that is not there constrains nothing.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// True where nothing is allowed: the schema `false`.
    pub never: bool,
    /// `#/definitions/…`; see [`ResourceSchema::resolve`](super::ResourceSchema::resolve).
    pub reference: Option<String>,
    /// The types allowed; empty where the schema does not say.
    pub types: Vec<Type>,
    /// The only values allowed.
    pub values: Vec<Json>,
    /// As `values`, in any case of letters.
    pub values_in_any_case: Vec<Json>,
    /// The only value allowed.
    pub constant: Option<Json>,
    /// A regular expression that is searched, not matched; of Java's or Python's kind.
    pub pattern: Option<String>,
    /// The format, which says what the value names: `AWS::EC2::SecurityGroup.Id`, `date-time`, `iam-policy` for IAM
    /// policy documents.
    pub format: Option<String>,
    /// The smallest number allowed.
    pub minimum: Option<f64>,
    /// The largest number allowed.
    pub maximum: Option<f64>,
    /// The bound above which a number must be.
    pub exclusive_minimum: Option<f64>,
    /// The bound below which a number must be.
    pub exclusive_maximum: Option<f64>,
    /// The divisor of which a number must be a multiple.
    pub multiple_of: Option<f64>,
    /// The fewest characters.
    pub min_length: Option<u64>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// The fewest elements.
    pub min_items: Option<u64>,
    /// The most elements.
    pub max_items: Option<u64>,
    /// True where no two elements may be equal.
    pub unique_items: bool,
    /// The properties that no two elements may have in common.
    pub unique_keys: Vec<String>,
    /// The fewest entries of an object.
    pub min_properties: Option<u64>,
    /// The most entries of an object.
    pub max_properties: Option<u64>,
    /// The schema of each element.
    pub items: Option<Inner>,
    /// The schemas of the first elements, by position.
    pub prefix_items: Vec<Inner>,
    /// The schema of each property.
    pub properties: BTreeMap<String, Inner>,
    /// The schema of an entry whose key matches the pattern.
    pub pattern_properties: BTreeMap<String, Inner>,
    /// The schema of an entry that neither of the two above knows; `never` where there may be none.
    pub additional_properties: Option<Inner>,
    /// True where an entry that none of the three above knows is passed over: neither used nor refused.
    pub ignores_others: bool,
    /// The schema of each key.
    pub property_names: Option<Inner>,
    /// The properties that must be there.
    pub required: Vec<String>,
    /// The properties of which exactly one must be there.
    pub required_xor: Vec<String>,
    /// The properties of which at least one must be there.
    pub required_or: Vec<String>,
    /// The properties of which none may be there where the property is.
    pub dependent_excluded: BTreeMap<String, Vec<String>>,
    /// The properties of which all must be there where the property is.
    pub dependent_required: BTreeMap<String, Vec<String>>,
    /// The schemas of which all must hold.
    pub all_of: Vec<Inner>,
    /// The schemas of which at least one must hold.
    pub any_of: Vec<Inner>,
    /// The schemas of which exactly one must hold.
    pub one_of: Vec<Inner>,
    /// The schema that must not hold.
    pub not: Option<Inner>,
    /// The schema that decides: where it holds, `then` must, else `otherwise`.
    pub when: Option<Inner>,
    /// See `when`.
    pub then: Option<Inner>,
    /// See `when`.
    pub otherwise: Option<Inner>,
}

impl Schema {
    /// The schema of the property `name` of an object: its own, or that of one of the alternatives of a union.
    pub fn property(&self, name: &str) -> Option<&Schema> {
        let own = self.properties.get(name);
        own.or_else(|| self.one_of.iter().find_map(|either| either.properties.get(name))).map(Deref::deref)
    }

    /// Tells whether an object may have only the properties named.
    pub fn is_closed(&self) -> bool {
        self.pattern_properties.is_empty() && self.additional_properties.as_ref().is_some_and(|others| others.never)
    }
}

/// A schema within another one: a property, an element, an alternative. It is read when it is first looked at, since a
/// template has a few of a type's properties, and most rules end with their condition.
#[derive(Clone, Debug)]
pub struct Inner {
    /// As a table has it, in words or in JSON.
    text: &'static str,
    read: OnceLock<Box<Schema>>,
}

impl Inner {
    pub(super) fn new(text: &'static str) -> Self {
        Self { text, read: OnceLock::new() }
    }
}

impl From<Schema> for Inner {
    fn from(schema: Schema) -> Self {
        Self { text: "", read: OnceLock::from(Box::new(schema)) }
    }
}

impl Deref for Inner {
    type Target = Schema;

    fn deref(&self) -> &Schema {
        self.read.get_or_init(|| Box::new(Schema::read(self.text)))
    }
}
