//! Plain join tables: those that no model of the user's stands for. Their rows are a model all the same, of the keys of
//! both sides.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

use crate::backend::{Backend, FromRow, SqlKey, Undecoded};
use crate::descriptor::{ColumnDescriptor, ModelDescriptor};
use crate::field::RelationField;
use crate::key::Key;
use crate::model::{Model, RelationLeaf, describe};
use crate::origin::Origins;
use crate::reference::Reference;
use crate::relation::{Relation, Target};
use crate::value::{ColumnValue, Columns, IntoValue};

/// A relation over a plain join table. The derive names the table and its columns.
pub trait OverTable: Relation<Field: RelationField<Target: Model>> {
    /// The table.
    const TABLE: &'static str;
    /// The columns that refer to the owner's key, in its order.
    const NEAR: &'static [&'static str];
    /// The columns that refer to the target's key, in its order.
    const FAR: &'static [&'static str];
}

/// The key of a row: those of both sides, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Joined<N, F>(N, F);

#[diagnostic::do_not_recommend]
impl<N: Key, F: Key> Key for Joined<N, F> {
    type Id = (N::Id, F::Id);

    const WIDTH: usize = N::WIDTH + F::WIDTH;

    fn into_id(self) -> Self::Id {
        (self.0.into_id(), self.1.into_id())
    }

    fn of_id((near, far): Self::Id) -> Self {
        Self(N::of_id(near), F::of_id(far))
    }

    fn part(&self, at: usize) -> Option<&dyn Any> {
        match at.checked_sub(N::WIDTH) {
            None => self.0.part(at),
            Some(at) => self.1.part(at),
        }
    }

    fn held(row: &dyn Columns, columns: &[usize]) -> Option<Self> {
        let (near, far) = columns.split_at_checked(N::WIDTH)?;
        Some(Self(N::held(row, near)?, F::held(row, far)?))
    }
}

impl<B: Backend, N: SqlKey<B>, F: SqlKey<B>> SqlKey<B> for Joined<N, F> {
    fn bind(&self, arguments: &mut B::Arguments) -> Result<(), String> {
        self.0.bind(arguments)?;
        self.1.bind(arguments)
    }

    fn bind_array<'k>(
        keys: impl Iterator<Item = &'k Self>,
        part: usize,
        arguments: &mut B::Arguments,
    ) -> Result<(), String> {
        match part.checked_sub(N::WIDTH) {
            None => N::bind_array(keys.map(|key| &key.0), part, arguments),
            Some(part) => F::bind_array(keys.map(|key| &key.1), part, arguments),
        }
    }

    fn decode(row: &B::Row<'_>, columns: &[usize]) -> Result<Self, Undecoded> {
        let (near, far) = columns.split_at_checked(N::WIDTH).unwrap_or((columns, &[]));
        Ok(Self(N::decode(row, near)?, F::decode(row, far)?))
    }
}

/// The key of a model.
type KeyOf<M> = <M as Model>::Key;
/// The key of a row of the table.
type RowKey<R> = Joined<KeyOf<<R as Relation>::Owner>, KeyOf<Target<R>>>;

/// A row of the plain join table of the relation `R`: the key of an owner, and the key of a target.
///
/// A source of one's own makes them for a relation such as `#[many_to_many(table = "post_tags")]`; see [`JoinTable`].
pub struct JoinRow<R: OverTable>(RowKey<R>);

/// Relations over a plain join table, which joins owners by keys `N` with targets by keys `F`: what stands for the
/// relation in a source of one's own.
///
/// ```
/// use relations_core::source::{By, Fetch, Fetched, JoinRow, JoinTable, Lookup};
///
/// struct Service;
///
/// impl<R: JoinTable<i64, i64>> Fetch<JoinRow<R>, i64> for Service {
///     type Error = String;
///     const BY: &'static [By<JoinRow<R>, i64>] = &[By::owner()];
///
///     async fn fetch(&self, lookup: Lookup<JoinRow<R>, i64>) -> Result<Fetched<JoinRow<R>, i64>, String> {
///         match R::TABLE {
///             "post_tags" => Ok(lookup.keys.into_iter().map(|post| JoinRow::new(post, 10 * post)).collect()),
///             table => Err(format!("there is no `{table}` here")),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no relation over a plain join table with keys `{N}` and `{F}`",
    label = "not over such a table"
)]
pub trait JoinTable<N, F>: OverTable {
    /// [`JoinRow::new`].
    #[doc(hidden)]
    fn row(owner: N, target: F) -> JoinRow<Self>;
    /// [`JoinRow::ids`].
    #[doc(hidden)]
    fn ids(row: &JoinRow<Self>) -> (N, F);
}

#[diagnostic::do_not_recommend]
impl<R, N, F> JoinTable<N, F> for R
where
    R: OverTable<Owner: Model<Key: Key<Id = N>>, Field: RelationField<Target: Model<Key: Key<Id = F>>>>,
{
    fn row(owner: N, target: F) -> JoinRow<R> {
        JoinRow(Joined(Key::of_id(owner), Key::of_id(target)))
    }

    fn ids(row: &JoinRow<R>) -> (N, F) {
        row.0.clone().into_id()
    }
}

impl<R: OverTable> JoinRow<R> {
    /// The row that joins an owner and a target, by their keys as a user writes them.
    pub fn new<N, F>(owner: N, target: F) -> Self
    where
        R: JoinTable<N, F>,
    {
        R::row(owner, target)
    }

