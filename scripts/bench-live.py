#!/usr/bin/env python3
"""Measures `token-monitor live` on made-up logs: processor time while nothing changes, and the time from a log line to the screen.

  scripts/bench-live.py [--seconds 60] [--lines 200] [--program target/release/token-monitor]

The program runs in a pseudo-terminal, and a small emulator follows what it writes. Prints both figures beside their
targets; a missed target is marked and is not an error.
"""

import argparse
import codecs
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# In percent of one processor, while nothing changes: the resolution of the clock over a minute.
IDLE_CPU_TARGET = 0.1

# In milliseconds, from the write of a line to the bytes that show it.
LATENCY_TARGET = 50

# Longer than the interval at which figures change at most, so that every line is shown on its own.
LINE_INTERVAL = 0.4

# After the start: the logs are read, and the burn rate of the last line has come to rest in the figures.
SETTLE_SECONDS = 3

SIZE = (24, 80)

SEQUENCE = re.compile(r"\x1b(?:\[([0-9;?]*)([A-Za-z])|\][^\x1b]*\x1b\\|[()][A-Z0-9]|[=>78])")


class Screen:
    """The characters on a terminal that understands what crossterm writes."""

    def __init__(self, rows, columns):
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.rest = ""

    def feed(self, data):
        text = self.rest + self.decoder.decode(data)
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                match = SEQUENCE.match(text, at)
                if not match:
                    if len(text) - at < 64:
                        break
                    at += 1
                    continue
                self.apply(match.group(1), match.group(2))
                at = match.end()
                continue
            self.put(text[at])
            at += 1
        self.rest = text[at:]

    def apply(self, parameters, command):
        if command == "H":
            row, column = (list(map(int, parameters.split(";"))) + [1])[:2] if parameters else (1, 1)
            self.row, self.column = row - 1, column - 1
        elif command == "J":
            self.cells = [[" "] * len(row) for row in self.cells]

    def put(self, char):
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.row += 1
        elif char >= " " and self.row < len(self.cells) and self.column < len(self.cells[0]):
            self.cells[self.row][self.column] = char
            self.column += 1

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)


class Program:
    """The program in a pseudo-terminal."""

    def __init__(self, path, home):
        self.screen = Screen(*SIZE)
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            environment = {
                "HOME": str(home),
                "PATH": os.environ["PATH"],
                "TERM": "xterm-256color",
                "LC_ALL": "C.UTF-8",
                "TZ": "UTC",
                "XDG_RUNTIME_DIR": str(home),
                "TOKEN_MONITOR_DB": str(home / "sessions.db"),
            }
            os.execve(path, [str(path), "live"], environment)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))

    def read(self, timeout):
        """Reads what was written within a time; returns false if nothing was."""
        if not select.select([self.terminal], [], [], timeout)[0]:
            return False
        self.screen.feed(os.read(self.terminal, 65536))
        return True

    def wait_for(self, words, timeout=10.0):
        """Waits until the screen shows a text, and returns when its last byte was read."""
        deadline = time.monotonic() + timeout
        while words not in self.screen.text():
            if time.monotonic() > deadline:
                raise SystemExit(f"the screen does not show {words!r}:\n{self.screen.text()}")
            self.read(0.05)
        return time.monotonic()

    def read_for(self, seconds):
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.read(left)

    def cpu_seconds(self):
        """Returns the processor time of all threads."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        os.kill(self.process, signal.SIGTERM)
        while True:
            try:
                if not self.read(1):
                    break
            except OSError:
                break
        os.waitpid(self.process, 0)


def line(number, tokens, when):
    usage = {"input_tokens": 0, "output_tokens": tokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    message = {"id": f"msg_{number}", "model": "claude-opus-4-8", "usage": usage}
    record = {"type": "assistant", "sessionId": "bench", "timestamp": when, "cwd": "/home/ada/web-app", "message": message}
    return json.dumps(record, separators=(",", ":")) + "\n"


def measure_idle(path, seconds):
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        log = home / ".claude/projects/p/bench.jsonl"
        log.parent.mkdir(parents=True)
        log.write_text("".join(line(n, 1000, f"2026-02-03T{n % 24:02}:12:00Z") for n in range(2000)))
        program = Program(path, home)
        program.wait_for("Between blocks")
        program.read_for(SETTLE_SECONDS)
        before, start = program.cpu_seconds(), time.monotonic()
        program.read_for(seconds)
        percent = (program.cpu_seconds() - before) / (time.monotonic() - start) * 100
        program.end()
        return percent


def measure_latency(path, lines):
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        log = home / ".claude/projects/p/bench.jsonl"
        log.parent.mkdir(parents=True)
        log.write_text("")
        program = Program(path, home)
        program.wait_for("Between blocks")
        latencies = []
        with log.open("a") as out:
            for number in range(1, lines + 1):
                program.read_for(LINE_INTERVAL)
                when = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                out.write(line(number, 1000, when))
                start = time.monotonic()
                out.flush()
                latencies.append((program.wait_for(f" {number}k tokens") - start) * 1000)
        program.end()
        return sorted(latencies)


def report(name, value, target, unit):
    mark = "" if value <= target else "   above the target"
    print(f"{name:44} {value:8.2f} {unit:3} target {target:g} {unit}{mark}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/token-monitor")
    options = parser.parse_args()
    if options.lines > 900:
        sys.exit("at most 900 lines: more are shown in another unit")
    latencies = measure_latency(options.program, options.lines)
    report("live: processor time without changes", measure_idle(options.program, options.seconds), IDLE_CPU_TARGET, "%")
    report("live: line to screen, median", latencies[len(latencies) // 2], LATENCY_TARGET, "ms")
    report("live: line to screen, p99", latencies[max(0, -(-len(latencies) * 99 // 100) - 1)], LATENCY_TARGET, "ms")


if __name__ == "__main__":
    main()
