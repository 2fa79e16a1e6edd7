#!/usr/bin/env python3
"""Compares the ccusage emulation of `token-monitor explain --against ccusage` with ccusage itself, on the same logs.

The comparison is by day and by session, for four commands of ccusage. By default the synthetic logs of the tests are used;
--logs FOLDER uses other Claude folders, --random N generates N of them. --write stores the results of both programs with
the synthetic logs; review the changes before you commit them. The network is needed to install ccusage into a temporary
folder; it then runs offline. The command is the release build, or that in TOKEN_MONITOR_TEST_BINARIES. Not part of
`npm test`.
"""
import argparse, json, os, random, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CASES = os.path.join(ROOT, "src-tauri/crates/cli/tests/it/ccusage.json")
COMMAND = os.path.join(os.environ.get("TOKEN_MONITOR_TEST_BINARIES", os.path.join(ROOT, "target/release")), "token-monitor")
VERSION = "20.0.24"
KINDS = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
EXCLUDED = ("repeated", "copies", "replays", "progress", "synthetic", "noTime", "otherTypes")
ZERO = [0, 0, 0, 0]


def token_counts(row):
    return [row[kind] for kind in KINDS]


def add(rows):
    return [sum(column) for column in zip(*rows)] or ZERO


class Ccusage:
    """ccusage, installed in a folder of its own."""

    def __init__(self, folder):
        npm = "npm.cmd" if os.name == "nt" else "npm"
        subprocess.run([npm, "install", "--silent", "--prefix", folder, f"ccusage@{VERSION}"], check=True)
        self.program = os.path.join(folder, "node_modules/.bin/ccusage")

    def rows(self, root, command, zone):
        """Returns its rows by name: days, months, blocks, or sessions of all projects."""
        zoned = [] if command == "blocks" else ["-z", zone]
        env = {"CLAUDE_CONFIG_DIR": root, "HOME": root, "PATH": os.environ["PATH"], "TZ": zone}
        args = [self.program, "claude", command, "--json", "--offline", *zoned]
        printed = json.loads(subprocess.run(args, env=env, capture_output=True, text=True, check=True).stdout)
        if command == "blocks":
            kinds = ("inputTokens", "outputTokens", "cacheCreationInputTokens", "cacheReadInputTokens")
            blocks = [block for block in printed["blocks"] if not block["isGap"]]
            return {block["id"]: [block["tokenCounts"][kind] for kind in kinds] for block in blocks}
        table, name = {"daily": ("daily", "date"), "monthly": ("monthly", "month"), "session": ("sessions", "sessionId")}[command]
        rows = {}
        for row in printed[table]:
            rows[row[name]] = add([rows.get(row[name], ZERO), token_counts(row)])
        return rows


class Monitor:
    """Token Monitor's command, with a store of its own."""

    def __init__(self, root, zone):
        self.home, self.zone = tempfile.TemporaryDirectory(), zone
        home = self.home.name
        self.env = {"CLAUDE_CONFIG_DIR": root, "HOME": home, "PATH": os.environ["PATH"], "TZ": zone,
                    "TOKEN_MONITOR_DB": os.path.join(home, "sessions.db"), "XDG_RUNTIME_DIR": home}

    def run_json(self, *args):
        output = subprocess.run([COMMAND, *args, "--json"], env=self.env, capture_output=True, text=True)
        if output.returncode:
            sys.exit(f"{args}: {output.stderr}")
        return json.loads(output.stdout)

    def explain(self, *args):
        return self.run_json("explain", *args, "--against", "ccusage")

    def days(self):
        return {row["date"]: token_counts(row) for row in self.run_json("days", "--timezone", self.zone)["days"]}

    def sessions(self):
        return {row["sessionId"]: token_counts(row) for row in self.run_json("sessions")["sessions"]}


def find_faults(explanation, theirs):
    """Yields the errors in an explanation, given the figure that ccusage prints."""
    against, own = explanation["against"], explanation
    if token_counts(against["theirs"]) != theirs:
        yield f"emulated {token_counts(against['theirs'])}, ccusage prints {theirs}"
    if add([token_counts(against["ours"]), *map(token_counts, against["steps"])]) != token_counts(against["theirs"]):
        yield "the steps do not add up"
    if token_counts(explanation["noLongerInLogs"]) != ZERO:
        yield f"our figures differ by {token_counts(explanation['noLongerInLogs'])}"
    lines = add([[-count for count in token_counts(own[part])] for part in EXCLUDED] + [token_counts(own["naive"]), token_counts(own["piecedTogether"])])
    if lines != token_counts(own["counted"]):
        yield "the lines do not add up"


def compare(ccusage, root, zone):
    """Compares all rows of one folder. Returns the number of comparisons, and the errors."""
    monitor, count, faults = Monitor(root, zone), 0, []
    questions = []
    for command in ("daily", "session", "monthly", "blocks"):
        rows = ccusage.rows(root, command, zone)
        questions.append((["--all", "--command", command], add(rows.values())))
        if command == "daily":
            days = sorted(set(rows) | set(monitor.days()))
            questions += [(["--day", day, "--timezone", zone], rows.get(day, ZERO)) for day in days]
        if command == "session":
            questions += [(["--session", name], rows.get(name, ZERO)) for name in monitor.sessions()]
    for question, theirs in questions:
        count += 1
        faults += [f"{' '.join(question)}: {fault}" for fault in find_faults(monitor.explain(*question), theirs)]
    return count, faults


