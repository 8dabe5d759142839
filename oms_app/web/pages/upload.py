"""Upload: hand in documents by hand."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from oms_app.front.desk import At
from oms_app.front.taking import MAX_FILES, take
from oms_core.errors import InvalidInput

router = APIRouter()


@router.get("/upload")
def show(request: Request, desk: At) -> Response:
    """Show where to drop files."""
    return desk.page(request, "upload.html", taken=(), limit=desk.built.settings.web.upload_bytes)


@router.post("/upload")
def upload(request: Request, desk: At, files: list[UploadFile], partner: Annotated[str, Form()] = "") -> Response:
    """Take files from a browser without scripts; with them they go to the API one by one."""
    if len(files) > MAX_FILES:
        raise InvalidInput(f"at most {MAX_FILES} files are taken at once; send the rest after them")
    taken = tuple(take(desk, file.file, file.filename or "", None, partner) for file in files)
    return desk.page(request, "upload.html", taken=taken, limit=desk.built.settings.web.upload_bytes)
