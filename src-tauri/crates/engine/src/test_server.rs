//! A web server for tests of requests: it sends prepared responses and records the requests.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// A server on this computer.
pub(crate) struct TestServer {
    /// The address of its only document.
    pub(crate) url: String,
    thread: JoinHandle<Vec<String>>,
}

impl TestServer {
    /// Starts the server. For an empty response the connection stays open until the client closes it.
    pub(crate) fn with_responses(responses: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/document.json", listener.local_addr().expect("an address"));
        let thread = thread::spawn(move || {
            let respond = |response: String| respond(listener.accept().expect("a request").0, &response);
            responses.into_iter().map(respond).collect()
        });
        Self { url, thread }
    }

    /// Waits until all responses were requested, and returns the heads of the requests in lower case.
    pub(crate) fn requests(self) -> Vec<String> {
        self.thread.join().expect("every response was requested")
    }
}

/// Returns a response with a document and its etag.
pub(crate) fn ok(etag: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// Returns a response without a document.
pub(crate) fn bare(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn respond(mut stream: TcpStream, response: &str) -> String {
    let mut reader = BufReader::new(stream.try_clone().expect("the same connection"));
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).expect("a line") > 0 {}
    if response.is_empty() {
        // Waits until the client closes the connection.
        let _ = io::copy(&mut reader, &mut io::sink());
    }
    // The client may have closed the connection.
    let _ = stream.write_all(response.as_bytes());
    head.to_ascii_lowercase()
}
