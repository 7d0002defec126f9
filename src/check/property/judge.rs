//! The judge: whether a value fits a schema, as far as that is certain, and what is wrong where it does not.

mod combined;
mod list;
mod map;
mod scalar;
mod verdict;

use std::borrow::Cow;

use super::faults;
use crate::{
    check::value::{Eyes, Kind, Origin, Possible, Seen},
    json::{Json, Pointer},
    schema::{ResourceSchema, Schema},
};
pub(super) use verdict::{Fault, Verdict};
use verdict::{Faults, THE_RESOURCE, fault, name, report};

/// A judge of the values of a resource, in one world.
#[derive(Clone, Copy)]
pub(super) struct Judge<'a, 'w> {
    pub eyes: Eyes<'a, 'w>,
    pub schema: &'static ResourceSchema,
    /// Whether values are compared in any case of letters, as rules between properties have to: some services take them
    /// so, and how a value is written is judged by its own schema.
    pub in_any_case: bool,
    /// The resource type.
    pub kind: &'a str,
}

/// The properties that name an object in S3, for which a template may have a file until it is packaged.
const PACKAGED: [(&str, &str); 5] = [
    ("AWS::ApiGateway::RestApi", "/Properties/BodyS3Location"),
    ("AWS::CodeCommit::Repository", "/Properties/Code/S3"),
    ("AWS::ElasticBeanstalk::ApplicationVersion", "/Properties/SourceBundle"),
    ("AWS::Lambda::Function", "/Properties/Code"),
    ("AWS::Lambda::LayerVersion", "/Properties/Content"),
];

impl<'a> Judge<'a, '_> {
    /// Judges a value by a schema.
    pub fn judge(&self, schema: &Schema, json: &'a Json, at: &Pointer<'_>, mut faults: Faults<'_>) -> Verdict {
        let mut verdict = Verdict::Holds;
        self.eyes.see(json, at, &mut |seen, at| verdict = self.seen(schema, seen, at, faults.as_deref_mut()));
        verdict
    }

    /// Judges what is seen of a value.
    pub fn seen(&self, schema: &Schema, seen: Seen<'a>, at: &Pointer<'_>, faults: Faults<'_>) -> Verdict {
        match seen {
            Seen::Nothing => Verdict::Holds,
            Seen::Known(Cow::Borrowed(json)) => self.known(schema, json, at, faults),
            Seen::Known(Cow::Owned(json)) => self.known(schema, &json, at, faults),
            Seen::Some(kind) => self.of_kind(schema, kind, at, faults),
            Seen::OneOf(origin, possible) => self.one_of(schema, origin, &possible, at, faults),
        }
    }

    /// Judges a value that is there.
    fn known(&self, schema: &Schema, json: &'a Json, at: &Pointer<'_>, mut faults: Faults<'_>) -> Verdict {
        if schema.never {
            let is = match name(at).as_str() {
                THE_RESOURCE => "the properties do not go together".to_owned(),
                name => format!("{name} is set"),
            };
            report(faults, || fault(&faults::UNKNOWN, at, is, "it left out".to_owned()));
            return Verdict::Fails;
        }
        let mut verdict = Verdict::Holds;
        if schema.reference.is_some() {
            let target = self.schema.resolve(schema);
            if !std::ptr::eq(target, schema) {
                verdict = self.known(target, json, at, faults.as_deref_mut());
            }
        }
        // A value of a wrong type has no other fault.
        if scalar::has_type(&schema.types, json) == Verdict::Fails {
            if self.is_packaged(at, json) {
                return Verdict::Unknown;
            }
            report(faults, || scalar::wrong_type(&schema.types, json, at));
            return Verdict::Fails;
        }
        let own = match json {
            Json::Object(members) => self.map(schema, members, at, faults.as_deref_mut()),
            Json::Array(items) => self.list(schema, items, at, faults.as_deref_mut()),
            scalar => scalar::judge(schema, scalar, at, self.in_any_case, faults.as_deref_mut()),
        };
        verdict.and(own).and(self.combined(schema, json, at, faults))
    }

    /// Tells whether a text is a file that `aws cloudformation package` uploads, and puts its place there.
    fn is_packaged(&self, at: &Pointer<'_>, json: &Json) -> bool {
        // An address stays as it is, and is no place in S3.
        let Some(file) = json.as_str().filter(|text| !text.contains("://")) else { return false };
        let (at, depth) = (at.to_string(), |path: &str| path.matches('/').count());
        let is_there = |path: &str| at.ends_with(path) && depth(&at) == depth(path) + 1;
        !file.is_empty() && PACKAGED.iter().any(|(kind, path)| is_there(path) && self.kind == *kind)
    }

    /// Judges a value of which the kind alone is known.
    fn of_kind(&self, schema: &Schema, kind: Kind, at: &Pointer<'_>, faults: Faults<'_>) -> Verdict {
        let target = self.schema.resolve(schema);
        let types = if schema.types.is_empty() { &target.types } else { &schema.types };
        if !types.is_empty() && !types.iter().any(|ty| kind.may_be(*ty)) {
            report(faults, || scalar::wrong_kind(types, kind, at));
            return Verdict::Fails;
        }
        if schema.never { Verdict::Fails } else { Verdict::Unknown }
    }

    /// Judges each of several values. That one of them does not fit is no fault of the resource, for another one may be
    /// chosen; that none of a mapping does, is.
    fn one_of(
        &self,
        schema: &Schema,
        origin: Origin,
        possible: &[Possible<'a>],
        at: &Pointer<'_>,
        faults: Faults<'_>,
    ) -> Verdict {
        let mut bad = Vec::new();
        let mut unknown = false;
        for each in possible {
            let mut found = Vec::new();
            match self.seen(schema, Seen::Known(each.value.clone()), at, Some(&mut found)) {
                Verdict::Fails => bad.extend(found.into_iter().next().map(|first| (each, first))),
                Verdict::Unknown => unknown = true,
                Verdict::Holds => {}
            }
        }
        let all = bad.len() == possible.len();
        let Some(faults) = faults else {
            return match (bad.is_empty(), all) {
                (true, _) if !unknown => Verdict::Holds,
                (_, true) => Verdict::Fails,
                _ => Verdict::Unknown,
            };
        };
        match origin {
            Origin::Mapping if all => {
                faults.extend(
                    bad.into_iter()
                        .next()
                        .map(|(each, fault)| Fault { is: format!("{}, by `{}`", fault.is, each.at), ..fault }),
                );
                return Verdict::Fails;
            }
            Origin::Mapping => faults.extend(bad.into_iter().next().map(|(each, fault)| Fault {
                rule: &faults::OF_MAPPING,
                is: format!("{}, where `{}` is chosen", fault.is, each.at),
                ..fault
            })),
            Origin::Parameter => faults.extend(bad.into_iter().map(|(each, fault)| Fault {
                rule: &faults::OF_PARAMETER,
                is: format!("{} is {}", name(&Pointer::at(&each.at)), scalar::shown(&each.value)),
                expected: format!("{} for `{}`", fault.expected, fault.at),
                at: each.at.clone(),
                near: None,
            })),
        }
        Verdict::Unknown
    }
}
