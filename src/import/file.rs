//! Statements as a file of Rust: imports, constants, the function that composes the stack, and one for each resource
//! where there are many.

use std::{collections::BTreeSet, fmt::Write};

use super::{
    case::ident,
    code::{Code, Path},
    hoist::Constants,
    imports::Imports,
    layout,
    plan::Step,
    scope::{Variable, VariableType},
    shape::WIDTH,
};

/// The longest text that stands in a statement which has no room for it.
const LONGEST: [usize; 5] = [100, 85, 70, 55, 40];
/// More lines than that, and each resource has a function of its own.
const MOST_LINES: usize = 90;
/// More setters as well: a build without optimization keeps a copy of the resource for each, all in one frame.
const MOST_SETTERS: usize = 90;
/// More resources than that as well.
const MOST_RESOURCES: usize = 12;

/// What a module has: the stack, and what it is composed of.
pub(super) struct Contents {
    pub name: String,
    /// The lines that it begins with.
    pub head: Vec<String>,
    pub steps: Vec<Step>,
}

impl Contents {
    /// The text as one file.
    pub fn file(&self) -> String {
        self.whole(&mut None)
    }

    /// The text as the files of a folder: long texts beside the code, and a file for each service where there are many
    /// resources.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut beside = Some(Vec::new());
        let mut files = Vec::new();
        let whole = self.whole(&mut beside);
        if self.is_large(&whole) {
            beside = Some(Vec::new());
            let used = self.used();
            let mut modules: Vec<(String, Vec<&Step>)> = Vec::new();
            for step in self.steps.iter().filter(|step| is_resource(step)) {
                let module = module(&step.kind);
                match modules.iter_mut().find(|(known, _)| *known == module) {
                    Some((_, steps)) => steps.push(step),
                    None => modules.push((module, vec![step])),
                }
            }
            modules.sort_by(|one, other| one.0.cmp(&other.0));
            let names: Vec<&str> = modules.iter().map(|(name, _)| name.as_str()).collect();
            let main = Writer::new(&used, Form::Main).main(&self.name, &self.head, &self.steps, &names, &mut beside);
            files.push(("mod.rs".to_owned(), main));
            for (module, steps) in &modules {
                let text = Writer::new(&used, Form::Module).module(steps, &mut beside);
                files.push((format!("{module}.rs"), text));
            }
        } else {
            files.push(("mod.rs".to_owned(), whole));
        }
        files.extend(beside.unwrap_or_default());
        files
    }

    fn whole(&self, beside: &mut Option<Vec<(String, String)>>) -> String {
        let used = self.used();
        if self.has_many() {
            return Writer::new(&used, Form::Functions).main(&self.name, &self.head, &self.steps, &[], beside);
        }
        let text = Writer::new(&used, Form::Inline).main(&self.name, &self.head, &self.steps, &[], beside);
        if !self.is_large(&text) {
            return text;
        }
        beside.iter_mut().for_each(Vec::clear);
        Writer::new(&used, Form::Functions).main(&self.name, &self.head, &self.steps, &[], beside)
    }

    /// Whether so much would stand in one function that nobody would read it, and that its frame would be too large.
    fn is_large(&self, text: &str) -> bool {
        let body = text.split("pub fn stack() -> Stack {").nth(1).unwrap_or_default();
        let resources = self.steps.iter().filter(|step| is_resource(step)).count();
        resources > 1 && (self.has_many() || body.lines().count() > MOST_LINES)
    }

    /// Whether the resources and what they have are too much for one function, however it looks.
    fn has_many(&self) -> bool {
        let resources = self.steps.iter().filter(|step| is_resource(step));
        let (count, setters) = resources.fold((0, 0), |(count, sum), step| (count + 1, sum + step.code.setters()));
        count > MOST_RESOURCES || count > 1 && setters > MOST_SETTERS
    }

    fn used(&self) -> BTreeSet<String> {
        self.steps.iter().flat_map(|step| &step.used).map(|variable| variable.name.clone()).collect()
    }
}

/// The module of a resource type: that of its service.
fn module(kind: &str) -> String {
    let service = match kind.split("::").collect::<Vec<_>>().as_slice() {
        ["AWS", service, ..] => service.to_lowercase(),
        [vendor, ..] => vendor.to_lowercase(),
        [] => String::new(),
    };
    let name: String = service.chars().filter(char::is_ascii_alphanumeric).collect();
    match ident(&name) == name && name != "mod" && name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true => name,
        false => format!("resources_{name}"),
    }
}

fn is_resource(step: &Step) -> bool {
    step.section == "Resources" && step.variable.is_some()
}

/// Where the resources are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In the function that composes the stack.
    Inline,
    /// In functions below it.
    Functions,
    /// In functions of other modules.
    Main,
    /// In functions, and this is their module.
    Module,
}

/// Files that are written beside, if there are any.
type Beside = Option<Vec<(String, String)>>;

