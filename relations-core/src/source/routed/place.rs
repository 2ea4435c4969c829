//! Places among the sources of a struct, as types: so a type can say which source a plain join table is in.

use std::marker::PhantomData;

/// A place.
pub trait Place: Send + Sync + 'static {
    /// Its position.
    const INDEX: usize;
}

/// The first place.
#[derive(Debug, Clone, Copy)]
pub struct First;

/// The place after another.
#[derive(Debug, Clone, Copy)]
pub struct Next<P>(PhantomData<fn() -> P>);

impl Place for First {
    const INDEX: usize = 0;
}

impl<P: Place> Place for Next<P> {
    const INDEX: usize = P::INDEX + 1;
}

/// Of two places the one that comes first.
pub trait Sooner<Q>: Place {
    /// That one.
    type Place: Place;
}

impl<Q: Place> Sooner<Q> for First {
    type Place = Self;
}

impl<P: Place> Sooner<First> for Next<P> {
    type Place = First;
}

impl<P: Sooner<Q>, Q: Place> Sooner<Next<Q>> for Next<P> {
    type Place = Next<P::Place>;
}
