//! Tauri's own build step. The window's pages must exist for it, even where they have not been built yet.

fn main() {
    let dist = std::path::Path::new("../ui/dist");
    let index = dist.join("index.html");
    if !index.exists() {
        let placeholder =
            "<!doctype html><title>Vestibule</title><p>The pages have not been built: cargo xtask demo";
        std::fs::create_dir_all(dist).expect("ui/dist can be made");
        std::fs::write(&index, placeholder).expect("ui/dist can be written");
    }
    println!("cargo::rerun-if-changed=../ui/dist");
    tauri_build::build();
}
