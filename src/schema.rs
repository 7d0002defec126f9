//! The constraint tables: what AWS's registry says about each resource type, for checks to read.
//!
//! They are `src/aws/*.txt`, generated with the structs beside them, and for the types behind features an archive in the
//! binary, with or without the feature.
//! Nothing of them is read before it is asked for: a resource type's short facts by [`of`], its properties and its rules
//! by the first question about them.

mod keywords;
mod model;
mod table;

use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{OnceLock, PoisonError, RwLock},
};

pub use model::{Inner, Rule, Schema, Type};

use model::Properties;

/// The schema of a resource type, or `None` where the registry had none when the tables were made.
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
    Some(read.entry(name).or_insert_with(|| Box::leak(Box::new(facts(lines)))))
}

/// The names of all resource types, sorted.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    table::names()
}

/// The short facts about a type.
fn facts(lines: &'static str) -> ResourceSchema {
    let mut facts = ResourceSchema { lines, rules: Rules { lines, ..Rules::default() }, ..ResourceSchema::default() };
    for line in table::entry(lines) {
        let (what, words) = line.trim_start().split_once(' ').unwrap_or((line.trim_start(), ""));
        match what {
            "ref" | "ref?" => {
                facts.reference = words.split(' ').map(str::to_owned).collect();
                facts.ref_is_documented = what == "ref";
            }
            "attributes" => facts.attributes = words,
            "openAttributes" => facts.open_attributes = words.strip_suffix('*'),
            "readOnly" => facts.read_only_properties = pointers(words),
            "createOnly" => facts.create_only_properties = pointers(words),
            "conditionalCreateOnly" => facts.conditional_create_only_properties = pointers(words),
            "writeOnly" => facts.write_only_properties = pointers(words),
            "deprecated" => facts.deprecated_properties = pointers(words),
            "primaryIdentifier" => facts.primary_identifier = pointers(words),
            "unordered" => facts.unordered = words,
            "taggable" => facts.tagging.taggable = true,
            "tagProperty" => facts.tagging.tag_property = Some(pointer(words)),
            // From here on stands what is read for who asks about properties.
            _ => break,
        }
    }
    facts
}

fn pointers(paths: &str) -> Vec<String> {
    paths.split(' ').map(pointer).collect()
}

fn pointer(path: &str) -> String {
    format!("/properties/{path}")
}

/// The schema of a resource type: what the registry says of it.
#[derive(Clone, Debug, Default)]
pub struct ResourceSchema {
    /// The lines of the table that all of this was read from, and the properties will be.
    lines: &'static str,
    properties: OnceLock<Properties>,
    /// The properties that AWS sets, not a template: `/properties/Arn`.
    pub read_only_properties: Vec<String>,
    /// The properties of which a change replaces the resource.
    pub create_only_properties: Vec<String>,
    /// The properties of which a change may replace the resource.
    pub conditional_create_only_properties: Vec<String>,
    /// The properties that AWS never gives back, so that they are not attributes either.
    pub write_only_properties: Vec<String>,
    /// The properties that are still taken, but that AWS advises against.
    pub deprecated_properties: Vec<String>,
    /// The properties that identify the resource.
    pub primary_identifier: Vec<String>,
    /// The properties whose values `Ref` gives, joined by `|` where they are several.
    pub reference: Vec<String>,
    /// True where AWS documents what `Ref` gives; it does not for every composite identifier.
    pub ref_is_documented: bool,
    /// The attributes with their types: `Arn:string QueueName:string`, sorted.
    attributes: &'static str,
    /// The beginning of the names of the attributes that a template or a provider names itself.
    open_attributes: Option<&'static str>,
    /// The lists of which the order means nothing: `Rules/Tags SubnetIds`.
    unordered: &'static str,
    /// The tagging of the resource.
    pub tagging: Tagging,
    /// The rules that cfn-lint has found to hold between properties, beside the registry's own keywords.
    pub rules: Rules,
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
            Some(definition) => {
                let found = definition.read.get_or_init(|| table::definition(definition.lines));
                // One definition of the registry is itself, and says nothing more.
                if found.reference == schema.reference { found } else { self.resolve(found) }
            }
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

    /// Tells whether AWS sets the property at a path without indices, so that a template cannot.
    pub fn is_read_only(&self, path: &str) -> bool {
        lists(&self.read_only_properties, path)
    }

