//! Columns of eighths of a cell, one for each value, in one or several rows.

/// The parts of a cell, from an eighth to a whole.
const EIGHTHS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Returns the rows of a chart, the highest first. Values above zero are always visible, and the largest fills its
/// column unless `top` is larger.
pub(crate) fn chart_rows(values: &[f64], top: f64, height: usize) -> Vec<String> {
    let scale = values.iter().copied().fold(top, f64::max);
    let heights: Vec<usize> = values.iter().map(|value| eighths(*value, scale, height)).collect();
    let row = |row: usize| heights.iter().map(|eighths| cell(eighths.saturating_sub(row * 8))).collect();
    (0..height).rev().map(row).collect()
}

fn eighths(value: f64, scale: f64, height: usize) -> usize {
    if value <= 0.0 || scale <= 0.0 {
        return 0;
    }
    ((value / scale * (height * 8) as f64).round() as usize).clamp(1, height * 8)
}

fn cell(eighths: usize) -> &'static str {
    match eighths {
        0 => " ",
        eighths => EIGHTHS[eighths.min(8) - 1],
    }
}

/// Fits values into a number of columns: neighbors are added up, or each value gets several columns.
pub(crate) fn resample(values: &[f64], columns: usize) -> Vec<f64> {
    if values.is_empty() || columns == 0 {
        return Vec::new();
    }
    if columns >= values.len() {
        let repeat = columns / values.len();
        return values.iter().flat_map(|value| std::iter::repeat_n(*value, repeat)).collect();
    }
    let per_column = values.len().div_ceil(columns);
    // Aligned to the end, because the latest value is the one to be exact.
    let first = values.len() % per_column;
    let (head, rest) = values.split_at(first);
    let head = (!head.is_empty()).then(|| head.iter().sum());
    head.into_iter().chain(rest.chunks(per_column).map(|chunk| chunk.iter().sum())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_value_fills_its_column() {
        assert_eq!(chart_rows(&[0.0, 1.0, 4.0, 8.0], 0.0, 1), [" ▁▄█"]);
        assert_eq!(chart_rows(&[8.0, 4.0, 1.0, 0.0], 0.0, 2), ["█   ", "██▂ "]);
    }

    #[test]
    fn a_small_value_is_visible_and_a_larger_top_leaves_room() {
        assert_eq!(chart_rows(&[0.001, 100.0], 200.0, 1), ["▁▄"]);
        assert_eq!(chart_rows(&[0.0, 0.0], 0.0, 1), ["  "]);
    }

    #[test]
    fn values_are_added_up_where_columns_are_few() {
        assert_eq!(resample(&[1.0, 2.0, 3.0, 4.0], 2), [3.0, 7.0]);
        assert_eq!(resample(&[1.0, 2.0, 3.0], 2), [1.0, 5.0]);
        assert_eq!(resample(&[1.0, 2.0], 5), [1.0, 1.0, 2.0, 2.0]);
        assert!(resample(&[], 5).is_empty());
    }
}
