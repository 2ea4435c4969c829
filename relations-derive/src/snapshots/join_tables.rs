#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Article {
        type Id = i64;
        type Key = (i64,);
        fn key_of(id: Self::Id) -> Self::Key {
            (id,)
        }
        fn key(&self) -> Self::Key {
            (__r::Clone::clone(&self.id),)
        }
        const NAME: &'static str = "Article";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Article");
        const TABLE: &'static str = "articles";
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
                Tag,
            >("tags", __r::RelationKind::ManyToMany, &[], __r::Option::Some("articles"))
                .over(<ArticleTag as __r::Model>::PATH),
            __r::leaf::<
                Person,
            >("readers", __r::RelationKind::ManyToMany, &[], __r::Option::None)
                .over("article_readers"),
            __r::leaf::<
                Article,
            >("linked", __r::RelationKind::ManyToMany, &[], __r::Option::None)
                .over(<Link as __r::Model>::PATH),
        ];
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.id, __r::Probe::<i64>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static DESCRIPTOR: __r::ModelDescriptor = __r::describe::<
                Article,
            >(
                &[
                    <__ArticleTags as __r::Relation>::DESCRIPTOR,
                    <__ArticleReaders as __r::Relation>::DESCRIPTOR,
                    <__ArticleLinked as __r::Relation>::DESCRIPTOR,
                ],
            );
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            self.tags.attach(origins, 0);
            self.readers.attach(origins, 1);
            self.linked.attach(origins, 2);
        }
        #[inline]
        fn clear(&self) {
            self.tags.clear();
            self.readers.clear();
            self.linked.clear();
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Article {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Article
    where
        i64: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                id: __r::decode::<__B, _>(row, at + 0)?,
                tags: __r::Default::default(),
                readers: __r::Default::default(),
                linked: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<0, i64> for Article {
        fn get(&self) -> &i64 {
            &self.id
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __ArticleTags<__T = fn() -> (ArticleTag, Tag)>(__r::PhantomData<__T>);
    impl __ArticleTags {
        const ENDS: [(usize, bool); 2] = __r::check::ends::<
            ArticleTag,
            Article,
            Tag,
        >(__r::check::NONE, __r::check::NONE, false);
        const PIVOT_ORDER: [__r::OrderDescriptor; 1] = [
            __r::OrderDescriptor {
                column: __r::check::column::<ArticleTag>("weight"),
                descending: true,
            },
        ];
        const INVERSE: usize = __r::check::inverse::<Article, Tag>("articles", 0);
    }
    impl __r::HopAt<0> for Article {
        type Relation = __ArticleTags;
    }
    impl __r::Relation for __ArticleTags {
        type Owner = Article;
        type Field = ManyToMany<Tag, ArticleTag>;
        type Key = __r::NearKey<Self>;
        type Route = __r::OverPivot<__r::OneWay>;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_pivoted::<
            Self,
            __r::OneWay,
        >(Self::INVERSE, &[], &Self::PIVOT_ORDER, false);
        fn field(owner: &Article) -> &Self::Field {
            &owner.tags
        }
        fn owner_key(owner: &Article) -> __r::Option<Self::Key> {
            __r::near_key::<Self>(owner)
        }
    }
    impl __r::Pivoted for __ArticleTags {
        type Pivot = ArticleTag;
        type Near = <ArticleTag as __r::EndAt<
            { Self::ENDS[0].0 },
            { Self::ENDS[0].1 },
            Article,
        >>::Reference;
        type Far = <ArticleTag as __r::EndAt<
            { Self::ENDS[1].0 },
            { Self::ENDS[1].1 },
            Tag,
        >>::Reference;
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __ArticleReaders<__T = fn() -> Person>(__r::PhantomData<__T>);
    impl __ArticleReaders {
        const INVERSE: usize = __r::check::inverse_declared_by::<Article, Person>(1);
        const ORDER: [__r::OrderDescriptor; 1] = [
            __r::OrderDescriptor {
                column: __r::check::column::<Person>("name"),
                descending: false,
            },
        ];
    }
    impl __r::OverTable for __ArticleReaders {
        const TABLE: &'static str = "article_readers";
        const NEAR: &'static [&'static str] = __r::check::join_columns::<
            Article,
        >("foreign_key", &["article_id"]);
        const FAR: &'static [&'static str] = __r::check::join_columns::<
            Person,
        >("target_key", &["person_id"]);
    }
    impl __r::HopAt<1> for Article {
        type Relation = __ArticleReaders;
    }
    impl __r::Relation for __ArticleReaders {
        type Owner = Article;
        type Field = ManyToMany<Person>;
        type Key = __r::NearKey<Self>;
        type Route = __r::OverPivot<__r::OneWay>;
        const INDEX: usize = 1;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_pivoted::<
            Self,
            __r::OneWay,
        >(Self::INVERSE, &Self::ORDER, &[], false);
        fn field(owner: &Article) -> &Self::Field {
            &owner.readers
        }
        fn owner_key(owner: &Article) -> __r::Option<Self::Key> {
            __r::near_key::<Self>(owner)
        }
    }
    impl __r::Pivoted for __ArticleReaders {
        type Pivot = __r::JoinRow<Self>;
        type Near = __r::Near<Self>;
        type Far = __r::Far<Self>;
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __ArticleLinked<__T = fn() -> (Link, Article)>(__r::PhantomData<__T>);
    impl __ArticleLinked {
        const ENDS: [(usize, bool); 2] = __r::check::ends::<
            Link,
            Article,
            Article,
        >(__r::check::named_end::<Link, Article>("from"), __r::check::NONE, true);
        const INVERSE: usize = __r::check::inverse_declared_by::<Article, Article>(2);
    }
    impl __r::HopAt<2> for Article {
        type Relation = __ArticleLinked;
    }
    impl __r::Relation for __ArticleLinked {
        type Owner = Article;
        type Field = ManyToMany<Article>;
        type Key = __r::NearKey<Self>;
        type Route = __r::OverPivot<__r::BothWays>;
        const INDEX: usize = 2;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_pivoted::<
            Self,
            __r::BothWays,
        >(Self::INVERSE, &[], &[], false);
        fn field(owner: &Article) -> &Self::Field {
            &owner.linked
        }
        fn owner_key(owner: &Article) -> __r::Option<Self::Key> {
            __r::near_key::<Self>(owner)
        }
    }
    impl __r::Pivoted for __ArticleLinked {
        type Pivot = Link;
        type Near = <Link as __r::EndAt<
            { Self::ENDS[0].0 },
            { Self::ENDS[0].1 },
            Article,
        >>::Reference;
        type Far = <Link as __r::EndAt<
            { Self::ENDS[1].0 },
            { Self::ENDS[1].1 },
            Article,
        >>::Reference;
    }
    impl Article {
        /// The column `id`.
        pub const ID: __r::Column<Article, i64> = __r::Column::at(0);
        /// The relation `tags`: every `Tag` that `ArticleTag` joins to this `Article`.
        pub const TAGS: __r::RelationQuery<__ArticleTags> = __r::RelationQuery::new();
        /// Every `Tag` that `ArticleTag` joins to this `Article`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn tags(
            &self,
            source: &impl __r::Loads<__ArticleTags>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Linked<Tag, ArticleTag>>,
        > + __r::Send {
            __r::read::<__ArticleTags, _>(self, source)
        }
        /// A query on every `Tag` that `ArticleTag` joins to this `Article`; it is never cached.
        #[inline]
        pub fn tags_query(
            &self,
        ) -> __r::Query<Tag, (), __r::NearKey<__ArticleTags>, __ArticleTags> {
            __r::related::<__ArticleTags>(self)
        }
        /// The relation `readers`: every `Person` that `article_readers` joins to this `Article`.
        pub const READERS: __r::RelationQuery<__ArticleReaders> = __r::RelationQuery::new();
        /// Every `Person` that `article_readers` joins to this `Article`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn readers(
            &self,
            source: &impl __r::Loads<__ArticleReaders>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Linked<Person, ()>>,
        > + __r::Send {
            __r::read::<__ArticleReaders, _>(self, source)
        }
        /// A query on every `Person` that `article_readers` joins to this `Article`; it is never cached.
        #[inline]
        pub fn readers_query(
            &self,
        ) -> __r::Query<Person, (), __r::NearKey<__ArticleReaders>, __ArticleReaders> {
            __r::related::<__ArticleReaders>(self)
        }
        /// The relation `linked`: every `Article` that `Link` joins to this `Article`.
        pub const LINKED: __r::RelationQuery<__ArticleLinked> = __r::RelationQuery::new();
        /// Every `Article` that `Link` joins to this `Article`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn linked(
            &self,
            source: &impl __r::Loads<__ArticleLinked>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Linked<Article, ()>>,
        > + __r::Send {
            __r::read::<__ArticleLinked, _>(self, source)
        }
        /// A query on every `Article` that `Link` joins to this `Article`; it is never cached.
        #[inline]
        pub fn linked_query(
            &self,
        ) -> __r::Query<Article, (), __r::NearKey<__ArticleLinked>, __ArticleLinked> {
            __r::related::<__ArticleLinked>(self)
        }
    }
};
