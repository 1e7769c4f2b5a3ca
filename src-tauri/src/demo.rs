//! The demonstration: a gateway with doors and readers inside the program, no port, nothing to set up.

use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;
use vestibule_desk::{DEMO_NETWORK, Desk, Failure, FailureCode, Language, RegisterForm, Settings};
use vestibule_domain::host::Host;
use vestibule_domain::{Clock, DoorId, PassId};
use vestibule_emulator::{Emulator, EmulatorConfig, FaultKind, JournalError, Trouble};
use vestibule_gateway::{Client, Credential, Options};

use crate::commands::demo::{DemoDoor, DemoView, ReaderAnswer, ReaderWhy};

/// The demonstration's side of the shell.
pub(crate) struct Demo {
    emulator: Emulator,
}

impl Demo {
    /// The emulator with the doors of the settings. What it knew is read from the data folder.
    pub(crate) fn start(
        settings: &Settings,
        data: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        let config = EmulatorConfig {
            app_key: settings.gateway.app_key.clone(),
            app_secret: settings.gateway.app_secret.clone(),
            doors: settings.doors.iter().map(|door| (door.id.0.clone(), door.name.clone())).collect(),
            ..EmulatorConfig::default()
        };
        Ok(Self { emulator: Emulator::with_data(config, clock, &data.join("emulator.jsonl"))? })
    }

    /// The client to it.
    pub(crate) fn client(&self, settings: &Settings, clock: Arc<dyn Clock>) -> Client {
        let gateway = &settings.gateway;
        let credential = Credential::new(gateway.app_key.clone(), gateway.app_secret.clone());
        Client::new(self.emulator.transport(), credential, clock, Options::default())
    }

    pub(crate) fn view(&self) -> DemoView {
        let doors = self.emulator.doors().into_iter().map(|door| DemoDoor {
            id: DoorId(door.iot_id),
            name: door.name,
            opened: u32::try_from(door.opened).unwrap_or(u32::MAX),
            passed_by_code: u32::try_from(door.passed).unwrap_or(u32::MAX),
        });
        DemoView { network_down: self.is_down(), doors: doors.collect() }
    }

    fn is_down(&self) -> bool {
        self.emulator.trouble().faults.iter().any(|fault| fault.kind == FaultKind::Down)
    }

    pub(crate) fn set_network_down(&self, down: bool) {
        self.emulator.set_trouble(if down { Trouble::down() } else { Trouble::none() });
    }

    /// Keeps the state of the network where the terminal finds it.
    pub(crate) fn remember(&self, desk: &Desk) -> Result<(), Failure> {
        desk.remember(DEMO_NETWORK, if self.is_down() { "down" } else { "up" })
    }

    /// Takes over what the terminal set, or what was set when the program ended.
    pub(crate) fn recall(&self, desk: &Desk) {
        if let Ok(Some(network)) = desk.remembered(DEMO_NETWORK) {
            self.set_network_down(network == "down");
        }
    }

    pub(crate) fn present(&self, desk: &Desk, door: &DoorId, pass: PassId) -> Result<ReaderAnswer, Failure> {
        let code = desk.showable_code(pass)?.ok_or_else(|| Failure::of(FailureCode::NotFound))?;
        let answer = self.emulator.present(&door.0, code.reveal());
        Ok(ReaderAnswer { accepted: answer.accepted, why: ReaderWhy::from(answer.why) })
    }
}

/// The first start finds a directory of hosts, and a lobby with people in it: filled as from a terminal, because no
/// visitor may do that. Where there are accounts already, that is nobody's business any more.
pub(crate) fn fill(desk: &Desk) -> Result<(), Failure> {
    if desk.session()?.guarded {
        return Ok(());
    }
    let station = desk.station();
    desk.sit_at_terminal();
    let filled = hosts(desk).and_then(|()| people(desk));
    desk.show_station(station)?;
    filled
}

fn hosts(desk: &Desk) -> Result<(), Failure> {
    if desk.has_hosts()? {
        return Ok(());
    }
    let people: [(&str, &str); 12] = match desk.settings().language {
        Language::Chinese => [
            ("王芳", "市场部"),
            ("王小明", "研发部"),
            ("陈建国", "研发部"),
            ("刘志强", "总经理办公室"),
            ("单晓燕", "财务部"),
            ("仇志远", "法务部"),
            ("曾文静", "人事部"),
            ("欧阳修远", "设计部"),
            ("吕思涵", "市场部"),
            ("任伟", "采购部"),
            ("解冰", "运维部"),
            ("Maria Schmidt", "国际合作部"),
        ],
        Language::English => [
            ("Wang Fang", "Marketing"),
            ("王小明", "Engineering"),
            ("Chen Jianguo", "Engineering"),
            ("Liu Zhiqiang", "Management"),
            ("Priya Nair", "Finance"),
            ("Tom Becker", "Legal"),
            ("Grace Mbeki", "People"),
            ("Aoife O'Neil", "Design"),
            ("Lucía Fernández", "Marketing"),
            ("Ren Wei", "Purchasing"),
            ("Yuki Tanaka", "Operations"),
            ("Maria Schmidt", "Partners"),
        ],
    };
    let mut hosts = Vec::new();
    for (number, (name, department)) in people.into_iter().enumerate() {
        let host = Host::new(&format!("demo-{number}"), name, department, "", "");
        hosts.push(host.map_err(|_| Failure::of(FailureCode::Bug))?);
    }
    desk.keep_hosts(&hosts, false, false).map(|_| ())
}

fn people(desk: &Desk) -> Result<(), Failure> {
    if desk.somebody_came_today()? {
        return Ok(());
    }
    let guests: [(&str, &str, &str); 4] = match desk.settings().language {
        Language::Chinese => [
            ("李晓明", "13800005678", "王芳(市场部)"),
            ("欧阳娜娜", "13900001234", "陈工"),
            ("张伟", "18600002468", "前台快递"),
            ("Maria Schmidt", "+4915112345678", "刘总"),
        ],
        Language::English => [
            ("Li Xiaoming", "13800005678", "Wang Fang, Marketing"),
            ("Aoife O'Neil", "+353861234567", "Engineering"),
            ("Zhang Wei", "18600002468", "Parcel for reception"),
            ("Maria Schmidt", "+4915112345678", "Director Liu"),
        ],
    };
    for (name, phone, host) in guests {
        let form = RegisterForm {
            form: Uuid::new_v4().to_string(),
            name: name.to_owned(),
            phone: phone.to_owned(),
            host: host.to_owned(),
            ..RegisterForm::default()
        };
        desk.register(&form)?;
    }
    Ok(())
}
