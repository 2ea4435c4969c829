//! Keys of every shape: composite, newtype, text, uuid, and columns that are not the key.

use crate::shop::{self, Article, Letter, Line, Maker, Order, Ticket, TicketId};
use crate::{Db, TestSource, block_on, execute, sent};
use relations_core::{Many, Relations};
use uuid::Uuid;

#[test]
fn composite_keys_join_exact_tuples_in_both_directions() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders VALUES (1, 1, '1/1'), (1, 2, '1/2'), (2, 1, '2/1'), (2, 2, '2/2');
             INSERT INTO lines VALUES (1, 1, 1, NULL), (1, 2, 1, NULL), (1, 2, 2, NULL), (2, 1, 1, NULL), (3, 3, 1, NULL)",
        );
        let log = db.record();
        let orders = Order::query().filter(Order::NOTE.ne("2/2")).with(Order::LINES).all(&db).await.unwrap();
        let counts: Vec<_> = orders.iter().map(|order| order.lines.get().unwrap().len()).collect();
        assert_eq!(counts, [1, 2, 1]);
        assert_eq!(log.statements()[1].rows, 4, "no cross product of the parts is transferred");
        let lines = Line::query().filter(Line::SHOP_ID.lt(3)).all(&db).await.unwrap();
        for line in &lines {
            let order = line.order(&db).await.unwrap();
            assert_eq!((order.shop_id, order.id), (line.shop_id, line.order_id));
        }
        assert_eq!(sent(&log), 4);
        let order = Order::find(&db, (1, 2)).await.unwrap().unwrap();
        assert_eq!(order.note, "1/2");
        assert_eq!(order.lines(&db).await.unwrap()[1].n, 2);
        let lost = Line::find(&db, (3, 3, 1)).await.unwrap().unwrap();
        let error = lost.order(&db).await.unwrap_err().to_string();
        assert!(error.starts_with("Line.order: there is no `Order` with shop_id, id = (3, 3)"), "{error}");
    });
}

#[test]
fn five_thousand_composite_parents_load_in_one_statement() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO orders
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999) SELECT i / 100, i % 100, '' FROM n;
             INSERT INTO lines SELECT shop_id, id, 1, NULL FROM orders;",
        );
        let log = db.record();
        // Under a condition: of all orders that there are, the lines would be read without keys.
        let orders = Order::query().filter(Order::ID.ge(0)).with(Order::LINES).all(&db).await.unwrap();
        assert!(orders.iter().all(|order| order.lines.get().unwrap().len() == 1));
        // Where keys are many values, a statement takes 4,096 of them.
        let lists = if <Db as TestSource>::ONE_TEXT { 1 } else { 2 };
        assert_eq!(sent(&log), 1 + lists);
    });
}

#[test]
fn text_keys_join_whatever_is_in_them() {
    block_on(async {
        let db = shop::empty();
        let codes = ["plain", "with 'quotes'", "with \"double\"", "\u{1f980}", "a,b", "[1]", "null", "1"];
        for (n, code) in codes.iter().enumerate() {
            let code = code.replace('\'', "''");
            execute(&db, &format!("INSERT INTO articles VALUES ('{code}', NULL)"));
            execute(&db, &format!("INSERT INTO lines VALUES (1, 1, {n}, '{code}')"));
        }
        execute(&db, "INSERT INTO lines VALUES (1, 1, 98, 'gone'), (1, 1, 99, NULL)");
        let log = db.record();
        let lines = Line::query().order_by(Line::N.asc()).with(Line::ARTICLE).all(&db).await.unwrap();
        let found: Vec<_> =
            lines.iter().map(|line| line.article.get().unwrap().map(|article| article.code.clone())).collect();
        let expected: Vec<_> = codes.iter().map(|code| Some((*code).to_owned())).chain([None, None]).collect();
        assert_eq!(found, expected);
        let articles = Article::query().with(Article::LINES).all(&db).await.unwrap();
        assert!(articles.iter().all(|article| article.lines.get().unwrap().len() == 1));
        assert_eq!(sent(&log), 4);
        assert!(Article::find(&db, "with 'quotes'").await.unwrap().is_some());
    });
}

#[test]
fn uuid_keys_join_and_are_found() {
    block_on(async {
        let db = shop::empty();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let hex = |id: Uuid| id.simple().to_string();
        execute(
            &db,
            &format!(
                "INSERT INTO makers VALUES (x'{}', 'one@x'), (x'{}', 'two@x');
                 INSERT INTO articles VALUES ('a', x'{}'), ('b', x'{}'), ('c', x'{}'), ('d', NULL)",
                hex(one),
                hex(two),
                hex(one),
                hex(two),
                hex(one)
            ),
        );
        let makers = Maker::query().order_by(Maker::EMAIL.asc()).all(&db).await.unwrap();
        let codes = |articles: &Many<Article>| articles.iter().map(|a| a.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(&makers[0].articles(&db).await.unwrap()), ["a", "c"]);
        assert_eq!(codes(&makers[1].articles(&db).await.unwrap()), ["b"]);
        let articles = Article::query().order_by(Article::CODE.asc()).with(Article::MAKER).all(&db).await.unwrap();
        let maker = |at: usize| articles[at].maker.get().unwrap().map(|maker| maker.id);
        assert_eq!([maker(0), maker(1), maker(2), maker(3)], [Some(one), Some(two), Some(one), None]);
        assert_eq!(Maker::find(&db, two).await.unwrap().unwrap().email, "two@x");
        assert_eq!(Maker::query().filter(Maker::ID.eq(one)).one(&db).await.unwrap().unwrap().email, "one@x");
    });
}

#[test]
fn a_relation_may_refer_to_another_unique_column() {
    block_on(async {
        let db = shop::empty();
        execute(
            &db,
            "INSERT INTO makers VALUES (x'00000000000000000000000000000001', 'one@x'),
                                       (x'00000000000000000000000000000002', 'two@x');
             INSERT INTO letters VALUES (1, 'two@x'), (2, 'nobody@x'), (3, 'two@x')",
        );
        let log = db.record();
        let makers = Maker::query().order_by(Maker::EMAIL.asc()).with(Maker::LETTERS).all(&db).await.unwrap();
        assert!(makers[0].letters.get().unwrap().is_empty());
        let letters = makers[1].letters.get().unwrap();
        assert_eq!(letters.iter().map(|letter| letter.id).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(letters[0].maker(&db).await.unwrap().unwrap().email, "two@x");
        assert_eq!(sent(&log), 2, "the inverse is known from the other side");
        let letters = Letter::query().order_by(Letter::ID.asc()).with(Letter::MAKER).all(&db).await.unwrap();
        assert!(letters[1].maker.get().unwrap().is_none());
        assert!(!letters[0].read_aloud, "a skipped field is not read");
    });
}

#[test]
fn newtype_keys_join_and_are_found() {
    block_on(async {
        let db = shop::empty();
        execute(&db, "INSERT INTO tickets VALUES (1, NULL), (2, 1), (3, 1), (4, 9)");
        let tickets = Ticket::query().with(Ticket::WITH).all(&db).await.unwrap();
        let with: Vec<_> = tickets.iter().map(|t| t.with.get().unwrap().map(|with| with.id)).collect();
        assert_eq!(with, [None, Some(TicketId(1)), Some(TicketId(1)), None]);
        assert_eq!(Ticket::find(&db, TicketId(4)).await.unwrap().unwrap().holder, Some(TicketId(9)));
    });
}
