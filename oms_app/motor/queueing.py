"""Start durable work inside a transaction of ours: the workflow exists when, and only when, the business rows do."""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from oms_core.values.work import Work, WorkKind
from oms_flow.steps import STEP_MAP_VERSION

if TYPE_CHECKING:
    from dbos import DBOSClient, EnqueueOptions, Serializer

SCHEMA = "dbos"
APPLICATION = "ordermill"
QUEUES = {WorkKind.WALK: "ordermill-walk", WorkKind.DELIVER: "ordermill-deliver"}


def json_serializer() -> "Serializer":
    """Return the serializer of everything that the motor keeps: ids and words as JSON, never pickles."""
    from dbos import Serializer

    class JsonSerializer(Serializer):
        def serialize(self, data: Any) -> str:
            if isinstance(data, BaseException):
                return json.dumps({"error": type(data).__name__, "message": str(data)})
            return json.dumps(data)

        def deserialize(self, serialized_data: str) -> Any:
            data = json.loads(serialized_data)
            if isinstance(data, dict) and "error" in data:
                return RuntimeError(f"{data['error']}: {data['message']}")
            return data

        def name(self) -> str:
            return "ordermill_json"

    return JsonSerializer()


class Enqueuer:
    """Puts work on the motor's queues through the engine that the business rows go through."""

    def __init__(self, engine: Engine, step_map: str = STEP_MAP_VERSION) -> None:
        self._engine = engine
        self.step_map = step_map
        """The version of the step map under which work is started and taken."""

    @cached_property
    def client(self) -> "DBOSClient":
        """The motor's client; imported when something is enqueued first, for it costs a second."""
        from dbos import DBOSClient

        return DBOSClient(
            system_database_engine=self._engine,
            dbos_system_schema=SCHEMA,
            serializer=json_serializer(),
            application_name=APPLICATION,
            lazy=True,
        )

    def __call__(self, session: Session, work: Work) -> None:
        """Enqueue within the session's transaction; the same run twice is one run."""
        options: EnqueueOptions = {
            "workflow_name": work.kind.value,
            "queue_name": QUEUES[work.kind],
            "workflow_id": work.key,
            "app_version": self.step_map,
        }
        self.client.enqueue_in_transaction(session, options, work.subject, work.run)