    /// The keys of the owner and of the target.
    pub fn ids<N, F>(&self) -> (N, F)
    where
        R: JoinTable<N, F>,
    {
        R::ids(self)
    }
}

impl<R: OverTable> Clone for JoinRow<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R: OverTable> fmt::Debug for JoinRow<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinRow<{}>({:?}, {:?})", R::TABLE, self.0.0, self.0.1)
    }
}

/// As many columns as two keys may have.
const POSITIONS: [usize; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

impl<R: OverTable> JoinRow<R> {
    /// The columns of either side.
    pub(crate) const ENDS: (&'static [usize], &'static [usize]) = {
        let (all, _) = POSITIONS.split_at(R::NEAR.len() + R::FAR.len());
        all.split_at(R::NEAR.len())
    };
    const DESCRIBED: [ColumnDescriptor; 12] = {
        let none = ColumnDescriptor { field: "", column: "", type_name: "", nullable: false };
        let (mut columns, mut at) = ([none; 12], 0);
        while at < R::NEAR.len() + R::FAR.len() {
            columns[at] = if at < R::NEAR.len() {
                described::<R::Owner>(R::NEAR[at], at)
            } else {
                described::<Target<R>>(R::FAR[at - R::NEAR.len()], at - R::NEAR.len())
            };
            at += 1;
        }
        columns
    };
    const ALL: &'static [ColumnDescriptor] = &Self::DESCRIBED;
}

/// The column of this name, which holds a part of the key of `M`.
const fn described<M: Model>(name: &'static str, part: usize) -> ColumnDescriptor {
    let type_name = if part < M::KEY.len() { M::COLUMNS[M::KEY[part]].type_name } else { "" };
    ColumnDescriptor { field: name, column: name, type_name, nullable: false }
}

#[diagnostic::do_not_recommend]
impl<R: OverTable> Model for JoinRow<R> {
    type Id = RowKey<R>;
    type Key = RowKey<R>;

    const NAME: &'static str = R::TABLE;
    const PATH: &'static str = R::TABLE;
    const TABLE: &'static str = R::TABLE;
    const COLUMNS: &'static [ColumnDescriptor] = Self::ALL.split_at(R::NEAR.len() + R::FAR.len()).0;
    const KEY: &'static [usize] = POSITIONS.split_at(R::NEAR.len() + R::FAR.len()).0;
    const RELATIONS: &'static [RelationLeaf] = &[];
    const COPY: Option<fn(&Self) -> Self> = Some(Self::clone);
    const JOINED: Option<fn(&dyn Columns) -> Option<Self>> = Some(|row| RowKey::<R>::held(row, Self::KEY).map(Self));
    const DESCRIPTOR: &'static ModelDescriptor = &describe::<Self>(&[]);

    fn key_of(id: RowKey<R>) -> RowKey<R> {
        id
    }

    fn key(&self) -> RowKey<R> {
        self.0.clone()
    }

    fn column(&self, at: usize) -> Option<ColumnValue<'_>> {
        Some(ColumnValue::new(self.0.part(at)?, Self::into_value(at)))
    }

    fn into_value(at: usize) -> Option<IntoValue> {
        // Either side holds what the keys there do.
        match at.checked_sub(R::NEAR.len()) {
            None => R::Owner::into_value(*R::Owner::KEY.get(at)?),
            Some(at) => <Target<R> as Model>::into_value(*<Target<R> as Model>::KEY.get(at)?),
        }
    }

    fn attach(&mut self, _: &Origins) {}

    fn clear(&self) {}
}

impl<B: Backend, R: OverTable> FromRow<B> for JoinRow<R>
where
    RowKey<R>: SqlKey<B>,
{
    fn from_row(row: &B::Row<'_>, at: usize) -> Result<Self, Undecoded> {
        let columns = POSITIONS.get(at..at + RowKey::<R>::WIDTH).unwrap_or_default();
        RowKey::<R>::decode(row, columns).map(Self)
    }
}

/// How a row refers to the owner.
#[derive(Debug, Clone, Copy)]
pub struct Near<R>(PhantomData<fn() -> R>);

impl<R: OverTable> Reference<JoinRow<R>, R::Owner> for Near<R> {
    type Key = KeyOf<R::Owner>;
    const FROM: &'static [usize] = JoinRow::<R>::ENDS.0;
    const TO: &'static [usize] = R::Owner::KEY;

    fn of(from: &JoinRow<R>) -> Option<Self::Key> {
        Some(from.0.0.clone())
    }

    fn to(to: &R::Owner) -> Option<Self::Key> {
        Some(to.key())
    }
}

/// How a row refers to the target.
#[derive(Debug, Clone, Copy)]
pub struct Far<R>(PhantomData<fn() -> R>);

impl<R: OverTable> Reference<JoinRow<R>, Target<R>> for Far<R> {
    type Key = KeyOf<Target<R>>;
    const FROM: &'static [usize] = JoinRow::<R>::ENDS.1;
    const TO: &'static [usize] = <Target<R> as Model>::KEY;

    fn of(from: &JoinRow<R>) -> Option<Self::Key> {
        Some(from.0.1.clone())
    }

    fn to(to: &Target<R>) -> Option<Self::Key> {
        Some(to.key())
    }
}
