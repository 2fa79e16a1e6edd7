//! The notifications that can still be clicked, by the ids of the notification service.

use std::collections::VecDeque;

use token_monitor_core::report::model::Route;

use crate::notification::linux::notify_call::ActionKey;
use crate::notification::types::{Notification, NotificationAction};

/// The most notifications kept. The list of past notifications of a desktop is shorter.
const MAX_ACTIVE: usize = 64;

/// The reason in `NotificationClosed` of an expired notification, which may still be in the desktop's list.
const REASON_EXPIRED: u32 = 1;

/// The notifications that can still be clicked, the oldest first.
#[derive(Default)]
pub(crate) struct ActiveNotifications {
    entries: VecDeque<ActiveNotification>,
}

struct ActiveNotification {
    id: u32,
    tag: String,
    route: Route,
    /// The activation token, which the service sends before a click.
    token: Option<String>,
    /// True until the service reports that it was closed.
    is_visible: bool,
}

impl ActiveNotifications {
    /// Returns the id of the visible notification with this tag, or 0 if there is none, as `Notify` expects.
    pub(crate) fn replaced_id(&self, tag: &str) -> u32 {
        self.entries.iter().find(|entry| entry.is_visible && entry.tag == tag).map_or(0, |entry| entry.id)
    }

    /// Adds a notification with the id of the service. Removes the one it replaced; an expired one with the same tag
    /// may still be in the desktop's list.
    pub(crate) fn insert(&mut self, id: u32, notification: &Notification) {
        self.entries.retain(|entry| entry.id != id && !(entry.is_visible && entry.tag == notification.tag));
        if self.entries.len() == MAX_ACTIVE {
            self.entries.pop_front();
        }
        let (tag, route) = (notification.tag.clone(), notification.route.clone());
        self.entries.push_back(ActiveNotification { id, tag, route, token: None, is_visible: true });
    }

    /// Handles `NotificationClosed`.
    pub(crate) fn handle_closed(&mut self, id: u32, reason: u32) {
        match reason {
            REASON_EXPIRED => self.find_mut(id).into_iter().for_each(|entry| entry.is_visible = false),
            _ => self.entries.retain(|entry| entry.id != id),
        }
    }

    /// Stores the activation token for the next click on a notification.
    pub(crate) fn set_activation_token(&mut self, id: u32, token: &str) {
        self.find_mut(id).into_iter().for_each(|entry| entry.token = Some(token.to_owned()));
    }

    /// Returns the action of a click, or `None` if the notification or the key is unknown.
    pub(crate) fn action_for(&mut self, id: u32, key: &str) -> Option<NotificationAction> {
        let (entry, action) = (self.find_mut(id)?, ActionKey::from_key(key)?);
        Some(match action {
            ActionKey::Default | ActionKey::Open => {
                NotificationAction::Open { route: entry.route.clone(), token: entry.token.take() }
            }
            ActionKey::Snooze => NotificationAction::Snooze(ActionKey::PAUSE),
        })
    }

    /// Removes all notifications: another service has its own ids.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    fn find_mut(&mut self, id: u32) -> Option<&mut ActiveNotification> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }
}

#[cfg(test)]
mod tests {
    use token_monitor_core::alerts::Urgency;
    use token_monitor_core::report::model::Pause;

    use super::*;

    fn notification(tag: &str, route: Route) -> Notification {
        let (title, body) = ("Block".to_owned(), "75%".to_owned());
        Notification { id: 1, tag: tag.to_owned(), title, body, urgency: Urgency::Normal, sound: false, route }
    }

    #[test]
    fn clicks_on_other_notifications_are_ignored() {
        let mut active = ActiveNotifications::default();
        active.insert(7, &notification("block", Route::Now));
        assert_eq!(active.action_for(8, "default"), None);
        assert_eq!(active.action_for(7, "inline-reply"), None);
        assert_eq!(active.action_for(7, "snooze"), Some(NotificationAction::Snooze(Pause::Hour)));
        assert_eq!(active.action_for(7, "default"), Some(NotificationAction::Open { route: Route::Now, token: None }));
    }

    #[test]
    fn a_token_is_used_once() {
        let mut active = ActiveNotifications::default();
        active.insert(7, &notification("block", Route::Blocks));
        active.set_activation_token(7, "gtk-1");
        let open = |token: Option<&str>| {
            Some(NotificationAction::Open { route: Route::Blocks, token: token.map(str::to_owned) })
        };
        assert_eq!(active.action_for(7, "open"), open(Some("gtk-1")));
        assert_eq!(active.action_for(7, "open"), open(None));
    }

    #[test]
    fn an_expired_notification_is_not_replaced_and_can_be_clicked() {
        let mut active = ActiveNotifications::default();
        active.insert(7, &notification("block", Route::Now));
        assert_eq!((active.replaced_id("block"), active.replaced_id("week")), (7, 0));
        active.handle_closed(7, REASON_EXPIRED);
        assert_eq!(active.replaced_id("block"), 0);
        assert!(active.action_for(7, "default").is_some(), "it may still be in the desktop's list");
        active.handle_closed(7, 2);
        assert!(active.action_for(7, "default").is_none(), "the user dismissed it");
    }

    #[test]
    fn an_expired_notification_keeps_its_own_page() {
        let mut active = ActiveNotifications::default();
        active.insert(7, &notification("block", Route::Now));
        active.handle_closed(7, REASON_EXPIRED);
        active.insert(8, &notification("block", Route::Blocks));
        assert_eq!(active.action_for(7, "default"), Some(NotificationAction::Open { route: Route::Now, token: None }));
        assert_eq!(active.replaced_id("block"), 8);
        active.insert(9, &notification("block", Route::Blocks));
        assert!(active.action_for(8, "default").is_none(), "it was replaced");
    }

    #[test]
    fn only_the_latest_are_kept() {
        let mut active = ActiveNotifications::default();
        for id in 1..=1000 {
            active.insert(id, &notification(&id.to_string(), Route::Now));
        }
        assert_eq!(active.entries.len(), MAX_ACTIVE);
        assert!(active.action_for(936, "open").is_none() && active.action_for(937, "open").is_some());
    }
}
