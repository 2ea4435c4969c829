//! W8, for which SeaORM has no relation query: the latest posts of each user.

use std::collections::HashMap;

use bench_kit::{LATEST, Result, SOME};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query, WindowStatement};
use sea_orm::{
    DatabaseConnection, DbBackend, EntityTrait, LoaderTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};

use crate::entity::{post, user};
use crate::tree::Latest;

/// The loader, with all posts in order; those past the limit are thrown away.
pub async fn cut(db: &DatabaseConnection) -> Result<Latest> {
    let users = users(db).await?;
    let posts = users.load_many(post::Entity::find().order_by_desc(post::COLUMN.id), db).await?;
    let latest = posts.into_iter().map(|mut posts| {
        posts.truncate(LATEST.unsigned_abs() as usize);
        posts
    });
    Ok(Latest(users.into_iter().zip(latest).collect()))
}

/// A statement for each user.
pub async fn one_by_one(db: &DatabaseConnection) -> Result<Latest> {
    let mut all = Vec::new();
    for user in users(db).await? {
        let posts = user.find_related(post::Entity).order_by_desc(post::COLUMN.id).limit(LATEST.unsigned_abs());
        let posts = posts.all(db).await?;
        all.push((user, posts));
    }
    Ok(Latest(all))
}

/// A window over keys by the query builder, as a filter of the posts.
pub async fn window(db: &DatabaseConnection) -> Result<Latest> {
    let (ranked, place) = (Alias::new("ranked"), Alias::new("place"));
    let mut newest_first = WindowStatement::partition_by(post::Column::UserId);
    newest_first.order_by(post::Column::Id, Order::Desc);
    let ranks = Query::select()
        .column(post::Column::Id)
        .expr_window_as(Expr::cust("ROW_NUMBER()"), newest_first, place.clone())
        .from(post::Entity)
        .and_where(post::COLUMN.user_id.lte(SOME))
        .to_owned();
    let latest = Query::select()
        .column(post::Column::Id)
        .from_subquery(ranks, ranked)
        .and_where(Expr::col(place).lte(LATEST))
        .to_owned();
    let posts = post::Entity::find().filter(post::COLUMN.id.in_subquery(latest)).order_by_desc(post::COLUMN.id);
    Ok(grouped(users(db).await?, posts.all(db).await?))
}

/// Raw SQL: what each database is quickest at.
pub async fn raw(db: &DatabaseConnection) -> Result<Latest> {
    let backend = db.get_database_backend();
    let text = match backend {
        DbBackend::Postgres => {
            "SELECT latest.* FROM users CROSS JOIN LATERAL \
             (SELECT * FROM posts WHERE user_id = users.id ORDER BY id DESC LIMIT $2) latest \
             WHERE users.id <= $1 ORDER BY latest.id DESC"
        }
        _ => {
            "SELECT posts.* FROM users CROSS JOIN posts \
             ON posts.id IN (SELECT id FROM posts WHERE user_id = users.id ORDER BY id DESC LIMIT $2) \
             WHERE users.id <= $1 ORDER BY posts.id DESC"
        }
    };
    let statement = Statement::from_sql_and_values(backend, text, [SOME.into(), LATEST.into()]);
    let posts = post::Entity::find().from_raw_sql(statement).all(db).await?;
    Ok(grouped(users(db).await?, posts))
}

async fn users(db: &DatabaseConnection) -> Result<Vec<user::Model>> {
    Ok(user::Entity::find().filter(user::COLUMN.id.lte(SOME)).all(db).await?)
}

/// Gives each user its posts, in the order in which they came.
fn grouped(users: Vec<user::Model>, posts: Vec<post::Model>) -> Latest {
    let mut latest: HashMap<i64, Vec<post::Model>> = HashMap::with_capacity(users.len());
    for post in posts {
        latest.entry(post.user_id).or_default().push(post);
    }
    let users = users.into_iter().map(|user| {
        let posts = latest.remove(&user.id).unwrap_or_default();
        (user, posts)
    });
    Latest(users.collect())
}
