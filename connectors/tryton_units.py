"""What Tryton calls a unit, and what everybody else does (UN/ECE Recommendation 20)."""

from collections.abc import Mapping
from types import MappingProxyType

from oms_core.errors import ConfigurationError

_REC_20: Mapping[str, str] = MappingProxyType(
    {
        "u": "C62",
        "kg": "KGM",
        "g": "GRM",
        "c": "CTM",
        "lb": "LBR",
        "oz": "ONZ",
        "s": "SEC",
        "min": "MIN",
        "h": "HUR",
        "d": "DAY",
        "m": "MTR",
        "km": "KMT",
        "cm": "CMT",
        "mm": "MMT",
        "ft": "FOT",
        "yd": "YRD",
        "in": "INH",
        "mi": "SMI",
        "m³": "MTQ",
        "l": "LTR",
        "cm³": "CMQ",
        "in³": "INQ",
        "ft³": "FTQ",
        "gal": "GLL",
        "m²": "MTK",
        "cm²": "CMK",
        "a": "ARE",
        "ha": "HAR",
        "in²": "INK",
        "ft²": "FTK",
        "yd²": "YDK",
        "J": "JOU",
        "MJ": "3B",
        "kW⋅h": "KWH",
        "MW⋅h": "MWH",
    }
)
"""The symbols of the units that come with Tryton (module product, uom.xml)."""

_PIECES = frozenset({"C62", "H87", "EA", "PCE", "NAR"})
"""Codes that all mean one piece."""


class UnitNames:
    """Translates between Tryton's symbols and unit codes; `declared` reads like `CT=Carton PR=Pair`."""

    def __init__(self, declared: str = "") -> None:
        self._codes = dict(_REC_20)
        for pair in declared.split():
            code, equals, symbol = pair.partition("=")
            if not (code and equals and symbol):
                raise ConfigurationError(
                    f"tryton: in the setting `units`, {pair!r} must read CODE=SYMBOL, as in CT=Carton."
                )
            self._codes[symbol] = code

    def code(self, symbol: str) -> str:
        """Return the code of a Tryton symbol; a symbol that is not known is its own code."""
        return self._codes.get(symbol, symbol)

    def same(self, code: str, symbol: str) -> bool:
        """Say whether our unit code and Tryton's symbol mean the same unit."""
        theirs = self.code(symbol)
        return code == theirs or {code, theirs} <= _PIECES
