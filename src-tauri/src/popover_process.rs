//! One popover as a process of its own: a client of the socket. It ends when it is dismissed, unless the resident
//! leads it: then it goes out of sight and waits for what the resident wants next.

use std::io::BufRead;

use tauri::{AppHandle, Manager, RunEvent};
use token_monitor_engine::Homes;
use token_monitor_engine::config::Layers;
use token_monitor_ipc::Address;
use token_monitor_tray::{Became, Opening, Wish};

use crate::platform::window;
use crate::popover::{Frame, LABEL, Popover, Stay};
use crate::{app, popover, snapshot_forwarder};

/// Shows the popover until it is dismissed, or until whoever leads it ends it.
pub(crate) fn run(opening: Opening, frame: Frame, led: bool) -> anyhow::Result<()> {
    window::prepare();
    let settings = Layers::gather(Homes::from_env(), None).settle();
    let source = app::Source::There(Address::of_store(&settings.db_path));
    let app = app::builder(source, if led { Stay::Led } else { Stay::Not })
        .setup(move |app| {
            popover::open(app.handle(), &opening, frame)?;
            tauri::async_runtime::spawn(follow_while_shown(app.handle().clone()));
            if led {
                let app = app.handle().clone();
                std::thread::spawn(move || obey(&app, frame));
            }
            Ok(())
        })
        .build(app::context())?;
    app.run(|app, event| {
        // With the last window gone there is nothing left to do.
        if let RunEvent::ExitRequested { code: None, .. } = event {
            app.exit(0);
        }
    });
    Ok(())
}

/// A popover out of sight follows nobody: it takes no time of the processor, and is told afresh when it shows again.
async fn follow_while_shown(app: AppHandle) {
    let mut shown = app.state::<Popover>().shown();
    while shown.wait_for(|shown| *shown).await.is_ok() {
        tokio::select! {
            () = snapshot_forwarder::follow(app.clone(), |_| {}) => {}
            _ = shown.wait_for(|shown| !*shown) => {}
        }
    }
}

/// Does what the resident wants, line by line, until it is gone.
fn obey(app: &AppHandle, frame: Frame) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match line.parse() {
            Ok(wish) => grant(app, wish, frame),
            Err(error) => tracing::debug!(%error, "The resident said something else."),
        }
    }
    let app = app.clone();
    // It may be ending already.
    let _ = app.clone().run_on_main_thread(move || be_on_its_own(&app));
}

fn grant(app: &AppHandle, wish: Wish, frame: Frame) {
    let wished = app.clone();
    // It may be ending already.
    let _ = app.run_on_main_thread(move || match wish {
        Wish::Show(opening) => {
            if let Err(error) = popover::open(&wished, &opening, frame) {
                tracing::error!(%error, "The popover could not be opened.");
            }
        }
        Wish::Hide => {
            if let Some(window) = wished.get_webview_window(LABEL) {
                popover::dismiss(&window, Became::Dismissed);
            }
        }
    });
}

/// Without a resident, one that nobody sees would stay for ever; one that is looked at says what happened.
fn be_on_its_own(app: &AppHandle) {
    let popover = app.state::<Popover>();
    popover.stay(Stay::Not);
    if !popover.is_shown() {
        app.exit(0);
    }
}
