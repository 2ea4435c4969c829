//! How a relation is cached: `cache`, `cache(off)`, `cache(ttl = "5m", max_entries = 10_000)`. Durations and sizes are
//! read here, so that what is written holds numbers only.

use darling::{Error, FromMeta, Result};
use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, Meta};

use super::{Word, error, form, name, read, ungrouped};
use crate::attr;
use crate::names::{list, suggest};

/// What `cache` says.
pub(crate) struct Cache {
    /// The word.
    pub(crate) place: Span,
    /// Whether the relation is cached.
    pub(crate) on: bool,
    pub(crate) ttl: Option<Lasting>,
    pub(crate) tti: Option<Lasting>,
    pub(crate) max_entries: Option<u64>,
    pub(crate) max_weight: Option<u64>,
}

#[derive(Default, FromMeta)]
struct Options {
    ttl: Option<Lasting>,
    tti: Option<Lasting>,
    max_entries: Option<Entries>,
    max_weight: Option<Weight>,
    off: Option<Word>,
}

/// A text that was read, or what to say of it.
type Read<T> = std::result::Result<T, String>;

/// What may stand in its parentheses.
pub(crate) const OPTIONS: [&str; 5] = ["ttl", "tti", "max_entries", "max_weight", "off"];

impl FromMeta for Cache {
    fn from_meta(item: &Meta) -> Result<Self> {
        let place = item.path().span();
        let options = match item {
            Meta::Path(_) => Options::default(),
            Meta::List(_) => {
                let mut errors = Error::accumulator();
                let options = attr::options(item, &OPTIONS, |list| list, &mut errors);
                errors.finish_with(options.unwrap_or_default())?
            }
            Meta::NameValue(pair) => {
                let instead = without_value(ungrouped(&pair.value));
                return Err(error(place, format!("`cache` takes no value; write {instead}")));
            }
        };
        let Options { ttl, tti, max_entries, max_weight, off } = options;
        let others = [ttl.is_some(), tti.is_some(), max_entries.is_some(), max_weight.is_some()];
        if let (Some(off), Some((other, _))) = (&off, OPTIONS.iter().zip(others).find(|(_, given)| *given)) {
            return Err(error(off.0, format!("what is not cached has no `{other}`; keep `off` alone, or remove it")));
        }
        let (max_entries, max_weight) = (max_entries.map(|it| it.0), max_weight.map(|it| it.0));
        Ok(Self { place, on: off.is_none(), ttl, tti, max_entries, max_weight })
    }
}

/// How `cache = value` is meant.
fn without_value(value: &Expr) -> String {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Bool(on), .. }) if on.value => "`cache` alone".to_owned(),
        Expr::Lit(ExprLit { lit: Lit::Bool(_), .. }) => "`cache(off)`".to_owned(),
        Expr::Path(path) if path.path.is_ident("off") => "`cache(off)`".to_owned(),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) if lasting("ttl", &text.value()).is_ok() => {
            format!("`cache(ttl = {:?})`", text.value())
        }
        _ => format!("`{}`", form("cache")),
    }
}

/// How long an entry is kept: `"5m"`, `"1h 30m"`, `"forever"`.
#[derive(Clone, Copy)]
pub(crate) enum Lasting {
    Milliseconds(u64),
    Forever,
}

impl FromMeta for Lasting {
    fn from_meta(item: &Meta) -> Result<Self> {
        let option = name(item.path());
        read(item, |value| match value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => {
                lasting(&option, &text.value()).map_err(|message| error(text.span(), message))
            }
            value => {
                // `5m` is a number with a suffix to the compiler, and `300` is most likely meant in seconds.
                let written = value.to_token_stream().to_string();
                let meant = [written.clone(), written + "s"].into_iter().find(|text| lasting(&option, text).is_ok());
                let meant = meant.map_or_else(|| form(&option), |text| format!("{option} = {text:?}"));
                Err(error(value.span(), format!("`{option}` takes a duration in quotes; write `{meant}`")))
            }
        })
    }
}

/// The units of durations, in milliseconds.
const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// What the cache takes; more is as good as for ever.
const LONGEST: u64 = 1_000 * 365 * 86_400_000;

fn lasting(option: &str, text: &str) -> Read<Lasting> {
    let text = text.trim();
    if text == "forever" {
        return Ok(Lasting::Forever);
    }
    let milliseconds = quantities(text).and_then(|quantities| {
        quantities.into_iter().try_fold(0_u64, |sum, (number, unit)| {
            Some(sum.saturating_add(number.saturating_mul(value_of(&UNITS, unit)?)))
        })
    });
    match milliseconds {
        None if text.is_empty() => Err(empty(option)),
        Some(0) => Err(format!("`{option}` is 0; give more, or write `cache(off)`")),
        Some(milliseconds) if milliseconds > LONGEST => {
            Err(format!("`{option}` is longer than 1,000 years; write `{option} = \"forever\"`"))
        }
        Some(milliseconds) => Ok(Lasting::Milliseconds(milliseconds)),
        None => Err(no_duration(option, text)),
    }
}

