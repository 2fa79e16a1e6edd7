//! Exits the app on a shutdown signal, so that the store is closed.

use tauri::AppHandle;

/// Exits the app after a signal of the system.
pub(crate) fn exit_on_signal(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        wait_for_shutdown().await;
        app.exit(0);
    });
}

#[cfg(unix)]
async fn wait_for_shutdown() {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn wait_for_shutdown() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
