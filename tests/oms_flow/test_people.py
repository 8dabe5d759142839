"""Who may log in, how often they may be wrong, and what a session is worth."""

import pytest
from sqlmodel import select

from oms_core.errors import InvalidInput, NotAllowed, NotFound
from oms_core.records import Audit, Person, WebSession
from oms_flow import people
from oms_flow.people import LoginRules, Role
from oms_store.engine import make_engine
from oms_store.store import Store
from tests.factory import FixedClock

RULES = LoginRules(attempts=3, session_hours=8)
WRONG = "not the password"


@pytest.fixture
def store(database_url: str, clock: FixedClock):
    made = Store(make_engine(database_url), clock, lambda _session, _work: None)
    yield made
    made.engine.dispose()


@pytest.fixture
def password(store: Store) -> str:
    """The first admin's password."""
    made = people.create_first_admin(store)
    assert made is not None
    return made


def test_the_first_admin_is_made_once(store: Store, password: str) -> None:
    assert people.create_first_admin(store) is None
    assert people.log_in(store, RULES, "admin", password).visitor.admin


def test_a_session_is_kept_under_the_hash_of_its_token(store: Store, password: str) -> None:
    opened = people.log_in(store, RULES, " ADMIN ", password)
    with store.read() as session:
        (kept,) = session.scalars(select(WebSession)).all()
        (person,) = session.scalars(select(Person)).all()
    assert opened.token not in (kept.token_hash, kept.csrf)
    assert len(kept.token_hash) == 64
    assert person.password_hash.startswith("$argon2id$")
    found = people.visitor(store, opened.token)
    assert found == opened.visitor
    assert people.visitor(store, kept.token_hash) is None


def test_every_log_in_has_a_token_of_its_own(store: Store, password: str) -> None:
    first, second = (people.log_in(store, RULES, "admin", password) for _ in range(2))
    assert first.token != second.token
    assert first.visitor.csrf != second.visitor.csrf


def test_a_session_ends_with_its_time_and_with_a_log_out(store: Store, password: str, clock: FixedClock) -> None:
    old, other = people.log_in(store, RULES, "admin", password), people.log_in(store, RULES, "admin", password)
    people.log_out(store, other.token)
    assert people.visitor(store, other.token) is None
    clock.advance(hours=7, minutes=59)
    assert people.visitor(store, old.token)
    clock.advance(minutes=1)
    assert people.visitor(store, old.token) is None
    people.log_in(store, RULES, "admin", password)
    with store.read() as session:
        assert len(session.scalars(select(WebSession)).all()) == 1


def test_too_many_wrong_passwords_lock_the_name_for_a_while(store: Store, password: str, clock: FixedClock) -> None:
    for _ in range(3):
        with pytest.raises(NotAllowed, match="name or the password is wrong"):
            people.log_in(store, RULES, "admin", WRONG)
    with pytest.raises(NotAllowed, match="in 16 minutes"):
        people.log_in(store, RULES, "admin", password)
    clock.advance(minutes=15)
    assert people.log_in(store, RULES, "admin", password).token


def test_failures_far_apart_do_not_lock(store: Store, password: str, clock: FixedClock) -> None:
    for _ in range(6):
        with pytest.raises(NotAllowed, match="wrong"):
            people.log_in(store, RULES, "admin", WRONG)
        clock.advance(minutes=8)
    assert people.log_in(store, RULES, "admin", password).token


def test_a_good_log_in_forgets_the_failures(store: Store, password: str) -> None:
    for _ in range(3):
        for _ in range(2):
            with pytest.raises(NotAllowed):
                people.log_in(store, RULES, "admin", WRONG)
        people.log_in(store, RULES, "admin", password)


def test_an_unknown_name_is_told_the_same_as_a_wrong_password(store: Store, password: str) -> None:
    told = set()
    for login in ("admin", "nobody"):
        with pytest.raises(NotAllowed) as caught:
            people.log_in(store, RULES, login, WRONG)
        told.add(str(caught.value))
    assert len(told) == 1
    assert password not in told.pop()


