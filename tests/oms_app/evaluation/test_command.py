"""`ordermill evaluate`: a customer's folder in, figures and a report out, from the command line and by signal."""

import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import html
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle
from typer.testing import CliRunner, Result

from oms_app.cli import app
from oms_core.errors import InvalidInput

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[3]
LINE = {"supplier_code": "KL-12", "description": "Pipe clamp", "quantity": "5", "unit": "C62"}


def label(path: Path, *orders: dict[str, Any]) -> None:
    path.with_name(f"{path.name}.expected.json").write_text(json.dumps({"documents": list(orders)}))


def csv_order(folder: Path, name: str, quantity: int) -> Path:
    path = folder / name
    path.write_text(f"PO Number;Article;Description;Quantity;Unit\n4711;KL-12;Pipe clamp;{quantity};pcs\n")
    label(path, {"type": "order", "number": "4711", "lines": [LINE]})
    return path


def drawn_order(folder: Path, name: str) -> Path:
    """A page with a head and a ruled table of two lines."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.drawString(60, 780, "PURCHASE ORDER")
    canvas.drawString(60, 750, "PO Number: PB-2041")
    rows = [["Item", "Description", "Qty", "Unit", "Unit price", "Amount"]]
    rows += [["KL-12", "Pipe clamp", "5", "pcs", "2.00", "10.00"], ["EL-3", "Brass elbow", "3", "pcs", "1.50", "4.50"]]
    table = Table(rows, colWidths=[70, 160, 50, 50, 70, 70])
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
    table.wrapOn(canvas, 500, 400)
    table.drawOn(canvas, 60, 600)
    canvas.save()
    path = folder / name
    path.write_bytes(out.getvalue())
    elbow = {"supplier_code": "EL-3", "description": "Brass elbow", "quantity": "4", "unit": "C62"}
    label(path, {"type": "order", "number": "PB-2041", "lines": [LINE, elbow]})
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A table read right, one whose label wants another quantity, and a drawn page with a label that is wrong too."""
    made = tmp_path / "March"
    made.mkdir()
    csv_order(made, "alpha__1.csv", 5)
    csv_order(made, "alpha__2.csv", 6)
    drawn_order(made, "beta__3.pdf")
    return made


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ORDERMILL_CONFIG", raising=False)


def evaluate(*words: object) -> Result:
    told = CliRunner().invoke(app, ["evaluate", *map(str, words)])
    if told.exception is not None and not isinstance(told.exception, SystemExit):
        raise told.exception
    return told


def test_a_folder_of_our_own_is_read_scored_and_reported(folder: Path, tmp_path: Path):
    out = tmp_path / "report.html"
    told = evaluate(folder, "--out", out, "--json")
    figures = json.loads(told.stdout)
    assert (figures["documents"], figures["documents_perfect"]) == (3, 1)
    assert figures["fields"]["quantity"] == {
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
        "right": 2,
        "wrong": 2,
        "missing": 0,
        "made_up": 0,
    }
    assert f"The report is {out}" in told.stderr
    page = html.document_fromstring(out.read_text("utf-8"))
    assert page.xpath("//h1/em/text()") == ["March"]
    assert page.xpath("//img/@alt") == ["Page 1 of beta__3.pdf"]
    assert [words.strip() for words in page.xpath("//section[@id='senders']//tbody//th/text()")] == ["alpha", "beta"]


def test_people_get_a_table_in_words_and_make_accuracy_the_same_figures(folder: Path, tmp_path: Path):
    told = evaluate(folder, "--out", tmp_path / "report.html", "--pictures", 0).stdout
    assert "Line, quantity" in told
    assert "Documents all right 1 of 3 (33.3 %)" in " ".join(told.split())
    assert not {"{", "}", "_"} & set(told), "nothing is left of the names that programs use"
    figures = json.loads(evaluate(folder, "--out", tmp_path / "again.html", "--pictures", 0, "--json").stdout)
    bench = subprocess.run(
        [sys.executable, "-m", "bench.accuracy", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    assert json.loads(bench.stdout.splitlines()[-1]) | {"seconds": 0} == figures | {"seconds": 0}


def test_a_list_of_what_was_booked_is_enough(folder: Path, tmp_path: Path):
    for path in folder.glob("*.expected.json"):
        path.unlink()
    listed = tmp_path / "erp.csv"
    listed.write_text("file,number,sku,quantity,unit\nalpha__1.csv,4711,KL-12,5,pcs\nalpha__2.csv,4711,KL-12,5,pcs\n")
    told = evaluate(folder, "--booked", listed, "--out", tmp_path / "report.html", "--json")
    figures = json.loads(told.stdout)
    assert (figures["documents"], figures["documents_perfect"], figures["line_recall"]) == (2, 1, 0.5)


def test_a_broken_label_is_named_and_the_rest_is_scored(folder: Path, tmp_path: Path):
    (folder / "alpha__1.csv.expected.json").write_text("{")
    told = evaluate(folder, "--out", tmp_path / "report.html", "--json", "--pictures", 0)
    assert json.loads(told.stdout)["documents"] == 2
    assert "alpha__1.csv.expected.json: it is no JSON in UTF-8" in told.stderr
    assert "alpha__1.csv.expected.json: it is no JSON in UTF-8" in (tmp_path / "report.html").read_text("utf-8")


def test_a_second_run_may_go_on_where_the_first_ended(folder: Path, tmp_path: Path):
    out = tmp_path / "report.html"
    evaluate(folder, "--out", out, "--pictures", 0)
    assert "3 files were read by an earlier run." in evaluate(folder, "--out", out, "--pictures", 0, "--resume").stderr


def test_a_folder_without_labels_is_refused_in_a_sentence(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"there is no \*\.expected\.json under"):
        evaluate(tmp_path)


MORE_THAN_A_MINUTE = 9_000
"""So many files that none of them is the last one before the signal comes, however busy the machine is."""


def test_a_stop_from_the_keyboard_reports_what_was_read(tmp_path: Path):
    """Stopped by the signal that Ctrl-C sends, at the first line of progress."""
    many = tmp_path / "many"
    many.mkdir()
    csv_order(many, "alpha__0000.csv", 5)
    for place in range(1, MORE_THAN_A_MINUTE):
        for ending in (".csv", ".csv.expected.json"):
            (many / f"alpha__{place:04}{ending}").hardlink_to(many / f"alpha__0000{ending}")
    out = tmp_path / "report.html"
    command = [sys.executable, "-m", "oms_app.cli", "evaluate", str(many), "--out", str(out)]
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stderr is not None
        assert run.stderr.readline().startswith(b"Reading: 25 of ")
        run.send_signal(signal.SIGINT)
        told = run.stderr.read().decode()
        assert run.wait() == 130
    assert "files were not read; the same command with --resume goes on." in told
    assert "Reading was stopped" in out.read_text("utf-8")


@pytest.mark.real
def test_a_browser_shows_it_narrow_and_wide_and_asks_for_nothing(folder: Path, tmp_path: Path, browser: "Browser"):
    out = tmp_path / "report.html"
    evaluate(folder, "--out", out)
    asked: list[str] = []
    complaints: list[str] = []
    for width in (390, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(out.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture = page.locator("div.sheet img").first
        assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
        page.close()
    assert [address for address in asked if not address.startswith(("file:", "data:"))] == []
    assert complaints == []