struct Writer<'a> {
    /// The variables that something uses.
    used: &'a BTreeSet<String>,
    form: Form,
    imports: Imports,
    constants: Constants,
}

impl<'a> Writer<'a> {
    fn new(used: &'a BTreeSet<String>, form: Form) -> Self {
        Self { used, form, imports: Imports::default(), constants: Constants::default() }
    }

    /// The file with the function that composes the stack.
    fn main(mut self, name: &str, head: &[String], steps: &[Step], modules: &[&str], beside: &mut Beside) -> String {
        self.imports.note("Stack");
        let form = self.form;
        self.note(steps.iter().filter(|step| form != Form::Main || !is_resource(step)));
        let mut body = String::new();
        let mut functions = String::new();
        let opening = Code::Call(Path::new("Stack", "::new"), vec![Code::string(name)]);
        let binding = if steps.is_empty() { "stack" } else { "mut stack" };
        body.push_str(&self.statement(Some(binding), opening, "", 1));
        let mut section = "";
        for step in steps {
            // A line between what is of different kinds.
            let is_head = |name: &str| matches!(name, "" | "Description" | "Transform" | "Metadata");
            if section != step.section && !(is_head(section) && is_head(&step.section)) {
                body.push('\n');
            }
            section = &step.section;
            if self.form == Form::Inline || !is_resource(step) {
                comment(&mut body, "    // ", &step.comment);
                body.push_str(&self.inline(step));
                continue;
            }
            self.imports.borrowed.clear();
            let arguments = step.used.iter().map(|variable| Code::borrow(variable.name.clone()));
            let arguments = std::iter::once(Code::text("&mut stack")).chain(arguments).collect();
            let variable = step.variable.as_ref().map(|variable| variable.name.as_str()).unwrap_or_default();
            let path = if self.form == Form::Main {
                format!("{}::{variable}", module(&step.kind))
            } else {
                variable.to_owned()
            };
            let binding = self.used.contains(variable).then_some(variable);
            body.push_str(&self.statement(binding, Code::Call(Path::local(path), arguments), &step.id, 1));
            if self.form == Form::Functions {
                functions.push_str(&self.function(step));
            }
        }
        body.push_str("    stack\n");
        let mut out = String::new();
        comment(&mut out, "//! ", head);
        if !out.is_empty() {
            out.push('\n');
        }
        modules.iter().for_each(|module| out.push_str(&format!("mod {module};\n")));
        if !modules.is_empty() {
            out.push('\n');
        }
        self.declarations(&mut out, beside);
        let _ = write!(out, "\n/// Composes the stack.\npub fn stack() -> Stack {{\n{body}}}\n{functions}");
        out
    }

    /// The file of a service.
    fn module(mut self, steps: &[&Step], beside: &mut Beside) -> String {
        self.imports.note("Stack");
        self.note(steps.iter().copied());
        let functions: String = steps.iter().map(|step| self.function(step)).collect();
        let kind = steps.first().map(|step| step.kind.as_str()).unwrap_or_default();
        let service = kind.rsplit_once("::").map_or(kind, |(service, _)| service);
        let mut out = format!("//! The resources of `{service}`.\n\n");
        self.declarations(&mut out, beside);
        out + &functions
    }

    /// The imports and the constants; long texts become files, where they may.
    fn declarations(&self, out: &mut String, beside: &mut Beside) {
        out.push_str(&self.imports.declaration());
        let names = |path: &Path| self.imports.text(path);
        for constant in &self.constants.0 {
            let left = format!("const {}: &str =", constant.name);
            let file = beside.as_mut().and_then(|files| constant.file(files));
            let code = match &file {
                Some(file) => Code::Call(Path::local("include_str!"), vec![Code::string(file)]),
                None => Code::text(constant.literal.as_str()),
            };
            let _ = write!(out, "\n{}\n", layout::constant(&left, &code, &names));
        }
    }

