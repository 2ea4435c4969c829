//! What is read from memory is what SQLite reads, by as many statements.

use relations_core::{Memory, Relations, Sqlite};

use crate::blog::{self, Comment, Node, Post, Profile, User};
use crate::media::{self, Channel, Cover, Tagging, Video};
use crate::staff::{self, Badge, Director, Document, Manager, Person, Report, Team};
use crate::tags::{self, Article, ArticleTag, Follow, Friendship, Tag};
use crate::{copied, same};

fn of_blog() -> (Sqlite, Memory) {
    let db = blog::db();
    let memory = copied!(&db; User, Profile, Post, Comment, Node);
    (db, memory)
}

fn of_tags() -> (Sqlite, Memory) {
    let db = tags::db();
    let memory = copied!(&db; Article, Tag, ArticleTag, tags::Person, Follow, Friendship);
    (db, memory.joined(Article::READERS, [(1, 1), (1, 2), (2, 2)]))
}

fn of_media() -> (Sqlite, Memory) {
    let db = media::db();
    let memory = copied!(&db; media::User, Channel, media::Post, Video, media::Comment, Cover, media::Tag, Tagging);
    (db, memory)
}

#[test]
fn filters_are_those_of_sql_with_null_neither_true_nor_false() {
    let (sqlite, memory) = of_blog();
    let by = |filter: relations_core::Filter<Post>| Post::query().filter(filter);
    same!(sqlite, memory; db:
        by(Post::USER_ID.eq(1)).all(db),
        by(Post::USER_ID.ne(1)).all(db),
        by(!Post::USER_ID.eq(1)).all(db),
        by(Post::USER_ID.eq(None)).all(db),
        by(Post::USER_ID.ne(None)).all(db),
        by(Post::USER_ID.lt(2).or(Post::SCORE.ge(40))).all(db),
        by(!(Post::USER_ID.gt(1).and(Post::SCORE.ge(30)))).all(db),
        by(Post::USER_ID.is_in([1, 99])).all(db),
        by(!Post::USER_ID.is_in([1, 99])).all(db),
        by(Post::USER_ID.is_in([Some(1), None])).all(db),
        by(!Post::USER_ID.is_in(Vec::<i64>::new())).all(db),
        by(Post::SCORE.between(20, 40)).all(db),
        by(!Post::REVIEWER_ID.between(0, 9)).all(db),
        by(Post::TITLE.like("T%")).all(db),
        by(Post::TITLE.like("_o_r")).all(db),
        by(Post::TITLE.like("%e")).all(db),
        by(Post::TITLE.like("%")).all(db),
        by(Post::TITLE.like("o%e%")).count(db),
        by(Post::ID.gt(100)).exists(db),
        by(Post::REVIEWER_ID.is_null()).count(db),
    );
}

#[test]
fn orders_put_null_last_and_limits_count_after_them() {
    let (sqlite, memory) = of_blog();
    same!(sqlite, memory; db:
        Post::query().order_by(Post::REVIEWER_ID.asc()).all(db),
        Post::query().order_by(Post::REVIEWER_ID.desc()).all(db),
        Post::query().order_by(Post::USER_ID.desc()).order_by(Post::TITLE.asc()).limit(3).all(db),
        Post::query().order_by(Post::SCORE.desc()).offset(1).limit(2).all(db),
        Post::query().order_by(Post::SCORE.desc()).offset(4).all(db),
        Post::query().limit(0).all(db),
        Post::query().limit(2).count(db),
        Post::query().order_by(Post::TITLE.desc()).one(db),
        Post::query().order_by(Post::USER.by(User::NAME).asc()).all(db),
        Post::query().order_by(Post::USER.by(User::NAME).desc()).limit(2).all(db),
        User::query().with(User::POSTS.order_by(Post::REVIEWER.by(User::NAME).desc()).limit(1)).all(db),
    );
}

