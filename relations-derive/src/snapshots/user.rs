#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for User {
        type Id = i64;
        type Key = (i64,);
        fn key_of(id: Self::Id) -> Self::Key {
            (id,)
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.id),)
        }
        const NAME: &'static str = "User";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::User");
        const TABLE: &'static str = "users";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[
            __r::ColumnDescriptor {
                field: "id",
                column: "id",
                type_name: "i64",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "name",
                column: "name",
                type_name: "String",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "company_id",
                column: "company_id",
                type_name: "Option<i64>",
                nullable: true,
            },
        ];
        const KEY: &'static [usize] = &[0];
        const RELATIONS: &'static [__r::RelationLeaf] = &[
            __r::leaf::<
                Company,
            >(
                "company",
                __r::RelationKind::BelongsTo,
                &["company_id"],
                __r::Option::None,
            ),
            __r::leaf::<
                Profile,
            >("profile", __r::RelationKind::HasOne, &["user_id"], __r::Option::None),
            __r::leaf::<
                Post,
            >(
                "posts",
                __r::RelationKind::HasMany,
                &["author_id"],
                __r::Option::Some("author"),
            ),
            __r::leaf::<
                Post,
            >(
                "reviews",
                __r::RelationKind::HasMany,
                &["reviewer_id"],
                __r::Option::Some("reviewer"),
            ),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
            __r::Access::new(|row| &row.name, __r::Probe::<String>::VALUE),
            __r::Access::new(|row| &row.company_id, __r::Probe::<Option<i64>>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                User,
            >(
                &[
                    <__UserCompany as __r::Relation>::DESCRIPTOR,
                    <__UserProfile as __r::Relation>::DESCRIPTOR,
                    <__UserPosts as __r::Relation>::DESCRIPTOR,
                    <__UserReviews as __r::Relation>::DESCRIPTOR,
                ],
            );
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.company.attach(origins, 0);
            self.profile.attach(origins, 1);
            self.posts.attach(origins, 2);
            self.reviews.attach(origins, 3);
        }
        #[inline]
        fn clear(&self) {
            self.company.clear();
            self.profile.clear();
            self.posts.clear();
            self.reviews.clear();
        }
        fn heap_size(&self) -> usize {
            __r::Probe::<String>::heap_size(&self.name)
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for User {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for User
    where
        i64: __r::Decode<__B>,
        String: __r::Decode<__B>,
        Option<i64>: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                id: __r::decode::<__B, _>(row, at + 0)?,
                name: __r::decode::<__B, _>(row, at + 1)?,
                company_id: __r::decode::<__B, _>(row, at + 2)?,
                company: __r::Default::default(),
                profile: __r::Default::default(),
                posts: __r::Default::default(),
                reviews: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for User {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    impl __r::ColumnAt<1, String> for User {
        fn get(&self) -> &String {
            &self.name
        }
    }
    impl __r::ColumnAt<2, Option<i64>> for User {
        fn get(&self) -> &Option<i64> {
            &self.company_id
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __UserCompany<__T = fn() -> Company>(__r::PhantomData<__T>);
    impl __UserCompany {
        const COLUMNS: [usize; 1] = [__r::check::key_column::<Company>(0, 1)];
        const INVERSE: usize = __r::check::inverse_declared_by::<User, Company>(0);
    }
    impl __r::HopAt<0> for User {
        type Relation = __UserCompany;
    }
    impl __r::Relation for __UserCompany {
        type Owner = User;
        type Field = BelongsTo<Option<Company>>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[2], &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &User) -> &Self::Field {
            &owner.company
        }
        fn owner_key(owner: &User) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.company_id)?,))
        }
    }
    impl __r::Direct for __UserCompany {
        type Inverse = <Company as __r::RelationAt<{ Self::INVERSE }, User>>::Relation;
        fn target_key(target: &Company) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __UserProfile<__T = fn() -> Profile>(__r::PhantomData<__T>);
    impl __UserProfile {
        const COLUMNS: [usize; 1] = [__r::check::column::<Profile>("user_id")];
        const INVERSE: usize = __r::check::inverse_declared_by::<User, Profile>(1);
    }
    impl __r::HopAt<1> for User {
        type Relation = __UserProfile;
    }
    impl __r::Relation for __UserProfile {
        type Owner = User;
        type Field = HasOne<Option<Profile>>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 1;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0], &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &User) -> &Self::Field {
            &owner.profile
        }
        fn owner_key(owner: &User) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.id)?,))
        }
    }
    impl __r::Direct for __UserProfile {
        type Inverse = <Profile as __r::RelationAt<{ Self::INVERSE }, User>>::Relation;
        fn target_key(target: &Profile) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __UserPosts<__T = fn() -> Post>(__r::PhantomData<__T>);
    impl __UserPosts {
        const COLUMNS: [usize; 1] = [__r::check::column::<Post>("author_id")];
        const INVERSE: usize = __r::check::inverse::<User, Post>("author", 2);
    }
    impl __r::HopAt<2> for User {
        type Relation = __UserPosts;
    }
    impl __r::Relation for __UserPosts {
        type Owner = User;
        type Field = HasMany<Post>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 2;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0], &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &User) -> &Self::Field {
            &owner.posts
        }
        fn owner_key(owner: &User) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.id)?,))
        }
    }
    impl __r::Direct for __UserPosts {
        type Inverse = <Post as __r::RelationAt<{ Self::INVERSE }, User>>::Relation;
        fn target_key(target: &Post) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __UserReviews<__T = fn() -> Post>(__r::PhantomData<__T>);
    impl __UserReviews {
        const COLUMNS: [usize; 1] = [__r::check::column::<Post>("reviewer_id")];
        const INVERSE: usize = __r::check::inverse::<User, Post>("reviewer", 3);
    }
    impl __r::HopAt<3> for User {
        type Relation = __UserReviews;
    }
    impl __r::Relation for __UserReviews {
        type Owner = User;
        type Field = HasMany<Post>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 3;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0], &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &User) -> &Self::Field {
            &owner.reviews
        }
        fn owner_key(owner: &User) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.id)?,))
        }
    }
    impl __r::Direct for __UserReviews {
        type Inverse = <Post as __r::RelationAt<{ Self::INVERSE }, User>>::Relation;
        fn target_key(target: &Post) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    impl User {
        /// The column `id`.
        pub const ID: __r::Column<User, i64> = __r::Column::at(0);
        /// The column `name`.
        pub const NAME: __r::Column<User, String> = __r::Column::at(1);
        /// The column `company_id`.
        pub const COMPANY_ID: __r::Column<User, Option<i64>> = __r::Column::at(2);
        /// The relation `company`: the `Company` that `company_id` refers to by its key.
        pub const COMPANY: __r::RelationQuery<__UserCompany> = __r::RelationQuery::new();
        /// The `Company` that `company_id` refers to by its key. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn company(
            &self,
            source: &impl __r::Loads<__UserCompany>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Option<__r::Ref<Company>>>,
        > + __r::Send {
            __r::read::<__UserCompany, _>(self, source)
        }
        /// A query on the `Company` that `company_id` refers to by its key; it is never cached.
        #[inline]
        pub fn company_query(&self) -> __r::Query<Company, (), (i64,)> {
            __r::related::<__UserCompany>(self)
        }
        /// The relation `profile`: the `Profile` whose `user_id` refers to `id` of this `User`.
        pub const PROFILE: __r::RelationQuery<__UserProfile> = __r::RelationQuery::new();
        /// The `Profile` whose `user_id` refers to `id` of this `User`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn profile(
            &self,
            source: &impl __r::Loads<__UserProfile>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Option<__r::Ref<Profile>>>,
        > + __r::Send {
            __r::read::<__UserProfile, _>(self, source)
        }
        /// A query on the `Profile` whose `user_id` refers to `id` of this `User`; it is never cached.
        #[inline]
        pub fn profile_query(&self) -> __r::Query<Profile, (), (i64,)> {
            __r::related::<__UserProfile>(self)
        }
        /// The relation `posts`: every `Post` whose `author_id` refers to `id` of this `User`.
        pub const POSTS: __r::RelationQuery<__UserPosts> = __r::RelationQuery::new();
        /// Every `Post` whose `author_id` refers to `id` of this `User`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn posts(
            &self,
            source: &impl __r::Loads<__UserPosts>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Post>>> + __r::Send {
            __r::read::<__UserPosts, _>(self, source)
        }
        /// A query on every `Post` whose `author_id` refers to `id` of this `User`; it is never cached.
        #[inline]
        pub fn posts_query(&self) -> __r::Query<Post, (), (i64,)> {
            __r::related::<__UserPosts>(self)
        }
        /// The relation `reviews`: every `Post` whose `reviewer_id` refers to `id` of this `User`.
        pub const REVIEWS: __r::RelationQuery<__UserReviews> = __r::RelationQuery::new();
        /// Every `Post` whose `reviewer_id` refers to `id` of this `User`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn reviews(
            &self,
            source: &impl __r::Loads<__UserReviews>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Post>>> + __r::Send {
            __r::read::<__UserReviews, _>(self, source)
        }
        /// A query on every `Post` whose `reviewer_id` refers to `id` of this `User`; it is never cached.
        #[inline]
        pub fn reviews_query(&self) -> __r::Query<Post, (), (i64,)> {
            __r::related::<__UserReviews>(self)
        }
    }
};
