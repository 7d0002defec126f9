//! A stack: resources by logical id with the other sections of a template, and where each was declared.

mod attributes;
mod debug_form;
mod export;
mod handle;
mod parameter;
mod resource;
pub(crate) mod rules;
mod sections;

use std::{collections::HashMap, panic::Location, sync::Arc};

use serde::Serialize;
use serde_json::Map as Object;

pub use attributes::{
    AutoScalingCreationPolicy, AutoScalingReplacingUpdate, AutoScalingRollingUpdate, AutoScalingScheduledAction,
    CodeDeployLambdaAliasUpdate, CreationPolicy, DeletionPolicy, Entry, ResourceSignal, UpdatePolicy,
};
pub use export::Exported;
pub use handle::Handle;
pub use parameter::{Parameter, ParameterRef};
pub use resource::{RawResource, Resource};
pub use sections::{Assertion, Condition, ConditionRef, Mapping, MappingRef, Output, Rule, RuleCondition};

use self::debug_form::debug_forms;
use crate::{
    asset::Artifact,
    diagnostic::{Acknowledgement, Declarations, Diagnostic, Path, Source},
    json::Json,
    template::Template,
    value::{IntoValue, Loose, Recorded, Reference, record_all},
};
/// One CloudFormation stack: everything that its template says, in the order in which it was said.
///
/// Nothing here fails or panics: what is wrong becomes a [`Diagnostic`] that names the Rust line.
#[derive(Clone, Debug)]
pub struct Stack {
    name: Arc<str>,
    description: Option<String>,
    metadata: Object<String, Json>,
    transforms: Vec<String>,
    parameters: Section,
    rules: Section,
    mappings: Section,
    conditions: Section,
    pub(crate) resources: Vec<Entry>,
    outputs: Vec<Output>,
    /// The line where each entry of each section was declared, by path: `Resources/Topic`.
    pub(crate) declared: Declarations,
    positions: HashMap<Arc<str>, usize>,
    problems: Vec<Diagnostic>,
    /// Faults that are to stay: those of states, and those that belong to no resource.
    acknowledgements: Vec<Acknowledgement>,
    /// Calls that may refer to another stack; whether one does shows when that stack is complete too.
    loose: Vec<(Path, Arc<Loose>)>,
    /// The files beside the template, each with the path of what names it.
    artifacts: Vec<(Path, Arc<Artifact>)>,
    /// The entries that take what is set on handles of other stacks and on second declarations; a problem tells of
    /// each.
    stray: (Entry, Output),
}

/// The code of a handle that is of another stack.
pub(crate) const FOREIGN: &str = "F1003";

/// The code of a second declaration, which is dropped.
pub(crate) const TAKEN: &str = "F1001";

/// A section whose entries are complete when they are declared.
type Section = Object<String, Json>;

