#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Sources for App {
        const NAME: &'static str = "App";
        const MEMBERS: &'static [__r::Member] = &[
            __r::Member {
                field: "main",
                models: &[__r::held::<App, User>(), __r::held::<App, blog::Post>()],
            },
            __r::Member {
                field: "type",
                models: &[__r::held::<App, Event>()],
            },
        ];
        fn share(&self) -> Self {
            Self {
                main: __r::share::<App, __r::First>(self),
                r#type: __r::share::<App, __r::Next<__r::First>>(self),
            }
        }
    }
    #[automatically_derived]
    impl __r::Source for App {
        type Session = __r::Routed<App>;
        fn run<__P: __r::Plan<Self::Session>>(
            &self,
            plan: __P,
        ) -> impl __r::Future<Output = __r::Result<__P::Output>> + __r::Send {
            __r::Routed::run(self, plan)
        }
        fn settings(&self) -> &__r::Settings {
            __r::smaller(
                __r::settings::<App, __r::First>(self),
                __r::settings::<App, __r::Next<__r::First>>(self),
            )
        }
    }
    #[automatically_derived]
    impl __r::MemberAt<__r::First> for App {
        type Source = Sqlite;
        fn source(&self) -> &Sqlite {
            &self.main
        }
    }
    #[automatically_derived]
    impl __r::HeldBy<App> for User {
        type Place = __r::First;
    }
    #[automatically_derived]
    impl __r::HeldBy<App> for blog::Post {
        type Place = __r::First;
    }
    #[automatically_derived]
    impl __r::MemberAt<__r::Next<__r::First>> for App {
        type Source = Db<Sqlite>;
        fn source(&self) -> &Db<Sqlite> {
            &self.r#type
        }
    }
    #[automatically_derived]
    impl __r::HeldBy<App> for Event {
        type Place = __r::Next<__r::First>;
    }
};
