//! The one window.

use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder};
use vestibule_desk::{Settings, Station};

/// Its label, which the capability names.
const LABEL: &str = "desk";

/// Opens the window of a station: full screen for visitors, a large window for staff and for the demonstration.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>, settings: &Settings) -> tauri::Result<()> {
    let kiosk = settings.station == Station::Kiosk && !settings.is_demo();
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

/// Says in words why the program cannot start, in a window, because nobody reads a terminal in a lobby.
pub(crate) fn open_fault<R: Runtime>(app: &AppHandle<R>, what: &str) -> tauri::Result<()> {
    let what = serde_json::to_string(what).unwrap_or_default();
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Vestibule")
        .inner_size(960.0, 640.0)
        .initialization_script(format!("window.__vestibuleFault = {what};"))
        .build()?;
    Ok(())
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
