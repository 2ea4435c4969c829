//! Relations through others: any number of hops, distinct targets, and the rows on the way.

use relations_core::{BelongsTo, HasMany, HasManyThrough, HasOne, HasOneThrough, Relations, Sqlite, block_on};
use relations_tests::{database, execute, relations, sent};

const SCHEMA: &str = "
    CREATE TABLE countries (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE profiles (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, country_id INTEGER);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER, title TEXT NOT NULL);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL, user_id INTEGER, text TEXT NOT NULL);
";

/// Post 1 has the comments of users 1, 1 and 2; Bob's only post has none; Cid has written nothing.
const ROWS: &str = "
    INSERT INTO countries VALUES (1, 'Norway'), (2, 'Peru');
    INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid'), (4, 'Dan');
    INSERT INTO profiles VALUES (1, 1, 2), (2, 2, NULL), (3, 3, 99);
    INSERT INTO posts VALUES (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three'), (4, NULL, 'four');
    INSERT INTO comments VALUES (1, 1, 1, 'a'), (2, 1, 1, 'b'), (3, 1, 2, 'c'), (4, 2, 3, 'd'), (5, 2, NULL, 'e'),
                                (6, 2, 99, 'f'), (7, 4, 2, 'g');
";

fn db() -> Sqlite {
    database(SCHEMA, ROWS)
}

#[derive(Debug, Clone, Relations)]
pub struct Country {
    id: i64,
    name: String,
    #[has_many]
    profiles: HasMany<Profile>,
}

#[derive(Debug, Clone, Relations)]
pub struct User {
    pub id: i64,
    pub name: String,
    #[has_one(inverse = user)]
    pub profile: HasOne<Option<Profile>>,
    #[has_many(inverse = user, order_by(id))]
    pub posts: HasMany<Post>,
    #[has_many(through = posts.comments)]
    pub comments: HasManyThrough<Comment>,
    #[has_many(through = posts.comments.user)]
    pub commenters: HasManyThrough<User>,
    #[has_many(through = comments.user)]
    pub commenters_over_comments: HasManyThrough<User>,
    #[has_many(through = commenters.commenters)]
    pub circle: HasManyThrough<User>,
    #[has_one(through = profile.country)]
    pub country: HasOneThrough<Option<Country>>,
    #[has_one(through = profile.country)]
    home: HasOneThrough<Country>,
}

#[derive(Debug, Clone, Relations)]
pub struct Profile {
    pub id: i64,
    pub user_id: i64,
    pub country_id: Option<i64>,
    #[belongs_to]
    pub user: BelongsTo<User>,
    #[belongs_to]
    pub country: BelongsTo<Option<Country>>,
}

#[derive(Debug, Clone, Relations)]
pub struct Post {
    pub id: i64,
    pub user_id: Option<i64>,
    pub title: String,
    #[belongs_to]
    pub user: BelongsTo<Option<User>>,
    #[has_many(inverse = post, order_by(id))]
    pub comments: HasMany<Comment>,
    #[has_many(through = comments.user)]
    pub commenters: HasManyThrough<User>,
    #[has_one(through = user.profile)]
    pub profile: HasOneThrough<Option<Profile>>,
}

#[derive(Debug, Clone, Relations)]
pub struct Comment {
    pub id: i64,
    pub post_id: i64,
    pub user_id: Option<i64>,
    pub text: String,
    #[belongs_to]
    pub post: BelongsTo<Post>,
    #[belongs_to]
    pub user: BelongsTo<Option<User>>,
    #[has_many(through = post.comments)]
    pub siblings: HasManyThrough<Comment>,
}

#[test]
fn targets_are_distinct_and_stand_in_the_order_in_which_they_are_met() {
    block_on(async {
        let db = db();
        let post = Post::find(&db, 1).await.unwrap().unwrap();
        let commenters = post.commenters(&db).await.unwrap();
        assert_eq!(commenters.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 2]);
    });
}
