//! Static metadata: what models and relations say of themselves.

use relations_core::{ModelDescriptor, RelationKind, Relations, diagram};
use relations_tests::blog::{Comment, Node, Post, Profile, User};
use relations_tests::shop::{Article, Letter, Line, Order, Ticket};
use relations_tests::tags;

fn foreign_key(model: &ModelDescriptor, relation: &str) -> Vec<&'static str> {
    model.relation(relation).unwrap().foreign_key().map(|column| column.field).collect()
}

#[test]
fn a_model_describes_its_table_its_key_and_its_columns() {
    let post = Post::descriptor();
    assert_eq!((post.name, post.table), ("Post", "posts"));
    assert_eq!(post.path, "relations_tests::blog::Post");
    assert_eq!(post.key().map(|column| column.field).collect::<Vec<_>>(), ["id"]);
    let columns: Vec<_> = post.columns.iter().map(|c| (c.field, c.column, c.type_name, c.nullable)).collect();
    assert_eq!(
        columns,
        [
            ("id", "id", "i64", false),
            ("user_id", "user_id", "Option<i64>", true),
            ("reviewer_id", "reviewer_id", "Option<i64>", true),
            ("title", "headline", "String", false),
            ("score", "score", "i64", false),
        ]
    );
    let order = Order::descriptor();
    assert_eq!(order.key().map(|column| column.field).collect::<Vec<_>>(), ["shop_id", "id"]);
    assert!(Letter::descriptor().column("read_aloud").is_none(), "a skipped field is no column");
}

#[test]
fn a_model_lists_its_relations_in_order_and_looks_them_up() {
    let names: Vec<_> = User::descriptor().relations().iter().map(|relation| relation.name).collect();
    assert_eq!(names, ["profile", "posts", "reviews", "comments"]);
    assert!(User::descriptor().relation("post").is_none());
    let kinds: Vec<_> = User::descriptor().relations().iter().map(|relation| relation.kind).collect();
    assert_eq!(kinds[..2], [RelationKind::HasOne, RelationKind::HasMany]);
    let user = Post::descriptor().relation("user").unwrap();
    assert_eq!(user.kind, RelationKind::BelongsTo);
    assert!(!user.required);
    assert!(Profile::descriptor().relation("user").unwrap().required);
}

#[test]
fn relations_lead_to_their_targets_and_back_whatever_the_order_of_declaration() {
    let posts = User::descriptor().relation("posts").unwrap();
    assert!(std::ptr::eq(posts.target().unwrap(), Post::descriptor()));
    assert!(std::ptr::eq((posts.owner)(), User::descriptor()));
    let back = posts.target().unwrap().relation(posts.inverse.unwrap()).unwrap();
    assert!(std::ptr::eq(back.target().unwrap(), User::descriptor()));
    let parent = Node::descriptor().relation("parent").unwrap();
    assert!(std::ptr::eq(parent.target().unwrap(), Node::descriptor()));
}

#[test]
fn foreign_keys_are_inferred_and_can_be_given() {
    assert_eq!(foreign_key(User::descriptor(), "posts"), ["user_id"]);
    assert_eq!(foreign_key(User::descriptor(), "reviews"), ["reviewer_id"]);
    assert_eq!(foreign_key(Comment::descriptor(), "post"), ["post_id"]);
    assert_eq!(foreign_key(Line::descriptor(), "order"), ["shop_id", "order_id"]);
    let maker = Letter::descriptor().relation("maker").unwrap();
    assert_eq!(maker.references().map(|column| column.field).collect::<Vec<_>>(), ["email"]);
    assert_eq!(foreign_key(Ticket::descriptor(), "last"), ["holder"]);
}

#[test]
fn the_declared_order_is_part_of_a_relation() {
    let comments = Post::descriptor().relation("comments").unwrap();
    let order: Vec<_> = comments.order_by().map(|(column, descending)| (column.field, descending)).collect();
    assert_eq!(order, [("id", true)]);
}

#[test]
fn descriptors_are_static_and_the_same_each_time() {
    assert!(std::ptr::eq(User::descriptor(), User::descriptor()));
    const TITLE: &str = "Post.TITLE";
    assert_eq!(format!("{:?}", Post::TITLE), TITLE.replace("TITLE", "title"));
}

#[test]
fn a_model_prints_readably() {
    assert_eq!(
        Post::descriptor().to_string(),
        "Post (table posts, key id)\n  \
           id: i64\n  \
           user_id: Option<i64>\n  \
           reviewer_id: Option<i64>\n  \
           title: String (column headline)\n  \
           score: i64\n  \
           user: belongs_to User? (user_id -> id, inverse posts)\n  \
           reviewer: belongs_to User? (reviewer_id -> id, inverse reviews)\n  \
           comments: has_many Comment (post_id -> id, inverse post, order id desc)\n"
    );
    assert!(
        Order::descriptor()
            .to_string()
            .contains("lines: has_many Line ((shop_id, order_id) -> (shop_id, id), inverse order, order n)")
    );
}

