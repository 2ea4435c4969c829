//! Recursion on relations of a model to itself: statements, circles, depth, and the rows above and below one.

use crate::blog::{self, Node};
use crate::{block_on, execute, sent};
use relations_core::{Error, ErrorKind, Linked, Relations};

fn keys(log: &relations_core::StatementLog) -> Vec<usize> {
    let keys = log.statements().iter().map(|statement| statement.keys).collect();
    log.clear();
    keys
}

fn ids(nodes: &Linked<Node>) -> Vec<i64> {
    nodes.iter().map(|node| node.id).collect()
}

/// A node with the loaded nodes below it; `?` where these are not loaded.
fn shape(node: &Node) -> String {
    match node.children.get_partial() {
        Err(_) => format!("{}?", node.id),
        Ok(children) if children.is_empty() => node.id.to_string(),
        Ok(children) => {
            let children: Vec<_> = children.iter().map(shape).collect();
            format!("{}({})", node.id, children.join(" "))
        }
    }
}

const TREE: &str = "INSERT INTO nodes VALUES (1, NULL), (11, 1), (12, 1), (13, 1), (121, 12), (122, 12), (1221, 122)";

/// A chain of nodes 1 to `length`, each the parent of the next; closed to a circle if `circle`.
fn chain(length: i64, circle: bool) -> crate::Db {
    let db = blog::empty();
    for id in 1..=length {
        let parent = match id {
            1 if circle => length.to_string(),
            1 => "NULL".to_owned(),
            _ => (id - 1).to_string(),
        };
        execute(&db, &format!("INSERT INTO nodes VALUES ({id}, {parent})"));
    }
    db
}

