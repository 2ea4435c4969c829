//! `#[derive(Relations)]`. One road: `attr` reads what the user wrote, `model` says what it means, `check` what is
//! wrong with it, `expand` what is written.

mod attr;
mod check;
mod expand;
mod infer;
mod model;
mod morph;
mod names;
mod paths;
mod sources;
mod types;
mod value;

use proc_macro2::TokenStream;
use syn::DeriveInput;

/// Makes a struct a model: a row of a table, with typed columns and relations.
///
/// ```text
/// #[derive(Debug, Clone, Relations)]
/// #[relations(table = "posts")]
/// pub struct Post {
///     #[relations(key)]
///     pub id: i64,
///     pub author_id: i64,
///     #[relations(column = "headline")]
///     pub title: String,
///     #[belongs_to]
///     pub author: BelongsTo<User>,
///     #[has_many(foreign_key = post_id, order_by(created_at desc, id))]
///     pub comments: HasMany<Comment>,
/// }
/// ```
///
/// # On the struct: `#[relations(..)]`
/// - `table = "posts"`: the table. Without it, the struct's name in snake case and plural: `Post` reads `posts`,
///   `OrderLine` reads `order_lines`, `Category` reads `categories`, `Box` reads `boxes`.
/// - `crate = path`: where `relations_core` is, if it is neither a dependency of that name nor a renamed one.
///
/// # On a column: `#[relations(..)]`
/// - `key`: the field is the key, or part of it. Without any, the field `id` is the key.
/// - `column = "headline"`: the column's name, if it is not the field's.
/// - `skip`: the field is not a column; `Default` fills it.
/// - `extends`: the field is another model, at least as visible as this one. Its columns come first in this model's
///   table, its key is the key, and its relations are inherited, at any depth. See below.
///
/// # On a relation: `#[belongs_to]`, `#[has_one]`, `#[has_many]`, `#[morph_to]`
/// Each goes with the field type of its name, and takes fields by name, without quotes:
/// - `foreign_key = author_id`, or `(shop_id, order_id)`: the fields that refer to the other side. Of this model for
///   `belongs_to`, where `author` goes by `author_id`; else of the target, where a relation of `User` goes by
///   `user_id`.
/// - `references = email`, or `(shop_id, number)`: the fields that the foreign key refers to, if not the key.
/// - `inverse = posts`: the target's relation that leads back. One side is enough.
/// - `order_by(created_at desc, id)`: the order of the targets, by fields of theirs. Null comes last, and equals by key
///   in the direction of the last field. Not for `belongs_to`. A `has_one` is the first of the order.
///
/// A `has_one` that is one of many rows says so by one of these instead. Only that row is read for each owner. A filter
/// on the relation (`User::LAST_POST.filter(..)`) chooses among the rows that meet it.
/// - `latest_by = created_at`, `oldest_by = created_at`: the last or the first row by this field of the target; of
///   equals, the one with the largest or the smallest key.
/// - `of_many(max = score)`, `of_many(min = score)`: the row with the largest or the smallest value. A row without a
///   value is the one only if no row has a value.
///
/// - `overrides`: the relation takes the place of the inherited one of this name. Any aspect may differ.
/// - `through = posts.comments`: the relations to lead over, two or more; alone, and with the type `HasManyThrough<..>` or
///   `HasOneThrough<..>`. The first is one of this model, the others of the models that they lead to, where they are as
///   visible as their struct. A `has_one` leads over relations to one row only.
/// - `morph = commentable`, for `has_one` and `has_many`: the targets' polymorphic relation that leads here, by the key
///   of this model. It is the inverse.
///
/// `#[morph_to]` leads to a row of one of several models, an enum with `#[derive(Morph)]`. `commentable` goes by
/// `commentable_type` and `commentable_id`:
/// - `morph_type = kind`: the field that holds the type, a text.
/// - `foreign_key = target_id`, or `(shop_id, number)`: the fields that hold the key of a row of that type.
///
/// # On a relation over a join table: `#[many_to_many]`
/// Either over a model with a `belongs_to` to each side: `tags: ManyToMany<Tag, PostTag>`, or `ManyToMany<Tag>` where its
/// rows are not to be kept:
/// - `through = PostTag`: the model, if the field's type does not name it.
/// - `near = post`, `far = tag`: its `belongs_to` that leads to this model and to the target, if there are several.
/// - `morph = taggable`: its `morph_to`, where that is one end and a `belongs_to` the other: with `Post` and `Video` among
///   its variants, `tags: ManyToMany<Tag, Tagging>` of both, and `posts: ManyToMany<Post, Tagging>` of a `Tag`. Only rows
///   of the one type take part. Where a `belongs_to` leads to either model, `near` or `far` says which end it is.
/// - `order_by_pivot(weight desc)`: an order by fields of the join table's model.
///
/// Or over a plain join table, with `tags: ManyToMany<Tag>`:
/// - `table = "post_tags"`: the table.
/// - `foreign_key = post_id`, `target_key = tag_id`, or `(shop_id, order_id)`: its columns that refer to the keys of this
///   model and of the target; these, if not named.
///
/// And for both:
/// - `order_by(name)`: an order by fields of the target, before one of the join table.
/// - `distinct`: a target that several rows lead to counts once.
/// - `symmetric`: both ends are of this model, and each row joins the two, whichever column they stand in.
/// - `inverse = posts`: the target's relation over the same join table. It is described, and never filled.
///
/// # A relation that is cached: `cache`
/// An option of every attribute of a relation but one through others, which is cached by the relations that it leads
/// over. It says what is different from the `CacheConfig` of the `Db`; without it, nothing is.
/// - `cache`: the relation is cached, `cache(off)`: it is not.
/// - `cache(ttl = "5m")`: it is, and an entry is handed out for 5 minutes after it was loaded; `cache(tti = "30s")`: an
///   entry is kept until nobody has read it for 30 seconds. A duration is whole numbers with `ms`, `s`, `m`, `h` or `d`,
///   as `"1h 30m"`, or `"forever"`.
/// - `cache(max_entries = 10_000)`: the most entries, or `cache(max_weight = "64MB")`: the most bytes, a number or a text
///   with `B`, `KB`, `MB` or `GB`. One KB is 1,024 bytes.
///
/// Rows are cached as copies, so the target is `Clone`, and so are the model of a join table and the models of all
/// variants of a polymorphic relation. An override does not inherit the settings.
///
/// # A model that extends another
/// ```text
/// #[derive(Relations)]
/// #[relations(table = "managers")]              // with all columns of `people`, and its own
/// pub struct Manager {
///     #[relations(extends)]
///     pub person: Person,
///     pub team_id: i64,
///     #[has_many(overrides, foreign_key = manager_id)]
///     pub documents: HasMany<Report>,
/// }
/// ```
/// It derefs to its parent: `manager.name`, `manager.boss(&db)`. Relations of its own may go by the inherited key, and
/// a `belongs_to` by inherited columns too, if it refers to the target's key. Queries on it take columns and relations
/// of its ancestors. The parent knows nothing of it.
///
/// # What is written
/// For each column a constant (`Post::TITLE`); for each relation a constant (`Post::AUTHOR`), an async accessor
/// (`post.author(&db)`) and a query (`post.author_query()`), all as visible as the field and deprecated if it is.
#[proc_macro_derive(Relations, attributes(relations, belongs_to, has_one, has_many, many_to_many, morph_to))]
pub fn relations(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into()).into()
}

