#!/usr/bin/env python3
"""Prices synthetic requests with LiteLLM and stores the results, with which a test compares our price catalog.

    scripts/check-prices.py FOLDER            writes src-tauri/crates/core/tests/it/litellm-prices.json
    scripts/check-prices.py FOLDER --check    fails if that file differs from the computed results

LiteLLM is installed into FOLDER, a virtual environment. Its prices are those of its package; it connects to nothing. It has
no dates, so each request carries the date for which our catalog is asked.
"""
import argparse, json, os, random, subprocess, sys, venv

LITELLM = "litellm==1.109.1"
# Its imports. Its other requirements are not needed here, and not on every mirror.
REQUIREMENTS = """aiohttp anyio boto3 certifi click fastuuid filelock httpx[http2] huggingface-hub importlib-metadata jinja2
jsonschema openai packaging pydantic pydantic-settings python-dotenv pyyaml tiktoken tokenizers""".split()

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PRICES_FILE = os.path.join(ROOT, "src-tauri/crates/core/tests/it/litellm-prices.json")

# A date with current rates, and one with rates that have changed since.
TODAY, BEFORE = "2026-11-21", "2026-03-01"
PROVIDERS = ["anthropic", "azure_ai", "bedrock", "bedrock_converse", "vertex_ai-anthropic_models"]


def usage(input=0, output=0, write=0, hour=0, read=0, searches=0):
    return {"input": input, "output": output, "write": write, "hour": hour, "read": read, "searches": searches}


PLAIN = usage(input=1234, output=567)
CACHE = usage(input=3, output=250, write=4096, read=30_000)
HOUR = usage(input=3, output=250, write=5000, hour=4000, read=30_000)
LONG = usage(input=150_000, output=1000, write=2000, hour=500, read=100_000)
SHAPES = {
    "plain": (PLAIN, {}),
    "cache": (CACHE, {}),
    "hour": (HOUR, {}),
    "up to 100k": (usage(input=60_000, output=900, read=40_000), {}),
    "over 100k": (usage(input=60_000, output=900, write=1, read=40_000), {}),
    "over 200k fresh": (usage(input=300_000), {}),
    "over 200k cached": (LONG, {}),
    "search": (usage(input=900, output=90, searches=3), {}),
    "fast": (HOUR, {"speed": "fast"}),
    "us": (HOUR, {"geo": "us"}),
    "fast us": (HOUR, {"speed": "fast", "geo": "us"}),
    "over 200k us": (LONG, {"geo": "us"}),
    "priority": (HOUR, {"tier": "priority"}),
    "batch": (CACHE, {"tier": "batch"}),
    "batch hour": (HOUR, {"tier": "batch"}),
}
OTHER_PROVIDER_SHAPES = ["cache", "hour", "over 200k cached"]
DATED_SHAPES = ["cache", "over 200k cached", "fast"]


def random_usage(rng):
    write = rng.randrange(20_000)
    return usage(rng.randrange(50), rng.randrange(4000), write, rng.randrange(write + 1), rng.randrange(70_000))


def models(prices):
    """Yields the Claude models with prices per token, of all providers."""
    for name, entry in sorted(prices.items()):
        is_sold = "input_cost_per_token" in entry and "output_cost_per_token" in entry
        if "claude-" in name and entry.get("litellm_provider") in PROVIDERS and is_sold:
            yield name, entry["litellm_provider"]


def requests(prices):
    rng = random.Random(1)
    for name, provider in models(prices):
        for shape in SHAPES if provider == "anthropic" else OTHER_PROVIDER_SHAPES:
            yield name, provider, TODAY, shape, *SHAPES[shape]
        yield name, provider, TODAY, "chance", random_usage(rng), {}
        for shape in DATED_SHAPES if provider == "anthropic" else []:
            yield name, provider, BEFORE, shape, *SHAPES[shape]


class LiteLlm:
    """LiteLLM's own calculation: from the vendor's usage object, by the provider's calculator."""

    def __init__(self):
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        import litellm
        from litellm.cost_calculator import batch_cost_calculator
        from litellm.llms.anthropic.chat.transformation import AnthropicConfig
        from litellm.llms.anthropic.cost_calculation import get_cost_for_anthropic_web_search
        self.litellm, self.batch, self.config = litellm, batch_cost_calculator, AnthropicConfig()
        self.search = get_cost_for_anthropic_web_search

    def usage(self, used, terms):
        raw = {
            "input_tokens": used["input"], "output_tokens": used["output"],
            "cache_creation_input_tokens": used["write"], "cache_read_input_tokens": used["read"],
            "cache_creation": {"ephemeral_5m_input_tokens": used["write"] - used["hour"], "ephemeral_1h_input_tokens": used["hour"]},
            "server_tool_use": {"web_search_requests": used["searches"]},
            "inference_geo": terms.get("geo", "global"), "speed": terms.get("speed", "standard"),
            "service_tier": terms.get("tier", "standard"),
        }
        return self.config.calculate_usage(usage_object=raw, reasoning_content=None)

    def dollars(self, name, provider, used, terms):
        counted = self.usage(used, terms)
        host = {"bedrock_converse": "bedrock", "vertex_ai-anthropic_models": "vertex_ai"}.get(provider, provider)
        if terms.get("tier") == "batch":
            return sum(self.batch(usage=counted, model=name, custom_llm_provider=host))
        tokens = self.litellm.cost_per_token(model=name, custom_llm_provider=host, usage_object=counted, service_tier=terms.get("tier"),
                                             prompt_tokens=counted.prompt_tokens, completion_tokens=counted.completion_tokens)
        return sum(tokens) + self.search(model_info=self.litellm.model_cost[name], usage=counted)


def compute_prices():
    calculator = LiteLlm()
    rows = []
    for name, provider, date, shape, used, terms in requests(calculator.litellm.model_cost):
        used_only = {key: count for key, count in used.items() if count}
        row = {"model": name, "date": date, "shape": shape, "usage": used_only, **terms}
        rows.append({**row, "dollars": round(calculator.dollars(name, provider, used, terms), 12)})
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return f'{{"version":"{LITELLM}","requests":[\n{lines}\n]}}\n'


def run_in_environment(folder):
    """Runs this script in the virtual environment, which is created if it does not exist."""
    python = os.path.join(folder, "Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not os.path.exists(python):
        venv.create(folder, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *REQUIREMENTS], check=True)
    subprocess.run([*pip, "--no-deps", LITELLM], check=True)
    return subprocess.run([python, os.path.abspath(__file__), *sys.argv[1:], "--inside"]).returncode


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder")
    options.add_argument("--check", action="store_true")
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = options.parse_args()
    if not options.inside:
        return run_in_environment(options.folder)
    text = compute_prices()
    if not options.check:
        with open(PRICES_FILE, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        return 0
    with open(PRICES_FILE, encoding="utf-8") as file:
        same = file.read() == text
    print("The stored prices are equal to those of LiteLLM." if same else "LiteLLM computes other prices. Run without --check and review the changes.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
