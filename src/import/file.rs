//! Statements as a file of Rust: imports, constants, the function that composes the stack, and one for each resource
//! where there are many.

use std::{collections::BTreeSet, fmt::Write};

use super::{
    code::{Code, Path},
    hoist::Constants,
    imports::Imports,
    layout,
    plan::Step,
    scope::{Variable, VariableType},
};

/// The longest text that stands in a statement which has no room for it.
const LONGEST: [usize; 3] = [70, 45, 25];
/// More lines than that, and each resource has a function of its own.
const MOST_LINES: usize = 90;

/// The text of the file.
pub(super) fn render(name: &str, header: &str, steps: Vec<Step>) -> String {
    let used: BTreeSet<String> = steps.iter().flat_map(|step| &step.used).map(|it| it.name.clone()).collect();
    let inline = Writer::new(&used, false).file(name, header, &steps);
    let body = inline.split("pub fn stack() -> Stack {").nth(1).unwrap_or_default();
    let resources = steps.iter().filter(|step| is_resource(step)).count();
    if resources <= 1 || body.lines().count() <= MOST_LINES && resources <= 12 {
        return inline;
    }
    Writer::new(&used, true).file(name, header, &steps)
}

fn is_resource(step: &Step) -> bool {
    step.section == "Resources" && step.variable.is_some()
}

struct Writer<'a> {
    /// The variables that something uses.
    used: &'a BTreeSet<String>,
    /// Whether each resource has a function.
    split: bool,
    imports: Imports,
    constants: Constants,
}

impl<'a> Writer<'a> {
    fn new(used: &'a BTreeSet<String>, split: bool) -> Self {
        Self { used, split, imports: Imports::default(), constants: Constants::default() }
    }

    fn file(mut self, name: &str, header: &str, steps: &[Step]) -> String {
        self.note(steps);
        let mut body = String::new();
        let mut functions = String::new();
        let opening = Code::Call(Path::new("Stack", "::new"), vec![Code::string(name)]);
        body.push_str(&self.statement(Some("mut stack"), opening, "", 1));
        let mut section = "";
        for step in steps {
            // A line between what is of different kinds.
            if section != step.section && (section.is_empty() || step.section != "Outputs" || steps.len() > 6) {
                let is_head = |name: &str| matches!(name, "" | "Description" | "Transform" | "Metadata");
                if !(is_head(section) && is_head(&step.section)) {
                    body.push('\n');
                }
            }
            section = &step.section;
            if self.split && is_resource(step) {
                self.imports.borrowed.clear();
                let arguments = step.used.iter().map(|variable| Code::borrow(variable.name.clone()));
                let arguments = std::iter::once(Code::text("&mut stack")).chain(arguments).collect();
                let variable = step.variable.as_ref().map(|variable| variable.name.as_str()).unwrap_or_default();
                let call = Code::Call(Path::local(variable), arguments);
                let binding = self.used.contains(variable).then_some(variable);
                body.push_str(&self.statement(binding, call, &step.id, 1));
                functions.push_str(&self.function(step));
            } else {
                body.push_str(&self.inline(step));
            }
        }
        body.push_str("    stack\n");
        let mut out = header.to_owned();
        let declaration = self.imports.declaration();
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&declaration);
        let imports = &self.imports;
        for (name, literal) in &self.constants.0 {
            let left = format!("const {name}: &str =");
            let names = |path: &Path| imports.text(path);
            let _ = write!(out, "\n{}\n", layout::constant(&left, &Code::text(literal.as_str()), &names));
        }
        let _ = write!(out, "\n/// Composes the stack.\npub fn stack() -> Stack {{\n{body}}}\n{functions}");
        out
    }

    /// Notes what is imported.
    fn note(&mut self, steps: &[Step]) {
        self.imports.note("Stack");
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
            step.beside.clone().into_iter().for_each(|mut code| code.paths(&mut note));
            if self.split && is_resource(step) {
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
        let mut text = self.statement(binding, step.code.clone(), &step.id, 1);
        if let Some(beside) = &step.beside {
            text.push_str(&self.statement(None, beside.clone(), &step.id, 1));
        }
        text
    }

    /// The function of a resource.
    fn function(&mut self, step: &Step) -> String {
        let Some(variable) = &step.variable else { return String::new() };
        self.imports.borrowed = step.used.iter().map(|variable| variable.name.clone()).collect();
        let is_used = self.used.contains(&variable.name);
        let mut body = String::new();
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
        let head = match line.chars().count() <= layout::WIDTH {
            true => line,
            false => {
                let lines: String = arguments.iter().map(|argument| format!("    {argument},\n")).collect();
                format!("fn {}(\n{lines}){returned} {{", variable.name)
            }
        };
        format!("\n{allowed}{head}\n{body}}}\n")
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
