#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Line {
        type Id = (i64, i32);
        type Key = (i64, i32);
        fn key_of(id: Self::Id) -> Self::Key {
            id
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.order_id), __r::Clone::clone(&self.number))
        }
        const NAME: &'static str = "Line";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Line");
        const TABLE: &'static str = "lines";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[
            __r::ColumnDescriptor {
                field: "order_id",
                column: "order_id",
                type_name: "i64",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "number",
                column: "number",
                type_name: "i32",
                nullable: false,
            },
        ];
        const KEY: &'static [usize] = &[0, 1];
        const RELATIONS: &'static [__r::RelationLeaf] = &[
            __r::leaf::<
                shop::Kind,
            >(
                    "type",
                    __r::RelationKind::BelongsTo,
                    &["order_id", "number"],
                    __r::Option::None,
                )
                .hidden(),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.order_id, __r::Probe::<i64>::VALUE),
            __r::Access::new(|row| &row.number, __r::Probe::<i32>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                Line,
            >(&[<__LineType as __r::Relation>::DESCRIPTOR]);
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.r#type.attach(origins, 0);
        }
        #[inline]
        fn clear(&self) {
            self.r#type.clear();
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Line {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Line
    where
        i64: __r::Decode<__B>,
        i32: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                order_id: __r::decode::<__B, _>(row, at + 0)?,
                number: __r::decode::<__B, _>(row, at + 1)?,
                r#type: __r::Default::default(),
                note: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for Line {
        fn get(&self) -> &i64 {
            &self.order_id
        }
    }
    impl __r::ColumnAt<1, i32> for Line {
        fn get(&self) -> &i32 {
            &self.number
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub(crate) struct __LineType<__T = fn() -> shop::Kind>(__r::PhantomData<__T>);
    impl __LineType {
        const COLUMNS: [usize; 2] = [
            __r::check::column::<shop::Kind>("id"),
            __r::check::column::<shop::Kind>("position"),
        ];
        const INVERSE: usize = __r::check::inverse_declared_by::<Line, shop::Kind>(0);
    }
    impl __r::RelationAt<0, shop::Kind> for Line {
        type Relation = __LineType;
    }
    impl __r::Relation for __LineType {
        type Owner = Line;
        type Field = BelongsTo<shop::Kind>;
        type Key = (i64, i32);
        type Route = __r::ByKey;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0, 1], &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &Line) -> &Self::Field {
            &owner.r#type
        }
        fn owner_key(owner: &Line) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<i64>::key_part(&owner.order_id)?,
                __r::KeyPart::<i32>::key_part(&owner.number)?,
            ))
        }
    }
    impl __r::Direct for __LineType {
        type Inverse = <shop::Kind as __r::RelationAt<
            { Self::INVERSE },
            Line,
        >>::Relation;
        fn target_key(target: &shop::Kind) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
                __r::KeyPart::<
                    i32,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[1] }, _, _>::get(target))?,
            ))
        }
    }
    impl Line {
        /// The column `order_id`.
        pub(crate) const ORDER_ID: __r::Column<Line, i64> = __r::Column::at(0);
        /// The column `number`.
        const NUMBER: __r::Column<Line, i32> = __r::Column::at(1);
        /// The relation `type`: the `shop::Kind` that `order_id`, `number` refers to by `id`, `position`.
        #[deprecated]
        pub(super) const TYPE: __r::RelationQuery<__LineType> = __r::RelationQuery::new();
        /// The `shop::Kind` that `order_id`, `number` refers to by `id`, `position`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[deprecated]
        #[track_caller]
        pub(super) fn r#type(
            &self,
            source: &impl __r::Loads<__LineType>,
        ) -> impl __r::Future<Output = __r::Result<__r::Ref<shop::Kind>>> + __r::Send {
            __r::read::<__LineType, _>(self, source)
        }
        /// A query on the `shop::Kind` that `order_id`, `number` refers to by `id`, `position`; it is never cached.
        #[deprecated]
        #[inline]
        pub(super) fn type_query(&self) -> __r::Query<shop::Kind, (), (i64, i32)> {
            __r::related::<__LineType>(self)
        }
    }
};
