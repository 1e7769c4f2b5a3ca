//! What people do at the stations, in one word each.

use super::Window;

/// Somebody who comes in.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    /// What they are called.
    pub name: &'static str,
    /// Their phone number.
    pub phone: &'static str,
    /// Whom they visit.
    pub host: &'static str,
}

impl Window {
    /// At the kiosk: answers the questions, up to the page on which everything is checked.
    pub async fn introduce(&self, visitor: Visitor) {
        self.touch("kiosk-start").await;
        for (field, text) in [("phone", visitor.phone), ("name", visitor.name), ("host", visitor.host)] {
            self.type_into(&format!("field-{field}"), text).await;
            self.touch("next").await;
            // Who was here before is asked whether it is them; these are always somebody new.
            if field == "phone" && self.see_which("not-me", "field-name").await {
                self.touch("not-me").await;
            }
        }
        self.see("get-pass").await;
    }

    /// At the kiosk: from the first screen to the picture of a pass.
    pub async fn get_a_pass(&self, visitor: Visitor) {
        self.introduce(visitor).await;
        self.touch("get-pass").await;
        self.see("pass-picture").await;
    }

    /// Waits until every door of the pass on the screen takes it.
    pub async fn until_every_door_is_ready(&self) {
        self.until_there_is_no("pass-door:not([data-readiness=\"ready\"])").await;
    }

    /// Opens the service panel, as only those do who know of the corner.
    pub async fn open_service_panel(&self) {
        for _ in 0..5 {
            self.touch("service-corner").await;
        }
        self.see("service-panel").await;
    }

    /// At a staff station: waits until so many spare passes are ready for an outage.
    pub async fn until_spares_are_ready(&self, ready: usize) {
        self.open_service_panel().await;
        self.until("reserve", "data-ready", &ready.to_string()).await;
        self.close_service_panel().await;
    }

    /// Closes the service panel.
    pub async fn close_service_panel(&self) {
        self.touch("service-panel header button").await;
        self.until_there_is_no("service-panel").await;
    }

    /// Makes this PC another station.
    pub async fn become_station(&self, station: &str) {
        self.open_service_panel().await;
        self.touch(&format!("station-{station}")).await;
        self.until_there_is_no("service-panel").await;
    }

    /// In the demo: pulls the network or puts it back, and waits until the desk has noticed.
    pub async fn switch_network(&self) {
        self.open_service_panel().await;
        let before = self.attribute("network-switch", "aria-pressed").await;
        self.touch("network-switch").await;
        let after = if before.as_deref() == Some("true") { "false" } else { "true" };
        self.until("network-switch", "aria-pressed", after).await;
        self.close_service_panel().await;
    }

    /// At the guard's post: both steps that open a door, for a visitor.
    pub async fn release(&self, door: &str) {
        self.touch(&format!("door-tile[data-door=\"{door}\"]")).await;
        self.touch("reason-visitor").await;
        self.touch("release").await;
    }
}
