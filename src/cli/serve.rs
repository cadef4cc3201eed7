//! `serve`: everything started in order, told to whoever started it, and stopped in order.

use super::database::{Connected, Database};
use super::key::first_key;
use super::{Failure, told};
use crate::actions::follow_changes::Follower;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, DirectoryDate, TrustedDocuments};
use crate::directory::api_key::ApiKey;
use crate::directory::live::{LiveDirectory, Loaded};
use crate::domain::organisation::BodyKind;
use crate::graphql::{Gate, Trust, Trusted};
use crate::http::{Admission, Allowance, DirectoryDay, Port, Service, serve as serve_http};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// Bytes of a MiB.
const MIB: usize = 1024 * 1024;

/// How often the private server is looked after.
const LOOK_AFTER: Duration = Duration::from_secs(1);

/// Starts and serves until it is told to stop.
pub fn serve(database: &Database<'_>) -> Result<(), Failure> {
    let config = database.config;
    // The port is taken first: nothing is started that a taken port would leave behind.
    let port = Port::take(config.bind).map_err(|error| {
        Failure::Failed(format!(
            "cannot listen on {}: {error}; set BIND to a free address and port",
            config.bind
        ))
    })?;
    let address = port.address;
    let gate = Gate::new(trusted(config)?);
    let (connected, prepared) = database.prepared_with_report()?;
    let first_key = first_key(&connected)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let live = Arc::new(LiveDirectory::default());
    let follower = Follower {
        store: connected.store.clone(),
        live: Arc::clone(&live),
        clock: Arc::clone(&clock),
        poll: config.poll,
    };
    connected.run(follower.refresh())?;
    let day = match config.directory_date {
        DirectoryDate::Today => DirectoryDay::Today,
        DirectoryDate::Day(day) => DirectoryDay::Fixed(day),
    };
    let service = Service::new(Arc::clone(&live), connected.store.clone(), clock, day);
    let service = Service {
        gate,
        allowance: Arc::new(Allowance::new(config.cost_per_minute)),
        admission: Arc::new(Admission::new(config.open_requests)),
        cors_origins: config.cors_origins.clone(),
        answer_bytes: config.answer_cache_mib * MIB,
        ..service.map_err(Failure::failed)?
    };
    if let Some(seed) = &prepared.seed
        && seed.version.is_some()
    {
        eprintln!("{}", told(seed));
    }
    if let Some(version) = prepared.examples {
        eprintln!("Version {version}: the example boards were loaded; every person on them is made up.");
    }
    look_after_private_server(&connected);
    connected.runtime().spawn(follower.follow());
    let loaded = live.current().ok_or_else(|| Failure::Failed("no directory was loaded".to_owned()))?;
    let welcome = welcome(address, &loaded, &service, &connected, first_key.as_ref());
    run_http(service, port, config.workers, config.shutdown, &welcome)?;
    connected.store.close();
    eprintln!("Stopped.");
    Ok(())
}

/// The documents that are trusted: the project's own, and those of the manifests.
fn trusted(config: &Config) -> Result<Trusted, Failure> {
    let mut manifests = Vec::new();
    for path in &config.trusted_manifests {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let file = path.display();
            Failure::Failed(format!("TRUSTED_MANIFESTS: {file} cannot be read: {error}"))
        })?;
        manifests.push((path.display().to_string(), text));
    }
    let trust = match config.trusted_documents {
        TrustedDocuments::Off => Trust::Off,
        TrustedDocuments::Allow => Trust::Allow,
        TrustedDocuments::Only => Trust::Only,
    };
    Trusted::new(trust, &manifests)
        .map_err(|faults| Failure::Failed(format!("TRUSTED_MANIFESTS:\n  {}", faults.join("\n  "))))
}

