//! A project: the stacks that belong together, each with what the commands need beside its template.

pub(crate) mod exchange;
mod rules;
mod shared;
mod wiring;

use std::{borrow::Cow, cell::OnceCell, panic::Location, rc::Rc};

pub use shared::Shared;

pub(crate) use self::rules::RULES;
use self::{exchange::Site, wiring::Wiring};
use crate::{
    asl::run::MockConfig,
    diagnostic::{Diagnostic, Path, Source, assert_clean, report, sort},
    stack::{FOREIGN, Stack},
    synth,
};

/// The stacks of a project, in the order in which they were given: what [`cli::main`](crate::cli::main) works on.
///
/// A stack is given as the function that composes it. No function is called before a command needs it, and none
/// twice.
///
/// ```
/// use formwork::{Composition, Project, Stack, aws::sns::Topic, cli};
///
/// fn mail() -> Stack {
///     let mut stack = Stack::new("mail");
///     stack.add("Mails", Topic::new());
///     stack
/// }
///
/// fn archive() -> Stack {
///     let mut stack = Stack::new("archive");
///     stack.add("Letters", Topic::new());
///     stack
/// }
///
/// let mocks = r#"{"StateMachines": {}}"#; // of a file: include_str!("archive/mock_config.json")
/// let project = Project::new().stack(mail).stack(Composition::new(archive).mocks(mocks));
///
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// assert_eq!(cli::run(&project, ["post", "list"], &mut out, &mut err), 0);
/// assert_eq!(String::from_utf8(out)?, "mail\narchive\n");
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
#[derive(Default)]
pub struct Project {
    compositions: Vec<Composition>,
    wiring: OnceCell<Wiring>,
}

/// The function that composes a stack, and what the commands need beside the template.
///
/// What belongs to one stack is set here, before the project has it: it needs no name to find its stack by, and cannot
/// be given for a stack that does not exist: the [mocks](Self::mocks) of its state machines, the [region](Self::region)
/// and the [account](Self::account) that it is deployed to.
pub struct Composition {
    compose: Box<dyn Fn() -> Rc<Stack>>,
    stack: OnceCell<Rc<Stack>>,
    mocks: Option<Mocks>,
    region: Option<Cow<'static, str>>,
    account: Option<Cow<'static, str>>,
    /// The line where the project was given it.
    given_at: Option<Source>,
}

/// A stack in the order of deployment.
pub(crate) struct Place<'a> {
    pub stack: &'a Stack,
    pub site: Site<'a>,
    /// The names of the stacks that it is deployed after.
    pub after: Vec<&'a str>,
    /// The names of the stacks in whose templates it is a resource: it is deployed with them.
    pub within: Vec<&'a str>,
}

/// The text of a mock file.
struct Mocks {
    text: Cow<'static, str>,
    given_at: Source,
}

/// The argument of [`Project::stack`]: a function that composes a stack, or, with more to say, a [`Composition`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function that composes a stack",
    label = "expected the name of a function `fn() -> Stack`",
    note = "give the function itself, without `()`: `.stack(mail::stack)`; or, with what belongs to the stack, \
            `.stack(Composition::new(mail::stack).mocks(…))`"
)]
pub trait IntoComposition {
    /// The composition that it stands for.
    fn into_composition(self) -> Composition;
}

impl<F: Fn() -> Stack + 'static> IntoComposition for F {
    fn into_composition(self) -> Composition {
        Composition::shared(move || Rc::new(self()))
    }
}

impl IntoComposition for Composition {
    fn into_composition(self) -> Composition {
        self
    }
}

impl Composition {
    /// The stack that a function returns, or a [`Shared`], and nothing beside it.
    pub fn new(compose: impl IntoComposition) -> Self {
        compose.into_composition()
    }

    /// The stack that a function gives, which others may hold too.
    fn shared(compose: impl Fn() -> Rc<Stack> + 'static) -> Self {
        Self {
            compose: Box::new(compose),
            stack: OnceCell::new(),
            mocks: None,
            region: None,
            account: None,
            given_at: None,
        }
    }

