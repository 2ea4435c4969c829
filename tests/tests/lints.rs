//! Generated code is clean under the lints that careful crates deny, without an `allow` of theirs.
#![deny(
    ambiguous_glob_reexports,
    deprecated_in_future,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    future_incompatible,
    keyword_idents,
    let_underscore_drop,
    meta_variable_misuse,
    missing_abi,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    non_local_definitions,
    nonstandard_style,
    redundant_imports,
    redundant_lifetimes,
    rust_2018_idioms,
    rust_2024_compatibility,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    warnings,
    clippy::all,
    clippy::pedantic
)]

use relations_core::Relations;

pub mod library {
    //! Models as a library exports them.

    use relations_core::{BelongsTo, Db, HasMany, HasOne, ManyToMany, Morph, MorphTo, Ref, Relations, Sources, Sqlite};

    /// A user.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Relations)]
    pub struct User {
        /// The key.
        pub id: i64,
        /// The name.
        pub name: String,
        nickname: Option<String>,
        /// What the user has written.
        #[has_many(inverse = user, order_by(title desc, id), cache(ttl = "5m", max_weight = "1MB"))]
        pub posts: HasMany<Post>,
        /// The marks on the user.
        #[has_many(morph = on)]
        pub marks: HasMany<Mark>,
        #[has_one]
        profile: HasOne<Option<Profile>>,
        /// Those who read along.
        #[many_to_many(through = Membership, symmetric, order_by_pivot(id), cache)]
        pub circle: ManyToMany<User, Membership>,
        #[many_to_many(table = "user_profiles", order_by(id))]
        profiles: ManyToMany<Profile>,
    }

    /// Two users who read along.
    #[derive(Debug, Clone, Relations)]
    pub struct Membership {
        /// The key.
        pub id: i64,
        /// One.
        pub one_id: i64,
        /// The other.
        pub other_id: i64,
        /// One.
        #[belongs_to]
        pub one: BelongsTo<User>,
        /// The other.
        #[belongs_to]
        pub other: BelongsTo<User>,
    }

    /// What a mark may be on.
    #[derive(Debug, Clone, Morph)]
    pub enum Marked {
        /// A user.
        #[morph("user")]
        User(Ref<User>),
        /// A post.
        #[morph("post")]
        Post(Ref<Post>),
    }

    /// A mark.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Relations)]
    pub struct Mark {
        /// The key.
        pub id: i64,
        /// What it is on.
        pub on_type: Option<String>,
        /// The key of what it is on.
        pub on_id: Option<i64>,
        /// What it is on.
        #[morph_to(cache(tti = "forever"))]
        pub on: MorphTo<Option<Marked>>,
    }

    /// A post.
    #[derive(Debug, Clone, Relations)]
    pub struct Post {
        /// The key.
        pub id: i64,
        /// The author's key.
        pub user_id: i64,
        /// The title.
        #[deprecated]
        pub title: String,
        /// The author.
        #[belongs_to]
        pub user: BelongsTo<User>,
        /// The author, as long ago.
        #[deprecated = "use `user`"]
        #[belongs_to(foreign_key = user_id)]
        pub author: BelongsTo<User>,
    }

    /// Not seen outside, and not copied.
    #[derive(Debug, Relations)]
    pub(crate) struct Profile {
        pub(crate) id: i64,
        pub(super) user_id: i64,
        #[belongs_to(cache(off))]
        pub(crate) user: BelongsTo<User>,
    }

    /// Extends one that is seen outside, with what is not.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Relations)]
    pub struct Author {
        #[relations(extends)]
        user: User,
        /// The page.
        pub page: Option<i64>,
        /// Those that are signed.
        #[has_many(overrides, foreign_key = user_id)]
        pub posts: HasMany<Post>,
        #[belongs_to(foreign_key = id)]
        same: BelongsTo<User>,
    }

    /// Where they are, some of them private, and one not seen outside.
    #[derive(Debug, Sources)]
    pub struct App {
        #[holds(User, Membership, Profile)]
        pub(super) main: Sqlite,
        /// The rest.
        #[holds(Mark, Post, Author)]
        pub other: Db<Sqlite>,
    }

    impl Author {
        /// Private relations are read where they are declared.
        #[must_use]
        pub fn is_known(&self) -> bool {
            drop((Self::SAME, self.same_query()));
            self.same.is_loaded()
        }
    }

    impl User {
        /// Private relations are read where they are declared.
        #[must_use]
        pub fn nickname(&self) -> Option<&str> {
            drop((self.profile.is_loaded(), Self::NICKNAME, Self::PROFILE));
            drop((self.profiles.is_loaded(), Self::PROFILES));
            self.nickname.as_deref()
        }
    }
}

#[test]
fn models_are_described() {
    use library::{Author, Post, Profile, User};
    let relations = |model: &'static relations_core::ModelDescriptor| {
        model.relations().iter().map(|relation| relation.name).collect::<Vec<_>>()
    };
    assert_eq!(relations(User::descriptor()), ["posts", "marks", "profile", "circle", "profiles"]);
    assert_eq!(relations(Post::descriptor()), ["user", "author"]);
    assert_eq!(relations(Profile::descriptor()), ["user"]);
    assert_eq!(relations(Author::descriptor()), ["posts", "marks", "profile", "circle", "profiles", "same"]);
    let author = Author::default();
    assert!(!author.is_known() && author.nickname().is_none() && author.page.is_none());
    let user = User::default();
    assert_eq!(user.nickname(), None);
    assert!(!user.posts.is_loaded());
    drop(user.posts_query());
    let main = relations_core::Sqlite::memory().expect("a database in memory");
    let app = library::App { other: relations_core::Db::builder(main.clone()).build().expect("no settings"), main };
    drop((app.main.record(), app.other.record(), user.posts(&app)));
    let profile = Profile { id: 1, user_id: user.id, user: relations_core::BelongsTo::new() };
    assert_eq!((profile.id, profile.user_id), (1, 0));
    assert!(!profile.user.is_loaded());
}
