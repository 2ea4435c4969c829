//! A request in words: what stands in the log of a source without SQL.

use crate::descriptor::ColumnDescriptor;
use crate::key::{self, Key};
use crate::model::Model;
use crate::source::{Limit, Request};

/// The fields of some columns: `id`, or `shop_id, id`.
pub(in crate::source) fn fields(all: &[ColumnDescriptor], columns: &[usize]) -> String {
    let names: Vec<_> = columns.iter().filter_map(|&at| Some(all.get(at)?.field)).collect();
    names.join(", ")
}

impl<T: Model, K: Key> Request<T, K> {
    /// As in `posts by user_id, order id desc, limit 3`.
    pub(in crate::source) fn describe(&self) -> String {
        let sets = [self.keys.as_ref().map(|_| self.columns), self.either];
        let sets = sets.into_iter().flatten().map(|columns| fields(T::COLUMNS, columns));
        self.describe_by(&sets.collect::<Vec<_>>().join(" or "))
    }

    /// The same, by fields that are named.
    pub(in crate::source) fn describe_by(&self, fields_of_keys: &str) -> String {
        let mut text = T::TABLE.to_owned();
        if !fields_of_keys.is_empty() {
            text += &format!(" by {fields_of_keys}");
        }
        for step in self.path {
            text += &format!(" over {}", (step.model)().table);
        }
        if let Some(morph) = self.morph {
            text += &format!(", {} {:?}", fields(T::COLUMNS, &[morph.column]), morph.tag);
        }
        if let Some(filter) = &self.filter {
            text += &format!(", filter {}", filter.condition().describe(T::COLUMNS));
        }
        if let Some(after) = &self.after {
            text += &format!(", after {}", key::display(after));
        }
        for (at, term) in self.order.iter().enumerate() {
            text += if at == 0 { ", order " } else { ", " };
            text += &term.term().by.describe(T::COLUMNS);
            text += if term.is_descending() { " desc" } else { "" };
        }
        if let Limit::Rows { limit, offset } = self.limit {
            text += &limit.map(|rows| format!(", limit {rows}")).unwrap_or_default();
            text += &if offset > 0 { format!(", offset {offset}") } else { String::new() };
        }
        text
    }
}
