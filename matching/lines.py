"""Which product a line means: exact codes first, then its description; where anything disagrees, a person decides."""

from dataclasses import dataclass, replace
from decimal import Decimal

from matching import weights
from matching.attributes import attributes, compare, hard_only
from matching.exact import Hit, ambiguous_products, exact_hits, unknown_reference
from matching.features import Scored, product_attributes, score, words_alike
from matching.normalise import MAX_TEXT, fold_code, words
from matching.units import Conversion, conversion, to_stock
from oms_core.errors import NotFound
from oms_core.ports import Catalogue
from oms_core.values.catalogue import CrossReference, Product
from oms_core.values.draft import DraftLine
from oms_core.values.match import Candidate, Decision, LineMatch

_UNLIKE = 0.35
_VERY_LIKE = 0.85
_LIKELY = 0.9
_IN_DOUBT = 0.5
_MAX_REASONS = 6


def match_line(
    line: DraftLine,
    position: int,
    customer: str | None,
    catalogue: Catalogue,
    limit: int = weights.MAX_CANDIDATES,
) -> LineMatch:
    """Say which product one drafted line means; `position` counts from 0 in the draft, `customer` is its number.

    An exact code decides (MATCH) unless another field, the description or the unit disagrees, or the product is off
    sale; a description alone decides only from `weights.MATCH_ALONE` on. In REVIEW `sku` is the proposal, if any.
    At most `limit` candidates are listed, never more than `weights.SHORTLIST`.
    """
    hits = exact_hits(line, customer, catalogue)
    found = _by_code(line, position, hits, catalogue) if hits else _by_description(line, position, customer, catalogue)
    return replace(found, candidates=found.candidates[: max(0, limit)])


def chosen_line(line: DraftLine, position: int, sku: str, customer: str | None, catalogue: Catalogue) -> LineMatch:
    """Return the match for a product that a person chose: never doubted, its quantity converted as for any other.

    Raises `NotFound` where the catalogue has no such SKU.
    """
    product = catalogue.by_sku(sku)
    if product is None:
        raise NotFound(f"There is no product {sku} in the catalogue: choose another for line {position + 1}")
    same = next((hit for hit in exact_hits(line, customer, catalogue) if hit.product.sku == product.sku), None)
    hit = same or Hit("person", product, "person", "")
    outcome = _Outcome(Decision.MATCH, "person", 1.0)
    return _answer(line, position, hit, outcome, (Candidate(product.sku, product.description, 1.0, ("chosen",)),))


@dataclass(frozen=True, slots=True)
class _Outcome:
    decision: Decision
    method: str
    confidence: float


def _by_code(line: DraftLine, position: int, hits: tuple[Hit, ...], catalogue: Catalogue) -> LineMatch:
    best = hits[0]
    doubts = (*_disagreeing(best, hits), *_doubts(line, best, catalogue))
    sure = weights.METHOD_CONFIDENCE[best.method]
    if best.method == "lookalike" and not doubts:
        sure = _lookalike_confidence(line, best)
        doubts = () if sure >= weights.MATCH_ALONE else ("only a look-alike of the code: compare it",)
    if not doubts:
        outcome = _Outcome(Decision.MATCH, _method(best), sure)
        return _answer(line, position, best, outcome, (_candidate(best, sure, ()),))
    outcome = _Outcome(Decision.REVIEW, _method(best), min(sure, _IN_DOUBT))
    listed = _with_alternatives(line, best, doubts, hits, catalogue)
    return _answer(line, position, best, outcome, listed)


def _method(hit: Hit) -> str:
    return {"sku_in_text": "sku", "lookalike": "manufacturer_code"}.get(hit.method, hit.method)


def _disagreeing(best: Hit, hits: tuple[Hit, ...]) -> tuple[str, ...]:
    """Say which other fields name another product; a weak step never speaks against a strong one."""
    return tuple(
        f"{hit.field.replace('_', ' ')} names another product: {hit.product.sku} ({hit.reason})"
        for hit in hits
        if hit.product.sku != best.product.sku and hit.method != "lookalike"
    )


