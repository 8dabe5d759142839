"""A sheet of paper to write on: fonts, text that is measured before it is written, lines and boxes.

Every place is in points from the top left corner, as one reads; a rotated page is turned when it is shown.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from oms_app.demo.paper.layout import Align, Font, PageStyle

_SIZES: dict[PageStyle, tuple[float, float]] = {
    "a4": (595.28, 841.89),
    "letter": (612.0, 792.0),
    "landscape": (841.89, 595.28),
    "rotated": (841.89, 595.28),
}
_FACES: dict[Font, tuple[str, str]] = {
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "courier": ("Courier", "Courier-Bold"),
    "narrow": ("Helvetica", "Helvetica-Bold"),
    "dejavu": ("DejaVuSans", "DejaVuSans-Bold"),
    "condensed": ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold"),
    "serif": ("DejaVuSerif", "DejaVuSerif-Bold"),
    "mono": ("DejaVuSansMono", "DejaVuSansMono-Bold"),
}
UNICODE: dict[Font, Font] = {
    "helvetica": "dejavu",
    "times": "serif",
    "courier": "mono",
    "narrow": "condensed",
}
"""What stands in for a font that has Western letters only."""
_NARROW = 82
"""Percent of their width that narrow letters have."""
LEADING = 1.22
"""Height of a row of text, in sizes of its letters."""


def _register(names: tuple[str, str]) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in names:
        if name.startswith("DejaVu") and name not in pdfmetrics.getRegisteredFontNames():
            with as_file(files("oms_app.demo.paper").joinpath(f"fonts/{name}.ttf")) as path:
                pdfmetrics.registerFont(TTFont(name, str(path)))


@dataclass(slots=True)
class Pen:
    """The letters in use: a pair of faces, regular and bold, at one size."""

    faces: tuple[str, str]
    size: float
    stretch: int = 100

    def width(self, text: str, *, bold: bool = False, size: float | None = None) -> float:
        """Return how wide a text is."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, self.faces[bold], size or self.size)) * self.stretch / 100

    def wrap(self, text: str, width: float, *, bold: bool = False, size: float | None = None) -> tuple[str, ...]:
        """Break a text between words so that each row fits; a word that is too long stands alone."""
        rows: list[str] = []
        for word in text.split(" "):
            joined = f"{rows[-1]} {word}" if rows else word
            if rows and self.width(joined, bold=bold, size=size) <= width:
                rows[-1] = joined
            else:
                rows.append(word)
        return tuple(rows)


