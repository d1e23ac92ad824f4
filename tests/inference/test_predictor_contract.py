"""What every predictor promises, whatever its network; their own test modules hold the rest."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from dlnlp.artifacts import ArtifactError, json_bytes, open_artifact
from dlnlp.inference import HanPredictor, KimCnnPredictor, han_runtime, kim_cnn_runtime
from dlnlp.inference.digits import DigitPredictor
from dlnlp.inference.opening import Predictor
from dlnlp.inference.text_classifier import TextClassifier
from dlnlp.inference.text_result import MAX_CHARACTERS, EmptyTextError, TextTooLongError
from dlnlp.text.vocabulary import UNKNOWN
from tests.reference_han import reference_han
from tests.reference_kim_cnn import reference_kim_cnn
from tests.rewritten_artifact import rewritten
from tests.tiny_han import POLARITY, STARS, write_tiny_han
from tests.tiny_kim_cnn import WIDTHS, write_tiny_kim_cnn
from tests.tiny_mnist_cnn import write_tiny_mnist_cnn

TOPICS = ("sports", "world news", "science")
TEXT = "The  film is VERY good!\nI love this movie, but the batterie was awful. Great price."
TEXTS = [TEXT, "good", "Bad. Bad. Bad.", "the movie works and you love it " * 5, "Zyx qwv?"]


@dataclass(frozen=True)
class Kind:
    """A tiny random network of one kind."""

    predictor: type[Predictor]
    class_names: tuple[str, ...]
    write: Any
    runtime: ModuleType | None = None


KINDS = {
    "han_stars": Kind(HanPredictor, STARS, write_tiny_han, han_runtime),
    "han_imdb": Kind(HanPredictor, POLARITY, write_tiny_han, han_runtime),
    "kim_cnn": Kind(KimCnnPredictor, POLARITY, write_tiny_kim_cnn, kim_cnn_runtime),
    "kim_topics": Kind(KimCnnPredictor, TOPICS, write_tiny_kim_cnn, kim_cnn_runtime),
    "mnist_cnn": Kind(DigitPredictor, tuple(map(str, range(10))), write_tiny_mnist_cnn),
}
OF_TEXTS = [name for name, kind in KINDS.items() if kind.runtime]


class Opened:
    """Each network is written and opened once."""

    def __init__(self, root: Path) -> None:
        self.root, self._made = root, {}

    def __call__(self, name: str) -> tuple[Path, dict[str, np.ndarray], Any]:
        if name not in self._made:
            kind, path = KINDS[name], self.root / name
            names = {"class_names": kind.class_names} if kind.runtime else {}
            weights = kind.write(path, **names)
            self._made[name] = path, weights, kind.predictor.load(path)
        return self._made[name]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return Opened(tmp_path_factory.mktemp("weights"))


@pytest.fixture(params=OF_TEXTS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def predictor(name: str, opened: Opened) -> TextClassifier[Any, Any]:
    return opened(name)[2]


def expected_logits(opened: Opened, name: str, text: str) -> np.ndarray:
    """The logits of the plain loops."""
    _, weights, predictor = opened(name)
    sentences = predictor.token_lists(text)
    embeddings = np.asarray(predictor.runtime.embeddings, np.float32)
    vectors = [embeddings[predictor.vocabulary.encode(sentence)] for sentence in sentences]
    if name.startswith("han"):
        return reference_han(weights, [vectors])[0]["logits"]
    return reference_kim_cnn(weights, np.concatenate(vectors), WIDTHS)["logits"]


@pytest.mark.parametrize("text", TEXTS)
def test_predict_agrees_with_the_reference(opened: Opened, name: str, text: str) -> None:
    result, logits = opened(name)[2].predict(text), expected_logits(opened, name, text)
    np.testing.assert_allclose(result.logits, logits, atol=1e-5)
    shares = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(result.probabilities, shares, atol=1e-5)
    assert result.predicted == logits.argmax()
    assert result.class_names == KINDS[name].class_names


def test_offsets_are_those_of_the_text_as_pasted(predictor: TextClassifier[Any, Any]) -> None:
    text = "<b>Great</b> &amp; good   film!<br>Not   BAD\x00."
    result = predictor.predict(text)
    assert result.text == text
    cut = [text[a:b].lower() for a, b in result.token_spans]
    assert [t for t in cut if t.isalpha()] == ["great", "good", "film", "not", "bad"]
    assert (np.diff(result.token_spans[:, 0]) > 0).all()
    for (start, end), sentence in zip(result.token_spans, result.token_sentence, strict=True):
        assert result.sentence_spans[sentence, 0] <= start
        assert end <= result.sentence_spans[sentence, 1]


def test_dtypes_and_lengths(predictor: TextClassifier[Any, Any]) -> None:
    result = predictor.predict(TEXT)
    assert len(result.sentence_spans) == len(result.sentence_ids) == 3
    for field, dtype in (
        ("logits", np.float32), ("probabilities", np.float32), ("document_vector", np.float32),
        ("sentence_spans", np.int64), ("token_spans", np.int64), ("token_sentence", np.int64),
        ("token_ids", np.int32), ("token_known", bool),
    ):  # fmt: skip
        assert getattr(result, field).dtype == dtype
        if field.startswith("token"):
            assert len(getattr(result, field)) == len(result.tokens)
    assert result.logits.shape == (len(result.class_names),)
    assert predictor.document_map.place(result.document_vector).shape == (2,)
    np.testing.assert_array_equal(np.concatenate(result.sentence_ids), result.token_ids)
    np.testing.assert_array_equal(predictor.vocabulary.encode(result.tokens), result.token_ids)


def test_unknown_words_are_marked_and_all_read_alike(predictor: TextClassifier[Any, Any]) -> None:
    known = dict(zip((r := predictor.predict(TEXT)).tokens, r.token_known, strict=True))
    assert known["good"]
    assert not known["batterie"]
    one, other = predictor.predict("a qqq film"), predictor.predict("a zzz film")
    np.testing.assert_array_equal(one.logits, other.logits)
    assert predictor.runtime.embeddings[UNKNOWN].any()  # it has a row of its own


@pytest.mark.parametrize("end", [" ", ".\n"])
def test_a_long_text_says_where_it_was_cut(predictor: TextClassifier[Any, Any], end: str) -> None:
    """Whether its sentences are long or of one word."""
    text = f"good{end}" * 200
    result = predictor.predict(text)
    assert text[result.cut_from :].startswith("good")
    assert result.token_spans[-1, 1] <= result.cut_from < result.token_spans[-1, 1] + 4
    assert set(result.token_sentence) == set(range(len(result.sentence_spans)))
    whole = predictor.predict(text[: result.cut_from])
    assert whole.cut_from is None
    np.testing.assert_array_equal(whole.logits, result.logits)
    assert predictor.predict("good " * 30_000).cut_from is not None


def test_tokens_without_offsets_are_those_that_are_read(
    predictor: TextClassifier[Any, Any],
) -> None:
    for text in (*TEXTS, "good. " * 200, "good " * 200, "--"):
        read = predictor.token_lists(text)
        if read:
            tokens = predictor.predict(text).tokens
            assert tuple(token for sentence in read for token in sentence) == tokens
    assert read == []


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00", "<br><br>", "--- ___ ~~"])
def test_a_text_without_words_is_one_clear_sentence(
    predictor: TextClassifier[Any, Any], text: str
) -> None:
    with pytest.raises(EmptyTextError, match=r"^There is no word .*\.$"):
        predictor.predict_batch(["good", text])


def test_a_huge_text_is_refused(predictor: TextClassifier[Any, Any]) -> None:
    with pytest.raises(TextTooLongError, match=r"^This text has 1,000,001 characters .*\.$"):
        predictor.predict("a" * (MAX_CHARACTERS + 1))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "😀", "这部电影很好", "$`_`$ a", "!"]
)
def test_hostile_texts_get_an_answer(predictor: TextClassifier[Any, Any], text: str) -> None:
    result = predictor.predict(text)
    assert np.isfinite(result.logits).all()
    assert len(result.tokens) >= 1


@pytest.mark.parametrize("limit", [1, 40, 10_000])
def test_a_batch_gives_what_each_text_gives_alone(
    name: str,
    predictor: TextClassifier[Any, Any],
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
) -> None:
    """Whatever the bound on a run, and in the order of the texts."""
    single = [predictor.predict(text) for text in TEXTS]
    monkeypatch.setattr(KINDS[name].runtime, "POSITIONS_PER_RUN", limit)
    for one, other in zip(single, predictor.predict_batch(TEXTS), strict=True):
        for field in fields(one):
            mine, theirs = getattr(one, field.name), getattr(other, field.name)
            if isinstance(mine, np.ndarray):
                np.testing.assert_allclose(mine, theirs, atol=1e-6)
            else:
                assert mine == theirs
    documents = [result.sentence_ids for result in single]
    np.testing.assert_allclose(
        predictor.logits(documents), [result.logits for result in single], atol=1e-6
    )
    assert predictor.predict_batch([]) == []


def test_threads_share_a_predictor(predictor: TextClassifier[Any, Any]) -> None:
    expected = [predictor.predict(text).logits for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(predictor.predict, TEXTS * 20))
    for number, result in enumerate(found):
        np.testing.assert_array_equal(result.logits, expected[number % len(TEXTS)])


def test_embeddings_stay_on_disk(predictor: TextClassifier[Any, Any]) -> None:
    assert isinstance(predictor.runtime.embeddings, np.memmap)
    assert predictor.runtime.embeddings.dtype == np.float16


def test_results_are_frozen(predictor: TextClassifier[Any, Any]) -> None:
    result = predictor.predict("good")
    for field in fields(result):
        with pytest.raises(AttributeError):
            setattr(result, field.name, None)


# Directories of weights ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_name_classes_and_card_come_along(opened: Opened, name: str) -> None:
    path, _, predictor = opened(name)
    assert (predictor.name, predictor.class_names) == (name, KINDS[name].class_names)
    assert predictor.card == open_artifact(path).card


NO_NETWORK = {"network.onnx": b"nonsense"}, r"network\.onnx is not a graph"
WORDS_DAMAGED = [
    ({"vocabulary.txt": b"<pad>\n<unk>\na\n"}, r"vocabulary\.txt is made for a size of 3 where"),
    ({"vocabulary.txt": b"a\n"}, "not a vocabulary"),
    ({"embeddings.npy": b""}, "cannot be loaded"),
    ({"map.npz": b"PK"}, "cannot be loaded"),
    ({"map.npz": None}, r"does not list map\.npz"),
    ({"preprocessor.json": b"{}"}, "cannot be loaded"),
]


@pytest.mark.parametrize(
    ("name", "files", "message"),
    [
        *((name, *NO_NETWORK) for name in KINDS),
        *((name, *damage) for name in OF_TEXTS for damage in WORDS_DAMAGED),
        ("mnist_cnn", {"neighbours.npz": b"no archive"}, "cannot be loaded"),
    ],
)
def test_damaged_parts_are_named(
    opened: Opened, tmp_path: Path, name: str, files: dict[str, bytes | None], message: str
) -> None:
    target = rewritten(opened(name)[0], tmp_path / "broken", files)
    with pytest.raises(ArtifactError, match=message):
        KINDS[name].predictor.load(target)


@pytest.mark.parametrize("name", KINDS)
def test_a_config_that_does_not_fit_is_named(opened: Opened, tmp_path: Path, name: str) -> None:
    kind, config = KINDS[name], open_artifact(opened(name)[0]).config
    count = len(kind.class_names)
    for number, (changes, message) in enumerate(
        [
            ({"class_names": ["a"]}, f"size of 1 where the network has {count}"),
            ({"model": "other"}, f"holds a 'other' where a '{config['model']}' is needed"),
        ]
    ):
        files = {"config.json": json_bytes(config | changes)}
        target = rewritten(opened(name)[0], tmp_path / str(number), files)
        with pytest.raises(ArtifactError, match=message):
            kind.predictor.load(target)
    files = {"config.json": json_bytes({"model": config["model"]})}
    with pytest.raises(ArtifactError, match="class_names"):
        kind.predictor.load(rewritten(opened(name)[0], tmp_path / "bare", files))


@pytest.mark.parametrize("name", KINDS)
def test_a_changed_or_missing_file_is_not_loaded(opened: Opened, tmp_path: Path, name: str) -> None:
    kind, path = KINDS[name], opened(name)[0]
    for number, file in enumerate([*open_artifact(path).card["files"], "card.json"]):
        target = rewritten(path, tmp_path / str(number), {})
        content = bytearray((target / file).read_bytes())
        content[len(content) // 2] ^= 1
        (target / file).write_bytes(content)
        with pytest.raises(ArtifactError, match=file):
            kind.predictor.load(target)
    with pytest.raises(ArtifactError, match="there is no directory"):
        kind.predictor.load(tmp_path / "nothing")


def test_the_app_side_imports_neither_keras_nor_onnx() -> None:
    code = (
        "import sys, dlnlp.inference, dlnlp.inference.digits\n"
        "wall = {'keras', 'tensorflow', 'jax', 'onnx', 'streamlit'}\n"
        "sys.exit(str(wall & set(sys.modules)) if wall & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
