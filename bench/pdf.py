"""How fast PDFs are read beside pdfplumber, on orders drawn by our own generator: `python -m bench.pdf`.

Both read the same pages in turns within one run, so only the ratios hold. Words are compared as texts first: a faster
reader of other words would be worth nothing.
"""

import argparse
import io
import statistics
import time
from collections.abc import Callable
from typing import Any

from oms_app.demo.paper.pdfs import pdf_papers
from oms_core.values import BytesBlob, Hints, Limits
from parsers.pdf.goods import second as pdf_second
from parsers.pdf.parser import PARSER
from parsers.pdf.words import read_pdf

WORDS_BAR = 20.0
"""Words with boxes: so many times faster than pdfplumber's words."""

DRAFT_BAR = 6.0
"""Page to draft: so many times faster than pdfplumber's tables."""

SECOND_BAR = 0.15
"""At most this share of pages is read a second time with pdfplumber."""


def plumbed(data: bytes, read: Callable[[Any], object]) -> list[object]:
    """Read every page with pdfplumber."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [read(page) for page in pdf.pages]


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes, the better of two runs."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def letters(texts: object) -> str:
    """Return letters and digits alone, sorted: what two readers must agree on, whatever they call a word."""
    return "".join(sorted(char for char in str(texts) if char.isalnum()))


def same_words(data: bytes) -> bool:
    """Say whether both readers see the same letters on the pages."""
    ours = " ".join(word.text for page in read_pdf(data, Limits()).pages for word in page.words)
    theirs = plumbed(data, lambda page: " ".join(word["text"] for word in page.extract_words()))
    return letters(ours) == letters(" ".join(map(str, theirs)))


def main() -> None:
    """Measure and print the ratios."""
    parser = argparse.ArgumentParser(prog="bench.pdf", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    words: list[float] = []
    drafts: list[float] = []
    agreeing = second = pages = 0
    asked = pdf_second.rows

    def counted(data: bytes) -> list[Any]:
        nonlocal second
        second += 1
        return asked(data)

    papers = list(pdf_papers(options.seed, options.count, 1))
    for paper in papers:
        data = paper.data
        pages += len(read_pdf(data, Limits()).pages)
        agreeing += same_words(data)
        our_words = timed(lambda data=data: read_pdf(data, Limits()))  # type: ignore[misc]
        their_words = timed(lambda data=data: plumbed(data, lambda page: page.extract_words()))  # type: ignore[misc]
        our_draft = timed(lambda data=data: list(PARSER.read(BytesBlob(data), Hints())))  # type: ignore[misc]
        their_tables = timed(lambda data=data: plumbed(data, lambda page: page.extract_tables()))  # type: ignore[misc]
        words.append(their_words / our_words)
        drafts.append(their_tables / our_draft)
        pdf_second.rows = counted
        list(PARSER.read(BytesBlob(data), Hints()))
        pdf_second.rows = asked
    low = sorted(drafts)[max(len(drafts) // 20 - 1, 0)]
    print(f"{len(papers)} documents, {pages} pages; the same letters on {agreeing}")
    print(f"words with boxes   {statistics.median(words):6.1f} times as fast (bar {WORDS_BAR:.0f})")
    print(f"page to draft      {statistics.median(drafts):6.1f} times as fast (bar {DRAFT_BAR:.0f})")
    print(f"  95th percentile  {low:6.1f} times as fast (bar 1)")
    print(f"second readings    {second / max(len(papers), 1):6.1%} of documents (bar {SECOND_BAR:.0%} of pages)")


if __name__ == "__main__":
    main()
