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
        ];
        const KEY: &'static [usize] = &[0];
        const RELATIONS: &'static [__r::RelationLeaf] = &[
            __r::leaf::<
                Profile,
            >("profile", __r::RelationKind::HasOne, &["user_id"], __r::Option::None)
                .hidden(),
            __r::leaf::<
                Post,
            >("posts", __r::RelationKind::HasMany, &["user_id"], __r::Option::None),
            __r::leaf::<
                User,
            >("commenters", __r::RelationKind::HasManyThrough, &[], __r::Option::None),
            __r::leaf::<
                Country,
            >("country", __r::RelationKind::HasOneThrough, &[], __r::Option::None)
                .hidden(),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                User,
            >(
                &[
                    <__UserProfile as __r::Relation>::DESCRIPTOR,
                    <__UserPosts as __r::Relation>::DESCRIPTOR,
                    <__UserCommenters as __r::Relation>::DESCRIPTOR,
                    <__UserCountry as __r::Relation>::DESCRIPTOR,
                ],
            );
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.profile.attach(origins, 0);
            self.posts.attach(origins, 1);
            self.commenters.attach(origins, 2);
            self.country.attach(origins, 3);
        }
        #[inline]
        fn clear(&self) {
            self.profile.clear();
            self.posts.clear();
            self.commenters.clear();
            self.country.clear();
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for User {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for User
    where
        i64: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                id: __r::decode::<__B, _>(row, at + 0)?,
                profile: __r::Default::default(),
                posts: __r::Default::default(),
                commenters: __r::Default::default(),
                country: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for User {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __UserProfile<__T = fn() -> Profile>(__r::PhantomData<__T>);
    impl __UserProfile {
        const COLUMNS: [usize; 1] = [
            __r::check::default_column::<Profile>("user_id", "profile"),
        ];
        const INVERSE: usize = __r::check::inverse_declared_by::<User, Profile>(0);
    }
    impl __r::RelationAt<0, Profile> for User {
        type Relation = __UserProfile;
    }
    impl __r::Relation for __UserProfile {
        type Owner = User;
        type Field = HasOne<Option<Profile>>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 0;
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
        const COLUMNS: [usize; 1] = [
            __r::check::default_column::<Post>("user_id", "posts"),
        ];
        const INVERSE: usize = __r::check::inverse_declared_by::<User, Post>(1);
    }
    impl __r::HopAt<1> for User {
        type Relation = __UserPosts;
    }
    impl __r::Relation for __UserPosts {
        type Owner = User;
        type Field = HasMany<Post>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 1;
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
    pub struct __UserCommenters<__T = fn() -> (Post, User)>(__r::PhantomData<__T>);
    impl __UserCommenters {
        const HOP_1: usize = __r::check::hop::<Post>("comments", false);
        const HOP_2: usize = __r::check::last_hop::<
            __r::Target<<Post as __r::HopAt<{ Self::HOP_1 }>>::Relation>,
            User,
        >("author", false);
    }
    impl __r::HopAt<2> for User {
        type Relation = __UserCommenters;
    }
    impl __r::Relation for __UserCommenters {
        type Owner = User;
        type Field = HasManyThrough<User>;
        type Key = <__UserPosts as __r::Relation>::Key;
        type Route = __r::Over<
            __UserPosts,
            __r::Over<
                <Post as __r::HopAt<{ Self::HOP_1 }>>::Relation,
                <__r::Target<
                    <Post as __r::HopAt<{ Self::HOP_1 }>>::Relation,
                > as __r::RelationAt<{ Self::HOP_2 }, User>>::Relation,
            >,
        >;
        const INDEX: usize = 2;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_through::<
            Self,
        >(&["posts", "comments", "author"]);
        fn field(owner: &User) -> &Self::Field {
            &owner.commenters
        }
        fn owner_key(owner: &User) -> __r::Option<Self::Key> {
            <__UserPosts as __r::Relation>::owner_key(owner)
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __UserCountry<__T = fn() -> (Profile, Country)>(__r::PhantomData<__T>);
    impl __UserCountry {
        const HOP_1: usize = __r::check::last_hop::<Profile, Country>("country", true);
    }
    impl __r::Relation for __UserCountry {
        type Owner = User;
        type Field = HasOneThrough<Option<Country>>;
        type Key = <__UserProfile as __r::Relation>::Key;
        type Route = __r::Over<
            __UserProfile,
            <Profile as __r::RelationAt<{ Self::HOP_1 }, Country>>::Relation,
        >;
        const INDEX: usize = 3;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_through::<
            Self,
        >(&["profile", "country"]);
        fn field(owner: &User) -> &Self::Field {
            &owner.country
        }
        fn owner_key(owner: &User) -> __r::Option<Self::Key> {
            <__UserProfile as __r::Relation>::owner_key(owner)
        }
    }
    impl User {
        /// The column `id`.
        pub const ID: __r::Column<User, i64> = __r::Column::at(0);
        /// The relation `profile`: the `Profile` whose `user_id` refers to `id` of this `User`.
        const PROFILE: __r::RelationQuery<__UserProfile> = __r::RelationQuery::new();
        /// The `Profile` whose `user_id` refers to `id` of this `User`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        fn profile(
            &self,
            source: &impl __r::Loads<__UserProfile>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Option<__r::Ref<Profile>>>,
        > + __r::Send {
            __r::read::<__UserProfile, _>(self, source)
        }
        /// A query on the `Profile` whose `user_id` refers to `id` of this `User`; it is never cached.
        #[inline]
        fn profile_query(&self) -> __r::Query<Profile, (), (i64,)> {
            __r::related::<__UserProfile>(self)
        }
        /// The relation `posts`: every `Post` whose `user_id` refers to `id` of this `User`.
        pub const POSTS: __r::RelationQuery<__UserPosts> = __r::RelationQuery::new();
        /// Every `Post` whose `user_id` refers to `id` of this `User`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn posts(
            &self,
            source: &impl __r::Loads<__UserPosts>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Post>>> + __r::Send {
            __r::read::<__UserPosts, _>(self, source)
        }
        /// A query on every `Post` whose `user_id` refers to `id` of this `User`; it is never cached.
        #[inline]
        pub fn posts_query(&self) -> __r::Query<Post, (), (i64,)> {
            __r::related::<__UserPosts>(self)
        }
        /// The relation `commenters`: every `User` that `posts.comments.author` leads to, each once.
        pub const COMMENTERS: __r::RelationQuery<__UserCommenters> = __r::RelationQuery::new();
        /// Every `User` that `posts.comments.author` leads to, each once. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn commenters(
            &self,
            source: &impl __r::Loads<__UserCommenters>,
        ) -> impl __r::Future<Output = __r::Result<__r::Linked<User>>> + __r::Send {
            __r::read::<__UserCommenters, _>(self, source)
        }
        /// The relation `country`: the `Country` that `profile.country` leads to.
        pub const COUNTRY: __r::RelationQuery<__UserCountry> = __r::RelationQuery::new();
        /// The `Country` that `profile.country` leads to. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn country(
            &self,
            source: &impl __r::Loads<__UserCountry>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Option<__r::Ref<Country>>>,
        > + __r::Send {
            __r::read::<__UserCountry, _>(self, source)
        }
    }
};
