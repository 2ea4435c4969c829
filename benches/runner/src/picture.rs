//! The ratios as a picture, on a logarithmic scale: a panel for each database and size, a row for each workload, a mark
//! for each contender.

use std::fmt::Write;

use crate::contender::{HAND, OURS};
use crate::results::{Results, Set, Stage, best};

/// Pixels of a panel, of its parts, and around.
const PANEL: f64 = 470.0;
const LABELS: f64 = 52.0;
const FAILS: f64 = 46.0;
const ROW: f64 = 32.0;
const HEAD: f64 = 44.0;
const AXIS: f64 = 34.0;
const TOP: f64 = 74.0;
const GAP: f64 = 24.0;

/// Where lines are drawn, as far as there are ratios.
const TICKS: [f64; 14] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

/// Readable on light and on dark.
const STYLE: &str = "<style>\
text{font-family:system-ui,sans-serif;font-size:12px;fill:#6e7781}\
.title{font-size:15px;font-weight:600}.stage{font-size:13px;font-weight:600}.tick{font-size:11px}\
.line{stroke:#8b949e;stroke-opacity:.35}.hand{stroke:#6e7781;stroke-width:1.5}.band{fill:#8b949e;fill-opacity:.1}\
@media(prefers-color-scheme:dark){text{fill:#b1bac4}.hand{stroke:#b1bac4}}\
</style>";

/// Ours first, then the peers in their order.
const COLOURS: [&str; 7] = ["#e8590c", "#1c7ed6", "#2f9e44", "#ae3ec9", "#0d9aa8", "#d6336c", "#8a7560"];

/// The contenders beside hand-written code, which is the line at 1.
struct Field<'a> {
    results: &'a Results,
    contenders: Vec<&'a str>,
    /// The logarithms of the least and of the greatest ratio on the scale.
    scale: (f64, f64),
}

/// One ratio, or a failure.
enum Mark {
    At(f64),
    Fails,
}

/// Draws it.
pub fn draw(results: &Results) -> String {
    let contenders = results.contenders().into_iter().filter(|name| *name != HAND).collect();
    let mut field = Field { results, contenders, scale: (0.0, 0.0) };
    let stages = results.stages(&[Set::Small, Set::Big]);
    field.scale = field.scale(&stages);
    let columns = stages.len().clamp(1, 2);
    let (mut panels, mut height) = (String::new(), TOP);
    for pair in stages.chunks(columns) {
        for (column, &stage) in pair.iter().enumerate() {
            let left = GAP + column as f64 * (PANEL + GAP);
            let _ = write!(panels, "<g transform=\"translate({left} {height})\">{}</g>", field.panel(stage));
        }
        height += pair.iter().map(|&stage| field.height(stage)).fold(0.0, f64::max) + GAP;
    }
    let width = GAP + columns as f64 * (PANEL + GAP);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"Time of the best variant as a ratio to the best hand-written \
         code\">{STYLE}{}{panels}</svg>\n",
        field.legend()
    )
}

