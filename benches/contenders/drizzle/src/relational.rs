//! The workloads by relational queries, each one statement whose relations come as JSON; and by selects of one table.

/// Makes the workloads for a `Db`, whose prepared statements run on what `$conn` gives.
#[macro_export]
macro_rules! relational {
    ($conn:ident) => {
        /// W1.
        pub fn posts(db: &mut Db) -> Result<UserPosts> {
            let Schema { users, .. } = Schema::new();
            Ok(UserPosts { users: db.query(users).with(users.posts()).find_many()?, ordered: false })
        }

        /// W2.
        pub fn authors(db: &mut Db) -> Result<PostAuthors> {
            let Schema { posts, .. } = Schema::new();
            Ok(PostAuthors(db.query(posts).with(posts.user()).find_many()?))
        }

        /// W2k.
        pub fn some_authors(db: &mut Db) -> Result<PostAuthors> {
            let Schema { posts, .. } = Schema::new();
            Ok(PostAuthors(db.query(posts).r#where(lte(posts.id, SOME)).with(posts.user()).find_many()?))
        }

        /// W3.
        pub fn tags(db: &mut Db) -> Result<PostsTagged> {
            let Schema { posts, .. } = Schema::new();
            Ok(PostsTagged(db.query(posts).with(posts.tags()).find_many()?))
        }

        /// W4.
        pub fn tree(db: &mut Db) -> Result<Tree> {
            let Schema { users, posts, comments, .. } = Schema::new();
            let discussed = users.posts().with(posts.comments().with(comments.user()));
            Ok(Tree(db.query(users).with(discussed).find_many()?))
        }

        /// W8.
        pub fn latest(db: &mut Db) -> Result<UserPosts> {
            let Schema { users, posts, .. } = Schema::new();
            let latest = users.posts().order_by(desc(posts.id)).limit(LATEST as usize);
            let users = db.query(users).r#where(lte(users.id, SOME)).with(latest).find_many()?;
            Ok(UserPosts { users, ordered: true })
        }

        /// W5 by a select for each post.
        pub fn lazy(db: &mut Db) -> Result<Paired<SelectPosts, SelectUsers>> {
            let Schema { users, .. } = Schema::new();
            let mut all = Vec::new();
            for post in some_posts(db)? {
                let author: Option<SelectUsers> =
                    db.select(()).from(users).r#where(eq(users.id, post.user_id)).get()?;
                all.push((post, author.ok_or(MISSING)?));
            }
            Ok(Paired(all))
        }

        /// W5 by one prepared select.
        pub fn lazy_prepared(db: &mut Db) -> Result<Paired<SelectPosts, SelectUsers>> {
            let Schema { users, .. } = Schema::new();
            let id = users.id.placeholder("id");
            let select = db.select(()).from(users).r#where(eq(users.id, id)).prepare().into_owned();
            let mut all = Vec::new();
            for post in some_posts(db)? {
                let author: Option<SelectUsers> = select.get(db.$conn(), [id.bind(post.user_id)])?;
                all.push((post, author.ok_or(MISSING)?));
            }
            Ok(Paired(all))
        }

        fn some_posts(db: &mut Db) -> Result<Vec<SelectPosts>> {
            let Schema { posts, .. } = Schema::new();
            Ok(db.select(()).from(posts).r#where(lte(posts.id, SOME)).all()?)
        }

        /// W6.
        pub fn request(_: &mut Db) -> impl FnMut(&mut Db, i64) -> Result<UserPosts> + use<> {
            let Schema { users, .. } = Schema::new();
            move |db, id| {
                let user = db.query(users).r#where(eq(users.id, id)).with(users.posts()).find_first()?;
                Ok(UserPosts { users: vec![user.ok_or(MISSING)?], ordered: false })
            }
        }

        /// W6, prepared once.
        pub fn request_prepared(db: &mut Db) -> impl FnMut(&mut Db, i64) -> Result<UserPosts> + use<> {
            let Schema { users, .. } = Schema::new();
            let key = users.id.placeholder("id");
            let query = db.query(users).r#where(eq(users.id, key)).with(users.posts()).prepare();
            move |db, id| Ok(UserPosts { users: query.find_many(db.$conn(), [key.bind(id)])?, ordered: false })
        }

        /// W6 by two selects, prepared once.
        pub fn request_selects(
            db: &mut Db,
        ) -> impl FnMut(&mut Db, i64) -> Result<Nested<SelectUsers, SelectPosts>> + use<> {
            let Schema { users, posts, .. } = Schema::new();
            let (key, owner) = (users.id.placeholder("id"), posts.user_id.placeholder("user_id"));
            let user = db.select(()).from(users).r#where(eq(users.id, key)).prepare().into_owned();
            let posts = db.select(()).from(posts).r#where(eq(posts.user_id, owner)).prepare().into_owned();
            move |db, id| {
                let user: Option<SelectUsers> = user.get(db.$conn(), [key.bind(id)])?;
                let posts: Vec<SelectPosts> = posts.all(db.$conn(), [owner.bind(id)])?;
                Ok(Nested(vec![(user.ok_or(MISSING)?, posts)]))
            }
        }

        const MISSING: &str = "the row is missing";
    };
}
