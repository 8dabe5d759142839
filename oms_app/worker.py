"""The worker: holds a lease, runs the motor, and while it leads also the channels, the sweeper and the checkpoints.

A worker that lost its lease (paused too long, cut off) ends at once: its writes are refused anyway.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from oms_app.channels import ChannelLoop
from oms_app.motor.queueing import Enqueuer
from oms_app.motor.running import WORKER_LEASE, Motor, MotorSettings
from oms_core.errors import LeaseLost
from oms_core.ids import new_id
from oms_core.ports import Channel
from oms_flow.deliver import Partners
from oms_flow.house import House
from oms_flow.sweep import sweep
from oms_store.engine import checkpoint
from oms_store.leases import Held, acquire, release, renew, revoke_expired
from oms_store.store import Unit

LEADER = "leader"
EXIT_LEASE_LOST = 75
"""The exit status of a worker that was taken over (EX_TEMPFAIL of sysexits.h: start it again)."""
KEEP_RUNS = timedelta(days=7)
"""How long the motor's notes on a run are kept, to look at when something went wrong."""
_LOG = structlog.get_logger("ordermill.worker")


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How a worker works: threads, and how often it looks at what."""

    threads: int = 4
    poll_seconds: float = 0.1
    lease_seconds: float = 10.0
    sweep_seconds: float = 2.0
    checkpoint_seconds: float = 30.0
    forget_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class PolledChannel:
    """A channel and how often to look at it; it is opened by the worker that leads."""

    open: Callable[[], Channel]
    poll_seconds: float
    describes: str = ""


@dataclass(slots=True)
class Worker:
    """One worker process."""

    house: House
    partners: Partners
    enqueuer: Enqueuer
    channels: Sequence[PolledChannel] = ()
    plan: WorkerPlan = field(default_factory=WorkerPlan)
    on_lease_lost: Callable[[], None] = lambda: os._exit(EXIT_LEASE_LOST)
    _held: Held | None = None
    _leading: Held | None = None
    _motor: Motor | None = None
    _scheduler: BackgroundScheduler | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _open: list[Channel] = field(default_factory=list)

    def start(self) -> None:
        """Take a lease, then begin to work."""
        name = new_id(self.house.store.clock.now())
        with self.house.store.write("lease") as unit:
            held = acquire(unit, WORKER_LEASE + name, name, self.plan.lease_seconds)
        assert held is not None
        self._held = held
        self.house = replace(self.house, store=replace(self.house.store, guard=held.check))
        settings = MotorSettings(name, self.plan.threads, self.plan.poll_seconds)
        self._motor = Motor(self.house, self.partners, self.enqueuer, settings)
        self._motor.start()
        self._scheduler = self._timers()
        self._scheduler.start()
        _LOG.info("worker.started", worker=name)
        self._lead()

    def stop(self) -> None:
        """End in order: channels first, then the motor, then the leases."""
        self._stopping.set()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)
        for channel in self._open:
            channel.close()  # it ends a wait for mail that may have minutes to go
        for thread in self._threads:
            thread.join(timeout=10)
        if self._motor is not None:
            self._motor.stop()
        with self.house.store.write("lease") as unit:
            for held in (self._leading, self._held):
                if held is not None:
                    release(unit, held)

    def _timers(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
        plan = self.plan
        scheduler.add_job(self._ending(self._renew), "interval", seconds=plan.lease_seconds / 4)
        scheduler.add_job(self._ending(self._lead), "interval", seconds=plan.lease_seconds / 2)
        scheduler.add_job(self._ending(self._sweep), "interval", seconds=plan.sweep_seconds)
        scheduler.add_job(self._ending(self._checkpoint), "interval", seconds=plan.checkpoint_seconds)
        scheduler.add_job(self._ending(self._forget), "interval", seconds=plan.forget_seconds)
        return scheduler

    def _ending(self, job: Callable[[], None]) -> Callable[[], None]:
        """Wrap a job: a lost lease ends the process, any other fault is logged and tried again at the next turn."""

        def run() -> None:
            try:
                job()
            except LeaseLost as problem:
                if not self._stopping.is_set():
                    _LOG.error("worker.lease_lost", problem=str(problem))
                    self.on_lease_lost()
            except Exception:  # noqa: BLE001  # a timer that dies would never look again
                _LOG.exception("worker.timer_failed", job=job.__name__)

        return run

    def _renew(self) -> None:
        with self.house.store.write("lease") as unit:
            self._prolong(unit)

    def _prolong(self, unit: Unit) -> None:
        for held in (self._held, self._leading):
            if held is not None:
                renew(unit, held, self.plan.lease_seconds)

    def _lead(self) -> None:
        """Become the leader if nobody leads; open the channels then."""
        if self._leading is not None or self._held is None or self._stopping.is_set():
            return
        with self.house.store.write("lease") as unit:
            self._leading = acquire(unit, LEADER, self._held.holder, self.plan.lease_seconds)
        if self._leading is None:
            return
        _LOG.info("worker.leads")
        for polled in self.channels:
            loop = ChannelLoop(self.house, polled.open(), polled.poll_seconds, self._stopping, polled.describes)
            thread = threading.Thread(target=loop.run, name=f"channel-{loop.channel.name}", daemon=True)
            thread.start()
            self._threads.append(thread)
            self._open.append(loop.channel)

    def _sweep(self) -> None:
        motor = self._motor
        if self._leading is None or motor is None:
            return
        with self.house.store.write("sweep") as unit:
            self._prolong(unit)  # a machine so busy that this worker is late is no reason to take its work away
            lost = revoke_expired(unit, WORKER_LEASE)
            started = sweep(unit, lambda works: motor.liveness(unit, works))
        if lost or started:
            _LOG.info("swept", lost_workers=len(lost), started=started)

    def _checkpoint(self) -> None:
        if self._leading is not None:
            checkpoint(self.house.store.engine)

    def _forget(self) -> None:
        motor = self._motor
        if self._leading is None or motor is None:
            return
        forgotten = motor.forget(self.house.store.clock.now() - KEEP_RUNS)
        if forgotten:
            _LOG.info("worker.forgot_runs", runs=forgotten)
