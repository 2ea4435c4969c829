//! Keys: what joins an owner to its targets. Inside the crate a key is always a tuple, of one part or several.

use std::fmt;
use std::hash::Hash;

/// A key as a tuple of its parts: `(i64,)`, `(i64, String)`; `()` where there is no key at all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "every part of a key is compared, ordered and hashed",
    note = "a part implements `Clone`, `Eq`, `Ord`, `Hash` and `Debug`; there are at most six"
)]
pub trait Key: Clone + Eq + Ord + Hash + fmt::Debug + Send + Sync + 'static {
    /// The number of columns.
    const WIDTH: usize;
}

macro_rules! keys {
    ($($part:ident),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: Clone + Eq + Ord + Hash + fmt::Debug + Send + Sync + 'static),*> Key for ($($part,)*) {
            const WIDTH: usize = <[&str]>::len(&[$(stringify!($part)),*]);
        }
    };
}

keys!();
keys!(A);
keys!(A, B);
keys!(A, B, C);
keys!(A, B, C, D);
keys!(A, B, C, D, E);
keys!(A, B, C, D, E, F);

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
