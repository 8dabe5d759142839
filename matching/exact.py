"""The steps before words: this customer's cross-reference, GTIN, our SKU, the manufacturer's code, look-alikes."""

from collections.abc import Iterator
from dataclasses import dataclass

from matching.normalise import chunks, fold_code, fold_gtin, gtin_is_valid, lookalike_spellings
from oms_core.ports import Catalogue
from oms_core.values.catalogue import CrossReference, Pack, Product
from oms_core.values.draft import DraftLine

MAX_CODES_IN_TEXT = 8
"""How many pieces of a description are tried as codes."""

_SHORTEST_CODE = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """One field of a line names one product; `method` is the step, `reason` what the reviewer reads."""

    field: str
    product: Product
    method: str
    reason: str
    reference: CrossReference | None = None
    pack: Pack | None = None


def exact_hits(line: DraftLine, customer: str | None, catalogue: Catalogue) -> tuple[Hit, ...]:
    """Return what each field of a line names, the surest step first; one hit a field at most."""
    found = [hit for hit in (*_stated(line, customer, catalogue), *_in_text(line, customer, catalogue)) if hit]
    return tuple(sorted(found, key=lambda hit: STEPS.index(hit.method)))


STEPS = ("cross_reference", "gtin", "sku", "manufacturer_code", "sku_in_text", "lookalike")
"""The cascade: an earlier step wins over a later one."""


def unknown_reference(line: DraftLine, customer: str | None, catalogue: Catalogue) -> CrossReference | None:
    """Return a cross-reference of this customer for the line whose product is gone from the catalogue, if one holds."""
    for value in (line.supplier_code, line.buyer_code):
        reference = catalogue.by_cross_reference(customer, value.value) if value and customer else None
        if reference is not None and catalogue.by_sku(reference.sku) is None:
            return reference
    return None


def ambiguous_products(line: DraftLine, catalogue: Catalogue) -> tuple[Product, ...]:
    """Return products that share the code of the line, so that a person can choose."""
    found: dict[str, Product] = {}
    for value in (line.supplier_code, line.buyer_code, line.description):
        for product in catalogue.by_code(fold_code(value.value)) if value and fold_code(value.value) else ():
            found[product.sku] = product
    return tuple(found.values())


def _stated(line: DraftLine, customer: str | None, catalogue: Catalogue) -> Iterator[Hit | None]:
    """Try the fields that are codes; the buyer's code counts as ours only where nothing else is stated."""
    supplier = line.supplier_code.value if line.supplier_code else ""
    buyer = line.buyer_code.value if line.buyer_code else ""
    if line.gtin:
        yield _by_gtin("gtin", line.gtin.value, catalogue)
    if supplier:
        yield _by_reference("supplier_code", supplier, customer, catalogue) or _by_our_code(
            "supplier_code", supplier, catalogue
        )
    if buyer:
        alone = not supplier and not line.gtin
        hit = _by_reference("buyer_code", buyer, customer, catalogue)
        yield hit or (_by_our_code("buyer_code", buyer, catalogue) if alone else None)


def _in_text(line: DraftLine, customer: str | None, catalogue: Catalogue) -> Iterator[Hit | None]:
    """Try the description: as one code, then each of its pieces that looks like a code."""
    text = line.description.value if line.description else ""
    if not text.strip():
        return
    whole = _by_reference("description", text, customer, catalogue) or _by_our_code("description", text, catalogue)
    yield whole or _only(_pieces(text, catalogue))


def _pieces(text: str, catalogue: Catalogue) -> Iterator[Hit]:
    codes = [piece for piece in dict.fromkeys(chunks(text)) if _is_code(piece)]
    written = {fold_code(piece): piece for piece in text.split()}
    for code in codes[:MAX_CODES_IN_TEXT]:
        hit = _by_gtin("description", code, catalogue) if gtin_is_valid(code) else None
        if hit is not None:
            yield hit
            continue
        for product in catalogue.by_code(code):
            reason = f"the text names {written.get(code, code)}, the code of {product.sku}"
            yield Hit("description", product, "sku_in_text", reason)


def _only(hits: Iterator[Hit]) -> Hit | None:
    """Return the one hit; a text that names two products names none."""
    found = list(hits)
    return found[0] if len({hit.product.sku for hit in found}) == 1 else None


def _by_reference(field: str, code: str, customer: str | None, catalogue: Catalogue) -> Hit | None:
    reference = catalogue.by_cross_reference(customer, code) if customer else None
    product = catalogue.by_sku(reference.sku) if reference else None
    if reference is None or product is None:
        return None
    since = f" since {reference.valid_from.isoformat()}" if reference.valid_from else ""
    reason = f"the customer's code {reference.code} means {product.sku}{since}"
    return Hit(field, product, "cross_reference", reason, reference=reference)


def _by_gtin(field: str, gtin: str, catalogue: Catalogue) -> Hit | None:
    found = catalogue.by_gtin(gtin) if fold_gtin(gtin) else None
    if found is None:
        return None
    product, pack = found
    reason = "same GTIN" if pack.factor == 1 else f"same GTIN as the {pack.unit} of {product.sku}"
    return Hit(field, product, "gtin", reason, pack=pack)


def _by_our_code(field: str, code: str, catalogue: Catalogue) -> Hit | None:
    product = catalogue.by_sku(code)
    if product is not None:
        return Hit(field, product, "sku", f"our SKU {product.sku}")
    if fold_gtin(code):
        hit = _by_gtin(field, code, catalogue)
        if hit is not None:
            return hit
    return _by_folded(field, code, catalogue)


def _by_folded(field: str, code: str, catalogue: Catalogue) -> Hit | None:
    folded = fold_code(code)
    if not _is_code(folded):
        return None
    found = catalogue.by_code(folded)
    if len(found) == 1:
        ours = fold_code(found[0].sku) == folded
        word = f"our SKU {found[0].sku}" if ours else f"manufacturer's code {found[0].manufacturer_code}"
        return Hit(field, found[0], "sku" if ours else "manufacturer_code", word)
    return None if found else _by_lookalike(field, code, catalogue)


def _by_lookalike(field: str, code: str, catalogue: Catalogue) -> Hit | None:
    found = {p.sku: p for spelling in lookalike_spellings(code) for p in catalogue.by_code(spelling)}
    if len(found) != 1:
        return None
    product = next(iter(found.values()))
    reason = f"looks like the code of {product.sku} (O and 0, I and 1 look alike)"
    return Hit(field, product, "lookalike", reason)


def _is_code(folded: str) -> bool:
    return len(folded) >= _SHORTEST_CODE and any(letter.isdigit() for letter in folded)
