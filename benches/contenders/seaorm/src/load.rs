//! The workloads W1 to W6: by the loader, by the entity loader, by joins, and lazily.

use bench_kit::reach::{Nested, Paired};
use bench_kit::{Result, SOME};
use sea_orm::{DatabaseConnection, EntityLoaderTrait, EntityTrait, LoaderTrait, ModelTrait, QueryFilter, Select};

use crate::entity::{comment, post, tag, user};
use crate::tree::{AuthorsEx, Discussed, Said, TagsEx, Tree, UsersEx};

/// How many keys a statement gets where the loader is given chunks: below both databases' limits, and small enough that
/// SQLite does not turn the join around.
const CHUNK: usize = 1_000;

type Posts = Nested<user::Model, post::Model>;
type Authors = Paired<post::Model, user::Model>;
type Tags = Nested<post::Model, tag::Model>;

/// W1 by the loader.
pub async fn posts(db: &DatabaseConnection) -> Result<Posts> {
    let users = user::Entity::find().all(db).await?;
    let posts = users.load_many(post::Entity, db).await?;
    Ok(Nested(users.into_iter().zip(posts).collect()))
}

/// W1 by the entity loader.
pub async fn posts_ex(db: &DatabaseConnection) -> Result<UsersEx> {
    Ok(UsersEx(user::Entity::load().with(post::Entity).all(db).await?))
}

/// W1 by a join.
pub async fn posts_joined(db: &DatabaseConnection) -> Result<Posts> {
    Ok(Nested(user::Entity::find().find_with_related(post::Entity).all(db).await?))
}

/// All posts, for W2.
pub fn all_posts() -> Select<post::Entity> {
    post::Entity::find()
}

/// The first posts, for W2k.
pub fn some_posts() -> Select<post::Entity> {
    all_posts().filter(post::COLUMN.id.lte(SOME))
}

/// W2, W2k by the loader.
pub async fn authors(db: &DatabaseConnection, posts: Select<post::Entity>) -> Result<Authors> {
    let posts = posts.all(db).await?;
    let authors = posts.load_one(user::Entity, db).await?;
    paired(posts.into_iter().zip(authors))
}

/// W2, W2k by a join.
pub async fn authors_joined(db: &DatabaseConnection, posts: Select<post::Entity>) -> Result<Authors> {
    paired(posts.find_also_related(user::Entity).all(db).await?)
}

/// W2 by the entity loader.
pub async fn authors_ex(db: &DatabaseConnection) -> Result<AuthorsEx> {
    Ok(AuthorsEx(post::Entity::load().with(user::Entity).all(db).await?))
}

/// W2k by the entity loader.
pub async fn some_authors_ex(db: &DatabaseConnection) -> Result<AuthorsEx> {
    Ok(AuthorsEx(post::Entity::load().filter(post::COLUMN.id.lte(SOME)).with(user::Entity).all(db).await?))
}

/// W3 by the loader.
pub async fn tags(db: &DatabaseConnection) -> Result<Tags> {
    let posts = post::Entity::find().all(db).await?;
    let tags = posts.load_many(tag::Entity, db).await?;
    Ok(Nested(posts.into_iter().zip(tags).collect()))
}

/// W3 by the loader, for some posts at a time.
pub async fn tags_in_chunks(db: &DatabaseConnection) -> Result<Tags> {
    let posts = post::Entity::find().all(db).await?;
    let mut tags = Vec::with_capacity(posts.len());
    for chunk in posts.chunks(CHUNK) {
        tags.extend(chunk.load_many(tag::Entity, db).await?);
    }
    Ok(Nested(posts.into_iter().zip(tags).collect()))
}

/// W3 by the entity loader.
pub async fn tags_ex(db: &DatabaseConnection) -> Result<TagsEx> {
    Ok(TagsEx(post::Entity::load().with(tag::Entity).all(db).await?))
}

/// W3 by joins.
pub async fn tags_joined(db: &DatabaseConnection) -> Result<Tags> {
    Ok(Nested(post::Entity::find().find_with_related(tag::Entity).all(db).await?))
}

/// W4 by the loader, level by level.
pub async fn tree(db: &DatabaseConnection) -> Result<Tree> {
    let users = user::Entity::find().all(db).await?;
    let posts = users.load_many(post::Entity, db).await?;
    let posts = flat(posts);
    let comments = posts.0.load_many(comment::Entity, db).await?;
    let comments = flat(comments);
    let authors = comments.0.load_one(user::Entity, db).await?;
    Ok(grown(users, posts, comments, authors))
}

