//! Intrinsics: functions that CloudFormation resolves, with what their arguments refer to.

use std::{cell::RefCell, collections::VecDeque, sync::Arc};

use serde::{Serialize, Serializer, ser::Error as _};

use super::reference::{self, Loose, Recording, Reference};
use crate::{
    asset::Artifact,
    diagnostic::{Acknowledgement, Declarations, Diagnostic, Path},
    json::{Json, Pointer, walk},
};

/// An intrinsic function in its long form, such as `{"Ref": "Topic"}`; made by [`intrinsic`](crate::intrinsic)
/// and by the attributes of a [`Handle`](crate::stack::Handle).
#[derive(Clone, Debug)]
pub struct Intrinsic {
    json: Result<Json, String>,
    references: Vec<Reference>,
    /// Calls inside of it that were JSON before, and may refer to something too.
    loose: Vec<Arc<Loose>>,
    notes: Vec<Arc<Notes>>,
}

/// The notes that a value carries beside its JSON, for the stack that it reaches. Paths are relative to the
/// properties of the resource: `Definition/States/Render`.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The lines where its parts were declared.
    pub declared: Declarations,
    /// The faults of it that cannot be seen in its JSON.
    pub problems: Vec<Diagnostic>,
    /// The faults that are to stay.
    pub acknowledgements: Vec<Acknowledgement>,
    /// The places of values that refer to something, where those are known better than by the value as a whole.
    pub uses: Vec<(Path, Intrinsic)>,
    /// The files beside the template that it names.
    pub artifacts: Vec<Arc<Artifact>>,
}

/// A serialized value with what its intrinsics carry.
pub(crate) struct Recorded {
    pub json: Result<Json, String>,
    pub references: Vec<Reference>,
    pub loose: Vec<Arc<Loose>>,
    pub notes: Vec<Arc<Notes>>,
}

/// The references, loose calls and notes that the intrinsics of a value carry.
#[derive(Default)]
struct Met {
    references: Vec<Reference>,
    loose: Vec<Arc<Loose>>,
    notes: Vec<Arc<Notes>>,
    /// Calls that could be taken for strays, and are none.
    accounted: Vec<Json>,
}

impl PartialEq for Intrinsic {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

thread_local! {
    /// The record of what is met while a value is being serialized: serde hands no context down, so it lies here for
    /// the length of one `record` call.
    static MET: RefCell<Met> = const {
        RefCell::new(Met { references: Vec::new(), loose: Vec::new(), notes: Vec::new(), accounted: Vec::new() })
    };
}

/// The JSON of `value`, and the references that its intrinsics hold.
pub(crate) fn record(value: &(impl Serialize + ?Sized)) -> (Result<Json, String>, Vec<Reference>) {
    let Recorded { json, references, .. } = record_all(value);
    (json, references)
}

/// The JSON of `value`, and what its intrinsics carry.
pub(crate) fn record_all(value: &(impl Serialize + ?Sized)) -> Recorded {
    let outer = MET.take();
    let recording = Recording::begin();
    let json = serde_json::to_value(value).map_err(|error| error.to_string());
    drop(recording);
    let Met { references, mut loose, mut notes, accounted } = MET.replace(outer);
    loose.extend(json.iter().flat_map(|json| reference::loose(json, accounted.clone())));
    let strays = json.iter().flat_map(|json| strays_in(json, &notes)).collect::<Vec<_>>();
    notes.extend(strays);
    Recorded { json, references, loose, notes }
}

impl Intrinsic {
    /// The call `{function: argument}`.
    pub(crate) fn new(function: &str, argument: &(impl Serialize + ?Sized)) -> Self {
        let captured = Self::capture(argument);
        let json = captured.json.map(|argument| Json::from_iter([(function.to_owned(), argument)]));
        Self { json, ..captured }
    }

    /// The JSON that `value` serializes to, with the references inside it.
    pub(crate) fn capture(value: &(impl Serialize + ?Sized)) -> Self {
        let Recorded { json, references, loose, notes } = record_all(value);
        Self { json, references, loose, notes }
    }

    /// JSON that was part of a recorded value, so that what it refers to is known.
    pub(crate) fn part(json: Json, references: Vec<Reference>, loose: Vec<Arc<Loose>>) -> Self {
        Self { json: Ok(json), references, loose, notes: Vec::new() }
    }