impl Stack {
    /// An empty stack. `name` is what the command line calls it; the name in AWS is given at deployment.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self {
            // An allocation of its own: by that, handles tell the stacks of one name apart.
            name: Arc::from(&*name.into()),
            description: None,
            metadata: Section::new(),
            transforms: Vec::new(),
            parameters: Section::new(),
            rules: Section::new(),
            mappings: Section::new(),
            conditions: Section::new(),
            resources: Vec::new(),
            outputs: Vec::new(),
            declared: Declarations::default(),
            positions: HashMap::new(),
            problems: Vec::new(),
            acknowledgements: Vec::new(),
            loose: Vec::new(),
            artifacts: Vec::new(),
            stray: (Entry::new("", "".into(), Json::Null), Output::new("", Json::Null)),
        }
    }

    /// The name given to [`new`](Self::new).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the file that `synth --all` writes the template to, and by which another stack nests it.
    pub(crate) fn template_file(&self) -> String {
        format!("{}.yaml", self.name)
    }

    /// Sets `Description`: at most 1,024 bytes.
    pub fn description(&mut self, text: impl Into<String>) {
        self.description = Some(text.into());
    }

    /// Sets a key of the template's `Metadata`.
    #[track_caller]
    pub fn metadata(&mut self, key: &str, value: impl Serialize) {
        let path = Path::from("Metadata").join(key);
        self.declared.insert(&path, Location::caller().into());
        let json = self.absorb(&value, &path);
        self.metadata.insert(key.to_owned(), json);
    }

    /// Appends to `Transform`: a macro, such as `AWS::Serverless-2016-10-31`.
    ///
    /// `AWS::LanguageExtensions` goes first, where a function needs it.
    pub fn transform(&mut self, name: impl Into<String>) {
        self.transforms.push(name.into());
    }

    /// Declares a parameter.
    #[track_caller]
    pub fn parameter<T>(&mut self, id: &str, parameter: Parameter<T>) -> ParameterRef<T> {
        let source = Location::caller().into();
        if self.declare("Parameters", id, source) {
            let json = self.absorb(&parameter, &Path::from("Parameters").join(id));
            self.parameters.insert(id.to_owned(), json);
        }
        ParameterRef::new(self.refer(id))
    }

    /// Declares a mapping: constants by two keys.
    #[track_caller]
    pub fn mapping(&mut self, id: &str, mapping: Mapping) -> MappingRef {
        let source = Location::caller().into();
        if self.declare("Mappings", id, source) {
            let json = self.absorb(&mapping, &Path::from("Mappings").join(id));
            self.mappings.insert(id.to_owned(), json);
        }
        MappingRef::new(self.refer(id))
    }

    /// Declares a condition, made with [`intrinsic::equals`](crate::intrinsic::equals) and its like.
    #[track_caller]
    pub fn condition(&mut self, id: &str, condition: impl Into<Condition>) -> ConditionRef {
        let source = Location::caller().into();
        if self.declare("Conditions", id, source) {
            let json = self.absorb(&condition.into(), &Path::from("Conditions").join(id));
            self.conditions.insert(id.to_owned(), json);
        }
        ConditionRef::new(self.refer(id))
    }

    /// Declares a rule: what CloudFormation asserts about the parameters before it deploys.
    #[track_caller]
    pub fn rule(&mut self, id: &str, rule: Rule) {
        let source = Location::caller().into();
        if self.declare("Rules", id, source) {
            let json = self.absorb(&rule, &Path::from("Rules").join(id));
            self.rules.insert(id.to_owned(), json);
        }
    }

    /// Adds `resource` under `logical_id` and returns a typed handle to it.
    ///
    /// Never fails: a second resource of the same id is dropped, and reported with both source lines.
    #[track_caller]
    pub fn add<R: Resource>(&mut self, logical_id: &str, resource: R) -> Handle<R> {
        let source = Source::from(Location::caller());
        let reference = self.refer(logical_id);
        if self.declare("Resources", logical_id, source.clone()) {
            let properties = self.absorb(&resource, &Path::from("Resources").join(logical_id).join("Properties"));
            self.positions.insert(reference.id.clone(), self.resources.len());
            self.resources.push(Entry::new(logical_id, resource.resource_type(), properties));
        }
        Handle::new(reference)
    }

    /// The resource behind a handle, to set what stands beside its properties: `DependsOn`, `DeletionPolicy`,
    /// `Condition`, `Metadata` and so on.
    ///
    /// ```
    /// use formwork::{Stack, aws::s3::Bucket, stack::DeletionPolicy};
    /// let mut stack = Stack::new("reports");
    /// let bucket = stack.add("Reports", Bucket::new());
    /// stack.resource(&bucket).deletion_policy(DeletionPolicy::Retain).update_replace_policy(DeletionPolicy::Retain);
    /// ```
    #[track_caller]
    pub fn resource<R>(&mut self, handle: &Handle<R>) -> &mut Entry {
        let own = Arc::ptr_eq(&handle.referent().stack, &self.name);
        match self.positions.get(&handle.referent().id) {
            Some(&position) if own => &mut self.resources[position],
            _ => {
                let path = Path::from("Resources").join(handle.logical_id());
                let source = Source::from(Location::caller());
                let mut problems = self.foreign(std::slice::from_ref(handle.referent()), &path);
                if own {
                    // The handle is of a copy of this stack, or of a resource that was dropped.
                    let message = format!("the stack has no resource `{}`; expected one of it", handle.logical_id());
                    problems.push(Diagnostic::error(FOREIGN, path, message));
                }
                self.problems.extend(problems.into_iter().map(|problem| problem.declared_at(source.clone())));
                &mut self.stray.0
            }
        }
    }

    /// Declares an output. [`Output::export`] makes it importable by other stacks.
    #[track_caller]
    pub fn output(&mut self, id: &str, value: impl IntoValue<String>) -> &mut Output {
        let source = Location::caller().into();
        let new = self.declare("Outputs", id, source);
        let value = self.absorb(&value.into_value(), &Path::from("Outputs").join(id).join("Value"));
        let output = Output::new(id, value);
        if new {
            self.outputs.push(output);
            self.outputs.last_mut().expect("an output was just pushed")
        } else {
            self.stray.1 = output;
            &mut self.stray.1
        }
    }

    /// The fingerprint of these resources: sixteen hexadecimal digits that follow their types and properties, the same
    /// for the same content, whenever and wherever it is computed. What stands beside the properties
    /// (`Metadata` and so on) does not count.
    ///
    /// For a logical id that must change with what the resource stands for, such as that of an API Gateway
    /// `Deployment`.
    ///
    /// ```
    /// use formwork::{Stack, aws::sns::Topic};
    /// let content = |name: &str| {
    ///     let mut stack = Stack::new("mail");
    ///     let topic = stack.add("Topic", Topic::new().display_name(name));
    ///     stack.fingerprint([topic.logical_id()])
    /// };
    /// assert_eq!(content("Mails"), content("Mails"));
    /// assert_ne!(content("Mails"), content("Letters"));
    /// ```
    pub fn fingerprint<'a>(&self, logical_ids: impl IntoIterator<Item = &'a str>) -> String {
        let entries = logical_ids.into_iter().map(|id| self.positions.get(id).map(|&at| self.resources[at].content()));
        // FNV-1a: stable by definition, which the standard library's hashers are not.
        let hash = Json::from_iter(entries.map(Json::from))
            .to_string()
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{hash:016x}")
    }

    /// The problems that cannot be seen in the template: second declarations, foreign handles, what cannot be rendered.
    pub(crate) fn problems(&self) -> Vec<Diagnostic> {
        let mut found = self.problems.clone();
        for (path, loose) in &self.loose {
            found.extend(self.foreign(&loose.foreign_to(&self.name), path));
        }
        for entry in &self.resources {
            found.extend(self.faults_beside(entry, Path::from("Resources").join(&entry.logical_id)));
        }
        for output in &self.outputs {
            found.extend(self.faults_beside(output, Path::from("Outputs").join(&output.id)));
        }
        self.once(found)
    }

    /// Each fault once: a handle that a state uses is in the grants too that a role has of the workflow.
    fn once(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let resource = |fault: &Diagnostic| {
            let id = fault.path.segments().nth(1)?;
            self.positions.get(&*id).map(|&position| &self.resources[position])
        };
        let is_iam = |fault: &Diagnostic| resource(fault).is_some_and(|entry| entry.kind().starts_with("AWS::IAM::"));
        let is_in_state = |fault: &Diagnostic| fault.path.segments().any(|segment| segment == "States");
        let in_states: Vec<_> = found.iter().filter(|fault| is_in_state(fault)).cloned().collect();
        let is_of_state = |fault: &Diagnostic| in_states.iter().any(|other| other.message == fault.message);
        let mut once: Vec<Diagnostic> = Vec::new();
        for fault in found {
            let is_derived = fault.code == FOREIGN && is_iam(&fault) && is_of_state(&fault);
            if !is_derived && !once.contains(&fault) {
                once.push(fault);
            }
        }
        once
    }

    /// The rules of scanners that do not hold for a resource, with the reasons that [`Entry::waive`] was given: an object
    /// for each resource that has some.
    ///
    /// ```
    /// use formwork::{Stack, aws::sns::Topic, json};
    /// let mut stack = Stack::new("mail");
    /// let topic = stack.add("Mails", Topic::new());
    /// stack.resource(&topic).waive("CKV_AWS_26", "It holds nothing that is secret");
    /// assert_eq!(stack.waivers(), json!({"Mails": {"CKV_AWS_26": "It holds nothing that is secret"}}));
    /// assert!(!stack.template().to_yaml().contains("CKV_AWS_26"));
    /// ```
    pub fn waivers(&self) -> Json {
        let waiving = self.resources.iter().filter(|entry| !entry.waivers().is_empty());
        waiving.map(|entry| (entry.logical_id.clone(), Json::from(entry.waivers().clone()))).collect()
    }

    /// Says why a fault that belongs to no resource may stay, one of a parameter, an output or the whole template: of
    /// this code it is not reported. [`Entry::acknowledge`] says it of a resource.
    ///
    /// ```
    /// use formwork::Stack;
    /// let mut stack = Stack::new("mail");
    /// stack.acknowledge("E1001", "The resources come with the next release");
    /// stack.assert_clean();
    /// ```
    #[track_caller]
    pub fn acknowledge(&mut self, code: impl Into<String>, reason: impl Into<String>) {
        self.acknowledgements.push(Acknowledgement {
            code: code.into(),
            reason: reason.into(),
            of: Path::default(),
            at: Path::default(),
            given_at: Some(Location::caller().into()),
        });
    }

    /// The faults that are to stay.
    pub(crate) fn acknowledgements(&self) -> Vec<Acknowledgement> {
        let of_resources = self.resources.iter().flat_map(Entry::acknowledgements);
        self.acknowledgements.iter().chain(of_resources).cloned().collect()
    }

    /// The files that are to be beside the template, each with the path of what names it.
    pub(crate) fn artifacts(&self) -> &[(Path, Arc<Artifact>)] {
        &self.artifacts
    }

    /// The template that the stack makes, whether it is sound or not.
    pub fn template(&self) -> Template {
        self.assemble(self.resources.iter().map(|entry| (entry.logical_id.clone(), entry.to_json())).collect())
    }

    /// The same template as that of [`template`](Self::template) without a copy of every property, where the
    /// stack has served its purpose.
    pub fn into_template(mut self) -> Template {
        let resources = std::mem::take(&mut self.resources);
        self.assemble(resources.into_iter().map(Entry::into_json).collect())
    }

    fn assemble(&self, resources: Section) -> Template {
        let mut sections = Section::from_iter([("AWSTemplateFormatVersion".to_owned(), "2010-09-09".into())]);
        let mut section = |name: &str, json: Json| {
            let empty = json.as_object().is_some_and(Section::is_empty);
            if !empty {
                sections.insert(name.to_owned(), json);
            }
        };
        if let Some(description) = &self.description {
            section("Description", description.as_str().into());
        }
        match self.transforms.as_slice() {
            [] => {}
            [one] => section("Transform", one.as_str().into()),
            many => section("Transform", many.into()),
        }
        section("Metadata", self.metadata.clone().into());
        section("Parameters", self.parameters.clone().into());
        section("Rules", self.rules.clone().into());
        section("Mappings", self.mappings.clone().into());
        section("Conditions", self.conditions.clone().into());
        section("Resources", resources.into());
        section("Outputs", self.outputs.iter().map(|output| (output.id.clone(), output.to_json())).collect());
        Template::new(sections.into())
    }

    /// The problems of what was set after the declaration: foreign handles, and what cannot be rendered.
    fn faults_beside(&self, value: &impl Serialize, path: Path) -> Vec<Diagnostic> {
        let Recorded { json, mut references, loose, .. } = record_all(value);
        for loose in Loose::claim(loose, &self.name) {
            references.extend(loose.foreign_to(&self.name));
        }
        let mut found = self.foreign(&references, &path);
        match json {
            Ok(json) => found.extend(debug_forms(&json, &path)),
            Err(why) => found.push(Diagnostic::error("F1004", path, why)),
        }
        found
    }

    /// A problem for each of the references that comes from another stack.
    fn foreign(&self, references: &[Reference], path: &Path) -> Vec<Diagnostic> {
        references
            .iter()
            .filter(|reference| !reference.is_of(&self.name))
            .map(|reference| {
                let message = format!(
                    "`{}` is a handle of another stack (`{}`); expected one of `{}`",
                    reference.id, reference.stack, self.name
                );
                Diagnostic::error(FOREIGN, path, message).declared_at(self.declared.nearest(path).cloned()).help(
                    "export it as an output of that stack and read it with `import_value`, or pass it as a parameter",
                )
            })
            .collect()
    }

    /// A handle to a resource that a test does not need to describe.
    #[cfg(test)]
    pub(crate) fn handle<R>(&self, id: &str) -> Handle<R> {
        Handle::new(self.refer(id))
    }

    fn refer(&self, id: &str) -> Reference {
        Reference { stack: self.name.clone(), id: id.into() }
    }

    /// Whether `id` is new in `section`; reports it if not, or if it is not a valid name.
    fn declare(&mut self, section: &str, id: &str, source: Source) -> bool {
        let path = Path::from(section).join(id);
        if id.is_empty() || id.len() > 255 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let message = format!("`{id}` is not a logical id; expected 1 to 255 letters and digits");
            self.problems.push(Diagnostic::error(malformed(section), &path, message).declared_at(source.clone()).docs(
                "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html",
            ));
        }
        // Parameters and resources share one name space: `Ref` names either.
        let rival = match section {
            "Resources" => Some(Path::from("Parameters").join(id)),
            "Parameters" => Some(Path::from("Resources").join(id)),
            _ => None,
        };
        let first = self.declared.get(&path).or_else(|| self.declared.get(&rival?));
        if let Some(first) = first {
            let message = format!("the logical id `{id}` is used twice; expected each to be unique");
            let help = format!("it is first declared at {first}");
            self.problems.push(Diagnostic::error(TAKEN, path, message).declared_at(source).help(help));
            return false;
        }
        self.declared.insert(path, source);
        true
    }

    /// Serializes `value`; reports references to other stacks and what cannot be serialized.
    fn absorb(&mut self, value: &(impl Serialize + ?Sized), path: &Path) -> Json {
        let Recorded { json, mut references, loose, notes } = record_all(value);
        let loose = Loose::claim(loose, &self.name).into_iter();
        let mut loose: Vec<_> = loose.map(|loose| (path.clone(), loose)).collect();
        self.problems.extend(json.iter().flat_map(|json| debug_forms(json, path)));
        for note in notes {
            self.declared.extend_within(path, &note.declared);
            self.problems.extend(note.problems.iter().map(|problem| problem.clone().within(path)));
            self.artifacts.extend(note.artifacts.iter().map(|one| (path.clone(), Arc::clone(one))));
            self.acknowledgements.extend(note.acknowledgements.iter().map(|one| one.within(path)));
            for (place, value) in &note.uses {
                let place = place.within(path);
                let is_used = |reference: &Reference| value.references().iter().any(|used| used.is_same(reference));
                references.retain(|reference| !is_used(reference));
                self.problems.extend(self.foreign(value.references(), &place));
                let is_here = |call: &Arc<Loose>| value.loose().iter().any(|used| Arc::ptr_eq(used, call));
                loose.iter_mut().filter(|(_, call)| is_here(call)).for_each(|(at, _)| at.clone_from(&place));
            }
        }
        self.problems.extend(self.foreign(&references, path));
        self.loose.extend(loose);
        json.unwrap_or_else(|why| {
            self.problems.push(Diagnostic::error("F1004", path, why).declared_at(self.declared.nearest(path).cloned()));
            Json::Null
        })
    }
}
/// cfn-lint's rule for the names of a section's entries.
fn malformed(section: &str) -> &'static str {
    match section {
        "Parameters" => "E2001",
        "Rules" => "E1700",
        "Mappings" => "E7001",
        "Conditions" => "E8001",
        "Outputs" => "E6001",
        _ => "E3001",
    }
}
