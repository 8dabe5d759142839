"""Who orders and where it goes: by number, sender, domain, name and address; never by guess."""

import pytest

from matching import MemoryDirectory, chosen_customer, match_customer, match_ship_to
from matching.names import address_likeness, fold_name, name_likeness
from matching.parties import MAX_CANDIDATES, SAME_ADDRESS, SAME_NAME, is_public_domain
from oms_core.errors import NotFound
from oms_core.values import NO_PARTY, Decision, DraftDocument, PartyMatch, SenderFacts
from tests import factory

HUBER = factory.customer()
NORD = factory.customer(
    "C-2", name="Müller Elektro Nord GmbH", address="Deichstraße 5, 20459 Hamburg",
    ids=("4012345000016",), emails=("info@mueller.example",), domains=("mueller.example",),
)  # fmt: skip
SUED = factory.customer(
    "C-3", name="Müller Elektro Süd GmbH", address="Isarweg 9, 80331 München",
    ids=("4012345000023",), emails=("sued@mueller.example",), domains=("mueller.example",),
)  # fmt: skip
SMALL = factory.customer("C-4", name="Tischlerei Krause", address="Dorfplatz 1, 99084 Erfurt",
                         ids=(), emails=("tischlerei.krause@gmx.de",), domains=("gmx.de",))  # fmt: skip
LAGER = factory.ship_to()
SITE = factory.ship_to("S-2", name="Baustelle Elbtower", address="Elbbrücke 7, 20539 Hamburg", ids=("4012345000030",))
DIRECTORY = MemoryDirectory((HUBER, NORD, SUED, SMALL), (LAGER, SITE))
NOBODY = SenderFacts()


def document(name: str | None = None, **fields: str | None) -> DraftDocument:
    return factory.draft(buyer=factory.draft_party(name, **fields))


def customer(draft: DraftDocument, sender: SenderFacts = NOBODY) -> PartyMatch:
    return match_customer(draft, sender, DIRECTORY)


def mail(address: str, **changes: object) -> SenderFacts:
    return factory.sender(address, **changes)


@pytest.mark.parametrize(
    ("draft", "sender", "key", "reason"),
    [
        (document(id="de 811 907 980"), NOBODY, "C-1001", "the document names the buyer by de 811 907 980"),
        (
            factory.draft(buyer=factory.draft_party(None), interchange="4012345000023|US|1|2"),
            NOBODY,
            "C-3",
            "the interchange came from 4012345000023",
        ),
        (
            factory.draft(buyer=factory.draft_party(None, id="4012345000016"), interchange="4012345000023|US|1|2"),
            NOBODY,
            "C-2",
            "the document names the buyer by",
        ),
        (document(), SenderFacts(partner="4012345000016"), "C-2", "the channel knows the sender as 4012345000016"),
        (document(), mail("EINKAUF@huber-metallbau.example"), "C-1001", "sent from einkauf@huber-metallbau.example"),
        (document(), mail("lager@huber-metallbau.example"), "C-1001", "sent from the domain huber-metallbau.example"),
        (document(), mail("a@shop.huber-metallbau.example"), "C-1001", "sent from the domain huber-metallbau.example"),
        (document(), mail("tischlerei.krause@gmx.de"), "C-4", "sent from tischlerei.krause@gmx.de"),
        (document(email="sued@mueller.example"), NOBODY, "C-3", "the document prints sued@mueller.example"),
        (document("Mueller Elektro Sued GmbH"), mail("neu@mueller.example"), "C-3", "sent from the domain"),
        (document("Hubr Metalbau", address="Industriestr. 12, D-80331 München"), NOBODY, "C-1001", "name is alike"),
    ],
)
def test_a_customer_is_known_by(draft: DraftDocument, sender: SenderFacts, key: str, reason: str):
    found = customer(draft, sender)
    assert (found.decision, found.key) == (Decision.MATCH, key)
    assert found.confidence > 0.85
    assert reason in found.candidates[0].reasons[0]


@pytest.mark.parametrize(
    ("draft", "sender", "keys", "reason"),
    [
        (
            document(id="4012345000016"),
            mail("einkauf@huber-metallbau.example"),
            {"C-2", "C-1001"},
            "names the buyer by",
        ),
        (document("Müller Elektro Süd GmbH", id="4012345000016"), NOBODY, {"C-2", "C-3"}, "printed name is that of"),
        (document(), mail("wer@mueller.example"), {"C-2", "C-3"}, "several customers share this"),
        (document("Huber Metallbau GmbH"), NOBODY, {"C-1001"}, "same name"),
        (document("Metallbau Huber", address="Hafen 99, Kiel"), NOBODY, {"C-1001"}, "address differs"),
        (document("Wholly Other Company"), mail("x@huber-metallbau.example"), {"C-1001"}, "printed name is not like"),
        (document("Müller Elektro"), NOBODY, {"C-2", "C-3"}, "name is alike"),
    ],
)
def test_where_evidence_is_thin_or_disagrees_a_person_decides(
    draft: DraftDocument, sender: SenderFacts, keys: set[str], reason: str
):
    found = customer(draft, sender)
    assert found.decision is Decision.REVIEW
    assert {c.key for c in found.candidates} >= keys
    assert any(reason in said for c in found.candidates for said in c.reasons)
    assert found.confidence < 0.9


