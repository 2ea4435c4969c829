//! How entries are kept: for all relations of a `Db`, and what one relation wants different.

use std::fmt;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// How the shared cache keeps the entries of a relation.
///
/// ```
/// use std::time::Duration;
/// use relations_core::CacheConfig;
///
/// let config = CacheConfig::default().ttl(Duration::from_secs(60)).max_weight(64 << 20);
/// assert_eq!((config.max_weight, config.max_entries), (Some(64 << 20), None));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheConfig {
    /// Whether relations are cached that do not say so themselves.
    pub enabled: bool,
    /// Time to live: how long an entry is handed out after it was loaded; `None` for ever.
    pub ttl: Option<Duration>,
    /// Time to idle: how long an entry is kept that nobody reads; `None` for ever.
    pub tti: Option<Duration>,
    /// The most entries of each relation; the least recently used go first.
    pub max_entries: Option<u64>,
    /// The most bytes of all entries of each relation, instead of `max_entries`.
    pub max_weight: Option<u64>,
}

impl Default for CacheConfig {
    /// Enabled, for 5 minutes, 1,000 entries of each relation.
    fn default() -> Self {
        Self {
            enabled: true,
            ttl: Some(Duration::from_secs(300)),
            tti: None,
            max_entries: Some(1_000),
            max_weight: None,
        }
    }
}

impl CacheConfig {
    /// Only those relations are cached that say so: by their attribute, or at run time.
    pub fn opt_in() -> Self {
        Self { enabled: false, ..Self::default() }
    }

    /// How long an entry is handed out after it was loaded.
    #[must_use]
    pub fn ttl(self, ttl: Duration) -> Self {
        Self { ttl: Some(ttl), ..self }
    }

    /// Entries are handed out until something makes them stale.
    #[must_use]
    pub fn no_ttl(self) -> Self {
        Self { ttl: None, ..self }
    }

    /// How long an entry is kept that nobody reads.
    #[must_use]
    pub fn tti(self, tti: Duration) -> Self {
        Self { tti: Some(tti), ..self }
    }

    /// The most entries of each relation, instead of a weight.
    #[must_use]
    pub fn max_entries(self, entries: u64) -> Self {
        Self { max_entries: Some(entries), max_weight: None, ..self }
    }

    /// The most bytes of all entries of each relation, instead of a number.
    #[must_use]
    pub fn max_weight(self, bytes: u64) -> Self {
        Self { max_entries: None, max_weight: Some(bytes), ..self }
    }

    /// This, with what the settings say otherwise.
    pub(crate) fn with(self, settings: CacheSettings) -> Self {
        let lasting =
            |own: Option<Duration>, all: Option<Duration>| own.or(all).filter(|it| *it != CacheSettings::FOREVER);
        let config = Self {
            enabled: settings.enabled.unwrap_or(self.enabled),
            ttl: lasting(settings.ttl, self.ttl),
            tti: lasting(settings.tti, self.tti),
            ..self
        };
        match (settings.max_entries, settings.max_weight) {
            (None, None) => config,
            (max_entries, max_weight) => Self { max_entries, max_weight, ..config },
        }
    }

    /// Checks the values.
    pub(crate) fn check(&self) -> Result<()> {
        let Self { enabled, ttl, tti, max_entries, max_weight } = *self;
        CacheSettings { enabled: Some(enabled), ttl, tti, max_entries, max_weight }.check()
    }
}

/// What one relation wants different from the [`CacheConfig`] of its `Db`: the options of its `cache` attribute, or what
/// [`DbBuilder::cache_relation`](crate::DbBuilder::cache_relation) says. What is `None` is as it is for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CacheSettings {
    /// Whether the relation is cached.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub enabled: Option<bool>,
    /// Time to live; [`FOREVER`](Self::FOREVER) for no end.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text"))]
    pub ttl: Option<Duration>,
    /// Time to idle; [`FOREVER`](Self::FOREVER) for no end.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text"))]
    pub tti: Option<Duration>,
    /// The most entries.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub max_entries: Option<u64>,
    /// The most bytes, instead of `max_entries`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub max_weight: Option<u64>,
}

impl CacheSettings {
    /// A `ttl` or `tti` without an end.
    pub const FOREVER: Duration = Duration::MAX;
    /// Everything as it is for all.
    pub const INHERITED: Self = Self { enabled: None, ttl: None, tti: None, max_entries: None, max_weight: None };

    /// The relation is cached.
    pub const fn on() -> Self {
        Self { enabled: Some(true), ..Self::INHERITED }
    }

