//! Writers: each writes a row, and then tells the cache of it, one way or another.

use relations_core::__private::FromRow;
use relations_core::{Cache, Db, Model};

use super::database::{Club, Database, Friendship, Member, Memory, Post, Row, Table, Tag, User, World, Written};
use super::oracle::Entry;

/// Writes, and acknowledges that.
pub(super) async fn write(world: &World, db: &Db<Database>) {
    world.pause().await;
    let written = world.write();
    world.pause().await;
    let cache = db.cache();
    let way = world.random.below(12);
    match way {
        0 => cache.clear(),
        1 => forget_table(cache, written.table),
        2 | 3 => forget_keys(cache, &written),
        _ => tell(cache, &written),
    }
    let covers = |entry| match way {
        0 => true,
        1 => is_of_table(written.table, entry),
        2 | 3 => is_of_keys(&written, entry),
        _ => is_told(&written, entry),
    };
    world.history.lock().unwrap().invalidated(covers);
}

fn row<T: FromRow<Memory>>(row: &Row) -> T {
    T::from_row(row, 0).expect("a row as it was written")
}

/// Tells what was done to the row.
fn tell(cache: &Cache, written: &Written) {
    match written.table {
        Table::Users => tell_as::<User>(cache, written),
        Table::Posts => tell_as::<Post>(cache, written),
        Table::Tags => tell_as::<Tag>(cache, written),
        Table::Clubs => tell_as::<Club>(cache, written),
        Table::Members => tell_as::<Member>(cache, written),
        Table::Friendships => tell_as::<Friendship>(cache, written),
        Table::UserTags => {
            for [user, tag, _] in written.before.iter().chain(&written.after) {
                let (user, tag) = (user.unwrap_or_default(), tag.unwrap_or_default());
                match written.after {
                    Some(_) => cache.linked(User::TAGS, user, tag),
                    None => cache.unlinked(User::TAGS, user, tag),
                }
            }
        }
    }
}

fn tell_as<T: FromRow<Memory> + Model>(cache: &Cache, written: &Written) {
    match (&written.before, &written.after) {
        (Some(before), Some(after)) if T::COLUMNS.len() == 2 || before[1] == after[1] && T::NAME == "Post" => {
            cache.changed(&row::<T>(before));
        }
        (Some(before), Some(after)) => cache.moved(&row::<T>(before), &row::<T>(after)),
        (Some(before), None) => cache.deleted(&row::<T>(before)),
        (None, Some(after)) => cache.inserted(&row::<T>(after)),
        (None, None) => {}
    }
}

fn is_told(written: &Written, entry: Entry) -> bool {
    let is_deleted = written.after.is_none();
    is_of_keys_of(written, entry, false)
        || is_deleted
            && written.table == Table::Users
            && matches!(entry, Entry::Posts(key) | Entry::Tagged(key) | Entry::Memberships(key) | Entry::Friendships(key)
                if written.before.is_some_and(|row| row[0] == Some(key)))
}

/// Invalidates by relation what the row's table is read for.
fn forget_table(cache: &Cache, table: Table) {
    match table {
        Table::Users => cache.invalidate_model::<User>(),
        Table::Posts => cache.invalidate_relation(User::POSTS),
        Table::Tags | Table::UserTags => cache.invalidate_relation(User::TAGS),
        Table::Clubs => cache.invalidate_model::<Club>(),
        Table::Members => cache.invalidate_relation(User::CLUBS),
        Table::Friendships => cache.invalidate_model::<Friendship>(),
    }
}

fn is_of_table(table: Table, entry: Entry) -> bool {
    match table {
        Table::Users => matches!(entry, Entry::Author(_) | Entry::Friend(_)),
        Table::Posts => matches!(entry, Entry::Posts(_)),
        Table::Tags | Table::UserTags => matches!(entry, Entry::Tagged(_) | Entry::Tag(_)),
        Table::Clubs => matches!(entry, Entry::Club(_)),
        Table::Members => matches!(entry, Entry::Memberships(_) | Entry::Club(_)),
        Table::Friendships => matches!(entry, Entry::Friendships(_)),
    }
}

/// Invalidates by hand what was read by the row's keys.
fn forget_keys(cache: &Cache, written: &Written) {
    for [id, one, other] in written.before.iter().chain(&written.after) {
        let id = id.unwrap_or_default();
        match written.table {
            Table::Users => {
                cache.invalidate(Post::USER, id);
                cache.invalidate_relation(User::FRIENDS);
            }
            Table::Posts => one.iter().for_each(|user| cache.invalidate(User::POSTS, *user)),
            Table::Tags => cache.invalidate_model::<Tag>(),
            Table::Clubs => cache.invalidate_relation(User::CLUBS),
            Table::UserTags => cache.invalidate(User::TAGS, id),
            Table::Members => cache.invalidate(User::CLUBS, one.unwrap_or_default()),
            Table::Friendships => {
                cache.invalidate(User::FRIENDS, one.unwrap_or_default());
                cache.invalidate(User::FRIENDS, other.unwrap_or_default());
            }
        }
    }
}

fn is_of_keys(written: &Written, entry: Entry) -> bool {
    is_of_keys_of(written, entry, true)
}

/// Whether the entry is of a key of the row; by hand, more goes with it.
fn is_of_keys_of(written: &Written, entry: Entry, by_hand: bool) -> bool {
    written.before.iter().chain(&written.after).any(|row| match (written.table, entry) {
        (Table::Users, Entry::Friend(_) | Entry::Friendships(_)) if by_hand => true,
        (Table::Users, Entry::Author(key) | Entry::Friend(key)) => row[0] == Some(key),
        (Table::Posts, Entry::Posts(key)) => row[1] == Some(key),
        (Table::Tags, Entry::Tag(key)) => by_hand || row[0] == Some(key),
        (Table::Clubs, Entry::Club(key)) => by_hand || row[0] == Some(key),
        (Table::Clubs, Entry::Memberships(_)) => by_hand,
        (Table::UserTags, Entry::Tagged(key)) => row[0] == Some(key),
        (Table::UserTags, Entry::Tag(_)) => by_hand,
        (Table::Members, Entry::Memberships(key)) => row[1] == Some(key),
        (Table::Members, Entry::Club(_)) => by_hand,
        (Table::Friendships, Entry::Friendships(key)) => row[1] == Some(key) || row[2] == Some(key),
        (Table::Friendships, Entry::Friend(_)) => by_hand,
        _ => false,
    })
}
