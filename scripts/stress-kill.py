#!/usr/bin/env python3
"""Kills the program at random moments while log lines are written, and checks that no message is lost or counted twice.

A writer appends synthetic lines as Claude Code does: duplicates with growing usage, copies in side logs, halves of lines,
and lines without a newline between them. It keeps a reference count by a simple rule. `token-monitor watch` reads the
lines and is killed. At intervals the writer pauses, and `token-monitor sessions` must agree with the reference count,
session by session. Everything happens in a temporary folder.

    python3 scripts/stress-kill.py [KILLS] [--seed N] [--program PATH] [--wine PATH]

With `--wine` the program is one for Windows. `npm run test:windows -- kills` starts it with a prefix of its own.
"""

import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from datetime import datetime, timezone
from pathlib import Path
from shutil import rmtree

ROOT = Path(__file__).resolve().parent.parent

# Kills between two comparisons of the counts.
KILLS_PER_CHECK = 50

# Kills after which the store is deleted, so that imports are killed too.
KILLS_PER_STORE = 250

# Longest time from a start to a kill. Short enough to hit the opening of the store, long enough for a few batches.
MAX_LIFETIME_S = 0.15

# The same under Wine, which takes longer to start a program.
MAX_LIFETIME_UNDER_WINE_S = 0.9

# Share of kills just after the program printed a snapshot, when it has just committed.
SHARE_KILLED_AFTER_OUTPUT = 0.3

# Time for the program to open its store, read new lines and print its result.
COMMAND_TIMEOUT_S = 60

# Few enough to be on the first page of the list.
SESSION_COUNT = 24

# Usage fields in the logs, and in `sessions --json`.
FIELDS = {
    "input_tokens": "inputTokens",
    "output_tokens": "outputTokens",
    "cache_creation_input_tokens": "cacheCreationTokens",
    "cache_read_input_tokens": "cacheReadTokens",
}


class ReferenceCount:
    """The expected count: per message and side, the maximum of each field."""

    def __init__(self):
        self.messages = {}

    def add(self, session, message, side, usage):
        slots = self.messages.setdefault((session, message), {})
        slot = slots.setdefault(side, Counter())
        for field in FIELDS:
            slot[field] = max(slot[field], usage[field])

    def by_session(self):
        """Returns the sums per session. A message's side copy counts only if there is no main copy."""
        sums = defaultdict(Counter)
        for (session, _), slots in self.messages.items():
            slot = slots.get("main") or slots["side"]
            sums[session]["messageCount"] += 1
            for field, public in FIELDS.items():
                sums[session][public] += slot[field]
        return sums


class Session:
    """A conversation with a main log and a side log."""

    def __init__(self, projects, rng, number):
        self.id = random_uuid(rng)
        self.cwd = f"/home/ada/projects/p{number % 5}"
        folder = projects / self.cwd.replace("/", "-")
        self.log = folder / f"{self.id}.jsonl"
        self.side_log = folder / self.id / "subagents" / f"agent-{rng.getrandbits(32):08x}.jsonl"
        self.side_log.parent.mkdir(parents=True, exist_ok=True)
        self.messages = []


