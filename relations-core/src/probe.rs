//! What the derive asks of the types of fields without a bound: whether they have a trait.

use std::any::Any;
use std::marker::PhantomData;

use sea_query::Value;

use crate::cache::HeapSize;
use crate::value::IntoValue;

/// Asks whether a type has a trait: its own items are there if it has, those of [`Otherwise`] stand in if it has not.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T: Clone> Probe<T> {
    /// How to copy a value.
    pub const COPY: Option<fn(&T) -> T> = Some(T::clone);
}

impl<T: HeapSize> Probe<T> {
    /// The bytes on the heap that the value owns.
    pub fn heap_size(value: &T) -> usize {
        value.heap_size()
    }
}

impl<T: Clone + Into<Value> + 'static> Probe<T> {
    /// How a field becomes a value that can be compared.
    pub const VALUE: IntoValue = |held: &dyn Any| held.downcast_ref::<T>().cloned().map(Into::into);
}

/// What stands in where a type does not have a trait.
pub trait Otherwise<T> {
    /// It cannot be copied.
    const COPY: Option<fn(&T) -> T> = None;
    /// It cannot be compared.
    const VALUE: IntoValue = |_| None;

    /// It owns nothing, as far as it is known.
    fn heap_size(_: &T) -> usize {
        0
    }
}

impl<T> Otherwise<T> for Probe<T> {}
