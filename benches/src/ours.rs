//! The same workloads by relations-core, through its public surface only.

use std::collections::VecDeque;
use std::hint::black_box;

use relations_core::{Many, Ref, Relations, Result as Read, Sqlite, block_on};

use crate::Result;
use crate::model::{Node, Post, User};
use crate::reach::{Reached, Visitor};

/// Users with their posts.
pub struct UsersWithPosts(pub Many<User>);

impl Reached for UsersWithPosts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        self.0.iter().try_for_each(|user| walk_user(user, visitor))
    }
}

/// One user with its posts.
pub struct UserWithPosts(pub Ref<User>);

impl Reached for UserWithPosts {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        walk_user(&self.0, visitor)
    }
}

fn walk_user(user: &User, visitor: &mut impl Visitor) -> Result<()> {
    visitor.row(0, 0, user);
    user.posts.get()?.iter().for_each(|post| visitor.row(user.id, 0, post));
    Ok(())
}

/// Users with their latest posts, the latest first.
pub struct Latest(pub Many<User>);

impl Reached for Latest {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for user in &self.0 {
            visitor.row(0, 0, user);
            user.posts.get_partial()?.iter().enumerate().for_each(|(place, post)| visitor.row(user.id, place, post));
        }
        Ok(())
    }
}

/// Posts with their authors.
pub struct WithAuthors(pub Many<Post>);

impl Reached for WithAuthors {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            visitor.row(0, 0, post);
            visitor.row(post.id, 0, &*post.author.get()?);
        }
        Ok(())
    }
}

/// Posts with their tags.
pub struct WithTags(pub Many<Post>);

impl Reached for WithTags {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for post in &self.0 {
            visitor.row(0, 0, post);
            post.tags.get()?.iter().for_each(|tag| visitor.row(post.id, 0, tag));
        }
        Ok(())
    }
}

/// A tree of nodes.
pub struct Tree(Ref<Node>);

impl Reached for Tree {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        let mut open: VecDeque<&Node> = VecDeque::from([&*self.0]);
        while let Some(node) = open.pop_front() {
            visitor.row(node.parent_id.unwrap_or_default(), 0, node);
            open.extend(node.children.get()?.iter());
        }
        Ok(())
    }
}

/// W1.
///
/// # Errors
/// What the database reports.
pub fn users_with_posts(db: &Sqlite) -> Result<UsersWithPosts> {
    Ok(UsersWithPosts(block_on(User::query().with(User::POSTS).all(db))?))
}

/// The first users with their posts, for reading again and again.
///
/// # Errors
/// What the database reports.
pub fn first_users_with_posts(db: &Sqlite, users: i64) -> Result<UsersWithPosts> {
    Ok(UsersWithPosts(block_on(User::query().filter(User::ID.le(users)).with(User::POSTS).all(db))?))
}

/// W2.
///
/// # Errors
/// What the database reports.
pub fn posts_with_author(db: &Sqlite) -> Result<WithAuthors> {
    Ok(WithAuthors(block_on(Post::query().with(Post::AUTHOR).all(db))?))
}

/// W2k.
///
/// # Errors
/// What the database reports.
pub fn first_posts_with_author(db: &Sqlite, posts: i64) -> Result<WithAuthors> {
    Ok(WithAuthors(block_on(Post::query().filter(Post::ID.le(posts)).with(Post::AUTHOR).all(db))?))
}

/// W3.
///
/// # Errors
/// What the database reports.
pub fn posts_with_tags(db: &Sqlite) -> Result<WithTags> {
    Ok(WithTags(block_on(Post::query().with(Post::TAGS).all(db))?))
}

/// W9.
///
/// # Errors
/// What the database reports, and when there is no such node.
pub fn tree(db: &Sqlite, root: i64) -> Result<Tree> {
    let root = block_on(Node::by_key(root).with(Node::CHILDREN.recursive()).one(db))?;
    Ok(Tree(root.ok_or("there is no such node")?))
}

/// W5: a plain loop; the first read loads the authors of all posts.
///
/// # Errors
/// What the database reports.
pub fn first_posts_author_by_author(db: &Sqlite, posts: i64) -> Result<WithAuthors> {
    let posts: Read<Many<Post>> = block_on(async {
        let posts = Post::query().filter(Post::ID.le(posts)).all(db).await?;
        for post in &posts {
            let author = post.author(db).await?;
            black_box(&author.name);
        }
        Ok(posts)
    });
    Ok(WithAuthors(posts?))
}

/// W6: finds a user, then reads its posts: two loads.
///
/// # Errors
/// What the database reports, and when there is no such user.
pub fn user_then_posts(db: &Sqlite, id: i64) -> Result<UserWithPosts> {
    let user: Read<Option<Ref<User>>> = block_on(async {
        let user = User::find(db, id).await?;
        if let Some(user) = &user {
            user.posts(db).await?;
        }
        Ok(user)
    });
    Ok(UserWithPosts(user?.ok_or("there is no such user")?))
}

/// W6 as one plan, in a snapshot.
///
/// # Errors
/// What the database reports, and when there is no such user.
pub fn user_with_posts(db: &Sqlite, id: i64) -> Result<UserWithPosts> {
    let user = block_on(User::by_key(id).with(User::POSTS).one(db))?;
    Ok(UserWithPosts(user.ok_or("there is no such user")?))
}

/// W6 as one plan, by a filter.
///
/// # Errors
/// What the database reports, and when there is no such user.
pub fn filtered_user_with_posts(db: &Sqlite, id: i64) -> Result<UserWithPosts> {
    let user = block_on(User::query().filter(User::ID.eq(id)).with(User::POSTS).one(db))?;
    Ok(UserWithPosts(user.ok_or("there is no such user")?))
}

/// W8.
///
/// # Errors
/// What the database reports.
pub fn first_users_with_latest(db: &Sqlite, users: i64, latest: u32) -> Result<Latest> {
    let posts = User::POSTS.order_by(Post::ID.desc()).limit(latest);
    Ok(Latest(block_on(User::query().filter(User::ID.le(users)).with(posts).all(db))?))
}

/// W7: calls the accessor of a loaded list so many times.
///
/// # Errors
/// When the relation has to be loaded and that fails.
pub fn call_accessor_to_many(db: &Sqlite, user: &User, calls: usize) -> Result<u64> {
    block_on(async {
        for _ in 0..calls {
            black_box(black_box(user).posts(db).await?);
        }
        Ok(calls as u64)
    })
}

/// W7: calls the accessor of a loaded row so many times.
///
/// # Errors
/// When the relation has to be loaded and that fails.
pub fn call_accessor_to_one(db: &Sqlite, post: &Post, calls: usize) -> Result<u64> {
    block_on(async {
        for _ in 0..calls {
            black_box(black_box(post).author(db).await?);
        }
        Ok(calls as u64)
    })
}

/// W7: looks at a loaded list so many times.
///
/// # Errors
/// When the relation is not loaded.
pub fn get_to_many(user: &User, calls: usize) -> Result<u64> {
    for _ in 0..calls {
        black_box(black_box(user).posts.get()?.len());
    }
    Ok(calls as u64)
}

/// W7: looks at a loaded row so many times.
///
/// # Errors
/// When the relation is not loaded.
pub fn get_to_one(post: &Post, calls: usize) -> Result<u64> {
    for _ in 0..calls {
        black_box(black_box(post).author.get()?.id);
    }
    Ok(calls as u64)
}
