#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Post {
        type Id = i64;
        type Key = (i64,);
        fn key_of(id: Self::Id) -> Self::Key {
            (id,)
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.id),)
        }
        const NAME: &'static str = "Post";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Post");
        const TABLE: &'static str = "posts";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[
            __r::ColumnDescriptor {
                field: "id",
                column: "id",
                type_name: "i64",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "author_id",
                column: "author_id",
                type_name: "i64",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "reviewer_id",
                column: "reviewer_id",
                type_name: "Option<i64>",
                nullable: true,
            },
            __r::ColumnDescriptor {
                field: "title",
                column: "headline",
                type_name: "String",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "views",
                column: "views",
                type_name: "i64",
                nullable: false,
            },
        ];
        const KEY: &'static [usize] = &[0];
        const RELATIONS: &'static [__r::RelationLeaf] = &[
            __r::leaf::<
                User,
            >("author", __r::RelationKind::BelongsTo, &["author_id"], __r::Option::None),
            __r::leaf::<
                User,
            >(
                "reviewer",
                __r::RelationKind::BelongsTo,
                &["reviewer_id"],
                __r::Option::None,
            ),
            __r::leaf::<
                Comment,
            >("comments", __r::RelationKind::HasMany, &["post_id"], __r::Option::None),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
            __r::Access::new(|row| &row.author_id, __r::Probe::<i64>::VALUE),
            __r::Access::new(|row| &row.reviewer_id, __r::Probe::<Option<i64>>::VALUE),
            __r::Access::new(|row| &row.title, __r::Probe::<String>::VALUE),
            __r::Access::new(|row| &row.views, __r::Probe::<i64>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                Post,
            >(
                &[
                    <__PostAuthor as __r::Relation>::DESCRIPTOR,
                    <__PostReviewer as __r::Relation>::DESCRIPTOR,
                    <__PostComments as __r::Relation>::DESCRIPTOR,
                ],
            );
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.author.attach(origins, 0);
            self.reviewer.attach(origins, 1);
            self.comments.attach(origins, 2);
        }
        #[inline]
        fn clear(&self) {
            self.author.clear();
            self.reviewer.clear();
            self.comments.clear();
        }
        fn heap_size(&self) -> usize {
            __r::Probe::<String>::heap_size(&self.title)
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Post {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Post
    where
        i64: __r::Decode<__B>,
        Option<i64>: __r::Decode<__B>,
        String: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                id: __r::decode::<__B, _>(row, at + 0)?,
                author_id: __r::decode::<__B, _>(row, at + 1)?,
                reviewer_id: __r::decode::<__B, _>(row, at + 2)?,
                title: __r::decode::<__B, _>(row, at + 3)?,
                views: __r::decode::<__B, _>(row, at + 4)?,
                author: __r::Default::default(),
                reviewer: __r::Default::default(),
                comments: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for Post {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    impl __r::ColumnAt<1, i64> for Post {
        fn get(&self) -> &i64 {
            &self.author_id
        }
    }
    impl __r::ColumnAt<2, Option<i64>> for Post {
        fn get(&self) -> &Option<i64> {
            &self.reviewer_id
        }
    }
    impl __r::ColumnAt<3, String> for Post {
        fn get(&self) -> &String {
            &self.title
        }
    }
    impl __r::ColumnAt<4, i64> for Post {
        fn get(&self) -> &i64 {
            &self.views
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __PostAuthor<__T = fn() -> User>(__r::PhantomData<__T>);
    impl __PostAuthor {
        const COLUMNS: [usize; 1] = [__r::check::key_column::<User>(0, 1)];
        const INVERSE: usize = __r::check::inverse_declared_by::<Post, User>(0);
    }
    impl __r::HopAt<0> for Post {
        type Relation = __PostAuthor;
    }
    impl __r::Relation for __PostAuthor {
        type Owner = Post;
        type Field = BelongsTo<User>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[1], &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &Post) -> &Self::Field {
            &owner.author
        }
        fn owner_key(owner: &Post) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.author_id)?,))
        }
    }
    impl __r::Direct for __PostAuthor {
        type Inverse = <User as __r::RelationAt<{ Self::INVERSE }, Post>>::Relation;
        fn target_key(target: &User) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __PostReviewer<__T = fn() -> User>(__r::PhantomData<__T>);
    impl __PostReviewer {
        const COLUMNS: [usize; 1] = [__r::check::key_column::<User>(0, 1)];
        const INVERSE: usize = __r::check::inverse_declared_by::<Post, User>(1);
    }
    impl __r::HopAt<1> for Post {
        type Relation = __PostReviewer;
    }
    impl __r::Relation for __PostReviewer {
        type Owner = Post;
        type Field = BelongsTo<Option<User>>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 1;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[2], &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &Post) -> &Self::Field {
            &owner.reviewer
        }
        fn owner_key(owner: &Post) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.reviewer_id)?,))
        }
    }
    impl __r::Direct for __PostReviewer {
        type Inverse = <User as __r::RelationAt<{ Self::INVERSE }, Post>>::Relation;
        fn target_key(target: &User) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __PostComments<__T = fn() -> Comment>(__r::PhantomData<__T>);
    impl __PostComments {
        const COLUMNS: [usize; 1] = [__r::check::column::<Comment>("post_id")];
        const INVERSE: usize = __r::check::inverse_declared_by::<Post, Comment>(2);
        const ORDER: [__r::OrderDescriptor; 2] = [
            __r::OrderDescriptor {
                column: __r::check::column::<Comment>("created_at"),
                descending: true,
            },
            __r::OrderDescriptor {
                column: __r::check::column::<Comment>("id"),
                descending: false,
            },
        ];
    }
    impl __r::HopAt<2> for Post {
        type Relation = __PostComments;
    }
    impl __r::Relation for __PostComments {
        type Owner = Post;
        type Field = HasMany<Comment>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 2;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0], &Self::COLUMNS, Self::INVERSE, &Self::ORDER);
        fn field(owner: &Post) -> &Self::Field {
            &owner.comments
        }
        fn owner_key(owner: &Post) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.id)?,))
        }
    }
    impl __r::Direct for __PostComments {
        type Inverse = <Comment as __r::RelationAt<{ Self::INVERSE }, Post>>::Relation;
        fn target_key(target: &Comment) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    impl Post {
        /// The column `id`.
        pub const ID: __r::Column<Post, i64> = __r::Column::at(0);
        /// The column `author_id`.
        pub const AUTHOR_ID: __r::Column<Post, i64> = __r::Column::at(1);
        /// The column `reviewer_id`.
        pub const REVIEWER_ID: __r::Column<Post, Option<i64>> = __r::Column::at(2);
        /// The column `headline`.
        pub const TITLE: __r::Column<Post, String> = __r::Column::at(3);
        /// The column `views`.
        pub const VIEWS: __r::Column<Post, i64> = __r::Column::at(4);
        /// The relation `author`: the `User` that `author_id` refers to by its key.
        pub const AUTHOR: __r::RelationQuery<__PostAuthor> = __r::RelationQuery::new();
        /// The `User` that `author_id` refers to by its key. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn author(
            &self,
            source: &impl __r::Loads<__PostAuthor>,
        ) -> impl __r::Future<Output = __r::Result<__r::Ref<User>>> + __r::Send {
            __r::read::<__PostAuthor, _>(self, source)
        }
        /// A query on the `User` that `author_id` refers to by its key; it is never cached.
        #[inline]
        pub fn author_query(&self) -> __r::Query<User, (), (i64,)> {
            __r::related::<__PostAuthor>(self)
        }
        /// The relation `reviewer`: the `User` that `reviewer_id` refers to by its key.
        pub const REVIEWER: __r::RelationQuery<__PostReviewer> = __r::RelationQuery::new();
        /// The `User` that `reviewer_id` refers to by its key. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn reviewer(
            &self,
            source: &impl __r::Loads<__PostReviewer>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Option<__r::Ref<User>>>,
        > + __r::Send {
            __r::read::<__PostReviewer, _>(self, source)
        }
        /// A query on the `User` that `reviewer_id` refers to by its key; it is never cached.
        #[inline]
        pub fn reviewer_query(&self) -> __r::Query<User, (), (i64,)> {
            __r::related::<__PostReviewer>(self)
        }
        /// The relation `comments`: every `Comment` whose `post_id` refers to `id` of this `Post`.
        pub const COMMENTS: __r::RelationQuery<__PostComments> = __r::RelationQuery::new();
        /// Every `Comment` whose `post_id` refers to `id` of this `Post`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn comments(
            &self,
            source: &impl __r::Loads<__PostComments>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Comment>>> + __r::Send {
            __r::read::<__PostComments, _>(self, source)
        }
        /// A query on every `Comment` whose `post_id` refers to `id` of this `Post`; it is never cached.
        #[inline]
        pub fn comments_query(&self) -> __r::Query<Comment, (), (i64,)> {
            __r::related::<__PostComments>(self)
        }
    }
};
