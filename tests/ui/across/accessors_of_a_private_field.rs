use relations_core::Sqlite;

mod models {
    use relations_core::{HasOne, Relations};

    #[derive(Relations)]
    pub struct User {
        pub id: i64,
        #[has_one(latest_by = id)]
        last_post: HasOne<Option<Post>>,
    }

    #[derive(Relations)]
    pub struct Post {
        pub id: i64,
        pub user_id: i64,
    }
}

use models::User;

fn read(user: &User, db: &Sqlite) {
    let _ = User::LAST_POST;
    let _ = user.last_post(db);
    let _ = user.last_post_query();
}

fn main() {}
