//! The notifications that may still be clicked, by the numbers the service gave them.

use std::collections::VecDeque;

use token_monitor_core::report::model::Route;

use crate::notification::linux::notify_call::Action;
use crate::notification::{Notice, Pressed};

/// As many as anybody may still come back to. A desktop's list of past notifications is shorter.
const ROOM: usize = 64;

/// `NotificationClosed` for a notification that only ran out of time: it may be in the desktop's list still.
const EXPIRED: u32 = 1;

/// What was shown, the oldest first.
#[derive(Default)]
pub(crate) struct Shown {
    entries: VecDeque<Entry>,
}

struct Entry {
    id: u32,
    tag: String,
    route: Route,
    /// What entitles a window to the focus; the service tells it just before a click.
    token: Option<String>,
    /// Whether it is on the screen as far as anybody knows.
    is_up: bool,
}

impl Shown {
    /// The number of the notification that one of this tag takes the place of; 0 for none, as the service wants it.
    pub(crate) fn replaced_by(&self, tag: &str) -> u32 {
        self.entries.iter().find(|entry| entry.is_up && entry.tag == tag).map_or(0, |entry| entry.id)
    }

    /// Notes the number of a notice. What it took the place of is gone; an earlier one of its tag that ran out of time
    /// may be in the desktop's list still.
    pub(crate) fn note(&mut self, id: u32, notice: &Notice) {
        self.entries.retain(|entry| entry.id != id && !(entry.is_up && entry.tag == notice.tag));
        if self.entries.len() == ROOM {
            self.entries.pop_front();
        }
        let (tag, route) = (notice.tag.clone(), notice.route.clone());
        self.entries.push_back(Entry { id, tag, route, token: None, is_up: true });
    }

    /// Notes that one is not on the screen any more.
    pub(crate) fn closed(&mut self, id: u32, reason: u32) {
        match reason {
            EXPIRED => self.entry(id).into_iter().for_each(|entry| entry.is_up = false),
            _ => self.entries.retain(|entry| entry.id != id),
        }
    }

    /// Notes what entitles a window to the focus once this one is clicked.
    pub(crate) fn entitle(&mut self, id: u32, token: &str) {
        self.entry(id).into_iter().for_each(|entry| entry.token = Some(token.to_owned()));
    }

    /// What a click means; nothing where it is somebody else's.
    pub(crate) fn pressed(&mut self, id: u32, key: &str) -> Option<Pressed> {
        let (entry, action) = (self.entry(id)?, Action::of(key)?);
        Some(match action {
            Action::Default | Action::Open => Pressed::Open { route: entry.route.clone(), token: entry.token.take() },
            Action::Snooze => Pressed::Snooze(Action::PAUSE),
        })
    }

    /// Forgets all: another service counts anew.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    fn entry(&mut self, id: u32) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::alerts::Urgency;
    use token_monitor_core::report::model::Pause;

    use super::*;

    fn notice(tag: &str, route: Route) -> Notice {
        let (title, body) = ("Block".to_owned(), "75 %".to_owned());
        Notice { id: 1, tag: tag.to_owned(), title, body, urgency: Urgency::Normal, sound: false, route }
    }

    #[test]
    fn clicks_on_other_notifications_mean_nothing() {
        let mut shown = Shown::default();
        shown.note(7, &notice("block", Route::Now));
        assert_eq!(shown.pressed(8, "default"), None);
        assert_eq!(shown.pressed(7, "inline-reply"), None);
        assert_eq!(shown.pressed(7, "snooze"), Some(Pressed::Snooze(Pause::Hour)));
        assert_eq!(shown.pressed(7, "default"), Some(Pressed::Open { route: Route::Now, token: None }));
    }

    #[test]
    fn a_token_is_used_once() {
        let mut shown = Shown::default();
        shown.note(7, &notice("block", Route::Blocks));
        shown.entitle(7, "gtk-1");
        let open = |token: Option<&str>| Some(Pressed::Open { route: Route::Blocks, token: token.map(str::to_owned) });
        assert_eq!(shown.pressed(7, "open"), open(Some("gtk-1")));
        assert_eq!(shown.pressed(7, "open"), open(None));
    }

    #[test]
    fn what_has_run_out_of_time_is_not_replaced_but_may_be_clicked() {
        let mut shown = Shown::default();
        shown.note(7, &notice("block", Route::Now));
        assert_eq!((shown.replaced_by("block"), shown.replaced_by("week")), (7, 0));
        shown.closed(7, EXPIRED);
        assert_eq!(shown.replaced_by("block"), 0);
        assert!(shown.pressed(7, "default").is_some(), "it may be in the desktop's list still");
        shown.closed(7, 2);
        assert!(shown.pressed(7, "default").is_none(), "somebody threw it away");
    }

    #[test]
    fn a_new_one_takes_no_click_from_an_earlier_one_in_the_list() {
        let mut shown = Shown::default();
        shown.note(7, &notice("block", Route::Now));
        shown.closed(7, EXPIRED);
        shown.note(8, &notice("block", Route::Blocks));
        assert_eq!(shown.pressed(7, "default"), Some(Pressed::Open { route: Route::Now, token: None }));
        assert_eq!(shown.replaced_by("block"), 8);
        shown.note(9, &notice("block", Route::Blocks));
        assert!(shown.pressed(8, "default").is_none(), "its place was taken");
    }

    #[test]
    fn only_the_latest_are_remembered() {
        let mut shown = Shown::default();
        for id in 1..=1000 {
            shown.note(id, &notice(&id.to_string(), Route::Now));
        }
        assert_eq!(shown.entries.len(), ROOM);
        assert!(shown.pressed(936, "open").is_none() && shown.pressed(937, "open").is_some());
    }
}
