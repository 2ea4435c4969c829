use relations_core::{BelongsTo, HasMany, Relations};

#[derive(Relations)]
pub struct User {
    pub number: i64,
    #[has_many(foreign_key = author_id, inverse = author)]
    pub posts: HasMany<Post>,
}

#[derive(Relations)]
pub struct Post {
    pub id: i64,
    pub author_id: i64,
    #[belongs_to(inverse = posts)]
    pub author: BelongsTo<User>,
    #[belongs_to(foreign_key = author_id, references = email)]
    pub writer: BelongsTo<User>,
}

fn main() {
    let db = relations_core::Sqlite::memory().unwrap();
    let _ = User::find(&db, 7);
    let _ = User::query().with(User::POSTS.with(Post::AUTHOR)).all(&db);
    let _ = |user: &User, post: &Post| {
        let _ = user.posts(&relations_core::Sqlite::memory().unwrap());
        let _ = post.author_query();
    };
}