#[test]
fn a_model_serialises() {
    let json = serde_json::to_value(Profile::descriptor()).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "name": "Profile",
            "table": "profiles",
            "key": ["id"],
            "columns": [
                {"field": "id", "column": "id", "type_name": "i64", "nullable": false},
                {"field": "user_id", "column": "user_id", "type_name": "i64", "nullable": false},
                {"field": "bio", "column": "bio", "type_name": "String", "nullable": false},
            ],
            "relations": [{
                "name": "user", "kind": "belongs_to", "target": "User", "required": true,
                "foreign_key": ["user_id"], "references": ["id"], "inverse": "profile", "order_by": [],
                "declared_in": "Profile",
            }],
            "extends": null,
        })
    );
}

#[test]
fn a_mermaid_picture_shows_models_columns_and_each_pair_of_relations_once() {
    let picture = diagram::mermaid(&[Profile::descriptor()]);
    assert!(picture.starts_with("erDiagram\n    Profile {\n        i64 id PK\n        i64 user_id FK\n"), "{picture}");
    for model in ["User {", "Post {", "Comment {"] {
        assert!(picture.contains(model), "models that are only led to are drawn too: {picture}");
    }
    let lines: Vec<_> = picture.lines().map(str::trim).filter(|line| line.contains(" : ")).collect();
    assert_eq!(
        lines,
        [
            "User ||--o| Profile : \"profile / user\"",
            "User ||--o{ Post : \"posts / user\"",
            "User ||--o{ Post : \"reviews / reviewer\"",
            "User ||--o{ Comment : \"comments / user\"",
            "Post ||--o{ Comment : \"comments / post\"",
        ]
    );
    let tree = diagram::mermaid(&[Node::descriptor()]);
    assert!(tree.contains("Node ||--o{ Node : \"children / parent\""), "{tree}");
}

#[test]
fn a_join_table_is_part_of_a_relation() {
    let tags = tags::Article::descriptor().relation("tags").unwrap();
    assert_eq!(tags.kind, RelationKind::ManyToMany);
    assert_eq!(foreign_key(tags::Article::descriptor(), "tags"), ["article_id"]);
    let pivot = tags.pivot.unwrap();
    assert!(std::ptr::eq((pivot.model)(), tags::ArticleTag::descriptor()));
    assert_eq!(pivot.far().map(|column| column.field).collect::<Vec<_>>(), ["tag_id"]);
    let print = |model: &ModelDescriptor, name| model.relation(name).unwrap().to_string();
    let article = tags::Article::descriptor();
    assert_eq!(
        print(article, "tags"),
        "tags: many_to_many Tag (over ArticleTag: article_id, tag_id, inverse articles)"
    );
    assert_eq!(
        print(article, "top_tags"),
        "top_tags: many_to_many Tag (over ArticleTag: article_id, tag_id, pivot order weight desc, distinct)"
    );
    assert_eq!(
        print(article, "readers_by_name"),
        "readers_by_name: many_to_many Person (over article_readers: article_id, person_id, order name desc)"
    );
    assert_eq!(
        print(tags::Person::descriptor(), "friends"),
        "friends: many_to_many Person (over Friendship: one_id, other_id, symmetric)"
    );
    assert_eq!(
        serde_json::to_value(tags).unwrap(),
        serde_json::json!({
            "name": "tags", "kind": "many_to_many", "target": "Tag", "required": false,
            "foreign_key": ["article_id"], "references": ["id"], "inverse": "articles", "order_by": [],
            "pivot": {"model": "ArticleTag", "near": ["article_id"], "far": ["tag_id"], "order_by": [],
                      "distinct": false, "symmetric": false},
            "declared_in": "Article",
        })
    );
}

#[test]
fn a_mermaid_picture_shows_both_directions_over_a_join_table_once() {
    let picture = diagram::mermaid(&[tags::Article::descriptor()]);
    let lines: Vec<_> = picture.lines().map(str::trim).filter(|line| line.contains("}o--o{")).collect();
    assert_eq!(
        lines,
        [
            "Article }o--o{ Tag : \"tags / articles\"",
            "Article }o--o{ Tag : \"top_tags\"",
            "Article }o--o{ Person : \"readers / read\"",
            "Article }o--o{ Person : \"readers_by_name\"",
            "Person }o--o{ Person : \"followees / followers\"",
            "Person }o--o{ Person : \"friends\"",
        ]
    );
    assert!(picture.contains("Person {\n        i64 id PK\n"), "nothing of a target refers to a join table: {picture}");
}

#[test]
fn a_relation_that_no_other_leads_back_from_has_no_inverse() {
    assert_eq!(Article::descriptor().relation("lines").unwrap().inverse, None);
    assert_eq!(Line::descriptor().relation("article").unwrap().inverse, None, "an inverse is not guessed");
}
