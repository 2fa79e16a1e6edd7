#!/usr/bin/env python3
"""What the core costs without a desktop, measured on the release build and printed beside what it aims at.

It measures and judges nothing: a missed aim is marked, not an error. Speeds are ratios to a plain scan of the same
files in the same run. Logs are made up here. Options: --megabytes N (500), --seconds N of idling (60), --messages N
behind the status line (1000000).
"""
import argparse, json, os, random, shutil, signal, subprocess, sys, tempfile, threading, time, uuid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BINARIES = os.environ.get("TOKEN_MONITOR_TEST_BINARIES", os.path.join(ROOT, "target/release"))
COMMAND = os.path.join(BINARIES, "token-monitor")
PARSE = os.path.join(BINARIES, "examples/parse")


# People work in a few dozen folders, in each of which many sessions pile up.
PROJECTS = 40


class Logs:
    """A made-up Claude folder in the shape of real ones: a third of the lines and a fifth of the bytes carry usage."""

    def __init__(self, folder, seed=1):
        self.folder, self.dice = folder, random.Random(seed)
        words = ["".join(self.dice.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(self.dice.randint(2, 10))) for _ in range(3000)]
        self.text = " ".join(self.dice.choice(words) for _ in range(400_000))

    def prose(self, size):
        start = self.dice.randrange(max(1, len(self.text) - size))
        return self.text[start:start + size]

    def stamp(self, when):
        return time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(when)) + "%03dZ" % int(when % 1 * 1000)

    def answer(self, session, when, lines=2):
        ident = "msg_01" + "".join(self.dice.choice("0123456789abcdefghijkmnpqrstuvwxyz") for _ in range(22))
        final = int(min(self.dice.lognormvariate(5.2, 1.3), 32000)) + 1
        out = []
        for part in range(lines):
            output = final if part == lines - 1 else self.dice.randint(1, 8)
            out.append(json.dumps({"parentUuid": str(uuid.UUID(int=self.dice.getrandbits(128))), "isSidechain": False, "cwd": "/home/ada/" + session[:4],
                "sessionId": session, "version": "2.1.200", "message": {"model": "claude-opus-5-5", "id": ident, "type": "message", "role": "assistant",
                "content": [{"type": "text", "text": self.prose(int(min(self.dice.lognormvariate(6, 1), 8000)))}],
                "usage": {"input_tokens": 3, "cache_creation_input_tokens": self.dice.randint(100, 6000), "cache_read_input_tokens": 30000, "output_tokens": output}},
                "requestId": "req_" + ident, "type": "assistant", "uuid": str(uuid.UUID(int=self.dice.getrandbits(128))), "timestamp": self.stamp(when)}, separators=(",", ":")))
        return ident, out

    def turn(self, session, when):
        user = {"type": "user", "sessionId": session, "timestamp": self.stamp(when), "uuid": str(uuid.UUID(int=self.dice.getrandbits(128))),
                "message": {"role": "user", "content": self.prose(int(min(self.dice.lognormvariate(7.6, 1.6), 300_000)))}}
        other = {"type": "attachment", "sessionId": session, "timestamp": self.stamp(when), "attachment": self.prose(600)}
        return [json.dumps(user), json.dumps(other), *self.answer(session, when)[1]]

    def path(self, session):
        folder = os.path.join(self.folder, "projects", f"-home-ada-project-{int(session[:8], 16) % PROJECTS}")
        os.makedirs(folder, exist_ok=True)
        return os.path.join(folder, session + ".jsonl")

    def fill(self, megabytes, turns=90):
        done, now = 0, time.time()
        while done < megabytes * 1_000_000:
            session, when = str(uuid.UUID(int=self.dice.getrandbits(128))), now - self.dice.random() * 80 * 86400
            with open(self.path(session), "w") as log:
                for _ in range(self.dice.randint(1, turns)):
                    when += self.dice.expovariate(1 / 20)
                    done += log.write("\n".join(self.turn(session, min(when, now))) + "\n")
        return done


