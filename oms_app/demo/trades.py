"""What the demo company trades in: families of articles that differ in one size or one shade, as real ranges do."""

from dataclasses import dataclass
from decimal import Decimal

from oms_app.demo.languages import Words


@dataclass(frozen=True, slots=True)
class Family:
    """A range of near twins: every size in every finish; `growth` is the rise of price from one size to the next.

    `price` is in euro for one stock unit of the first size; `multiple` the quantity it is sold in multiples of.
    """

    code: str
    names: Words
    sizes: tuple[str, ...]
    finishes: tuple[str, ...]
    price: Decimal
    growth: Decimal = Decimal("1.08")
    unit: str = "C62"
    pack: tuple[str, int] | None = None
    minimum: int | None = None
    multiple: int | None = None


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade: its name, the invented brand it carries, its tax class, and how many articles of it are stocked."""

    name: str
    brand: str
    tax_class: str
    count: int
    families: tuple[Family, ...]


def _across(widths: str, lengths: str, form: str = "{}x{}") -> tuple[str, ...]:
    """Return every width with every length, as sizes are written in the trade."""
    return tuple(form.format(width, length) for width in widths.split() for length in lengths.split())


FASTENERS = Trade(
    "fasteners",
    "Brakkon",
    "standard",
    120,
    (
        Family(
            "HXB",
            Words(
                "Hex bolt DIN 933",
                "Sechskantschraube DIN 933",
                "Vis hexagonale DIN 933",
                "Tornillo hexagonal DIN 933",
                "Vite esagonale DIN 933",
                "Zeskantbout DIN 933",
            ),
            _across("M6 M8 M10 M12", "20 25 30 40 45 50"),
            ("A2", "zinc"),
            Decimal("0.08"),
            Decimal("1.05"),
            pack=("BX", 100),
        ),
        Family(
            "HXN",
            Words(
                "Hex nut DIN 934",
                "Sechskantmutter DIN 934",
                "Écrou DIN 934",
                "Tuerca DIN 934",
                "Dado DIN 934",
                "Moer DIN 934",
            ),
            ("M5", "M6", "M8", "M10", "M12", "M16"),
            ("A2", "zinc"),
            Decimal("0.03"),
            Decimal("1.3"),
            pack=("BX", 200),
        ),
        Family(
            "WSH",
            Words(
                "Washer DIN 125",
                "Unterlegscheibe DIN 125",
                "Rondelle DIN 125",
                "Arandela DIN 125",
                "Rondella DIN 125",
                "Sluitring DIN 125",
            ),
            ("M5", "M6", "M8", "M10", "M12", "M16"),
            ("A2", "zinc"),
            Decimal("0.015"),
            Decimal("1.3"),
            pack=("BX", 500),
        ),
        Family(
            "CBS",
            Words(
                "Chipboard screw TX",
                "Spanplattenschraube TX",
                "Vis agglo TX",
                "Tornillo aglomerado TX",
                "Vite truciolare TX",
                "Spaanplaatschroef TX",
            ),
            _across("4.0 4.5 5.0 6.0", "30 40 50 60 80"),
            ("zinc",),
            Decimal("0.04"),
            Decimal("1.06"),
            pack=("PK", 200),
        ),
        Family(
            "PLG",
            Words(
                "Nylon wall plug", "Nylondübel", "Cheville nylon", "Taco de nylon", "Tassello in nylon", "Nylon plug"
            ),
            ("6x30", "8x40", "10x50", "12x60", "14x70"),
            ("grey",),
            Decimal("0.05"),
            Decimal("1.25"),
            pack=("PK", 100),
        ),
        Family(
            "ROD",
            Words(
                "Threaded rod 1 m",
                "Gewindestange 1 m",
                "Tige filetée 1 m",
                "Varilla roscada 1 m",
                "Barra filettata 1 m",
                "Draadstang 1 m",
            ),
            ("M6", "M8", "M10", "M12", "M16", "M20"),
            ("A2", "zinc"),
            Decimal("1.40"),
            Decimal("1.35"),
            minimum=5,
            multiple=5,
        ),
        Family(
            "ANC",
            Words(
                "Wedge anchor", "Bolzenanker", "Goujon d'ancrage", "Anclaje de cuña", "Ancorante a cuneo", "Keilanker"
            ),
            ("M8x75", "M8x95", "M10x90", "M10x115", "M12x110", "M12x135"),
            ("zinc", "A4"),
            Decimal("0.55"),
            Decimal("1.15"),
            pack=("BX", 50),
        ),
    ),
)

ELECTRICAL = Trade(
    "electrical",
    "Lumenfeld",
    "standard",
    80,
    (
        Family(
            "NYM",
            Words("Cable NYM-J", "Leitung NYM-J", "Câble NYM-J", "Cable NYM-J", "Cavo NYM-J", "Kabel NYM-J"),
            ("3x1.5", "3x2.5", "5x1.5", "5x2.5", "5x4", "5x6"),
            ("grey",),
            Decimal("0.72"),
            Decimal("1.4"),
            unit="MTR",
            pack=("RO", 100),
        ),
        Family(
            "HVK",
            Words("Wire H07V-K", "Aderleitung H07V-K", "Fil H07V-K", "Hilo H07V-K", "Filo H07V-K", "Draad H07V-K"),
            ("1x1.5", "1x2.5", "1x4", "1x6"),
            ("black", "blue", "brown", "grey"),
            Decimal("0.21"),
            Decimal("1.5"),
            unit="MTR",
            pack=("RO", 100),
        ),
        Family(
            "LED",
            Words(
                "LED lamp E27", "LED-Lampe E27", "Lampe LED E27", "Lámpara LED E27", "Lampada LED E27", "Ledlamp E27"
            ),
            ("5W", "8W", "10W", "13W"),
            ("2700K", "3000K", "4000K", "6500K"),
            Decimal("2.10"),
            Decimal("1.3"),
            pack=("CT", 10),
        ),
        Family(
            "MCB",
            Words(
                "Circuit breaker 1P 6kA",
                "Leitungsschutzschalter 1P 6kA",
                "Disjoncteur 1P 6kA",
                "Interruptor automático 1P 6kA",
                "Interruttore automatico 1P 6kA",
                "Installatieautomaat 1P 6kA",
            ),
            ("B6", "B10", "B13", "B16", "B20", "B25", "C10", "C16", "C20"),
            ("grey",),
            Decimal("3.20"),
            Decimal("1.04"),
            pack=("BX", 12),
        ),
        Family(
            "TIE",
            Words("Cable tie", "Kabelbinder", "Collier de câblage", "Brida para cables", "Fascetta", "Kabelbinder"),
            ("100x2.5", "140x3.6", "200x3.6", "200x4.8", "290x4.8", "370x4.8"),
            ("black", "neutral"),
            Decimal("0.02"),
            Decimal("1.3"),
            pack=("PK", 100),
        ),
        Family(
            "SKT",
            Words("Wall socket", "Steckdose", "Prise murale", "Toma de pared", "Presa a muro", "Wandcontactdoos"),
            ("1-gang", "2-gang", "3-gang"),
            ("white", "grey", "black", "brown"),
            Decimal("3.90"),
            Decimal("1.7"),
            pack=("CT", 10),
        ),
        Family(
            "CND",
            Words(
                "Conduit PVC",
                "Installationsrohr PVC",
                "Tube IRL PVC",
                "Tubo rígido PVC",
                "Tubo rigido PVC",
                "Installatiebuis PVC",
            ),
            ("M16", "M20", "M25", "M32"),
            ("grey", "black", "white"),
            Decimal("0.60"),
            Decimal("1.3"),
            unit="MTR",
            minimum=10,
            multiple=2,
        ),
    ),
)

PLUMBING = Trade(
    "plumbing",
    "Rohrwick",
    "standard",
    60,
    (
        Family(
            "CUP",
            Words("Copper pipe", "Kupferrohr", "Tube cuivre", "Tubo de cobre", "Tubo in rame", "Koperen buis"),
            ("12x1", "15x1", "18x1", "22x1", "28x1.5", "35x1.5"),
            ("R250", "R290"),
            Decimal("4.10"),
            Decimal("1.3"),
            unit="MTR",
            minimum=5,
            multiple=5,
        ),
        Family(
            "ELB",
            Words(
                "Press elbow 90°",
                "Pressbogen 90°",
                "Coude à sertir 90°",
                "Codo a presión 90°",
                "Gomito a pressare 90°",
                "Persbocht 90°",
            ),
            ("12 mm", "15 mm", "18 mm", "22 mm", "28 mm", "35 mm"),
            ("A2", "brass"),
            Decimal("1.90"),
            Decimal("1.28"),
            pack=("PK", 10),
        ),
        Family(
            "TEE",
            Words(
                "Press tee", "Press-T-Stück", "Té à sertir", "Te a presión", "Raccordo a T a pressare", "Pers T-stuk"
            ),
            ("12 mm", "15 mm", "18 mm", "22 mm", "28 mm", "35 mm"),
            ("A2", "brass"),
            Decimal("2.60"),
            Decimal("1.28"),
            pack=("PK", 10),
        ),
        Family(
            "BLV",
            Words("Ball valve", "Kugelhahn", "Vanne à bille", "Válvula de bola", "Valvola a sfera", "Kogelkraan"),
            ("DN10", "DN15", "DN20", "DN25", "DN32", "DN40", "DN50"),
            ("brass", "A4"),
            Decimal("5.80"),
            Decimal("1.3"),
        ),
        Family(
            "PTF",
            Words("PTFE tape", "PTFE-Band", "Ruban PTFE", "Cinta PTFE", "Nastro PTFE", "PTFE-tape"),
            ("12 mm x 12 m", "19 mm x 15 m"),
            ("white", "yellow"),
            Decimal("0.65"),
            Decimal("1.8"),
            unit="RO",
            pack=("CT", 24),
        ),
        Family(
            "HSC",
            Words(
                "Hose clamp", "Schlauchschelle", "Collier de serrage", "Abrazadera", "Fascetta stringitubo", "Slangklem"
            ),
            ("8-12", "12-20", "16-25", "20-32", "25-40", "32-50", "40-60"),
            ("A2", "zinc"),
            Decimal("0.38"),
            Decimal("1.12"),
            pack=("BX", 50),
        ),
    ),
)
