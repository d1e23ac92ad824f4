"""A visitor's own log: read when it is one, else one sentence."""

import numpy as np
import pytest

from dlnlp.ui.schedules import schedule_log
from dlnlp.ui.schedules.schedule_log import LogError, read_log


@pytest.mark.parametrize(
    "text",
    [
        "rate,loss\n0.1,2.0\n0.2,1.5\n",
        "\ufeffstep;lr;loss\r\n0;0.1;2.0\r\n\r\n1;0.2;1.5\r\n",
        "0.1\t2\n0.2\t1.5",
        "loss,learning_rate,more\n2.0,0.1,x\n1.5,0.2,y\n",
    ],
)
def test_common_forms_are_read(text: str) -> None:
    rates, losses = read_log(text.encode())
    np.testing.assert_array_equal(rates, [0.1, 0.2])
    np.testing.assert_array_equal(losses, [2.0, 1.5])


def test_a_diverged_tail_is_kept() -> None:
    _, losses = read_log(b"rate,loss\n0.1,1\n0.2,nan\n0.3,inf\n0.4,\n")
    assert losses[0] == 1 and not np.isfinite(losses[1:]).any()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"rate\n0.1\n", "one column"),
        (b"epoch,accuracy\n1,2\n", "should name the columns rate and loss"),
        (b"rate,loss\n0.1,2\n0.2\n", "Line 3 has 1 columns"),
        (b"rate,loss\n0.1,2\n0.2,<script>\n", "Line 3: the loss “<script>” is no number"),
        (b"rate,loss\nten,2\n", "Line 2: the rate “ten” is no number"),
        (b"\xff\xfe\x00r\x00a", "not text in UTF-8"),
        (b'rate,loss\n"0.1,2\n', "no CSV"),
        (b"x" * (schedule_log.MOST_BYTES + 1), "larger than 2 MB"),
        (b"1,2\n" * (schedule_log.MOST_ROWS + 1), "20,000 are the most"),
        (b"rate,loss\n" + b"9" * 200_000 + b",1\n", "no CSV"),
    ],
)
def test_a_malformed_file_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(LogError) as caught:
        read_log(content)
    assert sentence in str(caught.value) and "\n" not in str(caught.value)