def _doubts(line: DraftLine, hit: Hit, catalogue: Catalogue) -> tuple[str, ...]:
    """Say why the product that a code names may not be the one meant."""
    doubts = [] if hit.product.active else [f"{hit.product.sku} is no longer on sale"]
    text = _own_words(line, hit)
    against = compare(hard_only(attributes(text)), product_attributes(hit.product)).contradicting if text else ()
    doubts += [f"the code names {hit.product.sku}, but in the description {reason}" for reason in against]
    if text and not against:
        doubts += _reads_like_another(text, hit.product, catalogue)
    converted = _conversion(line, hit)
    if converted is not None and converted.doubt:
        doubts.append(converted.doubt)
    return tuple(doubts)


def _own_words(line: DraftLine, hit: Hit) -> str:
    """Return the description where it says more than the code does."""
    text = line.description.value[:MAX_TEXT] if line.description else ""
    return "" if hit.field == "description" and hit.method != "sku_in_text" else text


def _reads_like_another(text: str, product: Product, catalogue: Catalogue) -> list[str]:
    """Doubt a code whose description shares next to nothing with its product and nearly all with another one."""
    if len(words(text)) < _ENOUGH_WORDS or words_alike(text, product) >= _UNLIKE:
        return []
    best = score(text, catalogue.search(text, weights.MAX_CANDIDATES))[:1]
    if not best or best[0].likelihood < _LIKELY or words_alike(text, best[0].product) < _VERY_LIKE:
        return []
    return [f"the code names {product.sku}, but the description reads like {best[0].product.sku}"]


_ENOUGH_WORDS = 2


def _lookalike_confidence(line: DraftLine, hit: Hit) -> float:
    """Trust a look-alike code only where the description agrees in words and in an attribute."""
    text = line.description.value if line.description else ""
    agrees = compare(attributes(text), product_attributes(hit.product)).agreeing
    if agrees and words_alike(text, hit.product) >= _VERY_LIKE:
        return weights.METHOD_CONFIDENCE["manufacturer_code"]
    return weights.METHOD_CONFIDENCE["lookalike"]


def _with_alternatives(
    line: DraftLine, best: Hit, doubts: tuple[str, ...], hits: tuple[Hit, ...], catalogue: Catalogue
) -> tuple[Candidate, ...]:
    """List the doubted product first, then what the other fields name, then what the description is like."""
    listed = {best.product.sku: _candidate(best, _IN_DOUBT, doubts)}
    for hit in hits:
        listed.setdefault(hit.product.sku, _candidate(hit, _IN_DOUBT / 2, ()))
    text = _query(line)
    for scored in score(text, catalogue.search(text, weights.SHORTLIST)) if text else ():
        if scored.likelihood >= weights.NOTHING_NEAR:
            listed.setdefault(scored.product.sku, _scored_candidate(scored, min(scored.confidence, _IN_DOUBT / 2)))
    return tuple(listed.values())[: weights.SHORTLIST]


def _candidate(hit: Hit, confidence: float, doubts: tuple[str, ...]) -> Candidate:
    reasons = tuple(reason for reason in (*doubts, hit.reason) if reason)
    return Candidate(hit.product.sku, hit.product.description, confidence, reasons[:_MAX_REASONS])


def _scored_candidate(scored: Scored, confidence: float) -> Candidate:
    return Candidate(scored.product.sku, scored.product.description, confidence, scored.reasons[:_MAX_REASONS])


