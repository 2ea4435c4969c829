use relations_core::source::{By, Fetched, Lookup};
use relations_core::{CustomSource, Fetch, HasMany, Many, Relations};

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

impl Fetch<Post, i64> for Service {
    type Error = String;
    const BY: &'static [By<Post, i64>] = &[By::column(Post::USER_ID)];

    async fn fetch(&self, _: Lookup<Post, i64>) -> Result<Fetched<Post, i64>, String> {
        Ok(Fetched::default())
    }
}

fn main() {
    let service = CustomSource::new(Service);
    let _ = |users: Many<User>| {
        let _ = users.counts(User::POSTS, &service);
    };
}
