"""The report: one file, safe to open whatever a document says, with the page and the places of its values."""

import base64
import datetime as dt
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from oms_app.drawing_child import CannotDraw, checked, shots
from oms_app.evaluation import pictures as module
from oms_app.evaluation import report as report_module
from oms_app.evaluation.labels import Case
from oms_app.evaluation.pictures import Drawable, draw
from oms_app.evaluation.reading import ReadFile
from oms_app.evaluation.report import Wanted, report_html, write_report
from oms_app.evaluation.run import Evaluated
from oms_app.evaluation.scoring import Score, score_file
from oms_core.errors import InvalidInput

NOTHING = "\N{EN DASH}"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover='x' {{ 7*7 }} \u202egnp.exe"
LABEL: dict[str, Any] = {
    "documents": [
        {
            "type": "order",
            "number": "P-77",
            "date": None,
            "lines": [
                {"description": "Pipe clamp", "quantity": "12", "supplier_code": "KL-12"},
                {"description": "Brass elbow", "quantity": "3", "supplier_code": "EL-3"},
            ],
        }
    ]
}


def place(left: float, top: float, confidence: float = 0.9) -> dict[str, Any]:
    return {"page": 1, "bbox": [left, top, left + 60, top + 10], "text": "as printed", "confidence": confidence}


def read(**changes: Any) -> dict[str, Any]:
    line = {"description": "Pipe clamp", "quantity": "21", "supplier_code": "KL-12"}
    evidence = {"number": place(100, 60), "lines[0].quantity": place(300, 200, 0.97), "date": place(100, 80)}
    order = {"type": "order", "number": "P-77", "date": "2026-03-02", "lines": [line], "evidence": evidence}
    return {"format": "pdf", "seconds": 0.25, "error": None, "documents": [order | {"confidence": 0.8} | changes]}


def pdf(pages: int = 1) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    for page in range(pages):
        canvas.drawString(100, A4[1] - 70, "P-77")
        canvas.drawString(300, A4[1] - 210, f"21 on page {page + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def evaluated(folder: Path, rows: dict[str, dict[str, Any]], label: dict[str, Any] = LABEL, **told: Any) -> Evaluated:
    for name in rows:
        (folder / name).write_bytes(pdf())
    return Evaluated(
        score=Score(tuple(score_file(name, label, row, "Alpha Ltd") for name, row in rows.items())),
        cases={name: Case(folder / name, name, label) for name in rows},
        read={name: ReadFile(name, "", row) for name, row in rows.items()},
        **told,
    )


def wanted(pictures: int = 0, folder: str = "March", budget: float = 0.05) -> Wanted:
    return Wanted(folder, budget, pictures, dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC), "1.0")


def page_of(done: Evaluated, **options: Any) -> Any:
    return html.document_fromstring(report_html(done, wanted(**options)))


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def rows_of(page: Any, anchor: str) -> list[list[str]]:
    (section,) = page.xpath(f"//*[@id='{anchor}']")
    return [[words(cell) for cell in row] for row in section.xpath(".//tbody/tr")]


def test_what_was_wrong_missing_and_made_up_is_listed_with_its_confidence_and_place(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {"a.pdf": read()}))
    assert rows_of(page, "d1")[:3] == [
        ["Order date", "made up", NOTHING, "2026-03-02", "0.90", "page 1"],
        ["Line 1, quantity", "wrong", "12", "21", "0.97", "page 1"],
        ["Line 2, the whole line", "missing", "Brass elbow · 3 · EL-3", NOTHING, NOTHING, NOTHING],
    ]


def test_the_headline_figures_are_those_that_one_counts_by_hand(tmp_path: Path):
    perfect = read(
        date=None,
        lines=LABEL["documents"][0]["lines"],
        evidence={},
    )
    page = page_of(evaluated(tmp_path, {"a.pdf": read(), "b.pdf": perfect}))
    cards = {words(card[0]): [words(part) for part in card[1:]] for card in page.xpath("//*[@class='card']")}
    assert cards["Documents all right"][0] == "50.0 %"
    assert cards["Documents all right"][1] == "9.5 to 90.5 %"
    assert cards["Lines, F1"][::2] == ["57.1 %", "2 right of 4 on the labels and 3 read"]
    # Of eight labelled values each, the second document has all, the first four right, one wrong and three missing.
    assert cards["Right of what was read"][::2] == ["85.7 %", "2 of 14 values wrong or made up"]
    assert cards["Found of what is there"][::2] == ["75.0 %", "3 of 16 values not read"]
    assert cards["Could pass without a person"][1] == "not shown by this folder"


