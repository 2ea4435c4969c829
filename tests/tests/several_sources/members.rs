//! Sources of other sorts than a database alone: with a cache, run on threads, several, and one within another.

use relations_core::{CacheConfig, Db, Relations, Sources, Sqlite, block_on};
use relations_tests::{execute, sent};

use crate::app;
use crate::model::{Comment, Post, PostTag, Profile, Tag, Tagging, User, Video};

/// Of two sorts.
#[derive(Sources)]
struct Mixed {
    #[holds(User, Comment, Video, PostTag, Tagging)]
    main: Sqlite,
    #[holds(Post, Tag, Profile)]
    other: Db<Sqlite>,
}

#[test]
fn a_source_with_a_cache_is_read_past_it() {
    block_on(async {
        let app = app();
        let other = Db::builder(app.other.clone()).cache(CacheConfig::default()).build().unwrap();
        let mixed = Mixed { main: app.main.clone(), other };
        for expected in ["one", "new"] {
            let user = User::find(&mixed, 1).await.unwrap().unwrap();
            assert_eq!(user.posts(&mixed).await.unwrap()[0].title, expected);
            let tags = user.tags(&mixed).await.unwrap();
            assert_eq!(tags.len(), 2);
            execute(&app.other, "UPDATE posts SET title = 'new' WHERE id = 1");
        }
        assert_eq!(mixed.other.cache().report().total.entries, 0);
    });
}

/// The order of the fields says where the plain tables are: here beside the posts.
#[derive(Sources)]
struct Three {
    #[holds(Post)]
    posts: Sqlite,
    #[holds(Tag, PostTag)]
    tags: Sqlite,
    #[holds(User)]
    users: Sqlite,
}

#[test]
fn a_plain_table_is_in_the_source_whose_field_comes_first() {
    block_on(async {
        let app = app();
        let three = Three { posts: app.other.clone(), tags: app.other, users: app.main };
        let log = three.posts.record();
        let readers = Post::query().with(Post::READERS).all(&three).await.unwrap();
        // Those of the first source, and the users of the third.
        assert_eq!(readers[0].readers.get().unwrap().iter().map(|user| &*user.name).collect::<Vec<_>>(), ["Ann"]);
        let users = User::query().with(User::READS).all(&three).await.unwrap();
        assert_eq!(users[0].reads.get().unwrap().iter().map(|post| &*post.title).collect::<Vec<_>>(), ["one"]);
        assert_eq!(sent(&log), 2 + 2);
        let user = User::find(&three, 1).await.unwrap().unwrap();
        assert_eq!(user.reads_query().count(&three).await.unwrap(), 1);
    });
}

/// A struct of sources is a source.
#[derive(Sources)]
struct Outer {
    #[holds(User, Post, Tag, PostTag, Comment)]
    app: crate::App,
}

#[test]
fn a_struct_of_sources_may_be_one_of_another() {
    block_on(async {
        let outer = Outer { app: app() };
        let post = Post::query().filter(Post::ID.eq(1)).with(Post::TAGS).one(&outer).await.unwrap().unwrap();
        assert_eq!(post.tags.get().unwrap().len(), 2);
        assert_eq!(post.tags_query().count(&outer).await.unwrap(), 2);
        let refused = User::query().filter(User::POSTS.exists()).all(&outer).await.unwrap_err().to_string();
        assert!(refused.contains("held by `App.other`"), "{refused}");
    });
}

#[test]
fn readers_of_several_threads_read_several_sources_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = app();
    let open = |name: &str, from: &Sqlite| {
        let path = folder.path().join(name);
        let to = path.display().to_string();
        execute(from, &format!("VACUUM INTO '{to}'"));
        Sqlite::builder(path).connections(1).open().unwrap()
    };
    let app = crate::App { main: open("main.db", &fixture.main), other: open("other.db", &fixture.other) };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                block_on(async {
                    for _ in 0..8 {
                        let users = User::query().with(User::TAGS).all(&app).await.unwrap();
                        assert_eq!(users[0].tags.get().unwrap().len(), 2);
                        assert_eq!(users[1].reads(&app).await.unwrap().len(), 1);
                    }
                });
            });
        }
    });
}
