//! Passes on paper: once, with no more of a name than may be, and no hindrance when it fails.

use std::cell::{Cell, RefCell};

use vestibule_desk::setting::PrinterSettings;
use vestibule_desk::{FailureCode, Language, Printed, Station};
use vestibule_domain::PassId;
use vestibule_domain::receipt::{NameShown, PrintFault, PrinterPlace, Receipt};
use vestibule_journeys::world::World;

fn with_printer(station: Station, name: NameShown) -> World {
    World::with(|settings| {
        settings.station = station;
        let at = PrinterPlace::System("Front".to_owned());
        settings.printer = PrinterSettings { at, name, ..PrinterSettings::default() };
    })
}

async fn print(
    world: &World,
    pass: PassId,
    again: bool,
    end: Result<Printed, PrintFault>,
) -> Result<Receipt, FailureCode> {
    let seen = RefCell::new(None);
    let printed = world.desk.print_pass(pass, Language::English, again, async |receipt| {
        seen.replace(Some(receipt));
        end
    });
    printed.await.map_err(|failure| failure.code)?;
    Ok(seen.into_inner().unwrap())
}

#[tokio::test]
async fn a_pass_is_printed_once_and_one_more_is_for_staff_to_ask_for() {
    let world = with_printer(Station::Reception, NameShown::Full);
    let pass = world.form("王小明", "13800005678", "李经理").unwrap();
    let sent = Ok(Printed::Sent);
    // No reader knows its code yet.
    assert_eq!(print(&world, pass.id, false, sent).await.unwrap_err(), FailureCode::NotFound);
    world.desk.drain().await;
    let receipt = print(&world, pass.id, false, sent).await.unwrap();
    assert_eq!((receipt.name.as_deref(), receipt.host.as_deref()), (Some("王小明"), Some("李经理")));
    assert_eq!(receipt.code.reveal(), world.code(pass.id));
    assert_eq!((receipt.window, receipt.short_code), (pass.window, pass.short_code));
    assert_eq!(print(&world, pass.id, false, sent).await.unwrap_err(), FailureCode::PrintedBefore);
    print(&world, pass.id, true, sent).await.unwrap();
    let world = world.restart();
    assert_eq!(print(&world, pass.id, false, sent).await.unwrap_err(), FailureCode::PrintedBefore);
    world.desk.revoke_pass(pass.id).unwrap();
    assert_eq!(print(&world, pass.id, true, sent).await.unwrap_err(), FailureCode::NotFound);
}

#[tokio::test]
async fn what_certainly_failed_may_be_tried_again_and_what_nobody_knows_may_not() {
    let world = with_printer(Station::Kiosk, NameShown::Full);
    let pass = world.visitor_comes("王小明");
    let other = world.visitor_comes("Zoë");
    world.desk.drain().await;
    for fault in [PrintFault::NoPaper, PrintFault::Unreachable, PrintFault::Stuck] {
        assert_ne!(print(&world, pass.id, false, Err(fault)).await.unwrap_err(), FailureCode::PrintedBefore);
    }
    let unsure = Err(PrintFault::Unsure);
    assert_eq!(print(&world, pass.id, false, unsure).await.unwrap_err(), FailureCode::PrintUnsure);
    let sent = Ok(Printed::Sent);
    assert_eq!(print(&world, pass.id, false, sent).await.unwrap_err(), FailureCode::PrintedBefore);
    assert_eq!(print(&world, pass.id, true, sent).await.unwrap_err(), FailureCode::NotAllowed);
    // The pass counts whatever became of the paper, and so does that of somebody else.
    assert!(world.pass(pass.id).showable);
    print(&world, other.id, false, sent).await.unwrap();
}

#[tokio::test]
async fn a_process_that_dies_while_it_prints_prints_nothing_twice() {
    let world = with_printer(Station::Reception, NameShown::Full);
    let pass = world.visitor_comes("王小明");
    world.desk.drain().await;
    let asked = Cell::new(false);
    {
        let hung = world.desk.print_pass(pass.id, Language::English, false, |_| {
            asked.set(true);
            std::future::pending()
        });
        let soon = std::time::Duration::from_millis(50);
        assert!(tokio::time::timeout(soon, hung).await.is_err() && asked.get());
    }
    let world = world.restart();
    let sent = Ok(Printed::Sent);
    assert_eq!(print(&world, pass.id, false, sent).await.unwrap_err(), FailureCode::PrintedBefore);
}

#[tokio::test]
async fn the_kiosk_prints_a_mask_at_most_and_the_settings_may_allow_less() {
    for (station, shown, name, host) in [
        (Station::Kiosk, NameShown::Full, Some("王*明"), Some("李*理")),
        (Station::Kiosk, NameShown::None, None, None),
        (Station::Reception, NameShown::Masked, Some("王*明"), Some("李经理")),
        (Station::Reception, NameShown::None, None, None),
    ] {
        let world = with_printer(station, shown);
        let pass = world.form("王小明", "13800005678", "李经理").unwrap();
        world.desk.drain().await;
        let receipt = print(&world, pass.id, false, Ok(Printed::OnPaper)).await.unwrap();
        assert_eq!((receipt.name.as_deref(), receipt.host.as_deref()), (name, host), "{station:?} {shown:?}");
    }
}

#[tokio::test]
async fn without_a_printer_nothing_is_written_down() {
    let world = World::new();
    let pass = world.visitor_comes("王小明");
    world.desk.drain().await;
    let sent = Ok(Printed::Sent);
    assert_eq!(print(&world, pass.id, false, sent).await.unwrap_err(), FailureCode::NoPrinter);
    assert!(world.desk.journal(50).unwrap().iter().all(|row| row.kind != "receiptAsked"));
}