def _by_description(line: DraftLine, position: int, customer: str | None, catalogue: Catalogue) -> LineMatch:
    gone = unknown_reference(line, customer, catalogue)
    shared = ambiguous_products(line, catalogue)
    sharing = frozenset(product.sku for product in shared)
    near = _near(_query(line), shared, catalogue)
    candidates = (*([_gone(gone)] if gone else []), *(_near_candidate(s, sharing) for s in near))
    listed = candidates[: weights.SHORTLIST]
    best = near[0] if near else None
    if best is None or (best.likelihood < weights.NOTHING_NEAR and not sharing):
        decision = Decision.REVIEW if gone else Decision.NONE
        return LineMatch(position, decision, None, round(best.confidence, 4) if best else 0.0, "description", listed)
    if gone is not None or best.confidence < weights.PROPOSE:
        return LineMatch(position, Decision.REVIEW, None, round(best.confidence, 4), "description", listed)
    decision = Decision.MATCH if not sharing and _clear(line, best) else Decision.REVIEW
    outcome = _Outcome(decision, "description", best.confidence)
    return _answer(line, position, Hit("description", best.product, "description", ""), outcome, listed)


def _clear(line: DraftLine, best: Scored) -> bool:
    """Tell whether a description alone may decide: sure, nothing against it, and no stated code left unexplained."""
    if line.supplier_code or line.gtin or not best.product.active:
        return False
    if best.comparison.contradicting or best.comparison.unanswered or best.unexplained:
        return False
    return best.confidence >= weights.MATCH_ALONE


def _near(text: str, sharing: tuple[Product, ...], catalogue: Catalogue) -> list[Scored]:
    """Compare the text with what the catalogue finds; products that share the code asked for come first."""
    if not text:
        return []
    first = {product.sku: product for product in sharing}
    found = first | {product.sku: product for product in catalogue.search(text, weights.SHORTLIST)}
    return sorted(score(text, tuple(found.values())), key=lambda s: s.product.sku not in first)


def _near_candidate(scored: Scored, sharing: frozenset[str]) -> Candidate:
    candidate = _scored_candidate(scored, round(scored.confidence, 4))
    if candidate.key not in sharing:
        return candidate
    said = f"has the code asked for, as {len(sharing)} products do"
    return Candidate(candidate.key, candidate.label, candidate.confidence, (said, *candidate.reasons)[:_MAX_REASONS])


def _gone(reference: CrossReference) -> Candidate:
    reason = f"the customer's code {reference.code} means {reference.sku}, which is not in the catalogue any more"
    return Candidate(reference.sku, reference.sku, 0.0, (reason,))


def _query(line: DraftLine) -> str:
    """Return the words to search by: the description and the supplier's code; the buyer's code only where alone."""
    description = line.description.value if line.description else ""
    code = line.supplier_code.value if line.supplier_code else ""
    if code and fold_code(code) in fold_code(description[:80]):
        code = ""
    text = f"{description} {code}".strip()
    return (text or (line.buyer_code.value if line.buyer_code else ""))[:MAX_TEXT]


def _conversion(line: DraftLine, hit: Hit) -> Conversion | None:
    return conversion(line.unit.value if line.unit else None, hit.product, hit.reference, hit.pack)


def _answer(
    line: DraftLine, position: int, hit: Hit, outcome: _Outcome, candidates: tuple[Candidate, ...]
) -> LineMatch:
    """Put the answer together with its quantity in stock units, where both quantity and unit are known."""
    converted = _conversion(line, hit)
    factor: Decimal | None = converted.factor if converted else None
    quantity = to_stock(line.quantity.value, factor) if line.quantity and factor is not None else None
    return LineMatch(
        position=position,
        decision=outcome.decision,
        sku=hit.product.sku,
        confidence=round(outcome.confidence, 4),
        method=outcome.method,
        candidates=_with_unit(candidates, converted, line),
        quantity=quantity,
        stock_unit=hit.product.unit,
        factor=factor,
    )


def _with_unit(
    candidates: tuple[Candidate, ...], converted: Conversion | None, line: DraftLine
) -> tuple[Candidate, ...]:
    """Add to the first candidate by what rule its unit was converted, where that is worth a word."""
    if not candidates or converted is None or (converted.factor == 1 and line.unit):
        return candidates
    first = candidates[0]
    return (Candidate(first.key, first.label, first.confidence, (*first.reasons, converted.reason)), *candidates[1:])
