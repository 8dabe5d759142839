"""Probes: whether the process lives, whether it can work, and its figures for Prometheus."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from oms_app.front.desk import At
from oms_app.health import ready
from oms_app.metrics import CONTENT_TYPE

router = APIRouter()


@router.get("/health/live")
def live() -> JSONResponse:
    """Answer as long as the process runs."""
    return JSONResponse({"live": True})


@router.get("/health/ready")
def is_ready(desk: At) -> JSONResponse:
    """Answer 503 with the reasons where the database or the folder of documents cannot be used."""
    checks = ready(desk.house)
    good = all(check.good for check in checks)
    told = {"ready": good, "checks": {check.name: "good" if check.good else check.message for check in checks}}
    return JSONResponse(told, HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE)


@router.get("/metrics")
def metrics(desk: At) -> Response:
    """Write the metrics; the gate lets only this machine's own scraper and admins come here."""
    return Response(desk.metrics.text(), media_type=CONTENT_TYPE)
