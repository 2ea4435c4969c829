//! Snapshots of expansions, as readable Rust in `snapshots/`. `UPDATE_EXPECT=1 cargo test` writes them anew.

use std::path::Path;

use quote::quote;

use super::{expand, expand_morph, expand_sources};

/// The expansion of a model.
fn snapshot(name: &str, input: proc_macro2::TokenStream) {
    compare(name, expand(input));
}

fn compare(name: &str, output: proc_macro2::TokenStream) {
    let file: syn::File = syn::parse2(output).expect("the expansion is Rust");
    let written = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/snapshots").join(name).with_extension("rs");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &written).expect("the snapshot can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == expected, "{} is out of date: look at the difference, then set UPDATE_EXPECT=1", path.display());
}

#[test]
fn the_user_of_the_guide() {
    snapshot(
        "user",
        quote! {
            #[relations(table = "users")]
            pub struct User {
                #[relations(key)]
                pub id: i64,
                pub name: String,
                pub company_id: Option<i64>,
                #[belongs_to(foreign_key = company_id)]
                pub company: BelongsTo<Option<Company>>,
                #[has_one(foreign_key = user_id)]
                pub profile: HasOne<Option<Profile>>,
                #[has_many(foreign_key = author_id, inverse = author)]
                pub posts: HasMany<Post>,
                #[has_many(foreign_key = reviewer_id, inverse = reviewer)]
                pub reviews: HasMany<Post>,
            }
        },
    );
}

#[test]
fn the_post_of_the_guide() {
    snapshot(
        "post",
        quote! {
            #[relations(table = "posts")]
            pub struct Post {
                #[relations(key)]
                pub id: i64,
                pub author_id: i64,
                pub reviewer_id: Option<i64>,
                #[relations(column = "headline")]
                pub title: String,
                pub views: i64,
                #[belongs_to]
                pub author: BelongsTo<User>,
                #[belongs_to]
                pub reviewer: BelongsTo<Option<User>>,
                #[has_many(foreign_key = post_id, order_by(created_at desc, id))]
                pub comments: HasMany<Comment>,
            }
        },
    );
}

#[test]
fn relations_over_join_tables() {
    snapshot(
        "join_tables",
        quote! {
            pub struct Article {
                pub id: i64,
                #[many_to_many(through = ArticleTag, inverse = articles, order_by_pivot(weight desc))]
                pub tags: ManyToMany<Tag, ArticleTag>,
                #[many_to_many(table = "article_readers", target_key = person_id, order_by(name))]
                pub readers: ManyToMany<Person>,
                #[many_to_many(through = Link, near = from, symmetric)]
                pub linked: ManyToMany<Article>,
            }
        },
    );
}

#[test]
fn a_model_of_columns_only() {
    snapshot(
        "columns_only",
        quote! {
            struct Tag {
                id: i64,
                label: String,
            }
        },
    );
}

#[test]
fn a_composite_key() {
    snapshot(
        "composite_key",
        quote! {
            pub(crate) struct Line {
                #[relations(key)]
                pub(crate) order_id: i64,
                #[relations(key)]
                number: i32,
                #[relations(skip)]
                note: Note,
                #[belongs_to(foreign_key = (order_id, number), references = (id, position))]
                #[deprecated]
                pub(super) r#type: BelongsTo<shop::Kind>,
            }
        },
    );
}

#[test]
fn a_model_that_extends_another() {
    snapshot(
        "extends",
        quote! {
            #[relations(table = "managers")]
            pub struct Manager {
                #[relations(extends)]
                pub person: Person,
                pub team_id: i64,
                #[belongs_to(overrides, foreign_key = boss_id)]
                pub boss: BelongsTo<Option<Director>>,
                #[has_many(overrides, foreign_key = manager_id)]
                pub documents: HasMany<Report>,
            }
        },
    );
}

#[test]
fn one_of_many_is_the_first_of_an_order() {
    let with = |options: &str| {
        let model = format!("struct User {{ id: i64, #[has_one({options})] post: HasOne<Option<Post>> }}");
        expand(model.parse().expect("tokens")).to_string()
    };
    for (option, order) in [
        ("latest_by = score", "order_by(score desc)"),
        ("oldest_by = score", "order_by(score)"),
        ("of_many(max = score)", "order_by(score desc)"),
        ("of_many(min = score)", "order_by(score)"),
    ] {
        assert_eq!(with(option), with(order));
    }
}

#[test]
fn ways_over_other_relations() {
    snapshot(
        "ways",
        quote! {
            pub struct User {
                pub id: i64,
                #[has_one]
                profile: HasOne<Option<Profile>>,
                #[has_many]
                pub posts: HasMany<Post>,
                #[has_many(through = posts.comments.author)]
                pub commenters: HasManyThrough<User>,
                #[has_one(through = profile.country)]
                pub country: HasOneThrough<Option<Country>>,
            }
        },
    );
}