#[test]
fn a_tree_is_loaded_to_its_leaves_by_one_statement_for_each_level() {
    block_on(async {
        let db = blog::empty();
        execute(&db, TREE);
        let log = db.record();
        let roots = Node::query().filter(Node::PARENT_ID.is_null()).with(Node::CHILDREN.recursive());
        let roots = roots.all(&db).await.unwrap();
        assert_eq!(keys(&log), [0, 1, 3, 2, 1]);
        assert_eq!(shape(&roots[0]), "1(11 12(121 122(1221)) 13)");
        let leaf = &roots[0].children.get().unwrap()[0];
        assert_eq!(leaf.parent.get().unwrap().unwrap().id, 1);
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn a_depth_is_so_many_levels() {
    block_on(async {
        let db = chain(11, false);
        let log = db.record();
        let root =
            async |depth| Node::by_key(1).with(Node::CHILDREN.recursive_to(depth)).one(&db).await.unwrap().unwrap();
        assert_eq!(shape(&*root(0).await), "1?");
        assert_eq!(keys(&log), [1], "a depth of 0 loads nothing");
        assert_eq!(shape(&*root(1).await), "1(2?)");
        assert_eq!(keys(&log), [1, 1]);
        assert_eq!(shape(&*root(3).await), "1(2(3(4?)))");
        assert_eq!(keys(&log), [1, 1, 1, 1]);
        let all = Node::by_key(1).with(Node::CHILDREN.recursive()).one(&db).await.unwrap().unwrap();
        assert_eq!(shape(&all), "1(2(3(4(5(6(7(8(9(10(11))))))))))");
        assert_eq!(keys(&log).len(), 12);
        let deep = root(99).await;
        assert_eq!((shape(&deep), keys(&log).len()), (shape(&all), 12));
    });
}

#[test]
fn circles_of_any_length_end() {
    block_on(async {
        for length in 1..=5 {
            let db = chain(length, true);
            let log = db.record();
            let down = Node::by_key(1).with(Node::CHILDREN.recursive()).one(&db).await.unwrap().unwrap();
            let steps: Vec<_> = (1..=length).map(|id| format!("{id}(")).collect();
            assert_eq!(shape(&down), format!("{}1?{}", steps.concat(), ")".repeat(steps.len())));
            assert_eq!(keys(&log).len() as i64, length + 1, "one for each row of the circle");
            let mut up = Node::by_key(1).with(Node::PARENT.recursive()).one(&db).await.unwrap().unwrap();
            assert_eq!(keys(&log).len() as i64, length + 1);
            for _ in 0..length {
                let parent = up.parent.get().unwrap().unwrap().to_ref();
                up = parent;
            }
            assert_eq!(up.id, 1);
            assert!(!up.parent.is_loaded());
        }
    });
}

#[test]
fn all_rows_of_a_circle_at_once_end_too() {
    block_on(async {
        let db = chain(3, true);
        let log = db.record();
        let nodes = Node::query().order_by(Node::ID.asc()).with(Node::CHILDREN.recursive()).all(&db).await.unwrap();
        assert_eq!(nodes.iter().map(shape).collect::<Vec<_>>(), ["1(2(3(1?)))", "2(3(1(2?)))", "3(1(2(3?)))"]);
        assert_eq!(keys(&log), [0, 3, 3, 3]);
        let nodes = Node::query().order_by(Node::ID.asc()).with(Node::PARENT.recursive()).all(&db).await.unwrap();
        assert_eq!(keys(&log), [0, 3, 3, 3]);
        let mut above = nodes[0].parent.get().unwrap().unwrap().to_ref();
        for id in [3, 2, 1] {
            assert_eq!(above.id, id);
            let parent = above.parent.get().ok().flatten().map(|parent| parent.to_ref());
            above = parent.unwrap_or(above);
        }
    });
}

#[test]
fn a_row_that_is_reached_again_on_another_path_goes_on() {
    block_on(async {
        let db = blog::empty();
        execute(&db, TREE);
        let nodes = Node::query().with(Node::CHILDREN.recursive()).all(&db).await.unwrap();
        let shapes: Vec<_> = nodes.iter().map(shape).collect();
        assert_eq!(shapes, ["1(11 12(121 122(1221)) 13)", "11", "12(121 122(1221))", "13", "121", "122(1221)", "1221"]);
        let nodes = Node::query().with(Node::PARENT.recursive()).all(&db).await.unwrap();
        let deepest = nodes.last().unwrap();
        let above = deepest.ancestors(Node::PARENT, &db).await.unwrap();
        assert_eq!(ids(&above), [122, 12, 1]);
    });
}

#[test]
fn a_circle_ends_for_the_row_on_it_and_goes_on_for_the_row_that_leads_to_it() {
    block_on(async {
        // 1 and 2 are each other's parents; 3 leads to 2.
        let db = blog::empty();
        execute(&db, "INSERT INTO nodes VALUES (1, 2), (2, 1), (3, 2)");
        let nodes = Node::query().filter(Node::ID.is_in([1, 3])).with(Node::PARENT.recursive());
        let nodes = nodes.all(&db).await.unwrap();
        let path = |node: &Node| {
            let mut path = vec![node.id];
            let mut next = node.parent.get().ok().flatten().map(|parent| parent.to_ref());
            while let Some(node) = next {
                path.push(node.id);
                next = node.parent.get().ok().flatten().map(|parent| parent.to_ref());
            }
            path
        };
        assert_eq!(path(&nodes[1]), [3, 2, 1, 2]);
        assert_eq!(path(&nodes[0])[..3], [1, 2, 1]);
    });
}

#[test]
fn filter_order_limit_and_further_relations_apply_at_every_level() {
    block_on(async {
        let db = blog::empty();
        execute(&db, TREE);
        let log = db.record();
        let children = Node::CHILDREN.filter(Node::ID.ne(13)).order_by(Node::ID.desc()).limit(1).with(Node::PARENT);
        let root = Node::by_key(1).with(children.recursive()).one(&db).await.unwrap().unwrap();
        assert_eq!(shape(&root), "1(12(122(1221)))");
        assert_eq!(sent(&log), 5, "the parents are filled by the inverse");
        assert!(root.children.get().is_err());
        let child = &root.children.get_partial().unwrap()[0];
        assert_eq!(child.parent.get().unwrap().unwrap().id, 1);
    });
}

#[test]
fn a_recursion_beside_a_narrowed_load_of_the_same_relation_is_refused() {
    block_on(async {
        let db = blog::empty();
        let refused = |result: Result<_, Error>| {
            let error = result.err().unwrap();
            assert!(matches!(error.kind(), ErrorKind::ConflictingLoads { .. }), "{error}");
        };
        let query = Node::query().with(Node::CHILDREN.recursive()).with(Node::CHILDREN.limit(1));
        refused(query.all(&db).await.map(|_| ()));
        let query = Node::query().with(Node::CHILDREN.with(Node::CHILDREN.limit(1)).recursive());
        refused(query.all(&db).await.map(|_| ()));
    });
}

#[test]
fn what_is_loaded_already_is_not_read_again() {
    block_on(async {
        let db = blog::empty();
        execute(&db, TREE);
        let roots = Node::query().filter(Node::ID.eq(1)).with(Node::CHILDREN.recursive_to(2)).all(&db).await.unwrap();
        let log = db.record();
        roots.load(Node::CHILDREN.recursive(), &db).await.unwrap();
        assert_eq!(keys(&log), [2, 1]);
        assert_eq!(shape(&roots[0]), "1(11 12(121 122(1221)) 13)");
    });
}

#[test]
fn the_rows_below_one_come_level_by_level_each_once() {
    block_on(async {
        let db = blog::empty();
        execute(&db, TREE);
        let nodes = Node::all(&db).await.unwrap();
        let log = db.record();
        let below = nodes[0].descendants(Node::CHILDREN, &db).await.unwrap();
        assert_eq!(ids(&below), [11, 12, 13, 121, 122, 1221]);
        assert_eq!(keys(&log), [1, 3, 2, 1], "for this row only");
        assert!(!nodes[2].children.is_loaded());
        assert_eq!(shape(&nodes[0]), "1(11 12(121 122(1221)) 13)");
        assert_eq!(below[0].parent.get().unwrap().unwrap().id, 1);
        assert_eq!(ids(&nodes[0].descendants(Node::CHILDREN, &db).await.unwrap()), ids(&below));
        assert_eq!(sent(&log), 0);
        let copy = nodes[2].clone();
        assert_eq!(ids(&copy.descendants(Node::CHILDREN, &db).await.unwrap()), [121, 122, 1221]);
        assert!(nodes[1].descendants(Node::CHILDREN, &db).await.unwrap().is_empty());
    });
}

#[test]
fn the_rows_above_one_come_nearest_first() {
    block_on(async {
        let db = chain(6, false);
        let node = Node::find(&db, 6).await.unwrap().unwrap();
        let log = db.record();
        assert_eq!(ids(&node.ancestors(Node::PARENT, &db).await.unwrap()), [5, 4, 3, 2, 1]);
        assert_eq!(keys(&log).len(), 5, "the topmost has no key to ask for");
        let root = Node::find(&db, 1).await.unwrap().unwrap();
        log.clear();
        assert!(root.ancestors(Node::PARENT, &db).await.unwrap().is_empty());
        assert_eq!(sent(&log), 0);
    });
}

#[test]
fn rows_on_a_circle_have_one_another_above_and_below() {
    block_on(async {
        for length in 1..=5 {
            let db = chain(length, true);
            let node = Node::find(&db, 1).await.unwrap().unwrap();
            let below: Vec<_> = (2..=length).collect();
            assert_eq!(ids(&node.descendants(Node::CHILDREN, &db).await.unwrap()), below);
            let above: Vec<_> = (2..=length).rev().collect();
            assert_eq!(ids(&node.ancestors(Node::PARENT, &db).await.unwrap()), above);
        }
    });
}

#[test]
fn a_part_of_the_rows_below_one_is_not_taken_for_all() {
    block_on(async {
        let db = blog::empty();
        execute(&db, TREE);
        let node = Node::find(&db, 1).await.unwrap().unwrap();
        let some = node.descendants(Node::CHILDREN.filter(Node::ID.ne(122)), &db).await.unwrap();
        assert_eq!(ids(&some), [11, 12, 13, 121]);
        assert!(node.children.get().is_err());
        assert_eq!(node.descendants(Node::CHILDREN, &db).await.unwrap().len(), 6);
    });
}

on_sqlite! {
#[test]
fn a_row_that_does_not_decode_fails_the_way_to_it() {
    block_on(async {
        let db = blog::empty();
        execute(&db, "INSERT INTO nodes VALUES (1, NULL), (2, 1), (3, 1)");
        execute(&db, "DROP TABLE nodes; CREATE TABLE nodes (id, parent_id)");
        execute(&db, "INSERT INTO nodes VALUES (1, NULL), (2, 1), ('x', 2), (3, 1), (4, 3)");
        let root = Node::find(&db, 1).await.unwrap().unwrap();
        let error = root.descendants(Node::CHILDREN, &db).await.unwrap_err().to_string();
        assert!(error.starts_with("Node.children"), "{error}");
        let three = &root.children.get().unwrap()[1];
        assert_eq!(ids(&three.descendants(Node::CHILDREN, &db).await.unwrap()), [4]);
    });
}
}
