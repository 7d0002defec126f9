//! The constraint tables: what AWS's registry says about each resource type, for checks to read.
//!
//! The tables are `src/aws/*.txt`, generated with the structs beside them. Nothing of them is read before it is asked
//! for: a resource type's short facts by [`of`], its properties and its rules by the first question about them.

mod keywords;
mod table;

use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{OnceLock, PoisonError, RwLock},
};

use serde::Deserialize;

use crate::json::Json;

/// What is known of a resource type, or `None` where it is not one of the generated ones.
///
/// ```
/// use formwork::schema;
/// let queue = schema::of("AWS::SQS::Queue").unwrap();
/// let delay = queue.property("DelaySeconds").unwrap();
/// assert_eq!((delay.minimum, delay.maximum), (Some(0.0), Some(900.0)));
/// assert!(queue.attribute("Arn").is_some());
/// ```
pub fn of(type_name: &str) -> Option<&'static ResourceSchema> {
    static READ: RwLock<BTreeMap<&str, &ResourceSchema>> = RwLock::new(BTreeMap::new());
    let known = READ.read().unwrap_or_else(PoisonError::into_inner).get(type_name).copied();
    if known.is_some() {
        return known;
    }
    let (name, lines) = table::find(type_name)?;
    let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
    // Kept for good: there are no more of them than types in the tables.
    Some(read.entry(name).or_insert_with(|| Box::leak(Box::new(table::facts(lines)))))
}

/// The names of all generated resource types, sorted.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    table::names()
}

/// What the registry says of a resource type.
#[derive(Clone, Debug, Default)]
pub struct ResourceSchema {
    /// The lines of the table that all of this was read from, and the properties will be.
    lines: &'static str,
    properties: OnceLock<Properties>,
    /// Set by AWS, not by a template: `/properties/Arn`.
    pub read_only_properties: Vec<String>,
    /// A change of one of these replaces the resource.
    pub create_only_properties: Vec<String>,
    /// A change of one of these may replace the resource.
    pub conditional_create_only_properties: Vec<String>,
    /// Never given back by AWS, so not attributes either.
    pub write_only_properties: Vec<String>,
    /// Still taken, but AWS advises against them.
    pub deprecated_properties: Vec<String>,
    /// The properties that identify the resource.
    pub primary_identifier: Vec<String>,
    /// The properties whose values `Ref` gives, joined by `|` where they are several.
    pub reference: Vec<String>,
    /// Whether AWS documents what `Ref` gives; it does not for every composite identifier.
    pub ref_is_documented: bool,
    /// `Arn:string QueueName:string`, sorted.
    attributes: &'static str,
    /// What the names of the attributes begin with that a template or a provider names itself.
    open_attributes: Option<&'static str>,
    /// How the resource is tagged.
    pub tagging: Tagging,
    /// What cfn-lint has found to hold between properties, beside the registry's own keywords.
    pub rules: Rules,
}

/// The part of a resource's schema that is large, and read only for who asks about properties.
#[derive(Clone, Debug)]
struct Properties {
    root: Schema,
    /// What a [`Schema::reference`] names.
    definitions: BTreeMap<String, Schema>,
}

impl ResourceSchema {
    /// The properties, and what holds between them.
    pub fn root(&self) -> &Schema {
        &self.properties().root
    }

    fn properties(&self) -> &Properties {
        self.properties.get_or_init(|| table::properties(self.lines))
    }

    /// The property at a path without indices, such as `Code.ZipFile` or `Tags.Key`; references are followed.
    pub fn property(&self, path: &str) -> Option<&Schema> {
        let mut schema = self.root();
        for name in path.split('.') {
            while let Some(items) = &schema.items {
                schema = self.resolve(items);
            }
            schema = self.resolve(schema.property(name)?);
        }
        Some(schema)
    }

    /// The schema itself, or the definition that it refers to.
    pub fn resolve<'a>(&'a self, schema: &'a Schema) -> &'a Schema {
        let target = schema.reference.as_deref().and_then(|target| target.strip_prefix("#/definitions/"));
        match target.and_then(|name| self.properties().definitions.get(name)) {
            Some(definition) => self.resolve(definition),
            None => schema,
        }
    }

    /// The type of an attribute that `Fn::GetAtt` gives; a string for what a nested stack (`Outputs.Name`) or the
    /// provider of a custom resource names itself.
    pub fn attribute(&self, name: &str) -> Option<Type> {
        let known = self.typed_attributes().find(|(known, _)| *known == name).map(|(_, ty)| ty);
        known.or_else(|| self.open_attributes.filter(|prefix| name.starts_with(prefix)).map(|_| Type::String))
    }

    /// The names of the attributes that every resource of the type has, sorted.
    pub fn attributes(&self) -> impl Iterator<Item = &str> {
        self.typed_attributes().map(|(name, _)| name)
    }

    fn typed_attributes(&self) -> impl Iterator<Item = (&'static str, Type)> {
        self.attributes.split_terminator(' ').filter_map(table::attribute)
    }

