"""Documents: one that could not be read and waits for a person, its bytes, and pictures of its pages."""

import re
from dataclasses import replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from oms_app.front.desk import At, By, Desk
from oms_app.web.history import history
from oms_app.web.pages.queue import next_place
from oms_app.web.remedy import remedy
from oms_app.web.showing import Shown, show
from oms_core.decisions.transition import DocumentState
from oms_core.records import Document
from oms_core.values import Finding
from oms_flow.document_review import file_document, read_again
from oms_flow.review import Edit
from oms_store import lookups, views

router = APIRouter()
SANDBOX = "sandbox; default-src 'none'"


@router.get("/documents/{key}")
def one(request: Request, desk: At, key: str, done: str = "") -> Response:
    """Show a document, what is wrong with it, and what may be done."""
    with desk.house.store.read() as session:
        view = views.delivery_of_document(session, key)
        trail = history(session, [view.root.id, key])
        channels = lookups.channel_words(session)
        sender_name = lookups.customer_names(session, (view.delivery.partner or "",)).get(view.delivery.partner or "")
    document = view.document(key)
    findings = views.asking(document.findings)
    waits = document.state == DocumentState.UNREADABLE and document.parent_id is None
    return desk.page(
        request,
        "document.html",
        view=view,
        document=document,
        shown=_said_once(shown_document(desk, document), findings),
        findings=findings,
        waits=waits,
        remedy=remedy(view.delivery, findings) if waits else None,
        sender_name=sender_name,
        came_by=channels.get(view.delivery.channel, view.delivery.channel),
        trail=trail,
        done=flash(desk, done),
    )


@router.post("/documents/{key}/read-again")
def again(desk: At, who: By, key: str, version: Annotated[int, Form()]) -> Response:
    """Read it once more."""
    read_again(desk.house, Edit(key, version, who.login))
    return RedirectResponse(next_place(desk, who, key), 303)


@router.post("/documents/{key}/file")
def file_away(
    desk: At, who: By, key: str, version: Annotated[int, Form()], note: Annotated[str, Form()] = ""
) -> Response:
    """Decide that it holds no order."""
    file_document(desk.house, Edit(key, version, who.login), note)
    return RedirectResponse(next_place(desk, who, key), 303)


@router.get("/documents/{key}/bytes")
def original(desk: At, key: str) -> Response:
    """Hand out the bytes as they came: always to be saved, never shown by the browser."""
    document = load(desk, key)
    blob = desk.house.documents.get(document.sha256)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", document.filename)[-100:] or "document"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(document.filename, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": SANDBOX}
    return FileResponse(blob.path, media_type="application/octet-stream", headers=headers)


@router.get("/documents/{key}/pages/{number}.png")
def page(desk: At, key: str, number: int) -> Response:
    """Draw one page of a PDF."""
    document = load(desk, key)
    return _png(desk.images.page(document.sha256, desk.house.documents.get(document.sha256), number))


@router.get("/documents/{key}/picture.png")
def picture(desk: At, key: str) -> Response:
    """Draw a picture anew."""
    document = load(desk, key)
    return _png(desk.images.picture(document.sha256, desk.house.documents.get(document.sha256)))


def load(desk: Desk, key: str) -> Document:
    """Load one document. Raises NotFound."""
    with desk.house.store.read() as session:
        return views.delivery_of_document(session, key).document(key)


def shown_document(desk: Desk, document: Document) -> Shown:
    """Return a document to look at, without marks."""
    return show(desk.house.documents, desk.images, document)


def _said_once(shown: Shown, findings: tuple[Finding, ...]) -> Shown:
    """Leave out of the left side what the right side says already."""
    if shown.kind == "none" and findings:
        return replace(shown, note="This document cannot be shown here; why is said beside it. You can download it.")
    if any(one.message in shown.note for one in findings):
        return replace(shown, note="")
    return shown


def flash(desk: Desk, key: str) -> str:
    """Say what became of the task that was just decided; the sentence comes from the database, not from the address."""
    if not key:
        return ""
    with desk.house.store.read() as session:
        return lookups.what_became_of(session, key)


def _png(data: bytes) -> Response:
    # A page of stored bytes never changes; it stays in this person's own browser.
    headers = {"Cache-Control": "private, max-age=3600, immutable", "Content-Security-Policy": SANDBOX}
    return Response(data, media_type="image/png", headers=headers)