def test_both_reasons_of_a_conflict_are_shown():
    found = customer(document(id="4012345000016"), mail("einkauf@huber-metallbau.example"))
    assert {c.key: c.reasons[0] for c in found.candidates} == {
        "C-2": "the document names the buyer by 4012345000016",
        "C-1001": "sent from einkauf@huber-metallbau.example, known for this customer",
    }


def test_a_public_mail_domain_says_nothing_even_where_a_customer_claims_it():
    assert customer(document(), mail("somebody@gmx.de")) == NO_PARTY
    assert is_public_domain("GMAIL.com")
    assert not is_public_domain("huber-metallbau.example")


@pytest.mark.parametrize("draft", [document(), document("Unheard Of Ltd"), document(id="///"), document("")])
def test_nobody_is_guessed(draft: DraftDocument):
    assert customer(draft) == NO_PARTY
    assert customer(draft, mail("")) == NO_PARTY
    assert customer(draft, mail("not an address")) == NO_PARTY


def test_near_names_are_cut_at_the_limit():
    many = MemoryDirectory([factory.customer(f"C{n}", name=f"Elektro Schmidt {n}") for n in range(30)])
    found = match_customer(document("Elektro Schmidt"), NOBODY, many)
    assert found.decision is Decision.REVIEW
    assert len(found.candidates) == MAX_CANDIDATES


def test_a_chosen_customer_must_exist():
    assert chosen_customer("C-2", DIRECTORY).confidence == 1.0
    with pytest.raises(NotFound, match="There is no customer C-9"):
        chosen_customer("C-9", DIRECTORY)


def goods_to(name: str | None = None, **fields: str | None) -> PartyMatch | None:
    return match_ship_to(factory.draft(ship_to=factory.draft_party(name, **fields)), "C-1001", DIRECTORY)


def test_no_ship_to_or_the_customers_own_address_is_no_ship_to():
    assert goods_to() is None
    assert goods_to("Huber Metallbau GmbH") is None
    assert goods_to("Huber", address="Industriestr. 12\n80331 Muenchen") is None
    assert goods_to(id="DE811907980") is None


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"id": "4012345000030"}, "S-2"),
        ({"id": "S-1"}, "S-1"),
        ({"name": "Lager Nord", "address": "Hafenweg 3, D-20457 Hamburg"}, "S-1"),
        ({"address": "HAFENWEG 3 20457 HAMBURG"}, "S-1"),
    ],
)
def test_a_known_ship_to_is_found(fields: dict[str, str], key: str):
    found = goods_to(**fields)
    assert found is not None
    assert (found.decision, found.key) == (Decision.MATCH, key)


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "Hafenweg 4, 20457 Hamburg"},
        {"name": "Huber Metallbau Lager Nord"},
        {"id": "4012345000030", "address": "Ganz Woanders 1, 10115 Berlin"},
    ],
)
def test_a_ship_to_that_is_nearly_known_is_a_question(fields: dict[str, str]):
    found = goods_to(**fields)
    assert found is not None
    assert found.decision is Decision.REVIEW


def test_an_address_that_nobody_knows_is_new():
    assert goods_to("Somewhere", address="Ruta 3 km 40, Ushuaia") == NO_PARTY
    draft = factory.draft(ship_to=factory.draft_party("Anyone"))
    assert match_ship_to(draft, None, DIRECTORY) == NO_PARTY
    assert match_ship_to(factory.draft(), None, DIRECTORY) is None


def test_a_ship_to_of_another_customer_is_not_ours():
    found = match_ship_to(factory.draft(ship_to=factory.draft_party(None, id="S-1")), "C-2", DIRECTORY)
    assert found == NO_PARTY


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Huber Metallbau GmbH", "HUBER METALLBAU G.m.b.H.", True),
        ("Schmidt & Söhne KG", "Schmidt und Soehne", True),
        ("Schmidt & Söhne KG", "Schmidt und Sohne", True),
        ("Société Dupont S.A.R.L.", "Societe Dupont", True),
        ("Elektro Nord", "Nord Elektro AG", True),
        ("Müller Elektro Nord GmbH", "Müller Elektro Süd GmbH", False),
        ("Acme Tools International Depot 11", "Acme Tools International Depot 12", False),
        ("", "Acme", False),
        ("GmbH", "GmbH", True),
    ],
)
def test_names(left: str, right: str, same: bool):
    assert (name_likeness(left, right) >= SAME_NAME) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Industriestraße 12, 80331 München", "Industriestr. 12\nD-80331 MUNCHEN", True),
        ("Industriestraße 12, 80331 München", "Industriestraße 13, 80331 München", False),
        ("12 High Street, London SW1A 1AA", "12 High St, LONDON", True),
        ("", "", False),
    ],
)
def test_addresses(left: str, right: str, same: bool):
    assert (address_likeness(left, right) >= SAME_ADDRESS) is same


def test_a_name_that_is_only_a_legal_form_stays_one():
    assert fold_name("GmbH") == "gmbh"
    assert fold_name("Huber GmbH & Co. KG") == "huber"
