//! What the walk found, named, and its fields typed.

use super::*;

impl Walk<'_> {
    /// The name of an owner, to prefix the name of something inside it.
    pub(super) fn owner_name(&self, owner: &str) -> String {
        match owner {
            "" => self.name.to_owned(),
            key => pascal(&key.replace("[]", "").replace("{}", "")),
        }
    }

    /// Gives every object and enumeration its name: the one wanted, or with its owner before it where two want it, and
    /// where it is an enumeration by a single word (`Type`, `Mode`) that AWS's API does not call so.
    pub(super) fn name(&mut self, api: &Api) -> Result<(), String> {
        let used = self.used();
        let mut wanting: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for key in used.iter().map(String::as_str) {
            let wanted = self.nodes.get(key).map(|node| &node.wanted).or(self.enums.get(key).map(|e| &e.wanted));
            wanting.entry(wanted.expect("used keys are known")).or_default().push(key);
        }
        let mut names = BTreeMap::new();
        for (wanted, keys) in wanting {
            let sets: BTreeSet<_> =
                keys.iter().map(|key| self.enums.get(*key).map(|e| BTreeSet::from_iter(&e.values))).collect();
            let same = sets.len() == 1 && sets.iter().all(Option::is_some);
            for key in &keys {
                let node = self.nodes.get(*key).map(|node| &node.prefixed);
                let prefixed = node.or(self.enums.get(*key).map(|e| &e.prefixed)).expect("used keys are known");
                let is_general =
                    self.enums.contains_key(*key) && is_one_word(wanted) && api.enumeration(wanted).is_none();
                let is_taken = |name: &str| RESERVED.contains(&name) || !key.is_empty() && name == self.name;
                let name = if keys.len() > 1 && same || keys.len() == 1 && !is_general { wanted } else { prefixed };
                let name = if is_taken(name) { prefixed } else { name };
                let name = match is_taken(name) {
                    true if self.enums.contains_key(*key) => format!("{name}Value"),
                    true => format!("{name}Property"),
                    false => name.to_owned(),
                };
                names.insert((*key).to_owned(), name);
            }
        }
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (key, name) in &names {
            if RESERVED.contains(&name.as_str()) {
                return Err(format!("{key} would be named {name}, which the generated code uses itself; add a fixup"));
            }
            if let Some(other) = owners.insert(name, key) {
                let (one, two) = (self.enums.get(other), self.enums.get(key));
                let same = one
                    .zip(two)
                    .is_some_and(|(one, two)| BTreeSet::from_iter(&one.values) == BTreeSet::from_iter(&two.values));
                if !same {
                    return Err(format!("{other} and {key} would both be named {name}; add a fixup"));
                }
            }
        }
        self.names = names;
        Ok(())
    }

    /// The keys of the objects and enumerations that a writable property leads to.
    fn used(&self) -> Vec<String> {
        let mut used = vec![String::new()];
        let mut next = 0;
        while let Some(key) = used.get(next).cloned() {
            next += 1;
            let properties = self.nodes.get(&key).into_iter().flat_map(|node| &node.properties);
            for target in properties.filter(|property| property.writable).filter_map(|property| target(&property.raw)) {
                if !used.iter().any(|known| known == target) {
                    used.push(target.to_owned());
                }
            }
        }
        used
    }

    fn ty(&self, raw: &Raw) -> Type {
        match raw {
            Raw::Scalar(ty) => ty.clone(),
            Raw::Object(key) => Type::Struct(self.names[key].clone()),
            Raw::Enum(key) => Type::Enum(self.names[key].clone()),
            Raw::List(items) => Type::List(Box::new(self.ty(items))),
            Raw::Map(values) => Type::Map(Box::new(self.ty(values))),
        }
    }

    pub(super) fn structs(&self) -> Result<Vec<Struct>, String> {
        let used = self.order.iter().filter(|key| self.names.contains_key(*key));
        let (root, mut others): (Vec<_>, Vec<_>) = used.partition(|key| key.is_empty());
        others.sort_by_key(|key| &self.names[*key]);
        root.into_iter()
            .chain(others)
            .map(|key| {
                let node = &self.nodes[key];
                let fields: Vec<Field> = node.properties.iter().filter(|p| p.writable).map(|p| self.field(p)).collect();
                let mut idents: Vec<&str> = fields.iter().map(|field| field.ident.as_str()).collect();
                idents.extend(["extra", "new", "property"]);
                idents.sort_unstable();
                if let Some(twice) = idents.windows(2).find(|pair| pair[0] == pair[1]) {
                    return Err(format!("{}: two things would be named {}; add a fixup", node.title, twice[0]));
                }
                Ok(Struct { name: self.names[key].clone(), title: node.title.clone(), page: node.page.clone(), fields })
            })
            .collect()
    }

    fn field(&self, property: &Property) -> Field {
        let updates: Vec<u8> = property.updates.iter().copied().collect();
        let update = match updates.as_slice() {
            [only] if *only == Update::InPlace as u8 => Update::InPlace,
            [only] if *only == Update::Replaces as u8 => Update::Replaces,
            _ => Update::Conditional,
        };
        Field {
            wire: property.wire.clone(),
            ident: field_ident(&property.wire),
            ty: self.ty(&property.raw),
            required: property.required,
            deprecated: property.deprecated,
            boxed: property.schema[RECURSIVE] == true && matches!(property.raw, Raw::Object(_)),
            update,
            schema: property.schema.clone(),
        }
    }

    pub(super) fn enums(&self) -> Result<Vec<Enum>, String> {
        let mut enums: Vec<Enum> = Vec::new();
        for key in self.enum_order.iter().filter(|key| self.names.contains_key(*key)) {
            let name = &self.names[key];
            if enums.iter().any(|known| known.name == *name) {
                continue;
            }
            let found = &self.enums[key];
            let versions = are_versions(found.values.iter().map(|(value, _)| value.as_str()));
            let mut values: Vec<(String, String)> = Vec::new();
            for (value, named) in &found.values {
                let constant = match named {
                    Some(named) => named.clone(),
                    None if value.is_empty() => "EMPTY".to_owned(),
                    None => constant(value, versions),
                };
                if constant.is_empty() {
                    return Err(format!("{}: `{value}` names no constant; add a fixup", found.title));
                }
                match values.iter_mut().find(|(known, _)| *known == constant) {
                    // Two spellings of one value: AWS's APIs have that which is spelt like a constant.
                    Some(known) if constant == *value => known.1.clone_from(value),
                    Some(_) => {}
                    None => values.push((constant, value.clone())),
                }
            }
            enums.push(Enum { name: name.clone(), title: found.title.clone(), values });
        }
        enums.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(enums)
    }
}
