//! Compares two values: what differs between them, as deep as both have the same shape.

use super::canonical::{Reader, Spot};
use crate::{
    diagnostic::Path,
    json::Json,
    template::intrinsic::{Place, call, for_each},
};

/// A place where two values differ.
pub(super) struct Leaf {
    pub path: Path,
    /// The names that lead there, without indices: `Tags.Value`.
    pub names: String,
    /// The values as they are written; what is not there is none.
    pub before: Option<Json>,
    pub after: Option<Json>,
    /// The same in canonical form.
    pub canonical: [Option<Json>; 2],
}

/// The two readers of a comparison.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub old: Reader<'a>,
    pub new: Reader<'a>,
}

impl<'a> Pair<'a> {
    /// Whether two values mean the same.
    pub fn same(&self, before: Option<&Json>, after: Option<&Json>, spot: &Spot<'_>) -> bool {
        self.canonical(before, after, spot).is_none()
    }

    /// The canonical forms of what is not the same.
    fn canonical(&self, before: Option<&Json>, after: Option<&Json>, spot: &Spot<'_>) -> Option<[Option<Json>; 2]> {
        let forms =
            [before.and_then(|json| self.old.value(json, spot)), after.and_then(|json| self.new.value(json, spot))];
        (forms[0] != forms[1]).then_some(forms)
    }

    /// Adds the places where two values differ.
    pub fn leaves(
        &self,
        before: Option<&Json>,
        after: Option<&Json>,
        path: &Path,
        spot: &Spot<'a>,
        found: &mut Vec<Leaf>,
    ) {
        let Some(canonical) = self.canonical(before, after, spot) else { return };
        match (before, after) {
            (Some(Json::Object(old)), Some(Json::Object(new))) if is_plain(before) && is_plain(after) => {
                let added = new.keys().filter(|key| !old.contains_key(*key));
                let before_descent = found.len();
                for key in old.keys().chain(added) {
                    let member = self.new.member(spot, key);
                    let [one, other] = canonical.each_ref().map(|side| side.as_ref().and_then(|side| side.get(key)));
                    // The whole may say that they are the same where neither does by itself: statements of a policy.
                    if one != other {
                        self.leaves(old.get(key), new.get(key), &path.join(key), &member, found);
                    }
                }
                if found.len() > before_descent {
                    return;
                }
            }
            (Some(Json::Array(old)), Some(Json::Array(new)))
                if old.len() == new.len()
                    && (!self.new.is_unordered(spot) || are_named_alike(old, new))
                    && !is_policy(path) =>
            {
                let before_descent = found.len();
                let element = self.new.element(spot);
                for (at, (old, new)) in old.iter().zip(new).enumerate() {
                    self.leaves(Some(old), Some(new), &path.join(at), &element, found);
                }
                if found.len() > before_descent {
                    return;
                }
            }
            _ => {}
        }
        let [old, new] = &canonical;
        // What is written alike differs by what it reads of a mapping: then that is what to show.
        let (before, after) =
            if before == after { (old.clone(), new.clone()) } else { (before.cloned(), after.cloned()) };
        found.push(Leaf { path: path.clone(), names: spot.path.clone(), before, after, canonical });
    }
}

/// The members that tell the elements of a list without an order apart.
const NAMES: [&str; 3] = ["Key", "PolicyName", "Name"];

/// Whether the elements of two lists have the same names in the same places, and are one and the same each.
fn are_named_alike(old: &[Json], new: &[Json]) -> bool {
    let name = |item: &Json| NAMES.iter().find_map(|name| item.get(name)?.as_str().map(str::to_owned));
    old.iter().zip(new).all(|(old, new)| name(old).is_some_and(|before| name(new) == Some(before)))
}

/// Whether a list is that of a policy's statements, whose order means nothing.
fn is_policy(path: &Path) -> bool {
    path.ends_with("/Statement")
}

/// Whether an object is what it looks like: no function, and no loop makes a part of it.
fn is_plain(json: Option<&Json>) -> bool {
    let Some(Json::Object(members)) = json else { return false };
    json.is_some_and(|json| call(json, Place::Other).is_none())
        && !members.iter().any(|(key, member)| key == "Fn::Transform" || for_each(key, member).is_some())
}
