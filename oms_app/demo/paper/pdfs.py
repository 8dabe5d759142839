"""PDFs of orders with their truth: what a seed gives is the same on every run."""

from collections.abc import Iterator

from oms_app.demo.paper.archetypes import layouts
from oms_app.demo.paper.layout import Layout
from oms_app.demo.paper.orders import order_for
from oms_app.demo.paper.paper import Paper
from oms_app.demo.paper.render import render, widened
from oms_app.demo.paper.truth import label, sender_name

_FAR = 1000
"""The second order of a file is the copy so many further on."""
_EVERY = 70


def pdf_paper(layout: Layout, copy: int) -> Paper:
    """Put one copy of a layout on paper."""
    order = order_for(layout, copy)
    wide = widened(layout, order)
    name = f"{sender_name(layout)}-{copy + 1}.pdf"
    if not _together(layout):
        return Paper(name, render(wide, (order,)), label(wide, order))
    orders = (order, order_for(layout, copy + _FAR))
    documents = [stated for each in orders for stated in label(wide, each)["documents"]]
    return Paper(name, render(wide, orders), label(wide, order) | {"documents": documents})


def _together(layout: Layout) -> bool:
    """Whether this sender puts two orders in one file; few do."""
    return layout.kind == "order" and layout.number % _EVERY == _EVERY // 2


def pdf_papers(seed: int, count: int, each: int = 1) -> Iterator[Paper]:
    """Yield PDFs of so many layouts, `each` of every one of them."""
    for layout in layouts(seed, count):
        for copy in range(each):
            yield pdf_paper(layout, copy)
