//! `Linked`: the list of a relation that leads over other rows. Owners share its targets, so it is a list of places,
//! not a range of rows; the rows on the way may stand beside them.

use std::fmt;
use std::ops::{Index, Range};
use std::sync::{Arc, Weak};

use crate::error::Result;
use crate::group::Group;
use crate::handle::Ref;
use crate::model::Model;
use crate::slot::Held;
use crate::source::Source;
use crate::stored::Leads;
use crate::tree::{Rows, Tree};

/// The targets of all owners of one load, list after list; nobody outside the crate can name it.
pub struct Links<T, P> {
    groups: Vec<Arc<Group<T>>>,
    /// The groups, where a row on the way was reached backwards: the owner may be what keeps them alive.
    unheld: Vec<Weak<Group<T>>>,
    /// Group and row of each target.
    targets: Vec<(u32, u32)>,
    /// The row on the way to each target, in the same order; none where these are not kept.
    pivots: Option<(Arc<Group<P>>, Vec<u32>)>,
    partial: bool,
}

impl<T: Model, P> Links<T, P> {
    /// Lists of targets in these groups.
    pub(crate) fn new(groups: Vec<Arc<Group<T>>>, targets: Vec<(u32, u32)>, partial: bool) -> Self {
        Self { groups, unheld: Vec::new(), targets, pivots: None, partial }
    }

    /// The same lists, without keeping their targets alive.
    pub(crate) fn unheld(self) -> Self {
        Self { unheld: self.groups.iter().map(Arc::downgrade).collect(), groups: Vec::new(), ..self }
    }

    /// Beside each target the row on the way to it.
    pub(crate) fn with_pivots(self, group: Arc<Group<P>>, pivots: Vec<u32>) -> Self {
        Self { pivots: Some((group, pivots)), ..self }
    }

    pub(crate) fn groups(&self) -> &[Arc<Group<T>>] {
        &self.groups
    }

    /// The rows that are in the lists, each once.
    pub(crate) fn rows(&self) -> Rows<T> {
        let mut listed: Vec<Vec<bool>> = self.groups.iter().map(|group| vec![false; group.rows().len()]).collect();
        for &(group, at) in &self.targets {
            if let Some(listed) = listed.get_mut(group as usize).and_then(|group| group.get_mut(at as usize)) {
                *listed = true;
            }
        }
        let mut rows = Rows::default();
        for (group, listed) in self.groups.iter().zip(listed) {
            (0..).zip(listed).filter(|(_, is_listed)| *is_listed).for_each(|(at, _)| rows.add(group, at..at + 1));
        }
        rows
    }

    fn row(&self, (group, at): (u32, u32)) -> Option<&T> {
        self.groups.get(group as usize)?.rows().get(at as usize)
    }
}

/// The targets of one owner, in order: what a many-to-many relation and a relation through others hand out. Cloning it
/// copies a pointer, not the rows. `P` is the model of the join table's rows, which [`pivots`](Self::pivots) shows.
pub struct Linked<T, P = ()> {
    links: Arc<Links<T, P>>,
    start: u32,
    end: u32,
    /// The fingerprint of the key that it was loaded by; 0 if that is not known.
    key: u64,
}

impl<T, P> Clone for Linked<T, P> {
    fn clone(&self) -> Self {
        Self { links: Arc::clone(&self.links), start: self.start, end: self.end, key: self.key }
    }
}

impl<T: Model, P> Linked<T, P> {
    pub(crate) fn new(links: Arc<Links<T, P>>, range: Range<u32>, key: u64) -> Self {
        Self { links, start: range.start, end: range.end, key }
    }

    /// Whether it may have been loaded by the key of this fingerprint.
    pub(crate) fn is_by(&self, key: u64) -> bool {
        self.key == 0 || self.key == key
    }

    fn places(&self) -> &[(u32, u32)] {
        self.links.targets.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    fn each_place(&self, mut visit: impl FnMut(&Arc<Group<T>>, u32)) {
        for &(group, at) in self.places() {
            if let Some(group) = self.links.groups.get(group as usize) {
                visit(group, at);
            }
        }
    }

    /// The targets in order, each as often as it is in the list.
    pub(crate) fn rows(&self) -> Rows<T> {
        let mut rows = Rows::default();
        self.each_place(|group, at| rows.add(group, at..at + 1));
        rows
    }

    /// The number of targets.
    pub fn len(&self) -> usize {
        self.places().len()
    }

    /// Whether there is no target.
    pub fn is_empty(&self) -> bool {
        self.places().is_empty()
    }

    /// The target at this position.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.links.row(*self.places().get(index)?)
    }

    /// The first target.
    pub fn first(&self) -> Option<&T> {
        self.get(0)
    }

    /// The last target.
    pub fn last(&self) -> Option<&T> {
        self.links.row(*self.places().last()?)
    }

    /// A handle of the target at this position.
    pub fn get_ref(&self, index: usize) -> Option<Ref<T>> {
        self.handle(*self.places().get(index)?)
    }

