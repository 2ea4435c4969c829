#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Video {
        type Id = i64;
        type Key = (i64,);
        fn key_of(id: Self::Id) -> Self::Key {
            (id,)
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.id),)
        }
        const NAME: &'static str = "Video";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Video");
        const TABLE: &'static str = "videos";
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
                Comment,
            >(
                "comments",
                __r::RelationKind::HasMany,
                &[],
                __r::Option::Some("commentable"),
            ),
            __r::leaf::<
                Tag,
            >("tags", __r::RelationKind::ManyToMany, &[], __r::Option::None)
                .over(<Tagging as __r::Model>::PATH),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                Video,
            >(
                &[
                    <__VideoComments as __r::Relation>::DESCRIPTOR,
                    <__VideoTags as __r::Relation>::DESCRIPTOR,
                ],
            );
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.comments.attach(origins, 0);
            self.tags.attach(origins, 1);
        }
        #[inline]
        fn clear(&self) {
            self.comments.clear();
            self.tags.clear();
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Video {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Video
    where
        i64: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                id: __r::decode::<__B, _>(row, at + 0)?,
                comments: __r::Default::default(),
                tags: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for Video {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __VideoComments<__T = fn() -> Comment>(__r::PhantomData<__T>);
    impl __VideoComments {
        const COLUMNS: [usize; 1] = __r::check::morph_id::<Comment, 1>(Self::INVERSE);
        const INVERSE: usize = __r::check::morph::<Comment>("commentable");
    }
    impl __r::HopAt<0> for Video {
        type Relation = __VideoComments;
    }
    impl __r::Relation for __VideoComments {
        type Owner = Video;
        type Field = HasMany<Comment>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0], &Self::COLUMNS, Self::INVERSE, &[])
            .by_morph(
                __r::check::morph_type::<Comment>(Self::INVERSE),
                <Comment as __r::MorphAt<{ Self::INVERSE }, Video>>::TAG,
            );
        fn field(owner: &Video) -> &Self::Field {
            &owner.comments
        }
        fn owner_key(owner: &Video) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.id)?,))
        }
    }
    impl __r::Direct for __VideoComments {
        type Inverse = __r::MorphBack;
        fn target_key(target: &Comment) -> __r::Option<Self::Key> {
            <Comment as __r::MorphAt<{ Self::INVERSE }, Video>>::key(target)
        }
    }
    impl __r::ByMorph for __VideoComments {
        fn point_back(target: &Comment, owner: &__r::WeakRef<Video>) {
            <Comment as __r::MorphAt<
                { Self::INVERSE },
                Video,
            >>::point_back(target, owner);
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __VideoTags<__T = fn() -> (Tagging, Tag)>(__r::PhantomData<__T>);
    impl __VideoTags {
        const ENDS: [(usize, bool); 2] = __r::check::ends_by_morph::<
            Tagging,
            Video,
            Tag,
        >(__r::check::morph::<Tagging>("taggable"), __r::check::NONE, __r::check::NONE);
        const INVERSE: usize = __r::check::inverse_declared_by::<Video, Tag>(1);
    }
    impl __r::HopAt<1> for Video {
        type Relation = __VideoTags;
    }
    impl __r::Relation for __VideoTags {
        type Owner = Video;
        type Field = ManyToMany<Tag, Tagging>;
        type Key = __r::NearKey<Self>;
        type Route = __r::OverPivot<__r::OneWay>;
        const INDEX: usize = 1;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_pivoted::<
            Self,
            __r::OneWay,
        >(Self::INVERSE, &[], &[], false);
        fn field(owner: &Video) -> &Self::Field {
            &owner.tags
        }
        fn owner_key(owner: &Video) -> __r::Option<Self::Key> {
            __r::near_key::<Self>(owner)
        }
    }
    impl __r::Pivoted for __VideoTags {
        type Pivot = Tagging;
        type Near = <Tagging as __r::EndAt<
            { Self::ENDS[0].0 },
            { Self::ENDS[0].1 },
            Video,
        >>::Reference;
        type Far = <Tagging as __r::EndAt<
            { Self::ENDS[1].0 },
            { Self::ENDS[1].1 },
            Tag,
        >>::Reference;
    }
    impl Video {
        /// The column `id`.
        pub const ID: __r::Column<Video, i64> = __r::Column::at(0);
        /// The relation `comments`: every `Comment` whose `commentable` refers to `id` of this `Video`.
        pub const COMMENTS: __r::RelationQuery<__VideoComments> = __r::RelationQuery::new();
        /// Every `Comment` whose `commentable` refers to `id` of this `Video`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn comments(
            &self,
            source: &impl __r::Loads<__VideoComments>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Comment>>> + __r::Send {
            __r::read::<__VideoComments, _>(self, source)
        }
        /// A query on every `Comment` whose `commentable` refers to `id` of this `Video`; it is never cached.
        #[inline]
        pub fn comments_query(&self) -> __r::Query<Comment, (), (i64,)> {
            __r::related::<__VideoComments>(self)
        }
        /// The relation `tags`: every `Tag` that `Tagging` joins to this `Video`.
        pub const TAGS: __r::RelationQuery<__VideoTags> = __r::RelationQuery::new();
        /// Every `Tag` that `Tagging` joins to this `Video`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn tags(
            &self,
            source: &impl __r::Loads<__VideoTags>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Linked<Tag, Tagging>>,
        > + __r::Send {
            __r::read::<__VideoTags, _>(self, source)
        }
        /// A query on every `Tag` that `Tagging` joins to this `Video`; it is never cached.
        #[inline]
        pub fn tags_query(
            &self,
        ) -> __r::Query<Tag, (), __r::NearKey<__VideoTags>, __VideoTags> {
            __r::related::<__VideoTags>(self)
        }
    }
};
