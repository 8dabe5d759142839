"""Upload: hand in documents by hand."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from oms_app.front.desk import At, Desk
from oms_app.front.taking import MAX_FILES, Taken, take
from oms_app.web.becoming import becoming
from oms_core.errors import InvalidInput

router = APIRouter()


@router.get("/upload")
def show(request: Request, desk: At, partner: str = "") -> Response:
    """Show where to drop files; `partner` is the customer's number, where the page before knew it."""
    return _page(request, desk, (), partner)


@router.get("/upload/{key}")
def follow(request: Request, desk: At, key: str) -> Response:
    """Say how far one upload is; the page asks again until it is done."""
    with desk.house.store.read() as session:
        became = becoming(session, key, desk.house.store.clock.now())
    return desk.page(request, "_became.html", became=became, key=key)


@router.post("/upload")
def upload(request: Request, desk: At, files: list[UploadFile], partner: Annotated[str, Form()] = "") -> Response:
    """Take files from a browser without scripts; with them they go to the API one by one."""
    if len(files) > MAX_FILES:
        raise InvalidInput(f"at most {MAX_FILES} files are taken at once; send the rest after them")
    taken = tuple(take(desk, file.file, file.filename or "", None, partner) for file in files)
    return _page(request, desk, taken, partner)


def _page(request: Request, desk: Desk, taken: tuple[Taken, ...], partner: str) -> Response:
    limit = desk.built.settings.web.upload_bytes
    return desk.page(request, "upload.html", taken=taken, partner=partner, limit=limit)