def write_logs(folder, logs):
    for path, lines in logs.items():
        place = os.path.join(folder, "projects", path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8", newline="") as file:
            file.write("\n".join(lines))


def record_results(ccusage, case):
    """Returns a case with the results of both programs."""
    with tempfile.TemporaryDirectory() as folder:
        write_logs(folder, case["logs"])
        monitor = Monitor(folder, "UTC")
        theirs = {command: ccusage.rows(folder, command, "UTC") for command in ("daily", "session", "monthly", "blocks")}
        ours = {"days": monitor.days(), "sessions": monitor.sessions()}
    return {"name": case["name"], "logs": case["logs"], "ccusage": theirs, "ours": ours}


def format_cases(cases):
    """Formats each field of a case on its own line, for readable diffs."""
    fields = lambda case: ",\n ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in case.items())
    return "[\n" + ",\n".join("{" + fields(case) + "}" for case in cases) + "\n]\n"


class RandomLogs:
    """Random logs with few messages, sessions and times, so that lines collide, and with every known irregularity.

    Two lines of one message with equal totals but different prices can occur; `ccusage daily` uses the more expensive
    one, which is not emulated.
    """

    PATHS = ("-p/s1.jsonl", "-p/s2.jsonl", "-p/s1/subagents/agent-a.jsonl", "-q/s3.jsonl", "-p/s1/subagents/workflows/w1/agent-b.jsonl")
    TIMES = ("2026-05-01T10:00:00.000Z", "2026-05-01T10:00:07.000Z", "2026-05-01T23:59:59.000Z", "2026-05-02T00:00:01.000Z")

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def one(self, *choices):
        return self.rng.choice(choices)

    def with_probability(self, share):
        return self.rng.random() < share

    def logs(self):
        paths = self.rng.sample(self.PATHS, self.rng.randint(1, 4))
        return {path: [self.line() for _ in range(self.rng.randint(1, 7))] + [""] for path in paths}

    def usage(self):
        usage = {"input_tokens": 3, "output_tokens": self.one(1, 5, 50, 200)}
        advisor = {"type": "advisor_message", "model": self.one("m", "n", None, ""), "input_tokens": self.one(4, 6), "output_tokens": self.one(8, 9)}
        more = {
            "cache_creation_input_tokens": self.one(0, 30, 999),
            "cache_creation": self.one(None, {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}),
            "cache_read_input_tokens": self.one(7, 70),
            "speed": self.one("standard", "fast", "turbo"),
            "iterations": self.one([advisor], [{"type": "message", "model": None, "input_tokens": 1, "output_tokens": 1}, advisor]),
        }
        return usage | {field: value for field, value in more.items() if self.with_probability(0.25)}

    def record(self):
        model = self.one("<synthetic>", "", None) if self.with_probability(0.1) else "claude-sonnet-4-5"
        message = {"id": self.one("msg_1", "msg_1", "msg_2", "msg_2", "x", None), "model": model, "usage": self.usage()}
        record = {"type": "user" if self.with_probability(0.1) else "assistant", "timestamp": self.one(*self.TIMES),
                  "sessionId": self.one("s1", "s1", "s2", None), "requestId": self.one("r1", "r2", None),
                  "isSidechain": self.one(None, None, False, True), "message": {k: v for k, v in message.items() if v is not None}}
        return {field: value for field, value in record.items() if value is not None}

    def line(self):
        record = self.record()
        if self.with_probability(0.15):
            record[self.one("version", "cwd", "parentUuid", "requestId", "costUSD")] = self.one(None, "dev", "2.1.3")
        if self.with_probability(0.15):
            session = {"sessionId": record.pop("sessionId")} if "sessionId" in record else {}
            record = {"type": "progress", "timestamp": self.one(*self.TIMES), **session, "data": {"message": record}}
        text = json.dumps(record, separators=(",", ":"))
        damage = {
            0: lambda: json.dumps(record),
            1: lambda: text + text,
            2: lambda: text[:-5],
            3: lambda: text.replace(".000Z", ".000000Z"),
            4: lambda: text.replace('"timestamp"', '"time"'),
            5: lambda: "\ufeff" + text,
        }
        return damage.get(self.rng.randrange(60), lambda: text)()


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--logs", nargs="+", metavar="FOLDER", default=[])
    args.add_argument("--random", type=int, metavar="N", default=0)
    args.add_argument("--seed", type=int, default=0)
    args.add_argument("--timezone", default="UTC")
    args.add_argument("--write", action="store_true")
    opt = args.parse_args()
    with open(CASES, encoding="utf-8") as file:
        cases = json.load(file)
    with tempfile.TemporaryDirectory() as folder:
        ccusage = Ccusage(folder)
        if opt.write:
            written = format_cases([record_results(ccusage, case) for case in cases])
            with open(CASES, "w", encoding="utf-8") as file:
                file.write(written)
        inputs = [(f"random {seed}", RandomLogs(seed).logs()) for seed in range(opt.seed, opt.seed + opt.random)]
        if not opt.logs and not opt.random:
            inputs = [(case["name"], case["logs"]) for case in cases]
        total, wrong = 0, 0
        def report(name, count, faults):
            nonlocal total, wrong
            total, wrong = total + count, wrong + bool(faults)
            for fault in faults:
                print(f"{name}: {fault}", flush=True)
        for name, logs in inputs:
            with tempfile.TemporaryDirectory() as root:
                write_logs(root, logs)
                report(name, *compare(ccusage, root, opt.timezone))
        for root in opt.logs:
            report(root, *compare(ccusage, os.path.abspath(root), opt.timezone))
    print(f"{total} comparisons with ccusage {VERSION}; {wrong} of {len(inputs) + len(opt.logs)} folders differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
