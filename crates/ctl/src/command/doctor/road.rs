//! The road to the service: the signature, the clock, and every door.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use vestibule_gateway::endpoint::user::query;
use vestibule_gateway::{GatewayError, Rejection, Skew};

use super::finding::Finding;
use crate::open::Service;
use crate::probe::{self, Probe};
use crate::words::gateway::{of_error, what_now};

/// A clock further off is a reason to look; readers and passes go by the minute.
const OFF: Duration = Duration::from_secs(120);
/// Further off, a verdict that goes by time is worth nothing, and soon no call is taken (15 minutes).
const FAR_OFF: Duration = Duration::from_secs(600);

/// Makes one signed call, measures the clock by its answer, and asks every door.
pub(super) async fn look(service: &Service, tell: &mut impl FnMut(Vec<Finding>)) {
    let asked = service.client.send::<query::Query>(&query::Params { page_size: 1, page_no: 1 }).await;
    tell(vec![signature(asked.as_ref().err())]);
    let is_cut = asked.as_ref().err().is_some_and(|error| matches!(error, GatewayError::NotSent(_)));
    if is_cut {
        // Each door would say the same after the same wait.
        let found = format!("{} not asked: nothing leaves this PC", service.settings.doors.len());
        tell(vec![
            clock(service.client.skew()),
            Finding::bad("doors", &found, "put right what the line \"signature\" names, then run this again"),
        ]);
        return;
    }
    let mut probes = pin!(probe::doors(&service.client, &service.clock, &service.settings.doors));
    let mut doors = Vec::new();
    while let Some(probe) = probes.next().await {
        doors.push(door(&probe));
    }
    tell(vec![clock(service.client.skew())]);
    tell(doors);
}

fn signature(error: Option<&GatewayError>) -> Finding {
    let Some(error) = error else { return Finding::good("signature", "accepted") };
    match error {
        // Whoever gets as far as this has signed well.
        GatewayError::Refused(refusal) => {
            let found = format!("accepted; the service answered code {}", refusal.code);
            Finding::warning("signature", &found, what_now(error))
        }
        GatewayError::Rejected(rejected) if rejected.kind == Rejection::NotGranted => {
            Finding::bad("signature", &format!("accepted, but {error}"), what_now(error))
        }
        GatewayError::Rejected(_)
            if matches!(error.what_now(), vestibule_gateway::WhatNow::RetryLater(_)) =>
        {
            Finding::warning("signature", &error.to_string(), what_now(error))
        }
        error => {
            // Everything but the last line, which says what to do.
            let words = of_error(error);
            let found = words.rsplit_once('\n').map_or(words.as_str(), |(found, _)| found);
            Finding::bad("signature", found, what_now(error))
        }
    }
}

fn clock(skew: Option<Skew>) -> Finding {
    let todo = "set the clock of this PC by the network (NTP)";
    let Some(skew) = skew else {
        return Finding::warning(
            "clock",
            "not measured: no answer carried a time",
            "run this again when the service answers",
        );
    };
    let seconds = skew.magnitude().as_secs();
    let way = if skew.millis < 0 { "behind" } else { "ahead of" };
    // The service tells whole seconds.
    let found =
        if seconds < 2 { "as the service's".to_owned() } else { format!("{seconds} s {way} the service's") };
    match skew.magnitude() {
        off if off > FAR_OFF => Finding::bad("clock", &found, todo),
        off if off > OFF => Finding::warning("clock", &found, todo),
        _ => Finding::good("clock", &found),
    }
}

fn door(probe: &Probe) -> Finding {
    let check = format!("door {}", probe.door.name);
    match &probe.held_open {
        Ok(false) => Finding::good(&check, &format!("answers in {} ms", probe.ms)),
        Ok(true) => {
            let found = format!("answers in {} ms, and is HELD OPEN", probe.ms);
            Finding::warning(
                &check,
                &found,
                "end it at the desk unless somebody means it: nothing ends it by itself",
            )
        }
        Err(error) => Finding::bad(&check, &format!("{} ({})", error, probe.door.id), what_now(error)),
    }
}

#[cfg(test)]
mod tests {
    use vestibule_gateway::Skew;

    use super::super::finding::Grade;
    use super::clock;

    #[test]
    fn a_clock_is_judged_by_how_far_off_it_is() {
        let at = |millis: i64| clock(Some(Skew { millis }));
        assert_eq!(at(900).grade, Grade::Good);
        assert_eq!(at(-121_000).grade, Grade::Warning);
        assert_eq!(at(-121_000).found, "121 s behind the service's");
        assert_eq!(at(601_000).grade, Grade::Bad);
        assert_eq!(clock(None).grade, Grade::Warning);
    }
}