    /// Tells whether AWS advises against the property at a path without indices.
    pub fn is_deprecated(&self, path: &str) -> bool {
        lists(&self.deprecated_properties, path)
    }

    /// Tells whether the order of the list at a path without indices means nothing, as the schema says.
    pub fn is_unordered(&self, path: &str) -> bool {
        self.unordered.split_terminator(' ').any(|known| known.split('/').eq(path.split('.')))
    }

    /// Tells whether a change of the property at a path without indices replaces the resource, or may.
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

/// Tells whether the pointers name the property at a path, or one that holds it.
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

/// The update behaviour of a property: whether a change replaces the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// The resource is updated in place.
    Never,
    /// The replacement depends on the change.
    Sometimes,
    /// The resource is made anew, and the old one deleted.
    Always,
}

/// The tagging of a resource: whether it can have tags, and the property that holds them.
#[derive(Clone, Debug, Default)]
pub struct Tagging {
    /// True where it can have tags at all.
    pub taggable: bool,
    /// The property that holds them: `/properties/Tags`.
    pub tag_property: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn known(type_name: &str) -> &'static ResourceSchema {
        of(type_name).unwrap_or_else(|| panic!("{type_name} is not in the tables"))
    }

    /// The types that have no property.
    const EMPTY: [&str; 1] = ["AWS::CloudFormation::WaitConditionHandle"];

    #[test]
    fn every_table_can_be_read() {
        let types: Vec<&str> = resource_types().collect();
        assert_eq!(types.len(), 1898);
        assert!(types.is_sorted_by(|before, after| before < after));
        for name in types {
            let schema = known(name);
            let is_empty = schema.root().properties.is_empty();
            assert!(!is_empty || EMPTY.contains(&name), "{name}");
            assert!(schema.rules.iter().all(|rule| !rule.says.is_empty()), "{name}");
            for name in schema.properties().definitions.keys() {
                let reference = Some(format!("#/definitions/{name}"));
                read_all(schema.resolve(&Schema { reference, ..Schema::default() }));
            }
            read_all(schema.root());
            schema.rules.iter().for_each(|rule| read_all(&rule.schema));
        }
    }

    /// Reads a schema with all those within it: a fault of a table is a panic.
    fn read_all(schema: &Schema) {
        let maps = [&schema.properties, &schema.pattern_properties];
        let lists = [&schema.prefix_items, &schema.all_of, &schema.any_of, &schema.one_of];
        let single = [
            &schema.items,
            &schema.additional_properties,
            &schema.property_names,
            &schema.not,
            &schema.when,
            &schema.then,
            &schema.otherwise,
        ];
        maps.into_iter().flat_map(|map| map.values()).for_each(|within| read_all(within));
        lists.into_iter().flatten().chain(single.into_iter().flatten()).for_each(|within| read_all(within));
    }

    #[test]
    fn an_unknown_type_is_not_in_the_tables() {
        assert!(of("AWS::SQS::Kueue").is_none());
        assert!(of("AWS::Nowhere::Thing").is_none());
        assert!(of("AWS::ECS::Servise").is_none());
        assert!(of("AWS::").is_none() && of("AWS::::Thing").is_none() && of("::").is_none());
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
    fn a_type_without_a_struct_is_known_as_well() {
        let service = known("AWS::ECS::Service");
        assert!(service.property("DeploymentConfiguration.MaximumPercent").is_some());
        assert_eq!(service.attribute("Name"), Some(Type::String));
        assert_eq!(known("AWS::EC2::Instance").attribute("PrivateIp"), Some(Type::String));
        assert_eq!(
            known("Alexa::ASK::Skill").root().required,
            ["AuthenticationConfiguration", "SkillPackage", "VendorId"]
        );
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
    fn lists_without_an_order_are_known() {
        let group = known("AWS::EC2::SecurityGroup");
        assert!(group.is_unordered("SecurityGroupIngress") && group.is_unordered("Tags"));
        assert!(known("AWS::EC2::Instance").is_unordered("NetworkInterfaces.GroupSet"));
        let function = known("AWS::Lambda::Function");
        assert!(!function.is_unordered("ImageConfig.Command") && !function.is_unordered("Layers"));
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
