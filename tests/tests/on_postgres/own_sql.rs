//! Rows that were fetched by tokio-postgres.

use relations_core::{ErrorKind, Many, Relations, Result};

use crate::blog::{self, User};
use crate::{TestSource, block_on, relations};

#[test]
fn reading_a_relation_of_one_row_loads_it_for_all_that_were_fetched_with_it() {
    block_on(async {
        let db = blog::db();
        let client = db.client().await.unwrap();
        let sql = format!("SELECT {} FROM users u ORDER BY id", User::select_list().of("u"));
        let rows = client.query(&sql, &[]).await.unwrap();
        drop(client);
        let users = rows.iter().map(User::from_row).collect::<Result<Many<_>>>().unwrap();
        let log = db.log();
        let mut counts = Vec::new();
        for user in &users {
            counts.push(user.posts(&db).await.unwrap().len());
        }
        assert_eq!(counts, [2, 1, 0]);
        assert_eq!(users.counts(User::POSTS, &db).await.unwrap(), [2, 1, 0]);
        assert_eq!(relations(&log), vec![("User.posts".to_owned(), 3); 2]);
    });
}

#[test]
fn a_row_that_is_none_of_the_model_is_an_error_that_names_the_column() {
    block_on(async {
        let db = blog::db();
        let client = db.client().await.unwrap();
        for (sql, field, why) in [
            ("SELECT name, id FROM users", "id", "the row has `name` in its place"),
            ("SELECT id FROM users", "name", "the row has no column in its place"),
            ("SELECT id::text, name FROM users", "id", "type `text`"),
        ] {
            let row = client.query(sql, &[]).await.unwrap().remove(0);
            let error = User::from_row(&row).unwrap_err();
            let ErrorKind::Decode { model: "User", field: found, reason, .. } = error.kind() else { panic!("{error}") };
            assert!(*found == field && reason.contains(why), "{error}");
        }
    });
}
