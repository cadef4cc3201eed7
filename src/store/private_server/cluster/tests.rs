//! Tests of the command line; that servers start and stop is tested with the program itself.

use super::*;

#[test]
fn the_command_line_keeps_values_out_of_the_log_and_the_network_out_of_the_server() {
    let outer = tempfile::tempdir().expect("temporary directory");
    let base = outer.path().join("a,b \"c");
    fs::create_dir(&base).expect("base");
    let layout = Layout::prepare(&base).expect("layout");
    let account = Account::ourselves();
    let mut cluster =
        Cluster { layout: &layout, account: &account, binaries: Path::new("/bin"), major: 15, durable: true };
    let line = |cluster: &Cluster<'_>| format!("{:?}", cluster.command(&layout.data(15)));
    for setting in ["listen_addresses=", "log_statement=none", "log_parameter_max_length=0", "fsync=on"] {
        assert!(line(&cluster).contains(&format!("\"{setting}\"")), "{setting}: {}", line(&cluster));
    }
    // Quoted for PostgreSQL, and once more by Debug.
    assert!(line(&cluster).contains("a,b \\\"\\\"c/s\\\""), "{}", line(&cluster));
    cluster.durable = false;
    assert!(line(&cluster).contains("\"fsync=off\""));
}
