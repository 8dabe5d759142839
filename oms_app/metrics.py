"""Prometheus metrics: business figures read at the moment of the scrape, and the latencies of this process."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from oms_flow.house import House
from oms_store.conservation import balances, orphans, stuck
from oms_store.figures import channel_statuses, orders_by_state, pushes_by_state
from oms_store.views import waiting

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one process; each has a registry of its own, so that two in one process do not meet."""

    def __init__(self, house: House, alarm_minutes: float) -> None:
        self._registry = CollectorRegistry()
        self._latency = Histogram(
            "ordermill_http_request_seconds",
            "How long requests took, by method, route and status.",
            ("method", "route", "status"),
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._registry.register(_Business(house, alarm_minutes))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note one request; `route` is the pattern, never the path, so that ids make no new series."""
        self._latency.labels(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """Write everything in Prometheus' text format (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)


class _Business(Collector):
    """Counts what is in the database when asked."""

    def __init__(self, house: House, alarm_minutes: float) -> None:
        self._house = house
        self._alarm = alarm_minutes

    def describe(self) -> Iterator[Metric]:
        """Name nothing before it is asked for: registering must not touch the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Read all figures in one view of the database."""
        store = self._house.store
        now = store.clock.now()
        with store.read() as session:
            places = GaugeMetricFamily(
                "ordermill_conservation", "Where everything is that came in.", labels=("law", "place")
            )
            held = GaugeMetricFamily("ordermill_conservation_holds", "1 where a law adds up.", labels=("law",))
            for balance in balances(session):
                held.add_metric((balance.name,), float(balance.holds))
                for place, count in balance.parts:
                    places.add_metric((balance.name, place), count)
            orders = GaugeMetricFamily("ordermill_orders", "Orders by state.", labels=("state",))
            for state, count in orders_by_state(session).items():
                orders.add_metric((state,), count)
            pushes = GaugeMetricFamily("ordermill_pushes", "Outbox rows by state.", labels=("partner", "state"))
            for (partner, state), count in pushes_by_state(session).items():
                pushes.add_metric((partner, state), count)
            channels = GaugeMetricFamily(
                "ordermill_channel_up", "1 where a channel can be reached.", labels=("channel",)
            )
            for row in channel_statuses(session):
                channels.add_metric((row.name,), float(row.available))
            tasks, since = waiting(session)
            age = (now - since).total_seconds() if since else 0.0
            stuck_now, lost = len(stuck(session, now, self._alarm)), len(orphans(session))
        yield from (places, held, orders, pushes, channels)
        yield GaugeMetricFamily("ordermill_queue_tasks", "Tasks that wait for a person.", value=tasks)
        yield GaugeMetricFamily("ordermill_queue_age_seconds", "How long the oldest task has waited.", value=age)
        yield GaugeMetricFamily("ordermill_stuck", "Documents and drafts in progress for too long.", value=stuck_now)
        yield GaugeMetricFamily("ordermill_orphans", "Records that belong to nothing; always 0.", value=lost)
