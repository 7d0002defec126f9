//! Values of a template as texts, the sides of each `Fn::If` apart.

use std::{
    borrow::Cow,
    cell::OnceCell,
    collections::{BTreeSet, HashMap},
};

use super::letters::{Letters, is_hole};
use crate::{
    check::permission::Names,
    diagnostic::Path,
    json::{Json, Pointer, walk},
    template::{
        Template,
        intrinsic::{Place, call},
    },
};

/// Conditions of the template that one value may name: more are not told apart.
const MOST_CONDITIONS: usize = 4;

/// Whether a condition of the template holds where a value is so.
pub(super) type Guards = Vec<(String, bool)>;

/// A value without `Fn::If`, and when it is so.
pub(super) struct Guarded<'a> {
    pub json: Cow<'a, Json>,
    pub guards: Guards,
}

/// A resource: its logical id, type and properties, and when it is there.
pub(super) struct Entry<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub properties: &'a Json,
    pub guards: Guards,
}

impl Entry<'_> {
    /// The place of its properties.
    pub fn path(&self) -> Path {
        Path::from("Resources").join(self.id).join("Properties")
    }
}

/// A reader of one of two templates.
pub(super) struct Reader<'a> {
    template: &'a Template,
    names: Names<'a>,
    pub letters: &'a Letters,
    /// The logical ids by the texts of ARNs and names.
    ids: OnceCell<HashMap<String, &'a str>>,
    /// What is said of a condition that the other template has otherwise.
    note: &'static str,
    other: &'a Template,
}

impl<'a> Reader<'a> {
    pub fn new(template: &'a Template, other: &'a Template, letters: &'a Letters, note: &'static str) -> Self {
        Self { template, names: Names::new(template), letters, ids: OnceCell::new(), note, other }
    }

