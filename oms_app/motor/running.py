"""Wraps the verbs in durable workflows and runs them in this process.

Business rows and the checkpoint of a step commit together. A workflow that is run again finds its verbs guarded by the
state of their rows, so doing a step twice changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from dbos import DBOS, DBOSConfig, SQLAlchemyDatasource
from dbos._datasource import DatasourceOptions, IsolationLevel
from sqlmodel import col, select

from oms_app.motor.queueing import APPLICATION, QUEUES, SCHEMA, Enqueuer, json_serializer
from oms_core.records import Lease
from oms_core.values.work import Work, WorkKind
from oms_flow import deliver, match, read, steps
from oms_flow.accept import accept
from oms_flow.deliver import Partners
from oms_flow.house import SYSTEM, House
from oms_store.leases import expired
from oms_store.store import Unit

T = TypeVar("T")

WORKER_LEASE = "worker:"
"""The beginning of the name of every worker's lease; the worker's id follows."""


@dataclass(frozen=True, slots=True)
class MotorSettings:
    """How many documents are worked on at once and how often the queues are looked at."""

    worker_id: str
    threads: int = 4
    poll_seconds: float = 0.1


class Motor:
    """Runs walks and deliveries in this process."""

    def __init__(self, house: House, partners: Partners, enqueuer: Enqueuer, settings: MotorSettings) -> None:
        self._house = house
        self._partners = partners
        self._enqueuer = enqueuer
        self._settings = settings
        self._datasource: SQLAlchemyDatasource | None = None

    def start(self) -> None:
        """Register the workflows and begin to take work from the queues."""
        engine = self._house.store.engine
        url = engine.url.render_as_string(hide_password=False)
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": url,
            "system_database_engine": engine,
            "dbos_system_schema": SCHEMA,
            "application_version": steps.STEP_MAP_VERSION,
            "executor_id": self._settings.worker_id,
            "serializer": json_serializer(),
            "use_listen_notify": False,
            "log_level": "ERROR",
            "max_executor_threads": self._settings.threads * 3 + 4,
        }
        DBOS(config=config)
        _register(WorkKind.WALK, self.walk)
        _register(WorkKind.DELIVER, self.deliver)
        self._datasource = SQLAlchemyDatasource.create(
            url,
            engine=engine,
            schema=SCHEMA,
            serializer=json_serializer(),
            sessionmaker=self._house.store.write_sessions,
        )
        DBOS.launch()
        for queue in QUEUES.values():
            DBOS.register_queue(
                queue,
                worker_concurrency=self._settings.threads,
                polling_interval_sec=self._settings.poll_seconds,
                on_conflict="always_update",
            )

    def stop(self) -> None:
        """Stop taking work; what is under way is finished by the next worker."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=0)

    def walk(self, document_id: str, run: int) -> str:
        """Read, match and accept one document, in at most three durable steps for each fifty orders in it."""
        del run
        house = self._house
        prepared = read.prepare(house, document_id)

        def save_reading(unit: Unit) -> list[str]:
            return list(read.save(unit, prepared) if prepared else read.drafts_of(unit, document_id))

        drafts = self._step(steps.READ, save_reading)
        for batch in _batches(drafts, steps.DRAFTS_PER_TRANSACTION):
            self._match_and_accept(batch)
        return "walked"

    def _match_and_accept(self, batch: Sequence[str]) -> None:
        house = self._house
        judged = match.prepare(house, batch)
        self._step(steps.MATCH, lambda unit: match.save(unit, judged))
        self._step(steps.ACCEPT, lambda unit: sum(_accepted(house, unit, draft) for draft in batch))

    def deliver(self, outbox_id: str, run: int) -> str:
        """Deliver one outbox row: one attempt, noted before and after."""
        house = self._house
        if not self._step(steps.DELIVER_BEGIN, lambda unit: deliver.begin(unit, outbox_id, run)):
            return "nothing to do"
        attempt = deliver.load_attempt(house, outbox_id, run)
        answer = deliver.send(self._partners, attempt) if attempt else deliver.Answer(unavailable="superseded")

        def note(unit: Unit) -> str:
            deliver.finish(house, unit, outbox_id, run, answer)
            return "noted"

        return self._step(steps.DELIVER_FINISH, note)

    def _step(self, name: str, save: Callable[[Unit], T]) -> T:
        """Run one transaction whose checkpoint commits with it."""
        datasource = self._datasource
        assert datasource is not None
        store = self._house.store

        def body() -> T:
            session = datasource.sql_session()
            session.info["name"] = name
            return save(store.unit(session))

        level: IsolationLevel = "SERIALIZABLE" if store.sqlite else "READ COMMITTED"
        options: DatasourceOptions = {"name": name, "isolation_level": level}
        return datasource.run_tx_step(options, body)

    def liveness(self, unit: Unit, works: Sequence[Work]) -> dict[str, str]:
        """Say of each run whether a living worker has it or will take it."""
        if not works:
            return {}
        leases = unit.session.scalars(select(Lease).where(col(Lease.name).startswith(WORKER_LEASE)))
        alive = {lease.holder for lease in leases if not expired(unit, lease)}
        found = self._enqueuer.client.list_workflows(
            workflow_ids=[work.key for work in works], load_input=False, load_output=False
        )
        return {status.workflow_id: _verdict(status, alive) for status in found}


def _register(kind: WorkKind, work: Callable[[str, int], str]) -> None:
    """Register a method as a workflow; DBOS marks what it registers, and a bound method cannot be marked."""

    def run(subject: str, number: int) -> str:
        return work(subject, number)

    DBOS.workflow(name=kind.value)(run)


def _verdict(status: Any, alive: set[str]) -> str:
    if status.status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
        return "failed"
    if status.app_version != steps.STEP_MAP_VERSION or status.status in ("SUCCESS", "CANCELLED"):
        return "gone"
    if status.status == "PENDING":
        return "alive" if status.executor_id in alive else "dead"
    return "alive"


def _accepted(house: House, unit: Unit, draft_id: str) -> bool:
    return accept(house, unit, draft_id, SYSTEM).order_id is not None


def _batches(items: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
