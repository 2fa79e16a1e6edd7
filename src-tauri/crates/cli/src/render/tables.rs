//! Answers as plain tables.

use comfy_table::{Cell, CellAlignment, Table, presets};
use token_monitor_core::rates::Backtest;
use token_monitor_core::report::model::{
    AlertFate, AlertRow, AlertStatus, BillingBlock, DayStats, ModelStats, NotInLogs, SessionDetail, SessionMetadata,
    SessionStats, Totals,
};
use token_monitor_engine::Answer;

use crate::commands::status;
use crate::render::format::{clean, dollars, grouped, minute, percent, short};

/// An answer as text.
pub(crate) fn answer(answer: &Answer, colour: bool) -> String {
    match answer {
        Answer::Done => String::new(),
        Answer::Snapshot(snapshot) => status::text(snapshot, colour),
        Answer::Sessions(page) => sessions(&page.sessions, &page.totals),
        Answer::Blocks(rows, totals) => blocks(rows, totals),
        Answer::Days(rows, totals) => days(rows, totals),
        Answer::Models(rows, totals) => models(rows, totals),
        Answer::Session(detail) => session(detail),
        Answer::Backtest(found) => backtest(found),
        Answer::Renamed(metadata) => {
            format!("{} is now “{}”.", metadata.uuid, clean(metadata.name.as_deref().unwrap_or_default()))
        }
        Answer::Described(metadata) => described(metadata),
        Answer::Alerts(rows) => alerts(rows),
        Answer::AlertStatus(status) => alert_status(status),
        Answer::Health(health) => crate::commands::doctor::text(health, true),
        Answer::Settings(page) => crate::commands::settings::text(page),
        // No command asks for these.
        Answer::BlockHistory(_) | Answer::History(_) | Answer::Diagnostics(_) => String::new(),
    }
}

const COUNTS: [&str; 7] =
    ["Input", "Output", "Cache write", "Cache read", "Total", "Messages", "Cost (API-equivalent)"];

fn counts(totals: &Totals) -> [String; 7] {
    let lower_bound = if totals.under_logged_messages > 0 { "*" } else { "" };
    [
        grouped(totals.input_tokens),
        format!("{}{lower_bound}", grouped(totals.output_tokens)),
        grouped(totals.cache_creation_tokens),
        grouped(totals.cache_read_tokens),
        grouped(totals.total_tokens),
        grouped(u128::from(totals.message_count)),
        priced(totals.total_cost, totals.unpriced_tokens),
    ]
}

fn priced(cost: Option<f64>, unpriced: u128) -> String {
    match (cost, unpriced) {
        (Some(cost), 0) => dollars(cost),
        (Some(cost), _) => format!("{}+", dollars(cost)),
        (None, _) => "unpriced".to_owned(),
    }
}

/// What the figures of a table mean.
fn legend(totals: &Totals) -> String {
    let mut lines = vec!["Tokens are measured: summed from the logs. Costs are API-equivalent, not a bill.".to_owned()];
    if totals.unpriced_tokens > 0 {
        lines.push(format!(
            "+ and {} tokens unpriced: no price is known for their model.",
            grouped(totals.unpriced_tokens)
        ));
    }
    if totals.under_logged_messages > 0 {
        let messages = grouped(u128::from(totals.under_logged_messages));
        lines.push(format!("* output under-logged by Claude Code in {messages} messages: a lower bound."));
    }
    lines.join("\n")
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
    let figures = ["Tokens", "Messages", "Cost (API-equivalent)"];
    let mut table = table(&["Start (UTC)", "End (UTC)", "", "Edges"], &figures);
    for row in rows {
        let state = match (row.is_gap, row.is_active) {
            (true, _) => "gap",
            (false, true) => "active",
            (false, false) => "",
        };
        let cost = if row.is_gap { String::new() } else { priced(row.cost_usd, row.unpriced_tokens) };
        let figures = [grouped(row.tokens_used), grouped(u128::from(row.message_count)), cost];
        let edges = if row.is_gap { "" } else { row.source.words() };
        table.add_row(cells(&[minute(row.start_time), minute(row.end_time), state.into(), edges.into()], &figures));
    }
    let cost = priced(totals.total_cost, totals.unpriced_tokens);
    let sum = [grouped(totals.total_tokens), grouped(u128::from(totals.message_count)), cost];
    let named = ["Total".to_owned(), String::new(), String::new(), String::new()];
    table.add_row(cells(&named, &sum));
    format!("{}\n\n{}", table.trim_fmt(), legend(totals))
}

