//! Relations through others over a shared cache.

use relations_core::{BelongsTo, HasMany, HasManyThrough, Relations, block_on};
use relations_tests::blog;

use crate::cached;

#[derive(Debug, Clone, Relations)]
#[relations(table = "users")]
struct User {
    #[relations(key)]
    id: i64,
    #[has_many]
    posts: HasMany<Post>,
    #[has_many(foreign_key = reviewer_id)]
    reviews: HasMany<Post>,
    #[has_many(through = posts.user.reviews)]
    colleagues: HasManyThrough<Post>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "posts")]
struct Post {
    #[relations(key)]
    id: i64,
    user_id: Option<i64>,
    reviewer_id: Option<i64>,
    #[belongs_to]
    user: BelongsTo<Option<User>>,
}

#[test]
fn two_steps_to_one_model_by_the_same_keys_are_read_each_from_its_own_entries() {
    block_on(async {
        let db = cached(blog::db());
        let read = async || {
            let ann = User::find(&db, 1).await.unwrap().unwrap();
            let found = ann.colleagues(&db).await.unwrap();
            found.iter().map(|post| post.id).collect::<Vec<_>>()
        };
        let expected = {
            let ann = User::find(db.source(), 1).await.unwrap().unwrap();
            ann.colleagues(db.source()).await.unwrap().iter().map(|post| post.id).collect::<Vec<_>>()
        };
        assert_eq!(read().await, expected);
        assert_eq!(read().await, expected);
        db.cache().invalidate_relation(User::REVIEWS);
        assert_eq!(read().await, expected);
        db.cache().invalidate_relation(User::POSTS);
        assert_eq!(read().await, expected);
        db.cache().invalidate_relation(Post::USER);
        assert_eq!(read().await, expected);
        db.cache().clear();
        assert_eq!(read().await, expected);
    });
}
