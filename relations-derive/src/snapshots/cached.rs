#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Page {
        type Id = i64;
        type Key = (i64,);
        fn key_of(id: Self::Id) -> Self::Key {
            (id,)
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.id),)
        }
        const NAME: &'static str = "Page";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Page");
        const TABLE: &'static str = "pages";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &[
            __r::ColumnDescriptor {
                field: "id",
                column: "id",
                type_name: "i64",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "text",
                column: "text",
                type_name: "String",
                nullable: false,
            },
            __r::ColumnDescriptor {
                field: "summary",
                column: "summary",
                type_name: "Option<String>",
                nullable: true,
            },
        ];
        const KEY: &'static [usize] = &[0];
        const RELATIONS: &'static [__r::RelationLeaf] = &[
            __r::leaf::<
                Note,
            >("notes", __r::RelationKind::HasMany, &["page_id"], __r::Option::None),
            __r::leaf::<
                Tag,
            >("tags", __r::RelationKind::ManyToMany, &[], __r::Option::None)
                .over(<PageTag as __r::Model>::PATH),
            __r::leaf::<
                Visit,
            >("visits", __r::RelationKind::HasMany, &["page_id"], __r::Option::None),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
            __r::Access::new(|row| &row.text, __r::Probe::<String>::VALUE),
            __r::Access::new(|row| &row.summary, __r::Probe::<Option<String>>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                Page,
            >(
                &[
                    <__PageNotes as __r::Relation>::DESCRIPTOR,
                    <__PageTags as __r::Relation>::DESCRIPTOR,
                    <__PageVisits as __r::Relation>::DESCRIPTOR,
                ],
            );
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.notes.attach(origins, 0);
            self.tags.attach(origins, 1);
            self.visits.attach(origins, 2);
        }
        #[inline]
        fn clear(&self) {
            self.notes.clear();
            self.tags.clear();
            self.visits.clear();
        }
        fn heap_size(&self) -> usize {
            __r::Probe::<String>::heap_size(&self.text)
                + __r::Probe::<Option<String>>::heap_size(&self.summary)
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Page {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Page
    where
        i64: __r::Decode<__B>,
        String: __r::Decode<__B>,
        Option<String>: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                id: __r::decode::<__B, _>(row, at + 0)?,
                text: __r::decode::<__B, _>(row, at + 1)?,
                summary: __r::decode::<__B, _>(row, at + 2)?,
                notes: __r::Default::default(),
                tags: __r::Default::default(),
                visits: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for Page {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    impl __r::ColumnAt<1, String> for Page {
        fn get(&self) -> &String {
            &self.text
        }
    }
    impl __r::ColumnAt<2, Option<String>> for Page {
        fn get(&self) -> &Option<String> {
            &self.summary
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __PageNotes<__T = fn() -> Note>(__r::PhantomData<__T>);
    impl __PageNotes {
        const COLUMNS: [usize; 1] = [
            __r::check::default_column::<Note>("page_id", "notes"),
        ];
        const INVERSE: usize = __r::check::inverse_declared_by::<Page, Note>(0);
    }
    impl __r::HopAt<0> for Page {
        type Relation = __PageNotes;
    }
    impl __r::Relation for __PageNotes {
        type Owner = Page;
        type Field = HasMany<Note>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0], &Self::COLUMNS, Self::INVERSE, &[])
            .cached(
                __r::CacheSettings::on()
                    .ttl(__r::Duration::from_millis(5400000))
                    .tti(__r::CacheSettings::FOREVER)
                    .max_weight(67108864),
            );
        fn field(owner: &Page) -> &Self::Field {
            &owner.notes
        }
        fn owner_key(owner: &Page) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.id)?,))
        }
    }
    impl __r::Direct for __PageNotes {
        type Inverse = <Note as __r::RelationAt<{ Self::INVERSE }, Page>>::Relation;
        fn target_key(target: &Note) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    const _: () = __r::check::cached::<Note>();
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __PageTags<__T = fn() -> (PageTag, Tag)>(__r::PhantomData<__T>);
    impl __PageTags {
        const ENDS: [(usize, bool); 2] = __r::check::ends::<
            PageTag,
            Page,
            Tag,
        >(__r::check::NONE, __r::check::NONE, false);
        const INVERSE: usize = __r::check::inverse_declared_by::<Page, Tag>(1);
    }
    impl __r::HopAt<1> for Page {
        type Relation = __PageTags;
    }
    impl __r::Relation for __PageTags {
        type Owner = Page;
        type Field = ManyToMany<Tag>;
        type Key = __r::NearKey<Self>;
        type Route = __r::OverPivot<__r::OneWay>;
        const INDEX: usize = 1;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_pivoted::<
            Self,
            __r::OneWay,
        >(Self::INVERSE, &[], &[], false)
            .cached(__r::CacheSettings::on());
        fn field(owner: &Page) -> &Self::Field {
            &owner.tags
        }
        fn owner_key(owner: &Page) -> __r::Option<Self::Key> {
            __r::near_key::<Self>(owner)
        }
    }
    impl __r::Pivoted for __PageTags {
        type Pivot = PageTag;
        type Near = <PageTag as __r::EndAt<
            { Self::ENDS[0].0 },
            { Self::ENDS[0].1 },
            Page,
        >>::Reference;
        type Far = <PageTag as __r::EndAt<
            { Self::ENDS[1].0 },
            { Self::ENDS[1].1 },
            Tag,
        >>::Reference;
    }
    const _: () = __r::check::cached::<Tag>();
    const _: () = __r::check::cached::<PageTag>();
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __PageVisits<__T = fn() -> Visit>(__r::PhantomData<__T>);
    impl __PageVisits {
        const COLUMNS: [usize; 1] = [
            __r::check::default_column::<Visit>("page_id", "visits"),
        ];
        const INVERSE: usize = __r::check::inverse_declared_by::<Page, Visit>(2);
    }
    impl __r::HopAt<2> for Page {
        type Relation = __PageVisits;
    }
    impl __r::Relation for __PageVisits {
        type Owner = Page;
        type Field = HasMany<Visit>;
        type Key = (i64,);
        type Route = __r::ByKey;
        const INDEX: usize = 2;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&[0], &Self::COLUMNS, Self::INVERSE, &[])
            .cached(__r::CacheSettings::off());
        fn field(owner: &Page) -> &Self::Field {
            &owner.visits
        }
        fn owner_key(owner: &Page) -> __r::Option<Self::Key> {
            __r::Option::Some((__r::KeyPart::<i64>::key_part(&owner.id)?,))
        }
    }
    impl __r::Direct for __PageVisits {
        type Inverse = <Visit as __r::RelationAt<{ Self::INVERSE }, Page>>::Relation;
        fn target_key(target: &Visit) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    i64,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    impl Page {
        /// The column `id`.
        pub const ID: __r::Column<Page, i64> = __r::Column::at(0);
        /// The column `text`.
        pub const TEXT: __r::Column<Page, String> = __r::Column::at(1);
        /// The column `summary`.
        pub const SUMMARY: __r::Column<Page, Option<String>> = __r::Column::at(2);
        /// The relation `notes`: every `Note` whose `page_id` refers to `id` of this `Page`.
        pub const NOTES: __r::RelationQuery<__PageNotes> = __r::RelationQuery::new();
        /// Every `Note` whose `page_id` refers to `id` of this `Page`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn notes(
            &self,
            source: &impl __r::Loads<__PageNotes>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Note>>> + __r::Send {
            __r::read::<__PageNotes, _>(self, source)
        }
        /// A query on every `Note` whose `page_id` refers to `id` of this `Page`; it is never cached.
        #[inline]
        pub fn notes_query(&self) -> __r::Query<Note, (), (i64,)> {
            __r::related::<__PageNotes>(self)
        }
        /// The relation `tags`: every `Tag` that `PageTag` joins to this `Page`.
        pub const TAGS: __r::RelationQuery<__PageTags> = __r::RelationQuery::new();
        /// Every `Tag` that `PageTag` joins to this `Page`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn tags(
            &self,
            source: &impl __r::Loads<__PageTags>,
        ) -> impl __r::Future<Output = __r::Result<__r::Linked<Tag, ()>>> + __r::Send {
            __r::read::<__PageTags, _>(self, source)
        }
        /// A query on every `Tag` that `PageTag` joins to this `Page`; it is never cached.
        #[inline]
        pub fn tags_query(
            &self,
        ) -> __r::Query<Tag, (), __r::NearKey<__PageTags>, __PageTags> {
            __r::related::<__PageTags>(self)
        }
        /// The relation `visits`: every `Visit` whose `page_id` refers to `id` of this `Page`.
        pub const VISITS: __r::RelationQuery<__PageVisits> = __r::RelationQuery::new();
        /// Every `Visit` whose `page_id` refers to `id` of this `Page`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn visits(
            &self,
            source: &impl __r::Loads<__PageVisits>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Visit>>> + __r::Send {
            __r::read::<__PageVisits, _>(self, source)
        }
        /// A query on every `Visit` whose `page_id` refers to `id` of this `Page`; it is never cached.
        #[inline]
        pub fn visits_query(&self) -> __r::Query<Visit, (), (i64,)> {
            __r::related::<__PageVisits>(self)
        }
    }
};
