//! Generated code stands on its own: without a prelude, with the crate renamed, beside types of the same names, from
//! macros, with raw identifiers, across the privacy of modules, inside functions.

extern crate relations_core as rel;

use rel::Relations;

fn relations<M: Relations>() -> Vec<&'static str> {
    M::descriptor().relations().iter().map(|relation| relation.name).collect()
}

mod no_prelude {
    #![no_implicit_prelude]

    #[derive(::relations_core::Relations)]
    pub struct User {
        pub id: i64,
        pub nickname: ::core::option::Option<::std::string::String>,
        #[has_many(inverse = user, order_by(id), cache(off))]
        pub posts: ::relations_core::HasMany<Post>,
    }

    #[derive(::relations_core::Relations)]
    pub struct Post {
        pub id: i64,
        pub user_id: ::core::option::Option<i64>,
        #[belongs_to]
        pub user: ::relations_core::BelongsTo<::core::option::Option<User>>,
    }

    #[derive(::relations_core::Relations)]
    pub struct Author {
        #[relations(extends)]
        pub r#user: User,
        pub page: ::core::option::Option<i64>,
        #[has_many(overrides, foreign_key = user_id)]
        pub posts: ::relations_core::HasMany<Post>,
        #[belongs_to(foreign_key = id)]
        pub same: ::relations_core::BelongsTo<User>,
    }
}

mod sources_without_a_prelude {
    #![no_implicit_prelude]

    #[derive(::relations_core::Sources)]
    pub struct App {
        #[holds(super::no_prelude::User, super::no_prelude::Post)]
        pub r#type: ::relations_core::Sqlite,
        #[holds(super::no_prelude::Author)]
        pub settings: ::relations_core::Db<::relations_core::Sqlite>,
    }
}

mod sources_renamed {
    #[derive(rel::Sources)]
    #[sources(crate = rel)]
    pub struct App {
        #[holds(super::renamed::Node)]
        pub source: rel::Sqlite,
    }
}

#[test]
fn sources_without_a_prelude_or_with_the_crate_renamed() {
    use rel::Sources;
    let fields = sources_without_a_prelude::App::MEMBERS.iter().map(|member| member.field);
    assert_eq!(fields.collect::<Vec<_>>(), ["type", "settings"]);
    assert_eq!(sources_renamed::App::MEMBERS.len(), 1);
}

#[test]
fn sources_from_a_macro_inside_a_function() {
    macro_rules! app {
        ($name:ident, $model:ty) => {
            #[derive(rel::Sources)]
            struct $name {
                #[holds($model)]
                main: rel::Sqlite,
            }
        };
    }
    app!(App, renamed::Node);
    let app = App { main: rel::Sqlite::memory().unwrap() };
    let error = rel::block_on(renamed::Node::all(&app)).err().unwrap();
    assert!(error.to_string().contains("create the table `nodes`"), "{error}");
}

mod morph_without_a_prelude {
    #![no_implicit_prelude]

    #[derive(::relations_core::Morph)]
    pub enum Target {
        #[morph("page")]
        Page(::relations_core::Ref<Page>),
        #[morph("note")]
        r#Note(::relations_core::Ref<Note>),
    }

    #[derive(::core::clone::Clone, ::relations_core::Relations)]
    pub struct Page {
        pub id: i64,
        #[has_many(morph = r#type, cache(ttl = "5m", max_entries = 10))]
        pub notes: ::relations_core::HasMany<Note>,
    }

    #[derive(::core::clone::Clone, ::relations_core::Relations)]
    pub struct Note {
        pub id: i64,
        pub type_type: ::core::option::Option<::std::string::String>,
        pub type_id: ::core::option::Option<i64>,
        #[morph_to(cache)]
        pub r#type: ::relations_core::MorphTo<::core::option::Option<Target>>,
    }
}

#[test]
fn a_polymorphic_relation_without_a_prelude() {
    assert_eq!(relations::<morph_without_a_prelude::Page>(), ["notes"]);
    assert_eq!(relations::<morph_without_a_prelude::Note>(), ["type"]);
}

