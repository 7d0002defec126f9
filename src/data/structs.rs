//! The generated structs by resource type: what they, their fields and their constants are called, and what each field
//! takes. `formwork import` writes them by that.
//!
//! ```text
//! :AWS::Lambda::Function function function_name    a resource type, its module, the method that gives what `Ref` does
//! @Arn arn s                                       an attribute, its method and its type
//! .Function                                        a struct; the first is the resource itself
//! Code! .Code                                      a field that `new` takes
//! Timeout i                                        a field with a setter; `?` behind the name: AWS advises against it
//! =Runtime                                         an enumeration
//! python3.13                                       a value, with its constant behind a tab where that does not follow from it
//! ```

use super::{
    archive::{Archive, Shelf},
    types::{self, Place},
};

static ARCHIVE: Archive = Archive::new(include_bytes!("structs.bin"));

/// What is known of the structs of a resource type; none of a type that has none.
pub(crate) fn of(resource_type: &str) -> Option<&'static Structs> {
    static READ: Shelf<Structs> = Shelf::new();
    READ.get(resource_type, || {
        let (name, place) = types::of(resource_type)?;
        Some((name, read(name, place)?))
    })
}

/// The text of a service, by the middle part of its types' names: `StepFunctions`.
fn service(name: &str) -> Option<&'static str> {
    static READ: Shelf<String> = Shelf::new();
    READ.get(name, || ARCHIVE.read(name)).map(String::as_str)
}

/// The structs of a resource type.
#[derive(Debug)]
pub(crate) struct Structs {
    /// Where the struct of the resource is.
    pub place: &'static Place,
    /// The module of the resource within it: `function`.
    pub module: String,
    /// The method of a handle that gives what `Ref` does.
    pub reference: Option<String>,
    pub attributes: Vec<Attribute>,
    /// The struct of the resource, then those of its properties.
    pub structs: Vec<Struct>,
    pub enums: Vec<Enum>,
}

/// An attribute of a handle.
#[derive(Debug)]
pub(crate) struct Attribute {
    pub name: String,
    /// The method, unless that of `Ref` has its name.
    pub method: Option<String>,
    pub ty: Type,
}

/// A struct.
#[derive(Debug)]
pub(crate) struct Struct {
    pub name: String,
    pub fields: Vec<Field>,
}

/// A field, by AWS's name.
#[derive(Debug)]
pub(crate) struct Field {
    pub name: String,
    pub is_required: bool,
    pub is_deprecated: bool,
    pub ty: Type,
}

/// An enumeration: its values, each with its constant where that does not follow from it.
#[derive(Debug)]
pub(crate) struct Enum {
    pub name: String,
    pub values: Vec<(String, Option<String>)>,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Integer,
    Number,
    Boolean,
    Json,
    Policy,
    Struct(String),
    Enum(String),
    List(Box<Type>),
    Map(Box<Type>),
}

impl Structs {
    /// The struct of the resource itself.
    pub fn resource(&self) -> Option<&Struct> {
        self.structs.first()
    }

    /// The struct with a name.
    pub fn named(&self, name: &str) -> Option<&Struct> {
        self.structs.iter().find(|item| item.name == name)
    }

    /// The enumeration with a name.
    pub fn enumeration(&self, name: &str) -> Option<&Enum> {
        self.enums.iter().find(|item| item.name == name)
    }

    /// The attribute with AWS's name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

impl Struct {
    /// The field with AWS's name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

fn read(resource_type: &str, place: &'static Place) -> Option<Structs> {
    let text = service(resource_type.split("::").nth(1)?)?;
    let (_, text) = text.split_once(&format!(":{resource_type} "))?;
    let mut lines = text.lines();
    let (module, reference) = lines.next()?.split_once(' ')?;
    let mut structs = Structs {
        place,
        module: module.to_owned(),
        reference: (reference != "-").then(|| reference.to_owned()),
        attributes: Vec::new(),
        structs: Vec::new(),
        enums: Vec::new(),
    };
    for line in lines.take_while(|line| !line.starts_with(':')) {
        if let Some(words) = line.strip_prefix('@') {
            let mut words = words.split(' ');
            let (name, method, ty) = (words.next()?.to_owned(), words.next()?, self::ty(words.next()?)?);
            let method = (method != "-").then(|| method.to_owned());
            structs.attributes.push(Attribute { name, method, ty });
        } else if let Some(name) = line.strip_prefix('.') {
            structs.structs.push(Struct { name: name.to_owned(), fields: Vec::new() });
        } else if let Some(name) = line.strip_prefix('=') {
            structs.enums.push(Enum { name: name.to_owned(), values: Vec::new() });
        } else if let Some(last) = structs.enums.last_mut() {
            let (value, constant) = line.split_once('\t').map_or((line, None), |(value, name)| (value, Some(name)));
            last.values.push((value.to_owned(), constant.map(str::to_owned)));
        } else {
            let (name, ty) = line.split_once(' ')?;
            let field = Field {
                name: name.trim_end_matches(['!', '?']).to_owned(),
                is_required: name.ends_with('!'),
                is_deprecated: name.ends_with('?'),
                ty: self::ty(ty)?,
            };
            structs.structs.last_mut()?.fields.push(field);
        }
    }
    Some(structs)
}

fn ty(word: &str) -> Option<Type> {
    let mut letters = word.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    Some(match first {
        's' => Type::String,
        'i' => Type::Integer,
        'n' => Type::Number,
        'b' => Type::Boolean,
        'j' => Type::Json,
        'p' => Type::Policy,
        '.' => Type::Struct(rest.to_owned()),
        '=' => Type::Enum(rest.to_owned()),
        '[' => Type::List(Box::new(ty(rest)?)),
        '{' => Type::Map(Box::new(ty(rest)?)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_structs_of_every_type_can_be_read() {
        for (name, _) in types::all() {
            let structs = of(name).unwrap_or_else(|| panic!("{name} cannot be read"));
            assert_eq!(structs.resource().map(|item| &item.name), Some(&structs.place.name), "{name}");
            let mut types: Vec<&Type> =
                structs.structs.iter().flat_map(|item| &item.fields).map(|field| &field.ty).collect();
            while let Some(ty) = types.pop() {
                match ty {
                    Type::Struct(named) => assert!(structs.named(named).is_some(), "{name}: {named}"),
                    Type::Enum(named) => assert!(structs.enumeration(named).is_some(), "{name}: {named}"),
                    Type::List(inner) | Type::Map(inner) => types.push(inner),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_type_has_modules_methods_and_fields() {
        let function = of("AWS::Lambda::Function").unwrap();
        assert_eq!((function.place.service.as_str(), function.module.as_str()), ("lambda", "function"));
        assert_eq!(function.reference.as_deref(), Some("function_name"));
        assert_eq!(function.attribute("Arn").unwrap().method.as_deref(), Some("arn"));
        let resource = function.resource().unwrap();
        assert!(resource.field("Code").unwrap().is_required && !resource.field("Timeout").unwrap().is_required);
        assert_eq!(resource.field("Runtime").unwrap().ty, Type::Enum("Runtime".to_owned()));
        assert!(of("AWS::ECS::Servise").is_none());
    }
}
