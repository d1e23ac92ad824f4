"""Texts in, sentiment and what fired out, on a tiny random artifact."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest

from dlnlp.artifacts import ArtifactError, json_bytes, open_artifact, write_artifact
from dlnlp.explain.evidence import evidence
from dlnlp.inference import KimCnnPredictor, kim_cnn_runtime
from dlnlp.inference.attention_result import MAX_CHARACTERS, EmptyTextError, TextTooLongError
from tests.reference_kim_cnn import reference_kim_cnn
from tests.tiny_kim_cnn import WIDTHS, write_tiny_kim_cnn

TEXT = "The  film is VERY good!\nI love this movie, but the batterie was awful. Great price."
TEXTS = [TEXT, "good", "Bad. Bad. Bad.", "the movie works and you love it " * 5, "Zyx qwv?"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "kim_cnn"
    return path, write_tiny_kim_cnn(path)


@pytest.fixture(scope="module")
def predictor(written):
    return KimCnnPredictor.load(written[0])


@pytest.mark.parametrize("text", TEXTS)
def test_predict_agrees_with_the_reference(written, predictor, text):
    result = predictor.predict(text)
    tokens = [token for sentence in predictor.preprocessor(text) for token in sentence.tokens]
    assert list(result.tokens) == tokens
    embeddings = np.asarray(predictor.runtime.embeddings, np.float32)
    vectors = embeddings[predictor.vocabulary.encode(tokens)]
    expected = reference_kim_cnn(written[1], vectors, WIDTHS)
    assert result.logit == pytest.approx(expected["logit"], abs=1e-5)
    assert result.probability == pytest.approx(1 / (1 + np.exp(-expected["logit"])), abs=1e-5)
    np.testing.assert_allclose(result.pooled, expected["pooled"], atol=1e-5)
    np.testing.assert_array_equal(result.positions, expected["positions"])


def test_offsets_are_those_of_the_text_as_pasted(predictor):
    text = "<b>Great</b> &amp; good   film!<br>Not   BAD\x00."
    result = predictor.predict(text)
    assert result.text == text
    cut = [text[a:b].lower() for a, b in result.token_spans]
    assert [t for t in cut if t.isalpha()] == ["great", "good", "film", "not", "bad"]
    assert (np.diff(result.token_spans[:, 0]) > 0).all()


def test_dtypes_and_lengths(predictor):
    result = predictor.predict(TEXT)
    assert result.class_names == ("negative", "positive")
    for name, kind in (("token_spans", np.int64), ("token_ids", np.int32), ("token_known", bool)):
        assert getattr(result, name).dtype == kind
        assert len(getattr(result, name)) == len(result.tokens)
    assert result.pooled.shape == result.positions.shape == (18,)


def test_unknown_words_are_marked_and_all_read_alike(predictor):
    known = dict(zip((r := predictor.predict(TEXT)).tokens, r.token_known, strict=True))
    assert known["good"]
    assert not known["batterie"]
    assert predictor.predict("a qqq film").logit == predictor.predict("a zzz film").logit


@pytest.mark.parametrize("end", ["", ".\n"])
def test_a_long_text_says_where_it_was_cut(predictor, end):
    """Whether its sentences are long or of one word."""
    text = " ".join(f"good{end}" for _ in range(200))
    result = predictor.predict(text)
    assert len(result.tokens) == predictor.max_tokens == 60
    assert text[result.cut_from :].startswith("good")
    assert result.token_spans[-1, 1] <= result.cut_from < result.token_spans[-1, 1] + 4
    assert text[: result.cut_from].count("good") == 60
    whole = predictor.predict(text[: result.cut_from])
    assert whole.cut_from is None
    assert whole.logit == result.logit


def test_a_text_of_just_the_limit_is_not_cut(predictor):
    assert predictor.predict("good " * 60).cut_from is None
    assert predictor.predict("good " * 61).cut_from == 300


def test_without_a_limit_all_is_read(tmp_path):
    write_tiny_kim_cnn(tmp_path / "all", max_tokens=None)
    predictor = KimCnnPredictor.load(tmp_path / "all")
    result = predictor.predict("good film.\n" * 3000)
    assert (len(result.tokens), result.cut_from) == (6000, None)
    limited = KimCnnPredictor.load(write_with(tmp_path / "all", tmp_path / "one", max_tokens=1))
    assert limited.predict("good film").tokens == ("good",)


def write_with(source, target, **config):
    return rewrite(
        source,
        target,
        {"config.json": json_bytes(open_artifact(source).config | config)},
    )


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
def test_odd_texts_get_an_answer_with_its_evidence(predictor, text):
    result = predictor.predict(text)
    found = evidence(result, predictor.runtime.network)
    assert found.words.sum() + found.bias == pytest.approx(result.logit, abs=1e-5)


@pytest.mark.parametrize("limit", [1, 40, 10_000])
def test_a_batch_gives_what_each_text_gives_alone(predictor, monkeypatch, limit):
    alone = [predictor.predict(text) for text in TEXTS]
    monkeypatch.setattr(kim_cnn_runtime, "POSITIONS_PER_RUN", limit)
    for one, other in zip(alone, predictor.predict_batch(TEXTS), strict=True):
        assert one.tokens == other.tokens
        assert one.logit == pytest.approx(other.logit, abs=1e-6)
        np.testing.assert_allclose(one.pooled, other.pooled, atol=1e-6)
        np.testing.assert_array_equal(one.positions, other.positions)
    assert predictor.predict_batch([]) == []


def test_threads_share_a_predictor(predictor):
    expected = [predictor.predict(text).logit for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        found = [result.logit for result in pool.map(predictor.predict, TEXTS * 20)]
    assert found == expected * 20


def test_embeddings_stay_on_disk(predictor):
    assert isinstance(predictor.runtime.embeddings, np.memmap)
    assert predictor.runtime.embeddings.dtype == np.float16


def test_card_maps_and_filters_come_along(predictor):
    assert predictor.name == "kim_cnn"
    assert predictor.card["dataset"] == "imdb"
    result = predictor.predict("good")
    assert predictor.document_map.place(result.document_vector).shape == (2,)
    np.testing.assert_array_equal(predictor.document_map.rows, predictor.document_map_before.rows)
    assert [entry.width for entry in predictor.filters] == [2] * 6 + [3] * 6 + [4] * 6
    for number, entry in enumerate(predictor.filters):
        phrases = [predictor.vocabulary.encode(phrase.text.split()) for phrase in entry.phrases]
        assert phrases and {len(token_ids) for token_ids in phrases} == {entry.width}
        values = [phrase.value for phrase in entry.phrases]
        found = predictor.runtime.run(phrases).pooled[:, number]
        np.testing.assert_allclose(found, values, rtol=1e-4)


def rewrite(source, target, files):
    """Copies an artifact with some files replaced, under a card that is right about them."""
    opened = open_artifact(source)
    content = {name: opened.file(name).read_bytes() for name in opened.card["files"]}
    kept = {name: value for name, value in (content | files).items() if value is not None}
    write_artifact(target, kept, opened.card)
    return target


def config_with(**changes):
    return lambda opened: {"config.json": json_bytes(opened.config | changes)}


def filters_of(widths):
    entry = '{"width":%d,"weight":1,"active_share":1,"mean":1,"phrases":[]}'
    listed = ",".join(entry % width for width in widths)
    return f'{{"format":1,"filters":[{listed}]}}'.encode()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"network.onnx": b"nonsense"}, r"network\.onnx is not a graph"),
        ({"vocabulary.txt": b"<pad>\n<unk>\na\n"}, r"vocabulary\.txt is made for a size of 3"),
        ({"vocabulary.txt": b"a\n"}, "not a vocabulary"),
        ({"embeddings.npy": b""}, "cannot be loaded"),
        ({"filters.json": b"{}"}, r"filters\.json holds no list"),
        ({"filters.json": filters_of([2])}, "size of 1 where the network has 18"),
        ({"filters.json": filters_of([2] * 18)}, r"filters\.json is made for a size of \(2, 2"),
        ({"filters.json": None}, r"does not list filters\.json"),
        ({"map.npz": b"PK"}, "cannot be loaded"),
        ({"map_before.npz": None}, r"does not list map_before\.npz"),
        (config_with(model="han"), "holds a 'han' where a 'kim_cnn' is needed"),
        (config_with(class_names=["a"]), "names 1 classes where a Kim CNN has 2"),
        (config_with(widths=[3, 2, 4]), r"size of \(3, 2, 4\) where the network has \(2, 3, 4\)"),
        (config_with(widths=3), "cannot be loaded"),
        (config_with(max_tokens=0), "max_tokens 0 where a number from 1 up"),
        (config_with(max_tokens="9"), "max_tokens '9' where a number"),
        (lambda _: {"config.json": json_bytes({"model": "kim_cnn"})}, "class_names"),
    ],
)
def test_parts_that_do_not_fit_are_named(written, tmp_path, files, message):
    if callable(files):
        files = files(open_artifact(written[0]))
    target = rewrite(written[0], tmp_path / "broken", files)
    with pytest.raises(ArtifactError, match=message):
        KimCnnPredictor.load(target)


@pytest.mark.parametrize("name", ["network.onnx", "embeddings.npy", "filters.json", "card.json"])
def test_a_changed_file_is_not_loaded(written, tmp_path, name):
    target = rewrite(written[0], tmp_path / "changed", {})
    content = bytearray((target / name).read_bytes())
    content[len(content) // 2] ^= 1
    (target / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=name):
        KimCnnPredictor.load(target)


def test_results_are_frozen(predictor):
    result = predictor.predict("good")
    for field in fields(result):
        with pytest.raises(AttributeError):
            setattr(result, field.name, None)
