#!/usr/bin/env python3
"""Kills the process that reads the logs, at random moments and many times, while lines are being written.

Nothing may be lost and nothing counted twice. A writer appends made-up lines the way Claude Code does, with
duplicates that grow, copies in side logs, halves of lines and lines glued together, and keeps its own count by the
plainest rule there is. `token-monitor watch` reads them and is killed without warning. Every so often the writer holds
still and `token-monitor sessions` has to agree with it, session by session.

It runs in a folder of its own and touches no other. It refuses to judge prices, blocks or what a surface shows.

    python3 scripts/soak-kill.py [KILLS] [--seed N] [--program PATH]
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

# How often the writer holds still and both counts are compared.
KILLS_PER_CHECK = 50

# How often the store is thrown away, so that first imports are killed too and not only live batches.
KILLS_PER_STORE = 250

# A process is killed this long after its start at the latest: early enough to catch it opening its store,
# late enough that it often gets through a few batches.
LONGEST_LIFE_S = 0.15

# Now and then it is killed just after it said something, which is when it has just committed.
SHARE_KILLED_AFTER_NEWS = 0.3

# The time a program may take to open its store, catch up and answer.
PATIENCE_S = 60

# Few enough that every session is on the first page.
SESSIONS = 24

# Field of the wire, field of `sessions --json`.
FIELDS = {
    "input_tokens": "inputTokens",
    "output_tokens": "outputTokens",
    "cache_creation_input_tokens": "cacheCreationTokens",
    "cache_read_input_tokens": "cacheReadTokens",
}


class Count:
    """What has been written, by the plainest rule: per message and side the maximum of each field."""

    def __init__(self):
        self.messages = {}

    def add(self, session, message, side, usage):
        slots = self.messages.setdefault((session, message), {})
        slot = slots.setdefault(side, Counter())
        for field in FIELDS:
            slot[field] = max(slot[field], usage[field])

    def by_session(self):
        """The sums per session; a message's side copy counts only where there is no main one."""
        sums = defaultdict(Counter)
        for (session, _), slots in self.messages.items():
            slot = slots.get("main") or slots["side"]
            sums[session]["messageCount"] += 1
            for field, public in FIELDS.items():
                sums[session][public] += slot[field]
        return sums


class Session:
    """One conversation: a main log and a side log."""

    def __init__(self, projects, dice, number):
        self.id = made_up_uuid(dice)
        self.cwd = f"/home/ada/projects/p{number % 5}"
        folder = projects / self.cwd.replace("/", "-")
        self.log = folder / f"{self.id}.jsonl"
        self.side_log = folder / self.id / "subagents" / f"agent-{dice.getrandbits(32):08x}.jsonl"
        self.side_log.parent.mkdir(parents=True, exist_ok=True)
        self.messages = []


