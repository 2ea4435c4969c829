#[allow(deprecated, non_snake_case, private_interfaces, unused_imports)]
const _: () = {
    use ::relations_core::__private::{self as __r, Otherwise as _};
    #[automatically_derived]
    impl __r::Sources for App {
        const NAME: &'static str = "App";
        const MEMBERS: &'static [__r::Member] = &[
            __r::Member {
                field: "main",
                models: &[
                    <User as __r::Model>::model_descriptor,
                    <blog::Post as __r::Model>::model_descriptor,
                ],
            },
            __r::Member {
                field: "type",
                models: &[<Event as __r::Model>::model_descriptor],
            },
        ];
        fn share(&self) -> Self {
            Self {
                main: <Sqlite as __r::Clone>::clone(&self.main),
                r#type: <Db<Sqlite> as __r::Clone>::clone(&self.r#type),
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
            __r::Routed::<
                App,
            >::settings([
                <Sqlite as __r::Source>::settings(&self.main),
                <Db<Sqlite> as __r::Source>::settings(&self.r#type),
            ])
        }
    }
    #[automatically_derived]
    impl __r::HeldBy<App> for User {
        const MEMBER: usize = 0;
        type Source = Sqlite;
        fn source(app: &App) -> &Sqlite {
            &app.main
        }
    }
    #[automatically_derived]
    impl __r::HeldBy<App> for blog::Post {
        const MEMBER: usize = 0;
        type Source = Sqlite;
        fn source(app: &App) -> &Sqlite {
            &app.main
        }
    }
    #[automatically_derived]
    impl __r::HeldBy<App> for Event {
        const MEMBER: usize = 1;
        type Source = Db<Sqlite>;
        fn source(app: &App) -> &Db<Sqlite> {
            &app.r#type
        }
    }
};
