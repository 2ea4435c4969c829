//! How relations say that they are cached, and what models say of their rows to a cache.

use std::borrow::Cow;
use std::time::Duration;

use relations_core::{
    BelongsTo, CacheSettings, HasMany, HasManyThrough, HasOne, HeapSize, ManyToMany, Model, Morph, MorphTo, Ref,
    RelationDescriptor, Relations,
};

#[derive(Debug, Clone, Default, Relations)]
struct Page {
    id: i64,
    text: String,
    summary: Option<String>,
    bytes: Option<Box<[u16]>>,
    label: Cow<'static, str>,
    own: Scan,
    unknown: Opaque,
    #[relations(skip)]
    draft: String,
    views: Option<u32>,
    #[has_many]
    notes: HasMany<Note>,
    #[has_one(foreign_key = page_id, cache)]
    first: HasOne<Option<Note>>,
    #[has_many(foreign_key = page_id, cache())]
    listed: HasMany<Note>,
    #[has_many(foreign_key = page_id, order_by(id), cache(off))]
    uncached: HasMany<Note>,
    #[many_to_many(through = PageTag, cache(ttl = "5m", tti = "1h 30m", max_entries = 10_000))]
    tags: ManyToMany<Tag, PageTag>,
    #[many_to_many(table = "page_tags", foreign_key = page_id, target_key = tag_id, cache(max_weight = "64MB"))]
    plain: ManyToMany<Tag>,
    #[has_many(through = notes.same)]
    over: HasManyThrough<Note>,
}

#[derive(Debug, Clone, Relations)]
struct Note {
    id: i64,
    page_id: i64,
    text: String,
    #[belongs_to(cache(ttl = "forever", max_weight = 65_536))]
    page: BelongsTo<Page>,
    #[has_many(foreign_key = id)]
    same: HasMany<Note>,
    on_type: String,
    on_id: i64,
    #[morph_to(cache(tti = "250ms"))]
    on: MorphTo<Subject>,
}

#[derive(Debug, Clone, Morph)]
enum Subject {
    #[morph("page")]
    Page(Ref<Page>),
    #[morph("tag")]
    Tag(Ref<Tag>),
}

#[derive(Debug, Clone, Default, Relations)]
struct Tag {
    id: i64,
    weight: f64,
}

#[derive(Debug, Clone, Relations)]
struct PageTag {
    id: i64,
    page_id: i64,
    tag_id: i64,
    #[belongs_to]
    page: BelongsTo<Page>,
    #[belongs_to]
    tag: BelongsTo<Tag>,
}

#[derive(Debug, Clone, Default, Relations)]
struct Chapter {
    #[relations(extends)]
    page: Page,
    title: String,
    #[has_many(overrides, foreign_key = page_id)]
    first: HasMany<Note>,
}

/// Cannot be copied.
#[derive(Relations)]
struct Visit {
    id: i64,
    page_id: i64,
    path: String,
    #[belongs_to(cache)]
    page: BelongsTo<Page>,
    #[has_many(foreign_key = page_id, references = page_id, cache(off))]
    others: HasMany<Visit>,
}

/// Weighs what it says.
#[derive(Debug, Clone, Default)]
struct Scan;

impl HeapSize for Scan {
    fn heap_size(&self) -> usize {
        1 << 20
    }
}

/// Does not say what it weighs.
#[derive(Debug, Clone, Default)]
struct Opaque(#[allow(dead_code, reason = "it is there to own something")] Vec<String>);

fn relation<M: Relations>(name: &str) -> &'static RelationDescriptor {
    M::descriptor().relation(name).unwrap()
}

#[test]
fn a_relation_that_says_nothing_is_cached_as_all_are() {
    assert_eq!(relation::<Page>("notes").cache, CacheSettings::INHERITED);
    assert_eq!(relation::<Page>("over").cache, CacheSettings::INHERITED);
    assert_eq!(CacheSettings::default(), CacheSettings::INHERITED);
}

#[test]
fn a_relation_is_switched_on_or_off() {
    assert_eq!(relation::<Page>("first").cache, CacheSettings::on());
    assert_eq!(relation::<Page>("listed").cache, CacheSettings::on());
    assert_eq!(relation::<Page>("uncached").cache, CacheSettings::off());
    assert_eq!(relation::<Visit>("page").cache, CacheSettings::on());
}

#[test]
fn the_settings_of_a_relation_are_kept_as_they_are_written_whatever_its_kind() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let on = CacheSettings::on();
    assert_eq!(relation::<Page>("tags").cache, on.ttl(minutes(5)).tti(minutes(90)).max_entries(10_000));
    assert_eq!(relation::<Page>("plain").cache, on.max_weight(64 << 20));
    assert_eq!(relation::<Note>("page").cache, on.ttl(CacheSettings::FOREVER).max_weight(65_536));
    assert_eq!(relation::<Note>("on").cache, on.tti(Duration::from_millis(250)));
}

