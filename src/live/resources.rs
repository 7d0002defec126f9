//! The resources of the template as they are deployed: what its references give.

mod evaluate;
mod given;
mod physical;

use std::{
    cell::Cell,
    collections::BTreeMap,
    env,
    sync::{Arc, OnceLock},
};

use self::given::exports;
pub(super) use self::given::{Deployed, Given};
use super::aws::Bridge;
use crate::{asl::run::Unavailable, json::Json, template::Template};

/// The account of what is not deployed anywhere: the one that AWS's own examples have.
const ACCOUNT: &str = "123456789012";

/// The region of what is not deployed anywhere.
const REGION: &str = "us-east-1";

thread_local! {
    /// How deep names of resources are in names of others, which may go in a circle.
    static DEPTH: Cell<u8> = const { Cell::new(0) };
}

/// The resources of a template, with their physical ids.
pub(super) struct Resources {
    template: Template,
    given: Given,
    region: String,
    account: String,
    /// What the CLI knows of the stack, once it is asked.
    deployed: OnceLock<Result<Deployed, Unavailable>>,
    /// What all stacks export, by its name, once the CLI is asked.
    exports: OnceLock<Result<BTreeMap<String, String>, Unavailable>>,
    bridge: OnceLock<Arc<Bridge>>,
}

impl Resources {
    pub fn new(template: Option<&Template>, given: Given) -> Self {
        let template = template.cloned().unwrap_or_else(Template::empty);
        let stack_id = given.stack_id().map(str::to_owned);
        let part = |position: usize| stack_id.as_ref()?.split(':').nth(position).map(str::to_owned);
        let of_environment = || ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(|name| env::var(name).ok());
        let region = given.region.clone().or_else(|| part(3)).or_else(of_environment);
        let region = region.unwrap_or_else(|| REGION.to_owned());
        let account = part(4).unwrap_or_else(|| ACCOUNT.to_owned());
        Self {
            template,
            given,
            region,
            account,
            deployed: OnceLock::new(),
            exports: OnceLock::new(),
            bridge: OnceLock::new(),
        }
    }

    /// Says who can be asked for what is deployed.
    pub fn ask_through(&self, bridge: Arc<Bridge>) {
        // It is said once.
        let _ = self.bridge.set(bridge);
    }

    /// The region that is deployed to.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The physical id of a resource that has no name of its own: a function's name, a bucket's.
    pub fn physical_id(&self, logical_id: &str) -> String {
        match self.deployed() {
            Ok(deployed) => deployed.physical_id(logical_id).map(str::to_owned),
            Err(_) => None,
        }
        .unwrap_or_else(|| logical_id.to_owned())
    }

    /// The ARN of a function.
    pub fn function_arn(&self, name: &str) -> String {
        format!("arn:aws:lambda:{}:{}:function:{name}", self.region, self.account)
    }

    /// A value of the template with all of its intrinsic functions resolved.
    pub fn value(&self, value: &Json) -> Result<Json, Unavailable> {
        Ok(self.evaluate(value)?.unwrap_or(Json::Null))
    }

    /// What `Ref`, or with a point `Fn::GetAtt`, gives.
    pub fn read(&self, name: &str) -> Result<Json, Unavailable> {
        match name.split_once('.') {
            Some((id, attribute)) => self.attribute(id, attribute),
            None => Ok(self.reference(name)?.unwrap_or(Json::Null)),
        }
    }

    /// Looks into a resource for the name of another, unless that goes on and on.
    fn within<T>(&self, id: &str, look: impl FnOnce() -> Result<T, Unavailable>) -> Result<T, Unavailable> {
        const MOST: u8 = 16;
        if DEPTH.get() >= MOST {
            return Err(Unavailable::new(format!("the name of `{id}` is made of itself; expected one that ends")));
        }
        DEPTH.set(DEPTH.get() + 1);
        let seen = look();
        DEPTH.set(DEPTH.get() - 1);
        seen
    }

    /// What is known of the deployment: given, or asked for.
    fn deployed(&self) -> Result<&Deployed, Unavailable> {
        let asked = self.deployed.get_or_init(|| match (&self.given.stack, self.bridge.get()) {
            (Some(stack), Some(bridge)) => {
                Deployed::ask(stack, bridge, &self.region).map(|it| it.under(&self.given.deployed))
            }
            _ => Ok(self.given.deployed.clone()),
        });
        asked.as_ref().map_err(Clone::clone)
    }

    /// What another stack of the region exports under a name.
    fn import(&self, name: &str) -> Result<Option<String>, Unavailable> {
        let asked = self.exports.get_or_init(|| match (&self.given.stack, self.bridge.get()) {
            (Some(_), Some(bridge)) => exports(bridge, &self.region),
            _ => Ok(BTreeMap::new()),
        });
        asked.as_ref().map(|exports| exports.get(name).cloned()).map_err(Clone::clone)
    }
}