    /// Notes what is imported.
    fn note<'s>(&mut self, steps: impl Iterator<Item = &'s Step>) {
        for step in steps {
            let mut note = |path: &mut Path| {
                self.imports.note(&path.item);
                for item in ["List<", "Number>"] {
                    if path.rest.contains(item) {
                        self.imports.note(&format!("value::{}", item.trim_end_matches(['<', '>'])));
                    }
                }
            };
            step.code.clone().paths(&mut note);
            step.before.iter().for_each(|(_, code)| code.clone().paths(&mut note));
            step.beside.clone().into_iter().for_each(|mut code| code.paths(&mut note));
            if self.form != Form::Inline && is_resource(step) {
                let returned = step.variable.iter().filter(|variable| self.used.contains(&variable.name));
                for variable in step.used.iter().chain(returned) {
                    items(&variable.ty).iter().for_each(|item| self.imports.note(item));
                }
            }
        }
        self.imports.settle();
    }

    /// The statements of a step in the function that composes the stack.
    fn inline(&mut self, step: &Step) -> String {
        self.imports.borrowed.clear();
        let variable = step.variable.as_ref().map(|variable| variable.name.as_str());
        let binding = variable.filter(|name| step.beside.is_some() || self.used.contains(*name));
        let mut text = self.before(step);
        text.push_str(&self.statement(binding, step.code.clone(), &step.id, 1));
        if let Some(beside) = &step.beside {
            text.push_str(&self.statement(None, beside.clone(), &step.id, 1));
        }
        text
    }

    fn before(&mut self, step: &Step) -> String {
        let statement = |(name, code): &(String, Code)| self.statement(Some(name), code.clone(), &step.id, 1);
        step.before.iter().map(statement).collect()
    }

    /// The function of a resource.
    fn function(&mut self, step: &Step) -> String {
        let Some(variable) = &step.variable else { return String::new() };
        self.imports.borrowed = step.used.iter().map(|variable| variable.name.clone()).collect();
        let is_used = self.used.contains(&variable.name);
        let mut body = self.before(step);
        match &step.beside {
            None if is_used => {
                let code = self.short(step.code.clone(), &step.id, 1, None);
                let names = |path: &Path| self.imports.text(path);
                body.push_str(&layout::value(&code, 1, &names));
                body.push('\n');
            }
            None => body.push_str(&self.statement(None, step.code.clone(), &step.id, 1)),
            Some(beside) => {
                body.push_str(&self.statement(Some(&variable.name), step.code.clone(), &step.id, 1));
                body.push_str(&self.statement(None, beside.clone(), &step.id, 1));
                if is_used {
                    let _ = writeln!(body, "    {}", variable.name);
                }
            }
        }
        let arguments = step.used.iter().map(|used| format!("{}: &{}", used.name, self.ty(used)));
        let arguments: Vec<String> =
            std::iter::once(format!("stack: &mut {}", self.imports.name("Stack"))).chain(arguments).collect();
        let returned = if is_used { format!(" -> {}", self.ty(variable)) } else { String::new() };
        let allowed = match arguments.len() > 7 {
            true => "#[expect(clippy::too_many_arguments, reason = \"the resource refers to as many\")]\n",
            false => "",
        };
        let line = format!("fn {}({}){returned} {{", variable.name, arguments.join(", "));
        let room = if self.form == Form::Module { WIDTH - "pub ".len() } else { WIDTH };
        let head = match line.chars().count() <= room {
            true => line,
            false => {
                let lines: String = arguments.iter().map(|argument| format!("    {argument},\n")).collect();
                format!("fn {}(\n{lines}){returned} {{", variable.name)
            }
        };
        let mut said = String::new();
        comment(&mut said, "/// ", &step.comment);
        let public = if self.form == Form::Module { "pub " } else { "" };
        format!("\n{said}{allowed}{public}{head}\n{body}}}\n")
    }

    fn ty(&self, variable: &Variable) -> String {
        match &variable.ty {
            VariableType::Parameter(inner) => format!("{}<{inner}>", self.imports.name("stack::ParameterRef")),
            VariableType::Condition => self.imports.name("stack::ConditionRef"),
            VariableType::Mapping => self.imports.name("stack::MappingRef"),
            VariableType::Handle(item) => format!("{}<{}>", self.imports.name("Handle"), self.imports.name(item)),
        }
    }

    /// A statement, with its long texts as constants.
    fn statement(&mut self, binding: Option<&str>, code: Code, owner: &str, depth: usize) -> String {
        let code = self.short(code, owner, depth, binding);
        let names = |path: &Path| self.imports.text(path);
        layout::statement(binding, &code, depth, &names) + "\n"
    }

    /// The code without the texts that it has no room for.
    fn short(&mut self, mut code: Code, owner: &str, depth: usize, binding: Option<&str>) -> Code {
        self.constants.hoist(&mut code, owner, usize::MAX);
        for longest in LONGEST {
            let names = |path: &Path| self.imports.text(path);
            if layout::is_possible(binding, &code, depth, &names) {
                break;
            }
            self.constants.hoist(&mut code, owner, longest);
        }
        code
    }
}

/// Lines of comments; one that is empty has no blank behind its sign.
fn comment(out: &mut String, sign: &str, lines: &[String]) {
    for line in lines {
        out.push_str(format!("{sign}{line}").trim_end());
        out.push('\n');
    }
}

/// The items that the type of a variable names.
fn items(ty: &VariableType) -> Vec<&str> {
    match ty {
        VariableType::Parameter(inner) => {
            let lists = inner.starts_with("List").then_some("value::List");
            let numbers = inner.contains("Number").then_some("value::Number");
            std::iter::once("stack::ParameterRef").chain(lists).chain(numbers).collect()
        }
        VariableType::Condition => vec!["stack::ConditionRef"],
        VariableType::Mapping => vec!["stack::MappingRef"],
        VariableType::Handle(item) => vec!["Handle", item],
    }
}
