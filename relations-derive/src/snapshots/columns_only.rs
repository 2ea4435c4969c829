#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Tag {
        type Id = i64;
        type Key = (i64,);
        fn key_of(id: Self::Id) -> Self::Key {
            (id,)
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.id),)
        }
        const NAME: &'static str = "Tag";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Tag");
        const TABLE: &'static str = "tags";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[
            __r::ColumnDescriptor {
                field: "id",
                column: "id",
                type_name: "i64",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "label",
                column: "label",
                type_name: "String",
                nullable: false,
            },
        ];
        const KEY: &'static [usize] = &[0];
        const RELATIONS: &'static [__r::RelationLeaf] = &[];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
            __r::Access::new(|row| &row.label, __r::Probe::<String>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<Tag>(&[]);
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, _: &__r::Origins) {}
        #[inline]
        fn clear(&self) {}
        fn heap_size(&self) -> usize {
            __r::Probe::<String>::heap_size(&self.label)
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Tag {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Tag
    where
        i64: __r::Decode<__B>,
        String: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                id: __r::decode::<__B, _>(row, at + 0)?,
                label: __r::decode::<__B, _>(row, at + 1)?,
            })
        }
    }
    impl __r::ColumnAt<0, i64> for Tag {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    impl __r::ColumnAt<1, String> for Tag {
        fn get(&self) -> &String {
            &self.label
        }
    }
    impl Tag {
        /// The column `id`.
        const ID: __r::Column<Tag, i64> = __r::Column::at(0);
        /// The column `label`.
        const LABEL: __r::Column<Tag, String> = __r::Column::at(1);
    }
};
