//! Checks of relations that say that they are cached.

use super::Text;
use crate::model::Model;
use crate::morph::{Morph, Variants};

/// Whether rows of `M` can be copied, or are not to be reported a second time.
pub(crate) const fn is_copied<M: Model>() -> bool {
    M::COPY.is_some() || !M::DERIVED
}

/// Checks that rows of `M` can be cached.
#[track_caller]
pub const fn cached<M: Model>() {
    if !is_copied::<M>() {
        refuse(M::NAME)
    }
}

/// Checks that rows of all models of a polymorphic relation can be cached.
#[track_caller]
pub const fn cached_variants<E: Morph>() {
    if let Some(model) = <E::Variants as Variants<E>>::UNCOPIED {
        refuse(model)
    }
}

#[track_caller]
const fn refuse(model: &str) {
    let text = Text::new().add("rows of `").add(model).add("` cannot be cached as it is not `Clone`");
    panic!("{}", text.add("; derive `Clone` for it").as_str())
}
