//! Snapshots of expansions, as readable Rust in `snapshots/`. `UPDATE_EXPECT=1 cargo test` writes them anew.

use std::path::Path;

use quote::quote;

use super::expand;

/// The expansion of some items, which may hold several derives.
fn snapshot(name: &str, input: proc_macro2::TokenStream) {
    let file: syn::File = syn::parse2(expand(input)).expect("the expansion is Rust");
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
        "#[relations(table, crate = ::, table = 1 + 1)] struct A { #[has_many(order_by(, a b c))] id: HasMany<A> }",
        "#[relations(crate = <A as B>::C)] #[relations] enum A<const N: usize = 1> where A: B {}",
        "struct A { #[relations(extends)] a: A, #[relations(extends, key)] b: (), #[has_one(overrides)] c: HasOne<A> }",
        "struct A { #[relations(extends, skip)] r#a: [u8; 2], #[belongs_to(references = (b, c))] d: BelongsTo<Self> }",
        "union A<'a, T: ?Sized + 'a = B> { a: T }",
        "struct A<T>(T) where T: B;",
    ];
    for input in inputs {
        let tokens = input.parse().expect("tokens");
        let output = expand(tokens);
        assert!(syn::parse2::<syn::File>(output.clone()).is_ok(), "{input} gives {output}");
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
    for (name, relations) in [("columns_only", 0), ("user", 4), ("post", 3)] {
        let (lines, budget) = (formatted_lines(name), 80 + 60 * relations);
        assert!(lines <= budget, "{name}: {lines} lines, at most {budget}");
        println!("{name}: {lines} lines of {budget}");
    }
}
