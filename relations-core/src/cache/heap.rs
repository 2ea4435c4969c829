//! What a cached row weighs.

use std::borrow::Cow;

/// A type that owns memory on the heap. It counts towards the weight of a cached row.
///
/// Fields of types that do not implement it count with their size alone: implement it for your own types that hold
/// much.
pub trait HeapSize {
    /// The bytes on the heap that this value alone owns.
    fn heap_size(&self) -> usize;
}

impl HeapSize for String {
    fn heap_size(&self) -> usize {
        self.capacity()
    }
}

impl<T: HeapSize> HeapSize for Vec<T> {
    fn heap_size(&self) -> usize {
        self.capacity() * size_of::<T>() + self.as_slice().heap_size()
    }
}

impl<T: HeapSize> HeapSize for [T] {
    fn heap_size(&self) -> usize {
        self.iter().map(HeapSize::heap_size).sum()
    }
}

impl<T: HeapSize + ?Sized> HeapSize for Box<T> {
    fn heap_size(&self) -> usize {
        size_of_val(&**self) + (**self).heap_size()
    }
}

macro_rules! own_nothing {
    ($($type:ty)*) => {
        $(
            impl HeapSize for $type {
                fn heap_size(&self) -> usize {
                    0
                }
            }
        )*
    };
}

own_nothing!(str bool char u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

impl<T: HeapSize> HeapSize for Option<T> {
    fn heap_size(&self) -> usize {
        self.as_ref().map_or(0, HeapSize::heap_size)
    }
}

impl<T: ToOwned<Owned: HeapSize> + ?Sized> HeapSize for Cow<'_, T> {
    fn heap_size(&self) -> usize {
        match self {
            Self::Borrowed(_) => 0,
            Self::Owned(owned) => owned.heap_size(),
        }
    }
}