    /// The relation is not cached.
    pub const fn off() -> Self {
        Self { enabled: Some(false), ..Self::INHERITED }
    }

    /// How long an entry is handed out after it was loaded.
    #[must_use]
    pub const fn ttl(self, ttl: Duration) -> Self {
        Self { ttl: Some(ttl), ..self }
    }

    /// How long an entry is kept that nobody reads.
    #[must_use]
    pub const fn tti(self, tti: Duration) -> Self {
        Self { tti: Some(tti), ..self }
    }

    /// The most entries, instead of a weight.
    #[must_use]
    pub const fn max_entries(self, entries: u64) -> Self {
        Self { max_entries: Some(entries), max_weight: None, ..self }
    }

    /// The most bytes of all entries, instead of a number.
    #[must_use]
    pub const fn max_weight(self, bytes: u64) -> Self {
        Self { max_entries: None, max_weight: Some(bytes), ..self }
    }

    /// Checks the values.
    pub(crate) fn check(&self) -> Result<()> {
        let lasting = |duration: Option<Duration>| duration.filter(|duration| *duration != Self::FOREVER);
        check_duration("ttl", lasting(self.ttl))?;
        check_duration("tti", lasting(self.tti))?;
        check_size("max_entries", self.max_entries)?;
        check_size("max_weight", self.max_weight)?;
        match (self.max_entries, self.max_weight) {
            (Some(_), Some(weight)) => {
                Err(refused("max_weight", weight, "`max_entries` is set too; a cache is bounded by one of them"))
            }
            _ => Ok(()),
        }
    }

    /// These, with what the others say otherwise.
    pub(crate) fn with(self, other: Self) -> Self {
        let (max_entries, max_weight) = match (other.max_entries, other.max_weight) {
            (None, None) => (self.max_entries, self.max_weight),
            other => other,
        };
        Self {
            enabled: other.enabled.or(self.enabled),
            ttl: other.ttl.or(self.ttl),
            tti: other.tti.or(self.tti),
            max_entries,
            max_weight,
        }
    }
}

impl fmt::Display for CacheSettings {
    /// As the attribute is written: `cache(off)`, `cache(ttl = "300s", max_entries = 1000)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lasting = |name: &str, duration: Option<Duration>| duration.map(|it| format!("{name} = {:?}", text(it)));
        let size = |name: &str, size: Option<u64>| size.map(|size| format!("{name} = {size}"));
        let options = [
            (self.enabled == Some(false)).then(|| "off".to_owned()),
            lasting("ttl", self.ttl),
            lasting("tti", self.tti),
            size("max_entries", self.max_entries),
            size("max_weight", self.max_weight),
        ];
        match options.into_iter().flatten().collect::<Vec<_>>().join(", ") {
            none if none.is_empty() => f.write_str("cache"),
            options => write!(f, "cache({options})"),
        }
    }
}

/// A duration as the attribute takes it; one that is finer than it can say, as Rust prints it.
fn text(duration: Duration) -> String {
    match (duration.as_secs(), duration.subsec_nanos()) {
        _ if duration == CacheSettings::FOREVER => "forever".to_owned(),
        (seconds, 0) => format!("{seconds}s"),
        (_, nanoseconds) if nanoseconds % 1_000_000 == 0 => format!("{}ms", duration.as_millis()),
        _ => format!("{duration:?}"),
    }
}

#[cfg(feature = "serde")]
fn as_text<S: serde::Serializer>(duration: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&duration.map(text), to)
}

fn check_duration(setting: &'static str, value: Option<Duration>) -> Result<()> {
    /// What moka takes; more is as good as for ever.
    const LONGEST: Duration = Duration::from_secs(1_000 * 365 * 24 * 3_600);
    match value {
        Some(Duration::ZERO) => Err(refused(setting, "0s", "give more than 0, or switch the cache off")),
        Some(value) if value > LONGEST => {
            Err(refused(setting, format!("{value:?}"), "it is longer than 1,000 years; leave it out for no end"))
        }
        _ => Ok(()),
    }
}

fn check_size(setting: &'static str, value: Option<u64>) -> Result<()> {
    match value {
        Some(0) => Err(refused(setting, 0, "give at least 1, or switch the cache off")),
        _ => Ok(()),
    }
}

fn refused(setting: &'static str, value: impl ToString, reason: &'static str) -> Error {
    ErrorKind::Setting { setting, value: value.to_string(), reason }.into()
}
