"""Unit codes as people say them: UN/ECE Recommendation 20 (measures) and 21 (packages)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from oms_core.values.money import plain

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        # counted
        "C62": "piece",
        "H87": "piece",
        "EA": "piece",
        "PCE": "piece",
        "NAR": "piece",
        "PR": "pair",
        "NPR": "pair",
        "SET": "set",
        "KT": "kit",
        "DZN": "dozen",
        "DZP": "dozen packs",
        "GRO": "gross",
        "CEN": "hundred",
        "MIL": "thousand",
        "RM": "ream",
        "ST": "sheet",
        "LS": "lump sum",
        # packed
        "AE": "aerosol can",
        "AM": "ampoule",
        "BA": "barrel",
        "BC": "bottle crate",
        "BE": "bundle",
        "BG": "bag",
        "BJ": "bucket",
        "BK": "basket",
        "BN": "bale",
        "BO": "bottle",
        "BX": "box",
        "CA": "can",
        "CH": "chest",
        "CI": "canister",
        "CL": "coil",
        "CQ": "cartridge",
        "CR": "crate",
        "CS": "case",
        "CT": "carton",
        "CU": "cup",
        "CY": "cylinder",
        "DR": "drum",
        "EN": "envelope",
        "JR": "jar",
        "KG": "keg",
        "PA": "packet",
        "PF": "pallet",
        "PK": "pack",
        "PL": "pail",
        "PU": "tray",
        "PX": "pallet",
        "RL": "reel",
        "RO": "roll",
        "SA": "sack",
        "TB": "tub",
        "TN": "tin",
        "TU": "tube",
        "VI": "vial",
        # measured
        "MMT": "mm",
        "CMT": "cm",
        "DMT": "dm",
        "MTR": "metre",
        "LM": "running metre",
        "KMT": "km",
        "INH": "inch",
        "FOT": "foot",
        "YRD": "yard",
        "SMI": "mile",
        "CMK": "cm²",
        "MTK": "m²",
        "FTK": "square foot",
        "YDK": "square yard",
        "HAR": "hectare",
        "CMQ": "cm³",
        "MTQ": "m³",
        "FTQ": "cubic foot",
        "MLT": "ml",
        "CLT": "cl",
        "DLT": "dl",
        "LTR": "litre",
        "HLT": "hl",
        "GLL": "gallon",
        "GLI": "imperial gallon",
        "PT": "pint",
        "QT": "quart",
        "MGM": "mg",
        "GRM": "g",
        "KGM": "kg",
        "DTN": "100 kg",
        "TNE": "tonne",
        "ONZ": "ounce",
        "LBR": "pound",
        "KWH": "kWh",
        "MWH": "MWh",
        "SEC": "second",
        "MIN": "minute",
        "HUR": "hour",
        "DAY": "day",
        "WEE": "week",
        "MON": "month",
        "ANN": "year",
        "P1": "percent",
    }
)

_PLURALS: Mapping[str, str] = MappingProxyType(
    {
        "box": "boxes",
        "inch": "inches",
        "foot": "feet",
        "square foot": "square feet",
        "cubic foot": "cubic feet",
    }
)

_UNCHANGED = frozenset(
    {"dozen", "dozen packs", "gross", "hundred", "thousand", "100 kg", "percent"}
    | {"mm", "cm", "dm", "km", "cm²", "m²", "cm³", "m³", "ml", "cl", "dl", "hl", "mg", "g", "kg", "kWh", "MWh"}
)
"""What is written alike of one and of many: words of counting, and symbols."""

_PREFIXED = 3
"""Rec 20 writes a package code of Rec 21 with an X before it: `XBX` is a box as well."""


def unit_name(code: str) -> str:
    """Return what people call one of a unit, in English: 'piece', 'box', 'kg'; an unknown code as it stands."""
    known = _NAMES.get(code)
    if known is None and len(code) == _PREFIXED and code.startswith("X"):
        known = _NAMES.get(code[1:])
    return code if known is None else known


def unit_plural(code: str) -> str:
    """Return what people call several of a unit: 'pieces', 'boxes', 'kg'; an unknown code as it stands."""
    name = unit_name(code)
    return name if name == code or name in _UNCHANGED else _PLURALS.get(name, f"{name}s")


def in_units(number: Decimal, code: str) -> str:
    """Write a quantity with its unit as people say it: '1 piece', '12 boxes', '2.5 kg'."""
    said = unit_name(code) if number == 1 else unit_plural(code)
    return f"{plain(number)} {said}" if said else plain(number)
