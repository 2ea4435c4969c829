::core::compile_error! {
    "`author` goes by `author_id`, which is no column of `Post`; add the field, or name another: `#[belongs_to(foreign_key = ..)]`"
}
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
        ];
        const KEY: &'static [usize] = &[0];
        const RELATIONS: &'static [__r::RelationLeaf] = &[];
        const DERIVED: bool = false;
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<Post>(&[]);
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, _: &__r::Origins) {}
        #[inline]
        fn clear(&self) {}
    }
    impl<__B: __r::Backend> __r::FromRow<__B> for Post {
        fn from_row(
            _: &__B::Row<'_>,
            column: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Err(__r::Undecoded {
                column,
                reason: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<{ __r::check::NONE }, __r::check::Unknown> for Post {
        fn get(&self) -> &__r::check::Unknown {
            &__r::check::Unknown
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Post {
        type Relation = __r::NoInverse;
    }
    impl<__T: __r::Model> __r::MorphAt<{ __r::check::NONE }, __T> for Post {
        const TAG: &'static str = "";
        fn key(&self) -> __r::Option<__T::Key> {
            __r::Option::None
        }
        fn point_back(&self, _: &__r::WeakRef<__T>) {}
    }
    impl __r::ColumnAt<0, i64> for Post {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __PostAuthor<__T = fn() -> User>(__r::PhantomData<__T>);
    #[automatically_derived]
    impl __r::Relation for __PostAuthor {
        type Owner = Post;
        type Field = __r::BelongsTo<User>;
        type Key = ();
        type Route = __r::ByKey;
        const INDEX: usize = usize::MAX;
        const DESCRIPTOR: __r::RelationDescriptor = __r::RelationDescriptor {
            name: "author",
            owner: <Post as __r::Model>::model_descriptor,
            kind: __r::RelationKind::BelongsTo,
            target: __r::Option::Some(<User as __r::Model>::model_descriptor),
            variants: &[],
            morph: __r::Option::None,
            required: false,
            owner_columns: &[],
            target_columns: &[],
            inverse: __r::Option::None,
            order: &[],
            pivot: __r::Option::None,
            through: &[],
            overrides: __r::Option::None,
            cache: __r::CacheSettings::INHERITED,
        };
        fn field(_: &Post) -> &Self::Field {
            loop {}
        }
        fn owner_key(_: &Post) -> __r::Option<()> {
            __r::Option::None
        }
    }
    impl __r::Direct for __PostAuthor {
        type Inverse = __r::NoInverse;
        fn target_key(_: &User) -> __r::Option<()> {
            __r::Option::None
        }
    }
    impl Post {
        /// The column `id`.
        const ID: __r::Column<Post, i64> = __r::Column::at(0);
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
        pub fn author_query(&self) -> __r::Query<User, (), ()> {
            __r::related::<__PostAuthor>(self)
        }
    }
};
