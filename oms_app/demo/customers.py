"""Fifteen customers and their ship-tos: every name invented, every domain reserved (RFC 2606)."""

from dataclasses import dataclass
from decimal import Decimal

from oms_app.demo.gs1_numbers import gln
from oms_core.values.master import CustomerRow


@dataclass(frozen=True, slots=True)
class Seller:
    """The demo company itself: the names and numbers under which orders may be addressed to it."""

    name: str
    names: tuple[str, ...]
    street: str
    postal_code: str
    city: str
    country: str
    vat_id: str
    gln: str
    edi_id: str
    mailbox: str
    mail_host: str

    @property
    def ids(self) -> tuple[str, ...]:
        """Every number that names this company on an order."""
        return (self.gln, self.vat_id, self.edi_id)


SELLER = Seller(
    name="Ordermill Demo Trading GmbH",
    names=("Ordermill Demo Trading GmbH", "Ordermill Demo Trading", "Ordermill"),
    street="Mühlenkai 12",
    postal_code="20457",
    city="Hamburg",
    country="DE",
    vat_id="DE000000019",
    gln=gln(1),
    edi_id=gln(1),
    mailbox="orders@ordermill.example",
    mail_host="mx.ordermill.example",
)
"""Numbers that begin with zeros are given to nobody: these VAT ids have the form, not the life, of real ones."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A customer in one line of the table below; `contact` signs its mails, `trades` is what it buys."""

    number: str
    name: str
    address: tuple[str, str, str, str]
    vat_id: str
    domain: str
    mailbox: str
    contact: str
    language: str
    price_list: str
    credit_limit: int
    trades: tuple[str, ...]
    ship_tos: tuple[tuple[str, str, str, str], ...] = ()
    edi: bool = False
    own_codes: str = ""
    """The form of this customer's own article codes, empty where it uses ours."""


BUILDING = ("fasteners", "electrical", "plumbing")
HOUSE = ("office", "cleaning", "food-service")