    /// The region that the stack is deployed to, such as `eu-west-1`: `list` shows it, and the commands that `synth`
    /// prints name it. An import of what a stack of another region exports is an error then; stacks of which neither has a
    /// region are deployed to the same. The template has nothing of it: what differs between regions is said where the
    /// stack is composed.
    ///
    /// ```
    /// use formwork::{Composition, Project, Stack, aws::sns::Topic, cli};
    ///
    /// fn alarms(region: &str) -> Stack {
    ///     let mut stack = Stack::new(format!("alarms-{region}"));
    ///     stack.add("Alarms", Topic::new());
    ///     stack
    /// }
    ///
    /// let regions = ["eu-west-1", "us-east-1"];
    /// let project = regions.into_iter().fold(Project::new(), |project, region| {
    ///     project.stack(Composition::new(move || alarms(region)).region(region))
    /// });
    ///
    /// let (mut out, mut err) = (Vec::new(), Vec::new());
    /// assert_eq!(cli::run(&project, ["post", "list"], &mut out, &mut err), 0);
    /// assert_eq!(String::from_utf8(out)?, "alarms-eu-west-1  in eu-west-1\nalarms-us-east-1  in us-east-1\n");
    /// # Ok::<(), std::string::FromUtf8Error>(())
    /// ```
    ///
    /// <https://docs.aws.amazon.com/general/latest/gr/cfn.html>
    pub fn region(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The account that the stack is deployed to, as its twelve digits; what [`region`](Self::region) says holds of it too.
    /// The commands do not name it: who calls them has the credentials of one.
    pub fn account(mut self, account: impl Into<Cow<'static, str>>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Where the stack is deployed.
    pub(crate) fn site(&self) -> Site<'_> {
        Site { stack: self.stack().name(), region: self.region.as_deref(), account: self.account.as_deref() }
    }

    /// Gives the state machines of the stack mocks for the command `run`, as the text of AWS's mock file; the names of
    /// its `StateMachines` are logical ids. Its first test case is what runs unless another is named. The template has
    /// nothing of it.
    ///
    /// The text is read when a command needs it.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html>
    #[track_caller]
    pub fn mocks(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.mocks = Some(Mocks { text: text.into(), given_at: Location::caller().into() });
        self
    }

    /// The stack, composed when it is first asked for.
    pub(crate) fn stack(&self) -> &Stack {
        self.stack.get_or_init(&self.compose)
    }

    /// The text of the mocks, after the words that name them in a message.
    pub(crate) fn mock_file(&self) -> Option<(String, &str)> {
        let mocks = self.mocks.as_ref()?;
        Some((format!("the mocks of `{}` ({})", self.stack().name(), mocks.given_at), &mocks.text))
    }
}

impl Project {
    /// A project without stacks.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the project a stack: the function that composes it, or a [`Composition`].
    #[track_caller]
    pub fn stack(mut self, composition: impl IntoComposition) -> Self {
        let given_at = Some(Location::caller().into());
        self.compositions.push(Composition { given_at, ..composition.into_composition() });
        self
    }

    /// For a test: panics when anything is wrong with the project, with all of it rendered.
    ///
    /// That is what [`Stack::diagnostics`] has of each stack, warnings too; what is wrong between the stacks; two stacks of
    /// one name; and mocks that cannot be read.
    ///
    /// ```
    /// use formwork::{Project, Stack, aws::sns::Topic};
    ///
    /// fn project() -> Project {
    ///     Project::new().stack(|| {
    ///         let mut stack = Stack::new("mail");
    ///         stack.add("Mails", Topic::new());
    ///         stack
    ///     })
    /// }
    ///
    /// project().assert_clean(); // in a #[test]
    /// ```
    #[track_caller]
    pub fn assert_clean(&self) {
        let own = self.compositions().err();
        let of_stacks = self.compositions.iter().flat_map(|composition| {
            let stack = composition.stack();
            let mocks = composition.mock_file().and_then(|(source, text)| {
                let error = MockConfig::parse(text).err()?;
                Some(format!("{source}: {error}"))
            });
            let found = self.with_faults(stack, synth::diagnostics(stack));
            mocks.into_iter().chain(report(&format!("stack `{}`", stack.name()), &found))
        });
        assert_clean(own.into_iter().chain(of_stacks));
    }

    /// The stacks in the order of deployment.
    pub(crate) fn places(&self) -> Vec<Place<'_>> {
        let wiring = self.wiring();
        let place = |&at: &usize| Place {
            stack: self.compositions[at].stack(),
            site: self.compositions[at].site(),
            after: wiring.after(at).collect(),
            within: wiring.within(at).collect(),
        };
        wiring.order().iter().map(place).collect()
    }

    /// The stacks that are nested in the one of that name, in whatever depth.
    pub(crate) fn nested_in(&self, name: &str) -> Vec<&Stack> {
        // One that is alone has none.
        if self.compositions.len() < 2 {
            return Vec::new();
        }
        self.wiring().below(name).into_iter().map(|at| self.compositions[at].stack()).collect()
    }

