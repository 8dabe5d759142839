"""Write order documents with their truth: `python -m bench.paper OUT --count 200 --seed 7 [--layouts 40 --each 4]`.

Beside every document stands NAME.expected.json, so that `python -m bench.accuracy OUT` scores them. Without
`--layouts` every document is of a sender of its own.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from oms_app.demo.paper.mails import mail_papers
from oms_app.demo.paper.paper import Paper
from oms_app.demo.paper.pdfs import pdf_papers
from oms_app.demo.paper.sheets import sheet_papers

KINDS = {"pdf": pdf_papers, "sheet": sheet_papers, "mail": mail_papers}


def papers(options: argparse.Namespace) -> Iterator[Paper]:
    """Yield what the command line asks for."""
    count, each = (options.layouts, options.each) if options.layouts else (options.count, 1)
    for kind, make in KINDS.items():
        if options.kind in (kind, "all"):
            yield from make(options.seed, count, each)


def main() -> None:
    """Write the documents into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="bench.paper", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=200, help="documents, each of a sender of its own")
    parser.add_argument("--layouts", type=int, default=0, help="senders, instead of --count")
    parser.add_argument("--each", type=int, default=4, help="documents of each sender, with --layouts")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kind", choices=(*KINDS, "all"), default="pdf")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    written = 0
    for paper in papers(options):
        (options.out / paper.name).write_bytes(paper.data)
        (options.out / f"{paper.name}.expected.json").write_text(paper.label_text, "utf-8")
        written += 1
    print(f"{written} documents in {options.out}")


if __name__ == "__main__":
    main()
