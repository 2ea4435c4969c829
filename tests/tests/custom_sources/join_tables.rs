//! Relations over join tables from sources of one's own: models of a join table, plain ones, and those that lead both
//! ways.

use std::sync::Mutex;

use relations_core::source::{By, Fetched, JoinRow, JoinTable, Lookup};
use relations_core::{CustomSource, Fetch, Model, Relations, Result, block_on};

use crate::tags::{self, Article, ArticleTag, Friendship, Person, Tag};

/// The rows of the fixture, by whatever keys are asked for, and the tables that were asked.
#[derive(Default)]
struct Service(Mutex<Vec<String>>);

impl Service {
    fn note<T: Model, K>(&self, lookup: &Lookup<T, K>) {
        self.0.lock().unwrap().push(format!("{} by {}", T::TABLE, lookup.by.map(|by| by.fields()).unwrap_or_default()));
    }
}

macro_rules! fetch {
    ($($model:ident: $($column:ident),+;)+) => {
        $(
            impl Fetch<$model, i64> for Service {
                type Error = relations_core::Error;
                const BY: &'static [By<$model, i64>] = &[$(By::column($model::$column)),+];

                async fn fetch(&self, lookup: Lookup<$model, i64>) -> Result<Fetched<$model, i64>> {
                    self.note(&lookup);
                    let mut query = $model::query().filter($model::ID.lt(0));
                    $(
                        if lookup.is_by(By::column($model::$column)) {
                            query = $model::query().filter($model::$column.is_in(lookup.keys.clone()));
                        }
                    )+
                    Ok(query.all(&tags::db()).await?.iter().cloned().collect())
                }
            }
        )+
    };
}

fetch! {
    Tag: ID;
    Person: ID;
    ArticleTag: ARTICLE_ID, TAG_ID;
    Friendship: ONE_ID, OTHER_ID;
}

/// Any plain join table whose keys are numbers.
impl<R: JoinTable<i64, i64>> Fetch<JoinRow<R>, i64> for Service {
    type Error = String;
    const BY: &'static [By<JoinRow<R>, i64>] = &[By::owner()];

    async fn fetch(&self, lookup: Lookup<JoinRow<R>, i64>) -> Result<Fetched<JoinRow<R>, i64>, String> {
        self.note(&lookup);
        let pairs = match R::TABLE {
            "article_readers" => [(1, 1), (1, 2), (2, 2)],
            table => return Err(format!("there is no table `{table}`")),
        };
        Ok(pairs
            .into_iter()
            .filter(|(article, _)| lookup.keys.contains(article))
            .map(|(a, p)| JoinRow::new(a, p))
            .collect())
    }
}

#[test]
fn pivots_of_a_model_are_fetched_then_each_target_once() {
    let source = CustomSource::new(Service::default());
    block_on(async {
        let articles = Article::all(&tags::db()).await.unwrap();
        let tags = articles[0].tags(&source).await.unwrap();
        assert_eq!(tags.pivots().map(|(tag, pivot)| (tag.id, pivot.weight)).collect::<Vec<_>>(), [(1, 5), (2, 3)]);
        assert_eq!(articles[1].tags(&source).await.unwrap().len(), 2);
        assert_eq!(*source.fetcher().0.lock().unwrap(), ["article_tags by article_id", "tags by id"]);
        articles.load(Article::TOP_TAGS.limit(1), &source).await.unwrap();
        let top = |at: usize| articles[at].top_tags.get_partial().unwrap().iter().map(|tag| tag.id).collect::<Vec<_>>();
        assert_eq!((top(0), top(1), top(2)), (vec![1], vec![2], vec![]));
    });
}

#[test]
fn rows_of_a_plain_join_table_are_made_by_the_source() {
    let source = CustomSource::new(Service::default());
    block_on(async {
        let articles = Article::all(&tags::db()).await.unwrap();
        articles.load(Article::READERS_BY_NAME, &source).await.unwrap();
        let readers =
            |at: usize| articles[at].readers_by_name.get().unwrap().iter().map(|it| &*it.name).collect::<Vec<_>>();
        assert_eq!((readers(0), readers(1), readers(2)), (vec!["Bob", "Ann"], vec!["Bob"], vec![]));
    });
    assert_eq!(*source.fetcher().0.lock().unwrap(), ["article_readers by article_id", "people by id"]);
}

#[test]
fn a_row_of_a_plain_join_table_is_read_as_it_was_made() {
    fn made<R: JoinTable<i64, i64>>(_: relations_core::RelationQuery<R>) -> JoinRow<R> {
        JoinRow::new(1, 7)
    }
    let row = made(Article::READERS);
    assert_eq!(row.ids::<i64, i64>(), (1, 7));
    assert_eq!(format!("{row:?}"), "JoinRow<article_readers>((1,), (7,))");
}

#[test]
fn a_join_table_that_leads_both_ways_is_fetched_by_either_side() {
    let source = CustomSource::new(Service::default());
    block_on(async {
        let people = Person::all(&tags::db()).await.unwrap();
        let friends = people[0].friends(&source).await.unwrap();
        assert_eq!(friends.iter().map(|friend| friend.id).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(people[3].friends(&source).await.unwrap().len(), 2);
    });
    assert_eq!(
        *source.fetcher().0.lock().unwrap(),
        ["friendships by one_id", "friendships by other_id", "people by id"]
    );
}

#[test]
fn a_query_over_a_join_table_goes_in_steps() {
    let source = CustomSource::new(Service::default());
    block_on(async {
        let article = Article::find(&tags::db(), 2).await.unwrap().unwrap();
        let tags = article.tags_query().filter(Tag::NAME.like("s%")).all(&source).await.unwrap();
        assert_eq!(tags.iter().map(|tag| tag.id).collect::<Vec<_>>(), [2]);
    });
    assert_eq!(*source.fetcher().0.lock().unwrap(), ["article_tags by article_id", "tags by id"]);
}