/// What a person added to a session, as it is now.
fn described(metadata: &SessionMetadata) -> String {
    let SessionMetadata { uuid, name, tags, description, is_pinned, is_hidden, is_muted, .. } = metadata;
    let marks = [(*is_pinned, "pinned"), (*is_hidden, "hidden"), (*is_muted, "muted")];
    let marks: Vec<&str> = marks.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
    let rows = [
        ("Session", Some(clean(uuid))),
        ("Name", name.as_deref().map(clean)),
        ("Tags", listed(tags)),
        ("Marks", (!marks.is_empty()).then(|| marks.join(", "))),
        ("Description", description.as_deref().map(paragraph)),
    ];
    let lines = rows.into_iter().filter_map(|(word, text)| Some(format!("{word:14} {}", text?)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Tags in one line.
fn listed(tags: &[String]) -> Option<String> {
    (!tags.is_empty()).then(|| tags.iter().map(|tag| clean(tag)).collect::<Vec<_>>().join(", "))
}

/// Lines one beneath the other, behind a word.
fn paragraph(text: &str) -> String {
    text.lines().map(clean).collect::<Vec<_>>().join(&format!("\n{:15}", ""))
}

fn session(detail: &SessionDetail) -> String {
    let row = &detail.session;
    let (tags, description) = (listed(&row.tags), detail.description.as_deref().map(paragraph));
    let known = [("Project", &row.project_path), ("Branch", &row.branch), ("Worktree", &row.worktree)];
    let mut lines = vec![clean(&row.display_name), format!("Id             {}", clean(&row.session_id))];
    for (word, text) in known {
        lines.extend(text.as_deref().map(|text| format!("{word:14} {}", clean(text))));
    }
    lines.extend(tags.map(|tags| format!("Tags           {tags}")));
    lines.extend(description.map(|text| format!("Description    {text}")));
    lines.push(format!("Lasted         {} to {} UTC", minute(row.start_time), minute(row.last_activity)));
    let mut table = table(&["", "Agent"], &COUNTS);
    for model in &detail.models {
        add(&mut table, &[short(&model.model, 60), String::new()], &model.totals);
    }
    for run in &detail.runs {
        let workflow = run.workflow.as_deref().map_or(String::new(), |flow| format!("{flow}/"));
        let name = format!("  {workflow}{}", run.run_id);
        add(&mut table, &[short(&name, 60), run.kind.clone().unwrap_or_default()], &run.totals);
    }
    lines.push(format!("\n{}", finish(table, 2, &row.totals)));
    if !detail.runs.is_empty() {
        lines.push("Indented rows are subagents; the rows of the models hold them.".to_owned());
    }
    lines.extend(row.not_in_logs.as_ref().map(not_in_logs));
    lines.join("\n")
}

fn not_in_logs(rest: &NotInLogs) -> String {
    let tokens = grouped(rest.total());
    format!("Not in the logs: {tokens} tokens, {} API-equivalent, by Claude Code's own counter.", dollars(rest.cost))
}

fn alerts(rows: &[AlertRow]) -> String {
    if rows.is_empty() {
        return "There were no alerts.".to_owned();
    }
    let mut table = table(&["Time (UTC)", "Alert", "", "Because of", "What became of it"], &[]);
    for row in rows {
        let test = if row.is_test { ", a test" } else { "" };
        let fate = format!("{}{test}", fate(row.fate));
        let (title, body) = (short(&row.title, 60), short(&row.body.replace('\n', "; "), 100));
        let words = [minute(row.at), title, body, short(&row.cause, 100), fate];
        table.add_row(cells(&words, &[]));
    }
    table.trim_fmt()
}

fn fate(fate: AlertFate) -> &'static str {
    match fate {
        AlertFate::Sent => "sent",
        AlertFate::Shown => "shown",
        AlertFate::Quiet => "kept back: quiet hours",
        AlertFate::Paused => "kept back: paused",
        AlertFate::Muted => "kept back: session muted",
        AlertFate::Limited => "kept back: too many",
        AlertFate::Failed => "not shown",
    }
}

fn alert_status(status: &AlertStatus) -> String {
    let paused = match status.paused_until {
        Some(until) => format!("Alerts are paused until {} UTC.", minute(until)),
        None => "Alerts are not paused.".to_owned(),
    };
    let unseen = (status.unseen > 0).then(|| format!("Not shown and not looked at: {}.", status.unseen));
    let why = status.unavailable.as_deref().map(|why| format!("Alerts cannot be shown: {}", clean(why)));
    [Some(paused), unseen, why].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What became of an alert that was tried: it was the last one.
pub(crate) fn tried(status: &AlertStatus) -> String {
    status.unavailable.as_deref().map_or("It was shown.".to_owned(), |why| format!("It was not shown. {}", clean(why)))
}

fn backtest(found: &Backtest) -> String {
    let figures = ["Blocks", "Forecast off by", "at worst", "Rate carried on", "Average carried on", "In range"];
    let mut table = table(&["Into the block"], &figures);
    for row in &found.checkpoints {
        let figures = [
            grouped(u128::from(row.count)),
            percent(row.forecast.mean),
            percent(row.forecast.worst),
            percent(row.plain.mean),
            percent(row.average.mean),
            percent(row.coverage),
        ];
        table.add_row(cells(&[percent(f64::from(row.percent))], &figures));
    }
    let legend =
        format!("Measured on {} of your blocks that are over, in percent of their final tokens.", found.blocks);
    format!("{}\n\n{legend}", table.trim_fmt())
}

pub(crate) fn table(words: &[&str], figures: &[&str]) -> Table {
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
    format!("{}\n\n{}", table.trim_fmt(), legend(totals))
}

pub(crate) fn cells(words: &[String], figures: &[String]) -> Vec<Cell> {
    let words = words.iter().map(|word| Cell::new(clean(word)));
    let figures = figures.iter().map(|figure| Cell::new(figure).set_alignment(CellAlignment::Right));
    words.chain(figures).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use token_monitor_core::report::model::{AlertRule, Route};

    use super::*;

    #[test]
    fn whoever_tries_an_alert_is_told_what_became_of_it() {
        let shown = AlertStatus::default();
        let not =
            AlertStatus { unavailable: Some("This desktop has no notification service.".to_owned()), ..shown.clone() };
        assert_eq!(tried(&shown), "It was shown.");
        assert_eq!(tried(&not), "It was not shown. This desktop has no notification service.");
    }

    #[test]
    fn an_alert_is_listed_with_what_caused_it_and_what_became_of_it() {
        let row = AlertRow {
            id: 1,
            at: DateTime::UNIX_EPOCH,
            rule: AlertRule::Block,
            title: "18 % of this block left".to_owned(),
            body: "82 % used (official).".to_owned(),
            cause: "82 % of this block, threshold 75 %".to_owned(),
            route: Route::Now,
            fate: AlertFate::Quiet,
            is_test: false,
        };
        insta::assert_snapshot!(alerts(&[row]), @r"
        Time (UTC)        Alert                                           Because of                          What became of it
        1970-01-01 00:00  18 % of this block left  82 % used (official).  82 % of this block, threshold 75 %  kept back: quiet hours
        ");
    }
}
