//! Polymorphic enums: what `#[derive(Morph)]` implements, the list of an enum's variants, and what ties a polymorphic
//! relation to the models of them. The way of loading is `route/morph.rs`.

use std::any::Any;
use std::borrow::Cow;
use std::hash::Hash;
use std::sync::Arc;

use crate::check::{Unknown, is_copied};
use crate::descriptor::MorphVariantDescriptor;
use crate::field::{Place, RelationField};
use crate::group::Group;
use crate::handle::{Ref, WeakRef};
use crate::inherit::as_ancestor;
use crate::model::Model;
use crate::relation::{Direct, Inverse, Relation, Target};
use crate::route::{InGroup, Reached};
use crate::share::Owners;
use crate::tree::Rows;

/// An enum of the models that a polymorphic relation may lead to. Implemented by `#[derive(Morph)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a polymorphic enum",
    label = "a polymorphic relation leads to an enum of models or to an `Option` of one",
    note = "put `#[derive(Morph)]` on an enum with a variant for each model: `#[morph(\"post\")] Post(Ref<Post>)`"
)]
pub trait Morph: Reached<Rows = MorphRows<Self>> + Sized + Send + Sync {
    /// The models of the variants, as a list: `(Post, (Video, ()))`.
    #[doc(hidden)]
    type Variants: Variants<Self>;
    /// The enum's name.
    const NAME: &'static str;
    /// The tags and the models of the variants, in their order.
    const VARIANTS: &'static [MorphVariantDescriptor];

    /// Where the variant's row is.
    #[doc(hidden)]
    fn place(self) -> Place<Self>;
}

/// An enum with a variant for the model `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no variant for `{T}`; add `#[morph(\"..\")] {T}(Ref<{T}>)`",
    label = "`{Self}` does not lead to `{T}`"
)]
pub trait MorphVariant<T: Model>: Morph {
    /// The text that stands for the model in a column.
    const TAG: &'static str;
    /// The row as a value of the enum.
    fn wrap(row: Ref<T>) -> Self;
}

/// The entry of a variant in [`Morph::VARIANTS`].
pub const fn morph_variant<E: MorphVariant<T>, T: Model>() -> MorphVariantDescriptor {
    MorphVariantDescriptor { tag: E::TAG, target: T::model_descriptor }
}

/// A group of rows of a type that is not known.
pub(crate) type AnyGroup = Arc<dyn Any + Send + Sync>;