    fn ids(&self) -> &HashMap<String, &'a str> {
        self.ids.get_or_init(|| {
            let mut ids = HashMap::new();
            for (id, _) in self.template.section("Resources") {
                let by_reference = self.names.name(id).map(|_| self.names.read(id));
                for symbol in [self.names.arn(id), self.names.name(id), by_reference].into_iter().flatten() {
                    let text = symbol.with_letters(|name| self.letters.letter(&format!("${{{name}}}")));
                    ids.entry(self.coded(&text)).or_insert(id);
                }
            }
            ids
        })
    }

    /// The resources, in their order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        self.template.section("Resources").filter_map(|(id, resource)| {
            let kind = resource.get("Type")?.as_str()?;
            let guards = resource["Condition"].as_str().map(|name| (self.guard(name), true));
            Some(Entry { id, kind, properties: &resource["Properties"], guards: guards.into_iter().collect() })
        })
    }

    /// Whether the template has a resource of that logical id.
    pub fn has(&self, id: &str) -> bool {
        self.template.as_json().get("Resources").is_some_and(|resources| resources.get(id).is_some())
    }

    /// The type of a resource.
    pub fn kind(&self, id: &str) -> Option<&'a str> {
        self.template.as_json().get("Resources")?.get(id)?["Type"].as_str()
    }

    /// The text of a value.
    pub fn text(&self, json: &Json) -> String {
        let symbol = self.names.symbol(json);
        let mut holes = Vec::new();
        let text = symbol.with_letters(|name| {
            let shown = if name.starts_with(['{', '[']) { short(name) } else { format!("${{{name}}}") };
            holes.push(self.letters.letter(&shown));
            holes[holes.len() - 1]
        });
        self.coded(&text)
    }

    /// The variables of IAM in what stands between holes.
    fn coded(&self, text: &str) -> String {
        let mut made = String::new();
        for part in text.split_inclusive(is_hole) {
            match part.chars().next_back().filter(|last| is_hole(*last)) {
                Some(hole) => {
                    made.push_str(&self.letters.text(&part[..part.len() - hole.len_utf8()]));
                    made.push(hole);
                }
                None => made.push_str(&self.letters.text(part)),
            }
        }
        made
    }

    /// The resource of the template that a text is the ARN or the name of, and what follows it.
    pub fn resource<'t>(&self, text: &'t str) -> Option<(&'a str, &'t str)> {
        let ends = text.char_indices().filter(|(_, letter)| matches!(letter, ':' | '/')).map(|(at, _)| at);
        let mut ends: Vec<usize> = ends.chain([text.len()]).collect();
        ends.reverse();
        let known = ends.iter().find_map(|end| Some((*self.ids().get(&text[..*end])?, &text[*end..])));
        known.or_else(|| {
            let first = text.chars().next().filter(|letter| is_hole(*letter))?;
            let shown = self.letters.shown(first)?;
            let id = shown.strip_prefix("${")?.strip_suffix('}')?.split('.').next()?;
            let resources = self.template.as_json().get("Resources")?.as_object()?;
            Some((resources.get_key_value(id)?.0.as_str(), &text[first.len_utf8()..]))
        })
    }

    /// A text for people: `Reports.Arn/monthly/*`.
    pub fn show(&self, text: &str) -> String {
        match self.resource(text) {
            Some((id, rest)) if text.starts_with("arn:") => format!("{id}.Arn{}", self.letters.show(rest)),
            Some((id, "")) if !text.starts_with(is_hole) => id.to_owned(),
            _ => {
                let shown = self.letters.show(text);
                let bare = shown.strip_prefix("${").and_then(|rest| rest.split_once('}'));
                match bare {
                    Some((name, rest)) if self.has(name.split('.').next().unwrap_or(name)) => format!("{name}{rest}"),
                    _ => shown,
                }
            }
        }
    }

    /// Whether a letter may be any text: it is no ARN, and no part of the name of a resource of the template.
    pub fn is_open(&self, letter: char) -> bool {
        let Some(shown) = self.letters.shown(letter).filter(|_| is_hole(letter)) else { return false };
        let name = shown.strip_prefix("${").and_then(|name| name.strip_suffix('}')).unwrap_or(&shown);
        let is_arn = name.contains('.') && name.ends_with("Arn");
        !(is_arn || name.ends_with(".suffix") || self.has(name))
    }

    fn guard(&self, name: &str) -> String {
        let of = |template: &Template| template.as_json().get("Conditions").and_then(|all| all.get(name)).cloned();
        if of(self.template) == of(self.other) { name.to_owned() } else { format!("{name} ({})", self.note) }
    }

    /// The sides of a `Fn::If` that gives a value.
    pub fn sides<'j>(&self, json: &'j Json) -> Vec<Guarded<'j>> {
        match call(json, Place::Other) {
            Some(("Fn::If", _)) => self.worlds(json),
            _ => vec![Guarded { json: Cow::Borrowed(json), guards: Vec::new() }],
        }
    }

    /// A value in each combination of the conditions that its `Fn::If`s name; what is left out there is not given.
    pub fn worlds<'j>(&self, json: &'j Json) -> Vec<Guarded<'j>> {
        let mut names = BTreeSet::new();
        walk(json, &Pointer::START, &mut |inner, _| {
            if let Some(("Fn::If", Json::Array(parts))) = call(inner, Place::Other)
                && let Some(name) = parts.first().and_then(Json::as_str)
            {
                names.insert(name.to_owned());
            }
        });
        if names.is_empty() || names.len() > MOST_CONDITIONS {
            return vec![Guarded { json: Cow::Borrowed(json), guards: Vec::new() }];
        }
        let mut found = Vec::new();
        for number in 0..1_usize << names.len() {
            let world: Vec<(&str, bool)> =
                names.iter().enumerate().map(|(bit, name)| (name.as_str(), number >> bit & 1 == 0)).collect();
            if let Some(json) = decided(json, &world) {
                let guards = world.iter().map(|(name, holds)| (self.guard(name), *holds)).collect();
                found.push(Guarded { json: Cow::Owned(json), guards });
            }
        }
        found
    }
}

/// A value with its `Fn::If`s decided; none where it is left out.
fn decided(json: &Json, world: &[(&str, bool)]) -> Option<Json> {
    if let Some(("Fn::If", Json::Array(parts))) = call(json, Place::Other)
        && let [Json::String(name), yes, no] = parts.as_slice()
        && let Some((_, holds)) = world.iter().find(|(known, _)| known == name)
    {
        return decided(if *holds { yes } else { no }, world);
    }
    if json.get("Ref").is_some_and(|name| name == "AWS::NoValue") {
        return None;
    }
    Some(match json {
        Json::Array(items) => Json::Array(items.iter().filter_map(|item| decided(item, world)).collect()),
        Json::Object(members) => Json::Object(
            members.iter().filter_map(|(key, value)| Some((key.clone(), decided(value, world)?))).collect(),
        ),
        other => other.clone(),
    })
}

/// The items of a list, or the one that stands in its place, and those of lists in it.
pub(super) fn each(json: &Json) -> Vec<&Json> {
    match json {
        Json::Null => Vec::new(),
        Json::Array(items) => items
            .iter()
            .flat_map(|item| item.as_array().map_or(std::slice::from_ref(item), Vec::as_slice))
            .filter(|item| !item.is_null())
            .collect(),
        one => vec![one],
    }
}

/// A value of a function, as it is shown.
fn short(json: &str) -> String {
    const MOST: usize = 120;
    match json.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}… ({} bytes)", &json[..end], json.len()),
        None => json.to_owned(),
    }
}
