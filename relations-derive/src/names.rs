//! Names: the English and the letter cases behind the defaults, and the nearest name to a mistyped one.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;

/// An identifier's text without `r#`.
pub(crate) fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// `OrderLine` as `order_line`; `HTTPRequest` as `http_request`.
pub(crate) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || letters.get(at + 1).is_some_and(|next| next.is_lowercase())
            });
        if starts_word && !out.ends_with('_') && before != Some(&'_') {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// The plural: `-y` after a consonant becomes `-ies`; `-s`, `-x`, `-z`, `-ch` and `-sh` take `-es`; all else `-s`.
pub(crate) fn plural(noun: &str) -> String {
    let vowel = |letter: char| "aeiou".contains(letter);
    match noun.strip_suffix('y') {
        Some(stem) if stem.ends_with(|letter: char| letter.is_alphabetic() && !vowel(letter)) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end)) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// `created_by` as `CreatedBy`.
pub(crate) fn pascal(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    };
    name.split('_').map(capital).collect()
}

/// An identifier, or `otherwise` if the text cannot be one.
pub(crate) fn ident(text: &str, span: Span, otherwise: &Ident) -> Ident {
    match syn::parse_str::<Ident>(text) {
        Ok(_) => Ident::new(text, span),
        Err(_) => otherwise.clone(),
    }
}

/// "; did you mean `author_id`?", or else `otherwise`.
pub(crate) fn suggest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    // A third of the letters may differ, as rustc allows.
    let most = (wanted.chars().count() / 3).max(1);
    let near = names.into_iter().map(|name| (distance(wanted, name), name)).filter(|(distance, _)| *distance <= most);
    match near.min_by_key(|(distance, _)| *distance) {
        Some((_, name)) => format!("; did you mean `{name}`?"),
        None => format!("; {otherwise}"),
    }
}

/// The edit distance; two neighbours that have changed places are one step, as in rustc.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX - 1);
    let (mut before, mut above): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=other.len()).collect());
    let mut last = None;
    for (line, left) in one.chars().enumerate() {
        let mut row = vec![line + 1];
        for (at, &right) in other.iter().enumerate() {
            let replaced = cell(&above, at) + usize::from(left != right);
            let least = replaced.min(cell(&above, at + 1) + 1).min(cell(&row, at) + 1);
            let swapped = at.checked_sub(1).filter(|&at| last == Some(right) && other.get(at) == Some(&left));
            row.push(swapped.map_or(least, |at| least.min(cell(&before, at) + 1)));
        }
        (before, above) = (above, row);
        last = Some(left);
    }
    cell(&above, other.len())
}

/// Names in backticks, as a sentence lists them.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{distance, pascal, plural, snake, suggest};

    #[test]
    fn tables_are_snake_case_plurals() {
        let table = |name| plural(&snake(name));
        assert_eq!(table("User"), "users");
        assert_eq!(table("OrderLine"), "order_lines");
        assert_eq!(table("Category"), "categories");
        assert_eq!(table("Day"), "days");
        assert_eq!(table("Box"), "boxes");
        assert_eq!(table("Address"), "addresses");
        assert_eq!(table("Branch"), "branches");
        assert_eq!(table("HTTPRequest"), "http_requests");
        assert_eq!(table("User2"), "user2s");
        assert_eq!(table("Snake_Case"), "snake_cases");
    }

    #[test]
    fn pascal_joins_words() {
        assert_eq!(pascal("created_by"), "CreatedBy");
        assert_eq!(pascal("_type"), "Type");
    }

    #[test]
    fn the_nearest_name_is_suggested() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("tabel", "table"), 1);
        assert_eq!(suggest("author_idd", ["id", "author_id"], "x"), "; did you mean `author_id`?");
        assert_eq!(suggest("zebra", ["id", "author_id"], "name a field"), "; name a field");
    }
}
