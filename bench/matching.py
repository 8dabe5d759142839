"""How fast the candidate search is beside a rapidfuzz scan of the whole catalogue, and how often it finds the product.

`python -m bench.matching [--products 400 10000 50000] [--queries 100] [--seed 7]`: generated products, bent queries.
Both run in turns, query by query, so that noise on the machine falls on both alike.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date

from rapidfuzz import fuzz, process

from matching.fuzzy import ProductIndex, searchable
from matching.lines import match_line
from matching.memory import MemoryCatalogue
from matching.normalise import fold_text
from oms_core.values import DraftLine, Product, TextSource, Value

NOUNS = (
    "hexagon bolt", "wood screw", "cable tie", "hose clamp", "ball valve", "pipe bracket", "washer", "blind rivet",
    "circuit breaker", "junction box", "copper tube", "angle bracket", "drill bit", "cutting disc", "safety glove",
    "packing tape", "storage box", "cleaning cloth", "paint roller", "anchor bolt",
)  # fmt: skip
WORDS = (
    "galvanised", "stainless", "brass", "nylon", "black", "white", "heavy", "slotted", "flanged", "insulated",
    "compact", "professional", "industrial", "outdoor", "flat", "round", "long", "short", "series", "premium",
)  # fmt: skip
BRANDS = ("Ferrox", "Norda", "Tekla", "Brandt", "Ostara", "Lumo", "Kessel", "Virex")


def products(count: int, chance: random.Random) -> list[Product]:
    made: dict[str, None] = {}
    while len(made) < count:
        size = f"{chance.randint(2, 99)}x{chance.randint(2, 400)} mm"
        words = " ".join(chance.sample(WORDS, 2))
        code = f"{chance.choice('ABCDEFGH')}{chance.choice('KLMNP')}{chance.randint(100, 9999)}"
        made[f"{chance.choice(BRANDS)} {chance.choice(NOUNS)} {words} {size} {code}"] = None
    return [Product(f"SKU{n:07}", text, "C62") for n, text in enumerate(made)]


def bent(text: str, chance: random.Random) -> str:
    """Drop a word, misspell one, shorten one, and shuffle, as people do."""
    parts = text.split()
    del parts[chance.choice((0, len(parts) - 1))]
    at = chance.randrange(2)
    parts[at] = parts[at][:-2] + parts[at][-1:]
    chance.shuffle(parts)
    return " ".join(parts)


def milliseconds(call: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    answer = call()
    return (time.perf_counter() - started) * 1000, answer


def spread(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"p50 {statistics.median(ordered):8.2f} ms  p95 {ordered[int(len(ordered) * 0.95)]:8.2f} ms"


def measure(count: int, queries: int, seed: int) -> None:
    chance = random.Random(seed)
    listed = products(count, chance)
    built, index = milliseconds(lambda: ProductIndex(listed))
    assert isinstance(index, ProductIndex)
    catalogue = MemoryCatalogue(listed, (), date(2026, 1, 1))
    catalogue.search("warm", 1)
    texts = [fold_text(searchable(product)) for product in listed]
    scans, searches, lines, scan_hits, search_hits = [], [], [], 0, 0
    for wanted in chance.choices(listed, k=queries):
        text = bent(wanted.description, chance)
        took, found = milliseconds(lambda: process.extractOne(fold_text(text), texts, scorer=fuzz.token_set_ratio))  # noqa: B023
        scans.append(took)
        scan_hits += listed[found[2]] == wanted  # type: ignore[index]
        took, found = milliseconds(lambda: index.search(text, 10))  # noqa: B023
        searches.append(took)
        search_hits += bool(found) and found[0] == wanted  # type: ignore[index]
        line = DraftLine(description=Value(text, TextSource(0, len(text), text), 1.0), quantity=None)
        took, _ = milliseconds(lambda: match_line(line, 0, None, catalogue))  # noqa: B023
        lines.append(took)
    ratio = statistics.median(scans) / statistics.median(searches)
    print(f"{count} products, {queries} queries (index built in {built:.0f} ms)")
    print(f"  rapidfuzz scan    {spread(scans)}  recall at 1 {scan_hits / queries:.3f}")
    print(f"  ProductIndex      {spread(searches)}  recall at 1 {search_hits / queries:.3f}  {ratio:.1f} x the scan")
    print(f"  match_line        {spread(lines)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, nargs="+", default=[400, 10_000, 50_000])
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    for count in options.products:
        measure(count, options.queries, options.seed)


if __name__ == "__main__":
    main()
