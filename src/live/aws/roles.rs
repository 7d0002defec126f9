//! Roles that are assumed: the credentials of each, until they expire.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::cli::{Credentials, Reply};
use crate::asl::run::Unavailable;

/// The time for which credentials are used. They are good for an hour, and whoever gets them may need them for a while:
/// a function has fifteen minutes.
const USED_FOR: Duration = Duration::from_secs(40 * 60);

/// The credentials of roles, by ARN.
#[derive(Default)]
pub(super) struct Roles(Mutex<HashMap<String, (Instant, Credentials)>>);

impl Roles {
    /// The credentials of a role, which are asked for when there are none that last.
    pub fn credentials(
        &self,
        role: &str,
        assume: impl FnOnce() -> Result<Reply, Unavailable>,
    ) -> Result<Credentials, Unavailable> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, credentials)) = known.get(role)
            && since.elapsed() < USED_FOR
        {
            return Ok(credentials.clone());
        }
        let refused = |why: &str| {
            Unavailable::new(format!("the role `{role}` cannot be assumed: {why}"))
                .help("its trust policy must let in who calls the AWS CLI here")
        };
        let output = match assume()? {
            Reply::Output { output, .. } => output,
            Reply::Failure(failure) => return Err(refused(&failure.message)),
        };
        let text = |name: &str| output["Credentials"][name].as_str().map(str::to_owned);
        let (Some(key), Some(secret)) = (text("AccessKeyId"), text("SecretAccessKey")) else {
            return Err(refused("the answer has no credentials"));
        };
        let credentials = Credentials { key, secret, token: text("SessionToken") };
        known.insert(role.to_owned(), (Instant::now(), credentials.clone()));
        Ok(credentials)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn a_role_is_assumed_once() {
        let roles = Roles::default();
        let given = || {
            Ok(Reply::Output {
                output: json!({"Credentials": {"AccessKeyId": "a", "SecretAccessKey": "b", "SessionToken": "c"}}),
                metadata: Json::Null,
            })
        };
        assert_eq!(roles.credentials("r", given).unwrap().key, "a");
        let again = roles.credentials("r", || Err(Unavailable::new("asked again")));
        assert_eq!(again.unwrap().token.as_deref(), Some("c"));
        let empty = roles.credentials("s", || Ok(Reply::Output { output: Json::Null, metadata: Json::Null }));
        assert!(empty.unwrap_err().to_string().contains("the role `s` cannot be assumed"));
    }
}
