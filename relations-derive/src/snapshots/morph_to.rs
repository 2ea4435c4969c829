#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Comment {
        type Id = i64;
        type Key = (i64,);
        fn key_of(id: Self::Id) -> Self::Key {
            (id,)
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.id),)
        }
        const NAME: &'static str = "Comment";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Comment");
        const TABLE: &'static str = "comments";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[
            __r::ColumnDescriptor {
                field: "id",
                column: "id",
                type_name: "i64",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "commentable_type",
                column: "commentable_type",
                type_name: "String",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "commentable_id",
                column: "commentable_id",
                type_name: "i64",
                nullable: false,
            },
        ];
        const KEY: &'static [usize] = &[0];
        const RELATIONS: &'static [__r::RelationLeaf] = &[
            __r::morph_leaf("commentable", &["commentable_type", "commentable_id"]),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
            __r::Access::new(|row| &row.commentable_type, __r::Probe::<String>::VALUE),
            __r::Access::new(|row| &row.commentable_id, __r::Probe::<i64>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                Comment,
            >(&[<__CommentCommentable as __r::Relation>::DESCRIPTOR]);
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.commentable.attach(origins, 0);
        }
        #[inline]
        fn clear(&self) {
            self.commentable.clear();
        }
        fn heap_size(&self) -> usize {
            __r::Probe::<String>::heap_size(&self.commentable_type)
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Comment {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Comment
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
                commentable_type: __r::decode::<__B, _>(row, at + 1)?,
                commentable_id: __r::decode::<__B, _>(row, at + 2)?,
                commentable: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for Comment {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    impl __r::ColumnAt<1, String> for Comment {
        fn get(&self) -> &String {
            &self.commentable_type
        }
    }
    impl __r::ColumnAt<2, i64> for Comment {
        fn get(&self) -> &i64 {
            &self.commentable_id
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __CommentCommentable<__T = fn() -> Commentable>(__r::PhantomData<__T>);
    impl __r::Relation for __CommentCommentable {
        type Owner = Comment;
        type Field = MorphTo<Commentable>;
        type Key = (__r::Cow<'static, str>, i64);
        type Route = __r::Morphic;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_morph::<Self>(&[1, 2]);
        fn field(owner: &Comment) -> &Self::Field {
            &owner.commentable
        }
        fn owner_key(owner: &Comment) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::tag::<Commentable>(__r::ColumnAt::<1, _, _>::get(owner))?,
                __r::KeyPart::<i64>::key_part(&owner.commentable_id)?,
            ))
        }
    }
    impl<__T: __r::Model> __r::MorphAt<0, __T> for Comment
    where
        Commentable: __r::MorphVariant<__T>,
        __T::Id: __r::MorphId<__T, i64>,
    {
        const TAG: &'static str = <Commentable as __r::MorphVariant<__T>>::TAG;
        fn key(&self) -> __r::Option<__T::Key> {
            __r::key_at::<__CommentCommentable, __T, i64>(self)
        }
        fn point_back(&self, owner: &__r::WeakRef<__T>) {
            __r::point_back::<__CommentCommentable, __T>(self, owner);
        }
    }
    impl Comment {
        /// The column `id`.
        pub const ID: __r::Column<Comment, i64> = __r::Column::at(0);
        /// The column `commentable_type`.
        pub const COMMENTABLE_TYPE: __r::Column<Comment, String> = __r::Column::at(1);
        /// The column `commentable_id`.
        pub const COMMENTABLE_ID: __r::Column<Comment, i64> = __r::Column::at(2);
        /// The relation `commentable`: the row of the model that `commentable_type` names, with the key `commentable_id`.
        pub const COMMENTABLE: __r::RelationQuery<__CommentCommentable> = __r::RelationQuery::new();
        /// The row of the model that `commentable_type` names, with the key `commentable_id`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn commentable(
            &self,
            source: &impl __r::Loads<__CommentCommentable>,
        ) -> impl __r::Future<Output = __r::Result<Commentable>> + __r::Send {
            __r::read::<__CommentCommentable, _>(self, source)
        }
    }
};