#[test]
fn a_polymorphic_enum() {
    compare(
        "morph",
        expand_morph(quote! {
            pub enum Commentable {
                #[morph("post")]
                Post(Ref<Post>),
                #[morph("video")]
                Video(Ref<media::Video>),
            }
        }),
    );
}

#[test]
fn a_polymorphic_relation() {
    snapshot(
        "morph_to",
        quote! {
            pub struct Comment {
                pub id: i64,
                pub commentable_type: String,
                pub commentable_id: i64,
                #[morph_to]
                pub commentable: MorphTo<Commentable>,
            }
        },
    );
}

#[test]
fn relations_that_go_by_a_polymorphic_one() {
    snapshot(
        "by_morph",
        quote! {
            pub struct Video {
                pub id: i64,
                #[has_many(morph = commentable)]
                pub comments: HasMany<Comment>,
                #[many_to_many(morph = taggable)]
                pub tags: ManyToMany<Tag, Tagging>,
            }
        },
    );
}

#[test]
fn relations_that_are_cached() {
    snapshot(
        "cached",
        quote! {
            pub struct Page {
                pub id: i64,
                pub text: String,
                pub summary: Option<String>,
                #[has_many(cache(ttl = "1h 30m", tti = "forever", max_weight = "64MB"))]
                pub notes: HasMany<Note>,
                #[many_to_many(through = PageTag, cache)]
                pub tags: ManyToMany<Tag>,
                #[has_many(cache(off))]
                pub visits: HasMany<Visit>,
            }
        },
    );
}

#[test]
fn a_faulty_enum_goes_with_any_model() {
    compare(
        "morph_fallback",
        expand_morph(quote! {
            pub enum Commentable {
                Post(Ref<Post>),
            }
        }),
    );
}

#[test]
fn a_struct_of_sources() {
    compare(
        "sources",
        expand_sources(quote! {
            pub struct App {
                #[holds(User, blog::Post)]
                main: Sqlite,
                #[holds(Event)]
                r#type: Db<Sqlite>,
            }
        }),
    );
    compare(
        "sources_fallback",
        expand_sources(quote! {
            pub struct App {
                main: Sqlite,
            }
        }),
    );
}

#[test]
fn a_faulty_relation_leaves_a_skeleton() {
    snapshot(
        "skeleton",
        quote! {
            pub struct Post {
                id: i64,
                #[belongs_to]
                pub author: BelongsTo<User>,
            }
        },
    );
}

#[test]
fn a_generic_struct_leaves_a_stub() {
    snapshot(
        "stub",
        quote! {
            pub struct Post<T: Clone> where T: Copy {
                id: T,
            }
        },
    );
}

