::core::compile_error! {
    "`Post` has no tag; put `#[morph(\"post\")]` on it"
}
#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    impl __r::Reached for Commentable {
        type Rows = ();
    }
    impl __r::Morph for Commentable {
        type Variants = ();
        const NAME: &'static str = "Commentable";
        const VARIANTS: &'static [__r::MorphVariantDescriptor] = &[];
        fn place(self) -> __r::Place<Self> {
            loop {}
        }
    }
    impl<__T: __r::Model> __r::MorphVariant<__T> for Commentable {
        const TAG: &'static str = "";
        fn wrap(_: __r::Ref<__T>) -> Self {
            loop {}
        }
    }
    impl<__T: __r::Model> __r::HasRelationsOf<__T> for Commentable {
        fn each(_: &(), _: impl __r::FnMut(&__T, __r::InGroup<'_, __T>)) {}
    }
};
