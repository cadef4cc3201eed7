//! Tests of paths, modes, and what counts as a data directory.

use super::*;

#[test]
fn a_long_base_gets_a_short_socket_directory_of_its_own() {
    let short = Layout { base: PathBuf::from("/srv/data") };
    assert_eq!(short.socket_directory(), Path::new("/srv/data/s"));
    let long = Layout { base: PathBuf::from(format!("/srv/{}", "x".repeat(90))) };
    let other = Layout { base: PathBuf::from(format!("/srv/{}", "y".repeat(90))) };
    let directory = long.socket_directory();
    assert!(directory.starts_with("/tmp"), "{}", directory.display());
    assert!(long.socket().as_os_str().len() <= LONGEST_SOCKET_PATH);
    assert_eq!(directory, long.socket_directory());
    assert_ne!(directory, other.socket_directory());
}

#[test]
fn the_socket_path_may_be_just_as_long_as_allowed() {
    let rest = LONGEST_SOCKET_PATH - "/s/.s.PGSQL.5432".len() - 1;
    let fits = Layout { base: PathBuf::from(format!("/{}", "x".repeat(rest))) };
    assert_eq!(fits.socket().as_os_str().len(), LONGEST_SOCKET_PATH);
    assert!(fits.socket().starts_with(fits.base()));
    let over = Layout { base: PathBuf::from(format!("/{}", "x".repeat(rest + 1))) };
    assert!(!over.socket().starts_with(over.base()));
}

#[test]
fn a_base_that_others_may_write_to_is_refused_unless_it_is_ours_to_close() {
    let outer = tempfile::tempdir().expect("temporary directory");
    let base = outer.path().join("base");
    fs::create_dir(&base).expect("base");
    set_mode(&base, 0o777).expect("chmod");
    let layout = Layout::prepare(&base).expect("an empty one is closed");
    assert_eq!(mode(layout.base()).expect("mode") & 0o022, 0);

    set_mode(&base, 0o777).expect("chmod");
    fs::write(base.join("something else"), "").expect("file");
    assert!(matches!(Layout::prepare(&base), Err(PrivateServerError::Untrusted { .. })));
}

#[test]
fn data_directories_are_newest_first_and_must_be_what_they_say() {
    let base = tempfile::tempdir().expect("temporary directory");
    let layout = Layout::prepare(base.path()).expect("layout");
    for major in [15, 18] {
        fs::create_dir(layout.data(major)).expect("data");
        fs::write(layout.data(major).join("PG_VERSION"), format!("{major}\n")).expect("version");
    }
    fs::create_dir(layout.base().join("pg15.init")).expect("left over");
    let majors: Vec<u32> =
        layout.data_directories().expect("list").into_iter().map(|found| found.0).collect();
    assert_eq!(majors, [18, 15]);
    fs::write(layout.data(15).join("PG_VERSION"), "14\n").expect("version");
    assert!(matches!(layout.data_directories(), Err(PrivateServerError::Untrusted { .. })));
}
