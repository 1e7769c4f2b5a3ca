//! What a person does with the page, in their words.
//!
//! A thing is named by its `data-test`, and where there are several of them by further attributes:
//! `door-tile[data-door="north"]`, or by what it is in: `service-panel header button`.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use super::{PATIENCE, Window, made};

/// Between two keys of a person who types quickly.
const BETWEEN_KEYS: Duration = Duration::from_millis(40);

impl Window {
    /// Touches a thing, once it is there and can be touched.
    pub async fn touch(&self, what: &str) {
        self.patiently(&format!("touch {what}"), async |window| window.element(what).await?.click().await)
            .await;
    }

    /// Types into a field, letter by letter and no quicker than a person, after what is in it has been cleared: a desk
    /// takes keys that come at once for a hand scanner's.
    pub async fn type_into(&self, what: &str, text: &str) {
        self.patiently(&format!("type into {what}"), async |window| {
            let field = window.element(what).await?;
            field.clear().await?;
            for letter in text.chars() {
                field.send_keys(&letter.to_string()).await?;
                tokio::time::sleep(BETWEEN_KEYS).await;
            }
            Ok(())
        })
        .await;
    }

    /// Puts a text into a field in one go, in place of what is there, as from the clipboard.
    pub async fn paste_into(&self, what: &str, text: &str) {
        let script = "const [css, text] = arguments; const field = document.querySelector(css);
            field.focus(); field.select();
            if (text === '') document.execCommand('delete'); else document.execCommand('insertText', false, text);
            return true;";
        self.see(what).await;
        self.run(script, vec![json!(css(what)), json!(text)]).await;
    }

    /// Waits until a thing is on the screen.
    pub async fn see(&self, what: &str) {
        self.patiently(&format!("see {what}"), async |window| {
            let shown = window.element(what).await?.is_displayed().await?;
            if shown { Ok(()) } else { Err(nothing()) }
        })
        .await;
    }

    /// Whether a thing is on the screen now.
    pub async fn sees(&self, what: &str) -> bool {
        match self.element(what).await {
            Ok(element) => element.is_displayed().await.unwrap_or(false),
            Err(_) => false,
        }
    }

    /// Waits until one of two things is on the screen, and says whether it is the first.
    pub async fn see_which(&self, first: &str, second: &str) -> bool {
        self.patiently(&format!("see {first} or {second}"), async |window| {
            let found =
                window.client.find_all(Locator::Css(&format!("{}, {}", css(first), css(second)))).await?;
            if found.is_empty() { Err(nothing()) } else { Ok(()) }
        })
        .await;
        self.sees(first).await
    }

    /// The words on a thing.
    pub async fn words(&self, what: &str) -> String {
        let wish = format!("read {what}");
        // Not the driver's own `text`: it passes over words in a box that cuts off what is too long.
        let words = self.patiently(&wish, async |window| window.element(what).await?.prop("innerText").await);
        words.await.unwrap_or_default()
    }

    /// What stands in a field.
    pub async fn content(&self, what: &str) -> String {
        let wish = format!("read {what}");
        let value = self.patiently(&wish, async |window| window.element(what).await?.prop("value").await);
        value.await.unwrap_or_default()
    }

    /// An attribute of a thing.
    pub async fn attribute(&self, what: &str, name: &str) -> Option<String> {
        self.patiently(&format!("read {name} of {what}"), async |window| {
            window.element(what).await?.attr(name).await
        })
        .await
    }

    /// How many of a thing there are.
    pub async fn how_many(&self, what: &str) -> usize {
        self.client.find_all(Locator::Css(&css(what))).await.map_or(0, |all| all.len())
    }

    /// Waits until an attribute of a thing has a value.
    pub async fn until(&self, what: &str, name: &str, value: &str) {
        let wish = format!("see {name}={value} on {what}");
        self.patiently(&wish, async |window| {
            let now = window.element(what).await?.attr(name).await?;
            if now.as_deref() == Some(value) { Ok(()) } else { Err(nothing()) }
        })
        .await;
    }

