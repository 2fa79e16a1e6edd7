//! One popover as a process of its own: a client of the socket that ends when it is dismissed.

use std::sync::atomic::Ordering;

use tauri::{Manager, RunEvent};
use token_monitor_desktop::{LEFT_FOR_ANOTHER_WINDOW, Point};
use token_monitor_engine::Homes;
use token_monitor_engine::settings::Layers;
use token_monitor_link::Address;

use crate::{desktop, follow, popover, shell};

/// Shows the popover until it is dismissed.
pub(crate) fn run(near: Option<Point>) -> anyhow::Result<()> {
    desktop::prepare();
    let settings = Layers::gather(Homes::from_env(), None).settle();
    let source = shell::Source::There(Address::of_store(&settings.db_path));
    let app = shell::builder(source)
        .setup(move |app| {
            popover::open(app.handle(), near)?;
            tauri::async_runtime::spawn(follow::follow(app.handle().clone(), |_| {}));
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        // With the last window gone there is nothing left to do.
        if let RunEvent::ExitRequested { code: None, .. } = event {
            let left = app.state::<popover::Left>().0.load(Ordering::Relaxed);
            app.exit(if left { LEFT_FOR_ANOTHER_WINDOW } else { 0 });
        }
    });
    Ok(())
}
