"""Sentence boundaries against NLTK's own decisions, on sentences and on random strings."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nltk.tokenize import punkt as nltk_punkt

from dlnlp.text.punkt import PunktParameters, sentence_spans
from train.corpora.punkt_training import train_punkt

MID_UPPER, BEGIN_LOWER, MID_LOWER = 1 << 2, 1 << 4, 1 << 5
PARAMETERS = PunktParameters(
    abbrev_types=frozenset({"mr", "dr", "u.s", "etc", "e.g", "i.e", "min", "approx"}),
    collocations=frozenset({("st", "louis"), ("##number##", "street"), ("louis", "armstrong")}),
    sent_starters=frozenset({"the", "but", "we", "he"}),
    ortho_context={
        "the": MID_LOWER | BEGIN_LOWER,
        "but": MID_LOWER,
        "we": MID_LOWER | MID_UPPER,
        "smith": MID_UPPER | (1 << 1),
        "service": MID_LOWER,
        "screen": BEGIN_LOWER,
        "he": (1 << 1) | MID_LOWER,
    },
)
SENTENCES = (
    "Mr. Smith sold it. We were glad.",
    "It weighs approx. 5 kg. Fine for the U.S. The rest of us pay more.",
    "Bring cables, adapters, etc. The box is empty... but the price is not. Really?! Yes.",
    'He said "Never again." We left. (Twice.) Then he called: "Sorry!" and we came back.',
    "J. Smith and J. R. R. Smith wrote to St. Louis. Louis. Armstrong answered.",
    "We met at 5. Street lights were on. It was 3.5. screen size? No. 7 it is.",
    "Wait 10 min. service is slow. Wait 10 min. Service is slow!He agreed.He left .",
    "The end. . . . or not? -- No... Yes.... The. the. e.g. i.e. We, etc.",
    "«Bon.» Он ушёл. Zürich. Ähnlich? Été. ¿Qué? 很好。Good.",
    "  leading spaces. Trailing ones.   ",
    ".", "", "   ", "...", "?!", '"', "a", "1.", "U.S.", "no stop", "Dr.", ". a", "a .b",
)  # fmt: skip
WORDS = (
    "a the The U.S Mr St Louis street service Service 5 3.5 -1 1,000 . .. ... . ! ? , ; : - -- "
    "' \" ” « ( ) [ } @ * & $ e.g i.e etc J É no No min approx. film é Á we We 很"
).split()


def nltk_spans(line: str, parameters: PunktParameters) -> list[tuple[int, int]]:
    theirs = nltk_punkt.PunktParameters()
    theirs.abbrev_types = set(parameters.abbrev_types)
    theirs.collocations = set(parameters.collocations)
    theirs.sent_starters = set(parameters.sent_starters)
    theirs.ortho_context.update(parameters.ortho_context)
    return list(nltk_punkt.PunktSentenceTokenizer(theirs).span_tokenize(line))


def subsets(values):
    return st.frozensets(st.sampled_from(values), max_size=len(values))


LINES = st.lists(
    st.one_of(st.sampled_from(WORDS), st.sampled_from([" ", " ", "  ", "\xa0", "\u3000"])),
    max_size=25,
).map("".join)
PARAMETER_SETS = st.builds(
    PunktParameters,
    subsets(["mr", "u.s", "e.g", "i.e", "etc", "min", "approx", "3", "no", "j"]),
    subsets([("st", "louis"), ("##number##", "street"), ("louis", "the"), ("no", "##number##")]),
    subsets(["the", "we", "service", "é", "film", "no"]),
    st.dictionaries(
        st.sampled_from("the we service louis film é á no street j ##number##".split()),
        st.lists(st.sampled_from([1 << bit for bit in range(1, 7)]), max_size=4).map(
            lambda flags: sum(set(flags))
        ),
    ),
)


@pytest.mark.parametrize("line", SENTENCES)
@pytest.mark.parametrize("parameters", [PARAMETERS, PunktParameters()], ids=["own", "none"])
def test_sentences_end_where_nltk_ends_them(line: str, parameters: PunktParameters) -> None:
    assert list(sentence_spans(line, parameters)) == nltk_spans(line, parameters)


@settings(max_examples=500)
@given(LINES, PARAMETER_SETS)
@example("etc. The", PARAMETERS)
@example("5. Street", PARAMETERS)
def test_random_strings_are_cut_as_nltk_cuts_them(line: str, parameters: PunktParameters) -> None:
    assert list(sentence_spans(line, parameters)) == nltk_spans(line, parameters)


@pytest.mark.parametrize("following", ["word", "Word", "été", "Été"])
@pytest.mark.parametrize("token", ["J.", "j.", "7.", "etc.", "end.", "...", "U.S."])
def test_every_context_of_a_word_decides_as_in_nltk(token: str, following: str) -> None:
    line = f"We saw {token} {following} again."
    for flags in range(0, 128, 2):
        for starters in (frozenset(), frozenset({following.lower()})):
            parameters = PunktParameters(
                frozenset({"etc", "u.s"}), frozenset(), starters, {following.lower(): flags}
            )
            assert list(sentence_spans(line, parameters)) == nltk_spans(line, parameters)


def test_learned_parameters_decide_as_nltk_does_with_them() -> None:
    texts = [
        f"I met Mr. {name} at {number} Elm St. yesterday. He paid {number} dollars. "
        f"The shop, i.e. Mr. {name} himself, was kind. But a kind man asks fair prices. It was "
        "fair."
        for number, name in enumerate(["Bell", "Ode", "Ruiz", "Kline", "Abara", "Voss"] * 5)
    ]
    learned = train_punkt(texts)
    assert {"mr", "st"} <= learned.abbrev_types
    assert not {"yesterday", "dollars", "fair", "kind"} & learned.abbrev_types
    for text in texts:
        ours = list(sentence_spans(text, learned))
        assert ours == nltk_spans(text, learned)
        assert len(ours) == 5


def test_each_parameter_decides() -> None:
    def sentences(line: str, parameters: PunktParameters = PARAMETERS) -> list[str]:
        return [line[a:b] for a, b in sentence_spans(line, parameters)]

    assert sentences("Ask Dr. Ode now. Bye.") == ["Ask Dr. Ode now.", "Bye."]
    assert sentences("Ask Dr. Ode now.", PunktParameters()) == ["Ask Dr.", "Ode now."]
    # A starter ends the sentence even after an abbreviation, a lower-case word does not.
    assert sentences("Pens, etc. The box.") == ["Pens, etc.", "The box."]
    assert sentences("Pens, etc. and a box.") == ["Pens, etc. and a box."]
    # A collocation keeps together what the period would part.
    assert sentences("By St. Louis. Bye.") == ["By St. Louis.", "Bye."]
    # Closing quotes and brackets stay with the sentence that they close.
    assert sentences('"Go." (No.) End') == ['"Go."', "(No.)", "End"]


def test_parameters_survive_their_dictionary() -> None:
    assert PunktParameters.from_dict(PARAMETERS.to_dict()) == PARAMETERS
    assert PunktParameters.from_dict(PunktParameters().to_dict()) == PunktParameters()


@pytest.mark.parametrize(
    "piece", [".", ". ", "a. ", "A.b", "!", '"', "- ", "...", "'.", "x", "e.g.", "5.", "?\xa0"]
)
def test_hostile_lines_take_bounded_time(piece: str) -> None:
    line = piece * (200_000 // len(piece))
    started = time.perf_counter()
    spans = list(sentence_spans(line, PARAMETERS))
    assert time.perf_counter() - started < 10  # below 1 s where nothing else runs
    assert all(a < b for a, b in spans)
    assert spans[-1][1] == len(line.rstrip())
