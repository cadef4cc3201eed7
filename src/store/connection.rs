//! Where the database is and how it is reached: TLS by `sslmode`, and bounds on every wait.

use super::{Connection, OPEN, StoreError};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use futures_util::FutureExt;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How far the server is trusted, as `sslmode` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Never encrypted.
    Disable,
    /// Encrypted where the server can, without checking who it is.
    Prefer,
    /// Always encrypted; who it is is checked only where root certificates are named.
    Require,
    /// Always encrypted; its certificate must come from a trusted authority.
    VerifyCa,
    /// The same, and the certificate must be for the host asked for.
    VerifyFull,
}

/// The address of a database.
#[derive(Clone)]
pub struct Target {
    url: String,
    tls: Tls,
    root_certificates: Option<PathBuf>,
}

impl Target {
    /// A target by URL. `url` carries no `sslmode` of its own.
    pub fn new(url: String, tls: Tls, root_certificates: Option<PathBuf>) -> Target {
        Target { url, tls, root_certificates }
    }

    /// A database of the private server: a unix socket, so never encrypted.
    pub fn private(url: String) -> Target {
        Target::new(url, Tls::Disable, None)
    }

    pub(super) fn manager(&self) -> Result<AsyncDieselConnectionManager<Connection>, StoreError> {
        // Certificates are read once here, so that a missing file stops us at the start.
        let connector = Connector::new(self)?;
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Verified;
        config.custom_setup = Box::new(move |_| {
            let connector = connector.clone();
            async move { connector.connect().await }.boxed()
        });
        Ok(AsyncDieselConnectionManager::new_with_config(String::new(), config))
    }

    pub(super) async fn connect(&self) -> Result<Connection, StoreError> {
        let connector = Connector::new(self)?;
        match tokio::time::timeout(OPEN, connector.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(StoreError::Unavailable(reason(&error))),
            Err(_) => Err(StoreError::Unavailable("no answer within the time allowed".to_owned())),
        }
    }
}

fn reason(error: &ConnectionError) -> String {
    match error {
        // tokio-postgres says "error connecting to server: Connection refused" and the like, never the URL.
        ConnectionError::BadConnection(what) => what.clone(),
        _ => "the connection could not be opened".to_owned(),
    }
}

#[derive(Clone)]
struct Connector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

/// Bounds of every session, behind what the address itself asks for.
const OPTIONS: &str =
    "-c lock_timeout=5s -c idle_in_transaction_session_timeout=30s -c statement_timeout=60s";

impl Connector {
    fn new(target: &Target) -> Result<Connector, StoreError> {
        let mut config = Config::from_str(&target.url)
            .map_err(|_| StoreError::Unavailable("the address of the database cannot be read, or has a parameter that the driver does not know".to_owned()))?;
        // A unix socket leaves the machine nowhere and has no host name to check: as in libpq, it is never encrypted.
        let is_local = !config.get_hosts().is_empty()
            && config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
        let mode = if is_local { Tls::Disable } else { target.tls };
        let options = format!("{} {OPTIONS}", config.get_options().unwrap_or_default());
        config
            .application_name("probation-directory")
            .connect_timeout(OPEN)
            .keepalives_idle(Duration::from_secs(15))
            .tcp_user_timeout(Duration::from_secs(5))
            .options(options.trim_start())
            .ssl_mode(match mode {
                Tls::Disable => SslMode::Disable,
                Tls::Prefer => SslMode::Prefer,
                Tls::Require | Tls::VerifyCa | Tls::VerifyFull => SslMode::Require,
            });
        let tls = match mode {
            Tls::Disable => None,
            _ => Some(MakeRustlsConnect::new(client(target)?)),
        };
        Ok(Connector { config, tls })
    }

    async fn connect(&self) -> ConnectionResult<Connection> {
        let bad = |error: tokio_postgres::Error| {
            let cause =
                std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            ConnectionError::BadConnection(format!("{error}{cause}"))
        };
        match &self.tls {
            None => {
                let (client, connection) = self.config.connect(NoTls).await.map_err(bad)?;
                Connection::try_from_client_and_connection(client, connection).await
            }
            Some(tls) => {
                let (client, connection) = self.config.connect(tls.clone()).await.map_err(bad)?;
                Connection::try_from_client_and_connection(client, connection).await
            }
        }
    }
}

fn client(target: &Target) -> Result<ClientConfig, StoreError> {
    let provider = Arc::new(ring::default_provider());
    let is_checked =
        matches!(target.tls, Tls::VerifyCa | Tls::VerifyFull) || target.root_certificates.is_some();
    let chain = match is_checked {
        true => Some(
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots(target)?), Arc::clone(&provider))
                .build()
                .map_err(|_| StoreError::Unavailable("no usable root certificate was found".to_owned()))?,
        ),
        false => None,
    };
    let verifier =
        Verifier { provider: Arc::clone(&provider), chain, is_host_checked: target.tls == Tls::VerifyFull };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| StoreError::Fault("TLS could not be set up".to_owned()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

fn roots(target: &Target) -> Result<RootCertStore, StoreError> {
    let mut roots = RootCertStore::empty();
    match &target.root_certificates {
        Some(path) => {
            let unreadable = || {
                StoreError::Unavailable(format!(
                    "sslrootcert {} holds no certificate that can be read",
                    path.display()
                ))
            };
            for certificate in CertificateDer::pem_file_iter(path).map_err(|_| unreadable())? {
                roots.add(certificate.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
            }
        }
        None => {
            let _ = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    Ok(roots)
}

/// Checks a server as far as `sslmode` asks: not at all, its chain, or its chain and its name.
#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    chain: Option<Arc<WebPkiServerVerifier>>,
    is_host_checked: bool,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is checked last: this error says that the chain holds.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.is_host_checked => Ok(ServerCertVerified::assertion()),
            checked => checked,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
