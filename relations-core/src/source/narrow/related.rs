//! What a relation leads to, followed row by row: for conditions on relations, for queries over a path, and for
//! aggregates.

use super::{Look, RowOf, Scalar};
use crate::error::Result;
use crate::filter::{By, Condition};
use crate::related::{Amount, RelatedCondition, RelatedRows};
use crate::source::{Limit, Step};

/// Visits the end of a path: a row, and those of its columns that hold the key.
pub(in crate::source) type Visit<'v> = &'v mut dyn FnMut(RowOf<'_>, &[usize]) -> Result<()>;

impl<'a> Look<'a> {
    /// Follows the path from these columns of a row, and visits each end that it leads to.
    pub(in crate::source) fn follow(
        self,
        row: RowOf<'_>,
        columns: &[usize],
        path: &[Step],
        asked: Option<&Condition>,
        visit: Visit<'_>,
    ) -> Result<()> {
        let Some((step, rest)) = path.split_first() else { return visit(row, columns) };
        let Some(held) = self.scalars(row, columns)? else { return Ok(()) };
        for next in self.tables.rows((step.model)(), self.about)? {
            let forth = (step.rows, step.key);
            let back = step.both_ways.then_some((step.key, step.rows));
            for (rows, key) in [Some(forth), back].into_iter().flatten() {
                if self.scalars(next, rows)?.as_ref() == Some(&held)
                    && self.is_of_type(next, step.morph)?
                    && asked.map_or(Ok(true), |asked| self.meets(next, asked))?
                {
                    self.follow(next, key, rest, asked, visit)?;
                }
            }
        }
        Ok(())
    }

    /// The rows that a relation leads to from the key that `is_key` knows, each with the number of ways that lead to it.
    pub(in crate::source) fn related(
        self,
        related: &RelatedRows,
        is_key: impl Fn(RowOf<'_>, &[usize]) -> Result<bool>,
    ) -> Result<Vec<(RowOf<'a>, u64)>> {
        let mut found = Vec::new();
        for row in self.tables.rows(related.model, self.about)? {
            let mut ways = 0;
            self.follow(row, related.columns, related.path, related.path_condition.as_ref(), &mut |end, columns| {
                ways += u64::from(is_key(end, columns)?);
                Ok(())
            })?;
            if ways > 0
                && self.is_of_type(row, related.morph)?
                && related.condition.as_ref().map_or(Ok(true), |condition| self.meets(row, condition))?
            {
                found.push((row, if related.distinct { 1 } else { ways }));
            }
        }
        if related.limit == Limit::None {
            return Ok(found);
        }
        let found = self.sort(found, |(row, _)| *row, &related.order)?;
        let size = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        let most = related.limit.limit().map_or(usize::MAX, size);
        Ok(found.into_iter().skip(size(related.limit.offset())).take(most).collect())
    }

    /// What a row is ordered by.
    pub(in crate::source) fn ordered_by(self, row: RowOf<'_>, by: &By) -> Result<Scalar> {
        let value = match by {
            By::Column(at) => return self.scalar(row, *at),
            By::Related(value) => value,
        };
        let Some(key) = self.scalars(row, value.rows.owner_columns)? else { return Ok(Scalar::Null) };
        let is_key = |row: RowOf<'_>, columns: &[usize]| Ok(self.scalars(row, columns)?.as_ref() == Some(&key));
        for (row, _) in self.related(&value.rows, is_key)? {
            if value.condition.as_ref().map_or(Ok(true), |condition| self.meets(row, condition))? {
                return self.ordered_by(row, &value.by);
            }
        }
        Ok(Scalar::Null)
    }

    /// Whether the relation leads from the row to such rows, and so many.
    pub(super) fn is_related(self, owner: RowOf<'_>, asked: &RelatedCondition) -> Result<bool> {
        let key = self.scalars(owner, asked.rows.owner_columns)?;
        let mut count = 0;
        if let Some(key) = key {
            let is_key = |row: RowOf<'_>, columns: &[usize]| Ok(self.scalars(row, columns)?.as_ref() == Some(&key));
            for (row, ways) in self.related(&asked.rows, is_key)? {
                if asked.condition.as_ref().map_or(Ok(true), |condition| self.meets(row, condition))? {
                    count += ways;
                }
            }
        }
        Ok(match asked.amount {
            Amount::Any => count > 0,
            Amount::Count(comparison, expected) => comparison.holds(count.cmp(&expected)),
        })
    }
}