#[test]
fn settings_are_inherited_with_their_relation_and_left_with_it() {
    assert_eq!(relation::<Chapter>("tags").cache, relation::<Page>("tags").cache);
    assert_eq!(relation::<Chapter>("first").cache, CacheSettings::INHERITED, "an override says so itself");
}

#[test]
fn every_unit_is_read() {
    #[derive(Relations)]
    struct Units {
        id: i64,
        #[has_many(foreign_key = id, cache(ttl = "1d", tti = "1d2h3m4s5ms", max_weight = "3B"))]
        a: HasMany<Tag>,
        #[has_many(foreign_key = id, cache(ttl = " 1_000 s ", max_weight = "3 KB"))]
        b: HasMany<Tag>,
        #[has_many(foreign_key = id, cache(ttl = "365000d", max_weight = "3GB"))]
        c: HasMany<Tag>,
        #[has_many(foreign_key = id, cache(ttl = "1ms", max_entries = 1u64))]
        d: HasMany<Tag>,
    }
    let settings = ["a", "b", "c", "d"].map(|name| relation::<Units>(name).cache);
    let (a, b, c, d) = (settings[0], settings[1], settings[2], settings[3]);
    assert_eq!(a.ttl, Some(Duration::from_secs(86_400)));
    assert_eq!(a.tti, Some(Duration::from_millis(86_400_000 + 2 * 3_600_000 + 3 * 60_000 + 4_000 + 5)));
    assert_eq!(b.ttl, Some(Duration::from_secs(1_000)));
    assert_eq!(c.ttl, Some(Duration::from_secs(365_000 * 86_400)), "1,000 years are not too long");
    assert_eq!([a, b, c].map(|it| it.max_weight), [Some(3), Some(3 << 10), Some(3 << 30)]);
    assert_eq!((d.ttl, d.max_entries), (Some(Duration::from_millis(1)), Some(1)));
    let _ = |units: Units| (units.id, units.a, units.b, units.c, units.d);
}

#[test]
fn a_description_shows_the_settings_where_there_are_some() {
    let print = |name| relation::<Page>(name).to_string();
    assert_eq!(print("notes"), "notes: has_many Note (page_id -> id)");
    assert_eq!(print("first"), "first: has_one Note? (page_id -> id, cache)");
    assert_eq!(print("uncached"), "uncached: has_many Note (page_id -> id, order id, cache(off))");
    assert!(
        print("tags").ends_with(", cache(ttl = \"300s\", tti = \"5400s\", max_entries = 10000))"),
        "{}",
        print("tags")
    );
    assert!(relation::<Note>("page").to_string().contains("cache(ttl = \"forever\", max_weight = 65536)"));
}

#[test]
fn a_description_serialises_the_settings_where_there_are_some() {
    let json = |relation| serde_json::to_value(relation).unwrap();
    assert_eq!(json(relation::<Page>("notes")).get("cache"), None);
    assert_eq!(
        json(relation::<Page>("tags"))["cache"],
        serde_json::json!({
            "enabled": true, "ttl": "300s", "tti": "5400s", "max_entries": 10_000,
        })
    );
    assert_eq!(json(relation::<Page>("uncached"))["cache"]["enabled"], false);
}

#[test]
fn a_row_is_copied_if_its_struct_is_clone() {
    let copy = Page::COPY.unwrap();
    let page = Page { id: 7, text: "a text".to_owned(), ..Page::default() };
    let copied = copy(&page);
    assert_eq!((copied.id, copied.text), (7, "a text".to_owned()));
    assert!(Chapter::COPY.is_some() && Note::COPY.is_some());
    assert!(Visit::COPY.is_none(), "a model need not be `Clone`");
}

#[test]
fn a_row_weighs_what_its_columns_own() {
    let text = || String::with_capacity(100);
    let page = Page { text: text(), summary: Some(text()), draft: text(), ..Page::default() };
    let scan = 1 << 20;
    assert_eq!(page.heap_size(), page.text.capacity() + page.summary.as_ref().unwrap().capacity() + scan);
    assert!(page.text.capacity() >= 100 && page.draft.capacity() >= 100, "not the length, and no skipped field");
    let borrowed = Page { label: Cow::Borrowed("a label"), unknown: Opaque(vec![text()]), ..Page::default() };
    assert_eq!(borrowed.heap_size(), scan, "what is not owned, or not known, weighs nothing");
    let owned = Page { label: Cow::Owned(text()), bytes: Some(vec![0; 50].into()), ..Page::default() };
    assert!(owned.heap_size() >= scan + 100 + 2 * 50);
    assert_eq!(Tag::default().heap_size(), 0);
}

#[test]
fn a_row_weighs_what_the_model_that_it_extends_does_and_its_own() {
    let page = Page { text: String::with_capacity(64), ..Page::default() };
    let weight = page.heap_size();
    let chapter = Chapter { page, title: String::with_capacity(32), ..Chapter::default() };
    assert_eq!(chapter.heap_size(), weight + chapter.title.capacity());
}
