//! The one window.

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Runtime, Url, WebviewUrl, WebviewWindowBuilder};
use vestibule_desk::{Settings, Station};

/// Its label, which the capability names.
const LABEL: &str = "desk";

/// Opens the window of a station: full screen for visitors, a large window for staff and for the demonstration.
pub(crate) fn open<R: Runtime>(app: &AppHandle<R>, settings: &Settings) -> tauri::Result<()> {
    let kiosk = settings.station == Station::Kiosk && !settings.is_demo();
    build(app, &first_screen(settings), kiosk)
}

/// The page with what the settings say of its first screen, which it draws while the desk still starts.
fn first_screen(settings: &Settings) -> String {
    let said =
        [("station", settings.station.word()), ("lang", settings.language.word()), ("site", &settings.site)];
    let page = Url::parse_with_params("page:/index.html", said).expect("an address of our own");
    format!("index.html?{}", page.query().unwrap_or_default())
}

fn build<R: Runtime>(app: &AppHandle<R>, page: &str, kiosk: bool) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App(page.into()))
        .title("Vestibule")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 640.0)
        .fullscreen(kiosk)
        .decorations(!kiosk)
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Whether an address is the page that the program carries. Nothing else is ever loaded, whatever is dropped on the
/// window or asked for by the page.
fn is_ours(url: &Url) -> bool {
    let root = (url.scheme(), url.host_str());
    // Where the web view knows no protocols of others, they are hosts.
    root == ("tauri", Some("localhost")) || root == ("http", Some("tauri.localhost"))
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
        None => build(app, "index.html", false),
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

#[cfg(test)]
mod tests {
    use vestibule_desk::Language;

    use super::*;

    #[test]
    fn only_our_page_is_loaded() {
        for (address, ours) in [
            ("tauri://localhost/index.html?station=kiosk", true),
            ("http://tauri.localhost/index.html", true),
            ("https://tauri.localhost.example.com/", false),
            ("http://localhost/index.html", false),
            ("tauri://elsewhere/index.html", false),
            ("file:///etc/passwd", false),
            ("https://example.com/", false),
            ("data:text/html,hello", false),
            ("about:blank", false),
        ] {
            let url = Url::parse(address).expect("an address");
            assert_eq!(is_ours(&url), ours, "{address}");
        }
    }

    #[test]
    fn the_address_carries_what_the_first_screen_says() {
        let mut settings = Settings::demo(Station::Kiosk, Language::English);
        settings.site = "一号楼 & lobby?#".to_owned();
        let page = first_screen(&settings);
        let page = Url::parse("page:/").and_then(|root| root.join(&page)).expect("an address");
        let said: Vec<_> = page.query_pairs().collect();
        let said: Vec<(&str, &str)> = said.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(said, [("station", "kiosk"), ("lang", "en"), ("site", "一号楼 & lobby?#")]);
        assert_eq!(page.path(), "/index.html");
    }
}