impl Field<'_> {
    fn workloads(&self, stage: Stage) -> Vec<&str> {
        self.results
            .workloads(stage)
            .into_iter()
            .filter(|name| !name.starts_with("W7") && !self.marks(stage, name).is_empty())
            .collect()
    }

    /// What the best variants gave, by the place of the contender.
    fn marks(&self, stage: Stage, workload: &str) -> Vec<(usize, Mark)> {
        let Some(base) = self.results.base(stage, workload) else { return Vec::new() };
        let mark = |name: &str| {
            let of = || self.results.of(stage, workload, |it| it == name);
            match best(of()).and_then(|entry| entry.ratio(base)) {
                Some(ratio) => Some(Mark::At(ratio)),
                None => of().next().map(|_| Mark::Fails),
            }
        };
        self.contenders.iter().enumerate().filter_map(|(at, name)| Some((at, mark(name)?))).collect()
    }

    /// From the line below the least ratio to the one above the greatest.
    fn scale(&self, stages: &[Stage]) -> (f64, f64) {
        let (mut least, mut most) = (0.5_f64, 2.0_f64);
        for &stage in stages {
            for (_, mark) in self.workloads(stage).iter().flat_map(|workload| self.marks(stage, workload)) {
                if let Mark::At(ratio) = mark {
                    (least, most) = (least.min(ratio), most.max(ratio));
                }
            }
        }
        let below = TICKS.into_iter().rfind(|&tick| tick <= least).unwrap_or(least);
        let above = TICKS.into_iter().find(|&tick| tick >= most).unwrap_or(most);
        (below.ln(), above.ln())
    }

    fn height(&self, stage: Stage) -> f64 {
        HEAD + self.workloads(stage).len() as f64 * ROW + AXIS
    }

    /// Where a ratio is.
    fn x(&self, ratio: f64) -> f64 {
        let (least, most) = self.scale;
        LABELS + (ratio.ln() - least) / (most - least) * (PANEL - LABELS - FAILS - 14.0)
    }

    /// Where a contender is in its row: each has a lane, so that marks of equal ratios lie below one another.
    fn lane(&self, contender: usize) -> f64 {
        (contender as f64 + 0.5) / self.contenders.len() as f64 * (ROW - 8.0) + 4.0
    }

    fn panel(&self, stage: Stage) -> String {
        let workloads = self.workloads(stage);
        let bottom = HEAD + workloads.len() as f64 * ROW;
        let mut svg = format!("<text class=\"stage\" x=\"0\" y=\"14\">{stage}</text>");
        let fails = PANEL - FAILS;
        let _ = write!(
            svg,
            "<text class=\"tick\" x=\"{}\" y=\"36\" text-anchor=\"middle\">fails</text>",
            fails + FAILS / 2.0
        );
        let _ = write!(
            svg,
            "<line class=\"line\" x1=\"{fails}\" x2=\"{fails}\" y1=\"{HEAD}\" y2=\"{bottom}\" \
             stroke-dasharray=\"3 3\"/>"
        );
        for tick in TICKS.into_iter().filter(|tick| (self.scale.0 - 1e-9..=self.scale.1 + 1e-9).contains(&tick.ln())) {
            let (x, class) = (self.x(tick), if tick == 1.0 { "hand" } else { "line" });
            let _ = write!(svg, "<line class=\"{class}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{HEAD}\" y2=\"{bottom}\"/>");
            let y = bottom + 16.0;
            let _ = write!(svg, "<text class=\"tick\" x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{tick}</text>");
        }
        let _ =
            write!(svg, "<text class=\"tick\" x=\"{:.1}\" y=\"36\" text-anchor=\"middle\">by hand</text>", self.x(1.0));
        for (row, workload) in workloads.into_iter().enumerate() {
            let top = HEAD + row as f64 * ROW;
            if row % 2 == 0 {
                let _ = write!(svg, "<rect class=\"band\" x=\"0\" y=\"{top}\" width=\"{PANEL}\" height=\"{ROW}\"/>");
            }
            let _ = write!(svg, "<text x=\"6\" y=\"{}\">{workload}</text>", top + ROW / 2.0 + 4.0);
            for (contender, mark) in self.marks(stage, workload) {
                let y = top + self.lane(contender);
                svg.push_str(&match mark {
                    Mark::At(ratio) => {
                        shape(contender, self.x(ratio), y, self.name(contender), &format!("{ratio:.2} x"))
                    }
                    Mark::Fails => {
                        let lane = (contender as f64 + 0.5) / self.contenders.len() as f64;
                        shape(
                            contender,
                            fails + 4.0 + lane * (FAILS - 8.0),
                            top + ROW / 2.0,
                            self.name(contender),
                            "fails",
                        )
                    }
                });
            }
        }
        svg
    }

    fn name(&self, contender: usize) -> &str {
        self.contenders.get(contender).copied().unwrap_or_default()
    }

    fn legend(&self) -> String {
        let mut svg = format!(
            "<text class=\"title\" x=\"{GAP}\" y=\"26\">Time, as a ratio to the best hand-written code (less \
             is better)</text>"
        );
        let mut x = GAP + 6.0;
        for (at, name) in self.contenders.iter().enumerate() {
            svg.push_str(&shape(at, x, 50.0, name, "in the legend"));
            let weight = if *name == OURS { " font-weight=\"600\"" } else { "" };
            let _ = write!(svg, "<text x=\"{}\" y=\"54\"{weight}>{name}</text>", x + 10.0);
            x += 34.0 + 7.0 * name.len() as f64;
        }
        svg
    }
}

/// A mark: each contender has its own form and colour.
fn shape(contender: usize, x: f64, y: f64, name: &str, text: &str) -> String {
    let colour = COLOURS[contender % COLOURS.len()];
    let polygon = |points: &[(f64, f64)]| {
        let points = points.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect::<Vec<_>>();
        format!("<polygon points=\"{}\"", points.join(" "))
    };
    let form = match contender % COLOURS.len() {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\""),
        1 => polygon(&[(-3.8, -3.8), (3.8, -3.8), (3.8, 3.8), (-3.8, 3.8)]),
        2 => polygon(&[(0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0)]),
        3 => polygon(&[(0.0, -4.6), (4.8, 3.8), (-4.8, 3.8)]),
        4 => polygon(&[(0.0, 4.6), (4.8, -3.8), (-4.8, -3.8)]),
        5 => polygon(&[(-4.6, 0.0), (3.8, -4.8), (3.8, 4.8)]),
        _ => polygon(&[(4.6, 0.0), (-3.8, -4.8), (-3.8, 4.8)]),
    };
    format!(
        "{form} fill=\"{colour}\"><title>{name}: {text}</title>{}",
        if form.starts_with("<circle") { "</circle>" } else { "</polygon>" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Entry;
    use crate::results::tests::entry;

    #[test]
    fn a_picture_has_a_mark_for_each_contender_and_says_who_fails() {
        let failed = Entry { failed: Some("too many".into()), ..entry("W1", "diesel", "belonging_to", &[]) };
        let entries = vec![entry("W1", "hand", "scan", &[1.0]), entry("W1", "ours", "with", &[1.5]), failed];
        let picture = draw(&Results { about: Vec::new(), entries });
        assert!(picture.contains("ours: 1.50 x") && picture.contains("diesel: fails"));
        assert_eq!(picture.matches("<g ").count(), picture.matches("</g>").count());
        assert_eq!(picture.matches("<polygon").count(), picture.matches("</polygon>").count());
    }

    #[test]
    fn nothing_measured_is_an_empty_picture() {
        assert!(draw(&Results::default()).starts_with("<svg"));
    }
}
