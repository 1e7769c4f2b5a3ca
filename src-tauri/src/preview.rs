//! The preview picture: `preview://localhost/frame`, one JPEG a request, no port. The page asks for the next one when
//! it has shown the last, so a slow page gets fewer pictures and nothing piles up.

use tauri::http::{Response, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::Shell;

/// The width of the preview.
const WIDTH: u32 = 640;

/// Answers one request, on a thread of its own: the camera may let it wait.
pub(crate) fn answer<R: Runtime>(context: &UriSchemeContext<'_, R>, responder: UriSchemeResponder) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn_blocking(move || {
        let picture = app.try_state::<Shell>().and_then(|shell| shell.scanner.picture());
        let (status, body) = match picture {
            Some(frame) => (200, frame.preview_jpeg(WIDTH)),
            None => (404, Vec::new()),
        };
        let response = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "image/jpeg")
            .header(header::CACHE_CONTROL, "no-store")
            .body(body);
        if let Ok(response) = response {
            responder.respond(response);
        }
    });
}
