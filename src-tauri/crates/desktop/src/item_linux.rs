//! The tray icon on Linux: a `StatusNotifierItem` on the session bus.
//!
//! Shows views and hands clicks back; it decides nothing. A desktop without a tray is no error but a fact to
//! report: the item waits on the bus and appears when a tray does.

use std::sync::Arc;
use std::time::Duration;

use ksni::menu::StandardItem;
use ksni::{Handle, MenuItem, OfflineReason, TrayMethods};
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::debug;

use crate::album::Album;
use crate::picture::{Order, Picture, Side};
use crate::presence::{Host, Presence};
use crate::tray::{Row, TrayView};

/// What somebody did with the icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Click {
    /// Clicked it, here on the screen as far as the tray tells; all zero where it does not.
    Activate {
        /// Rightwards, in the tray's pixels.
        x: i32,
        /// Downwards, in the tray's pixels.
        y: i32,
    },
    /// Chose to open the popover from the menu.
    Open,
    /// Chose to end the app.
    Quit,
}

/// Why there can be no icon.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ItemError {
    /// There is no session bus to put it on, or it does not let us.
    #[error("no tray icon without the session bus")]
    NoBus(#[source] ksni::Error),
    /// The icon's connection ended while it was shown.
    #[error("the tray icon lost the session bus")]
    Lost,
}

/// The tray icon, and the way to change it.
///
/// Only the latest view is kept: however fast views come and however slow the tray is, nothing piles up.
pub struct Item {
    views: watch::Sender<TrayView>,
}

impl Item {
    /// An icon not shown yet; see [`Item::serve`].
    pub fn new(view: TrayView) -> Self {
        Self { views: watch::Sender::new(view) }
    }

    /// Shows another view. An equal one costs a comparison and no message.
    pub fn update(&self, view: TrayView) {
        self.views.send_if_modified(|shown| {
            let differs = *shown != view;
            *shown = view;
            differs
        });
    }

    /// Shows the icon until the item is dropped.
    ///
    /// `on_click` and `on_host` are called from the bus's own thread and must not block. `on_host` is told once
    /// where it stands, then whenever that changes.
    ///
    /// # Errors
    ///
    /// When there is no session bus or it goes away. The absence of a tray is none.
    pub fn serve(
        &self,
        on_click: impl Fn(Click) + Send + Sync + 'static,
        on_host: impl Fn(Host) + Send + Sync + 'static,
    ) -> impl Future<Output = Result<(), ItemError>> + Send + 'static {
        let stand = Stand {
            views: self.views.subscribe(),
            clicks: Arc::new(on_click),
            presence: Arc::new(Presence::new(on_host)),
        };
        stand.serve()
    }
}

/// First and longest wait before a tray that refused the icon is asked again.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// A tray that starts between our first question and our listening for trays to start goes unheard. Asking once
/// more, this much later, finds it.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// Everything an icon on the bus needs.
struct Stand {
    views: watch::Receiver<TrayView>,
    clicks: Arc<dyn Fn(Click) + Send + Sync>,
    presence: Arc<Presence>,
}

impl Stand {
    async fn serve(mut self) -> Result<(), ItemError> {
        let Some(handle) = self.settle().await? else {
            return Ok(());
        };
        while self.views.changed().await.is_ok() {
            let view = self.views.borrow_and_update().clone();
            handle.update(|shown| shown.show(view)).await.ok_or(ItemError::Lost)?;
        }
        handle.shutdown().await;
        Ok(())
    }

    /// Appears, and looks a second time when nobody was there at first.
    async fn settle(&mut self) -> Result<Option<Handle<Shown>>, ItemError> {
        let handle = self.appear().await?;
        if self.presence.is_alone() {
            sleep(SECOND_LOOK).await;
        }
        match handle {
            Some(handle) if self.presence.is_alone() => {
                handle.shutdown().await;
                self.appear().await
            }
            handle => Ok(handle),
        }
    }

