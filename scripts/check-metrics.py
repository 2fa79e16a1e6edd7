#!/usr/bin/env python3
"""Lets Prometheus read the metrics of made-up logs while they change, and compares its counters with what was used.

    scripts/check-metrics.py FOLDER     the folder with `token-monitor` and `examples/exposition`; see check-metrics.sh

The changes: growth, other prices, a restart of Prometheus, a model used for the first time, a store made new from all logs
and one made new from a part of them. The program starts anew for each scrape, so its own restart is part of every step.
"""
import gzip, http.server, json, os, shutil, socket, subprocess, sys, tempfile, threading, time
import urllib.parse, urllib.request

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

PROGRAMS = os.path.abspath(sys.argv[1])
SCRAPE_SECONDS = 5
# The times of ADR 0029, with a few scrapes added.
NEW_SERIES_SECONDS, LOSS_SECONDS = 60 + 3 * SCRAPE_SECONDS, 120 + 3 * SCRAPE_SECONDS
FIELDS = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cacheRead": "cache_read_input_tokens",
    "cacheCreation": "cache_creation_input_tokens",
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Home:
    """A home folder with logs, and the tokens that were used in them."""

    def __init__(self, folder):
        self.folder, self.projects, self.count = folder, os.path.join(folder, ".claude/projects/p"), 0
        self.prices, self.used = {}, {}
        os.makedirs(self.projects)

    def environment(self):
        settings = {"TOKEN_MONITOR_DB": self.store, "TOKEN_MONITOR_CONFIG": os.path.join(self.folder, "config.yaml")}
        return {"HOME": self.folder, "TZ": "UTC", "XDG_RUNTIME_DIR": self.folder, "PATH": os.environ["PATH"], **settings}

    @property
    def store(self):
        return os.path.join(self.folder, "data/sessions.db")

    def use(self, model, log="a", messages=1):
        """Writes messages with a few thousand tokens of each kind."""
        lines = []
        for _ in range(messages):
            self.count += 1
            tokens = {kind: self.count * 10 + number for number, kind in enumerate(FIELDS, 1)}
            usage = {FIELDS[kind]: amount for kind, amount in tokens.items()}
            message = {"id": f"msg_{self.count}", "model": model, "usage": usage}
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            lines.append({"type": "assistant", "sessionId": log, "timestamp": at, "message": message})
            for kind, amount in tokens.items():
                self.used[kind, model] = self.used.get((kind, model), 0) + amount
        with open(os.path.join(self.projects, f"{log}.jsonl"), "a") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)

    def set_price(self, model, factor):
        """Overrides the price of a model."""
        self.prices[model] = {"input": factor, "output": factor * 5, "cache_write": factor, "cache_read": factor / 10}
        with open(os.path.join(self.folder, "config.yaml"), "w") as file:
            json.dump({"pricing": {"overrides": self.prices}}, file)

    def delete_store(self):
        for name in os.listdir(os.path.dirname(self.store)):
            if name != "telemetry":
                path = os.path.join(os.path.dirname(self.store), name)
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def delete_log(self, log):
        os.remove(os.path.join(self.projects, f"{log}.jsonl"))

    def run(self, program, *args, **variables):
        environment = {**self.environment(), **variables}
        return subprocess.run([os.path.join(PROGRAMS, program), *args], env=environment, capture_output=True, check=True)

    def metrics(self, accept=""):
        return self.run("examples/exposition", accept).stdout.decode()


