//! `#[derive(Relations)]`. One road: `attr` reads what the user wrote, `model` says what it means, `check` what is
//! wrong with it, `expand` what is written.

mod attr;
mod check;
mod expand;
mod infer;
mod model;
mod names;
mod paths;
mod types;
mod value;

use proc_macro2::TokenStream;

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
/// # On a relation: `#[belongs_to]`, `#[has_one]`, `#[has_many]`
/// Each goes with the field type of its name, and takes fields by name, without quotes:
/// - `foreign_key = author_id`, or `(shop_id, order_id)`: the fields that refer to the other side. Of this model for
///   `belongs_to`, where `author` goes by `author_id`; else of the target, where a relation of `User` goes by
///   `user_id`.
/// - `references = email`, or `(shop_id, number)`: the fields that the foreign key refers to, if not the key.
/// - `inverse = posts`: the target's relation that leads back. One side is enough.
/// - `order_by(created_at desc, id)`: the order of the targets, by fields of theirs. Not for `belongs_to`.
/// - `overrides`: the relation takes the place of the inherited one of this name. Any aspect may differ.
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
/// (`post.author(&db)`) and a query (`post.author_query()`), all as visible as the field.
#[proc_macro_derive(Relations, attributes(relations, belongs_to, has_one, has_many))]
pub fn relations(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into()).into()
}

/// The derive on token streams, so that tests can call it.
fn expand(input: TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(input) => expand::expand(&input),
        Err(error) => error.into_compile_error(),
    }
}

#[cfg(test)]
mod tests;
