//! Code that `aws cloudformation package` has uploaded: it is the same where its hash is.

use md5::{Digest, Md5};

use crate::{asset::Artifact, diagnostic::Path, json::Json, stack::Stack, template::Template};

/// The template of a stack with what the deployed one says of each file that it names and that has not changed since.
pub(super) fn with_uploads(template: Template, stack: &Stack, deployed: &Template) -> Template {
    if stack.artifacts().is_empty() {
        return template;
    }
    let mut json = template.as_json().clone();
    for (path, artifact) in stack.artifacts() {
        let Some((properties, deployed)) = at(&mut json, path).zip(deployed.as_json().pointer(&pointer(path))) else {
            continue;
        };
        for (name, value) in properties.as_object_mut().into_iter().flatten() {
            if *value == *artifact.file
                && let Some(there) = deployed.get(name)
                && is_upload_of(there, artifact)
            {
                there.clone_into(value);
            }
        }
    }
    Template::new(json)
}

fn pointer(path: &Path) -> String {
    format!("/{}", path.as_str())
}

fn at<'a>(json: &'a mut Json, path: &Path) -> Option<&'a mut Json> {
    json.pointer_mut(&pointer(path))
}

/// Whether a property names an object that has these bytes: its key ends with their MD5, as the AWS CLI names what it
/// uploads.
///
/// <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html>
fn is_upload_of(property: &Json, artifact: &Artifact) -> bool {
    let key = ["S3Key", "Key"].iter().find_map(|name| property.get(name)).unwrap_or(property);
    let Some(key) = key.as_str().and_then(|key| key.rsplit('/').next()) else { return false };
    // Most templates name no key at all, and what is compared must be packed first.
    let is_hash = key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash
        && artifact
            .bytes()
            .is_ok_and(|bytes| Md5::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>() == key)
}
