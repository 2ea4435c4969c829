//! The schema that every framework is given: a shop of ten tables, as often as there are models to be had.

use std::fmt;

/// How many models a shop has.
pub const GROUP: usize = 10;

/// Columns by name.
type Columns = [(&'static str, ColumnType); 4];

/// The models of a shop but the last, which is a join table. Each belongs to the one before it and has many of the
/// next, in a ring: the first belongs to the last.
const CHAIN: [(&str, &str, Columns); GROUP - 1] = {
    use ColumnType::{Boolean, Integer, OptionalText, Real, Text};
    [
        ("Shop", "shops", [("name", Text), ("city", Text), ("phone", OptionalText), ("rating", Real)]),
        ("Customer", "customers", [("name", Text), ("email", Text), ("city", OptionalText), ("points", Integer)]),
        ("Order", "orders", [("number", Integer), ("status", Text), ("remark", OptionalText), ("paid", Boolean)]),
        ("Line", "lines", [("product", Text), ("quantity", Integer), ("price", Real), ("discount", Real)]),
        ("Review", "reviews", [("title", Text), ("body", Text), ("stars", Integer), ("hidden", Boolean)]),
        ("Comment", "comments", [("author", Text), ("body", Text), ("likes", Integer), ("hidden", Boolean)]),
        ("Photo", "photos", [("path", Text), ("caption", OptionalText), ("width", Integer), ("height", Integer)]),
        ("Note", "notes", [("body", Text), ("language", Text), ("source", OptionalText), ("position", Integer)]),
        ("Tag", "tags", [("name", Text), ("color", Text), ("uses", Integer), ("hidden", Boolean)]),
    ]
};

/// The two models of the chain that the join table joins.
const JOINED: [usize; 2] = [3, 8];

/// How far relations lead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Each shop is a ring of its own: ten models lead to one another.
    Shops,
    /// The first model of a shop belongs to the last of the shop before: all models lead to one another.
    Ring,
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// An integer of 64 bits.
    Integer,
    /// A floating-point number of 64 bits.
    Real,
    /// A text.
    Text,
    /// A text or null.
    OptionalText,
    /// A truth value.
    Boolean,
}

/// The type in Rust, the same in all frameworks.
impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ColumnType::Integer => "i64",
            ColumnType::Real => "f64",
            ColumnType::Text => "String",
            ColumnType::OptionalText => "Option<String>",
            ColumnType::Boolean => "bool",
        })
    }
}

/// A model's names.
#[derive(Clone)]
pub struct Name {
    /// `Customer3`.
    pub model: String,
    /// `customer3`, which its file is called too.
    pub module: String,
    /// `customers3`.
    pub table: String,
}

/// A relation to another model: the field and what it leads to.
pub struct Link {
    /// `shop`, `orders`.
    pub field: String,
    /// The model that it leads to.
    pub target: Name,
}

/// A relation to many.
pub struct HasMany {
    /// The relation.
    pub link: Link,
    /// The target's relation that leads back.
    pub inverse: String,
}

/// A relation over a join table.
pub struct ManyToMany {
    /// The relation.
    pub link: Link,
    /// The model of the join table.
    pub join: Name,
    /// The join table's relation to this side.
    pub near: String,
    /// The join table's relation to the other side.
    pub far: String,
}

/// A model of the schema.
pub struct Model {
    /// Its names.
    pub name: Name,
    /// Whether its key is `id`; a join table's key is that of its two relations.
    pub has_id: bool,
    /// Its columns besides its key and the keys of others.
    pub columns: Vec<(String, ColumnType)>,
    /// What it belongs to. The column is called like the field, with `_id` behind it.
    pub belongs_to: Vec<Link>,
    /// What it has many of.
    pub has_many: Option<HasMany>,
    /// What it is joined with.
    pub many_to_many: Option<ManyToMany>,
}

/// A schema of so many models, a multiple of ten.
pub fn schema(models: usize, layout: Layout) -> Vec<Model> {
    let groups = models / GROUP;
    let model = |group, place| {
        let (before, behind) = match layout {
            Layout::Shops => (group, group),
            Layout::Ring => ((group + groups - 1) % groups, (group + 1) % groups),
        };
        model(group, place, before, behind)
    };
    (0..groups).flat_map(|group| (0..GROUP).map(move |place| model(group, place))).collect()
}

/// The model at a place in a group, whose ring goes on in the groups `before` and `behind` it.
fn model(group: usize, place: usize, before: usize, behind: usize) -> Model {
    let Some((_, _, columns)) = CHAIN.get(place) else { return join(group) };
    let (last, before) = if place == 0 { (GROUP - 2, before) } else { (place - 1, group) };
    let (next, behind) = if place == GROUP - 2 { (0, behind) } else { (place + 1, group) };
    Model {
        name: name(place, group),
        has_id: true,
        columns: columns.iter().map(|&(name, column)| (name.to_owned(), column)).collect(),
        belongs_to: vec![Link { field: singular(last), target: name(last, before) }],
        has_many: Some(HasMany {
            link: Link { field: plural(next), target: name(next, behind) },
            inverse: singular(place),
        }),
        many_to_many: many_to_many(place, group),
    }
}

fn many_to_many(place: usize, group: usize) -> Option<ManyToMany> {
    let [one, other] = JOINED;
    let far = match place {
        _ if place == one => other,
        _ if place == other => one,
        _ => return None,
    };
    let link = Link { field: plural(far), target: name(far, group) };
    Some(ManyToMany { link, join: join_name(group), near: singular(place), far: singular(far) })
}

fn join(group: usize) -> Model {
    let belongs_to = JOINED.map(|place| Link { field: singular(place), target: name(place, group) });
    Model {
        name: join_name(group),
        has_id: false,
        columns: vec![("weight".to_owned(), ColumnType::Integer), ("comment".to_owned(), ColumnType::OptionalText)],
        belongs_to: belongs_to.into(),
        has_many: None,
        many_to_many: None,
    }
}

fn name(place: usize, group: usize) -> Name {
    let (model, table, _) = CHAIN[place];
    Name {
        model: format!("{model}{group}"),
        module: format!("{}{group}", singular(place)),
        table: format!("{table}{group}"),
    }
}

fn join_name(group: usize) -> Name {
    Name { model: format!("LineTag{group}"), module: format!("line_tag{group}"), table: format!("line_tags{group}") }
}

fn singular(place: usize) -> String {
    CHAIN[place].0.to_lowercase()
}

fn plural(place: usize) -> String {
    CHAIN[place].1.to_owned()
}
