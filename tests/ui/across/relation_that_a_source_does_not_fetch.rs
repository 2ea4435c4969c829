use relations_core::{CustomSource, HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub id: i64,
    #[has_many]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: i64,
}

pub struct Service;

fn main() {
    let service = CustomSource::new(Service);
    let _ = |user: &User| {
        let _ = user.posts(&service);
    };
}
