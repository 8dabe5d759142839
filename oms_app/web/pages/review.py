"""The review page: the document on the left, what was read on the right, and one decision at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from oms_app.front import choosing
from oms_app.front.desk import At, By, Desk
from oms_app.web.history import history
from oms_app.web.marks import marks
from oms_app.web.pages.documents import flash
from oms_app.web.pages.queue import next_place
from oms_app.web.showing import show
from oms_app.web.task_view import Typed, has_input, load_view
from oms_app.web.wording import sentence
from oms_core.errors import IllegalTransition, InvalidInput, StaleVersion
from oms_flow import correction, review
from oms_flow.people import Visitor
from oms_store import lookups, views

router = APIRouter(prefix="/tasks/{key}")
CONFLICT, UNFIT = 409, 422


@dataclass(frozen=True, slots=True)
class Case:
    """One decision under way: where, by whom, on which version."""

    request: Request
    desk: Desk
    who: Visitor
    key: str
    version: int

    @property
    def edit(self) -> review.Edit:
        """The change as the verbs want it."""
        return review.Edit(self.key, self.version, self.who.login)


def case_of(request: Request, desk: At, who: By, key: str, version: Annotated[int, Form()]) -> Case:
    """Gather what every decision needs."""
    return Case(request, desk, who, key, version)


On = Annotated[Case, Depends(case_of)]


@router.get("")
def one(request: Request, desk: At, key: str, done: str = "") -> Response:
    """Show one draft beside its document."""
    view = load_view(desk.house, key)
    with desk.house.store.read() as session:
        delivery = views.delivery_of_document(session, view.task.document_id)
    source = delivery.document(view.task.source_document_id)
    return desk.page(
        request,
        "review.html",
        view=view,
        delivery=delivery,
        source=source,
        shown=show(desk.house.documents, desk.images, source, marks(view.task.order.draft)),
        notice=None,
        done=flash(desk, done),
    )


@router.get("/document/{document}")
def other(request: Request, desk: At, key: str, document: str) -> Response:
    """Show another document of the same delivery."""
    view = load_view(desk.house, key)
    with desk.house.store.read() as session:
        delivery = views.delivery_of_document(session, view.task.document_id)
    chosen = delivery.document(document)
    here = marks(view.task.order.draft) if chosen.id == view.task.source_document_id else ()
    shown = show(desk.house.documents, desk.images, chosen, here)
    return desk.page(request, "_document.html", view=view, delivery=delivery, source=chosen, shown=shown)


@router.post("/claim")
def claim(request: Request, desk: At, who: By, key: str) -> Response:
    """Take the task for a while, or say who has it."""
    holder = review.claim(desk.house, key, who.login)
    with desk.house.store.read() as session:
        names = lookups.people_names(session)
    return desk.page(request, "_claim.html", holder=holder, names=names)


@router.get("/history")
def past(request: Request, desk: At, key: str) -> Response:
    """Tell what happened to the order and its document so far."""
    document = review.task(desk.house, key).document_id
    with desk.house.store.read() as session:
        trail = history(session, [key, document])
    return desk.page(request, "_trail.html", trail=trail)


@router.post("/field")
def correct(on: On, path: Annotated[str, Form()], text: Annotated[str, Form()] = "") -> Response:
    """Correct one field."""
    country = on.desk.built.settings.company.country
    return _act(
        on,
        lambda: review.correct(on.desk.house, on.edit, correction.set_field(path, text, on.who.login, country)),
        Typed(path, text),
    )


@router.post("/product")
def choose_product(
    on: On, position: Annotated[int, Form()], sku: Annotated[str, Form()], remember: Annotated[bool, Form()] = False
) -> Response:
    """Say which product a line means."""
    return _act(on, lambda: choosing.choose_product(on.desk.house, on.edit, position, sku, remember=remember))


@router.post("/customer")
def choose_customer(on: On, number: Annotated[str, Form()], remember: Annotated[bool, Form()] = False) -> Response:
    """Say who orders."""
    return _act(on, lambda: review.choose_customer(on.desk.house, on.edit, number.strip(), remember=remember))


@router.post("/ship-to")
def choose_ship_to(on: On, code: Annotated[str, Form()] = "") -> Response:
    """Say where the goods go."""
    return _act(on, lambda: review.choose_ship_to(on.desk.house, on.edit, code.strip()))


@router.post("/lines")
def add_line(on: On, code: Annotated[str, Form()] = "", quantity: Annotated[str, Form()] = "") -> Response:
    """Add a line."""
    return _act(
        on,
        lambda: review.correct(on.desk.house, on.edit, correction.add_line(on.who.login, code, quantity)),
        Typed("new line", f"{code} {quantity}".strip()),
    )


@router.post("/lines/{position}/remove")
def remove_line(on: On, position: int) -> Response:
    """Take a line out."""
    return _act(on, lambda: review.remove_line(on.desk.house, on.edit, position))


@router.post("/repeat")
def keep_repeat(on: On) -> Response:
    """Answer that each delivery of this sender is an order of its own."""
    return _act(on, lambda: review.keep_repeat(on.desk.house, on.edit))


@router.post("/check")
def check_again(on: On) -> Response:
    """Judge again, after something was set up elsewhere."""
    return _act(on, lambda: review.check_again(on.desk.house, on.edit))


@router.post("/accept")
def accept(on: On) -> Response:
    """Accept, and go on to the next task."""
    try:
        accepted = review.accept_task(on.desk.house, on.edit)
    except (StaleVersion, IllegalTransition) as problem:
        return _panel(on, str(problem), CONFLICT)
    if accepted.order_id is None:
        return _panel(on, "It was not accepted yet: see what is marked, then accept again.", CONFLICT)
    return _onward(on)


@router.post("/reject")
def reject(on: On, reason: Annotated[str, Form()] = "") -> Response:
    """Decide that no order comes of it."""
    return _decide(on, lambda: review.reject(on.desk.house, on.edit, reason), Typed("reason", reason))


@router.post("/duplicate")
def mark_duplicate(on: On, keep: Annotated[bool, Form()] = False) -> Response:
    """Decide that it is the same order again."""
    return _decide(on, lambda: review.mark_duplicate(on.desk.house, on.edit, keep=keep))


@router.get("/products")
def find_products(request: Request, desk: At, key: str, position: int, search: str = "") -> Response:
    """Look products up for one line."""
    with desk.house.store.read() as session:
        found = lookups.find_products(session, search)
    return desk.page(request, "_products.html", key=key, position=position, found=found, search=search.strip())


@router.get("/customers")
def find_customers(request: Request, desk: At, key: str, search: str = "") -> Response:
    """Look customers up."""
    with desk.house.store.read() as session:
        found = lookups.find_customers(session, search)
    return desk.page(request, "_customers.html", key=key, found=found, search=search.strip())


def _act(on: Case, change: Callable[[], object], typed: Typed | None = None) -> Response:
    """Do one change and show the order as it is then; what was typed and not taken is shown where it was typed."""
    try:
        change()
    except InvalidInput as problem:
        if typed is None:
            return _panel(on, sentence(problem), UNFIT)
        if not has_input(typed.path):
            return _panel(on, sentence(problem), UNFIT, typed)
        return _panel(on, "", UNFIT, Typed(typed.path, typed.text, sentence(problem)))
    except (StaleVersion, IllegalTransition) as problem:
        return _panel(on, sentence(problem), CONFLICT, typed)
    return _panel(on)


def _decide(on: Case, decide: Callable[[], object], typed: Typed | None = None) -> Response:
    try:
        decide()
    except InvalidInput as problem:
        return _panel(on, sentence(problem), UNFIT, typed)
    except (StaleVersion, IllegalTransition) as problem:
        return _panel(on, sentence(problem), CONFLICT, typed)
    return _onward(on)


def _panel(on: Case, message: str = "", status: int = 200, typed: Typed | None = None) -> Response:
    """Write the right side anew. After a conflict it is the fresh one, and the typing is repeated above it."""
    at_field = typed if status == UNFIT else None
    view = load_view(on.desk.house, on.key, at_field)
    lost = typed if status == CONFLICT and typed and typed.text else None
    return on.desk.page(on.request, "_order.html", status, view=view, notice=message, lost=lost)


def _onward(on: Case) -> Response:
    answer = Response(status_code=200)
    answer.headers["HX-Redirect"] = next_place(on.desk, on.who, on.key)
    return answer