#[test]
fn nothing_that_is_written_panics() {
    let inputs = [
        "struct A",
        "struct A {}",
        "struct r#A { r#id: i64, #[has_many] r#fn: HasMany<r#A> }",
        "struct _0 { _0: i64, #[relations(key)] __: (i64,), #[belongs_to(foreign_key = _0)] _1: BelongsTo<(A, B)> }",
        "struct \u{df}\u{149} { \u{df}\u{149}: i64, #[has_one(foreign_key = \u{df})] \u{e9}: HasOne<Option<\u{df}>> }",
        "struct A { id: i64, #[belongs_to] a: BelongsTo, #[has_one] b: HasOne<>, #[has_many] c: HasMany<'a, 1> }",
        "struct A { id: i64, id: i64, #[belongs_to] id: BelongsTo<A>, #[belongs_to] b: BelongsTo<&'a [dyn A + B; 3]> }",
        "struct A { id: [u8; { 1 + 1 }], f: fn(Self) -> Self, p: <Self as B>::C, n: !, m: m!(x), t: Box<dyn A + B> }",
        "struct A { #[relations(key = , column, skip = 1,, )] id: i64, #[belongs_to(=)] a: BelongsTo<A> }",
        "struct A { #[relations = 1] id: i64, #[has_many(a::b = 1, 2, foreign_key = ((a)), inverse = r#type)] a: B }",
        "struct A { id: i64, #[has_one(of_many(max), of_many(1 = 2), latest_by, oldest_by = (a))] a: HasOne<A> }",
        "struct A { id: i64, #[has_one(of_many(a::max = b::c, min))] a: HasOne<A>, #[has_one(of_many())] b: HasOne<A> }",
        "#[relations(table, crate = ::, table = 1 + 1)] struct A { #[has_many(order_by(, a b c))] id: HasMany<A> }",
        "#[relations(crate = <A as B>::C)] #[relations] enum A<const N: usize = 1> where A: B {}",
        "struct A { id: i64, #[many_to_many(through = <B as C>::D, table = \"\", near = 1)] a: ManyToMany<A, B, C> }",
        "struct A { id: i64, #[many_to_many(table = \"t\", foreign_key = ())] a: ManyToMany<(), A> }",
        "struct A { id: i64, #[many_to_many(morph = r#fn, symmetric, far = a)] a: ManyToMany<A, [A; 1]> }",
        "struct A { #[relations(extends)] a: A, #[relations(extends, key)] b: (), #[has_one(overrides)] c: HasOne<A> }",
        "struct A { #[relations(extends, skip)] r#a: [u8; 2], #[belongs_to(references = (b, c))] d: BelongsTo<Self> }",
        "union A<'a, T: ?Sized + 'a = B> { a: T }",
        "struct A<T>(T) where T: B;",
        "struct A { id: i64, #[has_many(through = a.a)] a: HasManyThrough<A>, #[has_one(through)] b: HasOneThrough<A> }",
        "struct A { id: i64, #[has_many(through = b.r#type.x)] a: HasManyThrough<A>, #[has_many] b: HasMany<(A, B)> }",
        "struct A { id: i64, #[has_many(through = b.x)] a: HasManyThrough<A>, #[has_many(through = a.y)] b: HasManyThrough<A>, #[has_many(through = a.z)] c: HasManyThrough<A> }",
        "struct A { id: i64, #[has_many(through = ().b.1)] a: HasManyThrough<A>, b: HasOneThrough, c: HasOneThrough<A> }",
        "struct A { id: i64, #[morph_to(morph_type = , foreign_key = ())] r#type: MorphTo, #[morph_to] b: MorphTo<!> }",
        "struct A { #[has_one(morph = morph, morph = 1)] a: HasOne<A>, #[morph_to(morph_type = a)] b: MorphTo<&'a A> }",
        "#[morph(crate = ::, crate)] #[morph = 1] enum A { #[morph] A, #[morph(1)] B(Ref<A>), #[morph()] C(Ref), D() }",
        "enum A<'a, T: B = C, const N: usize = 1> where T: D { #[morph(\"\")] A(T) }",
        "enum r#A { #[morph(\"a\")] r#fn(Ref<dyn A + B>), #[morph(\"a\")] _1(Ref<[A; { 1 + 1 }]>), E { a: A } }",
        "enum A {}",
        "#[sources(crate = ::)] #[sources] struct A { #[holds] a: A, #[holds()] b: A, #[holds(A, 1)] c: A, #[holds = 1] d: A }",
        "struct A { #[holds(A, A, r#A, <A as B>::C)] r#fn: [A; { 1 + 1 }], #[holds((), &'a A,)] #[holds(B)] b: A }",
        "struct A<T: B = C, const N: usize = 1>(T) where T: D;",
        "struct A { id: i64, #[has_many(cache)] a: HasMany<A>, #[has_one(cache(off))] b: HasOne<A>, #[has_one(cache())] c: HasOne<A> }",
        "struct A { id: i64, #[has_many(cache = )] a: HasMany<A>, #[has_many(cache(, ttl))] b: HasMany<A>, #[has_many(cache(1))] c: HasMany<A> }",
        "struct A { id: i64, #[has_many(cache(ttl = \"\", tti = \"1\u{df}\", off = 1))] a: HasMany<A> }",
        "struct A { id: i64, #[has_many(cache(ttl = \"_1s\", tti = \"\u{661}s\", max_weight = \"-\"))] a: HasMany<A> }",
        "struct A { id: i64, #[has_many(cache(ttl = 5m, max_weight = 99999999999999999999GB, off))] a: HasMany<A> }",
        "struct A { id: i64, #[has_many(cache(max_entries = -(1), max_weight = !1, max_entries::b = 2))] a: HasMany<A> }",
    ];
    for input in inputs {
        for expand in [expand, expand_morph, expand_sources] {
            let output = expand(input.parse().expect("tokens"));
            assert!(syn::parse2::<syn::File>(output.clone()).is_ok(), "{input} gives {output}");
        }
    }
}

/// The lines of a snapshot as rustfmt prints it with this repository's settings.
fn formatted_lines(name: &str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::File::open(folder.join("src/snapshots").join(name).with_extension("rs")).expect("a snapshot");
    let formatted = std::process::Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(folder.join("../rustfmt.toml"))
        .stdin(text)
        .output()
        .expect("rustfmt runs: `rustup component add rustfmt`");
    assert!(formatted.status.success(), "{}", String::from_utf8_lossy(&formatted.stderr));
    formatted.stdout.iter().filter(|&&byte| byte == b'\n').count()
}

#[test]
fn expansions_stay_within_their_budget() {
    let kept = [
        ("columns_only", 0),
        ("user", 4),
        ("post", 3),
        ("ways", 4),
        ("join_tables", 3),
        ("morph_to", 1),
        ("by_morph", 2),
        ("extends", 2),
    ];
    for (name, relations) in kept {
        // Of the 92 lines of a model, one says how a row is copied, three what it weighs, and six how its columns are
        // looked at. Two, and one of the 61 of a relation, say `inline`: what is not used is not compiled, and a crate of
        // models builds three times as fast.
        let (lines, budget) = (formatted_lines(name), 92 + 61 * relations);
        assert!(lines <= budget, "{name}: {lines} lines, at most {budget}");
        println!("{name}: {lines} lines of {budget}");
    }
}