class Writer(threading.Thread):
    """Appends lines continuously. While `paused` is locked, no line is half written."""

    def __init__(self, projects, seed):
        super().__init__(daemon=True)
        self.rng = random.Random(seed)
        self.paused = threading.Lock()
        self.stopped = threading.Event()
        self.failure = None
        self.count = ReferenceCount()
        self.lines = 0
        self.sessions = [Session(projects, self.rng, number) for number in range(SESSION_COUNT)]

    def run(self):
        try:
            while not self.stopped.is_set():
                with self.paused:
                    self.write_next()
                time.sleep(self.rng.uniform(0, 0.008))
        except OSError as error:
            self.failure = error

    def write_next(self):
        actions = [
            self.write_answer,
            self.write_answer,
            self.repeat_answer,
            self.copy_to_side,
            self.write_side_answer,
            self.join_lines,
            self.write_after_nuls,
            self.write_noise,
        ]
        self.rng.choice(actions)(self.rng.choice(self.sessions))

    def write_answer(self, session):
        """Writes an answer as one to four lines with growing output."""
        message, usage = random_message_id(self.rng), random_usage(self.rng)
        session.messages.append((message, usage))
        for _ in range(self.rng.randint(1, 4)):
            self.log_lines(session, "main", [(message, dict(usage))])
            usage["output_tokens"] += self.rng.randint(0, 900)

    def repeat_answer(self, session):
        """Writes a line of an earlier answer again, with more output or with less."""
        if not session.messages:
            return
        message, usage = self.rng.choice(session.messages)
        again = dict(usage, output_tokens=max(1, usage["output_tokens"] + self.rng.randint(-400, 900)))
        self.log_lines(session, "main", [(message, again)])

    def copy_to_side(self, session):
        """Writes a message of the main log to the side log, with other usage, which must not count."""
        if not session.messages:
            return
        message, _ = self.rng.choice(session.messages)
        self.log_lines(session, "side", [(message, random_usage(self.rng))])

    def write_side_answer(self, session):
        """Writes a message to the side log, and in one of five cases to the main log as well."""
        message, usage = random_message_id(self.rng), random_usage(self.rng)
        self.log_lines(session, "side", [(message, usage)])
        if self.rng.random() < 0.2:
            self.log_lines(session, "main", [(message, dict(usage))])

    def join_lines(self, session):
        """Writes two records without a newline between them."""
        pair = [(random_message_id(self.rng), random_usage(self.rng)) for _ in range(2)]
        self.log_lines(session, "main", pair, between="")

    def write_after_nuls(self, session):
        """Writes a record after zero bytes, as a file system may leave them after a crash."""
        message = (random_message_id(self.rng), random_usage(self.rng))
        self.log_lines(session, "main", [message], before="\0" * self.rng.randint(1, 600))

    def write_noise(self, session):
        """Writes a line without usage or one that is not JSON."""
        text = self.rng.choice(['{"type":"user","message":{"role":"user","content":"synthetic"}}', "{\"type\":\"assis", "", "[]"])
        self.append(session.log, f"{text}\n")

    def log_lines(self, session, side, messages, before="", between="\n"):
        """Writes records, and counts them when their last newline has been written."""
        records = [record(self.rng, session, side, message, usage) for message, usage in messages]
        log = session.log if side == "main" else session.side_log
        self.append(log, before + between.join(records) + "\n")
        for message, usage in messages:
            self.count.add(session.id, message, side, usage)

    def append(self, log, text):
        """Writes a text at once or, in one of five cases, in two parts with a pause between them."""
        data = text.encode()
        at = self.rng.randrange(len(data)) if self.rng.random() < 0.2 else 0
        with open(log, "ab", buffering=0) as file:
            if at:
                file.write(data[:at])
                time.sleep(self.rng.uniform(0, 0.03))
            file.write(data[at:])
        self.lines += 1


class Reader:
    """The program under test, with a store, a runtime folder and a home of its own."""

    def __init__(self, options, folder, rng):
        self.command = [str(part) for part in (options.wine, options.program) if part]
        self.max_lifetime = MAX_LIFETIME_UNDER_WINE_S if options.wine else MAX_LIFETIME_S
        self.rng = rng
        self.store = folder / "store" / "sessions.db"
        self.errors = folder / "errors"
        name = to_windows_path if options.wine else str
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "CLAUDE_CONFIG_DIR": name(folder / "claude"),
            "TOKEN_MONITOR_DB": name(self.store),
            "TOKEN_MONITOR_CONFIG": name(folder / "config.yaml"),
            "TOKEN_MONITOR_LOG_LEVEL": "warn",
            **{key: value for key, value in os.environ.items() if key.startswith("WINE")},
        }
        for place in ("home", "run"):
            (folder / place).mkdir(mode=0o700)
        self.delete_store()

    def delete_store(self):
        """Deletes the store. The logs are complete, so the next count must be the same."""
        rmtree(self.store.parent, ignore_errors=True)
        self.store.parent.mkdir(mode=0o700)

    def run_and_kill(self):
        """Runs the program for a random time, then kills it."""
        with open(self.errors, "wb") as errors:
            child = subprocess.Popen([*self.command, "watch", "--json"], env=self.env, stdout=subprocess.PIPE, stderr=errors)
        try:
            self.wait_before_kill(child.stdout)
        finally:
            child.kill()
            code = child.wait()
            child.stdout.close()
        if code != -signal.SIGKILL:
            raise UnexpectedExit(f"watch exited with {code}: {self.errors.read_text(errors='replace')[-2000:]}")

    def wait_before_kill(self, stdout):
        if self.rng.random() < SHARE_KILLED_AFTER_OUTPUT:
            select.select([stdout], [], [], self.max_lifetime)
            time.sleep(self.rng.uniform(0, 0.02))
        else:
            time.sleep(self.rng.uniform(0, self.max_lifetime))

    def by_session(self):
        """Returns the program's count."""
        command = [*self.command, "sessions", "--json"]
        result = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S)
        if result.returncode != 0:
            raise UnexpectedExit(f"sessions exited with {result.returncode}: {result.stderr[-2000:]}")
        page = json.loads(result.stdout)
        return {session["sessionId"]: session for session in page["sessions"]}