    /// Waits until there is nothing of a kind any more.
    pub async fn until_there_is_no(&self, what: &str) {
        self.patiently(&format!("see {what} go"), async |window| {
            let left = window.client.find_all(Locator::Css(&css(what))).await?;
            if left.is_empty() { Ok(()) } else { Err(nothing()) }
        })
        .await;
    }

    /// Runs a line of the page's own language and gives what it returns.
    ///
    /// # Panics
    /// When the page refuses it.
    pub async fn run(&self, script: &str, args: Vec<Value>) -> Value {
        let ran = self.client.execute(script, args).await;
        ran.unwrap_or_else(|error| panic!("the page refused `{script}`: {error}"))
    }

    /// Presses one key as the keyboard does, with another held down.
    pub async fn press(&self, held: Option<char>, key: char) {
        let down = held.into_iter().chain([key]).map(|value| KeyAction::Down { value });
        let up = [key].into_iter().chain(held).map(|value| KeyAction::Up { value });
        let keys = KeyActions::new("keyboard".to_owned());
        let keys = down.chain(up).fold(keys, InputSource::then);
        if let Err(error) = self.client.perform_actions(keys).await {
            self.give_up(&format!("press {key:?}: {error}")).await;
        }
    }

    /// How many windows the program has.
    pub async fn how_many_windows(&self) -> usize {
        self.client.windows().await.map_or(0, |all| all.len())
    }

    /// How long each "get my pass" took until its picture was on the screen, in milliseconds.
    pub async fn pass_milliseconds(&self) -> Vec<f64> {
        let measured = self.run("return window.__vestibule ? window.__vestibule.passMs : []", vec![]).await;
        measured.as_array().map(|all| all.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
    }

    pub(super) async fn wait_for_css(&self, selector: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        if let Err(error) = found {
            self.give_up(&format!("{selector}: {error}")).await;
        }
    }

    async fn element(&self, what: &str) -> Result<Element, CmdError> {
        self.client.find(Locator::Css(&css(what))).await
    }

    /// Again and again until it works: the page changes under our hands, as it should.
    async fn patiently<T>(&self, wish: &str, act: impl AsyncFn(&Self) -> Result<T, CmdError>) -> T {
        let begun = Instant::now();
        loop {
            match act(self).await {
                Ok(done) => return done,
                Err(error) if begun.elapsed() > PATIENCE => self.give_up(&format!("{wish}: {error}")).await,
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Leaves a picture and the log for whoever looks into it, and ends the test.
    async fn give_up(&self, why: &str) -> ! {
        let test = std::thread::current().name().unwrap_or("window").replace("::", "-");
        let file = made("window").join(format!("{test}.png"));
        self.screen.photograph().save(&file);
        let text = self.run_quietly("return document.body ? document.body.innerText : ''").await;
        panic!("could not {why}\npicture: {}\non the page:\n{text}\nlog:\n{}", file.display(), self.log());
    }

    async fn run_quietly(&self, script: &str) -> String {
        let ran = self.client.execute(script, vec![]).await;
        ran.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// `name` and whatever follows it as a CSS selector.
fn css(what: &str) -> String {
    let end = what.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(what.len());
    let (name, more) = what.split_at(end);
    format!("[data-test=\"{name}\"]{more}")
}

/// The thing is there, but not as it is wished.
fn nothing() -> CmdError {
    CmdError::InvalidArgument("page".to_owned(), "not yet".to_owned())
}

#[cfg(test)]
mod tests {
    use super::css;

    #[test]
    fn things_are_named_by_their_test_name_and_more() {
        assert_eq!(css("pass-picture"), "[data-test=\"pass-picture\"]", "a name alone");
        let tile = css("door-tile[data-door=\"north\"]");
        assert_eq!(tile, "[data-test=\"door-tile\"][data-door=\"north\"]", "one of several");
        assert_eq!(
            css("service-panel header button"),
            "[data-test=\"service-panel\"] header button",
            "inside one"
        );
    }
}