def test_the_worst_document_comes_first_and_those_in_order_last(tmp_path: Path):
    good = read(date=None, lines=LABEL["documents"][0]["lines"])
    worse = read(number="P-78", currency="EUR")
    page = page_of(evaluated(tmp_path, {"good.pdf": good, "bad.pdf": read(), "worse.pdf": worse}))
    assert [row[0] for row in rows_of(page, "documents")] == ["worse.pdf", "bad.pdf", "good.pdf"]
    assert [row[3] for row in rows_of(page, "documents")] == ["3 wrong, 3 missing", "2 wrong, 3 missing", "all right"]


def test_the_surest_mistakes_stand_apart(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {"a.pdf": read()}))
    assert [row[:2] for row in rows_of(page, "mistakes")] == [["0.97", "Line 1, quantity"], ["0.90", "Order date"]]


def test_text_of_a_hostile_document_is_only_ever_text(tmp_path: Path):
    line = {"description": HOSTILE, "quantity": HOSTILE, "supplier_code": HOSTILE}
    evidence = {"number": {"page": 1, "bbox": [1, 1, 9, 9], "text": HOSTILE, "confidence": 0.9, "sheet": HOSTILE}}
    row = read(number=HOSTILE, type=HOSTILE, lines=[line, line, line], evidence=evidence)
    row |= {"format": HOSTILE, "error": {"message": HOSTILE}}
    label = {"documents": [{**LABEL["documents"][0], "buyer": {"name": HOSTILE}}]}
    score = Score((score_file("a.pdf", label, row, HOSTILE), score_file("b.txt", {"documents": []}, row, HOSTILE)))
    cases = {name: Case(tmp_path / name, name, label) for name in ("a.pdf", "b.txt")}
    done = Evaluated(score, cases, {name: ReadFile(name, "", row) for name in cases}, problems=(HOSTILE,), waiting=1)
    text = report_html(done, wanted(folder=HOSTILE))
    page = html.document_fromstring(text)
    assert page.xpath("//script | //img | //iframe | //*[@onerror] | //*[@onmouseover]") == []
    assert "{{ 7*7 }}" in words(page)
    assert "\u202e" not in text
    assert text.count("&lt;script&gt;") > 8


def test_the_report_needs_nothing_from_outside(tmp_path: Path):
    text = report_html(evaluated(tmp_path, {"a.pdf": read()}), wanted(pictures=1))
    page = html.document_fromstring(text)
    links = [*page.xpath("//@href"), *page.xpath("//@src")]
    assert links
    assert [link for link in links if not link.startswith(("#", "data:image/webp;base64,"))] == []
    assert "url(" not in text
    assert "@import" not in text
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ")


def test_every_link_inside_leads_somewhere(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {"a.pdf": read(), "b.pdf": read()}))
    anchors = set(page.xpath("//@id"))
    assert {link[1:] for link in page.xpath("//@href")} <= anchors


def test_a_page_shows_what_was_right_and_what_was_not_in_words_too(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {"a.pdf": read()}), pictures=1)
    (source,) = page.xpath("//div[@class='sheet']/img/@src")
    assert base64.b64decode(source.partition(",")[2])[8:12] == b"WEBP"
    right, *wrong = page.xpath("//i[starts-with(@class, 'box')]")
    assert (right.get("class"), right.get("title")) == ("box right", "PO number: read P-77, right")
    assert [(box.get("class"), words(box), box.get("title")) for box in wrong] == [
        ("box wrong", "✗ 1", "Order date: read 2026-03-02, made up; the label says nothing"),
        ("box wrong", "✗ 2", "Line 1, quantity: read 21, wrong; the label says 12"),
    ]
    left, top = re.findall(r"(?:left|top): ([\d.]+)%", right.get("style"))
    assert (float(left), float(top)) == (pytest.approx(100 / A4[0] * 100, abs=0.1), pytest.approx(7.13, abs=0.1))
    assert [row[5] for row in rows_of(page, "d1")[:2]] == ["page 1 ✗ 1", "page 1 ✗ 2"]


def test_no_pictures_are_drawn_beyond_the_number_asked_for(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {"a.pdf": read(), "b.pdf": read()}), pictures=1)
    assert page.xpath("//img/@alt") == ["Page 1 of a.pdf"]


