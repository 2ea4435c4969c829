//! `LoadMode::RaiseInLists`: a row that came alone reads its relations, the rows of a list do not.

use relations_core::{Db, LoadMode, Relations, block_on};
use relations_tests::blog::{Post, User};
use relations_tests::{media, staff};

use super::{reading, refused, user, users};

#[test]
fn a_row_found_by_itself_reads_and_the_rows_of_its_list_do_not() {
    let db = reading(LoadMode::RaiseInLists);
    block_on(async {
        let ann = user(&db, 1);
        let posts = ann.posts(&db).await.unwrap();
        assert_eq!(refused(posts[0].comments(&db).await).as_deref(), Some("Post.comments"));
        assert_eq!(posts[0].user(&db).await.unwrap().unwrap().id, 1, "the inverse was filled");
        assert_eq!(ann.reviews(&db).await.unwrap().len(), 1);
    });
}

#[test]
fn a_list_of_one_is_a_list() {
    let db = reading(LoadMode::RaiseInLists);
    block_on(async {
        let posts = user(&db, 2).posts(&db).await.unwrap();
        assert_eq!(posts.len(), 1);
        assert_eq!(refused(posts[0].comments(&db).await).as_deref(), Some("Post.comments"));
        let found = User::query().filter(User::ID.eq(1)).all(&db).await.unwrap();
        assert_eq!(refused(found[0].posts(&db).await).as_deref(), Some("User.posts"));
        let mut windows = User::query().windows(1, &db);
        let window = windows.next().await.unwrap().unwrap();
        assert_eq!(refused(window[0].posts(&db).await).as_deref(), Some("User.posts"));
    });
}

#[test]
fn to_one_relations_lead_from_a_row_alone_to_a_row_alone() {
    let db = reading(LoadMode::RaiseInLists);
    block_on(async {
        let post = Post::query().order_by(Post::ID.asc()).one(&db).await.unwrap().unwrap();
        let reviewer = post.reviewer(&db).await.unwrap().unwrap();
        let profile = reviewer.profile(&db).await.unwrap().unwrap();
        assert_eq!(profile.user(&db).await.unwrap().name, "Bob");
        assert_eq!(reviewer.posts(&db).await.unwrap().len(), 1);
    });
}

#[test]
fn a_copy_is_alone_if_the_row_was() {
    let db = reading(LoadMode::RaiseInLists);
    let alone = (*user(&db, 1)).clone();
    assert_eq!(block_on(alone.posts(&db)).unwrap().len(), 2);
    let of_a_list = users(&db)[0].clone();
    assert_eq!(refused(block_on(of_a_list.posts(&db))).as_deref(), Some("User.posts"));
}

#[test]
fn inherited_relations_know_of_lists_too() {
    let db = Db::builder(staff::db()).load_mode(LoadMode::RaiseInLists).build().unwrap();
    block_on(async {
        let mia = staff::Manager::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(mia.boss(&db).await.unwrap().unwrap().name, "Ann");
        let all = staff::Manager::all(&db).await.unwrap();
        assert_eq!(refused(all[0].boss(&db).await).as_deref(), Some("Person.boss"));
    });
}

#[test]
fn the_target_of_a_polymorphic_relation_of_a_row_alone_is_alone() {
    use media::{Comment, Commentable};
    let db = Db::builder(media::db()).load_mode(LoadMode::RaiseInLists).build().unwrap();
    block_on(async {
        let comment = Comment::find(&db, 1).await.unwrap().unwrap();
        let Commentable::Post(post) = comment.commentable(&db).await.unwrap() else { panic!("a comment on a post") };
        let comments = post.comments(&db).await.unwrap();
        assert!(!comments.is_empty());
    });
}
