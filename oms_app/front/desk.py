"""What every page works with: the house, the templates, the metrics, and who is asking."""

from dataclasses import dataclass, field
from typing import Annotated, Any, cast

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from oms_app.bootstrap import Built
from oms_app.front.page_image import PageImages
from oms_app.front.throttle import Throttle
from oms_app.metrics import Metrics
from oms_flow.house import House
from oms_flow.people import LoginRules, Visitor


@dataclass(frozen=True, slots=True)
class Desk:
    """Built once by `create_app`; handlers get it from the request."""

    built: Built
    templates: Environment
    metrics: Metrics
    rules: LoginRules
    images: PageImages
    throttle: Throttle = field(default_factory=Throttle)

    @property
    def house(self) -> House:
        """The house that the verbs work on."""
        return self.built.house

    @property
    def secure(self) -> bool:
        """Whether cookies travel over TLS only."""
        return self.built.settings.web.secure_cookies

    @property
    def session_cookie(self) -> str:
        """The name of the session cookie; the prefix binds it to this host and TLS (RFC 6265bis)."""
        return "__Host-ordermill" if self.secure else "ordermill"

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Write a page with what every page shows."""
        who: Visitor | None = getattr(request.state, "visitor", None)
        text = self.templates.get_template(template).render(
            visitor=who,
            csrf=who.csrf if who else "",
            path=request.url.path,
            now=self.house.store.clock.now(),
            company=self.built.settings.company.name,
            **values,
        )
        return HTMLResponse(text, status)


def desk_of(request: Request) -> Desk:
    """Return the desk of this application."""
    return cast("Desk", request.app.state.desk)


def visitor_of(request: Request) -> Visitor:
    """Return who is asking; the gate lets nobody else through."""
    return cast("Visitor", request.state.visitor)


MAX_OFFSET = 1_000_000_000
"""Rows of a list that may be passed over; a database counts in 64 bits."""
At = Annotated[Desk, Depends(desk_of)]
By = Annotated[Visitor, Depends(visitor_of)]
Offset = Annotated[int, Query(ge=0, le=MAX_OFFSET)]


def wants_fragment(request: Request) -> bool:
    """Whether the page asks for a piece of itself (HTMX)."""
    return request.headers.get("HX-Request") == "true"


def wants_json(request: Request) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith("/api/")
