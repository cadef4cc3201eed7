//! What the chain of changes is for: whoever alters, takes away or forges a change with the database in their hands is found,
//! at the version where it was done, or where a chain alone cannot tell, by a head that was kept elsewhere.

use crate::marks::command;
use crate::support::TestDatabase;
use crate::support::database::RUNTIME;
use diesel_async::SimpleAsyncConnection;
use probation_directory::store::audit::{Broken, ChainHead, How, KeptHead};
use std::process::Output;
use tempfile::TempDir;

/// A chain of seven, the seed's change among them.
fn chain() -> TestDatabase {
    let database = TestDatabase::seeded();
    let mut connection = database.connection();
    for number in 2..=7 {
        let statement = format!(
            "INSERT INTO change (actor, action, reason, body) VALUES ('key:abcdefgh', 'TEST', 'because', '{{\"n\": {number}.50, \"\u{e9}\": [\"a\\nb\", null]}}')"
        );
        RUNTIME.block_on(connection.batch_execute(&statement)).expect("a change");
    }
    database
}

fn verify(database: &TestDatabase, kept: Option<KeptHead>) -> Result<ChainHead, Broken> {
    RUNTIME.block_on(database.store.verify_chain(kept)).expect("a database")
}

fn head(database: &TestDatabase) -> KeptHead {
    let ChainHead { version, hash, .. } = verify(database, None).expect("a chain that holds");
    KeptHead { version, hash }
}

/// Does what no trigger lets anybody do, as a superuser can.
fn tamper(database: &TestDatabase, statements: &str) {
    let around =
        |word: &str| format!("ALTER TABLE change {word} TRIGGER ALL; ALTER TABLE head {word} TRIGGER ALL");
    let mut session = database.connection();
    let all = format!("{}; {statements}; {}", around("DISABLE"), around("ENABLE"));
    RUNTIME.block_on(session.batch_execute(&all)).unwrap_or_else(|error| panic!("{statements}: {error}"));
}

/// The head as it would be had the last change been the last.
const MOVE_HEAD: &str = "UPDATE head SET (version, at, hash) = (SELECT version, at, hash FROM change ORDER BY version DESC LIMIT 1)";
/// Makes every hash from version 3 on anew.
const WRITE_ANEW: &str = "DO $$ DECLARE v bigint; BEGIN FOR v IN 3..7 LOOP \
    UPDATE change SET previous_hash = (SELECT hash FROM change WHERE version = v - 1) WHERE version = v; \
    UPDATE change c SET hash = change_hash(c) WHERE version = v; END LOOP; END $$";

const FORGED: &str = "INSERT INTO change SELECT (c).* FROM (SELECT jsonb_populate_record(c, '{\"version\": 8, \"actor\": \"forger\"}') AS c \
    FROM change c WHERE version = 7) AS forged";

#[test]
fn a_chain_that_nobody_touched_holds_and_tells_its_head() {
    let database = chain();
    let found = verify(&database, None).expect("a chain that holds");
    assert_eq!(found.version, 7);
    let hex: String = found.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, database.text("SELECT encode(hash, 'hex') AS text FROM head"));
    let kept: Vec<KeptHead> = (1..=7)
        .map(|version| {
            let hash = database
                .text(&format!("SELECT encode(hash, 'hex') AS text FROM change WHERE version = {version}"));
            let byte =
                |index: usize| u8::from_str_radix(&hash[2 * index..2 * index + 2], 16).expect("hexadecimal");
            KeptHead { version, hash: std::array::from_fn(byte) }
        })
        .collect();
    for head in kept {
        assert_eq!(verify(&database, Some(head)), Ok(found));
    }
    // Before anything was recorded there is a chain, too, of nothing.
    let empty = TestDatabase::migrated();
    assert_eq!(verify(&empty, None).map(|head| (head.version, head.at)), Ok((0, None)));
}

