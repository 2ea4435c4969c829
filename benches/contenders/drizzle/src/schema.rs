//! The tables, and what the relational queries give. Drizzle's tables belong to a dialect, so this is written once as a
//! macro and made for each.

/// Makes the tables by the attribute `$table` and the schema by the derive `$schema`.
#[macro_export]
macro_rules! schema {
    ($table:ident, $schema:ident) => {
        #[$table]
        pub struct Users {
            #[column(primary)]
            pub id: i64,
            pub name: String,
            pub email: String,
            pub company_id: Option<i64>,
        }

        #[$table]
        pub struct Posts {
            #[column(primary)]
            pub id: i64,
            #[column(references = Users::id)]
            pub user_id: i64,
            pub title: String,
            pub body: String,
            pub views: i64,
        }

        #[$table]
        pub struct Comments {
            #[column(primary)]
            pub id: i64,
            #[column(references = Posts::id)]
            pub post_id: i64,
            #[column(references = Users::id)]
            pub user_id: i64,
            pub body: String,
        }

        #[$table]
        pub struct Tags {
            #[column(primary)]
            pub id: i64,
            pub name: String,
        }

        #[$table]
        pub struct PostTags {
            #[column(primary, references = Posts::id)]
            pub post_id: i64,
            #[column(primary, references = Tags::id)]
            pub tag_id: i64,
        }

        #[derive($schema)]
        pub struct Schema {
            pub users: Users,
            pub posts: Posts,
            pub comments: Comments,
            pub tags: Tags,
            pub post_tags: PostTags,
        }

        bench_kit::columns!(SelectUsers { id: int, name: text, email: text, company_id: option });
        bench_kit::columns!(SelectPosts { id: int, user_id: int, title: text, body: text, views: int });
        bench_kit::columns!(SelectComments { id: int, post_id: int, user_id: int, body: text });
        bench_kit::columns!(SelectTags { id: int, name: text });

        impl bench_kit::reach::Keyed for SelectUsers {
            fn key(&self) -> i64 {
                self.id
            }
        }

        impl bench_kit::reach::Keyed for SelectPosts {
            fn key(&self) -> i64 {
                self.id
            }
        }

        /// Users with their posts (W1, W6, W8). A place counts only where the posts are asked for in order.
        pub struct UserPosts {
            users: Vec<UsersWithPosts>,
            ordered: bool,
        }

        impl Reached for UserPosts {
            fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
                for user in &self.users {
                    visitor.row(0, 0, &user.inner);
                    for (place, post) in user.posts.iter().enumerate() {
                        visitor.row(user.id, if self.ordered { place } else { 0 }, post);
                    }
                }
                Ok(())
            }
        }

        /// Posts with their authors (W2, W2k).
        pub struct PostAuthors(Vec<PostsWithUser>);

        impl Reached for PostAuthors {
            fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
                for post in &self.0 {
                    visitor.row(0, 0, &post.inner);
                    visitor.row(post.id, 0, &post.user);
                }
                Ok(())
            }
        }

        /// Posts with their tags (W3).
        pub struct PostsTagged(Vec<PostsWithTags>);

        impl Reached for PostsTagged {
            fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
                for post in &self.0 {
                    visitor.row(0, 0, &post.inner);
                    post.tags.iter().for_each(|tag| visitor.row(post.id, 0, tag));
                }
                Ok(())
            }
        }

        /// Users with posts with comments with authors (W4).
        pub struct Tree(Vec<UsersWithPosts<SelectUsers, PostsWithComments<SelectPosts, CommentsWithUser>>>);

        impl Reached for Tree {
            fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
                for user in &self.0 {
                    visitor.row(0, 0, &user.inner);
                    for post in &user.posts {
                        visitor.row(user.id, 0, &post.inner);
                        for comment in &post.comments {
                            visitor.row(post.id, 0, &comment.inner);
                            visitor.row(comment.id, 0, &comment.user);
                        }
                    }
                }
                Ok(())
            }
        }
    };
}
