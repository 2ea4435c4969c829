//! Models of Toasty. Its relation over a join table leads over a relation to the join table, which the others need not.

use std::fmt::Write;

use super::{Framework, columns, targets, uses};
use crate::schema::Model;

pub(super) const FRAMEWORK: Framework = Framework {
    name: "toasty",
    title: "Toasty 0.11.0",
    dependencies: "toasty = { version = \"=0.11.0\", default-features = false }\n",
    model,
};

fn model(model: &Model) -> String {
    let keys: Vec<String> = model.belongs_to.iter().map(|link| format!("{}_id", link.field)).collect();
    let key = if model.has_id { String::new() } else { format!("#[key({})]\n", keys.join(", ")) };
    let mut text = format!(
        "use toasty::Deferred;\n\n{uses}\n#[derive(Debug, Clone, toasty::Model)]\n#[table = \"{table}\"]\n{key}pub struct {name} {{\n",
        uses = uses(targets(model)),
        table = model.name.table,
        name = model.name.model,
    );
    if model.has_id {
        text.push_str("    #[key]\n    #[auto]\n    pub id: i64,\n");
    }
    text.push_str(&columns(model, "    #[index]\n"));
    for link in &model.belongs_to {
        let (field, target) = (&link.field, &link.target.model);
        let _ = writeln!(text, "    #[belongs_to(key = {field}_id, references = id)]");
        let _ = writeln!(text, "    pub {field}: Deferred<{target}>,");
    }
    if let Some(relation) = &model.has_many {
        let (field, target) = (&relation.link.field, &relation.link.target.model);
        let _ = writeln!(text, "    #[has_many(pair = {inverse})]", inverse = relation.inverse);
        let _ = writeln!(text, "    pub {field}: Deferred<Vec<{target}>>,");
    }
    if let Some(relation) = &model.many_to_many {
        let (field, target, join) = (&relation.link.field, &relation.link.target.model, &relation.join.model);
        let _ = writeln!(text, "    #[has_many(pair = {near})]", near = relation.near);
        let _ = writeln!(text, "    pub line_tags: Deferred<Vec<{join}>>,");
        let _ = writeln!(text, "    #[has_many(via = line_tags.{far})]", far = relation.far);
        let _ = writeln!(text, "    pub {field}: Deferred<Vec<{target}>>,");
    }
    text + "}\n"
}
