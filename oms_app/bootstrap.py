"""The one place that builds things: settings in, a house with its worker, channels and partners out."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from config.settings import Settings
from connectors import registry as connectors
from oms_app.channel_options import describes, open_channel
from oms_app.motor.queueing import Enqueuer
from oms_app.reading_pool import ReadingPool
from oms_core.decisions.pricing import TaxRates
from oms_core.errors import ConfigurationError
from oms_core.ports import Clock, Reader
from oms_flow.deliver import Partners
from oms_flow.house import GERMAN_TAX, Company, House, Replies
from oms_flow.steps import STEP_MAP_VERSION
from oms_store.clock import SystemClock
from oms_store.documents import DocumentStore
from oms_store.engine import make_engine
from oms_store.migrate import head, migrate, revision
from oms_store.store import Boundary, Store, no_boundary

if TYPE_CHECKING:
    from oms_app.worker import Worker


@dataclass(frozen=True, slots=True)
class Built:
    """A house and what starts its work."""

    settings: Settings
    house: House
    enqueuer: Enqueuer


def build(
    settings: Settings,
    clock: Clock | None = None,
    reader: Reader | None = None,
    boundary: Boundary = no_boundary,
    step_map: str = STEP_MAP_VERSION,
) -> Built:
    """Build the house over an existing database. Raises ConfigurationError when its schema is not this version's."""
    engine = make_engine(settings.database_url)
    present = revision(engine)
    if present != head():
        state = "has no schema yet" if present is None else f"is at schema {present}, this version needs {head()}"
        raise ConfigurationError(f"The database {state}: run 'ordermill migrate' first.")
    enqueuer = Enqueuer(engine, step_map)
    store = Store(engine, clock or SystemClock(), enqueuer, boundary=boundary)
    house = House(
        store=store,
        documents=DocumentStore(settings.data_dir / "documents"),
        reader=reader or ReadingPool(settings.worker.readers),
        company=_company(settings),
        rules=settings.rules,
        limits=settings.limits,
        replies=Replies(settings.acknowledgements.per_address_hour, settings.acknowledgements.enabled),
        erp=settings.erp.connector,
    )
    return Built(settings, house, enqueuer)


def prepare_database(settings: Settings) -> str:
    """Create or upgrade the schema, ours and the motor's; returns the revision reached. Twice is harmless."""
    from oms_app.motor.schema import migrate_motor

    engine = make_engine(settings.database_url)
    reached = migrate(engine)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    migrate_motor(url)
    return reached


def partners(settings: Settings, clock: Clock) -> Partners:
    """Build the ERP connector, the mailer and the reply folder."""
    erp, mail, replies = settings.coupling("erp"), settings.coupling("mail_out"), settings.coupling("replies")
    return Partners(
        connectors.erp(erp.connector, erp.options, clock),
        connectors.mailer(mail.connector, mail.options, clock),
        connectors.reply_box(replies.connector, replies.options, clock),
    )


def worker(built: Built) -> "Worker":
    """Build the worker of a house, with its channels and partners."""
    from oms_app.worker import PolledChannel, Worker, WorkerPlan

    settings, clock = built.settings, built.house.store.clock
    plan = settings.worker
    return Worker(
        house=built.house,
        partners=partners(settings, clock),
        enqueuer=built.enqueuer,
        channels=tuple(
            PolledChannel(
                partial(open_channel, settings, channel, clock), channel.poll_seconds, describes(settings, channel)
            )
            for channel in settings.channels
            if channel.enabled
        ),
        plan=WorkerPlan(plan.threads, plan.queue_poll_seconds, plan.lease_seconds, plan.sweep_seconds),
    )


def _company(settings: Settings) -> Company:
    company = settings.company
    return Company(
        names=tuple(dict.fromkeys((company.name, *company.names))),
        ids=company.ids,
        mail_address=str(settings.coupling("mail_out").options.get("sender", "")),
        time_zone=company.time_zone,
        currency=company.currency,
        tax=TaxRates(company.country, GERMAN_TAX.rates),
    )
