#!/usr/bin/env python3
"""Benchmarks of the command on the release build, without a desktop, printed beside their targets.

A missed target is not an error. Speeds are ratios to a plain scan for newlines of the same files in the same run. The logs
are synthetic. Options: --megabytes N (500), --seconds N of idling (60), --messages N of the status line's store (1000000).
"""
import argparse, json, os, random, shutil, signal, subprocess, sys, tempfile, threading, time, uuid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BINARIES = os.environ.get("TOKEN_MONITOR_TEST_BINARIES", os.path.join(ROOT, "target/release"))
COMMAND = os.path.join(BINARIES, "token-monitor")
PARSE = os.path.join(BINARIES, "examples/parse")


# Project folders; each has many sessions.
PROJECTS = 40


class Logs:
    """A synthetic Claude folder like real ones: a third of the lines and a fifth of the bytes contain usage."""

    def __init__(self, folder, seed=1):
        self.folder, self.rng = folder, random.Random(seed)
        words = ["".join(self.rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(self.rng.randint(2, 10))) for _ in range(3000)]
        self.text = " ".join(self.rng.choice(words) for _ in range(400_000))

    def prose(self, size):
        start = self.rng.randrange(max(1, len(self.text) - size))
        return self.text[start:start + size]

    def stamp(self, when):
        return time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(when)) + "%03dZ" % int(when % 1 * 1000)

    def answer(self, session, when, lines=2):
        ident = "msg_01" + "".join(self.rng.choice("0123456789abcdefghijkmnpqrstuvwxyz") for _ in range(22))
        final = int(min(self.rng.lognormvariate(5.2, 1.3), 32000)) + 1
        out = []
        for part in range(lines):
            output = final if part == lines - 1 else self.rng.randint(1, 8)
            out.append(json.dumps({"parentUuid": str(uuid.UUID(int=self.rng.getrandbits(128))), "isSidechain": False, "cwd": "/home/ada/" + session[:4],
                "sessionId": session, "version": "2.1.200", "message": {"model": "claude-opus-5-5", "id": ident, "type": "message", "role": "assistant",
                "content": [{"type": "text", "text": self.prose(int(min(self.rng.lognormvariate(6, 1), 8000)))}],
                "usage": {"input_tokens": 3, "cache_creation_input_tokens": self.rng.randint(100, 6000), "cache_read_input_tokens": 30000, "output_tokens": output}},
                "requestId": "req_" + ident, "type": "assistant", "uuid": str(uuid.UUID(int=self.rng.getrandbits(128))), "timestamp": self.stamp(when)}, separators=(",", ":")))
        return ident, out

    def turn(self, session, when):
        user = {"type": "user", "sessionId": session, "timestamp": self.stamp(when), "uuid": str(uuid.UUID(int=self.rng.getrandbits(128))),
                "message": {"role": "user", "content": self.prose(int(min(self.rng.lognormvariate(7.6, 1.6), 300_000)))}}
        other = {"type": "attachment", "sessionId": session, "timestamp": self.stamp(when), "attachment": self.prose(600)}
        return [json.dumps(user), json.dumps(other), *self.answer(session, when)[1]]

    def path(self, session):
        folder = os.path.join(self.folder, "projects", f"-home-ada-project-{int(session[:8], 16) % PROJECTS}")
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, session + ".jsonl")

    def fill(self, megabytes, turns=90):
        done, now = 0, time.time()
        while done < megabytes * 1_000_000:
            session, when = str(uuid.UUID(int=self.rng.getrandbits(128))), now - self.rng.random() * 80 * 86400
            with open(self.path(session), "w") as log:
                for _ in range(self.rng.randint(1, turns)):
                    when += self.rng.expovariate(1 / 20)
                    done += log.write("\n".join(self.turn(session, min(when, now))) + "\n")
        return done


class Sandbox:
    """A Claude folder with a store of its own."""

    def __init__(self, folder):
        self.claude, self.store = os.path.join(folder, "claude"), os.path.join(folder, "store/sessions.db")
        self.env = dict(os.environ, CLAUDE_CONFIG_DIR=self.claude, TOKEN_MONITOR_DB=self.store, XDG_RUNTIME_DIR=folder,
                        TOKEN_MONITOR_CONFIG=os.path.join(folder, "config.yaml"), TOKEN_MONITOR_LOG_LEVEL="error")

    def run(self, *args):
        """Runs the command. Returns seconds, peak RSS in MB, and the output."""
        with tempfile.TemporaryFile() as out:
            started = time.perf_counter()
            child = subprocess.Popen([COMMAND, *args], env=self.env, stdout=out)
            _, status, usage = os.wait4(child.pid, 0)
            took = time.perf_counter() - started
            if status:
                raise SystemExit(f"token-monitor {' '.join(args)} failed")
            out.seek(0)
            return took, usage.ru_maxrss / 1024, out.read()

    def watch(self):
        return subprocess.Popen([COMMAND, "watch", "--json"], env=self.env, stdout=subprocess.PIPE)


