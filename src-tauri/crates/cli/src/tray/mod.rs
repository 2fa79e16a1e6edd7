//! `token-monitor tray`: what runs for months on Linux.
//!
//! Engine, tray item and socket, and no window toolkit: a popover is a process of its own that lives until it is
//! dismissed. If it dies, nothing here notices.

mod popover;

use std::time::Instant;

use token_monitor_desktop::{Click, Host, Item, Response, respond, view};
use token_monitor_engine::settings::Layers;
use token_monitor_link::{Seat, Updates};
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::desk::Desk;
use crate::failure::Failure;
use crate::follow::stopped;
use popover::Popover;

/// Shows the tray until the user quits. Where a tray runs already, this one ends at once.
pub(crate) async fn run(layers: Layers) -> Result<(), Failure> {
    let mut desk = Desk::open_live(layers.clone()).await?;
    let Some(_seat) = Seat::take(&layers.settle().db_path)? else {
        info!("Token Monitor is in the tray already.");
        return desk.close();
    };
    let (clicked, mut clicks) = mpsc::unbounded_channel();
    let item = Item::new(view(&desk.core.subscribe().await?.borrow()));
    // Whoever shows the icon outlives the end of this loop by moments.
    let on_click = move |click| {
        let _ = clicked.send(click);
    };
    let serving = tokio::spawn(item.serve(on_click, tell_of_host));
    let mut popover = Popover::new(layers.file.as_ref().map(|(path, _)| path.clone()));
    loop {
        let mut updates = desk.core.subscribe().await?;
        match show(&mut updates, &item, &mut clicks, &mut popover).await {
            End::Quit => break,
            End::EngineGone if desk.is_elsewhere() => desk = Desk::open_live(layers.clone()).await?,
            End::EngineGone => break,
        }
    }
    popover.close().await;
    drop(item);
    if let Ok(Err(error)) = serving.await {
        info!(%error, "There was no tray to show the icon.");
    }
    desk.close()
}

enum End {
    /// The user or the system wants it.
    Quit,
    /// The process that counted ended.
    EngineGone,
}

async fn show(
    updates: &mut Updates,
    item: &Item,
    clicks: &mut mpsc::UnboundedReceiver<Click>,
    popover: &mut Popover,
) -> End {
    let stop = stopped();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            changed = updates.changed() => match changed {
                Ok(()) => item.update(view(&updates.borrow_and_update())),
                Err(_) => return End::EngineGone,
            },
            Some(click) = clicks.recv() => match click {
                Click::Activate { x, y } => activate(popover, x, y).await,
                Click::Open => popover.open(None),
                Click::Quit => return End::Quit,
            },
            () = popover.ended() => {}
            () = &mut stop => return End::Quit,
        }
    }
}

async fn activate(popover: &mut Popover, x: i32, y: i32) {
    match respond(popover.state(), Instant::now()) {
        Response::Open => popover.open(((x, y) != (0, 0)).then_some((x, y))),
        Response::Close => popover.close().await,
        Response::Ignore => {}
    }
}

fn tell_of_host(host: Host) {
    match host {
        Host::Present => info!("The icon is in the tray."),
        Host::Absent => warn!(
            "This desktop shows no tray icons. On GNOME the extension “AppIndicator and KStatusNotifierItem Support” does."
        ),
    }
}
