//! Calls of intrinsic functions in a template.

use super::Template;
use crate::json::{Json, walk};

/// A call of an intrinsic function somewhere in a template.
pub(crate) struct Call<'a> {
    /// `Ref`, `Condition` or `Fn::…`.
    pub function: &'a str,
    pub argument: &'a Json,
    pub path: &'a str,
}

/// Visits every intrinsic of the sections that may hold some, inner ones first.
pub(crate) fn each_call(template: &Template, visit: &mut dyn FnMut(Call<'_>)) {
    let mut look = |json: &Json, path: &str| {
        if let Json::Object(entries) = json
            && let (1, Some((function, argument))) = (entries.len(), entries.iter().next())
            && (function == "Ref" || function == "Condition" || function.starts_with("Fn::"))
        {
            visit(Call { function, argument, path });
        }
    };
    for section in ["Conditions", "Resources", "Outputs", "Rules"] {
        for (id, entry) in template.section(section) {
            let mut path = format!("{section}/{id}");
            if section != "Resources" {
                walk(entry, &mut path, &mut look);
                continue;
            }
            for (attribute, value) in entry.as_object().into_iter().flatten() {
                if ["Properties", "CreationPolicy", "UpdatePolicy"].contains(&attribute.as_str()) {
                    walk(value, &mut format!("{path}/{attribute}"), &mut look);
                }
            }
        }
    }
}

/// The names in the `${…}` of a `Fn::Sub` text.
pub(crate) fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with('!'))
}