def row(name, value, target=""):
    print(f"{name:<58}{value:>16}   {target}")


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def import_figures(sandbox, megabytes):
    Logs(sandbox.claude).fill(megabytes)
    plain = json.loads(subprocess.check_output([PARSE, sandbox.claude]))
    runs = []
    for _ in range(3):
        shutil.rmtree(os.path.dirname(sandbox.store), ignore_errors=True)
        runs.append(sandbox.run("models", "--json")[:2])
        plain = min(plain, json.loads(subprocess.check_output([PARSE, sandbox.claude])), key=lambda one: one["parseSeconds"] / one["scanSeconds"])
    took, peak = min(run[0] for run in runs), max(run[1] for run in runs)
    row(f"import of {plain['bytes'] / 1e6:.0f} MB with the store ÷ newline scan", f"{took / plain['scanSeconds']:.1f}", "at most 8")
    row("parse and merge alone ÷ newline scan", f"{plain['parseSeconds'] / plain['scanSeconds']:.1f}", "at most 4")
    row("peak memory of the import", f"{peak:.0f} MB RSS", "at most 64")
    per_million = os.path.getsize(sandbox.store) / plain["messages"]
    row(f"store per million messages ({plain['messages']:,} here)", f"{per_million:.0f} MB", "at most 80")
    again = [sandbox.run("sessions", "--json")[0] * 1000 for _ in range(9)]
    row("sessions without new lines (median of 9)", f"{percentile(again, 0.5):.0f} ms", "at most 30")


def status(pid, key):
    with open(f"/proc/{pid}/status") as handle:
        return next(int(line.split()[1]) for line in handle if line.startswith(key + ":"))


def latency(sandbox, load):
    """Measures the time from writing a log line to the line of `watch` that includes it."""
    logs, session = Logs(sandbox.claude, seed=int(time.time())), str(uuid.uuid4())
    watch, printed_at, done = sandbox.watch(), {}, threading.Event()

    def read():
        for line in watch.stdout:
            arrived = time.perf_counter()
            printed_at[json.loads(line)["totals"]["messageCount"]] = arrived

    threading.Thread(target=read, daemon=True).start()
    deadline = time.time() + 20
    while not printed_at and time.time() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    idle_rss = status(watch.pid, "VmRSS") / 1024
    base = max(printed_at)

    def write_background():
        other, path = str(uuid.uuid4()), None
        while not done.is_set():
            path = path or logs.path(other)
            with open(path, "a") as log:
                log.write(json.dumps({"type": "user", "sessionId": other, "timestamp": logs.stamp(time.time()), "message": {"content": "x" * 500}}) + "\n")
            time.sleep(1 / 200)

    if load:
        threading.Thread(target=write_background, daemon=True).start()
    gaps = []
    with open(logs.path(session), "ab", buffering=0) as log:
        for number in range(1, 151):
            line = (logs.answer(session, time.time(), 1)[1][0] + "\n").encode()
            written = time.perf_counter()
            log.write(line)
            while base + number not in printed_at and time.perf_counter() - written < 5:
                time.sleep(0.0002)
            gaps.append((printed_at.get(base + number, time.perf_counter()) - written) * 1000)
            time.sleep(0.02 + random.random() * 0.05)
    done.set()
    watch.send_signal(signal.SIGTERM)
    watch.wait()
    return idle_rss, gaps


def live_figures(sandbox):
    idle_rss, quiet = latency(sandbox, load=False)
    row("memory of watch, idle", f"{idle_rss:.0f} MB RSS", "at most 30")
    row("append → watch line, p50 / p99 of 150", f"{percentile(quiet, .5):.1f} / {percentile(quiet, .99):.1f} ms", "5 / 20")
    _, busy = latency(sandbox, load=True)
    row("append → watch line, with 200 other lines per second", f"{percentile(busy, .5):.1f} / {percentile(busy, .99):.1f} ms", "5 / 20")


