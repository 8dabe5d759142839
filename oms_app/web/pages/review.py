"""The review page: the document on the left, what was read on the right, and one decision at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from pydantic import AwareDatetime

from oms_app.front import choosing, claiming
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
NO_REASON = "Say why the order is rejected; the next person will ask."


@dataclass(frozen=True, slots=True)
class Said:
    """What the answer to a decision says above the order, or beside what it is about."""

    notice: str = ""
    status: int = 200
    typed: Typed | None = None
    asks: choosing.NameQuestion | None = None
    reject_problem: str = ""


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
    held = claiming.hold(desk.house, key, who.login)
    with desk.house.store.read() as session:
        names = lookups.people_names(session)
    return desk.page(request, "_claim.html", held=held, names=names)


@router.post("/release")
def release(desk: At, who: By, key: str, until: Annotated[AwareDatetime, Form()]) -> Response:
    """Give the task back; the page sends this when it is left, with the time that its claim came with."""
    claiming.give_back(desk.house, key, who.login, until)
    return Response(status_code=204)


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
def choose_customer(
    on: On,
    number: Annotated[str, Form()],
    remember: Annotated[bool, Form()] = False,
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Say who orders; one whom the document does not name is asked about once."""
    known = number.strip()
    asks = None if sure else choosing.doubt_of(on.desk.house, on.key, known, remember=remember)
    if asks is not None:
        return _panel(on, Said(asks=asks))
    return _act(on, lambda: review.choose_customer(on.desk.house, on.edit, known, remember=remember))


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
        return _panel(on, Said(sentence(problem), CONFLICT))
    if not accepted.ended:
        return _panel(on, Said("It was not accepted yet: see what is marked, then accept again.", CONFLICT))
    return _onward(on)


@router.post("/cancelled")
def cancelled_in_erp(on: On) -> Response:
    """Hear that a person has cancelled the order in the ERP: it is cancelled here with it."""
    return _decide(on, lambda: review.cancelled_in_erp(on.desk.house, on.edit))


@router.post("/reject")
def reject(on: On, reason: Annotated[str, Form()] = "") -> Response:
    """Decide that no order comes of it."""
    if not reason.strip():
        return _panel(on, Said(status=UNFIT, reject_problem=NO_REASON))
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
    """Look customers up; one whom the document does not name is marked so."""
    printed = choosing.printed_name(review.task(desk.house, key).order.draft)
    with desk.house.store.read() as session:
        found = lookups.find_customers(session, search)
    others = {one.number for one in found if choosing.is_another(printed, one.name)}
    return desk.page(
        request, "_customers.html", key=key, found=found, search=search.strip(), printed=printed, others=others
    )


def _act(on: Case, change: Callable[[], object], typed: Typed | None = None) -> Response:
    """Do one change and show the order as it is then."""
    return _done(on, change, typed, _panel)


def _decide(on: Case, decide: Callable[[], object], typed: Typed | None = None) -> Response:
    """Decide, and go on to the next task."""
    return _done(on, decide, typed, _onward)


def _done(on: Case, do: Callable[[], object], typed: Typed | None, after: Callable[[Case], Response]) -> Response:
    """Do it and go on, or say why not; what was typed and not taken is shown where it was typed."""
    try:
        do()
    except InvalidInput as problem:
        if typed is None or not has_input(typed.path):
            return _panel(on, Said(sentence(problem), UNFIT, typed))
        return _panel(on, Said("", UNFIT, Typed(typed.path, typed.text, sentence(problem))))
    except (StaleVersion, IllegalTransition) as problem:
        return _panel(on, Said(sentence(problem), CONFLICT, typed))
    return after(on)


def _panel(on: Case, given: Said | None = None) -> Response:
    """Write the right side anew. After a conflict it is the fresh one, and the typing is repeated above it."""
    said = given or Said()
    view = load_view(on.desk.house, on.key, said.typed if said.status == UNFIT else None)
    lost = said.typed if said.status == CONFLICT and said.typed and said.typed.text else None
    return on.desk.page(
        on.request,
        "_order.html",
        said.status,
        view=view,
        notice=said.notice,
        lost=lost,
        asks=said.asks,
        reject_problem=said.reject_problem,
    )


def _onward(on: Case) -> Response:
    answer = Response(status_code=200)
    answer.headers["HX-Redirect"] = next_place(on.desk, on.who, on.key)
    return answer
