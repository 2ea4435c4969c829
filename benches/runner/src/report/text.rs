//! Words of the report: tables, times, sizes, what the workloads read.

/// What a workload reads.
pub fn title(workload: &str) -> &'static str {
    match workload {
        "W1" => "all users with their posts",
        "W2" => "all posts with their author",
        "W2k" => "1,000 posts with their author",
        "W3" => "all posts with their tags",
        "W4" => "users, posts, comments, authors",
        "W5" => "the author of 1,000 posts, one at a time",
        "W6" => "one user and its posts, a request",
        "W6t2" => "the same from two tasks",
        "W7 accessor" => "the accessor of what is loaded",
        "W7 list" => "a look at a loaded list",
        "W7 row" => "a look at a loaded row",
        "W7c row" => "a row from the shared cache",
        "W7c list" => "a list of 10 from the shared cache",
        "W7c authors" => "the authors of 1,000 posts, cached",
        "W7c lists" => "the posts of 1,000 users, cached",
        "W8" => "the latest 3 posts of 1,000 users",
        "W9" => "a tree from its root",
        _ => "",
    }
}

/// A table in Markdown.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// One with these heads.
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = S>) -> Self {
        Self { rows: vec![heads.into_iter().map(Into::into).collect()] }
    }

    /// Adds a row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        // A bar would end the cell.
        self.rows.push(cells.into_iter().map(|cell| cell.into().replace('|', "\\|")).collect());
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, row) in self.rows.iter().enumerate() {
            writeln!(f, "| {} |", row.join(" | "))?;
            if at == 0 {
                writeln!(f, "|{}", "---|".repeat(row.len()))?;
            }
        }
        Ok(())
    }
}

/// A time with three digits.
pub fn time(nanos: f64) -> String {
    match nanos {
        nanos if nanos < 1e3 => format!("{} ns", digits(nanos)),
        nanos if nanos < 1e6 => format!("{} us", digits(nanos / 1e3)),
        nanos if nanos < 1e9 => format!("{} ms", digits(nanos / 1e6)),
        nanos => format!("{} s", digits(nanos / 1e9)),
    }
}

/// Bytes with three digits.
pub fn bytes(number: f64) -> String {
    match number {
        number if number < 1024.0 => format!("{number:.0} B"),
        number if number < 1024.0 * 1024.0 => format!("{} KiB", digits(number / 1024.0)),
        number => format!("{} MiB", digits(number / 1024.0 / 1024.0)),
    }
}

/// As many places as make three digits.
pub fn digits(number: f64) -> String {
    match number {
        number if number < 9.995 => format!("{number:.2}"),
        number if number < 99.95 => format!("{number:.1}"),
        number => format!("{number:.0}"),
    }
}

/// A whole number with commas.
pub fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!((time(0.8), time(20_700.0), time(40e6)), ("0.80 ns".into(), "20.7 us".into(), "40.0 ms".into()));
        assert_eq!((time(6.16e9), bytes(2048.0), digits(9.997)), ("6.16 s".into(), "2.00 KiB".into(), "10.0".into()));
        assert_eq!((thousands(1_234_567.0), thousands(100.0)), ("1,234,567".into(), "100".into()));
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        let mut table = Table::new(["one", "two"]);
        assert!(table.is_empty());
        table.row(["a|b", "c"]);
        assert_eq!(table.to_string(), "| one | two |\n|---|---|\n| a\\|b | c |\n");
    }
}
