"""The six languages of the demo's customers: what their orders are printed with."""

from dataclasses import dataclass
from decimal import Decimal

from oms_core.values.money import plain

LANGUAGES = ("en", "de", "fr", "es", "it", "nl")


@dataclass(frozen=True, slots=True)
class Words:
    """One thing in six languages."""

    en: str
    de: str
    fr: str
    es: str
    it: str
    nl: str

    def of(self, language: str) -> str:
        """Return the word in this language. Raises ValueError for a language the demo does not speak."""
        try:
            return (self.en, self.de, self.fr, self.es, self.it, self.nl)[LANGUAGES.index(language)]
        except ValueError:
            raise ValueError(f"the demo speaks {', '.join(LANGUAGES)}, not {language!r}") from None


def same(word: str) -> Words:
    """Return a word that is the same in all six languages."""
    return Words(word, word, word, word, word, word)


TERMS: dict[str, Words] = {
    "order": Words("Purchase order", "Bestellung", "Bon de commande", "Pedido", "Ordine di acquisto", "Inkooporder"),
    "number": Words("Order no.", "Bestellnummer", "N° de commande", "N.º de pedido", "N. ordine", "Ordernummer"),
    "date": Words("Order date", "Bestelldatum", "Date de commande", "Fecha de pedido", "Data ordine", "Orderdatum"),
    "due": Words(
        "Delivery date", "Liefertermin", "Date de livraison", "Fecha de entrega", "Data di consegna", "Leverdatum"
    ),
    "customer": Words("Customer no.", "Kundennummer", "N° client", "N.º de cliente", "Codice cliente", "Klantnummer"),
    "vat": Words("VAT no.", "USt-IdNr.", "N° TVA", "NIF-IVA", "Partita IVA", "Btw-nr."),
    "buyer": Words("Buyer", "Besteller", "Acheteur", "Comprador", "Acquirente", "Koper"),
    "supplier": Words("Supplier", "Lieferant", "Fournisseur", "Proveedor", "Fornitore", "Leverancier"),
    "ship_to": Words(
        "Ship to",
        "Lieferadresse",
        "Adresse de livraison",
        "Dirección de entrega",
        "Indirizzo di consegna",
        "Afleveradres",
    ),
    "position": Words("Pos.", "Pos.", "Pos.", "Pos.", "Pos.", "Pos."),
    "code": Words("Item no.", "Artikelnummer", "Référence", "Referencia", "Codice articolo", "Artikelnummer"),
    "buyer_code": Words(
        "Our item no.",
        "Unsere Artikelnummer",
        "Notre référence",
        "Nuestra referencia",
        "Nostro codice",
        "Ons artikelnummer",
    ),
    "gtin": Words("GTIN", "GTIN", "GTIN", "GTIN", "GTIN", "GTIN"),
    "description": Words("Description", "Bezeichnung", "Désignation", "Descripción", "Descrizione", "Omschrijving"),
    "quantity": Words("Quantity", "Menge", "Quantité", "Cantidad", "Quantità", "Aantal"),
    "unit": Words("Unit", "Einheit", "Unité", "Unidad", "Unità", "Eenheid"),
    "price": Words("Unit price", "Einzelpreis", "Prix unitaire", "Precio unitario", "Prezzo unitario", "Prijs"),
    "amount": Words("Amount", "Betrag", "Montant", "Importe", "Importo", "Bedrag"),
    "currency": Words("Currency", "Währung", "Devise", "Moneda", "Valuta", "Valuta"),
    "net": Words("Net total", "Nettosumme", "Total HT", "Total neto", "Totale netto", "Totaal excl. btw"),
    "page": Words("Page", "Seite", "Page", "Página", "Pagina", "Pagina"),
    "phone": Words("Phone", "Telefon", "Tél.", "Tel.", "Tel.", "Tel."),
}
"""Labels of printed orders."""

UNITS: dict[str, Words] = {
    "C62": Words("pcs", "Stk", "pcs", "uds", "pz", "st"),
    "MTR": same("m"),
    "KGM": same("kg"),
    "BX": Words("box", "Box", "boîte", "caja", "scatola", "doos"),
    "CT": Words("carton", "Karton", "carton", "cartón", "cartone", "karton"),
    "PK": Words("pack", "Packung", "paquet", "paquete", "confezione", "pak"),
    "RO": Words("roll", "Rolle", "rouleau", "rollo", "rotolo", "rol"),
    "RM": Words("ream", "Ries", "ramette", "resma", "risma", "riem"),
    "BO": Words("bottle", "Flasche", "bouteille", "botella", "bottiglia", "fles"),
    "PR": Words("pair", "Paar", "paire", "par", "paio", "paar"),
}
"""How each unit code (UN/ECE Rec 20 and 21) is printed."""

SHADES: dict[str, Words] = {
    "black": Words("black", "schwarz", "noir", "negro", "nero", "zwart"),
    "blue": Words("blue", "blau", "bleu", "azul", "blu", "blauw"),
    "red": Words("red", "rot", "rouge", "rojo", "rosso", "rood"),
    "green": Words("green", "grün", "vert", "verde", "verde", "groen"),
    "white": Words("white", "weiß", "blanc", "blanco", "bianco", "wit"),
    "brown": Words("brown", "braun", "marron", "marrón", "marrone", "bruin"),
    "grey": Words("grey", "grau", "gris", "gris", "grigio", "grijs"),
    "yellow": Words("yellow", "gelb", "jaune", "amarillo", "giallo", "geel"),
    "zinc": Words("zinc plated", "verzinkt", "zingué", "cincado", "zincato", "verzinkt"),
    "brass": Words("brass", "Messing", "laiton", "latón", "ottone", "messing"),
    "lemon": Words("lemon", "Zitrone", "citron", "limón", "limone", "citroen"),
    "neutral": Words("neutral", "neutral", "neutre", "neutro", "neutro", "neutraal"),
}
"""Words of colour and finish in article descriptions; what is not here (A2, 4000K) is printed as it is."""


def decimal_text(value: Decimal, language: str, places: int = 0) -> str:
    """Print a number as the language does, without thousands separator, with at least `places` decimals."""
    text = plain(value)
    whole, _, fraction = text.partition(".")
    fraction = fraction.ljust(places, "0")
    point = "." if language == "en" else ","
    return f"{whole}{point}{fraction}" if fraction else whole


DATE_FORMATS = Words("%d %B %Y", "%d.%m.%Y", "%d/%m/%Y", "%d/%m/%Y", "%d/%m/%Y", "%d-%m-%Y")
"""How a date is printed; only English spells the month, and strftime does that in English without a locale set."""
