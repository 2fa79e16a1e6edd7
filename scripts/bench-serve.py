#!/usr/bin/env python3
"""Measures the web server's live updates: the time from a line in a log to its event at each client.

    python3 scripts/bench-serve.py                          100 clients, one of which is stopped
    python3 scripts/bench-serve.py --clients 10 --rate 200 --seconds 30

Uses the program in target/release, or that in TOKEN_MONITOR, with logs in a temporary folder. Prints the times of all clients
but the stopped one, and the memory of the server at the start and at the end. Fails above the limits of the last lines.
"""

import argparse
import asyncio
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOKEN = "bench-serve-token-0001"
MESSAGES = re.compile(rb'"messageCount":(\d+)')

# The limits: the 99th percentile in milliseconds, and the growth of memory in MiB.
MAX_P99 = 50
MAX_GROWTH = 32


def line(number: int) -> str:
    """Returns a line with usage, as Claude Code writes it."""
    usage = {"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())
    message = {"id": f"msg_{number}", "model": "claude-opus-4-8", "usage": usage}
    return json.dumps({"type": "assistant", "sessionId": "bench", "timestamp": now, "message": message}) + "\n"


def resident_mib(pid: int) -> float:
    """Returns the resident memory of a process."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


async def follow(host: str, port: int, written: list, times: list) -> None:
    """Reads events and notes the time since the newest message in each was written."""
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 22)
    writer.write(f"GET /api/v1/events HTTP/1.0\r\nHost: {host}:{port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    seen = 0
    while data := await reader.readline():
        if not data.startswith(b"data: "):
            continue
        count, now = int(MESSAGES.search(data).group(1)), time.perf_counter()
        times.extend(now - at for at in written[seen:count])
        seen = max(seen, count)


def start_stopped_client(host: str, port: int) -> subprocess.Popen:
    """Starts a client that subscribes and is then stopped by a signal."""
    code = (
        "import socket,sys,time\n"
        f"s = socket.create_connection(({host!r}, {port}))\n"
        f"s.sendall(b'GET /api/v1/events HTTP/1.0\\r\\nHost: {host}:{port}\\r\\nAuthorization: Bearer {TOKEN}\\r\\n\\r\\n')\n"
        "s.recv(1)\nprint(flush=True)\ntime.sleep(600)\n"
    )
    client = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    client.stdout.readline()
    client.send_signal(signal.SIGSTOP)
    return client


async def measure(args: argparse.Namespace, log: pathlib.Path, host: str, port: int, pid: int) -> tuple[list, float]:
    """Appends lines while clients follow. Returns the times and the growth of memory."""
    written, times = [], []
    clients = [asyncio.create_task(follow(host, port, written, times)) for _ in range(args.clients - 1)]
    stopped = start_stopped_client(host, port)
    await asyncio.sleep(1)
    before = resident_mib(pid)
    with log.open("a") as file:
        end = time.perf_counter() + args.seconds
        while time.perf_counter() < end:
            written.append(time.perf_counter())
            file.write(line(len(written)))
            file.flush()
            await asyncio.sleep(1 / args.rate)
    await asyncio.sleep(1)
    growth = resident_mib(pid) - before
    for client in clients:
        client.cancel()
    stopped.kill()
    return times, growth


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--rate", type=float, default=200, help="lines per second")
    parser.add_argument("--seconds", type=float, default=20)
    args = parser.parse_args()
    program = os.environ.get("TOKEN_MONITOR", str(ROOT / "target/release/token-monitor"))
    with tempfile.TemporaryDirectory() as home:
        log = pathlib.Path(home, ".claude/projects/p/bench.jsonl")
        log.parent.mkdir(parents=True)
        environment = {"HOME": home, "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": home, "TOKEN_MONITOR_SERVE_TOKEN": TOKEN,
                       "TOKEN_MONITOR_LOG_LEVEL": "warn"}
        command = [program, "serve", "--listen", "127.0.0.1:0"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            host, port = re.search(r"http://([^:]+):(\d+)", server.stdout.readline()).groups()
            time.sleep(2)
            times, growth = asyncio.run(measure(args, log, host, int(port), server.pid))
        finally:
            server.terminate()
            server.wait()
    times.sort()
    p50, p99 = (1000 * times[int(len(times) * part)] for part in (0.5, 0.99))
    print(f"{args.clients} clients, one stopped: {len(times)} times, p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
          f"longest {1000 * times[-1]:.1f} ms; memory {growth:+.1f} MiB")
    return 0 if p99 <= MAX_P99 and growth <= MAX_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
