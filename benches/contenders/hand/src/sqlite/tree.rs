//! W9: a whole tree of rows.

use std::collections::VecDeque;

use bench_kit::{Reached, Result, Visitor};
use rusqlite::Row;
use rustc_hash::FxHashMap;

use super::{Hand, list};
use crate::rows::Node;

const NODE: &str = "SELECT id, parent_id, name FROM nodes WHERE id = ?1";
const BELOW: &str = "
    WITH RECURSIVE below (id, parent_id, name) AS (
        SELECT id, parent_id, name FROM nodes WHERE id = ?1
        UNION ALL
        SELECT nodes.id, nodes.parent_id, nodes.name FROM below JOIN nodes ON nodes.parent_id = below.id
    )
    SELECT id, parent_id, name FROM below";
const CHILDREN: &str = "SELECT id, parent_id, name FROM nodes WHERE parent_id IN (SELECT value FROM rarray(?1))";

fn node(row: &Row<'_>) -> rusqlite::Result<Node> {
    Ok(Node { id: row.get(0)?, parent_id: row.get(1)?, name: row.get(2)? })
}

/// A tree: nodes, and the positions of each one's children.
pub struct Tree {
    nodes: Vec<Node>,
    children: FxHashMap<i64, Vec<u32>>,
}

impl Tree {
    fn of(nodes: Vec<Node>) -> Self {
        let mut children: FxHashMap<i64, Vec<u32>> = FxHashMap::default();
        for (node, place) in nodes.iter().zip(0..) {
            if let Some(parent) = node.parent_id {
                children.entry(parent).or_default().push(place);
            }
        }
        Self { nodes, children }
    }
}

impl Reached for Tree {
    fn walk(&self, visitor: &mut impl Visitor) -> Result<()> {
        let mut open: VecDeque<&Node> = self.nodes.first().into_iter().collect();
        while let Some(node) = open.pop_front() {
            visitor.row(node.parent_id.unwrap_or_default(), 0, node);
            let children = self.children.get(&node.id).map_or(&[][..], Vec::as_slice);
            open.extend(children.iter().map(|&child| &self.nodes[child as usize]));
        }
        Ok(())
    }
}

impl Hand {
    /// The tree below a node, by one recursive statement.
    pub(super) fn tree(&self, root: i64) -> Result<Tree> {
        self.snapshot(|| Ok(Tree::of(self.rows(BELOW, (root,), node)?)))
    }

    /// The same level by level: the children of all nodes of the level before.
    pub(super) fn tree_by_levels(&self, root: i64) -> Result<Tree> {
        self.snapshot(|| {
            let mut nodes = self.rows(NODE, (root,), node)?;
            let mut level = 0;
            while level < nodes.len() {
                let keys = list(nodes[level..].iter().map(|node| node.id));
                level = nodes.len();
                nodes.extend(self.rows(CHILDREN, keys, node)?);
            }
            Ok(Tree::of(nodes))
        })
    }
}
