::core::compile_error! {
    "model `Post` is generic; name the types that its columns have"
}
#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    impl<T: Clone> __r::Model for Post<T>
    where
        Self: __r::Send + __r::Sync + 'static,
        T: Copy,
    {
        type Id = __r::check::Unknown;
        type Key = ();
        fn key_of(_: Self::Id) -> Self::Key {}
        fn key(&self) -> Self::Key {}
        const NAME: &'static str = "Post";
        const PATH: &'static str = "Post";
        const TABLE: &'static str = "Post";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[];
        const KEY: &'static [usize] = &[];
        const RELATIONS: &'static [__r::RelationLeaf] = &[];
        const DERIVED: bool = false;
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::ModelDescriptor {
                name: "Post",
                path: "Post",
                table: "Post",
                columns: &[],
                key: &[],
                relations: &[],
                own_relations: &[],
                extends: __r::Option::None,
            };
            &DESCRIPTOR
        };
        fn attach(&mut self, _: &__r::Origins) {}
        fn clear(&self) {}
    }
    impl<T: Clone, __B: __r::Backend> __r::FromRow<__B> for Post<T>
    where
        Self: __r::Send + __r::Sync + 'static,
        T: Copy,
    {
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
    impl<T: Clone> __r::ColumnAt<{ __r::check::NONE }, __r::check::Unknown> for Post<T>
    where
        Self: __r::Send + __r::Sync + 'static,
        T: Copy,
    {
        fn get(&self) -> &__r::check::Unknown {
            &__r::check::Unknown
        }
    }
    impl<T: Clone, __T> __r::RelationAt<{ __r::check::NONE }, __T> for Post<T>
    where
        Self: __r::Send + __r::Sync + 'static,
        T: Copy,
    {
        type Relation = __r::NoInverse;
    }
    impl<T: Clone, __T: __r::Model> __r::MorphAt<{ __r::check::NONE }, __T> for Post<T>
    where
        Self: __r::Send + __r::Sync + 'static,
        T: Copy,
    {
        const TAG: &'static str = "";
        fn key(&self) -> __r::Option<__T::Key> {
            __r::Option::None
        }
        fn point_back(&self, _: &__r::WeakRef<__T>) {}
    }
};
