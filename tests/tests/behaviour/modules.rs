//! Models in different modules and crates, with private fields, in any order of declaration.

use relations_core::{Relations, block_on};
use relations_tests::{blog, database};

/// Its fields are private, and its relations lead to a module that is declared later.
mod letters {
    use relations_core::{BelongsTo, Relations};

    #[derive(Debug, Relations)]
    #[relations(table = "letters")]
    pub struct Letter {
        #[relations(key)]
        id: i64,
        sender_id: i64,
        recipient_id: Option<i64>,
        #[belongs_to]
        pub sender: BelongsTo<super::people::Person>,
        #[belongs_to]
        recipient: BelongsTo<Option<super::people::Person>>,
    }

    impl Letter {
        pub fn id(&self) -> i64 {
            self.id
        }

        pub async fn recipient_name(&self, db: &relations_core::Sqlite) -> Option<String> {
            self.recipient(db).await.unwrap().map(|person| person.name().to_owned())
        }
    }
}

mod people {
    use relations_core::{HasMany, Relations};

    use super::letters::Letter;

    #[derive(Debug, Relations)]
    #[relations(table = "people")]
    pub struct Person {
        #[relations(key)]
        id: i64,
        name: String,
        #[has_many(foreign_key = sender_id, inverse = sender)]
        pub sent: HasMany<Letter>,
        #[has_many(foreign_key = recipient_id, inverse = recipient, order_by(id desc))]
        pub received: HasMany<Letter>,
    }

    impl Person {
        pub fn name(&self) -> &str {
            &self.name
        }
    }
}

/// A relation of this crate to a model of another.
#[derive(Debug, Relations)]
#[relations(table = "users")]
struct Reader {
    #[relations(key)]
    id: i64,
    #[has_many(foreign_key = user_id, order_by(score desc))]
    posts: relations_core::HasMany<blog::Post>,
}

#[test]
fn models_in_different_modules_keep_their_fields_to_themselves() {
    block_on(async {
        let db = database(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
             CREATE TABLE letters (id INTEGER PRIMARY KEY, sender_id INTEGER NOT NULL, recipient_id INTEGER);",
            "INSERT INTO people VALUES (1, 'Ann'), (2, 'Bob');
             INSERT INTO letters VALUES (1, 1, 2), (2, 1, 2), (3, 2, NULL)",
        );
        let people = people::Person::all(&db).await.unwrap();
        let received: Vec<_> = people[1].received(&db).await.unwrap().iter().map(letters::Letter::id).collect();
        assert_eq!(received, [2, 1]);
        let sent = people[1].sent(&db).await.unwrap();
        assert_eq!(sent[0].recipient_name(&db).await, None);
        assert_eq!(sent[0].sender(&db).await.unwrap().name(), "Bob");
        let received = people[1].received.get().unwrap();
        assert_eq!(received[0].recipient_name(&db).await.as_deref(), Some("Bob"));
    });
}

/// A public model whose target and join table are private.
mod shelves {
    use relations_core::{BelongsTo, ManyToMany, Relations};

    #[derive(Debug, Relations)]
    #[relations(table = "shelves")]
    pub struct Shelf {
        id: i64,
        #[many_to_many(through = Place)]
        books: ManyToMany<Book, Place>,
        #[many_to_many(table = "places")]
        plain: ManyToMany<Book>,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "books")]
    struct Book {
        id: i64,
    }

    #[derive(Debug, Relations)]
    #[relations(table = "places")]
    struct Place {
        id: i64,
        shelf_id: i64,
        book_id: i64,
        #[belongs_to]
        shelf: BelongsTo<Shelf>,
        #[belongs_to]
        book: BelongsTo<Book>,
    }

    impl Shelf {
        pub async fn ids(&self, db: &relations_core::Sqlite) -> (i64, Vec<i64>, Vec<i64>) {
            let books = self.books(db).await.unwrap();
            let places = books.pivots().map(|(book, place)| book.id + 10 * place.id).collect();
            (self.id, places, self.plain(db).await.unwrap().iter().map(|book| book.id).collect())
        }
    }
}

#[test]
fn a_join_table_and_its_targets_may_be_private() {
    block_on(async {
        let db = database(
            "CREATE TABLE shelves (id INTEGER PRIMARY KEY);
             CREATE TABLE books (id INTEGER PRIMARY KEY);
             CREATE TABLE places (id INTEGER PRIMARY KEY, shelf_id INTEGER NOT NULL, book_id INTEGER NOT NULL);",
            "INSERT INTO shelves VALUES (1); INSERT INTO books VALUES (1), (2); INSERT INTO places VALUES (1, 1, 2)",
        );
        let shelf = shelves::Shelf::find(&db, 1).await.unwrap().unwrap();
        assert_eq!(shelf.ids(&db).await, (1, vec![12], vec![2]));
    });
}

#[test]
fn a_relation_may_lead_to_a_model_of_another_crate() {
    block_on(async {
        let db = blog::db();
        let readers = Reader::query().with(Reader::POSTS).all(&db).await.unwrap();
        let scores: Vec<_> = readers[0].posts.get().unwrap().iter().map(|post| post.score).collect();
        assert_eq!((readers[0].id, scores), (1, vec![20, 10]));
    });
}

#[test]
fn a_models_own_methods_keep_precedence() {
    #[derive(Debug, Relations)]
    #[relations(table = "users")]
    struct Person {
        #[relations(key)]
        id: i64,
    }

    impl Person {
        fn all(db: &relations_core::Sqlite) -> usize {
            block_on(Person::query().count(db)).unwrap().try_into().unwrap()
        }
    }

    let db = blog::db();
    assert_eq!(Person::all(&db), 3);
    assert_eq!(block_on(<Person as Relations>::all(&db)).unwrap()[0].id, 1);
}