    fn wiring(&self) -> &Wiring {
        self.wiring.get_or_init(|| {
            let stacks: Vec<_> = self.compositions.iter().map(|one| (one.stack(), one.site())).collect();
            Wiring::of(&stacks)
        })
    }

    /// What is wrong between the stack of that name and the others.
    pub(crate) fn faults(&self, name: &str) -> &[Diagnostic] {
        // A stack that is alone and exports nothing need not be looked at for it.
        let is_alone = |only: &Composition| !only.stack().exports() && only.site().has_name();
        let is_alone = matches!(self.compositions.as_slice(), [only] if is_alone(only));
        if is_alone { &[] } else { self.wiring().faults(name) }
    }

    /// The diagnostics of a stack with those that it has among the others, sorted by path.
    pub(crate) fn with_faults(&self, stack: &Stack, mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        found.extend(self.faults(stack.name()).iter().cloned());
        found.iter_mut().filter(|fault| fault.code == FOREIGN).for_each(|fault| self.tell_of_foreign(fault));
        sort(&mut found);
        found
    }

    /// Adds to the fault of a handle of another stack where that declares it, and what gives it to others.
    fn tell_of_foreign(&self, fault: &mut Diagnostic) {
        let quoted: Vec<&str> = fault.message.split('`').skip(1).step_by(2).collect();
        let [id, stack, ..] = quoted.as_slice() else { return };
        let Some(other) = self.compositions.iter().map(Composition::stack).find(|other| other.name() == *stack) else {
            return;
        };
        let sections = ["Resources", "Parameters", "Conditions", "Mappings"];
        let line = sections.iter().find_map(|section| other.declared.get(&Path::from(*section).join(id)));
        if let Some(line) = line {
            let help = format!("`{stack}` declares it at {line}; what `export` of that stack gives is for any other");
            fault.help = Some(help);
        }
    }

    /// Whether it has no stack.
    pub fn is_empty(&self) -> bool {
        self.compositions.is_empty()
    }

    /// The compositions in their order, once no two of their stacks have the same name.
    pub(crate) fn compositions(&self) -> Result<&[Composition], String> {
        for (position, composition) in self.compositions.iter().enumerate() {
            let name = composition.stack().name();
            let first = self.compositions[..position].iter().find(|earlier| earlier.stack().name() == name);
            if let Some(first) = first {
                let lines = [first, composition].map(|one| one.given_at.as_ref().map(Source::to_string));
                let [first, second] = lines.map(Option::unwrap_or_default);
                return Err(format!("two stacks are named `{name}` ({first} and {second}); expected a name for each"));
            }
        }
        match self.compositions.as_slice() {
            [] => Err("this program has no stack; expected one in its `main`: `Project::new().stack(…)`".to_owned()),
            compositions => Ok(compositions),
        }
    }