class Place:
    """A Claude folder with a store of its own."""

    def __init__(self, folder):
        self.claude, self.store = os.path.join(folder, "claude"), os.path.join(folder, "store/sessions.db")
        self.env = dict(os.environ, CLAUDE_CONFIG_DIR=self.claude, TOKEN_MONITOR_DB=self.store, XDG_RUNTIME_DIR=folder,
                        TOKEN_MONITOR_CONFIG=os.path.join(folder, "config.yaml"), TOKEN_MONITOR_LOG_LEVEL="error")

    def run(self, *args):
        """Seconds, peak resident megabytes, and what was printed."""
        with tempfile.TemporaryFile() as out:
            begun = time.perf_counter()
            child = subprocess.Popen([COMMAND, *args], env=self.env, stdout=out)
            _, status, usage = os.wait4(child.pid, 0)
            took = time.perf_counter() - begun
            if status:
                raise SystemExit(f"token-monitor {' '.join(args)} failed")
            out.seek(0)
            return took, usage.ru_maxrss / 1024, out.read()

    def watch(self):
        return subprocess.Popen([COMMAND, "watch", "--json"], env=self.env, stdout=subprocess.PIPE)


def row(name, value, aim=""):
    print(f"{name:<58}{value:>16}   {aim}")


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def import_figures(place, megabytes):
    Logs(place.claude).fill(megabytes)
    plain = json.loads(subprocess.check_output([PARSE, place.claude]))
    runs = []
    for _ in range(3):
        shutil.rmtree(os.path.dirname(place.store), ignore_errors=True)
        runs.append(place.run("models", "--json")[:2])
        plain = min(plain, json.loads(subprocess.check_output([PARSE, place.claude])), key=lambda one: one["parseSeconds"] / one["scanSeconds"])
    took, peak = min(run[0] for run in runs), max(run[1] for run in runs)
    row(f"import of {plain['bytes'] / 1e6:.0f} MB with the store ÷ newline scan", f"{took / plain['scanSeconds']:.1f}", "at most 8")
    row("parse and merge alone ÷ newline scan", f"{plain['parseSeconds'] / plain['scanSeconds']:.1f}", "at most 4")
    row("peak memory of the import", f"{peak:.0f} MB RSS", "at most 64")
    per_million = os.path.getsize(place.store) / plain["messages"]
    row(f"store per million messages ({plain['messages']:,} here)", f"{per_million:.0f} MB", "at most 80")
    again = [place.run("sessions", "--json")[0] * 1000 for _ in range(9)]
    row("sessions again, nothing new (median of 9)", f"{percentile(again, 0.5):.0f} ms", "at most 30")


def status(pid, key):
    with open(f"/proc/{pid}/status") as handle:
        return next(int(line.split()[1]) for line in handle if line.startswith(key + ":"))


def latency(place, load):
    """From the append of a line to the line `watch` prints with it."""
    logs, session = Logs(place.claude, seed=int(time.time())), str(uuid.uuid4())
    watch, seen, done = place.watch(), {}, threading.Event()

    def read():
        for line in watch.stdout:
            arrived = time.perf_counter()
            seen[json.loads(line)["totals"]["messageCount"]] = arrived

    threading.Thread(target=read, daemon=True).start()
    deadline = time.time() + 20
    while not seen and time.time() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    resting = status(watch.pid, "VmRSS") / 1024
    base = max(seen)

    def disturb():
        other, path = str(uuid.uuid4()), None
        while not done.is_set():
            path = path or logs.path(other)
            with open(path, "a") as log:
                log.write(json.dumps({"type": "user", "sessionId": other, "timestamp": logs.stamp(time.time()), "message": {"content": "x" * 500}}) + "\n")
            time.sleep(1 / 200)

    if load:
        threading.Thread(target=disturb, daemon=True).start()
    gaps = []
    with open(logs.path(session), "ab", buffering=0) as log:
        for number in range(1, 151):
            line = (logs.answer(session, time.time(), 1)[1][0] + "\n").encode()
            written = time.perf_counter()
            log.write(line)
            while base + number not in seen and time.perf_counter() - written < 5:
                time.sleep(0.0002)
            gaps.append((seen.get(base + number, time.perf_counter()) - written) * 1000)
            time.sleep(0.02 + random.random() * 0.05)
    done.set()
    watch.send_signal(signal.SIGTERM)
    watch.wait()
    return resting, gaps


