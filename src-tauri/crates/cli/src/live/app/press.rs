//! Keys: those of the overlay while there is one, otherwise the actions of the page.

use chrono::{DateTime, Utc};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use token_monitor_core::report::model::SessionChanges;
use token_monitor_engine::Request;

use crate::live::app::keys::{Action, Flag, HELP, Move, action_of_control, action_of_key};
use crate::live::app::list_cursor::ListCursor;
use crate::live::app::message::Effect;
use crate::live::app::overlay::{Choice, Menu, Overlay};
use crate::live::app::page::Page;
use crate::live::app::{App, Measure};
use crate::live::csv::csv_of_page;
use crate::live::page_text::text_of_page;
use crate::live::session_row::current_rows;

impl App {
    /// Handles a key.
    pub(super) fn press(&mut self, key: KeyEvent, now: DateTime<Utc>) -> Vec<Effect> {
        self.notice = None;
        if key.modifiers.contains(KeyModifiers::CONTROL)
            && let Some(action @ (Action::Quit | Action::Redraw | Action::Suspend)) = action_of_control(key.code)
        {
            return self.perform(action, now);
        }
        match &mut self.overlay {
            Overlay::None => action_of_key(key, self.page).map_or_else(Vec::new, |action| self.perform(action, now)),
            Overlay::Help(top) => {
                *top = match key.code {
                    KeyCode::Down | KeyCode::Char('j') | KeyCode::PageDown => (*top + 1).min(HELP.len()),
                    KeyCode::Up | KeyCode::Char('k') | KeyCode::PageUp => top.saturating_sub(1),
                    _ => {
                        self.overlay = Overlay::None;
                        return Vec::new();
                    }
                };
                Vec::new()
            }
            Overlay::Menu(_) => self.press_in_menu(key.code),
            Overlay::Prompt(_) => self.press_in_prompt(key),
        }
    }

    fn press_in_menu(&mut self, code: KeyCode) -> Vec<Effect> {
        let Overlay::Menu(menu) = &mut self.overlay else { return Vec::new() };
        match code {
            KeyCode::Down | KeyCode::Char('j') | KeyCode::Tab => menu.move_by(1),
            KeyCode::Up | KeyCode::Char('k') | KeyCode::BackTab => menu.move_by(-1),
            KeyCode::Enter => return self.choose(),
            KeyCode::Char(digit @ '1'..='9') => {
                let place = usize::from(digit as u8 - b'1');
                if place < menu.entries.len() {
                    menu.selected = place;
                    return self.choose();
                }
            }
            _ => self.overlay = Overlay::None,
        }
        Vec::new()
    }

    /// Does what the selected entry of the menu says.
    pub(super) fn choose(&mut self) -> Vec<Effect> {
        let Overlay::Menu(menu) = std::mem::take(&mut self.overlay) else { return Vec::new() };
        match menu.choice() {
            Some(Choice::Pause(pause)) => vec![Effect::Ask(Request::PauseAlerts { pause })],
            Some(Choice::Theme(theme)) => {
                self.theme = theme;
                vec![Effect::Redraw]
            }
            None => Vec::new(),
        }
    }

    /// Performs an action.
    pub(super) fn perform(&mut self, action: Action, now: DateTime<Utc>) -> Vec<Effect> {
        match action {
            Action::Open(page) => self.page = page,
            Action::NextPage => self.page = self.page.moved_by(1),
            Action::PreviousPage => self.page = self.page.moved_by(-1),
            Action::Move(step) => self.move_in_list(step),
            Action::ShowDetail => self.show_detail(),
            Action::Back => self.go_back(),
            Action::Search => self.open_search(),
            Action::NextSort => self.sessions.next_sort(),
            Action::ToggleOlder => self.sessions.toggle_older(),
            Action::Rename => self.open_rename(),
            Action::EditTags => self.open_tags(),
            Action::Toggle(flag) => return self.toggle_flag(flag),
            Action::PauseAlerts => self.open_pauses(now),
            Action::Freeze => self.toggle_freeze(now),
            Action::Copy => return self.copy_page(now),
            Action::CopyResume => return self.copy_resume(),
            Action::WriteCsv => self.open_csv_path(now),
            Action::ChooseTheme => self.overlay = Overlay::Menu(Menu::of_themes(self.theme)),
            Action::MoveRange(step) => self.history.move_range(step),
            Action::NextSplit => self.history.next_split(),
            Action::ToggleMeasure => self.toggle_measure(),
            Action::Help => self.overlay = Overlay::Help(0),
            Action::Redraw => return vec![Effect::Redraw],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Quit => return vec![Effect::Quit],
        }
        Vec::new()
    }

