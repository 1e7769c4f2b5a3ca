//! The Debian packages the project needs, from one list.

use std::path::Path;

use crate::failed::Failed;
use crate::run::Run;
use crate::tree;

const LIST: &str = include_str!("../debian-packages.txt");

/// What a package is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To build and run the window.
    Build,
    /// For the window tests and the tour as well.
    Test,
}

/// A line of the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) purpose: Purpose,
    pub(crate) why: &'static str,
}

/// Every package needed for a purpose; tests need what the build needs.
pub(crate) fn needed_for(purpose: Purpose) -> Vec<Package> {
    let all = LIST.lines().filter_map(read_line);
    all.filter(|package| purpose == Purpose::Test || package.purpose == Purpose::Build).collect()
}

/// Those of them that are not installed; none when this is no system with dpkg.
pub(crate) fn missing(packages: &[Package]) -> Option<Vec<Package>> {
    if !tree::installed("dpkg-query") {
        return None;
    }
    let absent = |package: &Package| {
        let answer = Run::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package.name]).answer();
        !answer.is_some_and(|status| status.contains("installed") && !status.contains("not-installed"))
    };
    Some(packages.iter().copied().filter(absent).collect())
}

/// Installs what is missing. Where there is no apt the list is printed and the rest goes on.
pub(crate) fn install(purpose: Purpose) -> Result<(), Failed> {
    let packages = needed_for(purpose);
    let missing = missing(&packages).filter(|_| tree::installed("apt-get"));
    let Some(missing) = missing else {
        print_list(&packages);
        return Ok(());
    };
    if missing.is_empty() {
        println!("   all {} packages are here", packages.len());
        return Ok(());
    }
    println!("   missing: {}", names(&missing).join(" "));
    let archives = tree::target().join("apt");
    std::fs::create_dir_all(archives.join("partial"))?;
    // The package lists may be absent or too old: only then are they fetched.
    if apt(&archives, "install", &missing).go().is_ok() {
        return Ok(());
    }
    println!("   with fresh package lists:");
    apt(&archives, "update", &[]).go()?;
    apt(&archives, "install", &missing).go().map_err(|failed| {
        failed.advice(format!(
            "install them by hand, then go on with --skip-setup: apt-get install {}",
            names(&missing).join(" ")
        ))
    })
}

/// The call of apt, with its own folder for fetched packages: images that tidy up after apt would
/// otherwise take them away in between.
fn apt(archives: &Path, verb: &str, packages: &[Package]) -> Run {
    let sudo = tree::installed("sudo") && !is_root();
    let run = if sudo { Run::new("sudo").args(["env"]) } else { Run::new("env") };
    run.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(["-o", &format!("Dir::Cache::Archives={}", archives.display())])
        .args(["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "-qq"])
        .args([verb])
        .args(if verb == "install" { &["-y", "--no-install-recommends"][..] } else { &[] })
        .args(names(packages))
}

fn is_root() -> bool {
    Run::new("id").args(["-u"]).answer().as_deref() == Some("0")
}

fn names(packages: &[Package]) -> Vec<&'static str> {
    packages.iter().map(|package| package.name).collect()
}

fn print_list(packages: &[Package]) {
    println!("   there is no apt here; this is what Debian calls what is needed:");
    for Package { name, why, .. } in packages {
        println!("     {name:<22} {why}");
    }
}

fn read_line(line: &'static str) -> Option<Package> {
    let line = line.split('#').next()?.trim();
    let (name, rest) = line.split_once(char::is_whitespace)?;
    let (purpose, why) = rest.trim_start().split_once(char::is_whitespace)?;
    let purpose = if purpose == "test" { Purpose::Test } else { Purpose::Build };
    Some(Package { name, purpose, why: why.trim() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_understood() {
        let written = LIST.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).count();
        let all = needed_for(Purpose::Test);
        assert_eq!(all.len(), written, "no line may be passed over in silence");
        assert!(all.iter().all(|package| package.why.len() > 10), "each says why it is there");
        let build = needed_for(Purpose::Build);
        assert!(!build.is_empty() && build.len() < all.len(), "a build needs less than the tests");
    }
}
