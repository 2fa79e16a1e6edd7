//! The rows on the screen as CSV, with snake_case columns in a fixed order.

use chrono::{DateTime, SecondsFormat, Utc};
use token_monitor_core::report::model::{BillingBlock, History, Snapshot};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_export::{guard_formula, write_rows};

use crate::live::app::App;
use crate::live::app::page::Page;
use crate::live::session_row::{SessionRow, current_rows};
use crate::live::view::{cache_text, part_name, state_words};

/// The columns of sessions.
const SESSION_COLUMNS: [&str; 12] = [
    "session_id",
    "name",
    "project",
    "branch",
    "models",
    "state",
    "context_tokens",
    "context_percent",
    "cache",
    "tokens",
    "cost_usd",
    "last_activity",
];

/// Returns the CSV of the rows of a page.
pub(crate) fn csv_of_page(app: &App, now: DateTime<Utc>) -> String {
    match app.page {
        Page::Now => csv_of_now(app.snapshot(), now),
        Page::Sessions => {
            let rows = app.sessions.cursor.visible().filter_map(|place| app.sessions.row(place));
            csv_of_sessions(&rows.map(SessionRow::from).collect::<Vec<_>>(), now)
        }
        Page::Blocks => app.blocks.list.result.as_ref().map_or_else(String::new, |history| {
            let from = app.blocks.loaded_from();
            let visible = app.blocks.cursor.visible().filter_map(|place| history.blocks.get(place.checked_sub(from)?));
            csv_of_blocks(&visible.collect::<Vec<_>>())
        }),
        Page::History => {
            app.history.feed.result.as_ref().map_or_else(String::new, |history| csv_of_history(history, app))
        }
    }
}

fn csv_of_now(snapshot: &Snapshot, now: DateTime<Utc>) -> String {
    let today = &snapshot.today.totals;
    let label = |label: token_monitor_core::report::model::Provenance| label.as_str().to_owned();
    let mut rows = Vec::new();
    let mut add = |figure: &str, value: String, provenance: String| {
        rows.push(vec![text(figure), value, provenance]);
    };
    add("today_output_tokens", today.output_tokens.to_string(), label(today.label));
    add("today_cache_write_tokens", today.cache_creation_tokens.to_string(), label(today.label));
    add("today_cache_read_tokens", today.cache_read_tokens.to_string(), label(today.label));
    add("today_input_tokens", today.input_tokens.to_string(), label(today.label));
    add("today_total_tokens", today.total_tokens.to_string(), label(today.label));
    add("today_cost_usd", number(today.total_cost), "API-equivalent".to_owned());
    if let Some(block) = &snapshot.current_block {
        add("block_start", time(block.start_time), label(block.label));
        add("block_end", time(block.end_time), label(block.label));
        add("block_tokens", block.tokens_used.to_string(), "measured".to_owned());
    }
    for quota in &snapshot.quota {
        let name = token_monitor_core::text::phrases::quota_name(quota);
        add(&format!("{name} used_percent"), quota.share.used_percent.to_string(), label(quota.share.label));
    }
    let burn = &snapshot.burn_rate;
    add("burn_rate_tokens_per_minute", burn.tokens_per_minute.to_string(), label(burn.label));
    let sessions = csv_of_sessions(&current_rows(snapshot), now);
    format!("{}\r\n{sessions}", to_csv(&["figure", "value", "provenance"], rows))
}

fn csv_of_sessions(sessions: &[SessionRow], now: DateTime<Utc>) -> String {
    let optional = |value: &Option<String>| text(value.as_deref().unwrap_or_default());
    let row = |session: &SessionRow| {
        let usage = session.usage;
        vec![
            text(&session.id),
            text(&session.name),
            optional(&session.project),
            optional(&session.branch),
            optional(&session.model),
            optional(&state_words(session, now)),
            session.context.map_or_else(String::new, |context| context.tokens.to_string()),
            number(session.context.and_then(|context| context.percent)),
            cache_text(session, now).map_or_else(String::new, |(_, left)| left),
            usage.map_or_else(String::new, |usage| usage.tokens.to_string()),
            number(usage.and_then(|usage| usage.cost)),
            usage.map_or_else(String::new, |usage| time(usage.last_activity)),
        ]
    };
    to_csv(&SESSION_COLUMNS, sessions.iter().map(row).collect())
}

fn csv_of_blocks(blocks: &[&BillingBlock]) -> String {
    let row = |block: &&BillingBlock| {
        vec![
            time(block.start_time),
            time(block.end_time),
            block.is_gap.to_string(),
            block.tokens_used.to_string(),
            block.message_count.to_string(),
            number(block.cost_usd),
            text(block.source.phrase()),
        ]
    };
    to_csv(&["start", "end", "is_gap", "tokens", "messages", "cost_usd", "edges"], blocks.iter().map(row).collect())
}

fn csv_of_history(history: &History, app: &App) -> String {
    let mut rows = Vec::new();
    for day in &history.days {
        for (part, amount) in history.parts.iter().zip(&day.parts).filter(|(_, amount)| amount.tokens > 0) {
            let name = text(&part_name(part, app.history.split));
            rows.push(vec![day.date.to_string(), name, amount.tokens.to_string(), number(amount.cost)]);
        }
    }
    to_csv(&["date", "part", "tokens", "cost_usd"], rows)
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Returns a text that no spreadsheet runs as a formula.
fn text(value: &str) -> String {
    guard_formula(sanitize_line(value))
}

fn to_csv(header: &[&str], rows: Vec<Vec<String>>) -> String {
    write_rows(header, rows.into_iter(), b',').expect("each row has the columns of the header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_guarded_as_in_exports() {
        let rows = vec![vec![text("=a, \"b\""), "1".to_owned()]];
        assert_eq!(to_csv(&["name", "tokens"], rows), "name,tokens\r\n\"'=a, \"\"b\"\"\",1\r\n");
        assert_eq!([text("\t=1"), text("＝1"), text("'=1")], ["'=1", "'＝1", "''=1"]);
    }
}
