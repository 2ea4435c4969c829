#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Model for Manager {
        type Id = <Person as __r::Model>::Id;
        type Key = <Person as __r::Model>::Key;
        fn key_of(id: Self::Id) -> Self::Key {
            <Person as __r::Model>::key_of(id)
        }
        fn key(&self) -> Self::Key {
            __r::Model::key(&self.person)
        }
        const NAME: &'static str = "Manager";
        const PATH: &'static str = __r::concat!(__r::module_path!(), "::Manager");
        const TABLE: &'static str = "managers";
        const COLUMNS: &'static [__r::ColumnDescriptor] = &__r::inherit::columns::<
            Person,
            { <Person as __r::Model>::COLUMNS.len() + 1 },
        >(
            &[
                __r::ColumnDescriptor {
                    field: "team_id",
                    column: "team_id",
                    type_name: "i64",
                    nullable: false,
                },
            ],
        );
        const KEY: &'static [usize] = <Person as __r::Model>::KEY;
        const RELATIONS: &'static [__r::RelationLeaf] = &[
            __r::leaf::<
                Director,
            >("boss", __r::RelationKind::BelongsTo, &["boss_id"], __r::Option::None),
            __r::leaf::<
                Report,
            >(
                "documents",
                __r::RelationKind::HasMany,
                &["manager_id"],
                __r::Option::None,
            ),
        ];
        const DERIVED: bool = <Person as __r::Model>::DERIVED;
        const EXTENDS: __r::Option<&'static __r::Ancestor> = __r::Option::Some(
            &__r::extended::<Self, Person>(),
        );
        fn embed(origins: &__r::Origins, rows: __r::Arc<dyn __r::Embedding<Self>>) {
            __r::inherit::embed::<Self, Person>(origins, rows);
        }
        const COPY: __r::Option<fn(&Self) -> Self> = __r::Probe::<Self>::COPY;
        const ACCESS: &'static [__r::Access<Self>] = &[
            __r::Access::new(|row| &row.team_id, __r::Probe::<i64>::VALUE),
        ];
        const DESCRIPTOR: &'static __r::ModelDescriptor = {
            static OWN: [__r::RelationDescriptor; 2] = __r::inherit::own::<
                Person,
                _,
            >([
                <__ManagerBoss as __r::Relation>::DESCRIPTOR,
                <__ManagerDocuments as __r::Relation>::DESCRIPTOR,
            ]);
            static ALL: [__r::RelationDescriptor; __r::inherit::count::<Manager>()] = __r::inherit::all::<
                Person,
                _,
            >(&OWN);
            static DESCRIPTOR: __r::ModelDescriptor = __r::inherit::describe::<
                Manager,
                Person,
            >(&OWN, &ALL);
            &DESCRIPTOR
        };
        #[inline]
        fn attach(&mut self, origins: &__r::Origins) {
            __r::Model::attach(&mut self.person, origins.inherited());
            self.boss.attach(origins, 0);
            self.documents.attach(origins, 1);
        }
        #[inline]
        fn clear(&self) {
            __r::Model::clear(&self.person);
            self.boss.clear();
            self.documents.clear();
        }
        fn heap_size(&self) -> usize {
            __r::Model::heap_size(&self.person)
        }
    }
    impl<__T> __r::RelationAt<{ __r::check::NONE }, __T> for Manager {
        type Relation = __r::NoInverse;
    }
    #[automatically_derived]
    impl<__B: __r::Backend> __r::FromRow<__B> for Manager
    where
        Person: __r::FromRow<__B>,
        i64: __r::Decode<__B>,
    {
        fn from_row(
            row: &__B::Row<'_>,
            at: usize,
        ) -> ::core::result::Result<Self, __r::Undecoded> {
            ::core::result::Result::Ok(Self {
                person: <Person as __r::FromRow<__B>>::from_row(row, at)?,
                team_id: __r::decode::<
                    __B,
                    _,
                >(row, at + <Person as __r::Model>::COLUMNS.len() + 0)?,
                boss: __r::Default::default(),
                documents: __r::Default::default(),
            })
        }
    }
    impl __r::ColumnAt<{ <Person as __r::Model>::COLUMNS.len() + 0 }, i64> for Manager {
        fn get(&self) -> &i64 {
            &self.team_id
        }
    }
    const _: () = __r::check::new_column::<Person>("team_id");
    const _: () = __r::check::overrides::<Person>("boss");
    const _: () = __r::check::overrides::<Person>("documents");
    impl<__P: __r::Model> __r::Inherits<__P> for Manager
    where
        Person: __r::Inherits<__P>,
    {
        fn ancestor(&self) -> &__P {
            __r::Inherits::ancestor(&self.person)
        }
    }
    impl<const __N: usize, __T, __D> __r::ColumnAt<__N, __T, __D> for Manager
    where
        Person: __r::ColumnAt<__N, __T, __D>,
    {
        fn get(&self) -> &__T {
            __r::ColumnAt::<__N, __T, __D>::get(&self.person)
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for Manager {
        type Target = Person;
        fn deref(&self) -> &Person {
            &self.person
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __ManagerBoss<__T = fn() -> Director>(__r::PhantomData<__T>);
    impl __ManagerBoss {
        const OWN: [usize; 1] = [__r::check::column::<Manager>("boss_id")];
        const COLUMNS: [usize; 1] = [__r::check::key_column::<Director>(0, 1)];
        const INVERSE: usize = __r::check::inverse_declared_by::<Manager, Director>(0);
    }
    impl __r::HopAt<0> for Manager {
        type Relation = __ManagerBoss;
    }
    impl __r::Relation for __ManagerBoss {
        type Owner = Manager;
        type Field = BelongsTo<Option<Director>>;
        type Key = <Director as __r::Model>::Key;
        type Route = __r::ByKey;
        const INDEX: usize = 0;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&Self::OWN, &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &Manager) -> &Self::Field {
            &owner.boss
        }
        fn owner_key(owner: &Manager) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::key_part(
                    __r::ColumnAt::<{ Self::OWN[0] }, _, _>::get(owner),
                )?,
            ))
        }
    }
    impl __r::Direct for __ManagerBoss {
        type Inverse = <Director as __r::RelationAt<
            { Self::INVERSE },
            Manager,
        >>::Relation;
        fn target_key(target: &Director) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    _,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    #[doc(hidden)]
    #[derive(__r::Clone, __r::Copy)]
    pub struct __ManagerDocuments<__T = fn() -> Report>(__r::PhantomData<__T>);
    impl __ManagerDocuments {
        const OWN: [usize; 1] = [__r::check::key_column::<Manager>(0, 1)];
        const COLUMNS: [usize; 1] = [__r::check::column::<Report>("manager_id")];
        const INVERSE: usize = __r::check::inverse_declared_by::<Manager, Report>(1);
    }
    impl __r::HopAt<1> for Manager {
        type Relation = __ManagerDocuments;
    }
    impl __r::Relation for __ManagerDocuments {
        type Owner = Manager;
        type Field = HasMany<Report>;
        type Key = <Person as __r::Model>::Key;
        type Route = __r::ByKey;
        const INDEX: usize = 1;
        const DESCRIPTOR: __r::RelationDescriptor = __r::describe_relation::<
            Self,
        >(&Self::OWN, &Self::COLUMNS, Self::INVERSE, &[]);
        fn field(owner: &Manager) -> &Self::Field {
            &owner.documents
        }
        fn owner_key(owner: &Manager) -> __r::Option<Self::Key> {
            __r::Option::Some(__r::Model::key(owner))
        }
    }
    impl __r::Direct for __ManagerDocuments {
        type Inverse = <Report as __r::RelationAt<{ Self::INVERSE }, Manager>>::Relation;
        fn target_key(target: &Report) -> __r::Option<Self::Key> {
            __r::Option::Some((
                __r::KeyPart::<
                    _,
                >::key_part(__r::ColumnAt::<{ Self::COLUMNS[0] }, _, _>::get(target))?,
            ))
        }
    }
    impl Manager {
        /// The column `team_id`.
        pub const TEAM_ID: __r::Column<Manager, i64> = __r::Column::at(
            <Person as __r::Model>::COLUMNS.len() + 0,
        );
        /// The relation `boss`: the `Director` that `boss_id` refers to by its key.
        pub const BOSS: __r::RelationQuery<__ManagerBoss> = __r::RelationQuery::new();
        /// The `Director` that `boss_id` refers to by its key. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn boss(
            &self,
            source: &impl __r::Loads<__ManagerBoss>,
        ) -> impl __r::Future<
            Output = __r::Result<__r::Option<__r::Ref<Director>>>,
        > + __r::Send {
            __r::read::<__ManagerBoss, _>(self, source)
        }
        /// A query on the `Director` that `boss_id` refers to by its key; it is never cached.
        #[inline]
        pub fn boss_query(
            &self,
        ) -> __r::Query<Director, (), <Director as __r::Model>::Key> {
            __r::related::<__ManagerBoss>(self)
        }
        /// The relation `documents`: every `Report` whose `manager_id` refers to the key of this `Manager`.
        pub const DOCUMENTS: __r::RelationQuery<__ManagerDocuments> = __r::RelationQuery::new();
        /// Every `Report` whose `manager_id` refers to the key of this `Manager`. Loads it for this row and its peers at once, unless it is loaded. An error when the source cannot be read, or a row does not decode or is missing.
        #[track_caller]
        pub fn documents(
            &self,
            source: &impl __r::Loads<__ManagerDocuments>,
        ) -> impl __r::Future<Output = __r::Result<__r::Many<Report>>> + __r::Send {
            __r::read::<__ManagerDocuments, _>(self, source)
        }
        /// A query on every `Report` whose `manager_id` refers to the key of this `Manager`; it is never cached.
        #[inline]
        pub fn documents_query(
            &self,
        ) -> __r::Query<Report, (), <Person as __r::Model>::Key> {
            __r::related::<__ManagerDocuments>(self)
        }
    }
};