#[test]
fn without_a_prelude() {
    assert_eq!(relations::<no_prelude::Author>(), ["posts", "same"]);
    assert_eq!(relations::<no_prelude::User>(), ["posts"]);
    assert_eq!(relations::<no_prelude::Post>(), ["user"]);
}

mod renamed {
    use rel::{BelongsTo, Relations};

    #[derive(Relations)]
    #[relations(crate = rel)]
    pub struct Node {
        pub id: i64,
        pub parent_id: Option<i64>,
        #[belongs_to]
        pub parent: BelongsTo<Option<Self>>,
    }
}

mod morph_renamed {
    use rel::{Morph, Ref};

    #[derive(Morph)]
    #[morph(crate = rel)]
    pub enum Target {
        #[morph("node")]
        Node(Ref<super::renamed::Node>),
    }
}

#[test]
fn with_the_crate_renamed() {
    assert_eq!(<morph_renamed::Target as rel::Morph>::VARIANTS.len(), 1);
    assert_eq!(relations::<renamed::Node>(), ["parent"]);
}

mod reexported {
    pub mod facade {
        pub extern crate relations_core as orm;
    }

    #[derive(rel::Relations)]
    #[relations(crate = self::facade::orm)]
    pub struct Tag {
        pub id: i64,
    }
}

#[test]
fn with_the_crate_behind_a_facade() {
    assert_eq!(reexported::Tag::descriptor().table, "tags");
}

mod shadowed {
    #![allow(non_camel_case_types, non_snake_case, dead_code)]

    use relations_core::{BelongsTo, HasMany};

    pub struct Option;
    pub struct Result;
    pub struct Vec;
    pub struct Box;
    pub struct Default;
    pub struct Clone;
    pub struct Send;
    pub struct Future;
    pub struct Column;
    pub struct Probe;
    pub struct Otherwise;
    pub struct CacheSettings;
    pub struct Duration;
    pub struct Model;
    pub struct Relation;
    pub struct Self_;
    pub fn Some() {}
    pub fn None() {}
    pub fn Ok() {}
    pub fn Err() {}

    #[derive(relations_core::Relations)]
    pub struct String {
        pub id: i64,
        #[has_many(foreign_key = b_id)]
        pub uses: HasMany<S>,
    }

    // What a careless derive would call its generics.
    pub type B = i64;

    #[derive(relations_core::Relations)]
    pub struct S {
        pub id: B,
        pub b_id: B,
        #[belongs_to]
        pub b: BelongsTo<String>,
        #[has_many(foreign_key = id)]
        pub target: HasMany<S>,
        #[has_many(foreign_key = id)]
        pub owner: HasMany<S>,
        #[has_many(foreign_key = id)]
        pub source: HasMany<S>,
    }
}

#[test]
fn beside_types_of_the_same_names() {
    assert_eq!(relations::<shadowed::String>(), ["uses"]);
    assert_eq!(relations::<shadowed::S>(), ["b", "target", "owner", "source"]);
}

macro_rules! model {
    ($name:ident { $($column:ident: $column_ty:ty,)* } $relation:ident: $relation_ty:ty, $key:ident, $ttl:literal, $entries:expr) => {
        #[derive(Clone, rel::Relations)]
        pub struct $name {
            id: i64,
            $($column: $column_ty,)*
            #[belongs_to(foreign_key = $key)]
            $relation: $relation_ty,
            #[has_many(foreign_key = $key, order_by(id), cache(ttl = $ttl, max_entries = $entries))]
            rest: rel::HasMany<$name>,
            #[many_to_many(through = $name, near = $relation, far = $relation)]
            others: rel::ManyToMany<$name, $name>,
            #[many_to_many(table = "leaves", foreign_key = $key, target_key = id)]
            plain: rel::ManyToMany<$name>,
        }
    };
}

mod from_a_macro {
    model!(Leaf { branch_id: i64, note: Option<String>, } branch: rel::BelongsTo<Leaf>, branch_id, "5m", 10);
}

