//! Pictures of models and their relations, drawn from the static metadata.

use std::fmt::Write;

use crate::descriptor::{ColumnDescriptor, ModelDescriptor, RelationDescriptor, RelationKind};

/// The models as a Mermaid entity-relationship diagram: their columns, and one line for each relation, or for each
/// variant of a polymorphic one, at the model that declares it. A relation and its inverse share a line; a model that
/// extends another has a line to it.
///
/// Models that are only reached through relations are drawn too.
pub fn mermaid(models: &[&'static ModelDescriptor]) -> String {
    let models = reachable(models);
    let mut out = String::from("erDiagram\n");
    for model in &models {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "    {} {{", model.name);
        for (at, column) in model.columns.iter().enumerate() {
            let mut marks = Vec::new();
            if model.key.contains(&at) {
                marks.push("PK");
            }
            if is_foreign_key(model, at, &models) {
                marks.push("FK");
            }
            let marks = if marks.is_empty() { String::new() } else { format!(" {}", marks.join(", ")) };
            let _ = writeln!(out, "        {} {}{marks}", word(plain_type(column)), word(column.column));
        }
        let _ = writeln!(out, "    }}");
    }
    for model in &models {
        if let Some(parent) = model.extends() {
            let _ = writeln!(out, "    {} ||--|| {} : \"extends\"", model.name, parent.name);
        }
        for relation in model.own_relations {
            for target in relation.targets().filter(|target| is_drawn(model, relation, target)) {
                let _ = writeln!(out, "    {}", line(model, relation, target));
            }
        }
    }
    out
}

/// The models and all that their relations lead to, each once, in the order of discovery.
fn reachable(models: &[&'static ModelDescriptor]) -> Vec<&'static ModelDescriptor> {
    let mut found: Vec<&'static ModelDescriptor> = Vec::new();
    let mut open: std::collections::VecDeque<_> = models.iter().copied().collect();
    while let Some(model) = open.pop_front() {
        if !found.iter().any(|other| other.path == model.path) {
            found.push(model);
            open.extend(model.extends());
            open.extend(model.own_relations.iter().flat_map(RelationDescriptor::targets));
        }
    }
    found
}

fn is_foreign_key(model: &ModelDescriptor, column: usize, models: &[&'static ModelDescriptor]) -> bool {
    let refers =
        |relation: &RelationDescriptor| relation.kind.has_foreign_key() && relation.owner_columns.contains(&column);
    let is_referred_by = |relation: &RelationDescriptor| {
        !relation.kind.has_foreign_key()
            && relation.pivot.is_none()
            && relation.targets().any(|target| target.path == model.path)
            && relation.target_columns.contains(&column)
    };
    model.relations.iter().any(refers) || models.iter().flat_map(|other| other.own_relations).any(is_referred_by)
}

/// Of a relation and its inverse, the one that has not the foreign key is drawn; of two that are alike, the first by
/// name.
fn is_drawn(model: &ModelDescriptor, relation: &RelationDescriptor, target: &ModelDescriptor) -> bool {
    let inverse = relation.inverse.and_then(|inverse| target.relation(inverse));
    match relation.kind {
        RelationKind::MorphTo => !target.relations.iter().any(|back| {
            back.inverse == Some(relation.name)
                && back.morph.is_some()
                && back.targets().any(|it| it.path == model.path)
        }),
        RelationKind::BelongsTo => inverse.is_none_or(|inverse| inverse.targets().all(|it| it.path != model.path)),
        RelationKind::ManyToMany => {
            inverse.is_none_or(|inverse| (model.path, relation.name) <= ((inverse.owner)().path, inverse.name))
        }
        _ => true,
    }
}

fn line(model: &ModelDescriptor, relation: &RelationDescriptor, target: &ModelDescriptor) -> String {
    let label = match relation.inverse {
        Some(inverse) => format!("{} / {inverse}", relation.name),
        None => relation.name.to_owned(),
    };
    let arrow = match (relation.kind, relation.required) {
        (RelationKind::BelongsTo | RelationKind::MorphTo, true) => "}o--||",
        (RelationKind::BelongsTo | RelationKind::MorphTo, false) => "}o--o|",
        (RelationKind::HasOne, true) => "||--||",
        (RelationKind::HasOne, false) => "||--o|",
        (RelationKind::HasMany, _) => "||--o{",
        (RelationKind::ManyToMany, _) => "}o--o{",
        (RelationKind::HasOneThrough, true) => "||..||",
        (RelationKind::HasOneThrough, false) => "||..o|",
        (RelationKind::HasManyThrough, _) => "||..o{",
    };
    format!("{} {arrow} {} : \"{label}\"", model.name, target.name)
}

/// The type of a column's values: an `Option` is left out.
fn plain_type(column: &ColumnDescriptor) -> &'static str {
    let inner = column.type_name.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    inner.filter(|_| column.nullable).unwrap_or(column.type_name).trim()
}

/// Mermaid takes letters, digits, `_` and `-` as a word.
fn word(name: &str) -> String {
    let word: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
    word.trim_matches('-').to_owned()
}
