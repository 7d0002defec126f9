//! The generated structs by resource type: what they, their fields and their constants are called, and what each field
//! takes. `formwork import` writes them by that, `list --types` names them.
//!
//! ```text
//! lambda function - function_name     the modules, the feature it is behind, the method that gives what `Ref` does
//! @Arn arn s                          an attribute, its method and its type
//! .Function                           a struct; the first is the resource itself
//! Code! .Code                         a field that `new` takes
//! Timeout i                           a field with a setter; `?` behind the name: AWS advises against it
//! =Runtime                            an enumeration
//! python3.13                          a value, with its constant behind a tab where that does not follow from it
//! ```

use super::archive::{Archive, Shelf};

static ARCHIVE: Archive = Archive::new(include_bytes!("structs.bin"));

/// The archive: where the structs are from, and how many resource types have some.
pub fn archive() -> Archive {
    ARCHIVE
}

/// What is known of the structs of a resource type; none of a type that has none.
pub(crate) fn of(resource_type: &str) -> Option<&'static Structs> {
    static READ: Shelf<Structs> = Shelf::new();
    READ.get(resource_type, || {
        let (name, text) = ARCHIVE.read(resource_type)?;
        Some((name, read(&text)?))
    })
}

/// The structs of a resource type.
#[derive(Debug)]
pub(crate) struct Structs {
    /// The module of the service: `lambda`.
    pub service: String,
    /// The module of the resource within it: `function`.
    pub module: String,
    /// The cargo feature that the structs are behind, if they are not always there.
    pub feature: Option<String>,
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
    /// The path of the struct of the resource within the crate: `aws::lambda::Function`.
    pub fn path(&self) -> String {
        let name = self.resource().map_or("", |item| item.name.as_str());
        format!("aws::{}::{name}", self.service)
    }

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

fn read(text: &str) -> Option<Structs> {
    let mut lines = text.lines();
    let mut head = lines.next()?.split(' ').map(str::to_owned);
    let mut structs = Structs {
        service: head.next()?,
        module: head.next()?,
        feature: head.next().filter(|feature| feature != "-"),
        reference: head.next().filter(|method| method != "-"),
        attributes: Vec::new(),
        structs: Vec::new(),
        enums: Vec::new(),
    };
    for line in lines {
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
        let names: Vec<&str> = archive().names().collect();
        assert!(names.len() > 1_800, "{}", names.len());
        for name in names {
            let structs = of(name).unwrap_or_else(|| panic!("{name} cannot be read"));
            assert!(structs.resource().is_some(), "{name}");
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
        assert_eq!((function.service.as_str(), function.module.as_str()), ("lambda", "function"));
        assert_eq!(function.reference.as_deref(), Some("function_name"));
        assert_eq!(function.attribute("Arn").unwrap().method.as_deref(), Some("arn"));
        let resource = function.resource().unwrap();
        assert!(resource.field("Code").unwrap().is_required && !resource.field("Timeout").unwrap().is_required);
        assert_eq!(resource.field("Runtime").unwrap().ty, Type::Enum("Runtime".to_owned()));
        assert_eq!(function.feature, None);
        assert_eq!(of("AWS::ECS::Service").unwrap().feature.as_deref(), Some("ecs"));
        assert!(of("AWS::ECS::Servise").is_none());
    }
}
