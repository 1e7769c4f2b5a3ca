//! The one window.

use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};

/// Its label, which the capability names.
const LABEL: &str = "desk";

/// Opens the window of a station: full screen for visitors, a large window for staff and for the demonstration.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>, kiosk: bool) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Vestibule")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 640.0)
        .fullscreen(kiosk)
        .decorations(!kiosk)
        .disable_drag_drop_handler()
        .build()?;
    Ok(())
}

/// An empty window of the same toolkit.
pub(crate) fn open_bare<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("bare.html".into()))
        .title("Vestibule")
        .inner_size(1280.0, 800.0)
        .build()?;
    Ok(())
}

/// The window on which is read why the program cannot start: with a frame, so that it can be closed.
pub(crate) fn open_fault<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<()> {
    match app.get_webview_window(LABEL) {
        None => open(app, false),
        Some(window) => {
            window.set_fullscreen(false)?;
            window.set_decorations(true)
        }
    }
}

/// The window on which it was read becomes that of the station.
pub(crate) fn end_fault<R: Runtime>(app: &AppHandle<R>, kiosk: bool) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    for step in [window.set_decorations(!kiosk), window.set_fullscreen(kiosk)] {
        if let Err(error) = step {
            tracing::warn!(%error, "the window could not be made that of the station");
        }
    }
}

/// Brings the window to the front, for a second start.
pub(crate) fn to_front<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    for step in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = step {
            tracing::warn!(%error, "the window could not be brought to the front");
        }
    }
}