class Writer(threading.Thread):
    """Appends lines without pause. Whoever holds `still` can be sure that no line is half written."""

    def __init__(self, projects, seed):
        super().__init__(daemon=True)
        self.dice = random.Random(seed)
        self.still = threading.Lock()
        self.ended = threading.Event()
        self.failure = None
        self.count = Count()
        self.lines = 0
        self.sessions = [Session(projects, self.dice, number) for number in range(SESSIONS)]

    def run(self):
        try:
            while not self.ended.is_set():
                with self.still:
                    self.act()
                time.sleep(self.dice.uniform(0, 0.008))
        except OSError as error:
            self.failure = error

    def act(self):
        actions = [self.answer, self.answer, self.grow, self.side_copy, self.side_answer, self.glued, self.after_nuls, self.noise]
        self.dice.choice(actions)(self.dice.choice(self.sessions))

    def answer(self, session):
        """One reply, logged line by line with output that grows."""
        message, usage = made_up_message(self.dice), made_up_usage(self.dice)
        session.messages.append((message, usage))
        for _ in range(self.dice.randint(1, 4)):
            self.log_lines(session, "main", [(message, dict(usage))])
            usage["output_tokens"] += self.dice.randint(0, 900)

    def grow(self, session):
        """A line of an earlier reply once more: with more output, or an old copy with less."""
        if not session.messages:
            return
        message, usage = self.dice.choice(session.messages)
        again = dict(usage, output_tokens=max(1, usage["output_tokens"] + self.dice.randint(-400, 900)))
        self.log_lines(session, "main", [(message, again)])

    def side_copy(self, session):
        """A side log repeats a message of the main log, with figures that must not count."""
        if not session.messages:
            return
        message, _ = self.dice.choice(session.messages)
        self.log_lines(session, "side", [(message, made_up_usage(self.dice))])

    def side_answer(self, session):
        """A message of a side log alone; now and then the main log turns out to have it too."""
        message, usage = made_up_message(self.dice), made_up_usage(self.dice)
        self.log_lines(session, "side", [(message, usage)])
        if self.dice.random() < 0.2:
            self.log_lines(session, "main", [(message, dict(usage))])

    def glued(self, session):
        """Two records on one line, the newline between them missing."""
        pair = [(made_up_message(self.dice), made_up_usage(self.dice)) for _ in range(2)]
        self.log_lines(session, "main", pair, between="")

    def after_nuls(self, session):
        """A record after a run of zero bytes, as a crashed file system leaves them."""
        message = (made_up_message(self.dice), made_up_usage(self.dice))
        self.log_lines(session, "main", [message], before="\0" * self.dice.randint(1, 600))

    def noise(self, session):
        """Lines without usage, and a line that is no JSON at all."""
        text = self.dice.choice(['{"type":"user","message":{"role":"user","content":"made up"}}', "{\"type\":\"assis", "", "[]"])
        self.append(session.log, f"{text}\n")

    def log_lines(self, session, side, messages, before="", between="\n"):
        """Writes records and counts them once their last newline is written."""
        records = [record(self.dice, session, side, message, usage) for message, usage in messages]
        log = session.log if side == "main" else session.side_log
        self.append(log, before + between.join(records) + "\n")
        for message, usage in messages:
            self.count.add(session.id, message, side, usage)

    def append(self, log, text):
        """Writes at once or, now and then, in two halves with time to be read and killed between them."""
        data = text.encode()
        at = self.dice.randrange(len(data)) if self.dice.random() < 0.2 else 0
        with open(log, "ab", buffering=0) as file:
            if at:
                file.write(data[:at])
                time.sleep(self.dice.uniform(0, 0.03))
            file.write(data[at:])
        self.lines += 1


class Reader:
    """The program under test, with a store, a runtime folder and a home nobody else uses."""

    def __init__(self, program, folder, dice):
        self.program = program
        self.dice = dice
        self.store = folder / "store" / "sessions.db"
        self.errors = folder / "errors"
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "CLAUDE_CONFIG_DIR": str(folder / "claude"),
            "TOKEN_MONITOR_DB": str(self.store),
            "TOKEN_MONITOR_CONFIG": str(folder / "config.yaml"),
            "TOKEN_MONITOR_LOG_LEVEL": "warn",
        }
        for place in ("home", "run"):
            (folder / place).mkdir(mode=0o700)
        self.forget()

    def forget(self):
        """Throws the store away; the logs are all there, so the next count must be the same."""
        rmtree(self.store.parent, ignore_errors=True)
        self.store.parent.mkdir(mode=0o700)

    def run_and_kill(self):
        """Lets the program read for a random while, then kills it without warning."""
        with open(self.errors, "wb") as errors:
            child = subprocess.Popen([self.program, "watch", "--json"], env=self.env, stdout=subprocess.PIPE, stderr=errors)
        try:
            self.let_live(child.stdout)
        finally:
            child.kill()
            code = child.wait()
            child.stdout.close()
        if code != -signal.SIGKILL:
            raise Ended(f"watch ended by itself with {code}: {self.errors.read_text(errors='replace')[-2000:]}")

    def let_live(self, stdout):
        if self.dice.random() < SHARE_KILLED_AFTER_NEWS:
            select.select([stdout], [], [], LONGEST_LIFE_S)
            time.sleep(self.dice.uniform(0, 0.02))
        else:
            time.sleep(self.dice.uniform(0, LONGEST_LIFE_S))

    def by_session(self):
        """The program's own count."""
        command = [self.program, "sessions", "--json"]
        answer = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=PATIENCE_S)
        if answer.returncode != 0:
            raise Ended(f"sessions ended with {answer.returncode}: {answer.stderr[-2000:]}")
        page = json.loads(answer.stdout)
        return {session["sessionId"]: session for session in page["sessions"]}


