//! Somebody at the kiosk tries to get out of the page: by keys, by the mouse, by what the page itself could be made to do.

use fantoccini::key::Key;
use serde_json::{Value, json};
use vestibule_journeys::window::{Display, Launch, Window};

/// What a web view may take for its own: with Ctrl, with Alt, alone.
const WITH_CTRL: &str = "rptnwsofhjugdl+-0i\u{e031}\u{e035}";
const WITH_ALT: &str = "\u{e012}\u{e014}\u{e011}f";
const ALONE: &str = "\u{e035}\u{e037}\u{e03b}\u{e03c}";

/// What the page is made to try, as a bug or a foreign text in it might. Each line ends at once.
const TRIES: [&str; 9] = [
    "location.href = 'https://example.com/'",
    "location.href = 'file:///etc/passwd'",
    "location.assign('data:text/html,<h1>out</h1>')",
    "location.replace('http://127.0.0.1:1/')",
    "window.open('https://example.com/')",
    "window.open('about:blank')",
    "const a = document.createElement('a'); a.href = 'https://example.com/'; a.target = '_blank'; \
     document.body.append(a); a.click(); a.remove()",
    "const f = document.createElement('form'); f.action = 'https://example.com/'; document.body.append(f); \
     f.submit(); f.remove()",
    "const f = document.createElement('iframe'); f.src = 'https://example.com/'; document.body.append(f); f.remove()",
];

/// Marks the page, and notes down which keys the web view was left to act on.
const BEGIN: &str = "window.__here = 'still';
    window.__left = []; window.__heard = 0;
    addEventListener('keydown', (event) => {
        if (['Control', 'Alt', 'Shift'].includes(event.key)) return;
        window.__heard += 1;
        if (!event.defaultPrevented) window.__left.push((event.ctrlKey ? 'Ctrl+' : '') + (event.altKey ? 'Alt+' : '') + event.code);
    });
    for (const kind of ['contextmenu', 'dragover', 'drop', 'selectstart', 'wheel'])
        addEventListener(kind, (event) => {
            window.__heard += 1;
            if (!event.defaultPrevented) window.__left.push(kind);
        });
    return [location.href, devicePixelRatio, innerWidth, innerHeight];";

const NOW: &str = "return [location.href, devicePixelRatio, innerWidth, innerHeight];";

/// What a mouse and a file that is dropped do, as events: the driver moves no files.
const MOUSE: &str = "const body = document.querySelector('h1, h2, p');
    for (const event of [
        new MouseEvent('contextmenu', { bubbles: true, cancelable: true }),
        new DragEvent('dragover', { bubbles: true, cancelable: true }),
        new DragEvent('drop', { bubbles: true, cancelable: true }),
        new Event('selectstart', { bubbles: true, cancelable: true }),
        new WheelEvent('wheel', { bubbles: true, cancelable: true, ctrlKey: true, deltaY: -100 }),
    ]) body.dispatchEvent(event);
    return [window.__left, window.__heard];";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_leaves_the_kiosks_page() {
    let display = Display::open();
    let window = Window::open(&display, &Launch::demo("kiosk")).await;
    let here = window.run(BEGIN, vec![]).await;

    for (held, keys) in [(Some(Key::Control), WITH_CTRL), (Some(Key::Alt), WITH_ALT), (None, ALONE)] {
        for key in keys.chars() {
            window.press(held.map(char::from), key).await;
        }
    }
    let pressed = WITH_CTRL.chars().count() + WITH_ALT.chars().count() + ALONE.chars().count();
    let after = window.run("return [window.__left, window.__heard, window.__here];", vec![]).await;
    assert_eq!(after, json!([[], pressed, "still"]), "keys");
    assert_eq!(window.run(NOW, vec![]).await, here, "after the keys");

    let after = window.run(MOUSE, vec![]).await;
    assert_eq!(after, json!([[], pressed + 5]), "mouse");

    for what in TRIES {
        // A page that is really left takes its answer with it, which the next question would show.
        window.run(&format!("{what}; return null;"), vec![]).await;
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        assert_eq!(window.run("return window.__here;", vec![]).await, Value::from("still"), "{what}");
        assert_eq!(window.run(NOW, vec![]).await, here, "{what}");
        assert_eq!(window.how_many_windows().await, 1, "{what}");
    }
    assert_eq!(window.run("return window.open('index.html');", vec![]).await, Value::Null);
    // And it still works.
    window.touch("kiosk-start").await;
    window.see("next").await;
    window.close().await;
}
