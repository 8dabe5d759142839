"""Nothing is reached without a log-in, nothing is changed without the page's token, and nobody does an admin's work."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
from fastapi.routing import APIRoute
from starlette.routing import Mount

from config.settings import WebSettings
from oms_app.front.gate import MAX_BODY_BYTES, OPEN_PATHS, SAFE_METHODS
from oms_app.front.throttle import FAILURES_PER_ADDRESS, MAX_ADDRESSES, Throttle
from oms_app.web.app import create_app
from oms_flow import people
from tests.factory import FixedClock
from tests.oms_app.web.conftest import Desk, Office, enter
from tests.servers.browser import served


def every_route(office: Office) -> list[tuple[str, str]]:
    """Return every method and path that the application answers, with ids filled in."""
    app = create_app(office.built)
    pending, found = list(app.router.routes), []
    while pending:
        route = pending.pop()
        if isinstance(route, APIRoute):
            found += [(method, re.sub(r"\{[^}]+\}", "1", route.path)) for method in sorted(route.methods or ())]
        elif isinstance(route, Mount):
            assert route.path == "/static"
        else:
            inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
            assert inner, f"{route!r} is of a kind that this test does not know"
            pending += inner
    return found


def test_every_route_refuses_who_is_not_logged_in(office: Office, client: httpx.Client) -> None:
    found = every_route(office)
    assert len(found) > 40
    for method, path in found:
        if path in OPEN_PATHS or path == "/metrics":
            continue
        answer = client.request(method, path, follow_redirects=False)
        if method in SAFE_METHODS and not path.startswith("/api/"):
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/login?next=")
        else:
            assert answer.status_code == 401, (method, path)


def test_what_is_open_is_a_short_list(client: httpx.Client) -> None:
    assert {"/health/live", "/health/ready", "/login", "/api/v1/sessions"} == OPEN_PATHS
    assert client.get("/health/live").json() == {"live": True}
    assert client.get("/static/desk.css").status_code == 200
    for path in (
        "/docs",
        "/openapi.json",
        "/redoc",
        "/nowhere",
        "/static/../queue",
        "/static/%2e%2e/app.py",
        "//queue",
    ):
        assert client.get(path, follow_redirects=False).status_code in {303, 404}, path


def test_every_change_needs_the_token_of_the_page(office: Office, admin: Desk) -> None:
    for method, path in every_route(office):
        if method in SAFE_METHODS or path in OPEN_PATHS:
            continue
        for headers in ({}, {"X-CSRF-Token": "guessed"}):
            bodies: tuple[dict[str, Any], ...] = ({"data": {"version": "1", "csrf": "guessed"}}, {"json": {}})
            for body in bodies:
                answer = admin.client.request(method, path, headers=headers, follow_redirects=False, **body)
                assert answer.status_code == 403, (method, path, answer.status_code)
    assert people.visitor(office.house.store, admin.client.cookies["ordermill"])


def test_a_form_may_carry_the_token(admin: Desk) -> None:
    form = {"login": "ben", "name": "Ben", "role": "reviewer"}
    assert admin.client.post("/people", data=form | {"csrf": "guessed"}).status_code == 403
    assert "ben" not in admin.get("/people").text
    assert admin.client.post("/people", data=form | {"csrf": admin.csrf}).status_code == 200
    assert "ben" in admin.get("/people").text


def test_people_are_an_admins_matter(office: Office, desk: Desk) -> None:
    touched = [(method, path) for method, path in every_route(office) if path.startswith("/people")]
    assert len(touched) >= 5
    for method, path in touched:
        answer = desk.client.request(method, path, data={"csrf": desk.csrf}, follow_redirects=False)
        assert answer.status_code == 403, (method, path)
        assert "Only an admin" in answer.text
    assert "/people" not in desk.get("/").text


def test_an_admin_adds_resets_and_keeps_out(admin: Desk, address: str) -> None:
    page = admin.client.post("/people", data={"csrf": admin.csrf, "login": "cara", "name": "Cara", "role": "reviewer"})
    first = re.search(r'class="secret">([^<]+)<', page.text)
    assert first
    again = admin.client.post("/people/cara/password", data={"csrf": admin.csrf})
    second = re.search(r'class="secret">([^<]+)<', again.text)
    assert second
    with httpx.Client(base_url=address, timeout=30) as theirs:
        assert enter(theirs, "cara", first[1]).status_code == 401
        assert enter(theirs, "cara", second[1]).status_code == 303
        admin.client.post("/people/cara/active", data={"csrf": admin.csrf, "active": "false"})
        assert theirs.get("/", follow_redirects=False).status_code == 303
    assert admin.client.post("/people/admin/active", data={"csrf": admin.csrf, "active": "false"}).status_code == 403


def test_a_wrong_password_and_a_lock_are_told_in_a_sentence(office: Office, client: httpx.Client) -> None:
    for _ in range(3):
        answer = enter(client, "admin", "wrong")
        assert answer.status_code == 401
        assert "The name or the password is wrong" in answer.text
    assert "too many wrong passwords" in enter(client, "admin", office.passwords["admin"]).text
    office.clock.advance(minutes=16)
    assert enter(client, "admin", office.passwords["admin"]).status_code == 303


def test_a_log_in_form_from_elsewhere_is_not_believed(office: Office, client: httpx.Client) -> None:
    form = {"login": "admin", "password": office.passwords["admin"], "door": "guessed"}
    assert client.post("/login", data=form).status_code == 403
    client.get("/login")
    assert client.post("/login", data=form).status_code == 403


def test_a_session_begins_under_a_fresh_token(office: Office, client: httpx.Client) -> None:
    client.cookies.set("ordermill", "planted")
    answer = enter(client, "admin", office.passwords["admin"])
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("ordermill="))
    assert "planted" not in cookie
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie


def test_a_log_in_leads_nowhere_else(office: Office, client: httpx.Client) -> None:
    for goal in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert enter(client, "admin", office.passwords["admin"], next=goal).headers["location"] == "/", goal
        client.cookies.clear()


def test_a_log_in_goes_on_where_it_was_asked_for(office: Office, client: httpx.Client) -> None:
    assert client.get("/queue?reason=price", follow_redirects=False).headers["location"] == (
        "/login?next=/queue%3Freason%3Dprice"
    )
    assert enter(client, "admin", office.passwords["admin"], next="/queue?reason=price").headers["location"] == (
        "/queue?reason=price"
    )


def test_over_tls_the_cookie_travels_over_tls_only(office: Office) -> None:
    settings = replace(office.built.settings, web=WebSettings(public_url="https://orders.example"))
    with (
        served(create_app(replace(office.built, settings=settings))) as address,
        httpx.Client(base_url=address) as client,
    ):
        page = client.get("/login")
        door = page.headers["set-cookie"].split(";")[0].partition("=")[2]
        form = {"login": "admin", "password": office.passwords["admin"], "door": door}
        answer = client.post("/login", data=form, headers={"Cookie": f"ordermill_door={door}"}, follow_redirects=False)
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("__Host-ordermill="))
    assert "Secure" in cookie
    assert answer.headers["strict-transport-security"]


def test_every_answer_tells_the_browser_to_be_careful(desk: Desk, client: httpx.Client) -> None:
    for path in ("/", "/queue", "/nowhere", "/static/desk.js", "/health/live"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
    assert desk.get("/queue").headers["cache-control"] == "no-store"


def test_a_body_over_the_limit_is_refused_whatever_it_says_of_itself(desk: Desk) -> None:
    headers = {"X-CSRF-Token": desk.csrf, "Content-Type": "application/x-www-form-urlencoded"}
    declared = desk.client.post("/tasks/1/field", content=b"x" * (MAX_BODY_BYTES + 1), headers=headers)
    assert declared.status_code == 413
    assert "too large" in declared.text

    def endless() -> Iterator[bytes]:
        for _ in range(MAX_BODY_BYTES // 65536 + 1):
            yield b"x" * 65536

    streamed = desk.client.post("/tasks/1/field", content=endless(), headers=headers)
    assert streamed.status_code == 413


def test_metrics_are_for_this_machine_and_for_admins(client: httpx.Client, desk: Desk) -> None:
    text = client.get("/metrics").text
    assert 'ordermill_conservation{law="deliveries",place="stored"} 0.0' in text
    assert "ordermill_http_request_seconds_bucket" in text
    assert desk.client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 403


def test_ready_says_what_is_missing(office: Office, client: httpx.Client) -> None:
    assert client.get("/health/ready").json() == {
        "ready": True,
        "checks": {"database": "good", "documents": "good"},
    }
    root = office.house.documents.root
    for place in root.iterdir():
        place.rmdir()
    root.rmdir()
    root.write_text("in the way", encoding="ascii")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "folder of documents cannot be written" in answer.json()["checks"]["documents"]


def test_an_address_that_guesses_waits(clock: FixedClock) -> None:
    throttle = Throttle()
    for _ in range(FAILURES_PER_ADDRESS):
        assert not throttle.blocks("10.0.0.1", clock.now())
        throttle.failed("10.0.0.1", clock.now())
    assert throttle.blocks("10.0.0.1", clock.now())
    assert not throttle.blocks("10.0.0.2", clock.now())
    clock.advance(minutes=15)
    assert not throttle.blocks("10.0.0.1", clock.now())
    for number in range(MAX_ADDRESSES + 1):
        throttle.failed(str(number), clock.now())
    assert len(throttle) == MAX_ADDRESSES
