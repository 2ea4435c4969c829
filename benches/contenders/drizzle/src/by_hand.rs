//! The workloads W1 to W4 by selects of one table, whose rows are grouped by hand.

use std::collections::{BTreeSet, HashMap};

/// How many keys a statement gets: below both databases' limits.
const CHUNK: usize = 1_000;

/// Makes the workloads for a `Db` of the module around.
#[macro_export]
macro_rules! by_hand {
    () => {
        /// W1 to W4 by selects of one table.
        pub mod by_hand {
            use std::collections::HashMap;

            use bench_kit::reach::{Nested, Paired};
            use bench_kit::{Reached, Result, SOME, Visitor};
            use drizzle::core::expr::{in_array, lte};

            use super::{Db, MISSING, Schema, SelectComments, SelectPostTags, SelectPosts, SelectTags, SelectUsers};
            use $crate::by_hand::{chunks, grouped, shared};

            /// W1.
            pub fn posts(db: &mut Db) -> Result<Nested<SelectUsers, SelectPosts>> {
                let Schema { users, .. } = Schema::new();
                let users: Vec<SelectUsers> = db.select(()).from(users).all()?;
                let mut posts = grouped(posts_of(db, &users)?, |post| post.user_id);
                Ok(Nested(users.into_iter().map(|user| shared(user, |user| user.id, &mut posts)).collect()))
            }

            /// W2.
            pub fn authors(db: &mut Db) -> Result<Paired<SelectPosts, SelectUsers>> {
                let Schema { posts, .. } = Schema::new();
                let posts: Vec<SelectPosts> = db.select(()).from(posts).all()?;
                paired(db, posts, |post| post.user_id).map(Paired)
            }

            /// W2k.
            pub fn some_authors(db: &mut Db) -> Result<Paired<SelectPosts, SelectUsers>> {
                let Schema { posts, .. } = Schema::new();
                let posts: Vec<SelectPosts> = db.select(()).from(posts).r#where(lte(posts.id, SOME)).all()?;
                paired(db, posts, |post| post.user_id).map(Paired)
            }

            /// W3.
            pub fn tags(db: &mut Db) -> Result<Nested<SelectPosts, SelectTags>> {
                let Schema { posts, tags, post_tags, .. } = Schema::new();
                let posts: Vec<SelectPosts> = db.select(()).from(posts).all()?;
                let mut pairs = Vec::new();
                for keys in chunks(posts.iter().map(|post| post.id)) {
                    let of_posts = in_array(post_tags.post_id, keys);
                    let found: Vec<SelectPostTags> = db.select(()).from(post_tags).r#where(of_posts).all()?;
                    pairs.extend(found);
                }
                let mut by_id = HashMap::new();
                for keys in chunks(pairs.iter().map(|pair| pair.tag_id)) {
                    let found: Vec<SelectTags> = db.select(()).from(tags).r#where(in_array(tags.id, keys)).all()?;
                    by_id.extend(found.into_iter().map(|tag| (tag.id, tag)));
                }
                let mut pairs = grouped(pairs, |pair| pair.post_id);
                let all = posts.into_iter().map(|post| {
                    let (post, pairs) = shared(post, |post| post.id, &mut pairs);
                    let tags = pairs.iter().map(|pair| by_id.get(&pair.tag_id).cloned().ok_or_else(|| MISSING.into()));
                    Ok((post, tags.collect::<Result<_>>()?))
                });
                Ok(Nested(all.collect::<Result<_>>()?))
            }

            /// A post with its comments and their authors.
            pub type Discussed = (SelectPosts, Vec<(SelectComments, SelectUsers)>);

            /// Users with posts with comments with authors (W4).
            pub struct Tree(Vec<(SelectUsers, Vec<Discussed>)>);

            impl Reached for Tree {
                fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
                    for (user, posts) in &self.0 {
                        visitor.row(0, 0, user);
                        for (post, comments) in posts {
                            visitor.row(user.id, 0, post);
                            for (comment, author) in comments {
                                visitor.row(post.id, 0, comment);
                                visitor.row(comment.id, 0, author);
                            }
                        }
                    }
                    Ok(())
                }
            }

            /// W4.
            pub fn tree(db: &mut Db) -> Result<Tree> {
                let Schema { users, comments, .. } = Schema::new();
                let users: Vec<SelectUsers> = db.select(()).from(users).all()?;
                let posts = posts_of(db, &users)?;
                let mut of_posts = Vec::new();
                for keys in chunks(posts.iter().map(|post| post.id)) {
                    let found: Vec<SelectComments> =
                        db.select(()).from(comments).r#where(in_array(comments.post_id, keys)).all()?;
                    of_posts.extend(found);
                }
                let said = paired(db, of_posts, |comment| comment.user_id)?;
                let mut said = grouped(said, |(comment, _)| comment.post_id);
                let discussed = posts.into_iter().map(|post| shared(post, |post| post.id, &mut said));
                let mut discussed = grouped(discussed.collect::<Vec<Discussed>>(), |(post, _)| post.user_id);
                Ok(Tree(users.into_iter().map(|user| shared(user, |user| user.id, &mut discussed)).collect()))
            }

            fn posts_of(db: &mut Db, users: &[SelectUsers]) -> Result<Vec<SelectPosts>> {
                let Schema { posts, .. } = Schema::new();
                let mut all = Vec::new();
                for keys in chunks(users.iter().map(|user| user.id)) {
                    let found: Vec<SelectPosts> =
                        db.select(()).from(posts).r#where(in_array(posts.user_id, keys)).all()?;
                    all.extend(found);
                }
                Ok(all)
            }

            /// Each row with the user that it belongs to.
            fn paired<T>(db: &mut Db, rows: Vec<T>, key: impl Fn(&T) -> i64) -> Result<Vec<(T, SelectUsers)>> {
                let Schema { users, .. } = Schema::new();
                let mut by_id = HashMap::new();
                for keys in chunks(rows.iter().map(&key)) {
                    let found: Vec<SelectUsers> = db.select(()).from(users).r#where(in_array(users.id, keys)).all()?;
                    by_id.extend(found.into_iter().map(|user| (user.id, user)));
                }
                let rows = rows.into_iter().map(|row| {
                    let user = by_id.get(&key(&row)).cloned().ok_or(MISSING)?;
                    Ok((row, user))
                });
                rows.collect()
            }
        }
    };
}

/// The keys, each once, some at a time.
pub fn chunks(keys: impl Iterator<Item = i64>) -> Vec<Vec<i64>> {
    let keys: Vec<i64> = keys.collect::<BTreeSet<_>>().into_iter().collect();
    keys.chunks(CHUNK).map(<[i64]>::to_vec).collect()
}

/// The rows by the key of their owner.
pub fn grouped<T>(rows: Vec<T>, key: impl Fn(&T) -> i64) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// An owner with its rows.
pub fn shared<O, T>(owner: O, key: impl Fn(&O) -> i64, groups: &mut HashMap<i64, Vec<T>>) -> (O, Vec<T>) {
    let rows = groups.remove(&key(&owner)).unwrap_or_default();
    (owner, rows)
}
