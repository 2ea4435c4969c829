//! Entities of SeaORM in the format that is new in 2.0, with its entity loader.

use std::fmt::Write;

use super::{Framework, columns};
use crate::schema::Model;

pub(super) const FRAMEWORK: Framework = Framework {
    name: "seaorm",
    title: "SeaORM 2.0.4",
    dependencies: "sea-orm = { version = \"=2.0.4\", default-features = false, features = [\"macros\"] }\n",
    model,
};

fn model(model: &Model) -> String {
    let mut text = format!(
        "use sea_orm::entity::prelude::*;\n\n#[sea_orm::model]\n#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]\n\
         #[sea_orm(table_name = \"{table}\")]\npub struct Model {{\n",
        table = model.name.table,
    );
    if model.has_id {
        text.push_str("    #[sea_orm(primary_key)]\n    pub id: i64,\n");
    }
    let key = "    #[sea_orm(primary_key, auto_increment = false)]\n";
    text.push_str(&columns(model, if model.has_id { "" } else { key }));
    for link in &model.belongs_to {
        let (field, target) = (&link.field, &link.target.module);
        let _ = writeln!(text, "    #[sea_orm(belongs_to, from = \"{field}_id\", to = \"id\")]");
        let _ = writeln!(text, "    pub {field}: BelongsTo<super::{target}::Entity>,");
    }
    if let Some(relation) = &model.has_many {
        let (field, target) = (&relation.link.field, &relation.link.target.module);
        let _ = writeln!(text, "    #[sea_orm(has_many)]\n    pub {field}: HasMany<super::{target}::Entity>,");
    }
    if let Some(relation) = &model.many_to_many {
        let (field, target, join) = (&relation.link.field, &relation.link.target.module, &relation.join.module);
        let _ = writeln!(text, "    #[sea_orm(has_many, via = \"{join}\")]");
        let _ = writeln!(text, "    pub {field}: HasMany<super::{target}::Entity>,");
    }
    text + "}\n\nimpl ActiveModelBehavior for ActiveModel {}\n"
}
