//! The data folder and the disk it lies on.

use std::io::Write;
use std::path::Path;

use super::finding::Finding;

/// Less is bad: SQLite needs room for its log, and a full disk stops the desk.
const LEAST: u64 = 100 << 20;
/// Less is a reason to look.
const LOW: u64 = 1 << 30;

/// Whether the folder can be written to, and how much room there is.
pub(super) fn look(folder: &Path) -> Vec<Finding> {
    let shown = folder.display();
    let writable = match try_to_write(folder) {
        Ok(()) => Finding::good("data folder", &format!("{shown} can be written to")),
        Err(error) => {
            let todo =
                "give the account of the desk the right to write there, or choose another folder with --data";
            Finding::bad("data folder", &format!("{shown}: {error}"), todo)
        }
    };
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(folder);
    let disk = match fs4::available_space(there) {
        Ok(free) => room(free),
        Err(error) => Finding::warning("disk", &error.to_string(), "look at the disk of the data folder"),
    };
    vec![writable, disk]
}

fn room(free: u64) -> Finding {
    let found = format!("{} MiB free", free >> 20);
    let todo = "make room on the disk of the data folder; the desk stops when it is full";
    match free {
        free if free < LEAST => Finding::bad("disk", &found, todo),
        free if free < LOW => Finding::warning("disk", &found, todo),
        _ => Finding::good("disk", &found),
    }
}

/// Writes a small file for real: rights on paper and a read-only disk say different things.
fn try_to_write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    let written = crate::file::replace(&path).and_then(|mut file| {
        file.write_all(b"written by vestibulectl doctor\n")?;
        file.sync_all()
    });
    drop(std::fs::remove_file(&path));
    written
}

#[cfg(test)]
mod tests {
    use super::super::finding::Grade;
    use super::{LEAST, LOW, look, room};

    #[test]
    fn a_disk_is_judged_by_its_room() {
        assert_eq!(room(LEAST - 1).grade, Grade::Bad);
        assert_eq!(room(LEAST).grade, Grade::Warning);
        assert_eq!(room(LOW).grade, Grade::Good);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_bad_and_a_good_one_stays_clean() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("file"), "").unwrap();
        assert_eq!(look(&home.path().join("file/desk"))[0].grade, Grade::Bad);
        assert_eq!(look(&home.path().join("desk"))[0].grade, Grade::Good);
        assert_eq!(std::fs::read_dir(home.path().join("desk")).unwrap().count(), 0);
    }
}