def live_figures(place):
    resting, quiet = latency(place, load=False)
    row("memory of watch at rest", f"{resting:.0f} MB RSS", "at most 30")
    row("append → watch line, p50 / p99 of 150", f"{percentile(quiet, .5):.1f} / {percentile(quiet, .99):.1f} ms", "5 / 20")
    _, busy = latency(place, load=True)
    row("the same beside 200 lines a second", f"{percentile(busy, .5):.1f} / {percentile(busy, .99):.1f} ms", "5 / 20")


def idle_figures(place, seconds):
    logs = Logs(place.claude, seed=3)
    for _ in range(5000):
        session = str(uuid.UUID(int=logs.dice.getrandbits(128)))
        with open(logs.path(session), "w") as log:
            log.write(logs.answer(session, time.time() - 86400)[1][1] + "\n")
    again = [place.run("sessions", "--json")[0] * 1000 for _ in range(6)][1:]
    row("sessions again with 5,000 logs (median of 5)", f"{percentile(again, 0.5):.0f} ms", "at most 30")
    watch = place.watch()
    threading.Thread(target=watch.stdout.read, daemon=True).start()
    time.sleep(40)
    cpu, read = cost(watch.pid)
    time.sleep(seconds)
    cpu_after, read_after = cost(watch.pid)
    row(f"idle {seconds} s with 5,000 logs: processor", f"{cpu_after - cpu:.2f} s", f"{(cpu_after - cpu) / seconds * 100:.2f} %")
    row(f"idle {seconds} s with 5,000 logs: bytes read", f"{read_after - read}", "0 of logs (events and folders are not logs)")
    watch.send_signal(signal.SIGTERM)
    watch.wait()


def fill_with_messages(logs, messages, each=2000):
    """Nothing but usage, a message a line: the cheapest way to a large store."""
    now = time.time()
    for first in range(0, messages, each):
        session, when = str(uuid.UUID(int=logs.dice.getrandbits(128))), now - 80 * 86400 * (1 - first / messages)
        line = ('{"type":"assistant","sessionId":"' + session + '","timestamp":"%s","message":{"id":"msg_%d","model":"claude-opus-5-5",'
                '"usage":{"input_tokens":3,"cache_creation_input_tokens":700,"cache_read_input_tokens":30000,"output_tokens":%d}}}\n')
        with open(logs.path(session), "w") as log:
            log.writelines(line % (logs.stamp(when + number % each), number, number % 900) for number in range(first, min(first + each, messages)))


def statusline(place, runs=300):
    """Milliseconds from the start of the command to its end, as Claude Code waits for it."""
    told = {"session_id": "s", "model": {"display_name": "Opus 5.5"}, "cost": {"total_cost_usd": 3.41},
            "rate_limits": {"five_hour": {"used_percentage": 0, "resets_at": int(time.time()) + 7200}}}
    took, whole = [], 0
    for number in range(runs):
        # Each time something new, so that each time a note is written.
        told["rate_limits"]["five_hour"]["used_percentage"] = number % 100
        begun = time.perf_counter()
        done = subprocess.run([COMMAND, "statusline"], env=place.env, input=json.dumps(told).encode(), stdout=subprocess.PIPE)
        took.append((time.perf_counter() - begun) * 1000)
        whole += b"tok/min" in done.stdout
    return f"{percentile(took, .5):.1f} / {percentile(took, .99):.1f} ms", whole / runs


def statusline_figures(place, messages):
    fill_with_messages(Logs(place.claude, seed=5), messages)
    counted = json.loads(place.run("models", "--json")[2])["totals"]["messageCount"]
    row(f"statusline answers: p50 / p99, {counted:,} messages, no app", statusline(place)[0], "at most 20")
    watch = place.watch()
    watch.stdout.readline()
    threading.Thread(target=watch.stdout.read, daemon=True).start()
    time.sleep(2)
    took, whole = statusline(place)
    row("statusline answers: p50 / p99, beside watch", took, "at most 20")
    row("statusline lines with the app's figures", f"{whole:.1%}", "100.0%")
    watch.send_signal(signal.SIGTERM)
    watch.wait()


def cost(pid):
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
        place = Place(folder)
        import_figures(place, opt.megabytes)
        live_figures(place)
    with tempfile.TemporaryDirectory() as folder:
        idle_figures(Place(folder), opt.seconds)
    with tempfile.TemporaryDirectory() as folder:
        statusline_figures(Place(folder), opt.messages)


if __name__ == "__main__":
    main()