    fn handle(&self, (group, at): (u32, u32)) -> Option<Ref<T>> {
        Some(Ref { group: Arc::clone(self.links.groups.get(group as usize)?), at })
    }

    /// The targets in order.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter { groups: &self.links.groups, places: self.places().iter(), last: None }
    }

    /// A handle of each target.
    pub fn refs(&self) -> impl Iterator<Item = Ref<T>> + '_ {
        self.places().iter().filter_map(|&place| self.handle(place))
    }

    /// Loads relations of all these rows: `post.tags(&db).await?.load(Tag::AUTHOR, &db)`. What is loaded already is left
    /// as it is.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn load<S, N>(&self, relations: N, source: &S) -> impl Future<Output = Result<()>> + Send
    where
        S: Source,
        N: Tree<S::Session, T>,
    {
        crate::plan::load(self.rows(), relations, source)
    }
}

impl<T: Model, P: Send + Sync + 'static> Linked<T, P> {
    /// The list with what it leads to, kept alive; `None` if that is gone.
    pub(crate) fn held(&self) -> Option<Self> {
        if self.links.unheld.is_empty() {
            return Some(self.clone());
        }
        let groups = self.links.unheld.iter().map(Weak::upgrade).collect::<Option<_>>()?;
        let links = Links::new(groups, self.places().to_vec(), self.links.partial);
        Some(Self::new(Arc::new(links), 0..self.end - self.start, self.key))
    }
}

#[cfg(feature = "serde")]
impl<T: Model, P: Send + Sync + 'static> Linked<T, P> {
    /// All targets of these lists as one, by a key that is not known.
    pub(crate) fn all(links: Links<T, P>) -> Self {
        let end = u32::try_from(links.targets.len()).unwrap_or(u32::MAX);
        Self::new(Arc::new(links), 0..end, 0)
    }
}

impl<T: Model, P: Model> Linked<T, P> {
    /// Each target with the row of the join table that leads to it.
    pub fn pivots(&self) -> impl DoubleEndedIterator<Item = (&T, &P)> {
        let (rows, at): (&[P], &[u32]) = match &self.links.pivots {
            Some((group, at)) => (group.rows(), at.get(self.start as usize..self.end as usize).unwrap_or_default()),
            None => (&[], &[]),
        };
        self.iter().zip(at).filter_map(|(target, &pivot)| Some((target, rows.get(pivot as usize)?)))
    }
}

impl<T: Model, P: Send + Sync + 'static> Leads<T> for Linked<T, P> {
    fn each(&self, mut visit: impl FnMut(&Arc<Group<T>>, Range<u32>)) {
        if let Some(held) = self.held() {
            held.each_place(|group, at| visit(group, at..at + 1));
        }
    }

    fn is_back(&self) -> bool {
        !self.links.unheld.is_empty()
    }
}

impl<T, P> Held for Linked<T, P> {
    fn is_gone(&self) -> bool {
        self.links.unheld.iter().any(|group| group.strong_count() == 0)
    }

    #[inline]
    fn is_partial(&self) -> bool {
        self.links.partial
    }
}

/// The targets of a [`Linked`], in order.
pub struct Iter<'a, T> {
    groups: &'a [Arc<Group<T>>],
    places: std::slice::Iter<'a, (u32, u32)>,
    /// The group that was looked at last: mostly there is but one.
    last: Option<(u32, &'a [T])>,
}

impl<'a, T: Model> Iter<'a, T> {
    #[inline]
    fn row(&mut self, &(group, at): &(u32, u32)) -> Option<&'a T> {
        let rows = match self.last {
            Some((last, rows)) if last == group => rows,
            _ => {
                let rows = self.groups.get(group as usize)?.rows();
                self.last = Some((group, rows));
                rows
            }
        };
        rows.get(at as usize)
    }
}

impl<'a, T: Model> Iterator for Iter<'a, T> {
    type Item = &'a T;

    #[inline]
    fn next(&mut self) -> Option<&'a T> {
        let place = self.places.next()?;
        self.row(place)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl<T: Model> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let place = self.places.next_back()?;
        self.row(place)
    }
}

impl<T: Model> ExactSizeIterator for Iter<'_, T> {}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self { groups: self.groups, places: self.places.clone(), last: self.last }
    }
}

impl<T> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iter({} left)", self.places.len())
    }
}

impl<'a, T: Model, P> IntoIterator for &'a Linked<T, P> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T: Model, P> Index<usize> for Linked<T, P> {
    type Output = T;

    /// The target at this position, as of a slice: a position behind the last one panics.
    fn index(&self, index: usize) -> &T {
        let (group, at) = self.places()[index];
        &self.links.groups[group as usize].rows()[at as usize]
    }
}

impl<T: Model + fmt::Debug, P> fmt::Debug for Linked<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<T: Model + PartialEq, P> PartialEq for Linked<T, P> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other)
    }
}

impl<T: Model + Eq, P> Eq for Linked<T, P> {}