#[test]
fn from_a_macro() {
    let columns = from_a_macro::Leaf::descriptor().columns.iter().map(|column| column.nullable);
    assert_eq!(columns.collect::<Vec<_>>(), [false, false, true]);
    assert_eq!(relations::<from_a_macro::Leaf>(), ["branch", "rest", "others", "plain"]);
    let settings = from_a_macro::Leaf::descriptor().relation("rest").map(|relation| relation.cache);
    let ttl = std::time::Duration::from_secs(300);
    assert_eq!(settings, Some(rel::CacheSettings::on().ttl(ttl).max_entries(10)));
}

mod raw {
    use relations_core::{BelongsTo, HasMany, Relations};

    #[derive(Relations)]
    pub struct Type {
        pub id: i64,
        pub r#match: String,
        #[has_many(inverse = r#type, order_by(r#fn desc))]
        pub r#impl: HasMany<r#Impl>,
    }

    #[derive(Relations)]
    pub struct r#Impl {
        pub id: i64,
        pub type_id: i64,
        pub r#fn: String,
        #[belongs_to]
        pub r#type: BelongsTo<r#Type>,
        #[belongs_to(foreign_key = type_id, references = r#id)]
        pub _type: BelongsTo<Type>,
        #[belongs_to(foreign_key = type_id)]
        pub type_: BelongsTo<Type>,
    }
}

#[test]
fn with_raw_identifiers() {
    use raw::{Impl, Type};
    let _ = (Type::MATCH, Impl::TYPE, Impl::_TYPE, Impl::TYPE_, Impl::FN);
    assert_eq!(relations::<Type>(), ["impl"]);
    assert_eq!(relations::<Impl>(), ["type", "_type", "type_"]);
    assert_eq!(Type::descriptor().relation("impl").and_then(|relation| relation.inverse), Some("type"));
    assert_eq!(Type::descriptor().column("match").map(|column| column.column), Some("match"));
    let _ = |db: &'static rel::Sqlite, found: &Impl| drop((found.r#type(db), found.type_query()));
}

mod private_fields {
    pub mod users {
        use super::posts::Post;
        use relations_core::{BelongsTo, HasMany, Relations};

        #[derive(Default)]
        struct Password(String);

        #[derive(Relations)]
        struct Session {
            id: i64,
            user_id: i64,
            #[belongs_to(inverse = sessions)]
            user: BelongsTo<User>,
        }

        #[derive(Default, Relations)]
        pub struct User {
            id: i64,
            email: String,
            password: Password,
            #[has_many]
            sessions: HasMany<Session>,
            #[has_many(foreign_key = author, references = email, inverse = writer)]
            posts: HasMany<Post>,
        }

        impl User {
            pub fn posts_loaded(&self) -> bool {
                self.posts.is_loaded() || !self.email.is_empty() || self.id != 0 || !self.password.0.is_empty()
            }

            pub fn sessions_loaded(&self) -> bool {
                let of = |session: &Session| (session.id, session.user_id, session.user.is_loaded());
                self.sessions.get().is_ok_and(|sessions| sessions.iter().map(of).next().is_some())
            }
        }
    }

    pub mod posts {
        use super::users::User;
        use relations_core::{BelongsTo, Relations};

        #[derive(Relations)]
        pub struct Post {
            id: i64,
            author: String,
            #[belongs_to(foreign_key = author, references = email)]
            writer: BelongsTo<User>,
        }

        pub fn is_new(post: &Post) -> bool {
            post.id == 0 && post.author.is_empty() && !post.writer.is_loaded()
        }
    }
}

#[test]
fn across_the_privacy_of_modules() {
    use private_fields::{posts, users};
    assert!(!users::User::default().posts_loaded());
    assert!(!users::User::default().sessions_loaded());
    assert_eq!(relations::<users::User>(), ["sessions", "posts"]);
    let _ = posts::is_new;
    let writer = posts::Post::descriptor().relation("writer");
    assert_eq!(writer.and_then(|relation| relation.inverse), Some("posts"));
}

#[test]
fn inside_a_function() {
    #[derive(Relations)]
    struct Local {
        id: i64,
        other_id: i64,
        #[belongs_to]
        other: rel::BelongsTo<Local>,
    }
    let local = Local { id: 1, other_id: 2, other: rel::BelongsTo::new() };
    let _ = (local.id, local.other_id, local.other_query());
    assert_eq!(relations::<Local>(), ["other"]);
}
