"""One of a thing is one; and who typed a value is known from its source alone."""

from oms_core.values import CellSource, PathSource
from oms_core.values.counting import counted
from oms_core.values.source import entered, entered_by


def test_a_number_is_written_with_its_noun():
    assert [counted(number, "delivery") for number in (0, 1, 2)] == ["0 deliveries", "1 delivery", "2 deliveries"]
    assert (counted(1_204, "file"), counted(1, "day"), counted(3, "day")) == ("1,204 files", "1 day", "3 days")
    assert counted(2, "file was", "files were") == "2 files were"


def test_who_typed_a_value_is_told_by_its_source():
    assert entered_by(entered("anna", "12")) == "anna"
    assert entered("anna", "12").text == "12"
    assert entered_by(PathSource("Subject", "entered by anna")) == ""
    assert entered_by(CellSource(1, 1, "entered by anna")) == ""
