//! What the service is measured against: the same HTTP server, settings and headers, and nothing to think about.
//!
//! Leaves to the benches how many bytes it answers, and what it is asked.

use super::cores;
use actix_web::http::header;
use actix_web::{App, HttpResponse, HttpServer, web};
use probation_directory::http::block_on;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// Starts a server with one worker on a core that reads each request's body and answers with these bytes.
///
/// It takes the service's own path, so that both can be sent the same requests.
pub fn serve(body: Vec<u8>, core: Option<usize>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let body = web::Bytes::from(body);
    std::thread::spawn(move || {
        cores::pin(core);
        block_on(async move {
            HttpServer::new(move || {
                App::new().app_data(web::Data::new(body.clone())).route("/graphql", web::post().to(fixed))
            })
            .workers(1)
            .client_request_timeout(Duration::from_secs(5))
            .keep_alive(Duration::from_secs(30))
            .disable_signals()
            .listen(listener)
            .expect("a server")
            .run()
            .await
        })
    });
    address
}

async fn fixed(_read: web::Bytes, body: web::Data<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("X-Request-Id", "00000000-00000000"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept, Authorization"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .content_type("application/json; charset=utf-8")
        .body(web::Bytes::clone(&body))
}
