"""Tryton's JSON-RPC: log-in, calls, and its answers told apart by what the caller does next.

Source: trytond 8.2, protocols/jsonrpc.py and protocols/dispatcher.py.
"""

import base64
import datetime as dt
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx

from oms_core.errors import PartnerRejected, PartnerUnavailable

MAX_ANSWER_BYTES = 32 * 1024 * 1024
"""Largest answer taken, after decompression."""

MAX_WARNINGS = 20
"""Most warnings answered with yes during one call."""

MAX_SENTENCE_LENGTH = 500
"""How much of a sentence of Tryton's is repeated, in characters."""

_BUSY = ("OperationalError", "PoolTimeout", "TimeoutError")
_HINTS: Mapping[int, str] = {
    401: "It does not let us in: check user and password.",
    403: "It does not allow this call: check the user's rights and the modules.",
    404: "It does not know the database: check its name.",
    429: "It has had too many requests or wrong log-ins: it is tried again later.",
}


class TrytonRefused(PartnerRejected):
    """Tryton answered with an error of its own; `warning` names it where a person could click it away."""

    def __init__(self, sentence: str, warning: str = "") -> None:
        super().__init__(f"Tryton refuses it: {sentence}")
        self.warning = warning


@dataclass(frozen=True, slots=True)
class TrytonAccess:
    """Where a Tryton server is and who logs in."""

    url: str
    database: str
    user: str
    password: str = field(repr=False)
    timeout_seconds: float = 60.0
    accept_warnings: bool = False


@dataclass(frozen=True, slots=True)
class _Session:
    """A log-in: the header that proves it, and the user's context (company, language)."""

    header: str
    context: dict[str, Any]