def test_pictures_stop_where_the_report_would_grow_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.pdf").write_bytes(pdf())
    monkeypatch.setattr(module, "MAX_BYTES", 100)
    assert list(draw([Drawable("a.pdf", tmp_path / "a.pdf", ())], 1, lambda _count: None)) == []


def test_a_document_that_cannot_be_drawn_has_no_picture(tmp_path: Path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 and no more")
    drawables = [Drawable(name, tmp_path / name, ()) for name in ("a.pdf", "gone.pdf")]
    assert list(draw(drawables, 2, lambda _count: None)) == [("a.pdf", ()), ("gone.pdf", ())]


def test_only_pages_that_are_there_are_drawn():
    told = shots(pdf(pages=2), [2, 7])
    assert (told["count"], [page["page"] for page in told["pages"]]) == (2, [2])


def test_a_document_over_the_limit_is_not_drawn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("oms_app.drawing_child.MAX_BYTES", 10)
    with pytest.raises(CannotDraw, match="more than 10 bytes"):
        checked(pdf())


def test_a_report_of_a_run_that_was_stopped_says_so(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {"a.pdf": read()}, waiting=3, problems=("b.pdf: it is broken.",)))
    first, second = page.xpath("//header/p[@class='warning']")
    assert "Reading was stopped: 3 of 4 documents" in words(first)
    assert words(second) == "Note: b.pdf: it is broken."


def test_an_order_made_of_a_letter_is_told(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {"letter.txt": read()}, label={"documents": []}))
    (section,) = page.xpath("//*[@id='d1']")
    assert "A document of kind order with the number P-77 and 1 line was read (0.80 sure) and is not" in words(section)


def test_an_empty_report_is_a_report(tmp_path: Path):
    page = page_of(evaluated(tmp_path, {}))
    assert "0 files read" in words(page)


def test_a_long_list_of_files_is_cut_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report_module, "MAX_LISTED", 2)
    monkeypatch.setattr(report_module, "MAX_DETAILED", 1)
    page = page_of(evaluated(tmp_path, {f"{name}.pdf": read() for name in "abc"}))
    assert len(rows_of(page, "documents")) == 2
    assert "1 more file with less that is amiss" in words(page)
    assert page.xpath("//details[starts-with(@id, 'd')]/@id") == ["d1"]


def test_what_is_left_out_of_a_long_document_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("oms_app.evaluation.shown.MAX_VALUES", 1)
    text = words(page_of(evaluated(tmp_path, {"a.pdf": read()})))
    assert "2 more values that are not right." in text
    assert "4 values right" in text


def test_many_senders_and_many_broken_labels_are_cut_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(report_module, "MAX_SENDERS", 1)
    monkeypatch.setattr(report_module, "MAX_WARNINGS", 1)
    files = tuple(score_file(f"{name}.pdf", LABEL, read(), name) for name in "abc")
    cases = {file.name: Case(tmp_path / file.name, file.name, LABEL) for file in files}
    rows = {name: ReadFile(name, "", read()) for name in cases}
    text = words(page_of(Evaluated(Score(files), cases, rows, problems=("one", "two", "three"))))
    assert "2 more senders with fewer documents." in text
    assert "2 more labels could not be used." in text


def test_a_page_with_too_many_values_keeps_those_that_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_BOXES", 2)
    page = page_of(evaluated(tmp_path, {"a.pdf": read()}), pictures=1)
    assert page.xpath("//i/@class") == ["box wrong", "box wrong"]


def test_a_huge_page_is_drawn_coarser(monkeypatch: pytest.MonkeyPatch):
    (fine,) = shots(pdf(), [1])["pages"]
    monkeypatch.setattr("oms_app.drawing_child.MAX_SHOT_PIXELS", 10_000)
    (coarse,) = shots(pdf(), [1])["pages"]
    assert len(coarse["webp"]) < len(fine["webp"]) / 4


def test_the_report_is_written_whole_or_not_at_all(tmp_path: Path):
    done = evaluated(tmp_path, {"a.pdf": read()})
    write_report(done, wanted(), tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf-8").endswith("</html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "report.html"]
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_report(done, wanted(), tmp_path / "gone" / "report.html")


def test_the_evidence_of_a_reading_survives_the_journal(tmp_path: Path):
    row = json.loads(json.dumps(read()))
    assert rows_of(page_of(evaluated(tmp_path, {"a.pdf": row})), "d1")[1][5] == "page 1"