/// Makes an enum the targets of polymorphic relations: `MorphTo<Commentable>`.
///
/// ```text
/// #[derive(Debug, Clone, Morph)]
/// pub enum Commentable {
///     #[morph("post")]
///     Post(Ref<Post>),
///     #[morph("video")]
///     Video(Ref<Video>),
/// }
/// ```
///
/// Each variant holds a handle of a model and has a tag: the text that stands for the model in a column. Texts are
/// compared exactly. The keys of all the models have one type.
///
/// On the enum, `#[morph(crate = path)]` says where `relations_core` is, if it is neither a dependency of that name nor
/// a renamed one.
#[proc_macro_derive(Morph, attributes(morph))]
pub fn morph(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_morph(input.into()).into()
}

/// Makes a struct of sources a source itself, which knows which of its fields holds which models.
///
/// ```text
/// #[derive(Sources)]
/// pub struct App {
///     #[holds(User, Post)]
///     main: Sqlite,
///     #[holds(Event)]
///     log: Sqlite,
/// }
/// ```
///
/// Each field is a source that can be cloned, and names its models, each of which stands once. Then the struct is where
/// all of them are read from: `Post::all(&app)`, `user.events(&app)`.
///
/// On the struct, `#[sources(crate = path)]` says where `relations_core` is, if it is neither a dependency of that name
/// nor a renamed one.
#[proc_macro_derive(Sources, attributes(sources, holds))]
pub fn sources(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_sources(input.into()).into()
}

/// The derives on token streams, so that tests can call them.
fn expand(input: TokenStream) -> TokenStream {
    with_input(input, expand::expand)
}

fn expand_morph(input: TokenStream) -> TokenStream {
    with_input(input, expand::expand_morph)
}

fn expand_sources(input: TokenStream) -> TokenStream {
    with_input(input, expand::expand_sources)
}

fn with_input(input: TokenStream, expand: fn(&DeriveInput) -> TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(input) => expand(&input),
        Err(error) => error.into_compile_error(),
    }
}

#[cfg(test)]
mod tests;