#[test]
fn every_tampering_is_found_at_the_version_where_it_was_done() {
    let swap = "UPDATE change SET version = 100 WHERE version = 3; UPDATE change SET version = 3 WHERE version = 4; \
        UPDATE change SET version = 4 WHERE version = 100";
    let squeeze = "UPDATE change SET version = version + 100 WHERE version > 4; \
        INSERT INTO change SELECT (c).* FROM (SELECT jsonb_populate_record(c, '{\"version\": 5, \"actor\": \"forger\"}') AS c \
          FROM change c WHERE version = 4) AS forged; \
        UPDATE change SET version = version - 99 WHERE version > 100";
    let sign = |version: i64| {
        format!(
            "UPDATE change SET previous_hash = (SELECT hash FROM change WHERE version = {version} - 1) WHERE version = {version}; \
             UPDATE change c SET hash = change_hash(c) WHERE version = {version}"
        )
    };
    for (what, statements, version, how) in [
        (
            "a body",
            "UPDATE change SET body = body || '{\"n\": 9}' WHERE version = 3".to_owned(),
            3,
            How::Altered,
        ),
        (
            "a number's form",
            "UPDATE change SET body = body || '{\"n\": 3.5}' WHERE version = 3".to_owned(),
            3,
            How::Altered,
        ),
        ("an actor", "UPDATE change SET actor = 'key:other' WHERE version = 4".to_owned(), 4, How::Altered),
        ("a reason", "UPDATE change SET reason = NULL WHERE version = 4".to_owned(), 4, How::Altered),
        (
            "an instant",
            "UPDATE change SET at = at + interval '1 microsecond' WHERE version = 5".to_owned(),
            5,
            How::Altered,
        ),
        ("a row in the middle", "DELETE FROM change WHERE version = 4".to_owned(), 4, How::Missing),
        ("the first row", "DELETE FROM change WHERE version = 1".to_owned(), 1, How::Missing),
        ("the last rows", "DELETE FROM change WHERE version > 5".to_owned(), 6, How::Missing),
        ("a forged row at the end", FORGED.to_owned(), 8, How::Altered),
        ("the same with the head", format!("{FORGED}; {MOVE_HEAD}"), 8, How::Altered),
        (
            "a forged row that was hashed, without the head",
            format!("{FORGED}; UPDATE change SET at = at + interval '1s' WHERE version = 8; {}", sign(8)),
            8,
            How::NotTheHead,
        ),
        ("a forged row in the middle", squeeze.to_owned(), 5, How::Altered),
        // The forged one holds in itself; the one after it was not made on it.
        (
            "the same, hashed",
            format!(
                "{squeeze}; UPDATE change SET at = at + interval '1 microsecond' WHERE version = 5; {}; {MOVE_HEAD}",
                sign(5)
            ),
            6,
            How::Altered,
        ),
        ("two versions that were swapped", swap.to_owned(), 3, How::Altered),
        (
            "an actor, hashed",
            format!("UPDATE change SET actor = 'x' WHERE version = 4; {}", sign(4)),
            5,
            How::NotAfterTheOneBefore,
        ),
        (
            "an instant before the one before",
            format!(
                "UPDATE change SET at = at - interval '1 day' WHERE version = 7; {}; {MOVE_HEAD}",
                sign(7)
            ),
            7,
            How::NotLater,
        ),
        (
            "the head's instant",
            "UPDATE head SET at = at + interval '1 second'".to_owned(),
            7,
            How::NotTheHead,
        ),
        ("the head", "DELETE FROM head".to_owned(), 7, How::NotTheHead),
    ] {
        let database = chain();
        tamper(&database, &statements);
        assert_eq!(verify(&database, None), Err(Broken { version, how }), "{what}");
    }
}

#[test]
fn what_a_chain_cannot_tell_of_itself_a_head_tells_that_was_kept() {
    for (what, statements, version, how) in [
        (
            "the last rows with the head set back",
            format!("DELETE FROM change WHERE version > 5; {MOVE_HEAD}"),
            6,
            How::Missing,
        ),
        (
            "a chain that was written anew",
            format!("UPDATE change SET actor = 'x' WHERE version = 3; {WRITE_ANEW}; {MOVE_HEAD}"),
            7,
            How::NotAsKept,
        ),
    ] {
        let database = chain();
        let kept = head(&database);
        tamper(&database, &statements);
        assert!(verify(&database, None).is_ok(), "{what} cannot be seen without a head that was kept");
        assert_eq!(verify(&database, Some(kept)), Err(Broken { version, how }), "{what}");
    }
}

#[test]
fn a_database_whose_own_functions_were_altered_deceives_nobody() {
    let database = chain();
    tamper(&database, "UPDATE change SET actor = 'x' WHERE version = 3");
    let lies = "CREATE OR REPLACE FUNCTION first_bad_change() RETURNS bigint LANGUAGE sql STABLE RETURN NULL::bigint; \
        CREATE OR REPLACE FUNCTION change_hash(c change) RETURNS bytea LANGUAGE sql STABLE RETURN c.hash";
    RUNTIME.block_on(database.connection().batch_execute(lies)).expect("lies");
    assert_eq!(RUNTIME.block_on(database.store.first_bad_change()).expect("an answer"), None);
    assert_eq!(verify(&database, None), Err(Broken { version: 3, how: How::Altered }));
}

fn verify_audit(database: &TestDatabase, arguments: &[&str]) -> (Option<i32>, String) {
    let folder = TempDir::new().expect("a folder");
    let ran = command(folder.path(), &database.url).arg("verify-audit").args(arguments).output();
    let Output { status, stdout, .. } = ran.expect("the program");
    (status.code(), String::from_utf8(stdout).expect("text"))
}

#[test]
fn the_command_prints_the_head_that_it_takes_the_next_time_and_fails_where_the_chain_breaks() {
    let database = chain();
    let hash = database.text("SELECT encode(hash, 'hex') AS text FROM head");
    let at = database
        .text("SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS text FROM head");
    let due = "ok     7 changes, each as it was recorded and after the one before it\n";
    let last = format!("head   7:{hash} {at}\n");
    assert_eq!(verify_audit(&database, &[]), (Some(0), format!("{due}{last}")));
    let kept = format!("7:{hash}");
    let since = format!("{due}ok     version 7 is the one that was kept\n{last}");
    assert_eq!(verify_audit(&database, &["--since", &kept]), (Some(0), since));
    tamper(&database, &format!("DELETE FROM change WHERE version > 5; {MOVE_HEAD}"));
    assert_eq!(verify_audit(&database, &[]).0, Some(0));
    let gone = (Some(1), "FAILED version 6 is missing\n".to_owned());
    assert_eq!(verify_audit(&database, &["--since", &kept]), gone);
    tamper(&database, "UPDATE change SET actor = 'x' WHERE version = 2");
    let (code, out) = verify_audit(&database, &[]);
    assert_eq!((code, out.starts_with("FAILED version 2 was altered")), (Some(1), true), "{out}");
    assert_eq!(verify_audit(&database, &["--since", "7"]).0, Some(2));
}
