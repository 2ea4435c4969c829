//! Structs and tables of Diesel. It has no relation to many: one asks by what belongs to the row.

use std::fmt::Write;

use super::{Framework, columns, uses};
use crate::schema::{ColumnType, Model};

pub(super) const FRAMEWORK: Framework = Framework {
    name: "diesel",
    title: "Diesel 2.3.14",
    dependencies: "diesel = { version = \"=2.3.14\", default-features = false, features = [\"sqlite\", \"32-column-tables\"] }\n",
    model,
};

fn model(model: &Model) -> String {
    let table = &model.name.table;
    let mut text = format!("use diesel::prelude::*;\n\n{}\n", uses(model.belongs_to.iter().map(|link| &link.target)));
    text.push_str(&declaration(model));
    for link in &model.belongs_to {
        let (target, module) = (&link.target.table, &link.target.module);
        let _ = writeln!(text, "use crate::{module}::{target};");
        let _ = writeln!(text, "diesel::joinable!({table} -> {target} ({}_id));", link.field);
        let _ = write!(text, "diesel::allow_tables_to_appear_in_same_query!({table}, {target});\n\n");
    }
    text.push_str("#[derive(Debug, Clone, Queryable, Selectable, Identifiable, Associations)]\n");
    let _ = writeln!(text, "#[diesel(table_name = {table})]");
    if !model.has_id {
        let _ = writeln!(text, "#[diesel(primary_key({}))]", keys(model));
    }
    for link in &model.belongs_to {
        let _ = writeln!(text, "#[diesel(belongs_to({}, foreign_key = {}_id))]", link.target.model, link.field);
    }
    let id = if model.has_id { "    pub id: i64,\n" } else { "" };
    let _ = writeln!(text, "pub struct {} {{\n{id}{}}}", model.name.model, columns(model, ""));
    text
}

fn declaration(model: &Model) -> String {
    let (key, id) = if model.has_id { ("id".to_owned(), "        id -> BigInt,\n") } else { (keys(model), "") };
    let mut text = format!("diesel::table! {{\n    {} ({key}) {{\n{id}", model.name.table);
    for link in &model.belongs_to {
        let _ = writeln!(text, "        {}_id -> BigInt,", link.field);
    }
    for (name, column) in &model.columns {
        let _ = writeln!(text, "        {name} -> {},", sql_type(*column));
    }
    text + "    }\n}\n\n"
}

fn sql_type(column: ColumnType) -> &'static str {
    match column {
        ColumnType::Integer => "BigInt",
        ColumnType::Real => "Double",
        ColumnType::Text => "Text",
        ColumnType::OptionalText => "Nullable<Text>",
        ColumnType::Boolean => "Bool",
    }
}

fn keys(model: &Model) -> String {
    let keys: Vec<String> = model.belongs_to.iter().map(|link| format!("{}_id", link.field)).collect();
    keys.join(", ")
}
