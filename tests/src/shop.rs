//! Keys of every shape: composite, newtype, text, uuid, and a unique column that is not the key.

use relations_core::{BelongsTo, HasMany, HasOne, Nullable, Relations, Sqlite, Value};
use uuid::Uuid;

/// The tables.
pub const SCHEMA: &str = "
    CREATE TABLE orders (shop_id INTEGER NOT NULL, id INTEGER NOT NULL, note TEXT NOT NULL, PRIMARY KEY (shop_id, id));
    CREATE TABLE lines (shop_id INTEGER NOT NULL, order_id INTEGER NOT NULL, n INT NOT NULL, article_code TEXT,
                        PRIMARY KEY (shop_id, order_id, n));
    CREATE TABLE articles (code TEXT PRIMARY KEY, maker_id BLOB);
    CREATE TABLE makers (id BLOB PRIMARY KEY, email TEXT NOT NULL UNIQUE);
    CREATE TABLE letters (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL);
    CREATE TABLE tickets (id INTEGER PRIMARY KEY, holder INTEGER);
    CREATE INDEX articles_maker ON articles (maker_id);
    CREATE INDEX letters_recipient ON letters (recipient);
    CREATE INDEX tickets_holder ON tickets (holder);
";

/// The tables without rows, run inline.
pub fn empty() -> Sqlite {
    crate::database(SCHEMA, "")
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "orders")]
pub struct Order {
    #[relations(key)]
    pub shop_id: i64,
    #[relations(key)]
    pub id: i64,
    pub note: String,
    #[has_many(foreign_key = (shop_id, order_id), inverse = order, order_by(n))]
    pub lines: HasMany<Line>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "lines")]
pub struct Line {
    #[relations(key)]
    pub shop_id: i64,
    #[relations(key)]
    pub order_id: i64,
    #[relations(key)]
    pub n: i32,
    pub article_code: Option<String>,
    #[belongs_to(foreign_key = (shop_id, order_id))]
    pub order: BelongsTo<Order>,
    #[belongs_to(foreign_key = article_code)]
    pub article: BelongsTo<Option<Article>>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "articles")]
pub struct Article {
    #[relations(key)]
    pub code: String,
    pub maker_id: Option<Uuid>,
    #[belongs_to]
    pub maker: BelongsTo<Option<Maker>>,
    #[has_many(foreign_key = article_code)]
    pub lines: HasMany<Line>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "makers")]
pub struct Maker {
    #[relations(key)]
    pub id: Uuid,
    pub email: String,
    #[has_many]
    pub articles: HasMany<Article>,
    #[has_many(foreign_key = recipient, references = email)]
    pub letters: HasMany<Letter>,
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "letters")]
pub struct Letter {
    #[relations(key)]
    pub id: i64,
    pub recipient: String,
    #[belongs_to(foreign_key = recipient, references = email, inverse = letters)]
    pub maker: BelongsTo<Option<Maker>>,
    #[relations(skip)]
    pub read_aloud: bool,
}

/// A key of its own type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId(pub i64);

crate::newtype_of_i64!(TicketId);

impl From<TicketId> for Value {
    fn from(id: TicketId) -> Self {
        id.0.into()
    }
}

impl Nullable for TicketId {
    fn null() -> Value {
        i64::null()
    }
}

#[derive(Debug, Clone, Relations)]
#[relations(table = "tickets")]
pub struct Ticket {
    #[relations(key)]
    pub id: TicketId,
    pub holder: Option<TicketId>,
    /// The ticket that this one came with.
    #[belongs_to(foreign_key = holder)]
    pub with: BelongsTo<Option<Ticket>>,
    #[has_one(foreign_key = holder, order_by(id desc))]
    pub last: HasOne<Option<Ticket>>,
}
