//! Tests of what needs no server.

use std::fs;

use super::*;

#[test]
fn the_url_is_what_libpq_reads() {
    assert_eq!(url(Path::new("/a b/s"), "main"), "postgresql://postgres@/main?host=%2Fa%20b%2Fs");
    assert_eq!(url(Path::new("/é"), "a/b?c"), "postgresql://postgres@/a%2Fb%3Fc?host=%2F%C3%A9");
    assert_eq!(percent_encode(b"aZ09-._~"), "aZ09-._~");
    assert_eq!(percent_encode(b"%&=+@:\n"), "%25%26%3D%2B%40%3A%0A");
}

#[test]
fn the_default_base_needs_a_usable_home() {
    let home = tempfile::tempdir().expect("temporary directory");
    let at_home = Some(home.path().to_owned());
    assert_eq!(default_base(true, None, at_home.clone()), Path::new("/var/lib/probation-directory"));
    assert_eq!(
        default_base(false, Some("/data".into()), at_home.clone()),
        Path::new("/data/probation-directory")
    );
    let below = home.path().join(".local/share/probation-directory");
    assert_eq!(default_base(false, Some("relative".into()), at_home.clone()), below);
    assert_eq!(default_base(false, None, at_home), below);
    for none in [None, Some("/".into()), Some("/nonexistent".into()), Some("relative".into())] {
        assert_eq!(default_base(false, None, none), Path::new("./.probation-directory"));
    }
}

#[test]
fn removing_what_is_not_there_makes_nothing() {
    let base = tempfile::tempdir().expect("temporary directory");
    assert_eq!(remove(base.path()).expect("nothing"), Removed { anything: false });
    assert_eq!(fs::read_dir(base.path()).expect("read").count(), 0);
}

#[test]
fn what_is_used_is_not_removed() {
    let base = tempfile::tempdir().expect("temporary directory");
    let layout = Layout::prepare(base.path()).expect("layout");
    let user = layout.lock_file("users.lock").expect("open");
    user.lock_shared().expect("lock");
    fs::create_dir(base.path().join("pg15")).expect("data");
    fs::write(base.path().join("pg15/PG_VERSION"), "15\n").expect("data");
    assert!(matches!(remove(base.path()), Err(PrivateServerError::InUse { .. })));
    drop(user);
    fs::create_dir(base.path().join("fetched")).expect("fetched");
    assert_eq!(remove(base.path()).expect("removed"), Removed { anything: true });
    assert!(!base.path().join("pg15").exists() && base.path().join("fetched").exists());
}
