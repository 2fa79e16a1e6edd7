//! A proxy between devices and hubs that records requests, and drops, delays, repeats and reorders them.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the proxy does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NetworkFault {
    /// Passes on the request and the response.
    None,
    /// Closes the connection without passing on the request.
    DropRequest,
    /// Passes on the request and closes the connection without the response.
    DropResponse,
    /// Passes on the request after a while.
    Delay,
    /// Passes on the request twice, and the first response.
    Repeat,
    /// Closes the connection, and passes on the request after the next one.
    Reorder,
}

/// A proxy. It runs until the program ends.
pub(super) struct Proxy {
    pub(super) url: String,
    state: Arc<Mutex<ProxyState>>,
}

struct ProxyState {
    hubs: Vec<SocketAddr>,
    random: Random,
    is_faulty: bool,
    late: Vec<Vec<u8>>,
    requests: Vec<Vec<u8>>,
    faults: u64,
}

impl Proxy {
    /// Starts a proxy in front of hubs.
    pub(super) fn start(hubs: Vec<SocketAddr>, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (late, requests) = (Vec::new(), Vec::new());
        let state = ProxyState { hubs, random: Random(seed), is_faulty: false, late, requests, faults: 0 };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { url, state }
    }

    /// Starts or ends the faults.
    pub(super) fn set_faulty(&self, is_faulty: bool) {
        self.with(|state| state.is_faulty = is_faulty);
    }

    /// Replaces the address of a hub.
    pub(super) fn set_hub(&self, index: usize, address: SocketAddr) {
        self.with(|state| state.hubs[index] = address);
    }

    /// Returns the number of faults so far.
    pub(super) fn fault_count(&self) -> u64 {
        self.with(|state| state.faults)
    }

    /// Passes on all requests that were held back.
    pub(super) fn deliver_late_requests(&self) {
        let (late, hub) = self.with(|state| (std::mem::take(&mut state.late), state.hubs[0]));
        for request in late {
            let _ = forward(&request, hub);
        }
    }

    /// Returns the requests so far as text, with decompressed bodies.
    pub(super) fn recorded_text(&self) -> String {
        self.with(|state| state.requests.iter().map(|request| to_text(request)).collect())
    }

    fn with<T>(&self, work: impl FnOnce(&mut ProxyState) -> T) -> T {
        work(&mut self.state.lock().expect("no thread has panicked"))
    }
}

impl ProxyState {
    fn next_fault(&mut self) -> NetworkFault {
        let fault = match self.is_faulty {
            false => NetworkFault::None,
            true => match self.random.below(10) {
                0 => NetworkFault::DropRequest,
                1 | 2 => NetworkFault::DropResponse,
                3 => NetworkFault::Delay,
                4 => NetworkFault::Repeat,
                5 => NetworkFault::Reorder,
                _ => NetworkFault::None,
            },
        };
        self.faults += u64::from(fault != NetworkFault::None);
        fault
    }

    fn next_hub(&mut self) -> SocketAddr {
        let index = self.random.below(self.hubs.len() as u64);
        self.hubs[index as usize]
    }
}

fn serve(mut stream: TcpStream, state: &Mutex<ProxyState>) {
    let Some(request) = read_request(&mut stream) else { return };
    let (fault, hub, again, late) = {
        let mut state = state.lock().expect("no thread has panicked");
        state.requests.push(request.clone());
        let late = std::mem::take(&mut state.late);
        (state.next_fault(), state.next_hub(), state.next_hub(), late)
    };
    let response = match fault {
        NetworkFault::None => forward(&request, hub),
        NetworkFault::DropRequest => None,
        NetworkFault::DropResponse => {
            let _ = forward(&request, hub);
            None
        }
        NetworkFault::Delay => {
            std::thread::sleep(Duration::from_millis(40));
            forward(&request, hub)
        }
        NetworkFault::Repeat => {
            let response = forward(&request, hub);
            let _ = forward(&request, again);
            response
        }
        NetworkFault::Reorder => {
            state.lock().expect("no thread has panicked").late.push(request);
            None
        }
    };
    for request in late {
        let _ = forward(&request, hub);
    }
    if let Some(response) = response {
        let _ = stream.write_all(&response);
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// Reads a request with its body. Returns `None` if the client went away.
fn read_request(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        let len = stream.read(&mut part).ok().filter(|len| *len > 0)?;
        request.extend_from_slice(&part[..len]);
        let Some(head) = head_len(&request) else { continue };
        if request.len() >= head + body_len(&request[..head]) {
            return Some(request);
        }
    }
}

fn head_len(request: &[u8]) -> Option<usize> {
    request.windows(4).position(|end| end == b"\r\n\r\n").map(|at| at + 4)
}

fn body_len(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0)
}

/// Sends a request to a hub and returns its response. Returns `None` if the hub broke off.
fn forward(request: &[u8], hub: SocketAddr) -> Option<Vec<u8>> {
    let head = head_len(request)?;
    let mut stream = TcpStream::connect(hub).ok()?;
    stream.write_all(&request[..head - 2]).ok()?;
    stream.write_all(b"connection: close\r\n\r\n").ok()?;
    stream.write_all(&request[head..]).ok()?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).ok()?;
    let head = head_len(&response)?;
    (response.len() >= head + body_len(&response[..head])).then_some(response)
}

fn to_text(request: &[u8]) -> String {
    let head = head_len(request).expect("a whole request");
    let mut body = String::new();
    flate2::read::GzDecoder::new(&request[head..]).read_to_string(&mut body).expect("it is compressed text");
    format!("{}{body}\n", String::from_utf8_lossy(&request[..head]))
}

/// Numbers that look random and are the same for a seed (SplitMix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    /// Returns the next number below a limit.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
