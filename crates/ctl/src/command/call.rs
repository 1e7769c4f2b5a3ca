//! `call`.

mod door;
mod help;
mod params;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::Value;
use vestibule_domain::staff::Act;
use vestibule_domain::{Clock, SystemClock};
use vestibule_gateway::endpoint::find;
use vestibule_gateway::{RawAnswer, Replay};

use crate::print::tree::{pair, tree};
use crate::words::gateway;
use crate::{General, Outcome, Trouble, open, print};

/// One signed call.
#[derive(Args)]
pub(crate) struct Call {
    /// The path, such as /entrance/paas/user/get, or its short name; `list` names them all.
    path: String,
    /// The parameters: a JSON object, `@FILE` that holds one, or `-` to read it from standard input (so that nothing
    /// private stands on the command line). Without them, the call's help and a sample are shown.
    params: Option<String>,
    /// Yes, open the door or keep it open, or send to a path that nobody here knows. Such a call acts on a door at
    /// once, so without this it is refused; `door open` is the same press with a reason.
    #[arg(long)]
    yes: bool,
}

impl Call {
    pub(crate) async fn run(self, general: &General) -> Outcome {
        if self.path == "list" {
            help::list(general);
            return Ok(ExitCode::SUCCESS);
        }
        let entry = find(&self.path);
        if entry.is_none() && !self.path.starts_with('/') {
            return Err(help::unknown(&self.path));
        }
        let Some(params) = &self.params else {
            let entry = entry.ok_or_else(|| help::unknown(&self.path))?;
            help::show(general, entry);
            return Ok(ExitCode::SUCCESS);
        };
        let params = params::read(params)?;
        match entry {
            Some(entry) => {
                let replay = entry.check(&params).map_err(|fault| {
                    Trouble(format!("{}: {fault}\na sample: {}", entry.name, entry.sample))
                })?;
                if replay == Replay::NowOrNever {
                    return door::act(general, entry, &params, self.yes).await;
                }
            }
            None if !self.yes => {
                return Err(Trouble(format!(
                    "{}: nothing was sent: not one of the calls that `call list` names, so nobody here knows what it does; say --yes to send it",
                    self.path
                )));
            }
            None => {}
        }
        if entry.is_none_or(|entry| entry.replay != Replay::Read) {
            open::allow(general, Act::ChangeService).await?;
        }
        let settings = open::settings(general)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let client = open::client(general, &settings, Arc::clone(&clock))?;
        let begun = clock.monotonic();
        let answer = client
            .call(&self.path, params)
            .await
            .map_err(|error| if general.json { Trouble(error.to_string()) } else { Trouble::from(error) })?;
        let ms = clock.monotonic().since(begun).as_millis();
        if general.json {
            print::line(&String::from_utf8_lossy(&answer.body));
        } else {
            print::line(&in_words(entry.map_or(self.path.as_str(), |entry| entry.name), &answer, ms));
        }
        Ok(if answer.code == 200 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn in_words(name: &str, answer: &RawAnswer, ms: u128) -> String {
    if answer.code != 200 {
        return format!("{name}: refused after {ms} ms\n{}", gateway::of_refusal(&answer.refusal()));
    }
    let mut lines = vec![format!("{name}: done in {ms} ms")];
    lines.extend(answer.request_id.as_deref().map(|id| pair("request id", &print::plain(id), 10, 1)));
    let data = answer.json().ok().and_then(|mut body| body.get_mut("data").map(Value::take));
    let data = data.unwrap_or_default();
    lines.extend(caution(name, &data).map(|text| format!("  {text}")));
    match &data {
        Value::Null => {}
        Value::Array(items) if items.is_empty() => {}
        data => lines.push(tree(data, 1)),
    }
    lines.join("\n")
}

/// Code 200 does not mean that all of it was taken.
fn caution(name: &str, data: &Value) -> Option<String> {
    let rows = data.as_array()?;
    match name {
        "card-set" | "card-delete" | "passwd-modify" if !rows.is_empty() => {
            Some(format!("not all of it: the service did not take {} rows", rows.len()))
        }
        "qrcode-config" | "qrcode-remove" => {
            let is_good = |row: &&Value| row.get("code").is_some_and(|code| *code == 200 || *code == "200");
            let bad = rows.len() - rows.iter().filter(is_good).count();
            (bad > 0).then(|| format!("not all of it: {bad} doors did not take it"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::caution;

    #[test]
    fn a_200_that_hides_failures_says_so() {
        assert_eq!(caution("card-set", &json!([])), None);
        assert!(caution("card-set", &json!([{ "iotId": "a" }])).is_some());
        let codes = json!([{ "iotId": "a", "code": "200" }, { "iotId": "b", "code": 200 }]);
        assert_eq!(caution("qrcode-config", &codes), None);
        assert!(caution("qrcode-remove", &json!([{ "iotId": "a", "code": "6205" }])).is_some());
        assert_eq!(caution("user-query", &json!({ "total": 1 })), None);
    }
}
