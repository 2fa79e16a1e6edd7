//! The answers of the engine: new rows of a list, and the results of changes.

use token_monitor_core::report::model::{AlertStatus, Pause};
use token_monitor_core::text::format::{ViewerZone, format_upcoming};
use token_monitor_core::text::sanitize::sanitize_line;
use token_monitor_engine::{ApiError, Request, Response};

use crate::live::app::App;
use crate::live::app::message::Effect;

impl App {
    /// Accepts the answer to a request.
    pub(super) fn accept_answer(&mut self, request: Request, result: Result<Response, ApiError>) -> Vec<Effect> {
        let result = result.map_err(|error| describe_error(&error));
        match (request, result) {
            (Request::Sessions(query), result) => {
                self.sessions.accept_list(&query, expect_answer(result, sessions_of));
            }
            (Request::Session { session }, result) => {
                if let Some(detail) = &mut self.sessions.detail {
                    detail.accept(&session, expect_answer(result, session_of));
                }
            }
            (Request::BlockHistory { offset, limit }, result) => {
                self.blocks.accept((offset, limit), expect_answer(result, blocks_of));
            }
            (request @ Request::History { .. }, result) => {
                self.history.accept(&request, expect_answer(result, history_of));
            }
            (Request::PauseAlerts { pause }, Ok(Response::AlertStatus(status))) => self.report_pause(pause, &status),
            (_, Err(error)) => self.warn(error),
            (_, Ok(_)) => {}
        }
        Vec::new()
    }

    fn report_pause(&mut self, pause: Pause, status: &AlertStatus) {
        let zone = ViewerZone::from_name(&self.latest.zone);
        match (pause, status.paused_until) {
            (Pause::Off, _) | (_, None) => self.notify("Alerts are not paused"),
            (_, Some(until)) => {
                self.notify(format!("Alerts are paused until {}", format_upcoming(until, self.latest.at, zone)));
            }
        }
    }
}

/// Returns an error of the engine as one line.
fn describe_error(error: &ApiError) -> String {
    let hint = error.hint.as_deref().map_or(String::new(), |hint| format!(" {hint}"));
    let message = sanitize_line(&error.message);
    sanitize_line(&format!("{}.{hint}", message.trim_end_matches('.')))
}

/// Returns the part of a response that a request asks for.
fn expect_answer<T>(result: Result<Response, String>, part: fn(Response) -> Option<T>) -> Result<T, String> {
    part(result?).ok_or_else(|| "The engine sent an unexpected response.".to_owned())
}

fn sessions_of(response: Response) -> Option<token_monitor_core::report::model::SessionPage> {
    if let Response::Sessions(page) = response { Some(page) } else { None }
}

fn session_of(response: Response) -> Option<Box<token_monitor_core::report::model::SessionDetail>> {
    if let Response::Session(detail) = response { Some(detail) } else { None }
}

fn blocks_of(response: Response) -> Option<token_monitor_core::report::model::BlockHistory> {
    if let Response::BlockHistory(page) = response { Some(*page) } else { None }
}

fn history_of(response: Response) -> Option<token_monitor_core::report::model::History> {
    if let Response::History(history) = response { Some(*history) } else { None }
}