/// A list of variants. Rows of no static type find theirs by going through it.
pub trait Variants<E>: Send + Sync + 'static {
    /// The rows of each variant.
    type Rows: Default + Send + Sync;

    /// The name of the first model whose rows cannot be copied.
    const UNCOPIED: Option<&'static str>;

    /// A row of a group as a value of the enum.
    fn wrap(group: AnyGroup, at: u32) -> Option<E>;
    /// Adds a row to those of its variant.
    fn add(rows: &mut Self::Rows, group: AnyGroup, at: u32);
    /// Visits the rows that are of `P`, or of a model that extends it.
    fn each<P: Model>(rows: &Self::Rows, visit: impl FnMut(&P, InGroup<'_, P>));
}

impl<E> Variants<E> for () {
    type Rows = ();

    const UNCOPIED: Option<&'static str> = None;

    fn wrap(_: AnyGroup, _: u32) -> Option<E> {
        None
    }

    fn add((): &mut (), _: AnyGroup, _: u32) {}

    fn each<P: Model>((): &(), _: impl FnMut(&P, InGroup<'_, P>)) {}
}

impl<E: MorphVariant<T>, T: Model, Rest: Variants<E>> Variants<E> for (T, Rest) {
    type Rows = (Rows<T>, Rest::Rows);

    const UNCOPIED: Option<&'static str> = if is_copied::<T>() { Rest::UNCOPIED } else { Some(T::NAME) };

    fn wrap(group: AnyGroup, at: u32) -> Option<E> {
        match group.downcast::<Group<T>>() {
            Ok(group) => Some(E::wrap(Ref { group, at })),
            Err(group) => Rest::wrap(group, at),
        }
    }

    fn add(rows: &mut Self::Rows, group: AnyGroup, at: u32) {
        match group.downcast::<Group<T>>() {
            Ok(group) => rows.0.add(&group, at..at + 1),
            Err(group) => Rest::add(&mut rows.1, group, at),
        }
    }

    fn each<P: Model>((rows, rest): &Self::Rows, mut visit: impl FnMut(&P, InGroup<'_, P>)) {
        rows.each(|row, place| {
            if let Some(row) = as_ancestor(row) {
                let place = place.and_then(|(group, at)| Some(((group as &dyn Any).downcast_ref()?, at)));
                visit(row, place);
            }
        });
        Rest::each(rest, visit);
    }
}

/// The rows of all variants that bear the relations of `P`.
pub fn each_variant<E: Morph, P: Model>(rows: &MorphRows<E>, visit: impl FnMut(&P, InGroup<'_, P>)) {
    E::Variants::each(rows, visit);
}

/// The rows of each variant of an enum.
pub type MorphRows<E> = <<E as Morph>::Variants as Variants<E>>::Rows;

/// What the ids of a polymorphic relation are.
pub trait Id: Clone + Eq + Hash + Send + Sync + 'static {}

impl<I: Clone + Eq + Hash + Send + Sync + 'static> Id for I {}

/// The key of a polymorphic relation: the type, and the id as the user of a model writes its key.
pub(crate) type MorphKey<I> = (Cow<'static, str>, I);

/// A column that says which model an id belongs to.
#[diagnostic::on_unimplemented(
    message = "the type of a polymorphic relation is a text, not a `{Self}`",
    label = "not a column of text",
    note = "make it a `String`, or an `Option<String>` where it may be null"
)]
pub trait MorphType {
    /// The text; `None` for null.
    fn text(&self) -> Option<&str>;
}

impl MorphType for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl MorphType for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// The type that a column names. One that the enum knows is not copied.
pub fn tag<E: Morph>(column: &impl MorphType) -> Option<Cow<'static, str>> {
    let text = column.text()?;
    let known = E::VARIANTS.iter().find(|variant| variant.tag == text);
    Some(known.map_or_else(|| Cow::Owned(text.to_owned()), |variant| Cow::Borrowed(variant.tag)))
}

/// The type of the key of `T`, as an id `I` of a polymorphic relation can be one.
#[diagnostic::on_unimplemented(
    message = "the polymorphic relation goes by an id of type `{I}`, the key of `{T}` is a `{Self}`",
    label = "leads to `{T}` too, whose key is no `{I}`",
    note = "give the id and the keys of all variants' models one type"
)]
pub trait MorphId<T: Model, I> {
    /// The id as a key.
    fn key(id: &I) -> T::Key;
}

#[diagnostic::do_not_recommend]
impl<T: Model<Id = I>, I: Clone> MorphId<T, I> for I {
    fn key(id: &I) -> T::Key {
        T::key_of(id.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Model<Id = Unknown>, I> MorphId<T, I> for Unknown {
    fn key(_: &I) -> T::Key {
        T::key_of(Unknown)
    }
}

/// A model whose relation at position `N` is polymorphic and may lead to `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no polymorphic relation {N}",
    label = "not a relation of `{Self}`"
)]
pub trait MorphAt<const N: usize, T: Model>: Model {
    /// The text that stands for `T`.
    const TAG: &'static str;
    /// The key of the `T` that this row leads to; `None` if it leads to another model, or nowhere.
    fn key(&self) -> Option<T::Key>;
    /// Points the relation to the `T` that this row was loaded for.
    fn point_back(&self, owner: &WeakRef<T>);
}

/// [`MorphAt::key`] of the relation `R`.
pub fn key_at<R, T, I>(row: &R::Owner) -> Option<T::Key>
where
    R: Relation<Key = MorphKey<I>>,
    T: Model<Id: MorphId<T, I>>,
    Target<R>: MorphVariant<T>,
{
    let (tag, id) = R::owner_key(row)?;
    (tag == Target::<R>::TAG).then(|| T::Id::key(&id))
}

/// [`MorphAt::point_back`] of the relation `R`.
pub fn point_back<R, T>(row: &R::Owner, owner: &WeakRef<T>)
where
    R: Relation<Field: RelationField<Stored = Place<Target<R>>>>,
    T: Model,
{
    R::field(row).slot().set(Place::weak(owner));
}

/// A relation to rows that lead back by their polymorphic relation.
pub trait ByMorph: Direct {
    /// Points a target back to the owner that it was loaded for.
    fn point_back(target: &Target<Self>, owner: &WeakRef<Self::Owner>);
}

/// The way back over the targets' polymorphic relation.
#[derive(Debug, Clone, Copy)]
pub struct MorphBack;

impl<R: ByMorph> Inverse<R> for MorphBack {
    const FILLS: bool = true;

    fn fill(target: &Target<R>, owner: &WeakRef<R::Owner>) {
        R::point_back(target, owner);
    }
}
