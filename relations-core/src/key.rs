//! Keys: what joins an owner to its targets. Inside the crate a key is always a tuple, of one part or several.

use std::any::Any;
use std::fmt;
use std::hash::Hash;

use crate::value::Columns;

/// A key as a tuple of its parts: `(i64,)`, `(i64, String)`; `()` where there is no key at all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "every part of a key is compared, ordered and hashed",
    note = "a part implements `Clone`, `Eq`, `Ord`, `Hash` and `Debug`; there are at most six"
)]
pub trait Key: Clone + Eq + Ord + Hash + fmt::Debug + Send + Sync + 'static {
    /// The key as a user writes it: the part itself if there is one, else the tuple.
    type Id: Clone + fmt::Debug + Send + Sync + 'static;

    /// The number of columns.
    const WIDTH: usize;

    /// The key as a user writes it.
    fn into_id(self) -> Self::Id;
    /// A user's key as a tuple.
    fn of_id(id: Self::Id) -> Self;
    /// One of its parts.
    #[doc(hidden)]
    fn part(&self, at: usize) -> Option<&dyn Any>;
    /// The key that these columns of a row hold; `None` if one is null.
    #[doc(hidden)]
    fn held(row: &dyn Columns, columns: &[usize]) -> Option<Self>;
}

/// The part of a key that a column holds, perhaps in an `Option`.
fn held<P: Clone + 'static>(row: &dyn Columns, columns: &[usize], part: usize) -> Option<P> {
    let value = row.column(*columns.get(part)?)?;
    value.downcast::<P>().or_else(|| value.downcast::<Option<P>>()?.as_ref()).cloned()
}

macro_rules! keys {
    ($id:ty; $tuple:tt, $plain:tt; $($part:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Clone + Eq + Ord + Hash + fmt::Debug + Send + Sync + 'static),*> Key for ($($part,)*) {
            type Id = $id;

            const WIDTH: usize = <[&str]>::len(&[$(stringify!($part)),*]);

            fn into_id(self) -> Self::Id {
                let $tuple = self;
                $plain
            }

            fn of_id(id: Self::Id) -> Self {
                let $plain = id;
                $tuple
            }

            fn part(&self, at: usize) -> Option<&dyn Any> {
                match at {
                    $($at => Some(&self.$at),)*
                    _ => None,
                }
            }

            #[allow(unused_variables, reason = "the empty key has no parts")]
            fn held(row: &dyn Columns, columns: &[usize]) -> Option<Self> {
                Some(($(held::<$part>(row, columns, $at)?,)*))
            }
        }
    };
}

keys!((); (), (););
keys!(A; (a,), a; A 0);
keys!((A, B); (a, b), (a, b); A 0, B 1);
keys!((A, B, C); (a, b, c), (a, b, c); A 0, B 1, C 2);
keys!((A, B, C, D); (a, b, c, d), (a, b, c, d); A 0, B 1, C 2, D 3);
keys!((A, B, C, D, E); (a, b, c, d, e), (a, b, c, d, e); A 0, B 1, C 2, D 3, E 4);
keys!((A, B, C, D, E, F); (a, b, c, d, e, f), (a, b, c, d, e, f); A 0, B 1, C 2, D 3, E 4, F 5);

/// A field that holds a part `K` of a key, perhaps null.
#[diagnostic::on_unimplemented(
    message = "key types do not match: a `{Self}` column cannot hold a `{K}` key",
    label = "this column is a `{Self}`, the key it has to match is a `{K}`",
    note = "give both fields the same type; either may be an `Option` of it"
)]
pub trait KeyPart<K> {
    /// The part; `None` for null.
    fn key_part(&self) -> Option<K>;
}

#[diagnostic::do_not_recommend]
impl<K: Clone> KeyPart<K> for K {
    fn key_part(&self) -> Option<K> {
        Some(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<K: Clone> KeyPart<K> for Option<K> {
    fn key_part(&self) -> Option<K> {
        self.clone()
    }
}

/// Prints a key the way a user would write it: `7`, `("A", 1)`.
pub(crate) fn display<K: Key>(key: &K) -> String {
    let text = format!("{key:?}");
    match text.strip_prefix('(').and_then(|rest| rest.strip_suffix(",)")) {
        Some(single) if K::WIDTH == 1 => single.to_owned(),
        _ => text,
    }
}