    /// The composition of the stack with that name, or the only one.
    pub(crate) fn composition(&self, name: Option<&str>) -> Result<&Composition, String> {
        let compositions = self.compositions()?;
        let names = || {
            let names = compositions.iter().map(|composition| format!("`{}`", composition.stack().name()));
            names.collect::<Vec<_>>().join(", ")
        };
        match (name, compositions) {
            (None, [only]) => Ok(only),
            (None, _) => Err(format!("no stack is named; expected one of {}", names())),
            (Some(name), _) => compositions
                .iter()
                .find(|composition| composition.stack().name() == name)
                .ok_or_else(|| format!("there is no stack `{name}`; expected one of {}", names())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, panic, rc::Rc};

    use super::*;
    use crate::aws::sns::Topic;

    fn mail() -> Stack {
        let mut stack = Stack::new("mail");
        stack.add("Mails", Topic::new());
        stack
    }

    /// The text of the failed assertion.
    fn failure(assertion: impl FnOnce()) -> String {
        let panicked = panic::catch_unwind(panic::AssertUnwindSafe(assertion)).expect_err("the assertion fails");
        *panicked.downcast::<String>().expect("the text is formatted")
    }

    #[test]
    fn a_stack_is_composed_when_it_is_needed_and_once() {
        let calls = Rc::new(Cell::new(0));
        let counter = Rc::clone(&calls);
        let project = Project::new().stack(move || {
            counter.set(counter.get() + 1);
            mail()
        });
        assert_eq!(calls.get(), 0);
        assert_eq!(project.composition(None).map(|composition| composition.stack().name()), Ok("mail"));
        assert!(project.composition(Some("mail")).is_ok());
        assert_eq!(calls.get(), 1);
    }

    #[test]
    fn two_stacks_of_one_name_are_reported_with_both_lines() {
        let line = line!() + 1;
        let project = Project::new().stack(mail);
        let project = project.stack(Composition::new(mail).mocks("{}"));
        let message = format!(
            "two stacks are named `mail` (src/project.rs:{line} and src/project.rs:{}); expected a name for each",
            line + 1
        );
        assert_eq!(project.compositions().err().as_ref(), Some(&message));
        assert_eq!(project.composition(Some("mail")).err(), Some(message));
    }

    #[test]
    fn a_stack_that_is_alone_cannot_import_what_it_exports() {
        let of = || {
            let mut stack = mail();
            stack.output("A", "a").export("a");
            stack.output("B", crate::intrinsic::import_value::<String>("a"));
            stack
        };
        let project = Project::new().stack(of);
        assert_eq!(project.faults("mail").iter().map(|fault| fault.code).collect::<Vec<_>>(), ["F1032"]);
    }

    #[test]
    fn a_stack_that_is_shared_has_a_site_and_mocks_too() {
        let shared = Shared::new(|| (mail(), ()));
        let project = Project::new().stack(Composition::new(&shared).region("eu-west-1").account("111122223333"));
        let site = Site { stack: "mail", region: Some("eu-west-1"), account: Some("111122223333") };
        assert_eq!(project.places()[0].site, site);
        assert_eq!(site.words(), "eu-west-1 of account 111122223333");
    }

    #[test]
    fn a_name_is_one_that_a_stack_can_have() {
        let of = |name: &'static str| {
            let project = Project::new().stack(move || Stack::new(name));
            project.faults(name).iter().map(|fault| fault.message.clone()).collect::<Vec<_>>()
        };
        let none: [String; 0] = [];
        assert_eq!(of("service-test-eu-west-1"), none);
        for name in ["my_stack", "1st", "", "caf\u{e9}", "my stack"] {
            let expected = "expected a letter, then letters, digits and `-`, at most 128 of them";
            assert_eq!(of(name), [format!("`{name}` is no name of a stack; {expected}")]);
        }
        assert_eq!(of(Box::leak("a".repeat(128).into_boxed_str())), none);
        assert_eq!(of(Box::leak("a".repeat(129).into_boxed_str())).len(), 1);
    }

    #[test]
    fn a_handle_of_another_stack_is_told_with_both_lines() {
        let line = line!();
        let network = Shared::new(|| {
            let mut stack = Stack::new("network");
            let topic = stack.add("Mails", Topic::new());
            (stack, topic)
        });
        let service = network.clone();
        let service = move || {
            let mut stack = Stack::new("service");
            stack.add("Letters", Topic::new().display_name(service.handed().topic_name()));
            stack
        };
        let project = Project::new().stack(&network).stack(service);
        let stack = project.compositions[1].stack();
        let found = project.with_faults(stack, synth::diagnostics(stack));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].declared_at.as_ref().map(|at| at.line), Some(line + 9));
        let expected = format!(
            "`network` declares it at src/project.rs:{}; what `export` of that stack gives is for any other",
            line + 3
        );
        assert_eq!((found[0].code, found[0].help.as_deref()), ("F1003", Some(expected.as_str())));
    }

    #[test]
    fn a_clean_project_passes_the_assertion() {
        Project::new().stack(Composition::new(mail).mocks(r#"{"StateMachines": {}}"#)).assert_clean();
    }

    #[test]
    fn the_assertion_says_all_that_is_wrong_with_the_project() {
        let line = line!();
        let broken = || {
            let mut stack = Stack::new("mail");
            stack.add("Mails", Topic::new());
            stack.add("Mails", Topic::new());
            stack
        };
        let mocks = "{\n  \"StateMachines\": []\n}";
        let project = Project::new().stack(Composition::new(broken).mocks(mocks)).stack(mail);
        let [first, second, given] = [line + 3, line + 4, line + 8];
        assert_eq!(
            failure(|| project.assert_clean()),
            format!(
                "two stacks are named `mail` (src/project.rs:{given} and src/project.rs:{given}); expected a name for \
                 each\n\n\
                 the mocks of `mail` (src/project.rs:{given}): invalid type: sequence, expected an object at line 2 \
                 column 19\n\n\
                 stack `mail` has 1 error:\n\n\
                 error[F1001]: the logical id `Mails` is used twice; expected each to be unique\n  \
                 at   Resources/Mails\n  \
                 from src/project.rs:{second}\n  \
                 help it is first declared at src/project.rs:{first}"
            )
        );
        let nothing = "this program has no stack; expected one in its `main`: `Project::new().stack(…)`";
        assert_eq!(failure(|| Project::new().assert_clean()), nothing);
    }
}
