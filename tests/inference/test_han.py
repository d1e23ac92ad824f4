"""Texts in, predictions and attention out, on a tiny random artifact."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from dlnlp.artifacts import ArtifactError, json_bytes, open_artifact, write_artifact
from dlnlp.inference import HanPredictor, han_runtime
from dlnlp.inference.attention_result import MAX_CHARACTERS, EmptyTextError, TextTooLongError
from dlnlp.text.vocabulary import UNKNOWN
from tests.reference_han import reference_han
from tests.tiny_han import POLARITY, write_tiny_han

TEXT = "The  book is VERY good!\nI love this film, but the batterie was awful. Great price."
TEXTS = [TEXT, "good", "Bad. Bad. Bad.", "the movie works and you love it " * 5, "Zyx qwv?"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "han_tiny"
    return path, write_tiny_han(path)


@pytest.fixture(scope="module")
def predictor(written):
    return HanPredictor.load(written[0])


def reference(predictor, weights, text):
    sentences = predictor.preprocessor(text)[: predictor.preprocessor.max_sentences]
    embeddings = np.asarray(predictor.runtime.embeddings, np.float32)
    vectors = [embeddings[predictor.vocabulary.encode(s.tokens)] for s in sentences]
    return reference_han(weights, [vectors])[0]


@pytest.mark.parametrize("text", TEXTS)
def test_predict_agrees_with_the_reference(written, predictor, text):
    result = predictor.predict(text)
    expected = reference(predictor, written[1], text)
    for name in ("logits", "document_vector", "sentence_scores", "sentence_attention"):
        np.testing.assert_allclose(getattr(result, name), expected[name], atol=1e-5)
    for name in ("word_scores", "word_attention"):
        np.testing.assert_allclose(getattr(result, name), np.concatenate(expected[name]), atol=1e-5)
    exponentials = np.exp(expected["logits"])
    np.testing.assert_allclose(result.probabilities, exponentials / exponentials.sum(), atol=1e-5)


def test_offsets_are_those_of_the_text_as_pasted(predictor):
    text = "<b>Great</b> &amp; good   film!<br>Not   BAD\x00."
    result = predictor.predict(text)
    assert result.text == text
    cut = [text[a:b].lower() for a, b in result.token_spans]
    assert [t for t in cut if t.isalpha()] == ["great", "good", "film", "not", "bad"]
    assert (np.diff(result.token_spans[:, 0]) > 0).all()
    for (start, end), sentence in zip(result.token_spans, result.token_sentence, strict=True):
        assert result.sentence_spans[sentence, 0] <= start
        assert end <= result.sentence_spans[sentence, 1]


def test_weights_over_real_tokens_sum_to_one(predictor):
    result = predictor.predict(TEXT)
    sums = np.bincount(result.token_sentence, result.word_attention)
    assert len(sums) == len(result.sentence_spans) == 3
    np.testing.assert_allclose(sums, 1, atol=1e-6)
    assert result.sentence_attention.sum() == pytest.approx(1, abs=1e-6)
    assert result.word_importance.sum() == pytest.approx(1, abs=1e-6)
    assert result.probabilities.sum() == pytest.approx(1, abs=1e-6)


def test_dtypes_and_lengths(predictor):
    result = predictor.predict(TEXT)
    for name in ("logits", "probabilities", "sentence_attention", "sentence_scores"):
        assert getattr(result, name).dtype == np.float32
    for name in ("word_attention", "word_scores", "document_vector", "word_importance"):
        assert getattr(result, name).dtype == np.float32
    for name in ("sentence_spans", "token_spans", "token_sentence"):
        assert getattr(result, name).dtype == np.int64
    assert result.token_known.dtype == bool
    assert result.document_vector.shape == (8,)
    assert len(result.tokens) == len(result.token_spans) == len(result.word_scores)
    assert result.class_names[4] == "5 stars"


def test_unknown_words_are_marked_and_all_read_alike(predictor):
    known = dict(zip((r := predictor.predict(TEXT)).tokens, r.token_known, strict=True))
    assert known["good"]
    assert not known["batterie"]
    one, other = predictor.predict("a qqq film"), predictor.predict("a zzz film")
    np.testing.assert_array_equal(one.logits, other.logits)


def test_a_long_text_says_where_it_was_cut(predictor):
    text = "".join(f"Film {'good ' * n}.\n" for n in range(9))
    result = predictor.predict(text)
    assert len(result.sentence_spans) == predictor.preprocessor.max_sentences == 6
    assert text[result.cut_from :].startswith("Film " + "good " * 6)
    assert result.sentence_spans[-1, 1] <= result.cut_from
    whole = predictor.predict(text[: result.cut_from])
    assert whole.cut_from is None
    np.testing.assert_array_equal(whole.logits, result.logits)


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00", "<br><br>", "--- ___ ~~"])
def test_a_text_without_words_is_one_clear_sentence(predictor, text):
    with pytest.raises(EmptyTextError, match=r"^There is no word .*\.$"):
        predictor.predict(text)


def test_a_huge_text_is_refused_and_a_merely_long_one_read(predictor):
    with pytest.raises(TextTooLongError, match=r"^This text has 1,000,001 characters .*\.$"):
        predictor.predict("a" * (MAX_CHARACTERS + 1))
    assert predictor.predict("good film " * 10_000).cut_from is not None


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "😀", "这部电影很好", "$`_`$ a", "!"]
)
def test_odd_texts_get_an_answer(predictor, text):
    result = predictor.predict(text)
    assert np.isfinite(result.logits).all()
    assert len(result.tokens) >= 1


@pytest.mark.parametrize("limit", [1, 40, 10_000])
def test_a_batch_gives_what_each_text_gives_alone(predictor, monkeypatch, limit):
    """Whatever the bound on a run, and in the order of the texts."""
    alone = [predictor.predict(text) for text in TEXTS]
    monkeypatch.setattr(han_runtime, "POSITIONS_PER_RUN", limit)
    for one, other in zip(alone, predictor.predict_batch(TEXTS), strict=True):
        assert one.tokens == other.tokens
        for name in ("logits", "document_vector", "sentence_scores", "word_scores"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-6)
        for name in ("sentence_attention", "word_attention"):
            np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-6)


def test_an_empty_batch(predictor):
    assert predictor.predict_batch([]) == []


def test_threads_share_a_predictor(predictor):
    expected = [predictor.predict(text).logits for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(predictor.predict, TEXTS * 20))
    for number, result in enumerate(found):
        np.testing.assert_array_equal(result.logits, expected[number % len(TEXTS)])


def test_embeddings_stay_on_disk(predictor):
    assert isinstance(predictor.runtime.embeddings, np.memmap)
    assert predictor.runtime.embeddings.dtype == np.float16


def test_card_and_map_come_along(tmp_path):
    write_tiny_han(tmp_path / "han_two", class_names=POLARITY, dataset="imdb")
    predictor = HanPredictor.load(tmp_path / "han_two")
    assert predictor.name == "han_two"
    assert predictor.class_names == POLARITY
    assert predictor.card["dataset"] == "imdb"
    result = predictor.predict("good")
    assert predictor.document_map.place(result.document_vector).shape == (2,)
    assert 1 <= result.expected_value <= 2


def rewrite(source, target, **changed):
    """Copies an artifact with some files replaced, under a card that is right about them."""
    opened = open_artifact(source)
    files = {name: opened.file(name).read_bytes() for name in opened.card["files"]}
    write_artifact(target, files | changed.pop("files", {}), opened.card)
    return target


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"network.onnx": b"nonsense"}, r"network\.onnx is not a graph"),
        (
            {"vocabulary.txt": b"<pad>\n<unk>\na\n"},
            r"vocabulary\.txt is made for a size of 3 where",
        ),
        ({"vocabulary.txt": b"a\n"}, "not a vocabulary"),
        ({"embeddings.npy": b""}, "cannot be loaded"),
        ({"config.json": json_bytes({"model": "kim_cnn"})}, "holds a 'kim_cnn'"),
        (
            {"config.json": json_bytes({"model": "han", "class_names": ["a"]})},
            "size of 1 where the network has 5",
        ),
        ({"config.json": json_bytes({"model": "han"})}, "class_names"),
        ({"map.npz": b"PK"}, "cannot be loaded"),
    ],
)
def test_parts_that_do_not_fit_are_named(written, tmp_path, files, message):
    target = rewrite(written[0], tmp_path / "broken", files=files)
    with pytest.raises(ArtifactError, match=message):
        HanPredictor.load(target)


@pytest.mark.parametrize(
    "name", ["network.onnx", "embeddings.npy", "map.npz", "preprocessor.json", "card.json"]
)
def test_a_changed_file_is_not_loaded(written, tmp_path, name):
    target = rewrite(written[0], tmp_path / "changed")
    content = bytearray((target / name).read_bytes())
    content[len(content) // 2] ^= 1
    (target / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=name):
        HanPredictor.load(target)


def test_the_unknown_word_has_a_row_of_its_own(predictor):
    assert predictor.runtime.embeddings[UNKNOWN].any()


def test_the_app_side_imports_neither_keras_nor_onnx():
    code = (
        "import sys, dlnlp.inference\n"
        "wall = {'keras', 'tensorflow', 'jax', 'onnx', 'streamlit'}\n"
        "sys.exit(str(wall & set(sys.modules)) if wall & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
