"""What one sender's documents of one form taught us: data that a person can read, change and take back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What some words mean in this sender's documents: `group` is header, party, column, identifier or unit.

    `words` are folded as labels are (lower case, no accents, one blank between), `field` is a field of that group, a
    unit's code, or `other` for words that say nothing we take. A column without a header is `column 3`.
    """

    group: str
    words: str
    field: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One form of one sender's documents.

    `marks` are the label words that tell this form from others. `constants` are values printed on every document of it
    (path, text): the buyer's own name, for one. `key` is the record that it is kept under, empty until it is kept.
    """

    form: str
    marks: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    day_first: bool | None = None
    key: str = ""

    def told(self) -> tuple[str, ...]:
        """Say in words what was learned, one sentence each."""
        meant = tuple(_told(one) for one in self.meanings)
        always = tuple(f"{_spoken(path)} is always {text!r}" for path, text in self.constants)
        dates = {None: (), True: ("dates begin with the day",), False: ("dates begin with the month",)}[self.day_first]
        return (*meant, *always, *dates)


def _told(one: Meaning) -> str:
    if one.field == "other":
        return f"what '{one.words}' names is left out ({one.group})"
    return f"'{one.words}' means {one.field if one.group == 'unit' else _spoken(one.field)} ({one.group})"


def _spoken(path: str) -> str:
    return path.replace("_", " ").replace(".", " ")