/// What to say of a text that is no duration.
fn no_duration(option: &str, text: &str) -> String {
    if text.strip_prefix('-').is_some_and(|rest| lasting(option, rest).is_ok()) {
        return format!("`{option}` is negative; give more than 0, or write `cache(off)`");
    }
    let meant = |(number, unit): (u64, &str)| {
        let word = unit.to_lowercase();
        let words = [("millis", "ms"), ("sec", "s"), ("min", "m"), ("hour", "h"), ("hr", "h"), ("day", "d")];
        let known = words.into_iter().find(|(start, _)| word.starts_with(start));
        let unit = known.map(|(_, unit)| unit).or(value_of(&UNITS, unit).map(|_| unit))?;
        Some(format!("{number}{unit}"))
    };
    let meant: Option<Vec<_>> = quantities(text).and_then(|parts| parts.into_iter().map(meant).collect());
    let advice = match meant {
        Some(parts) => format!("; write `{option} = {:?}`", parts.join(" ")),
        None => {
            let units = list(UNITS.iter().map(|(unit, _)| *unit));
            suggest(text, ["forever"], &format!("write a whole number with one of {units}, as `{}`", form(option)))
        }
    };
    format!("`{text}` is no duration{advice}")
}

/// The most entries: `10_000`.
struct Entries(u64);

impl FromMeta for Entries {
    fn from_meta(item: &Meta) -> Result<Self> {
        let option = name(item.path());
        read(item, |value| match number(&option, value) {
            Some(number) => number.map(Self),
            None => {
                let message = format!("`{option}` takes a whole number; write `{}`", form(&option));
                Err(error(value.span(), message))
            }
        })
    }
}

/// The most bytes: `"64MB"`, `65_536`.
struct Weight(u64);

/// The units of sizes, in bytes.
const SIZES: [(&str, u64); 4] = [("B", 1), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)];

impl FromMeta for Weight {
    fn from_meta(item: &Meta) -> Result<Self> {
        let option = name(item.path());
        read(item, |value| match (value, number(&option, value)) {
            (_, Some(number)) => number.map(Self),
            (Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), None) => {
                let bytes = weight(&option, text.value().trim());
                bytes.map(Self).map_err(|message| error(text.span(), message))
            }
            (value, None) => {
                let written = value.to_token_stream().to_string();
                let meant =
                    weight(&option, &written).map_or_else(|_| form(&option), |_| format!("{option} = {written:?}"));
                Err(error(value.span(), format!("`{option}` takes a number of bytes, or a text; write `{meant}`")))
            }
        })
    }
}

fn weight(option: &str, text: &str) -> Read<u64> {
    let one = |text| match *quantities(text)?.as_slice() {
        [one] => Some(one),
        _ => None,
    };
    let negative = text.strip_prefix('-').and_then(one).is_some();
    let bytes = one(text).and_then(|(number, unit)| Some(number.saturating_mul(value_of(&SIZES, unit)?)));
    match bytes {
        _ if negative => Err(negative_size(option)),
        None if text.is_empty() => Err(empty(option)),
        Some(bytes) => size(option, bytes),
        None => {
            let unit = |unit: &str| unit.to_uppercase().replace('I', "");
            let meant = one(text).map(|(number, written)| (number, unit(written)));
            let meant = meant.filter(|(_, unit)| value_of(&SIZES, unit).is_some());
            let advice = match meant {
                Some((number, unit)) => format!("write `{option} = \"{number}{unit}\"`"),
                None => {
                    let units = list(SIZES.iter().map(|(unit, _)| *unit));
                    format!("write a whole number with one of {units}, as `{}`", form(option))
                }
            };
            Err(format!("`{text}` is no size; {advice}"))
        }
    }
}

/// A whole number without quotes; `None` for another value.
fn number(option: &str, value: &Expr) -> Option<Result<u64>> {
    let Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) = value else { return None };
    let number = match literal.suffix() {
        _ if literal.base10_digits().starts_with('-') => Err(negative_size(option)),
        "" | "u64" => size(option, literal.base10_parse().unwrap_or(u64::MAX)),
        _ => return None,
    };
    Some(number.map_err(|message| error(value.span(), message)))
}

fn negative_size(option: &str) -> String {
    format!("`{option}` is negative; give at least 1, or write `cache(off)`")
}

fn empty(option: &str) -> String {
    format!("`{option}` is empty; write `{}`", form(option))
}

/// A size that a cache can have. What does not fit is counted as the largest number.
fn size(option: &str, number: u64) -> Read<u64> {
    match number {
        0 => Err(format!("`{option}` is 0; give at least 1, or write `cache(off)`")),
        u64::MAX => Err(format!("`{option}` is too large; give less than 2^64")),
        number => Ok(number),
    }
}

fn value_of(units: &[(&str, u64)], unit: &str) -> Option<u64> {
    units.iter().find(|(name, _)| *name == unit).map(|(_, value)| *value)
}

/// Numbers with their units: `1h 30m`. `None` if the text is anything else.
fn quantities(mut text: &str) -> Option<Vec<(u64, &str)>> {
    let mut quantities = Vec::new();
    while !text.is_empty() {
        let (digits, rest) = split(text, |letter| letter.is_ascii_digit() || letter == '_');
        let (unit, rest) = split(rest.trim_start(), char::is_alphabetic);
        if !digits.starts_with(|letter: char| letter.is_ascii_digit()) || unit.is_empty() {
            return None;
        }
        let digits = digits.replace('_', "");
        // All that is wrong with a row of digits is that it is too long.
        quantities.push((digits.parse().unwrap_or(u64::MAX), unit));
        text = rest.trim_start();
    }
    Some(quantities).filter(|quantities| !quantities.is_empty())
}

/// The longest start of a text whose letters are all of a kind, and the rest.
fn split(text: &str, is_of: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !is_of(letter)).unwrap_or(text.len()))
}
