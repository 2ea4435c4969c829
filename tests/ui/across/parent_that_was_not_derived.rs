use relations_core::{BelongsTo, Relations};

#[derive(Relations)]
pub struct Person {
    pub id: i64,
    #[belongs_to]
    pub boss: BelongsTo<Option<Person>>,
}

#[derive(Relations)]
pub struct Manager {
    #[relations(extends)]
    pub person: Person,
    #[belongs_to(overrides, foreign_key = boss_id)]
    pub boss: BelongsTo<Option<Manager>>,
}

fn main() {
    let _ = Manager::query().with(Manager::BOSS);
}
