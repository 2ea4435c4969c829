//! Which group lies where in memory. A group enters its addresses when it is made, and leaves before they are freed, so
//! a row finds its group by where it is: one that was copied or moved elsewhere finds none. To point to the group from
//! every field of every row would cost each row a count up and a count down for each of its relations.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::Origins;
use crate::log::lock;

/// Groups by where they begin.
type Groups = BTreeMap<usize, (Range<usize>, Arc<Origins>)>;

/// Memory is divided into regions of 2 MiB, and these are shared out, so that threads seldom wait for one another. A
/// group stands in each of the regions that it lies in.
static REGIONS: [Mutex<Groups>; 64] = [const { Mutex::new(BTreeMap::new()) }; 64];
const REGION: usize = 21;

fn regions(addresses: &Range<usize>) -> impl Iterator<Item = &'static Mutex<Groups>> + use<> {
    let (first, last) = (addresses.start >> REGION, addresses.end.saturating_sub(1) >> REGION);
    (first..=last).take(REGIONS.len()).map(|region| &REGIONS[region % REGIONS.len()])
}

/// Lets the rows at these addresses find this.
pub(super) fn enter(addresses: Range<usize>, origins: &Arc<Origins>) {
    for groups in regions(&addresses) {
        lock(groups).insert(addresses.start, (addresses.clone(), Arc::clone(origins)));
    }
}

/// Forgets the group that begins there, before its memory is freed.
pub(crate) fn leave(addresses: &Range<usize>) {
    for groups in regions(addresses) {
        let left = lock(groups).remove(&addresses.start);
        drop(left);
    }
}

/// What the rows around this address share.
pub(super) fn find(address: usize) -> Option<Arc<Origins>> {
    let groups = lock(&REGIONS[(address >> REGION) % REGIONS.len()]);
    let (_, (addresses, origins)) = groups.range(..=address).next_back()?;
    addresses.contains(&address).then(|| Arc::clone(origins))
}
