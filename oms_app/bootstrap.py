"""The one place that builds things: settings in, a house with its worker, channels and partners out."""

from dataclasses import dataclass

from config.settings import Settings
from connectors import registry as connectors
from oms_app.enqueue import Enqueuer
from oms_app.reading_pool import ReadingPool
from oms_core.decisions.pricing import TaxRates
from oms_core.errors import ConfigurationError
from oms_core.ports import Clock, Reader
from oms_flow.deliver import Partners
from oms_flow.house import GERMAN_TAX, Company, House, Replies
from oms_store.clock import SystemClock
from oms_store.documents import DocumentStore
from oms_store.engine import make_engine
from oms_store.migrate import head, migrate, revision
from oms_store.store import Boundary, Store, no_boundary


@dataclass(frozen=True, slots=True)
class Built:
    """A house and what starts its work."""

    settings: Settings
    house: House
    enqueuer: Enqueuer


def build(
    settings: Settings, clock: Clock | None = None, reader: Reader | None = None, boundary: Boundary = no_boundary
) -> Built:
    """Build the house over an existing database. Raises ConfigurationError when its schema is not this version's."""
    engine = make_engine(settings.database_url)
    present = revision(engine)
    if present != head():
        state = "has no schema yet" if present is None else f"is at schema {present}, this version needs {head()}"
        raise ConfigurationError(f"The database {state}: run 'ordermill migrate' first.")
    enqueuer = Enqueuer(engine)
    store = Store(engine, clock or SystemClock(), enqueuer, boundary=boundary)
    house = House(
        store=store,
        documents=DocumentStore(settings.data_dir / "documents"),
        reader=reader or ReadingPool(settings.worker.readers),
        company=_company(settings),
        rules=settings.rules,
        limits=settings.limits.limits(),
        replies=Replies(settings.acknowledgements.per_address_hour, settings.acknowledgements.enabled),
        erp=settings.erp.connector,
    )
    return Built(settings, house, enqueuer)


def prepare_database(settings: Settings) -> str:
    """Create or upgrade the schema, ours and the motor's; returns the revision reached. Twice is harmless."""
    from dbos import DBOS, SQLAlchemyDatasource

    from oms_app.enqueue import SCHEMA

    engine = make_engine(settings.database_url)
    reached = migrate(engine)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    DBOS.migrate(url, schema=SCHEMA)
    SQLAlchemyDatasource.migrate(url, schema=SCHEMA)
    return reached


def partners(settings: Settings, clock: Clock) -> Partners:
    """Build the ERP connector, the mailer and the reply folder."""
    erp, mail, replies = settings.coupling("erp"), settings.coupling("mail_out"), settings.coupling("replies")
    return Partners(
        connectors.erp(erp.connector, erp.options, clock),
        connectors.mailer(mail.connector, mail.options, clock),
        connectors.reply_box(replies.connector, replies.options, clock),
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