def idle_figures(sandbox, seconds):
    logs = Logs(sandbox.claude, seed=3)
    for _ in range(5000):
        session = str(uuid.UUID(int=logs.rng.getrandbits(128)))
        with open(logs.path(session), "w") as log:
            log.write(logs.answer(session, time.time() - 86400)[1][1] + "\n")
    again = [sandbox.run("sessions", "--json")[0] * 1000 for _ in range(6)][1:]
    row("sessions with 5,000 logs (median of 5)", f"{percentile(again, 0.5):.0f} ms", "at most 30")
    watch = sandbox.watch()
    threading.Thread(target=watch.stdout.read, daemon=True).start()
    time.sleep(40)
    cpu, read = cpu_and_read_bytes(watch.pid)
    time.sleep(seconds)
    cpu_after, read_after = cpu_and_read_bytes(watch.pid)
    row(f"idle {seconds} s with 5,000 logs: processor", f"{cpu_after - cpu:.2f} s", f"{(cpu_after - cpu) / seconds * 100:.2f} %")
    row(f"idle {seconds} s with 5,000 logs: bytes read", f"{read_after - read}", "none from logs; events and folders only")
    watch.send_signal(signal.SIGTERM)
    watch.wait()


def fill_with_messages(logs, messages, each=2000):
    """Writes one message per line with usage only, for a large store."""
    now = time.time()
    for first in range(0, messages, each):
        session, when = str(uuid.UUID(int=logs.rng.getrandbits(128))), now - 80 * 86400 * (1 - first / messages)
        line = ('{"type":"assistant","sessionId":"' + session + '","timestamp":"%s","message":{"id":"msg_%d","model":"claude-opus-5-5",'
                '"usage":{"input_tokens":3,"cache_creation_input_tokens":700,"cache_read_input_tokens":30000,"output_tokens":%d}}}\n')
        with open(logs.path(session), "w") as log:
            log.writelines(line % (logs.stamp(when + number % each), number, number % 900) for number in range(first, min(first + each, messages)))


def statusline(sandbox, runs=300):
    """Measures the run time of the status line command in milliseconds, for which Claude Code waits."""
    status_input = {"session_id": "s", "model": {"display_name": "Opus 5.5"}, "cost": {"total_cost_usd": 3.41},
            "rate_limits": {"five_hour": {"used_percentage": 0, "resets_at": int(time.time()) + 7200}}}
    took, whole = [], 0
    for number in range(runs):
        # A new percentage each time, so that each run writes a note.
        status_input["rate_limits"]["five_hour"]["used_percentage"] = number % 100
        started = time.perf_counter()
        done = subprocess.run([COMMAND, "statusline"], env=sandbox.env, input=json.dumps(status_input).encode(), stdout=subprocess.PIPE)
        took.append((time.perf_counter() - started) * 1000)
        whole += b"tok/min" in done.stdout
    return f"{percentile(took, .5):.1f} / {percentile(took, .99):.1f} ms", whole / runs


def statusline_figures(sandbox, messages):
    fill_with_messages(Logs(sandbox.claude, seed=5), messages)
    counted = json.loads(sandbox.run("models", "--json")[2])["totals"]["messageCount"]
    row(f"statusline: p50 / p99, {counted:,} messages, no app", statusline(sandbox)[0], "at most 20")
    watch = sandbox.watch()
    watch.stdout.readline()
    threading.Thread(target=watch.stdout.read, daemon=True).start()
    time.sleep(2)
    took, whole = statusline(sandbox)
    row("statusline: p50 / p99, with watch running", took, "at most 20")
    row("statusline lines with live figures", f"{whole:.1%}", "100.0%")
    watch.send_signal(signal.SIGTERM)
    watch.wait()


def cpu_and_read_bytes(pid):
    with open(f"/proc/{pid}/stat") as handle:
        parts = handle.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{pid}/io") as handle:
        read = next(int(line.split()[1]) for line in handle if line.startswith("rchar:"))
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK"), read


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--megabytes", type=float, default=500)
    args.add_argument("--seconds", type=int, default=60)
    args.add_argument("--messages", type=int, default=1_000_000)
    opt = args.parse_args()
    for program in (COMMAND, PARSE):
        if not os.path.exists(program):
            sys.exit(f"{program} is not built: cargo build --release -p token-monitor-cli, and --example parse -p token-monitor-core")
    with tempfile.TemporaryDirectory() as folder:
        sandbox = Sandbox(folder)
        import_figures(sandbox, opt.megabytes)
        live_figures(sandbox)
    with tempfile.TemporaryDirectory() as folder:
        idle_figures(Sandbox(folder), opt.seconds)
    with tempfile.TemporaryDirectory() as folder:
        statusline_figures(Sandbox(folder), opt.messages)


if __name__ == "__main__":
    main()