fn run_http(
    service: Service,
    port: Port,
    workers: usize,
    shutdown: Duration,
    welcome: &str,
) -> Result<(), Failure> {
    let waiting = Arc::clone(&service.waiting);
    crate::http::block_on(async move {
        let server = serve_http(service, port, workers, shutdown)?;
        let handle = server.handle();
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        // Only now is everything true that the welcome says: it answers, and a signal stops it in order.
        super::print(welcome).map_err(|_| std::io::Error::other("the welcome could not be printed"))?;
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            eprintln!("Stopping: open requests are answered first.");
            // Whoever waits for a change is answered with what there is.
            waiting.end();
            handle.stop(true).await;
        });
        server.await
    })
    .map_err(|error: std::io::Error| Failure::failed(error))
}

/// Starts the keeper of the private server again should it be killed.
fn look_after_private_server(connected: &Connected) {
    let Some(private) = connected.private.clone() else { return };
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(LOOK_AFTER);
            if let Err(error) = private.ensure() {
                log::error!("the private PostgreSQL server cannot be kept running: {error}");
            }
        }
    });
}

/// What is printed once everything answers.
fn welcome(
    address: SocketAddr,
    loaded: &Loaded,
    service: &Service,
    connected: &Connected,
    first_key: Option<&ApiKey>,
) -> String {
    let directory = &loaded.directory;
    let count = |kind| directory.bodies(kind).len();
    let place = match &connected.private {
        Some(private) => format!("private PostgreSQL {}", private.version()),
        None => "the database of DATABASE_URL".to_owned(),
    };
    let key = first_key.map_or(String::new(), |key| {
        let key = key.expose();
        format!("\nAn administrator's key, shown this once; send it as Authorization: Bearer:\n\n  {key}\n")
    });
    let authorities = directory
        .view(service.directory_date(), Default::default())
        .authorities()
        .map_or(0, |set| set.listed);
    format!(
        "\
Probation Directory {program} answers at http://{address}/graphql
  directory date {date}, version {version}, on {place}
  {areas} MAPPA areas, {trusts} trusts, {divisions} NPS divisions, {companies} companies, {forces} police forces, {authorities} local authorities, {boards} boards
{key}
Three questions to copy:

  curl -s http://{address}/graphql -H 'content-type: application/json' -d '{{\"query\":\"{{ locate(place: {{ name: \\\"Sefton\\\" }}) {{ mappaArea {{ name }} probationTrust {{ name }} npsDivision {{ name }} crc {{ name }} }} }}\"}}'

  curl -s http://{address}/graphql -H 'content-type: application/json' -d '{{\"query\":\"{{ mappaArea(slug: \\\"lincolnshire\\\", on: \\\"2014-05-01\\\", calendar: OPERATIONAL) {{ inCharge {{ name period {{ from lastDay }} }} otherCalendarDiffers }} }}\"}}'

  curl -s http://{address}/graphql -H 'content-type: application/json' -d '{{\"query\":\"{{ directory {{ version checks {{ name left right holds }} }} }}\"}}'

Ctrl-C stops it.",
        program = env!("CARGO_PKG_VERSION"),
        date = service.directory_date(),
        version = directory.version(),
        areas = count(BodyKind::MappaArea),
        trusts = count(BodyKind::ProbationTrust),
        divisions = count(BodyKind::NpsDivision),
        companies = count(BodyKind::Crc),
        forces = count(BodyKind::PoliceForce),
        boards = directory.boards().count(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::DEFAULT_DIRECTORY_DATE;
    use crate::http::{ANSWER_BYTES, COST_PER_MINUTE, OPEN_REQUESTS};

    // The settings name nothing of the house, and the house not them: what holds unless they are set is said twice.
    #[test]
    fn settings_that_are_not_set_say_what_holds_without_settings() {
        let config = Config::default();
        assert_eq!(config.cost_per_minute, COST_PER_MINUTE);
        assert_eq!(config.open_requests, OPEN_REQUESTS);
        assert_eq!(config.answer_cache_mib * MIB, ANSWER_BYTES);
        assert_eq!(config.directory_date, DirectoryDate::Day(DEFAULT_DIRECTORY_DATE));
    }
}