class Ended(Exception):
    """The program did something other than read and answer."""


class Differences:
    """Where the two counts differ, told apart by direction."""

    def __init__(self):
        self.lost = []
        self.doubled = []

    def compare(self, written, counted):
        for session in sorted(set(written) | set(counted)):
            for field in ("messageCount", *FIELDS.values()):
                expected = written.get(session, Counter())[field]
                seen = counted.get(session, {}).get(field, 0)
                self.note(f"session {session}, {field}: {expected} written, {seen} counted", seen - expected)

    def note(self, text, surplus):
        if surplus < 0:
            self.lost.append(text)
        if surplus > 0:
            self.doubled.append(text)

    def __bool__(self):
        return bool(self.lost or self.doubled)


def soak(kills, reader, writer):
    """Kills again and again; returns how often, and the differences found. The first difference ends it."""
    differences = Differences()
    for kill in range(1, kills + 1):
        reader.run_and_kill()
        if kill % KILLS_PER_CHECK == 0 or kill == kills:
            check(reader, writer, differences)
            tell(f"{kill} kills, {writer.lines} lines written", end="\r")
        if differences or writer.failure:
            return kill, differences
        if kill % KILLS_PER_STORE == 0:
            reader.forget()
    return kills, differences


def check(reader, writer, differences):
    with writer.still:
        differences.compare(writer.count.by_session(), reader.by_session())


def record(dice, session, side, message, usage):
    """One line as Claude Code writes it, cut down to what matters. A side copy has a request id of its own."""
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
            "content": [{"type": "text", "text": "made up " * dice.randint(1, 60)}],
            "usage": usage,
        },
        "requestId": f"req_{dice.getrandbits(64):016x}" if side == "side" else f"req_{message[4:]}",
        "type": "assistant",
        "uuid": made_up_uuid(dice),
        "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return json.dumps(line, separators=(",", ":"))


def made_up_usage(dice):
    return {
        "input_tokens": dice.randint(1, 300),
        "output_tokens": dice.randint(1, 60),
        "cache_creation_input_tokens": dice.choice([0, dice.randint(1, 9_000)]),
        "cache_read_input_tokens": dice.randint(0, 90_000),
    }


def made_up_message(dice):
    return f"msg_01{dice.getrandbits(96):024x}"


def made_up_uuid(dice):
    text = f"{dice.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:]}"


def tell(text, end="\n"):
    """A line that is overwritten is for a person at a terminal only."""
    if end == "\n" or sys.stdout.isatty():
        print(text, end=end, flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", nargs="?", type=int, default=1000, help="how often to kill (default: 1000)")
    parser.add_argument("--seed", type=int, default=None, help="repeat the choices of an earlier run")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/token-monitor", help="the program to kill")
    chosen = parser.parse_args()
    if chosen.kills < 1:
        parser.error("at least one kill")
    if not chosen.program.exists():
        parser.error(f"{chosen.program} is not built: cargo build --release --package token-monitor-cli")
    return chosen


def main():
    chosen = arguments()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    tell(f"{chosen.kills} kills, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="token-monitor-soak-") as folder:
        return report(*run_in(Path(folder), chosen, seed))


def run_in(folder, chosen, seed):
    """The moments of writing and killing depend on the machine; the seed repeats what is written, not when."""
    writer = Writer(folder / "claude" / "projects", seed)
    reader = Reader(str(chosen.program), folder, random.Random(seed + 1))
    writer.start()
    try:
        return *soak(chosen.kills, reader, writer), writer
    finally:
        writer.ended.set()
        writer.join()


def report(kills, differences, writer):
    for text in (differences.lost + differences.doubled)[:40]:
        tell(text)
    if writer.failure:
        tell(f"the writer failed: {writer.failure}")
    tell(f"{writer.lines} lines written, {len(writer.count.messages)} messages")
    tell(f"{kills} kills, {len(differences.lost)} lost, {len(differences.doubled)} doubled")
    return 1 if differences or writer.failure else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Ended as ended:
        sys.exit(f"failed: {ended}")
    except KeyboardInterrupt:
        sys.exit("interrupted")
