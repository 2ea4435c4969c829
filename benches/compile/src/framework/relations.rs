//! Models of relations-core.

use std::fmt::Write;

use super::{Framework, columns, targets, uses};
use crate::schema::Model;

pub(super) const FRAMEWORK: Framework = Framework {
    name: "relations",
    title: "relations 0.1",
    dependencies: "relations-core = { path = \"{core}\", features = [\"sqlite\"] }\n",
    model,
};

fn model(model: &Model) -> String {
    let mut text = format!(
        "use relations_core::{{{fields}, Relations}};\n\n{uses}\n\
         #[derive(Debug, Clone, Relations)]\n#[relations(table = \"{table}\")]\npub struct {name} {{\n",
        fields = fields(model),
        uses = uses(targets(model)),
        table = model.name.table,
        name = model.name.model,
    );
    if model.has_id {
        text.push_str("    #[relations(key)]\n    pub id: i64,\n");
    }
    text.push_str(&columns(model, if model.has_id { "" } else { "    #[relations(key)]\n" }));
    for link in &model.belongs_to {
        let _ = writeln!(text, "    #[belongs_to]\n    pub {}: BelongsTo<{}>,", link.field, link.target.model);
    }
    if let Some(relation) = &model.has_many {
        let (field, target, inverse) = (&relation.link.field, &relation.link.target.model, &relation.inverse);
        let _ = writeln!(text, "    #[has_many(foreign_key = {inverse}_id, inverse = {inverse})]");
        let _ = writeln!(text, "    pub {field}: HasMany<{target}>,");
    }
    if let Some(relation) = &model.many_to_many {
        let (field, target, join) = (&relation.link.field, &relation.link.target.model, &relation.join.model);
        let _ = writeln!(text, "    #[many_to_many]\n    pub {field}: ManyToMany<{target}, {join}>,");
    }
    text + "}\n"
}

fn fields(model: &Model) -> &'static str {
    match (&model.has_many, &model.many_to_many) {
        (Some(_), Some(_)) => "BelongsTo, HasMany, ManyToMany",
        (Some(_), None) => "BelongsTo, HasMany",
        (None, _) => "BelongsTo",
    }
}