    /// Whether AWS sets the property at a path without indices, so that a template cannot.
    pub fn is_read_only(&self, path: &str) -> bool {
        lists(&self.read_only_properties, path)
    }

    /// Whether AWS advises against the property at a path without indices.
    pub fn is_deprecated(&self, path: &str) -> bool {
        lists(&self.deprecated_properties, path)
    }

    /// Whether a change of the property at a path without indices replaces the resource, or may.
    pub fn replacement(&self, path: &str) -> Replacement {
        let pointer = format!("/properties/{}", path.replace('.', "/"));
        let within = |pointers: &[String]| {
            pointers
                .iter()
                .map(|known| known.replace("/*", ""))
                .any(|known| pointer.strip_prefix(&known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        };
        if within(&self.create_only_properties) {
            Replacement::Always
        } else if within(&self.conditional_create_only_properties) {
            Replacement::Sometimes
        } else {
            Replacement::Never
        }
    }
}

/// Whether the pointers name the property at a path, or one that holds it.
fn lists(pointers: &[String], path: &str) -> bool {
    let pointer = format!("/properties/{}", path.replace('.', "/"));
    pointers
        .iter()
        .map(|known| known.replace("/*", ""))
        .any(|known| pointer.strip_prefix(&known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The rules of a resource type, read when they are first looked at: they can be longer than all the rest.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    lines: &'static str,
    read: OnceLock<Vec<Rule>>,
}

impl Deref for Rules {
    type Target = [Rule];

    fn deref(&self) -> &[Rule] {
        self.read.get_or_init(|| table::rules(self.lines))
    }
}

/// Something that must hold between the properties of a resource.
#[derive(Clone, Debug, Deserialize)]
pub struct Rule {
    /// cfn-lint's id: `E3678`, or with `W` where it is only a warning.
    pub id: String,
    /// The path below the properties where the schema applies: empty for the properties themselves, `Layers.*` for
    /// each layer.
    pub at: String,
    /// What is expected, as a clause without a full stop.
    pub says: String,
    /// What must hold.
    pub schema: Schema,
}

/// Whether a change replaces the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// It is updated in place.
    Never,
    /// It depends on the change.
    Sometimes,
    /// It is made anew, and the old one deleted.
    Always,
}

/// How a resource is tagged.
#[derive(Clone, Debug, Default)]
pub struct Tagging {
    /// Whether it can have tags at all.
    pub taggable: bool,
    /// The property that holds them: `/properties/Tags`.
    pub tag_property: Option<String>,
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
    /// Nothing is allowed here: the schema `false`.
    pub never: bool,
    /// `#/definitions/…`; see [`ResourceSchema::resolve`].
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
    /// What the value names: `AWS::EC2::SecurityGroup.Id`, `date-time`, `iam-policy` for IAM policy documents.
    pub format: Option<String>,
    /// The smallest number allowed.
    pub minimum: Option<f64>,
    /// The largest number allowed.
    pub maximum: Option<f64>,
    /// A number must be larger.
    pub exclusive_minimum: Option<f64>,
    /// A number must be smaller.
    pub exclusive_maximum: Option<f64>,
    /// A number must be a multiple of this.
    pub multiple_of: Option<f64>,
    /// The fewest characters.
    pub min_length: Option<u64>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// The fewest elements.
    pub min_items: Option<u64>,
    /// The most elements.
    pub max_items: Option<u64>,
    /// Whether two elements may not be equal.
    pub unique_items: bool,
    /// The properties that no two elements may have in common.
    pub unique_keys: Vec<String>,
    /// The fewest entries of an object.
    pub min_properties: Option<u64>,
    /// The most entries of an object.
    pub max_properties: Option<u64>,
    /// What each element must be.
    pub items: Option<Box<Schema>>,
    /// What the first elements must be, by position.
    pub prefix_items: Vec<Schema>,
    /// What each property must be.
    pub properties: BTreeMap<String, Schema>,
    /// What an entry must be whose key matches the pattern.
    pub pattern_properties: BTreeMap<String, Schema>,
    /// What an entry must be that neither of the two above knows; `never` where there may be none.
    pub additional_properties: Option<Box<Schema>>,
    /// What each key must be.
    pub property_names: Option<Box<Schema>>,
    /// The properties that must be there.
    pub required: Vec<String>,
    /// Exactly one of these properties must be there.
    pub required_xor: Vec<String>,
    /// At least one of these properties must be there.
    pub required_or: Vec<String>,
    /// Where the property is there, none of these may be.
    pub dependent_excluded: BTreeMap<String, Vec<String>>,
    /// Where the property is there, all of these must be.
    pub dependent_required: BTreeMap<String, Vec<String>>,
    /// All of these must hold.
    pub all_of: Vec<Schema>,
    /// At least one of these must hold.
    pub any_of: Vec<Schema>,
    /// Exactly one of these must hold.
    pub one_of: Vec<Schema>,
    /// This must not hold.
    pub not: Option<Box<Schema>>,
    /// Where this holds, `then` must, else `otherwise`.
    pub when: Option<Box<Schema>>,
    /// See `when`.
    pub then: Option<Box<Schema>>,
    /// See `when`.
    pub otherwise: Option<Box<Schema>>,
}

impl Schema {
    /// What the property `name` of an object must be: its own schema, or that of one of the alternatives of a union.
    pub fn property(&self, name: &str) -> Option<&Schema> {
        self.properties.get(name).or_else(|| self.one_of.iter().find_map(|either| either.properties.get(name)))
    }

    /// Whether an object may have only the properties named.
    pub fn is_closed(&self) -> bool {
        self.pattern_properties.is_empty() && self.additional_properties.as_ref().is_some_and(|others| others.never)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn known(type_name: &str) -> &'static ResourceSchema {
        of(type_name).unwrap_or_else(|| panic!("{type_name} is not in the tables"))
    }

    #[test]
    fn every_table_can_be_read() {
        let types: Vec<&str> = resource_types().collect();
        assert_eq!(types.len(), 215);
        assert!(types.is_sorted());
        for name in types {
            let schema = known(name);
            assert!(!schema.root().properties.is_empty() || name.ends_with("WaitConditionHandle"), "{name}");
            assert!(schema.rules.iter().all(|rule| !rule.says.is_empty()), "{name}");
        }
    }

    #[test]
    fn an_unknown_type_is_not_in_the_tables() {
        assert!(of("AWS::SQS::Kueue").is_none());
        assert!(of("AWS::Nowhere::Thing").is_none());
        assert!(of("Custom::Thing").is_none());
    }

    #[test]
    fn a_property_has_type_range_values_and_length() {
        let function = known("AWS::Lambda::Function");
        let memory = function.property("MemorySize").unwrap();
        assert_eq!((memory.types.as_slice(), memory.minimum), ([Type::Integer].as_slice(), Some(128.0)));
        assert!(function.property("Runtime").unwrap().values.contains(&json!("python3.13")));
        assert_eq!(function.property("Handler").unwrap().max_length, Some(128));
        assert_eq!(function.root().required, ["Code", "Role"]);
        assert!(function.root().is_closed());
        assert!(function.property("Timeowt").is_none());
    }

    #[test]
    fn a_path_leads_through_definitions_and_lists() {
        let bucket = known("AWS::S3::Bucket");
        let status = bucket.property("LifecycleConfiguration.Rules.Status").unwrap();
        assert_eq!(status.values, [json!("Enabled"), json!("Disabled")]);
        assert_eq!(
            known("AWS::IAM::Role").property("Policies.PolicyDocument").unwrap().format.as_deref(),
            Some("iam-policy")
        );
    }

    #[test]
    fn what_ref_and_get_att_give_is_known() {
        let cluster = known("AWS::RDS::DBCluster");
        assert_eq!(cluster.reference, ["DBClusterIdentifier"]);
        assert_eq!(cluster.attribute("Endpoint.Address"), Some(Type::String));
        assert_eq!(cluster.attribute("Endpoint.Adress"), None);
        assert_eq!(known("AWS::ApiGateway::Resource").reference, ["ResourceId"]);
        assert!(!known("AWS::ApiGateway::Method").ref_is_documented);
        let stack = known("AWS::CloudFormation::Stack");
        assert_eq!((stack.attribute("Outputs.Url"), stack.attribute("Url")), (Some(Type::String), None));
        assert_eq!(known("AWS::CloudFormation::CustomResource").attribute("Url"), Some(Type::String));
    }

    #[test]
    fn groups_of_properties_are_known() {
        let alarm = known("AWS::CloudWatch::Alarm");
        assert_eq!(alarm.root().required_xor, ["Metrics", "MetricName", "EvaluationCriteria"]);
        assert_eq!(alarm.root().dependent_excluded["Statistic"], ["ExtendedStatistic"]);
        let rule = known("AWS::Lambda::Function").rules.iter().find(|rule| rule.id == "E3678").unwrap();
        assert_eq!((rule.at.as_str(), rule.says.as_str()), ("", "inline code needs `Runtime`"));
        assert_eq!(rule.schema.then.as_ref().unwrap().required, ["Runtime"]);
    }

    #[test]
    fn what_a_change_does_is_known() {
        let table = known("AWS::DynamoDB::Table");
        assert_eq!(table.replacement("TableName"), Replacement::Always);
        assert_eq!(table.replacement("BillingMode"), Replacement::Never);
        assert_eq!(table.replacement("KeySchema.AttributeName"), Replacement::Sometimes);
        assert!(table.is_read_only("Arn") && !table.is_read_only("TableName"));
        let instance = known("AWS::RDS::DBInstance");
        assert!(instance.is_deprecated("TdeCredentialArn") && !instance.is_deprecated("Engine"));
        assert!(instance.is_read_only("AdditionalStorageVolumes.StorageOperationStatus"));
    }
}