#[test]
fn windows_follow_keys_or_an_order() {
    let (sqlite, memory) = of_blog();
    macro_rules! windows {
        ($query:expr, $db:ident) => {
            async {
                let mut windows = $query.windows(2, $db);
                let mut all = Vec::new();
                while let Some(window) = windows.next().await? {
                    all.push(window);
                }
                Ok::<_, relations_core::Error>(all)
            }
        };
    }
    same!(sqlite, memory; db:
        windows!(Post::query(), db),
        windows!(Post::query().filter(Post::SCORE.gt(10)).with(Post::COMMENTS), db),
        windows!(Post::query().order_by(Post::REVIEWER_ID.desc()), db),
        windows!(Post::query().order_by(Post::ID.desc()), db),
        windows!(Post::query().limit(3), db),
        windows!(Post::query().offset(1).limit(3), db),
    );
}

#[test]
fn relations_by_key_load_the_same_trees() {
    let (sqlite, memory) = of_blog();
    same!(sqlite, memory; db:
        User::find(db, 2),
        User::find(db, 99),
        User::by_key(1).with(User::POSTS.with(Post::COMMENTS.with(Comment::USER))).one(db),
        User::query().with((User::PROFILE, User::POSTS)).with(User::REVIEWS).all(db),
        User::query().with(User::POSTS.order_by(Post::SCORE.desc()).limit(1)).all(db),
        User::query().with(User::POSTS.filter(Post::SCORE.gt(10))).all(db),
        Post::query().with(Post::COMMENTS.limit(1)).all(db),
        Post::query().with((Post::USER, Post::REVIEWER)).all(db),
        Node::query().with(Node::CHILDREN.recursive()).all(db),
    );
}

#[test]
fn relations_over_join_tables_load_the_same_trees() {
    let (sqlite, memory) = of_tags();
    same!(sqlite, memory; db:
        Article::query().with(Article::TAGS).all(db),
        Article::query().with(Article::TAGS.limit(1)).all(db),
        Article::query().with(Article::TAGS.filter(Tag::NAME.eq("sql")).filter_pivot(ArticleTag::WEIGHT.gt(2))).all(db),
        Article::query().with(Article::TOP_TAGS).all(db),
        Article::query().with((Article::READERS, Article::READERS_BY_NAME)).all(db),
        Article::query().with(Article::READERS.limit(1)).all(db),
        tags::Person::query().with(tags::Person::READ.with(Article::READERS)).all(db),
        tags::Person::query().with((tags::Person::FOLLOWERS, tags::Person::FRIENDS)).all(db),
        Tag::query().with(Tag::ARTICLES).all(db),
    );
}

#[test]
fn polymorphic_relations_load_the_same_trees() {
    let (sqlite, memory) = of_media();
    same!(sqlite, memory; db:
        media::Comment::query().with(media::Comment::COMMENTABLE).all(db),
        Cover::query().with(Cover::TARGET.with(Video::CHANNEL)).all(db),
        media::Post::query().with((media::Post::COMMENTS, media::Post::COVER)).all(db),
        media::Post::query().with((media::Post::TAGS, media::Post::TOP_TAGS)).all(db),
        Video::query().with((Video::COMMENTS, Video::TAGS)).all(db),
        media::Tag::query().with((media::Tag::POSTS, media::Tag::VIDEOS)).all(db),
    );
}

#[test]
fn models_that_extend_others_load_the_same_trees() {
    let sqlite = staff::db();
    let memory = copied!(&sqlite; Person, Manager, Director, Team, Badge, Document, Report);
    same!(sqlite, memory; db:
        Manager::query().filter(Manager::TEAM_ID.eq(10).and(Person::NAME.like("m%"))).all(db),
        Manager::query().order_by(Person::BOSS_ID.desc()).order_by(Manager::TEAM_ID.asc()).all(db),
        Manager::query().with((Person::BOSS, Manager::DOCUMENTS)).all(db),
        Director::query().with(Person::BADGE).with((Manager::TEAM, Director::DOCUMENTS)).all(db),
        Manager::query().filter(Person::BADGE.exists()).count(db),
    );
}

