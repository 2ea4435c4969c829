//! Medians, and the slope of a line through points on logarithmic scales.

/// The median; the lower one of two. Nothing has none.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// The exponent by which y grows with x: the slope of the line of least squares through the logarithms. 1 is linear.
pub fn slope(points: &[(f64, f64)]) -> Option<f64> {
    if points.len() < 2 || points.iter().any(|&(x, y)| x <= 0.0 || y <= 0.0) {
        return None;
    }
    let points = points.iter().map(|&(x, y)| (x.ln(), y.ln())).collect::<Vec<_>>();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (middle_x, middle_y) = (mean(|point| point.0), mean(|point| point.1));
    let both: f64 = points.iter().map(|(x, y)| (x - middle_x) * (y - middle_y)).sum();
    let spread: f64 = points.iter().map(|(x, _)| (x - middle_x).powi(2)).sum();
    (spread > 0.0).then(|| both / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_value_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 3.0, 2.0]), Some(2.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn the_slope_is_the_exponent() {
        let points = |exponent: f64| [10.0, 100.0, 1_000.0].map(|x: f64| (x, 5.0 * x.powf(exponent)));
        for exponent in [0.0, 1.0, 2.0] {
            assert!((slope(&points(exponent)).unwrap() - exponent).abs() < 1e-9);
        }
    }

    #[test]
    fn one_point_or_nothing_to_take_a_logarithm_of_has_no_slope() {
        assert_eq!(slope(&[(1.0, 1.0)]), None);
        assert_eq!(slope(&[(1.0, 1.0), (2.0, 0.0)]), None);
        assert_eq!(slope(&[(2.0, 1.0), (2.0, 3.0)]), None);
    }
}
