//! Structs of the same columns that nothing is derived for but what all others derive: what is left is the compiler's.

use super::{Framework, columns};
use crate::schema::Model;

pub(super) const FRAMEWORK: Framework = Framework { name: "plain", title: "plain structs", dependencies: "", model };

fn model(model: &Model) -> String {
    let id = if model.has_id { "    pub id: i64,\n" } else { "" };
    format!(
        "#[derive(Debug, Clone)]\npub struct {name} {{\n{id}{columns}}}\n",
        name = model.name.model,
        columns = columns(model, "")
    )
}