    fn move_in_list(&mut self, step: Move) {
        let apply = |list: &mut ListCursor| match step {
            Move::By(rows) => list.move_by(rows),
            Move::ByPage(pages) => list.move_by_page(pages),
            Move::First => list.move_to_first(),
            Move::Last => list.move_to_last(),
        };
        match self.page {
            Page::Now => apply(&mut self.now_cursor),
            Page::Sessions => self.sessions.move_in_list(apply),
            Page::Blocks => apply(&mut self.blocks.cursor),
            Page::History => apply(&mut self.history.cursor),
        }
    }

    fn open_pauses(&mut self, now: DateTime<Utc>) {
        let is_paused = self.latest.alerts.paused_until.is_some_and(|until| until > now);
        self.overlay = Overlay::Menu(Menu::of_pauses(is_paused));
    }

    fn toggle_measure(&mut self) {
        self.measure = match self.measure {
            Measure::Tokens => Measure::Cost,
            Measure::Cost => Measure::Tokens,
        };
    }

    fn show_detail(&mut self) {
        match self.page {
            Page::Now => {
                let rows = current_rows(self.snapshot());
                if let Some(row) = self.now_cursor.selected().and_then(|place| rows.get(place)) {
                    self.sessions.open(&row.id);
                    self.page = Page::Sessions;
                }
            }
            Page::Sessions => self.sessions.open_selected(),
            Page::Blocks | Page::History => {}
        }
    }

    fn go_back(&mut self) {
        if self.page == Page::Sessions && self.sessions.detail.take().is_none() && !self.sessions.search.is_empty() {
            self.sessions.search.clear();
            self.sessions.restart_list();
        }
    }

    /// Asks the engine to turn something on or off for the session that is opened or selected.
    fn toggle_flag(&mut self, flag: Flag) -> Vec<Effect> {
        let Some(session) = self.sessions.target() else { return Vec::new() };
        let id = session.session_id.clone();
        let is_on = match flag {
            Flag::Pin => session.is_pinned,
            Flag::Mute => session.is_muted,
            Flag::Hide => session.is_hidden,
        };
        let (changes, words) = flag_change(!is_on, flag);
        self.notify(words);
        vec![Effect::Ask(Request::UpdateSession { session: id, changes })]
    }

    fn copy_page(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let session = self.sessions.target().filter(|_| self.page == Page::Sessions);
        let (text, what) = match session {
            Some(session) => (session.session_id.clone(), "the session’s id"),
            None => (text_of_page(self, self.shown_time(now)), "the page’s figures"),
        };
        self.notify(format!("Sent {what} to the terminal’s clipboard"));
        vec![Effect::Copy(text)]
    }

    fn copy_resume(&mut self) -> Vec<Effect> {
        let id = match self.page {
            Page::Now => {
                let rows = current_rows(self.snapshot());
                self.now_cursor.selected().and_then(|place| rows.get(place)).map(|row| row.id.clone())
            }
            Page::Sessions => self.sessions.target().map(|session| session.session_id.clone()),
            Page::Blocks | Page::History => None,
        };
        // The id is from a file name and ends up in a shell.
        let is_plain = |id: &String| id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let Some(id) = id.filter(is_plain) else { return Vec::new() };
        self.notify("Sent the command to the terminal’s clipboard");
        vec![Effect::Copy(format!("claude --resume {id}"))]
    }

    /// Returns the CSV of the rows on the screen.
    pub(super) fn csv(&self, now: DateTime<Utc>) -> String {
        csv_of_page(self, self.shown_time(now))
    }
}

/// Returns a change of a session, and the word for it.
fn flag_change(is_on: bool, flag: Flag) -> (SessionChanges, &'static str) {
    let none = SessionChanges::default();
    match flag {
        Flag::Pin => {
            let word = if is_on { "Pinned" } else { "Unpinned" };
            (SessionChanges { is_pinned: Some(is_on), ..none }, word)
        }
        Flag::Mute => {
            let word = if is_on { "Muted: no alerts about this session" } else { "No longer muted" };
            (SessionChanges { is_muted: Some(is_on), ..none }, word)
        }
        Flag::Hide => {
            let word = if is_on { "Hidden: a shows it, its tokens still count" } else { "No longer hidden" };
            (SessionChanges { is_hidden: Some(is_on), ..none }, word)
        }
    }
}
