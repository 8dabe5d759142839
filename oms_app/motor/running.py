"""Wraps the verbs in durable workflows and runs them in this process.

Business rows and the checkpoint of a step commit together. A workflow that is run again finds its verbs guarded by the
state of their rows, so doing a step twice changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from dbos import DBOS, DBOSConfig, SQLAlchemyDatasource
from dbos._datasource import DatasourceOptions, IsolationLevel
from sqlmodel import col, select

from oms_app.motor.queueing import APPLICATION, QUEUES, SCHEMA, Enqueuer, json_serializer
from oms_core.records import Lease
from oms_core.values.work import Work, WorkKind
from oms_flow.deliver import Partners
from oms_flow.house import House
from oms_flow.walk import delivery, walk
from oms_store.leases import expired
from oms_store.store import Unit

T = TypeVar("T")

WORKER_LEASE = "worker:"
"""The beginning of the name of every worker's lease; the worker's id follows."""

FORGET_AT_ONCE = 500
"""Runs deleted in one transaction, so that nobody waits long for the write lock."""


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
            "application_version": self._enqueuer.step_map,
            "executor_id": self._settings.worker_id,
            "serializer": json_serializer(),
            "use_listen_notify": False,
            "log_level": "ERROR",
            "max_executor_threads": self._settings.threads * 3 + 4,
        }
        DBOS(config=config)
        _register(WorkKind.WALK, self._walk)
        _register(WorkKind.DELIVER, self._deliver)
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

    def _walk(self, document_id: str, run: int) -> str:
        del run
        walk(self._house, document_id, self._step)
        return "walked"

    def _deliver(self, outbox_id: str, run: int) -> str:
        delivery(self._house, self._partners, outbox_id, run, self._step)
        return "delivered"

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
        return {status.workflow_id: self._verdict(status, alive) for status in found}

    def forget(self, before: datetime) -> int:
        """Delete what the motor noted of runs that were started before a time; returns of how many.

        What they did stands in the business rows. One that still waited is given a new run by the sweeper.
        """
        client = self._enqueuer.client
        forgotten = 0
        while old := client.list_workflows(
            end_time=before.isoformat(), limit=FORGET_AT_ONCE, load_input=False, load_output=False
        ):
            client.delete_workflows([run.workflow_id for run in old])
            forgotten += len(old)
        return forgotten

    def _verdict(self, status: Any, alive: set[str]) -> str:
        if status.status in ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"):
            return "failed"
        if status.app_version != self._enqueuer.step_map or status.status in ("SUCCESS", "CANCELLED"):
            return "gone"
        if status.status == "PENDING":
            return "alive" if status.executor_id in alive else "dead"
        return "alive"


def _register(kind: WorkKind, work: Callable[[str, int], str]) -> None:
    """Register a method as a workflow; DBOS marks what it registers, and a bound method cannot be marked."""

    def run(subject: str, number: int) -> str:
        return work(subject, number)

    DBOS.workflow(name=kind.value)(run)