def test_who_is_kept_out_is_out_at_once(store: Store, password: str) -> None:
    theirs = people.add_person(store, "admin", "Anna", "Anna  Berg", "reviewer")
    opened = people.log_in(store, RULES, "anna", theirs)
    assert opened.visitor.role is Role.REVIEWER
    assert opened.visitor.name == "Anna Berg"
    people.set_active(store, "admin", "anna", active=False)
    assert people.visitor(store, opened.token) is None
    with pytest.raises(NotAllowed):
        people.log_in(store, RULES, "anna", theirs)
    people.set_active(store, "admin", "anna", active=True)
    assert people.log_in(store, RULES, "anna", theirs).token
    assert password


def test_a_reset_unlocks_and_ends_sessions(store: Store, password: str) -> None:
    opened = people.log_in(store, RULES, "admin", password)
    for _ in range(3):
        with pytest.raises(NotAllowed):
            people.log_in(store, RULES, "admin", WRONG)
    fresh = people.reset_password(store, "admin", "admin")
    assert people.visitor(store, opened.token) is None
    assert people.log_in(store, RULES, "admin", fresh).token


def test_the_last_admin_stays_one(store: Store, password: str) -> None:
    with pytest.raises(NotAllowed, match="last admin"):
        people.set_active(store, "admin", "admin", active=False)
    with pytest.raises(NotAllowed, match="last admin"):
        people.set_role(store, "admin", "admin", "reviewer")
    people.add_person(store, "admin", "bea", "Bea", "admin")
    people.set_role(store, "admin", "admin", "reviewer")
    assert not people.log_in(store, RULES, "admin", password).visitor.admin


def test_another_admin_is_one_who_may_log_in(store: Store, password: str) -> None:
    assert password
    people.add_person(store, "admin", "anna", "Anna", "reviewer")
    assert not people.has_other_admin(store, "admin")
    people.set_role(store, "admin", "anna", "admin")
    assert people.has_other_admin(store, "admin")
    people.set_active(store, "admin", "anna", active=False)
    assert not people.has_other_admin(store, "admin")


def test_a_role_changes_what_an_open_session_may_do(store: Store, password: str) -> None:
    opened = people.log_in(store, RULES, "anna", people.add_person(store, "admin", "anna", "Anna", "reviewer"))
    people.set_role(store, "admin", "anna", "admin")
    found = people.visitor(store, opened.token)
    assert found
    assert found.admin
    assert password


def test_a_person_chooses_a_password(store: Store, password: str) -> None:
    opened = people.log_in(store, RULES, "admin", password)
    with pytest.raises(NotAllowed):
        people.change_password(store, RULES, "admin", WRONG, "four words do well")
    for unfit in ("x" * (people.LEAST_PASSWORD - 1), "x" * (people.MAX_PASSWORD + 1), password):
        with pytest.raises(InvalidInput):
            people.change_password(store, RULES, "admin", password, unfit)
    people.change_password(store, RULES, "admin", password, "four words do well")
    assert people.visitor(store, opened.token) is None
    assert people.log_in(store, RULES, "admin", "four words do well").token


@pytest.mark.parametrize(
    ("login", "name", "role", "problem"),
    [
        ("", "Anna", "reviewer", "log-in name"),
        ("an na", "Anna", "reviewer", "log-in name"),
        ("x" * 65, "Anna", "reviewer", "log-in name"),
        ("ordermill", "Anna", "reviewer", "log-in name"),
        ("admin", "Anna", "reviewer", "already"),
        ("anna", " ", "reviewer", "name"),
        ("anna", "x" * 101, "reviewer", "name"),
        ("anna", "Anna", "king", "role"),
    ],
)
def test_who_cannot_be_added(store: Store, password: str, login: str, name: str, role: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        people.add_person(store, "admin", login, name, role)
    assert password


def test_nobody_is_no_person(store: Store) -> None:
    with pytest.raises(NotFound):
        people.reset_password(store, "admin", "nobody")


def test_what_was_done_is_written_down_and_no_password_with_it(store: Store, password: str) -> None:
    theirs = people.add_person(store, "admin", "anna", "Anna", "reviewer")
    fresh = people.reset_password(store, "admin", "anna")
    with store.read() as session:
        rows = session.scalars(select(Audit)).all()
    told = " ".join(f"{row.what} {row.after} {row.before}" for row in rows)
    assert {"added", "reset the password"} <= {row.what for row in rows}
    assert not any(secret in told for secret in (password, theirs, fresh))