def serve(home, lock):
    """Serves the metrics of a home folder, made anew for each request. Returns the port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            accept = self.headers.get("Accept", "")
            with lock:
                text = home.metrics(accept)
            is_open_metrics = text.endswith("# EOF\n")
            kind = "application/openmetrics-text; version=1.0.0" if is_open_metrics else "text/plain; version=0.0.4"
            try:
                self.send_response(200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.end_headers()
                self.wfile.write(text.encode())
            except BrokenPipeError:
                pass  # Prometheus has given up: the next scrape reads the metrics.

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


class Prometheus:
    """A Prometheus that reads one target."""

    def __init__(self, folder, target_port):
        self.folder, self.port = folder, free_port()
        self.config = os.path.join(folder, "prometheus.yml")
        interval = f"{SCRAPE_SECONDS}s"
        job = {"job_name": "token-monitor", "static_configs": [{"targets": [f"127.0.0.1:{target_port}"]}]}
        rules = [os.path.abspath("docs/grafana/alerts.yaml")]
        with open(self.config, "w") as file:
            intervals = {"scrape_interval": interval, "scrape_timeout": interval, "evaluation_interval": "5s"}
            json.dump({"global": intervals, "rule_files": rules, "scrape_configs": [job]}, file)
        self.start()

    def start(self):
        options = [f"--config.file={self.config}", f"--storage.tsdb.path={self.folder}/data"]
        options.append(f"--web.listen-address=127.0.0.1:{self.port}")
        log = open(os.path.join(self.folder, "log"), "a")
        self.process = subprocess.Popen(["prometheus", *options], stdout=log, stderr=log)
        for _ in range(600):
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready").read()
            except OSError:
                time.sleep(0.1)
        sys.exit("Prometheus does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def get(self, path, **parameters):
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        return json.load(urllib.request.urlopen(url))["data"]

    def query(self, expression):
        return self.get("query", query=expression)["result"]

    def wait_for_scrapes(self, count):
        """Waits until the target was read this many times more."""
        def scrapes():
            rows = self.query('sum_over_time(up{job="token-monitor"}[1h])')
            return float(rows[0]["value"][1]) if rows else 0
        start, deadline = scrapes(), time.time() + 300
        while scrapes() < start + count:
            if time.time() > deadline:
                sys.exit(f"Prometheus does not read the metrics: {self.get('targets')['activeTargets'][0]['lastError']}")
            time.sleep(0.2)


failures = []


def check(name, is_right, detail=""):
    print(f"{'ok  ' if is_right else 'FAIL'} {name}{f': {detail}' if detail else ''}", flush=True)
    if not is_right:
        failures.append(name)


def series_of(rows, key="value"):
    return {(row["metric"]["type"], row["metric"]["model"]): row[key] for row in rows}


def check_texts(home):
    for name, accept in [("text format", "text/plain"), ("names of Claude Code", "claude-code")]:
        result = subprocess.run(["promtool", "check", "metrics"], input=home.metrics(accept).encode(), capture_output=True)
        check(f"promtool check metrics, {name}", result.returncode == 0 and not result.stderr, result.stderr.decode())


def check_counters(home, prometheus, before):
    """Compares the increase of each counter since the first scrape with the tokens used since."""
    expected = {key: home.used[key] - before.get(key, 0) for key in home.used}
    samples = series_of(prometheus.query("token_monitor_tokens_total[1h]"), "values")
    differences = {key: int(float(values[-1][1]) - float(values[0][1])) for key, values in samples.items()}
    check("the differences of the samples are the tokens used", differences == expected, sum(expected.values()))
    if differences != expected:
        print({key: (differences.get(key), expected[key]) for key in expected if differences.get(key) != expected[key]})
    increases = {key: float(value[1]) for key, value in series_of(prometheus.query("increase(token_monitor_tokens_total[1h])")).items()}
    # Prometheus extrapolates to the edges of the range by half an interval at each end.
    worst = max(abs(increases[key] - expected[key]) / max(expected[key], 1) for key in expected)
    check("increase() is the tokens used", worst < 0.02, f"at most {worst:.2%} off by extrapolation")
    for metric in ["tokens", "messages", "cost_usd", "unpriced_tokens"]:
        resets = sum(float(row["value"][1]) for row in prometheus.query(f"resets(token_monitor_{metric}_total[1h])"))
        check(f"{metric}: no counter falls", resets == 0, "over all samples")


def run_scenario(home, folder):
    lock = threading.Lock()
    home.use("claude-opus-4-8", "old", 20)
    home.use("claude-opus-4-8", "a", 3)
    home.use("claude-haiku-4-5", "a", 3)
    home.set_price("claude-opus-4-8", 10)
    check_texts(home)
    before = dict(home.used)
    prometheus = Prometheus(folder, serve(home, lock))

    def change(name, action, scrapes=3):
        with lock:
            action()
        prometheus.wait_for_scrapes(scrapes)
        print(f"     {name}", flush=True)

    def cost(metric):
        rows = prometheus.query(f'token_monitor_{metric}{{model="claude-opus-4-8"}}')
        return float(rows[0]["value"][1])

    try:
        prometheus.wait_for_scrapes(3)
        change("growth", lambda: home.use("claude-opus-4-8", "a", 5))
        dear = cost("cost_usd_total")
        change("a lower price", lambda: home.set_price("claude-opus-4-8", 4))
        check("the cost counter waits", cost("cost_usd_total") == dear)
        check("the gauge has the cost at the lower price", abs(cost("ledger_cost_usd") - dear * 0.4) < 1e-6)
        change("growth", lambda: home.use("claude-haiku-4-5", "a", 5))
        change("a higher price", lambda: home.set_price("claude-opus-4-8", 10))
        check("the cost is counted once", abs(cost("cost_usd_total") - cost("ledger_cost_usd")) < 1e-9)
        prometheus.stop()
        home.use("claude-opus-4-8", "a", 4)
        prometheus.start()
        prometheus.wait_for_scrapes(3)
        print("     a restart of Prometheus, and growth meanwhile", flush=True)
        change("a store made new from all logs", home.delete_store)
        change("growth", lambda: home.use("claude-opus-4-8", "b", 6))
        change("a model used for the first time", lambda: home.use("claude-sonnet-5", "b", 2))
        time.sleep(NEW_SERIES_SECONDS)

        def lose_logs():
            home.delete_store()
            home.delete_log("old")

        change("a store made new from a part of the logs", lose_logs)
        time.sleep(LOSS_SECONDS)
        change("growth", lambda: home.use("claude-opus-4-8", "b", 3))
        check_counters(home, prometheus, before)
        rules = [rule for group in prometheus.get("rules")["groups"] for rule in group["rules"]]
        check("all alert rules are evaluated", len(rules) > 5 and all(rule["health"] == "ok" for rule in rules), len(rules))
        check_board(prometheus)
    finally:
        prometheus.stop()


def check_board(prometheus):
    """Runs every query of the board."""
    with open("docs/grafana/token-monitor.json") as file:
        panels = json.load(file)["panels"]
    expressions = [target["expr"] for panel in panels for target in panel["targets"]]
    values = {"$job": ".*", "$instance": ".*", "$__range": "1h", "$__rate_interval": "1m"}
    for name, value in values.items():
        expressions = [expression.replace(name, value) for expression in expressions]
    answered = sum(bool(prometheus.query(expression)) for expression in expressions)
    check("every query of the board is valid", True, f"{len(expressions)} queries, {answered} with values")


def receive_push(home, **variables):
    """Returns the decoded message that `push` sends, and the headers."""
    received = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    home.run("token-monitor", "push", "--otlp", "--once", OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, **variables)
    server.shutdown()
    [(path, headers, body)] = received
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return path, headers, ExportMetricsServiceRequest.FromString(body)


def check_push(home):
    variables = {"OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%20b"}
    path, headers, message = receive_push(home, **variables)
    check("push: path, headers and compression", (path, headers["x-key"], headers["content-encoding"]) == ("/v1/metrics", "a b", "gzip"))
    metrics = {metric.name: metric for metric in message.resource_metrics[0].scope_metrics[0].metrics}

    def values(name, field):
        points = metrics[name].sum.data_points
        key = lambda point: tuple(sorted((pair.key, pair.value.string_value) for pair in point.attributes))
        return {key(point): getattr(point, field) for point in points}

    models = json.loads(home.run("token-monitor", "models", "--json").stdout)["models"]
    names = {"input": "inputTokens", "output": "outputTokens", "cacheRead": "cacheReadTokens", "cacheCreation": "cacheCreationTokens"}
    tokens = {(("model", row["model"]), ("type", kind)): row[field] for row in models for kind, field in names.items()}
    check("push: tokens are those of `models --json`", values("claude_code.token.usage", "as_int") == tokens, len(tokens))
    costs = {(("model", row["model"]),): row["totalCost"] for row in models}
    sent = values("claude_code.cost.usage", "as_double")
    check("push: costs are those of `models --json`", sent.keys() == costs.keys() and all(abs(sent[key] - costs[key]) < 1e-9 for key in costs))
    cumulative = all(metric.sum.aggregation_temporality == 2 and metric.sum.is_monotonic for metric in metrics.values())
    check("push: sums are cumulative and monotonic", cumulative)


def main():
    with tempfile.TemporaryDirectory() as folder:
        home, data = os.path.join(folder, "home"), os.path.join(folder, "prometheus")
        os.mkdir(data)
        home = Home(home)
        run_scenario(home, data)
        check_push(home)
    sys.exit(f"{len(failures)} checks failed" if failures else 0)


main()
