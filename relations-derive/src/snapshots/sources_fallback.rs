::core::compile_error! {
    "it is not said what `main` holds; put `#[holds(User, Post)]` with its models on it"
}
#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    impl __r::Source for App {
        type Session = __r::Unread;
        fn run<__P: __r::Plan<Self::Session>>(
            &self,
            _: __P,
        ) -> impl __r::Future<Output = __r::Result<__P::Output>> + __r::Send {
            async { loop {} }
        }
        fn settings(&self) -> &__r::Settings {
            loop {}
        }
    }
};
