//! Values that can be compared, whatever width or type they had.

use std::cmp::Ordering;

use sea_query::Value;

/// A value of a column or a filter.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::source) enum Scalar {
    Null,
    Integer(i128),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Scalar {
    /// A value as one that can be compared; nothing for types whose order is the database's business.
    pub(in crate::source) fn of(value: &Value) -> Option<Self> {
        let integer = |value: Option<i128>| value.map(Self::Integer);
        let scalar = match value {
            Value::Bool(value) => integer(value.map(Into::into)),
            Value::TinyInt(value) => integer(value.map(Into::into)),
            Value::SmallInt(value) => integer(value.map(Into::into)),
            Value::Int(value) => integer(value.map(Into::into)),
            Value::BigInt(value) => integer(value.map(Into::into)),
            Value::TinyUnsigned(value) => integer(value.map(Into::into)),
            Value::SmallUnsigned(value) => integer(value.map(Into::into)),
            Value::Unsigned(value) => integer(value.map(Into::into)),
            Value::BigUnsigned(value) => integer(value.map(Into::into)),
            Value::Float(value) => value.map(|value| Self::Real(value.into())),
            Value::Double(value) => value.map(Self::Real),
            Value::Char(value) => value.map(|value| Self::Text(value.into())),
            Value::String(value) => value.clone().map(Self::Text),
            Value::Bytes(value) => value.clone().map(Self::Bytes),
            #[cfg(feature = "uuid")]
            Value::Uuid(value) => value.map(|value| Self::Bytes(value.as_bytes().to_vec())),
            #[allow(unreachable_patterns, reason = "other variants exist with other features")]
            _ => return None,
        };
        Some(scalar.unwrap_or(Self::Null))
    }

    /// How two values compare; null compares with nothing.
    pub(in crate::source) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(left), Self::Integer(right)) => Some(left.cmp(right)),
            (Self::Integer(left), Self::Real(right)) => (*left as f64).partial_cmp(right),
            (Self::Real(left), Self::Integer(right)) => left.partial_cmp(&(*right as f64)),
            (Self::Real(left), Self::Real(right)) => left.partial_cmp(right),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            (Self::Bytes(left), Self::Bytes(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// How two values stand in an order.
    pub(in crate::source) fn nulls_last(&self, other: &Self, descending: bool) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            _ => {
                let ordering = self.compare(other).unwrap_or(Ordering::Equal);
                if descending { ordering.reverse() } else { ordering }
            }
        }
    }

    /// Whether a text matches a pattern: `%` stands for any text, `_` for any one character, and letters of ASCII match
    /// in either case.
    pub(in crate::source) fn is_like(&self, pattern: &str) -> Option<bool> {
        let Self::Text(text) = self else { return None };
        let characters = |text: &str| text.chars().map(|it| it.to_ascii_lowercase()).collect::<Vec<_>>();
        Some(matches(&characters(text), &characters(pattern)))
    }
}

/// Goes back to the last `%` where the rest does not match: no pattern takes longer than the product of the lengths.
fn matches(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut of_pattern) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(of_pattern) {
            Some('%') => {
                last = Some((of_pattern, at));
                of_pattern += 1;
            }
            Some(&expected) if expected == '_' || expected == text[at] => {
                at += 1;
                of_pattern += 1;
            }
            _ => match &mut last {
                Some((percent, start)) => {
                    *start += 1;
                    (at, of_pattern) = (*start, *percent + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(of_pattern).all(|&it| it == '%')
}
