//! Relations over join tables whose ends, or whose rows, are in two sources: the rows of the join table, then the targets,
//! with order and limit for each owner.

use relations_core::{Relations, block_on};
use relations_tests::sent;

use crate::model::{Post, PostTag, Tag, User};
use crate::{app, record, sent_for};

/// The names of the tags of each post, as they are loaded in whole or in part.
fn tags(posts: &[Post]) -> Vec<String> {
    let linked = posts.iter().map(|post| post.tags.get().or_else(|_| post.tags.get_partial()).unwrap());
    linked.map(|tags| tags.iter().map(|tag| &*tag.name).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_join_table_and_the_targets_are_a_statement_each_at_their_own_source() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let lazy = Post::query().order_by(Post::ID.asc()).all(&app).await.unwrap();
        for post in &lazy {
            post.tags(&app).await.unwrap();
        }
        assert_eq!(sent_for(&logs), [vec!["Post.tags"], vec!["Post", "Post.tags"]]);
        let eager = Post::query().order_by(Post::ID.asc()).with(Post::TAGS).all(&app).await.unwrap();
        assert_eq!(logs.each_ref().map(sent), [2, 4]);
        assert_eq!(tags(&lazy), ["rust sql", "sql sql", "async", ""]);
        assert_eq!(tags(&eager), tags(&lazy));
        let weights = lazy[1].tags.get().unwrap().pivots().map(|(_, pivot)| pivot.weight).collect::<Vec<_>>();
        assert_eq!(weights, [9, 1]);
    });
}

#[test]
fn an_order_by_the_join_table_with_a_limit_holds_for_each_owner() {
    block_on(async {
        let app = app();
        let heaviest = Post::TAGS.order_by_pivot(PostTag::WEIGHT.desc());
        let first = Post::query().with(heaviest.clone().limit(1)).all(&app).await.unwrap();
        assert_eq!(tags(&first), ["rust", "sql", "async", ""]);
        // The second of post 2 by weight leads nowhere: the third takes its place.
        let second = Post::query().with(heaviest.clone().limit(1).offset(1)).all(&app).await.unwrap();
        assert_eq!(tags(&second), ["sql", "sql", "", ""]);
        let two = Post::query().with(heaviest.limit(2)).all(&app).await.unwrap();
        assert_eq!(tags(&two), ["rust sql", "sql sql", "async", ""]);
    });
}

#[test]
fn an_order_by_the_target_with_a_limit_and_a_filter_holds_for_each_owner() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let by_name = Post::TAGS.order_by(Tag::NAME.desc()).distinct();
        let first = Post::query().with(by_name.clone().limit(1)).all(&app).await.unwrap();
        assert_eq!(tags(&first), ["sql", "sql", "async", ""]);
        let filtered = by_name.filter(Tag::NAME.ne("sql")).limit(1);
        assert_eq!(tags(&Post::query().with(filtered).all(&app).await.unwrap()), ["rust", "", "async", ""]);
        assert_eq!(logs.each_ref().map(sent), [2, 4]);
        let light = Post::TAGS.filter_pivot(PostTag::WEIGHT.lt(4));
        assert_eq!(tags(&Post::query().with(light).all(&app).await.unwrap()), ["sql", "sql", "async", ""]);
    });
}

#[test]
fn a_plain_table_between_two_sources_is_in_the_first_of_them_seen_from_either_end() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let users = User::query().with(User::READS).all(&app).await.unwrap();
        assert_eq!(sent_for(&logs), [vec!["User", "User.reads"], vec!["User.reads"]]);
        let read = users.iter().map(|user| user.reads.get().unwrap().iter().map(|post| post.id).collect());
        assert_eq!(read.collect::<Vec<Vec<_>>>(), [vec![], vec![1], vec![1, 3]]);
        logs.iter().for_each(|log| log.clear());
        let posts = Post::query().with(Post::READERS).all(&app).await.unwrap();
        assert_eq!(sent_for(&logs), [vec!["Post.readers", "Post.readers"], vec!["Post"]]);
        let readers = posts.iter().map(|post| post.readers.get().unwrap().iter().map(|user| user.id).collect());
        assert_eq!(readers.collect::<Vec<Vec<_>>>(), [vec![2, 3], vec![], vec![3], vec![]]);
    });
}

#[test]
fn a_symmetric_table_of_one_source_is_read_there() {
    block_on(async {
        let app = app();
        let logs = record(&app);
        let users = User::query().with(User::FRIENDS).all(&app).await.unwrap();
        let friends = users.iter().map(|user| user.friends.get().unwrap().iter().map(|friend| friend.id).collect());
        assert_eq!(friends.collect::<Vec<Vec<_>>>(), [vec![2, 3], vec![1], vec![1]]);
        assert_eq!(logs.each_ref().map(sent), [3, 0]);
    });
}
