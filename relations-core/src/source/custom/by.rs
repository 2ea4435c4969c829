//! The columns that rows can be fetched by.

use std::fmt;
use std::marker::PhantomData;

use crate::column::Column;
use crate::inherit::HasColumnsOf;
use crate::join_table::{JoinRow, OverTable};
use crate::key::KeyPart;
use crate::model::Model;
use crate::source::narrow::fields;

/// As many columns as a key may have.
const MOST: usize = 6;

/// Columns of `T` that hold a key `K`, perhaps null: `By::column(Book::AUTHOR_ID)`, or
/// `By::two(Line::SHOP_ID, Line::ORDER_ID)`.
pub struct By<T, K> {
    columns: [usize; MOST],
    width: usize,
    of: PhantomData<fn(T, K)>,
}

impl<T: Model, K> By<T, K> {
    /// One column, of `T` or of a model that it extends.
    pub const fn column<P: Model, C: KeyPart<K>>(column: Column<P, C>) -> Self
    where
        T: HasColumnsOf<P>,
    {
        Self::at(&[column.position()])
    }

    const fn at(positions: &[usize]) -> Self {
        let (mut columns, mut width) = ([0; MOST], 0);
        while width < positions.len() {
            columns[width] = positions[width];
            width += 1;
        }
        Self { columns, width, of: PhantomData }
    }

    pub(super) fn positions(&self) -> &[usize] {
        self.columns.get(..self.width).unwrap_or_default()
    }

    /// The fields: `author_id`, or `shop_id, order_id`.
    pub fn fields(&self) -> String {
        fields(T::COLUMNS, self.positions())
    }
}

macro_rules! several {
    ($($name:ident: $($part:ident $column:ident $held:ident),+;)+) => {
        $(
            impl<T: Model, $($part),+> By<T, ($($part,)+)> {
                /// As many columns, in the order of the key's parts.
                pub const fn $name<P: Model, $($held: KeyPart<$part>),+>($($column: Column<P, $held>),+) -> Self
                where
                    T: HasColumnsOf<P>,
                {
                    Self::at(&[$($column.position()),+])
                }
            }
        )+
    };
}

several! {
    two: A a X, B b Y;
    three: A a X, B b Y, C c Z;
    four: A a X, B b Y, C c Z, D d U;
    five: A a X, B b Y, C c Z, D d U, E e V;
    six: A a X, B b Y, C c Z, D d U, E e V, F f W;
}

impl<R: OverTable, K> By<JoinRow<R>, K> {
    /// The columns of a plain join table that hold the owner's key.
    pub const fn owner() -> Self {
        Self::at(JoinRow::<R>::ENDS.0)
    }

    /// The columns of a plain join table that hold the target's key.
    pub const fn target() -> Self {
        Self::at(JoinRow::<R>::ENDS.1)
    }
}

impl<T, K> Clone for By<T, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, K> Copy for By<T, K> {}

impl<T, K> PartialEq for By<T, K> {
    fn eq(&self, other: &Self) -> bool {
        (self.columns, self.width) == (other.columns, other.width)
    }
}

impl<T, K> Eq for By<T, K> {}

impl<T: Model, K> fmt::Debug for By<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", T::NAME, self.fields())
    }
}
