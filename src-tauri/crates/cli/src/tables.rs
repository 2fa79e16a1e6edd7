//! Answers as plain tables.

use chrono::{DateTime, Utc};
use comfy_table::{Cell, CellAlignment, Table, presets};
use token_monitor_core::figures::{
    BillingBlock, BurnLevel, DayStats, ModelStats, Progress, SessionStats, Snapshot, Totals,
};
use token_monitor_engine::Answer;

/// An answer as text.
pub(crate) fn answer(answer: &Answer, colour: bool) -> String {
    match answer {
        Answer::Done => String::new(),
        Answer::Snapshot(snapshot) => status(snapshot, colour),
        Answer::Sessions(page) => sessions(&page.sessions, &page.totals),
        Answer::Blocks(rows, totals) => blocks(rows, totals),
        Answer::Days(rows, totals) => days(rows, totals),
        Answer::Models(rows, totals) => models(rows, totals),
        Answer::Renamed(metadata) => format!("{} is now “{}”.", metadata.uuid, clean(&metadata.name)),
        Answer::Health(health) => crate::doctor::text(health, true),
    }
}

/// The figures of a snapshot in a few lines.
pub(crate) fn status(snapshot: &Snapshot, colour: bool) -> String {
    let today = &snapshot.today.totals;
    let mut lines =
        vec![format!("Today          {} tokens, {} messages", grouped(today.total_tokens), today.message_count)];
    lines.push(match &snapshot.current_block {
        Some(block) => format!("Block          {}", block_words(block, snapshot)),
        None => "Block          none open".to_owned(),
    });
    let burn = &snapshot.burn_rate;
    let level = painted(level(burn.level), burn.level, colour);
    lines.push(format!("Burn rate      {} tokens a minute, {level}", grouped(u128::from(burn.tokens_per_minute))));
    lines.push(format!(
        "All time       {} tokens, {} sessions",
        grouped(snapshot.totals.total_tokens),
        snapshot.session_count
    ));
    if let Progress::Importing { files_done, files, .. } = snapshot.progress {
        lines.push(format!("Reading        {files_done} of {files} logs; the figures still grow"));
    }
    lines.extend(snapshot.problems.iter().map(|problem| clean(&format!("! {} {}", problem.message, problem.hint))));
    lines.join("\n")
}

/// A snapshot in one line.
pub(crate) fn line(snapshot: &Snapshot, colour: bool) -> String {
    let burn = &snapshot.burn_rate;
    let block = snapshot.current_block.as_ref().map_or("no block".to_owned(), |block| block_words(block, snapshot));
    let level = painted(level(burn.level), burn.level, colour);
    let today = grouped(snapshot.today.totals.total_tokens);
    format!("today {today} · {block} · {} tok/min {level}", grouped(u128::from(burn.tokens_per_minute)))
}

fn block_words(block: &BillingBlock, snapshot: &Snapshot) -> String {
    let left = (block.end_time - snapshot.at).num_minutes().max(0);
    let used = grouped(block.tokens_used);
    let share = snapshot.block_limit.map_or(String::new(), |limit| {
        format!(" of {} ({} %)", grouped(u128::from(limit)), block.tokens_used * 100 / u128::from(limit))
    });
    format!("{} h {:02} m left, {used} tokens{share}, {}", left / 60, left % 60, source(block))
}

fn source(block: &BillingBlock) -> &'static str {
    match block.source {
        token_monitor_core::figures::BlockSource::Estimate => "estimated",
        token_monitor_core::figures::BlockSource::Utc => "fixed UTC grid",
    }
}

fn level(level: BurnLevel) -> &'static str {
    match level {
        BurnLevel::Normal => "normal",
        BurnLevel::Moderate => "moderate",
        BurnLevel::High => "high",
    }
}

fn painted(word: &str, level: BurnLevel, colour: bool) -> String {
    let code = match level {
        BurnLevel::Normal => 32,
        BurnLevel::Moderate => 33,
        BurnLevel::High => 31,
    };
    if colour { format!("\u{1b}[{code}m{word}\u{1b}[0m") } else { word.to_owned() }
}