    /// The call as the template has it, if it can be rendered.
    pub(crate) fn json(&self) -> Option<&Json> {
        self.json.as_ref().ok()
    }

    /// What it refers to.
    pub(crate) fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The calls inside that may refer to something too.
    pub(crate) fn loose(&self) -> &[Arc<Loose>] {
        &self.loose
    }

    /// The JSON and what it refers to, apart.
    pub(crate) fn into_parts(self) -> (Result<Json, String>, Vec<Reference>, Vec<Arc<Loose>>) {
        (self.json, self.references, self.loose)
    }

    /// The bare name of something that a stack holds, as `DependsOn` and `Condition` want it.
    pub(crate) fn name(reference: Reference) -> Self {
        Self::capture(&*reference.id).with(reference)
    }

    /// An intrinsic that cannot be rendered; it becomes a diagnostic when it reaches a stack.
    pub(crate) fn broken(why: impl Into<String>) -> Self {
        Self { json: Err(why.into()), references: Vec::new(), loose: Vec::new(), notes: Vec::new() }
    }

    /// The same function, which also refers to something that a stack holds.
    pub(crate) fn with(mut self, reference: Reference) -> Self {
        self.references.push(reference);
        self
    }

    /// Takes the references of a value that is the same but for them.
    pub(crate) fn refer_like(&mut self, other: &Intrinsic) {
        for new in &other.references {
            if !self.references.iter().any(|known| known.is_same(new)) {
                self.references.push(new.clone());
            }
        }
        self.loose.extend(other.loose.iter().cloned());
    }

    /// The same value, which also tells the stack that it reaches these notes.
    pub(crate) fn noting(mut self, notes: Notes) -> Self {
        self.notes.push(Arc::new(notes));
        self
    }
}

/// Files that are remembered: more than the JSON of one stack names before the stack takes it.
const REMEMBERED: usize = 256;

thread_local! {
    /// The notes of paths that were written into JSON, where nothing but the text is left of them.
    static STRAYS: RefCell<VecDeque<Arc<Notes>>> = const { RefCell::new(VecDeque::new()) };
}

/// Remembers the files that a value names, which is serialized on its own, as by `json!`.
fn stray(notes: &[Arc<Notes>]) {
    for note in notes.iter().filter(|note| !note.artifacts.is_empty()) {
        STRAYS.with_borrow_mut(|strays| {
            strays.retain(|other| !names_same(other, note));
            if strays.len() == REMEMBERED {
                strays.pop_front();
            }
            strays.push_back(Arc::clone(note));
        });
    }
}

/// The notes of the files that are named in JSON, but for those that are known.
fn strays_in(json: &Json, known: &[Arc<Notes>]) -> Vec<Arc<Notes>> {
    STRAYS.with_borrow(|strays| {
        let mut found: Vec<Arc<Notes>> = Vec::new();
        if !strays.is_empty() {
            walk(json, &Pointer::START, &mut |value, _| {
                let Some(text) = value.as_str() else { return };
                let is_named = |note: &&Arc<Notes>| note.artifacts.iter().any(|artifact| artifact.file == text);
                let new = strays
                    .iter()
                    .find(is_named)
                    .filter(|new| !known.iter().chain(&found).any(|other| names_same(other, new)));
                found.extend(new.cloned());
            });
        }
        found
    })
}

/// Whether both are about one file.
fn names_same(one: &Notes, other: &Notes) -> bool {
    one.artifacts.iter().any(|file| other.artifacts.iter().any(|it| it.file == file.file))
}

impl Serialize for Intrinsic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if Recording::is_on() {
            MET.with_borrow_mut(|met| {
                met.references.extend(self.references.iter().cloned());
                met.loose.extend(self.loose.iter().cloned());
                met.notes.extend(self.notes.iter().cloned());
                met.accounted.extend(self.json.iter().flat_map(reference::like_strays));
            });
        } else if size_of::<S::Ok>() > 0
            && let Ok(json) = &self.json
        {
            // A serializer that gives something back makes a value, such as that of `json!`; one that does not, text.
            reference::stray(json, &self.references);
            stray(&self.notes);
        }
        match &self.json {
            Ok(json) => json.serialize(serializer),
            Err(why) => Err(S::Error::custom(why)),
        }
    }
}