    /// Puts the icon on the bus, patiently where a tray is there but refuses; none once the item is dropped.
    async fn appear(&mut self) -> Result<Option<Handle<Shown>>, ItemError> {
        let (mut wait, longest) = RETRY;
        while self.views.has_changed().is_ok() {
            match self.attempt().await {
                Ok(handle) => return Ok(Some(handle)),
                Err(ksni::Error::Watcher(error)) => debug!(%error, "The tray refused the icon."),
                Err(error) => return Err(ItemError::NoBus(error)),
            }
            self.presence.lost();
            sleep(wait).await;
            wait = (wait * 2).min(longest);
        }
        Ok(None)
    }

    async fn attempt(&mut self) -> Result<Handle<Shown>, ksni::Error> {
        self.presence.begin();
        let view = self.views.borrow_and_update().clone();
        let shown = Shown::new(view, Arc::clone(&self.clicks), Arc::clone(&self.presence));
        let handle = shown.assume_sni_available(true).spawn().await?;
        self.presence.began();
        Ok(handle)
    }
}

/// The icon as the bus sees it.
struct Shown {
    view: TrayView,
    icons: Vec<ksni::Icon>,
    album: Album,
    clicks: Arc<dyn Fn(Click) + Send + Sync>,
    presence: Arc<Presence>,
}

impl Shown {
    fn new(view: TrayView, clicks: Arc<dyn Fn(Click) + Send + Sync>, presence: Arc<Presence>) -> Self {
        let mut album = Album::new();
        let icons = icons(&mut album, &view.picture);
        Self { view, icons, album, clicks, presence }
    }

    fn show(&mut self, view: TrayView) {
        if view.picture != self.view.picture {
            self.icons = icons(&mut self.album, &view.picture);
        }
        self.view = view;
    }
}

/// A picture at every side a panel may ask for.
fn icons(album: &mut Album, picture: &Picture) -> Vec<ksni::Icon> {
    let icon = |side: Side| ksni::Icon {
        width: side.pixels().into(),
        height: side.pixels().into(),
        data: album.pixels(picture, side, Order::Argb).to_vec(),
    };
    Side::USUAL.map(icon).into()
}

impl ksni::Tray for Shown {
    fn id(&self) -> String {
        "token-monitor".to_owned()
    }

    fn title(&self) -> String {
        "Token Monitor".to_owned()
    }

    fn activate(&mut self, x: i32, y: i32) {
        (self.clicks)(Click::Activate { x, y });
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.icons.clone()
    }

    fn tool_tip(&self) -> ksni::ToolTip {
        let tooltip = &self.view.tooltip;
        ksni::ToolTip {
            title: unmarked(&tooltip.title),
            description: unmarked(&tooltip.lines.join("\n")),
            ..ksni::ToolTip::default()
        }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.view.menu.iter().map(entry).collect()
    }

    fn watcher_online(&self) {
        self.presence.found();
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        debug!(?reason, "No tray shows the icon.");
        self.presence.lost();
        true
    }
}

fn entry(row: &Row) -> MenuItem<Shown> {
    match row {
        Row::Open => choice(row, Click::Open),
        Row::Separator => MenuItem::Separator,
        Row::Figure(text) => disabled(text),
        Row::Quit => choice(row, Click::Quit),
    }
}

fn choice(row: &Row, click: Click) -> MenuItem<Shown> {
    let activate = Box::new(move |shown: &mut Shown| (shown.clicks)(click));
    StandardItem { label: literal(row.text()), activate, ..StandardItem::default() }.into()
}

fn disabled(text: &str) -> MenuItem<Shown> {
    StandardItem { label: literal(text), enabled: false, ..StandardItem::default() }.into()
}

/// Keeps an underscore an underscore: a single one would mark an access key and vanish.
fn literal(text: &str) -> String {
    text.replace('_', "__")
}

/// Makes a text the same whether a tray reads markup in it or not. Escapes would show literally in the trays
/// that do not, and the specification leaves it to them; so the three characters give way to their likes.
fn unmarked(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").replace('&', "＆")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_markup_and_access_keys() {
        assert_eq!(literal("Set CLAUDE_CONFIG_DIR"), "Set CLAUDE__CONFIG__DIR");
        assert_eq!(unmarked("cannot read <R&D>"), "cannot read ‹R＆D›");
    }
}