#[test]
fn queries_from_a_row_read_the_same() {
    let (sqlite, memory) = of_tags();
    macro_rules! of_row {
        ($db:ident, $model:ident($key:expr), $query:ident) => {
            async { $model::find($db, $key).await?.unwrap().$query().all($db).await }
        };
    }
    same!(sqlite, memory; db:
        of_row!(db, Article(2), tags_query),
        of_row!(db, Article(1), top_tags_query),
        of_row!(db, Article(1), readers_query),
        of_row!(db, Tag(2), articles_query),
        async { tags::Person::find(db, 1).await?.unwrap().friends_query().limit(2).all(db).await },
        async { tags::Person::find(db, 3).await?.unwrap().followers_query().count(db).await },
    );
}

#[test]
fn conditions_on_relations_are_the_same() {
    let (sqlite, memory) = of_blog();
    same!(sqlite, memory; db:
        User::query().filter(User::POSTS.any(Post::SCORE.gt(10))).all(db),
        User::query().filter(User::POSTS.none(Post::SCORE.gt(10))).all(db),
        User::query().filter(User::POSTS.any(Post::COMMENTS.any(Comment::TEXT.eq("d")))).all(db),
        User::query().filter(User::POSTS.count_all().ge(2)).all(db),
        Post::query().filter(!Post::USER.exists()).all(db),
    );
    let (sqlite, memory) = of_tags();
    same!(sqlite, memory; db:
        Article::query().filter(Article::TAGS.count_all().eq(2)).all(db),
        Article::query().filter(Article::TAGS.distinct().count_all().eq(1)).all(db),
        Article::query().filter(Article::TAGS.filter_pivot(ArticleTag::WEIGHT.gt(4)).any(Tag::NAME.eq("sql"))).all(db),
        Article::query().filter(Article::READERS.any(tags::Person::NAME.eq("Ann"))).all(db),
        tags::Person::query().filter(tags::Person::READ.exists()).all(db),
        tags::Person::query().filter(tags::Person::FRIENDS.count(tags::Person::NAME.ne("Ann")).ge(1)).all(db),
    );
    let (sqlite, memory) = of_media();
    same!(sqlite, memory; db:
        media::Post::query().filter(media::Post::COMMENTS.exists()).all(db),
        media::Comment::query().filter(media::Comment::COMMENTABLE.any_of(Video::TITLE.eq("v1"))).all(db),
        media::Tag::query().filter(media::Tag::POSTS.any(media::Post::TITLE.eq("p1"))).all(db),
    );
}

#[test]
fn aggregates_are_the_same() {
    let (sqlite, memory) = of_blog();
    macro_rules! of_all {
        ($db:ident, $model:ident.$aggregate:ident($($argument:expr),+)) => {
            async { $model::all($db).await?.$aggregate($($argument,)+ $db).await }
        };
    }
    same!(sqlite, memory; db:
        of_all!(db, User.counts(User::POSTS)),
        of_all!(db, User.counts(User::POSTS.filter(Post::SCORE.gt(10)))),
        of_all!(db, User.exists(User::REVIEWS)),
        of_all!(db, User.sum(User::POSTS, Post::SCORE)),
        of_all!(db, User.avg(User::POSTS, Post::SCORE)),
        of_all!(db, User.min(User::POSTS, Post::TITLE)),
        of_all!(db, User.max(User::POSTS, Post::REVIEWER_ID)),
        of_all!(db, Post.sum(Post::USER, User::ID)),
    );
    let (sqlite, memory) = of_tags();
    same!(sqlite, memory; db:
        of_all!(db, Article.counts(Article::TAGS)),
        of_all!(db, Article.counts(Article::READERS)),
        of_all!(db, Article.sum(Article::TAGS.distinct(), Tag::ID)),
        async { tags::Person::all(db).await?.counts(tags::Person::FRIENDS, db).await },
    );
}
