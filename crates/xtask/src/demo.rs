//! `cargo xtask demo`: the lobby on this screen, or a tour of it in pictures.

use crate::args::DemoOptions;
use crate::debian::{self, Purpose};
use crate::failed::Failed;
use crate::run::Run;
use crate::steps::Steps;
use crate::{artefacts, tree, ui};

pub(crate) fn run(options: &DemoOptions) -> Result<(), Failed> {
    let tour = options.tour || !has_display();
    if tour && !cfg!(target_os = "linux") {
        return Err(Failed::new("the tour drives the window under Xvfb, which only Linux has")
            .advice("without --tour the demo opens on this screen"));
    }
    if tour && !options.tour {
        println!("there is no display here: the demo is a tour in pictures");
    }
    let purpose = if tour { Purpose::Test } else { Purpose::Build };
    let mut steps = Steps::new(&[]);
    steps.must("debian", || debian::install(purpose))?;
    steps.must("npm", ui::packages)?;
    steps.must("ui-build", ui::build)?;
    steps.must("shell-build", artefacts::build_shell)?;
    if tour { steps.must("tour", take_tour) } else { open(&options.station) }
}

fn take_tour() -> Result<(), Failed> {
    let folder = tree::target().join("tour");
    Run::new(tree::built("tour")).args([&folder]).env("VESTIBULE_BIN", tree::built("vestibule")).go()?;
    println!("   pictures and transcript: {}", folder.display());
    Ok(())
}

fn open(station: &str) -> Result<(), Failed> {
    println!("\nthe demo is open; Ctrl+Shift+S, or five touches in the corner, shows the service panel");
    Run::new(tree::built("vestibule")).args(["--demo", "--station", station]).go()
}

/// Whether a window would be seen by somebody.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
