//! Shared: a stack with what it hands to others.

use std::{cell::OnceCell, rc::Rc};

use super::{Composition, IntoComposition};
use crate::stack::Stack;

/// A stack together with what other stacks of the project take of it: exports, ARNs, names.
///
/// It is given as the function that composes both, which is called once, when the stack or what it hands over is first
/// needed. The project takes `&shared` as a stack, the functions of other stacks take [`handed`](Self::handed).
///
/// ```
/// use formwork::{Project, Shared, Stack, aws::ec2::{SecurityGroup, VPC}, cli, value::Value};
///
/// /// What others take of the network.
/// struct Network {
///     vpc_id: Value<String>,
/// }
///
/// fn network() -> (Stack, Network) {
///     let mut stack = Stack::new("network");
///     let vpc = stack.add("Vpc", VPC::new().cidr_block("10.0.0.0/16"));
///     let vpc_id = stack.export(&vpc.vpc_id());
///     (stack, Network { vpc_id })
/// }
///
/// fn service(network: &Network) -> Stack {
///     let mut stack = Stack::new("service");
///     stack.add("Clients", SecurityGroup::new("Clients").vpc_id(&network.vpc_id));
///     stack
/// }
///
/// let network = Shared::new(network);
/// // In any order: `list` and `synth --all` have the one of deployment.
/// let project = Project::new().stack({
///     let network = network.clone();
///     move || service(network.handed())
/// });
/// let project = project.stack(&network);
/// project.assert_clean();
///
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// assert_eq!(cli::run(&project, ["shop", "list"], &mut out, &mut err), 0);
/// assert_eq!(String::from_utf8(out)?, "network\nservice  after network\n");
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
pub struct Shared<T>(Rc<Made<T>>);

struct Made<T> {
    compose: Box<dyn Fn() -> (Stack, T)>,
    made: OnceCell<(Rc<Stack>, T)>,
}

impl<T> Clone for Shared<T> {
    /// Another name for the same stack.
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Shared<T> {
    /// The stack that `compose` returns, and what it hands to others.
    pub fn new(compose: impl Fn() -> (Stack, T) + 'static) -> Self {
        Self(Rc::new(Made { compose: Box::new(compose), made: OnceCell::new() }))
    }

    /// What the stack hands to others.
    pub fn handed(&self) -> &T {
        &self.made().1
    }

    /// The stack itself: a nested stack has its template by [`NestedStack::of`](crate::aws::cloudformation::Stack::of).
    pub fn stack(&self) -> &Stack {
        &self.made().0
    }

    fn made(&self) -> &(Rc<Stack>, T) {
        self.0.made.get_or_init(|| {
            let (stack, handed) = (self.0.compose)();
            (Rc::new(stack), handed)
        })
    }
}

impl<T: 'static> IntoComposition for &Shared<T> {
    fn into_composition(self) -> Composition {
        let shared = self.clone();
        Composition::shared(move || Rc::clone(&shared.made().0))
    }
}