const COUNTS: [&str; 6] = ["Input", "Output", "Cache write", "Cache read", "Total", "Messages"];

fn counts(totals: &Totals) -> [String; 6] {
    [
        grouped(totals.input_tokens),
        grouped(totals.output_tokens),
        grouped(totals.cache_creation_tokens),
        grouped(totals.cache_read_tokens),
        grouped(totals.total_tokens),
        grouped(u128::from(totals.message_count)),
    ]
}

fn sessions(rows: &[SessionStats], totals: &Totals) -> String {
    let mut table = table(&["Session", "Name", "Last activity (UTC)", "Models"], &COUNTS);
    for row in rows {
        let id: String = row.session_id.chars().take(8).collect();
        let models = row.models_used.iter().cloned().collect::<Vec<_>>().join(", ");
        let words = [id, short(&row.display_name, 40), minute(row.last_activity), short(&models, 40)];
        add(&mut table, &words, &row.totals);
    }
    finish(table, 4, totals)
}

fn days(rows: &[DayStats], totals: &Totals) -> String {
    let mut table = table(&["Day"], &COUNTS);
    rows.iter().for_each(|row| add(&mut table, &[row.date.to_string()], &row.totals));
    finish(table, 1, totals)
}

fn models(rows: &[ModelStats], totals: &Totals) -> String {
    let mut table = table(&["Model"], &COUNTS);
    rows.iter().for_each(|row| add(&mut table, &[short(&row.model, 60)], &row.totals));
    finish(table, 1, totals)
}

fn blocks(rows: &[BillingBlock], totals: &Totals) -> String {
    let mut table = table(&["Start (UTC)", "End (UTC)", ""], &["Tokens", "Messages"]);
    for row in rows {
        let state = match (row.is_gap, row.is_active) {
            (true, _) => "gap",
            (false, true) => "active",
            (false, false) => "",
        };
        let figures = [grouped(row.tokens_used), grouped(u128::from(row.message_count))];
        let words = [minute(row.start_time), minute(row.end_time), state.to_owned()];
        table.add_row(cells(&words, &figures));
    }
    let sum = [grouped(totals.total_tokens), grouped(u128::from(totals.message_count))];
    table.add_row(cells(&["Total".to_owned(), String::new(), String::new()], &sum));
    table.trim_fmt()
}

fn table(words: &[&str], figures: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    table.set_header(cells(&owned(words), &owned(figures)));
    table
}

fn add(table: &mut Table, words: &[String], totals: &Totals) {
    table.add_row(cells(words, &counts(totals)));
}

fn finish(mut table: Table, words: usize, totals: &Totals) -> String {
    let mut named = vec![String::new(); words];
    named[0] = "Total".to_owned();
    table.add_row(cells(&named, &counts(totals)));
    table.trim_fmt()
}

fn cells(words: &[String], figures: &[String]) -> Vec<Cell> {
    let words = words.iter().map(|word| Cell::new(clean(word)));
    let figures = figures.iter().map(|figure| Cell::new(figure).set_alignment(CellAlignment::Right));
    words.chain(figures).collect()
}

fn minute(when: DateTime<Utc>) -> String {
    when.format("%Y-%m-%d %H:%M").to_string()
}

fn short(text: &str, longest: usize) -> String {
    match text.chars().count() > longest {
        true => text.chars().take(longest - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// Text from logs and names of files may hold terminal commands; none of it reaches a terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut out = digits[..first].to_owned();
    for (index, digit) in digits[first..].chars().enumerate() {
        if index % 3 == 0 && !out.is_empty() {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let numbers = [0, 999, 1000, 12_345, 1_234_567];
        assert_eq!(numbers.map(grouped), ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn terminal_commands_do_not_reach_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\u{7}"), "a[31mbc");
    }
}
