//! Many-to-many: articles and tags over a model with data of its own, articles and readers over a plain table, people
//! who follow others, and friends.

use relations_core::{BelongsTo, ManyToMany, Relations, Sqlite};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The tables. No foreign keys are enforced: dangling ones are part of the tests.
pub const SCHEMA: &str = "
    CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
    CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE article_tags (id INTEGER PRIMARY KEY, article_id INTEGER, tag_id INTEGER, weight INTEGER NOT NULL);
    CREATE TABLE article_readers (article_id INTEGER, person_id INTEGER);
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE follows (id INTEGER PRIMARY KEY, follower_id INTEGER NOT NULL, followee_id INTEGER NOT NULL);
    CREATE TABLE friendships (id INTEGER PRIMARY KEY, one_id INTEGER NOT NULL, other_id INTEGER NOT NULL);
    CREATE TABLE crates (shop TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (shop, number)) WITHOUT ROWID;
    CREATE TABLE goods (id BLOB PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE packed (crate_shop TEXT, crate_number INTEGER, good_id BLOB);
    CREATE TABLE routes (shop TEXT NOT NULL, number INTEGER NOT NULL, to_shop TEXT NOT NULL, to_number INTEGER NOT NULL,
                         PRIMARY KEY (shop, number, to_shop, to_number)) WITHOUT ROWID;
    CREATE INDEX packed_crate ON packed (crate_shop, crate_number);
    CREATE INDEX packed_good ON packed (good_id);
    CREATE INDEX routes_to ON routes (to_shop, to_number);
    CREATE INDEX article_tags_article ON article_tags (article_id);
    CREATE INDEX article_tags_tag ON article_tags (tag_id);
    CREATE INDEX article_readers_article ON article_readers (article_id);
    CREATE INDEX article_readers_person ON article_readers (person_id);
    CREATE INDEX follows_follower ON follows (follower_id);
    CREATE INDEX follows_followee ON follows (followee_id);
    CREATE INDEX friendships_one ON friendships (one_id);
    CREATE INDEX friendships_other ON friendships (other_id);
";

/// Article 1 has the tags rust and sql, article 2 sql twice and one that does not exist, article 3 none. Article 1 is
/// read by Ann and Bob, article 2 by Bob. Ann and Bob follow Cid, Cid follows Ann. Friends are Ann and Bob, Cid; Dan and
/// Ann, Cid.
pub const ROWS: &str = "
    INSERT INTO articles VALUES (1, 'one'), (2, 'two'), (3, 'three');
    INSERT INTO tags VALUES (1, 'rust'), (2, 'sql'), (3, 'async');
    INSERT INTO article_tags VALUES (1, 1, 1, 5), (2, 1, 2, 3), (3, 2, 2, 9), (4, 2, 99, 4), (5, 2, 2, 1);
    INSERT INTO people VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid'), (4, 'Dan'), (5, 'Eve');
    INSERT INTO article_readers VALUES (1, 1), (1, 2), (2, 2);
    INSERT INTO follows VALUES (1, 1, 3), (2, 2, 3), (3, 3, 1);
    INSERT INTO friendships VALUES (1, 1, 2), (2, 1, 3), (3, 4, 1), (4, 4, 3);
";

/// The fixture, run inline.
pub fn db() -> Sqlite {
    crate::database(SCHEMA, ROWS)
}

/// The tables without rows, run inline.
pub fn empty() -> Sqlite {
    crate::database(SCHEMA, "")
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "articles")]
pub struct Article {
    #[relations(key)]
    pub id: i64,
    pub title: String,
    #[many_to_many(through = ArticleTag, inverse = articles)]
    pub tags: ManyToMany<Tag, ArticleTag>,
    #[many_to_many(through = ArticleTag, order_by_pivot(weight desc), distinct)]
    pub top_tags: ManyToMany<Tag>,
    #[many_to_many(table = "article_readers", inverse = read)]
    pub readers: ManyToMany<Person>,
    #[many_to_many(table = "article_readers", foreign_key = article_id, target_key = person_id, order_by(name desc))]
    pub readers_by_name: ManyToMany<Person>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "tags")]
pub struct Tag {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    #[many_to_many(order_by(title))]
    pub articles: ManyToMany<Article, ArticleTag>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "article_tags")]
pub struct ArticleTag {
    #[relations(key)]
    pub id: i64,
    pub article_id: Option<i64>,
    pub tag_id: Option<i64>,
    pub weight: i64,
    #[belongs_to]
    pub article: BelongsTo<Option<Article>>,
    #[belongs_to]
    pub tag: BelongsTo<Option<Tag>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "people")]
pub struct Person {
    #[relations(key)]
    pub id: i64,
    pub name: String,
    #[many_to_many(table = "article_readers")]
    pub read: ManyToMany<Article>,
    #[many_to_many(through = Follow, near = followee, far = follower, inverse = followees)]
    pub followers: ManyToMany<Person, Follow>,
    #[many_to_many(through = Follow, near = follower)]
    pub followees: ManyToMany<Person, Follow>,
    #[many_to_many(through = Friendship, symmetric)]
    pub friends: ManyToMany<Person, Friendship>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "follows")]
pub struct Follow {
    #[relations(key)]
    pub id: i64,
    pub follower_id: i64,
    pub followee_id: i64,
    #[belongs_to]
    pub follower: BelongsTo<Person>,
    #[belongs_to]
    pub followee: BelongsTo<Person>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Relations)]
#[relations(table = "friendships")]
pub struct Friendship {
    #[relations(key)]
    pub id: i64,
    pub one_id: i64,
    pub other_id: i64,
    #[belongs_to]
    pub one: BelongsTo<Person>,
    #[belongs_to]
    pub other: BelongsTo<Person>,
}

/// A crate of goods: a key of two columns, one of them a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Relations)]
#[relations(table = "crates")]
pub struct Crate {
    #[relations(key)]
    pub shop: String,
    #[relations(key)]
    pub number: i64,
    #[many_to_many(table = "packed", foreign_key = (crate_shop, crate_number))]
    pub goods: ManyToMany<Good>,
    #[many_to_many(through = Route, symmetric)]
    pub beside: ManyToMany<Crate>,
    #[many_to_many(through = Route, near = from, far = to)]
    pub next: ManyToMany<Crate, Route>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Relations)]
#[relations(table = "goods")]
pub struct Good {
    #[relations(key)]
    pub id: Uuid,
    pub name: String,
    #[many_to_many(table = "packed", target_key = (crate_shop, crate_number))]
    pub crates: ManyToMany<Crate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Relations)]
#[relations(table = "routes")]
pub struct Route {
    #[relations(key)]
    pub shop: String,
    #[relations(key)]
    pub number: i64,
    #[relations(key)]
    pub to_shop: String,
    #[relations(key)]
    pub to_number: i64,
    #[belongs_to(foreign_key = (shop, number))]
    pub from: BelongsTo<Crate>,
    #[belongs_to(foreign_key = (to_shop, to_number))]
    pub to: BelongsTo<Crate>,
}