class Sheet:
    """Pages of one document, written from the top down; `y` is where the next thing goes."""

    def __init__(self, style: PageStyle, font: Font, size: float, margin: float) -> None:
        from reportlab.pdfgen.canvas import Canvas

        faces = _FACES[font]
        _register(faces)
        self.pen = Pen(faces, size, _NARROW if font == "narrow" else 100)
        self.width, self.height = _SIZES[style]
        self.margin = margin
        self.y = margin
        self.page = 1
        self.foot = margin
        """How much room below belongs to the foot of the page."""
        self.at_new_page: Callable[[], None] = lambda: None
        self.at_page_end: Callable[[], None] = lambda: None
        self.words_apart = False
        self._fields = 0
        self._turned = style == "rotated"
        self._out = io.BytesIO()
        # With a rotation of 90 the canvas turns the size of its paper by itself.
        self.canvas: Any = Canvas(self._out, pagesize=(self.width, self.height), invariant=1)
        self._begin()

    @property
    def right(self) -> float:
        """The right edge of what may be written."""
        return self.width - self.margin

    @property
    def line(self) -> float:
        """The height of one row of text."""
        return self.pen.size * LEADING

    def _begin(self) -> None:
        if self._turned:
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, self.height, 0)
        self.y = self.margin

    def fits(self, height: float) -> bool:
        """Whether so much still fits on this page."""
        return self.y + height <= self.height - self.foot

    def break_page(self) -> None:
        """Go on to the next page."""
        self.at_page_end()
        self.canvas.showPage()
        self.page += 1
        self._begin()
        self.at_new_page()

    def new_document(self) -> None:
        """Begin another document in the same file, on a page that is again its first."""
        self.at_page_end()
        self.canvas.showPage()
        self.page = 1
        self._begin()

    def need(self, height: float) -> None:
        """Go on to the next page unless so much still fits."""
        if not self.fits(height):
            self.break_page()

    def text(  # noqa: PLR0913 - each is one property of a printed word
        self,
        x: float,
        y: float,
        text: str,
        *,
        bold: bool = False,
        size: float | None = None,
        align: Align = "left",
        grey: float = 0.0,
        spacing: float = 0.0,
    ) -> None:
        """Write one row of text whose letters stand between `y` and `y` plus their size."""
        size = size or self.pen.size
        width = self.pen.width(text, bold=bold, size=size) + spacing * len(text)
        left = {"left": x, "right": x - width, "centre": x - width / 2}[align]
        apart = self.words_apart and not spacing
        for offset, part in self._parts(text, bold=bold, size=size) if apart else [(0.0, text)]:
            written = self.canvas.beginText(left + offset, self.height - y - size * 0.82)
            written.setFont(self.pen.faces[bold], size)
            written.setFillGray(grey)
            written.setHorizScale(self.pen.stretch)
            written.setCharSpace(spacing)
            written.textOut(part)
            self.canvas.drawText(written)

    def _parts(self, text: str, *, bold: bool, size: float) -> Iterator[tuple[float, str]]:
        """Yield the words of a row, each with how far from its beginning it stands."""
        place = 0
        for word in text.split(" "):
            if word:
                yield self.pen.width(text[:place], bold=bold, size=size), word
            place += len(word) + 1

    def field(self, x: float, y: float, width: float, height: float, value: str) -> None:
        """Put a field of a form that can be filled in, with its value.

        The fields of the canvas know Latin-1 alone: a value with other letters is written on the paper as by hand.
        """
        value = value.replace("\u00a0", " ")
        try:
            value.encode("latin-1")
        except UnicodeEncodeError:
            self.box(x, y, width, height)
            self.text(x + 2, y + 2, value)
            return
        self._fields += 1
        self.canvas.acroForm.textfield(
            name=f"field{self._fields}",
            value=value,
            x=x,
            y=self.height - y - height,
            width=width,
            height=height,
            fontName="Helvetica",
            fontSize=self.pen.size,
            borderWidth=0.5,
            forceBorder=True,
        )

    def column(self, x: float, rows: Sequence[str], *, bold_first: bool = False, size: float | None = None) -> float:
        """Write rows of text one under the other from `y` on and return where they end."""
        y = self.y
        for index, row in enumerate(rows):
            self.text(x, y, row, bold=bold_first and index == 0, size=size)
            y += (size or self.pen.size) * LEADING
        return y

    def paragraph(self, text: str, *, bold: bool = False, size: float | None = None) -> None:
        """Write a text over the whole width and go on below it."""
        for row in self.pen.wrap(text, self.right - self.margin, bold=bold, size=size):
            step = (size or self.pen.size) * LEADING
            self.need(step)
            self.text(self.margin, self.y, row, bold=bold, size=size)
            self.y += step

    def stroke(self, x: float, y: float, to_x: float, to_y: float, width: float = 0.6) -> None:
        """Draw a line."""
        self.canvas.setLineWidth(width)
        self.canvas.setStrokeGray(0)
        self.canvas.line(x, self.height - y, to_x, self.height - to_y)

    def box(self, x: float, y: float, width: float, height: float, *, fill: float | None = None) -> None:
        """Draw a box, or fill one with a grey where `fill` is given."""
        self.canvas.setLineWidth(0.6)
        self.canvas.setStrokeGray(0)
        if fill is not None:
            self.canvas.setFillGray(fill)
        stroked = int(fill is None)
        self.canvas.rect(x, self.height - y - height, width, height, stroke=stroked, fill=1 - stroked)

    def bytes(self, title: str) -> bytes:
        """End the document and return it."""
        self.at_page_end()
        self.canvas.setTitle(title)
        self.canvas.save()
        return self._out.getvalue()
