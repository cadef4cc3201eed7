//! A client of the service: GraphQL over real HTTP, and raw requests for hostile ones.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// A client of one address.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// The address.
    pub address: SocketAddr,
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(&self.body)))
    }

    /// The body as JSON, without what is told of the request's cost.
    pub fn answer(&self) -> Value {
        let mut body = self.json();
        body.as_object_mut().map(|members| members.remove("extensions"));
        body
    }

    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Client {
    /// A client of an address.
    pub fn new(address: SocketAddr) -> Client {
        Client { address }
    }

    /// Sends a request and reads the whole answer.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        self.raw(&[head.as_bytes(), body].concat())
    }

    /// Sends bytes as they are and reads until the server closes.
    pub fn raw(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        // A server that refuses early may close while we still write.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        parse(&answer)
    }

    /// Sends bytes as they are and reads one whole answer, and not until the server closes, which it may take its
    /// time for. Fails where no answer comes.
    pub fn answer(&self, bytes: &[u8]) -> std::io::Result<Reply> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let _ = stream.write_all(bytes);
        let (mut answer, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
        loop {
            let length = stream.read(&mut buffer)?;
            answer.extend_from_slice(&buffer[..length]);
            let head = answer.windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(mut reply) = head.map(|_| parse(&answer)) {
                let wanted = reply.header("content-length").and_then(|text| text.parse::<usize>().ok());
                if length == 0 || wanted.is_some_and(|wanted| reply.body.len() >= wanted) {
                    reply.body.truncate(wanted.unwrap_or(usize::MAX));
                    return Ok(reply);
                }
            } else if length == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// Posts a GraphQL request.
    pub fn post(&self, request: &Value) -> Reply {
        self.send("POST", "/graphql", &[("content-type", "application/json")], request.to_string().as_bytes())
    }

    /// The data of a query that must have no errors.
    pub fn data(&self, query: &str, variables: Value) -> Value {
        let reply = self.post(&json!({ "query": query, "variables": variables }));
        let body = reply.json();
        assert!(body.get("errors").is_none(), "{query} with {variables}: {body}");
        body["data"].clone()
    }

    /// The first error of a query that must have one.
    pub fn error(&self, query: &str, variables: Value) -> Value {
        let body = self.post(&json!({ "query": query, "variables": variables })).json();
        let error = body["errors"][0].clone();
        assert!(!error.is_null(), "{query} with {variables}: {body}");
        error
    }
}

fn parse(answer: &[u8]) -> Reply {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_else(|| {
        panic!("no whole head in {:?}", String::from_utf8_lossy(answer));
    });
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .expect("a status");
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Reply { status, headers, body: answer[end + 4..].to_vec() }
}