PROFILES = (
    Profile(
        "K1001",
        "Nordwerk Maschinenbau GmbH",
        ("Hafenring 4", "21079", "Hamburg", "DE"),
        "DE000001001",
        "nordwerk.example",
        "einkauf",
        "Anke Brodersen",
        "de",
        "A",
        80_000,
        ("fasteners", "electrical"),
        (
            ("Nordwerk Werk 2", "Schleusenweg 31", "21423", "Winsen"),
            ("Nordwerk Lager Stade", "Elbdeich 7", "21680", "Stade"),
        ),
        edi=True,
        own_codes="NW-{:06d}",
    ),
    Profile(
        "K1002",
        "Elektro Sandhofer GmbH & Co. KG",
        ("Fürther Straße 210", "90429", "Nürnberg", "DE"),
        "DE000001002",
        "sandhofer.example",
        "bestellung",
        "Markus Sandhofer",
        "de",
        "B",
        40_000,
        ("electrical", "fasteners"),
        (("Sandhofer Baustelle Plärrer", "Am Plärrer 3", "90443", "Nürnberg"),),
    ),
    Profile(
        "K1003",
        "Klinikum Lindenau Versorgung gGmbH",
        ("Lindenauer Markt 18", "04177", "Leipzig", "DE"),
        "DE000001003",
        "klinikum-lindenau.example",
        "zentraleinkauf",
        "Dr. Heike Pohl",
        "de",
        "C",
        120_000,
        ("cleaning", "office"),
        (("Klinikum Lindenau Haus B", "Merseburger Straße 60", "04177", "Leipzig"),),
        edi=True,
    ),
    Profile(
        "K1004",
        "Baustoffe Tiedjen OHG",
        ("Industriestraße 9", "28199", "Bremen", "DE"),
        "DE000001004",
        "tiedjen.example",
        "lager",
        "Jan Tiedjen",
        "de",
        "CONTRACT-K1004",
        60_000,
        BUILDING,
        (("Tiedjen Bauzentrum Verden", "Lindhooper Straße 88", "27283", "Verden"),),
        edi=True,
        own_codes="{:08d}",
    ),
    Profile(
        "K1005",
        "Hotel Seeblick Betriebs GmbH",
        ("Uferpromenade 1", "78464", "Konstanz", "DE"),
        "DE000001005",
        "hotel-seeblick.example",
        "wirtschaft",
        "Petra Amann",
        "de",
        "A",
        15_000,
        HOUSE,
    ),
    Profile(
        "K1006",
        "Alpentechnik Gruber GmbH",
        ("Innrain 55", "6020", "Innsbruck", "AT"),
        "ATU00001006",
        "alpentechnik.example",
        "material",
        "Lukas Gruber",
        "de",
        "B",
        30_000,
        BUILDING,
        (("Alpentechnik Depot Hall", "Salzgasse 14", "6060", "Hall in Tirol"),),
    ),
    Profile(
        "K1007",
        "Liffey Facilities Ltd",
        ("14 Quayside Row", "D08 X000", "Dublin", "IE"),
        "IE0000107A",
        "liffey-facilities.example",
        "purchasing",
        "Aoife Brennan",
        "en",
        "A",
        35_000,
        ("cleaning", "office", "electrical"),
        (("Liffey Facilities Northside", "2 Harbour Lane", "D13 X000", "Dublin"),),
    ),
    Profile(
        "K1008",
        "Corrib Hospitality Supplies Ltd",
        ("Unit 6, Tuam Road", "H91 X000", "Galway", "IE"),
        "IE0000108B",
        "corrib-hospitality.example",
        "orders",
        "Declan Moran",
        "en",
        "B",
        25_000,
        ("food-service", "cleaning"),
        edi=True,
    ),
    Profile(
        "K1009",
        "Ateliers Morvandelle SAS",
        ("8 rue des Forges", "21000", "Dijon", "FR"),
        "FR00000001009",
        "morvandelle.example",
        "achats",
        "Élodie Garnier",
        "fr",
        "A",
        45_000,
        ("fasteners", "plumbing"),
        (("Ateliers Morvandelle Beaune", "12 route de Pommard", "21200", "Beaune"),),
    ),
    Profile(
        "K1010",
        "Restauration Belleplaine SARL",
        ("27 quai Arloing", "69009", "Lyon", "FR"),
        "FR00000001010",
        "belleplaine.example",
        "commandes",
        "Thomas Réval",
        "fr",
        "C",
        20_000,
        ("food-service", "cleaning"),
        own_codes="BP{:05d}",
    ),
    Profile(
        "K1011",
        "Suministros Altavega S.L.",
        ("Calle del Acueducto 40", "50008", "Zaragoza", "ES"),
        "ESB00001011",
        "altavega.example",
        "compras",
        "Nuria Peñalba",
        "es",
        "B",
        40_000,
        BUILDING,
        (("Altavega Almacén Huesca", "Polígono Sepes, nave 3", "22006", "Huesca"),),
    ),
    Profile(
        "K1012",
        "Forniture Valdarosa S.r.l.",
        ("Via delle Officine 11", "40131", "Bologna", "IT"),
        "IT00000001012",
        "valdarosa.example",
        "acquisti",
        "Giulia Marchetti",
        "it",
        "A",
        40_000,
        ("fasteners", "electrical", "office"),
    ),
    Profile(
        "K1013",
        "Velthuis Installatie B.V.",
        ("Kanaalweg 90", "3533 XX", "Utrecht", "NL"),
        "NL000001013B01",
        "velthuis.example",
        "inkoop",
        "Sander Velthuis",
        "nl",
        "CONTRACT-K1013",
        50_000,
        ("plumbing", "electrical"),
        (("Velthuis Magazijn Almere", "Antennestraat 5", "1322 XX", "Almere"),),
        edi=True,
        own_codes="VI.{:05d}",
    ),
    Profile(
        "K1014",
        "Kantoor Drievoort B.V.",
        ("Hereweg 112", "9725 XX", "Groningen", "NL"),
        "NL000001014B01",
        "drievoort.example",
        "administratie",
        "Marijke de Boer",
        "nl",
        "A",
        500,
        ("office",),
    ),
    Profile(
        "K1015",
        "Maes & Verlinde BV",
        ("Nieuwewandeling 66", "9000", "Gent", "BE"),
        "BE0000001015",
        "maes-verlinde.example",
        "bestellingen",
        "Joris Maes",
        "nl",
        "C",
        30_000,
        ("office", "food-service", "cleaning"),
        (("Maes & Verlinde Depot Aalst", "Dendermondsesteenweg 20", "9300", "Aalst"),),
    ),
)
"""Who buys. K1014 may owe 500 euro only; K1004 and K1013 have contract prices."""

_MINIMUM_ORDER = Decimal(50)
_GLNS_PER_CUSTOMER = 100


def profile(number: str) -> Profile:
    """Return the customer with this number. Raises KeyError for a number the demo does not know."""
    for candidate in PROFILES:
        if candidate.number == number:
            return candidate
    raise KeyError(number)


def mail_address(customer: Profile) -> str:
    """Return the address that this customer's orders come from."""
    return f"{customer.mailbox}@{customer.domain}"


def _sold_to(index: int, customer: Profile) -> CustomerRow:
    street, postal_code, city, country = customer.address
    number = gln(index * _GLNS_PER_CUSTOMER)
    return CustomerRow(
        number=customer.number,
        name=customer.name,
        street=street,
        postal_code=postal_code,
        city=city,
        country=country,
        vat_id=customer.vat_id,
        gln=number,
        account_number=customer.number,
        edi_id=number if customer.edi else None,
        email=mail_address(customer),
        domains=(customer.domain,),
        currency="EUR",
        credit_limit=Decimal(customer.credit_limit),
        price_list=customer.price_list,
        minimum_order=_MINIMUM_ORDER,
    )


def _ship_tos(index: int, customer: Profile) -> tuple[CustomerRow, ...]:
    country = customer.address[3]
    return tuple(
        CustomerRow(
            number=f"{customer.number}-{place}",
            name=name,
            street=street,
            postal_code=postal_code,
            city=city,
            country=country,
            gln=gln(index * _GLNS_PER_CUSTOMER + place),
            ship_to_of=customer.number,
        )
        for place, (name, street, postal_code, city) in enumerate(customer.ship_tos, start=1)
    )


def customer_rows() -> tuple[CustomerRow, ...]:
    """Return every customer, each followed by its ship-tos."""
    return tuple(
        row
        for index, customer in enumerate(PROFILES, start=1)
        for row in (_sold_to(index, customer), *_ship_tos(index, customer))
    )
