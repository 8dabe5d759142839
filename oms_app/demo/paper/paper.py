"""One file that the generator has made, with the truth of what it states."""

import json
from dataclasses import dataclass

from oms_app.demo.paper.truth import Json


@dataclass(frozen=True, slots=True)
class Paper:
    """One file with the label that says what is to be read in it."""

    name: str
    data: bytes
    label: Json

    @property
    def label_text(self) -> str:
        """The label file's text."""
        return json.dumps(self.label, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
