//! W3 by hand: pairs of the join table, then each tag once, shared by position.

use std::ops::Range;
use std::rc::Rc;

use rusqlite::Row;
use rusqlite::types::Value;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Hand, POSTS, Post, post};
use crate::Result;
use crate::reach::{Reached, Visitor};

const PAIRS_OF_POSTS: &str = "SELECT post_id, tag_id FROM post_tags WHERE post_id IN (SELECT value FROM rarray(?1))";
const TAGS_BY_KEYS: &str = "SELECT id, name FROM tags WHERE id IN (SELECT value FROM rarray(?1))";

/// A tag.
pub struct Tag {
    /// The key.
    pub id: i64,
    /// The name.
    pub name: String,
}

fn tag(row: &Row<'_>) -> rusqlite::Result<Tag> {
    Ok(Tag { id: row.get(0)?, name: row.get(1)? })
}

/// Posts, and the positions of each one's tags.
pub struct WithTags<L> {
    posts: Vec<Post>,
    tags: Vec<Tag>,
    lists: L,
}

/// Where the tags of each post stand.
pub trait Lists {
    /// The positions of the tags of the post at this position.
    fn of(&self, post: usize) -> &[u32];
}

/// A vector for each post.
pub struct Each(Vec<Vec<u32>>);

impl Lists for Each {
    fn of(&self, post: usize) -> &[u32] {
        &self.0[post]
    }
}

/// One vector, of which each post has a range.
pub struct Flat {
    places: Vec<u32>,
    ranges: Vec<Range<u32>>,
}

impl Lists for Flat {
    fn of(&self, post: usize) -> &[u32] {
        let Range { start, end } = self.ranges[post];
        &self.places[start as usize..end as usize]
    }
}

impl<L: Lists> Reached for WithTags<L> {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        for (at, post) in self.posts.iter().enumerate() {
            visitor.row(0, 0, post);
            self.lists.of(at).iter().for_each(|&tag| visitor.row(post.id, 0, &self.tags[tag as usize]));
        }
        Ok(())
    }
}

impl Hand {
    /// W3: posts, their pairs, and the tags of the distinct keys; a vector for each post.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn posts_with_tags(&self) -> Result<WithTags<Each>> {
        self.with_tags(|posts, pairs, places| {
            let numbers = numbers(posts);
            let mut lists: Vec<Vec<u32>> = Vec::new();
            lists.resize_with(posts.len(), Vec::new);
            for (post, tag) in pairs {
                if let (Some(&number), Some(&place)) = (numbers.get(post), places.get(tag)) {
                    lists[number as usize].push(place);
                }
            }
            Each(lists)
        })
    }

    /// W3 as above, into one vector: the pairs come post by post.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn posts_with_tags_flat(&self) -> Result<WithTags<Flat>> {
        self.with_tags(|posts, pairs, places| {
            let mut runs: FxHashMap<i64, Range<u32>> = FxHashMap::default();
            runs.reserve(posts.len());
            let mut all = Vec::with_capacity(pairs.len());
            for run in pairs.chunk_by(|one, other| one.0 == other.0) {
                let start = all.len() as u32;
                all.extend(run.iter().filter_map(|(_, tag)| places.get(tag).copied()));
                runs.insert(run[0].0, start..all.len() as u32);
            }
            let ranges = posts.iter().map(|post| runs.get(&post.id).cloned().unwrap_or(0..0)).collect();
            Flat { places: all, ranges }
        })
    }

    fn with_tags<L>(
        &self,
        share: impl FnOnce(&[Post], &[(i64, i64)], &FxHashMap<i64, u32>) -> L,
    ) -> Result<WithTags<L>> {
        self.snapshot(|| {
            let posts = self.rows(POSTS, (), post)?;
            let keys: Vec<Value> = posts.iter().map(|post| Value::Integer(post.id)).collect();
            let pairs: Vec<(i64, i64)> =
                self.rows(PAIRS_OF_POSTS, (Rc::new(keys),), |row| Ok((row.get(0)?, row.get(1)?)))?;
            let keys: FxHashSet<i64> = pairs.iter().map(|pair| pair.1).collect();
            let keys: Vec<Value> = keys.into_iter().map(Value::Integer).collect();
            let tags = self.rows(TAGS_BY_KEYS, (Rc::new(keys),), tag)?;
            let places = tags.iter().zip(0..).map(|(tag, place)| (tag.id, place)).collect();
            let lists = share(&posts, &pairs, &places);
            Ok(WithTags { posts, tags, lists })
        })
    }
}

/// The position of each post.
fn numbers(posts: &[Post]) -> FxHashMap<i64, u32> {
    let mut numbers = FxHashMap::default();
    numbers.reserve(posts.len());
    numbers.extend(posts.iter().zip(0..).map(|(post, number)| (post.id, number)));
    numbers
}
