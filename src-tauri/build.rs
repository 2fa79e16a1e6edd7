//! Compiles the configuration, the capabilities and the list of commands they govern into the app.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let manifest = tauri_build::AppManifest::new().commands(&[
        "request",
        "route",
        "frame",
        "autostart",
        "set_autostart",
        "statusline",
        "set_statusline",
        "save_diagnostics",
        "start_daemon",
        "dismiss",
        "painted",
        "fit_height",
        "start_demo",
        "leave_demo",
        "set_pinned",
        "detach",
        "quit",
        "copy_text",
        "open_session_folder",
        "save_share_card",
        "copy_share_card",
        "export_history",
        "open_dashboard",
    ]);
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(manifest);
    tauri_build::try_build(attributes).expect("the configuration and the capabilities are valid");
}