/// W4 by the loader, which gets some posts at a time. It sends each key once, so authors and users are not too many.
pub async fn tree_in_chunks(db: &DatabaseConnection) -> Result<Tree> {
    let users = user::Entity::find().all(db).await?;
    let posts = users.load_many(post::Entity, db).await?;
    let posts = flat(posts);
    let mut comments = Vec::with_capacity(posts.0.len());
    for chunk in posts.0.chunks(CHUNK) {
        comments.extend(chunk.load_many(comment::Entity, db).await?);
    }
    let comments = flat(comments);
    let authors = comments.0.load_one(user::Entity, db).await?;
    Ok(grown(users, posts, comments, authors))
}

/// W5: the author of one post after the other, as a related model.
pub async fn lazy(db: &DatabaseConnection) -> Result<Authors> {
    let mut all = Vec::new();
    for post in some_posts().all(db).await? {
        let author = post.find_related(user::Entity).one(db).await?.ok_or(MISSING)?;
        all.push((post, author));
    }
    Ok(Paired(all))
}

/// W5 by the key that the post holds.
pub async fn lazy_by_id(db: &DatabaseConnection) -> Result<Authors> {
    let mut all = Vec::new();
    for post in some_posts().all(db).await? {
        let author = user::Entity::find_by_id(post.user_id).one(db).await?.ok_or(MISSING)?;
        all.push((post, author));
    }
    Ok(Paired(all))
}

/// W6: a user, and its posts as related models.
pub async fn request(db: DatabaseConnection, id: i64) -> Result<Posts> {
    let user = user::Entity::find_by_id(id).one(&db).await?.ok_or(MISSING)?;
    let posts = user.find_related(post::Entity).all(&db).await?;
    Ok(Nested(vec![(user, posts)]))
}

/// W6: a user, and its posts by the column.
pub async fn request_by_column(db: DatabaseConnection, id: i64) -> Result<Posts> {
    let user = user::Entity::find_by_id(id).one(&db).await?.ok_or(MISSING)?;
    let posts = post::Entity::find().filter(post::COLUMN.user_id.eq(id)).all(&db).await?;
    Ok(Nested(vec![(user, posts)]))
}

/// W6 by a join.
pub async fn request_joined(db: DatabaseConnection, id: i64) -> Result<Posts> {
    Ok(Nested(user::Entity::find_by_id(id).find_with_related(post::Entity).all(&db).await?))
}

/// W6 by the entity loader.
pub async fn request_ex(db: DatabaseConnection, id: i64) -> Result<UsersEx> {
    let user = user::Entity::load().filter_by_id(id).with(post::Entity).one(&db).await?;
    Ok(UsersEx(vec![user.ok_or(MISSING)?]))
}

const MISSING: &str = "the row is missing";

fn paired(rows: impl IntoIterator<Item = (post::Model, Option<user::Model>)>) -> Result<Authors> {
    let rows = rows.into_iter().map(|(post, author)| Ok((post, author.ok_or(MISSING)?)));
    Ok(Paired(rows.collect::<Result<_>>()?))
}

/// The rows of a level, one after the other as the loader takes them, and how many each owner has.
type Level<M> = (Vec<M>, Vec<usize>);

fn flat<M>(level: Vec<Vec<M>>) -> Level<M> {
    let counts = level.iter().map(Vec::len).collect();
    (level.into_iter().flatten().collect(), counts)
}

/// Gives each owner its rows again.
fn shared<M>(rows: impl Iterator<Item = M>, counts: Vec<usize>) -> impl Iterator<Item = Vec<M>> {
    let mut rows = rows;
    counts.into_iter().map(move |count| rows.by_ref().take(count).collect())
}

fn grown(
    users: Vec<user::Model>,
    (posts, of_users): Level<post::Model>,
    (comments, of_posts): Level<comment::Model>,
    authors: Vec<Option<user::Model>>,
) -> Tree {
    let said = shared::<Said>(comments.into_iter().zip(authors), of_posts);
    let discussed = shared::<Discussed>(posts.into_iter().zip(said), of_users);
    Tree(users.into_iter().zip(discussed).collect())
}
