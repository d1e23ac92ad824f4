"""What the page tells of the values in a column of true labels."""

from dlnlp.ui.batch.labels import in_words


def test_a_value_that_is_its_class_stands_alone() -> None:
    found = {"fact": 0, "opinion": 1, "?": None, "0": 0, "": None}
    told = in_words(found, ["fact", "opinion"])
    assert told == "fact, opinion, ? = left out, 0 = fact, empty = left out"


def test_long_names_and_many_values_are_cut() -> None:
    assert len(in_words({"x": 0}, ["y" * 500])) < 80
    assert in_words({str(n): 0 for n in range(9)}, ["a"]).endswith("7 = a …")
