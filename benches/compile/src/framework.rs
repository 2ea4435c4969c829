//! The frameworks: how each writes a model, and what a crate of its models depends on.

pub mod diesel;
pub mod plain;
pub mod relations;
pub mod seaorm;
pub mod toasty;

use std::fmt::Write;

use crate::schema::{Model, Name};

/// A way to write models.
pub struct Framework {
    /// What it is called on the command line and in files.
    pub name: &'static str,
    /// What it is called in the report, with its version.
    pub title: &'static str,
    /// The lines under `[dependencies]`; `{core}` stands for the path of relations-core.
    pub dependencies: &'static str,
    /// The text of a model's file.
    pub model: fn(&Model) -> String,
}

/// All of them; the first is the baseline of all others.
pub const ALL: [Framework; 5] =
    [plain::FRAMEWORK, relations::FRAMEWORK, seaorm::FRAMEWORK, toasty::FRAMEWORK, diesel::FRAMEWORK];

/// The `use` of another model's struct by each of these.
fn uses<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    let mut lines: Vec<String> = names.map(|name| format!("use crate::{}::{};\n", name.module, name.model)).collect();
    lines.sort();
    lines.dedup();
    lines.concat()
}

/// The models that a model's relations name.
fn targets(model: &Model) -> impl Iterator<Item = &Name> {
    let one = model.belongs_to.iter().map(|link| &link.target);
    let many = model.has_many.iter().map(|relation| &relation.link.target);
    let joined = model.many_to_many.iter().flat_map(|relation| [&relation.link.target, &relation.join]);
    one.chain(many).chain(joined)
}

/// The fields of the columns, the keys of others first: `attribute` goes before each of the latter.
fn columns(model: &Model, attribute: &str) -> String {
    let mut text = String::new();
    for link in &model.belongs_to {
        let _ = writeln!(text, "{attribute}    pub {}_id: i64,", link.field);
    }
    for (name, column) in &model.columns {
        let _ = writeln!(text, "    pub {name}: {column},");
    }
    text
}