class UnexpectedExit(Exception):
    """The program ended on its own or with an error."""


class Differences:
    """The differences between the two counts, by direction."""

    def __init__(self):
        self.lost = []
        self.doubled = []

    def compare(self, written, counted):
        for session in sorted(set(written) | set(counted)):
            for field in ("messageCount", *FIELDS.values()):
                expected = written.get(session, Counter())[field]
                actual = counted.get(session, {}).get(field, 0)
                self.note(f"session {session}, {field}: {expected} written, {actual} counted", actual - expected)

    def note(self, text, surplus):
        if surplus < 0:
            self.lost.append(text)
        if surplus > 0:
            self.doubled.append(text)

    def __bool__(self):
        return bool(self.lost or self.doubled)


def run_kills(kills, reader, writer):
    """Kills repeatedly. Returns the number of kills, and the differences; the first difference ends the run."""
    differences = Differences()
    for kill in range(1, kills + 1):
        reader.run_and_kill()
        if kill % KILLS_PER_CHECK == 0 or kill == kills:
            check(reader, writer, differences)
            print_line(f"{kill} kills, {writer.lines} lines written", end="\r")
        if differences or writer.failure:
            return kill, differences
        if kill % KILLS_PER_STORE == 0:
            reader.delete_store()
    return kills, differences


def check(reader, writer, differences):
    with writer.paused:
        differences.compare(writer.count.by_session(), reader.by_session())


def record(rng, session, side, message, usage):
    """Returns a line as Claude Code writes it, with the relevant fields. A side copy has a request id of its own."""
    line = {
        "parentUuid": None,
        "isSidechain": side == "side",
        "cwd": session.cwd,
        "sessionId": session.id,
        "version": "2.1.240",
        "message": {
            "id": message,
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-4-5-20250929",
            "content": [{"type": "text", "text": "synthetic " * rng.randint(1, 60)}],
            "usage": usage,
        },
        "requestId": f"req_{rng.getrandbits(64):016x}" if side == "side" else f"req_{message[4:]}",
        "type": "assistant",
        "uuid": random_uuid(rng),
        "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return json.dumps(line, separators=(",", ":"))


def random_usage(rng):
    return {
        "input_tokens": rng.randint(1, 300),
        "output_tokens": rng.randint(1, 60),
        "cache_creation_input_tokens": rng.choice([0, rng.randint(1, 9_000)]),
        "cache_read_input_tokens": rng.randint(0, 90_000),
    }


def random_message_id(rng):
    return f"msg_01{rng.getrandbits(96):024x}"


def random_uuid(rng):
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"


def to_windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


def print_line(text, end="\n"):
    """Prints a line. One that is overwritten later is printed on terminals only."""
    if end == "\n" or sys.stdout.isatty():
        print(text, end=end, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", nargs="?", type=int, default=1000, help="number of kills (default: 1000)")
    parser.add_argument("--seed", type=int, default=None, help="seed of an earlier run")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/token-monitor", help="the program to kill")
    parser.add_argument("--wine", type=Path, help="the program that runs the one to kill, which is for Windows")
    options = parser.parse_args()
    if options.kills < 1:
        parser.error("KILLS must be at least 1")
    if not options.program.exists():
        parser.error(f"{options.program} is not built: cargo build --release --package token-monitor-cli")
    return options


def main():
    options = arguments()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    print_line(f"{options.kills} kills, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="token-monitor-kill-") as folder:
        return report(*run_in(Path(folder), options, seed))


def run_in(folder, options, seed):
    """Runs the writer and the kills. The seed determines the lines, not the moments, which depend on the machine."""
    writer = Writer(folder / "claude" / "projects", seed)
    reader = Reader(options, folder, random.Random(seed + 1))
    writer.start()
    try:
        return *run_kills(options.kills, reader, writer), writer
    finally:
        writer.stopped.set()
        writer.join()


def report(kills, differences, writer):
    for text in (differences.lost + differences.doubled)[:40]:
        print_line(text)
    if writer.failure:
        print_line(f"the writer failed: {writer.failure}")
    print_line(f"{writer.lines} lines written, {len(writer.count.messages)} messages")
    print_line(f"{kills} kills, {len(differences.lost)} lost, {len(differences.doubled)} doubled")
    return 1 if differences or writer.failure else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UnexpectedExit as error:
        sys.exit(f"failed: {error}")
    except KeyboardInterrupt:
        sys.exit("interrupted")
