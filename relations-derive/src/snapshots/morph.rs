#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    impl __r::Reached for Commentable {
        type Rows = (__r::Rows<Post>, (__r::Rows<media::Video>, ()));
    }
    #[automatically_derived]
    impl __r::Morph for Commentable {
        type Variants = (Post, (media::Video, ()));
        const NAME: &'static str = "Commentable";
        const VARIANTS: &'static [__r::MorphVariantDescriptor] = &[
            __r::morph_variant::<Self, Post>(),
            __r::morph_variant::<Self, media::Video>(),
        ];
        fn place(self) -> __r::Place<Self> {
            match self {
                Self::Post(row) => __r::Place::of(row),
                Self::Video(row) => __r::Place::of(row),
            }
        }
    }
    impl __r::MorphVariant<Post> for Commentable {
        const TAG: &'static str = "post";
        fn wrap(row: __r::Ref<Post>) -> Self {
            Self::Post(row)
        }
    }
    impl __r::HasRelationsOf<Post> for Commentable {
        fn each(
            rows: &Self::Rows,
            visit: impl __r::FnMut(&Post, __r::InGroup<'_, Post>),
        ) {
            __r::each_variant::<Self, Post>(rows, visit);
        }
    }
    impl __r::MorphVariant<media::Video> for Commentable {
        const TAG: &'static str = "video";
        fn wrap(row: __r::Ref<media::Video>) -> Self {
            Self::Video(row)
        }
    }
    impl __r::HasRelationsOf<media::Video> for Commentable {
        fn each(
            rows: &Self::Rows,
            visit: impl __r::FnMut(&media::Video, __r::InGroup<'_, media::Video>),
        ) {
            __r::each_variant::<Self, media::Video>(rows, visit);
        }
    }
};