class TrytonRpc:
    """One user's connection to one database; may be used by several threads."""

    def __init__(self, access: TrytonAccess) -> None:
        self._access = access
        self._url = f"{access.url.rstrip('/')}/{quote(access.database, safe='')}/rpc/"
        self._client = httpx.Client(timeout=access.timeout_seconds, follow_redirects=False)
        self._session: _Session | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    @property
    def context(self) -> Mapping[str, Any]:
        """The user's own context: `company`, `language` and so on. Raises `PartnerUnavailable`."""
        return self._logged_in().context

    @property
    def company(self) -> int:
        """The id of the user's company. Raises `PartnerUnavailable` when the user has none."""
        company = self.context.get("company")
        if not isinstance(company, int):
            raise PartnerUnavailable(
                f"The Tryton user {self._access.user} works for no company: set one in its preferences."
            )
        return company

    def call(self, method: str, *arguments: Any, context: Mapping[str, Any] | None = None) -> Any:
        """Call `model.sale.sale.read` and the like; `context` is added to the user's own.

        Logs in where needed, and again when the session has expired. Where warnings are accepted, they are answered
        with yes and the call is made again. Raises `TrytonRefused` (a `PartnerRejected`)
        with Tryton's sentence, `PartnerUnavailable` for everything after which trying again may help.
        """
        for _ in range(MAX_WARNINGS):
            try:
                return self._call(method, arguments, context or {})
            except TrytonRefused as refused:
                if not (refused.warning and self._access.accept_warnings):
                    raise
                self._call("model.res.user.warning.skip", (refused.warning, False), {})
        return self._call(method, arguments, context or {})

    def _call(self, method: str, arguments: Sequence[Any], context: Mapping[str, Any]) -> Any:
        session = self._logged_in()
        response = self._post(method, [*arguments, session.context | dict(context)], session.header)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            # An expired session is refused before anything is done, so the call may be made again.
            self._forget(session)
            session = self._logged_in()
            response = self._post(method, [*arguments, session.context | dict(context)], session.header)
        return self._result(method, response)

    def search_read(
        self,
        model: str,
        domain: Sequence[Any],
        fields: Sequence[str],
        *,
        limit: int | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Return the records that meet the domain, in the order of their ids."""
        order = [["id", "ASC"]]
        found = self.call(f"model.{model}.search_read", domain, 0, limit, order, list(fields), context=context)
        return list(found)

    def _logged_in(self) -> _Session:
        with self._lock:
            if self._session is None:
                self._session = self._log_in()
            return self._session

    def _forget(self, session: _Session) -> None:
        with self._lock:
            if self._session is session:
                self._session = None

    def _log_in(self) -> _Session:
        access = self._access
        method = "common.db.login"
        answer = self._result(method, self._post(method, [access.user, {"password": access.password}], None))
        if not isinstance(answer, list) or len(answer) < 2:  # noqa: PLR2004 - user id and key
            raise self._unavailable("it answers a log-in with something else than a session")
        proof = base64.b64encode(f"{access.user}:{answer[0]}:{answer[1]}".encode()).decode()
        header = f"Session {proof}"
        method = "model.res.user.get_preferences"
        preferences = self._result(method, self._post(method, [True, {}], header))
        return _Session(header, dict(preferences))

    def _post(self, method: str, parameters: list[Any], header: str | None) -> "_Answer":
        body = json.dumps({"id": 1, "method": method, "params": parameters}, default=_encoded).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": header} if header else {})
        try:
            with self._client.stream("POST", self._url, content=body, headers=headers) as response:
                return _Answer(response.status_code, self._read(response))
        except httpx.HTTPError as error:
            reason = "no answer in time" if isinstance(error, httpx.TimeoutException) else _line(str(error))
            raise self._unavailable(
                f"{reason or type(error).__name__}. Whether {method} was done is not known"
            ) from error

    def _read(self, response: httpx.Response) -> bytes:
        data = bytearray()
        for piece in response.iter_bytes():
            data += piece
            if len(data) > MAX_ANSWER_BYTES:
                raise self._unavailable(f"its answer is larger than {MAX_ANSWER_BYTES:,} bytes")
        return bytes(data)

    def _result(self, method: str, response: "_Answer") -> Any:
        if response.status_code != httpx.codes.OK:
            hint = _HINTS.get(response.status_code, "It is tried again later.")
            raise self._unavailable(f"HTTP {response.status_code} to {method}. {hint}")
        try:
            answer = json.loads(response.data, object_hook=_decoded)
        except (ValueError, RecursionError, TypeError, KeyError, ArithmeticError) as error:
            raise self._unavailable("its answer is not Tryton's JSON. Check the address") from error
        if not isinstance(answer, dict):
            raise self._unavailable("its answer is not Tryton's JSON. Check the address")
        if answer.get("error"):
            raise self._error(answer["error"])
        return answer.get("result")

    def _error(self, error: Any) -> PartnerUnavailable | TrytonRefused:
        """Tell a refusal (`UserError`, [sentence, description, ...]) from a server in trouble ([text, traceback])."""
        name, detail = (*error, "", "")[:2] if isinstance(error, list) else (str(error), "")
        if name == "UserWarning" and isinstance(detail, list) and detail:
            said = _line(" ".join(str(part) for part in detail[1:3] if part))
            return TrytonRefused(f"{said} (a warning: put its cause right, or set accept_warnings)", str(detail[0]))
        if isinstance(detail, list):
            return TrytonRefused(_line(" ".join(str(part) for part in detail[:2] if part)))
        if name == "ConcurrencyException" or any(word in str(detail)[-2000:] for word in _BUSY):
            return self._unavailable(f"its database is busy ({_line(str(name))})")
        return TrytonRefused(f"{_line(str(name))} (an error inside Tryton: its log says more)")

    def _unavailable(self, reason: str) -> PartnerUnavailable:
        return PartnerUnavailable(f"Tryton at {self._access.url} cannot be used: {reason.rstrip('.')}.")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back over HTTP."""

    status_code: int
    data: bytes


def today(rpc: TrytonRpc) -> dt.date:
    """Return the date as the Tryton server has it."""
    answer = rpc.call("model.ir.date.today")
    return answer if isinstance(answer, dt.date) else dt.date.fromisoformat(str(answer))


def _encoded(value: object) -> dict[str, Any]:
    if isinstance(value, Decimal):
        return {"__class__": "Decimal", "decimal": f"{value:f}"}
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    raise TypeError(f"{type(value).__name__} cannot be sent to Tryton")


def _decoded(value: dict[str, Any]) -> Any:
    kind = value.get("__class__")
    if kind == "Decimal":
        return Decimal(value["decimal"])
    if kind == "date":
        return dt.date(value["year"], value["month"], value["day"])
    return value


def _line(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:MAX_SENTENCE_LENGTH].rstrip(". ")
