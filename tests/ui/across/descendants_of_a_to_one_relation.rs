use relations_core::{BelongsTo, HasMany, Relations, Sqlite};

#[derive(Relations)]
pub struct Node {
    pub id: i64,
    pub parent_id: Option<i64>,
    pub user_id: i64,
    #[belongs_to]
    pub parent: BelongsTo<Option<Node>>,
    #[has_many(foreign_key = parent_id)]
    pub children: HasMany<Node>,
    #[belongs_to]
    pub user: BelongsTo<User>,
}

#[derive(Relations)]
pub struct User {
    pub id: i64,
}

pub async fn read(node: Node, db: Sqlite) {
    let _ = node.descendants(Node::PARENT, &db).await;
}

fn main() {}
