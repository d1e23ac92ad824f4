"""A visitor's own log: read when it is one, else one sentence."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlnlp.ui.schedules import log as schedule_log
from dlnlp.ui.schedules.log import LogError, read_log

RATES, LOSSES = [0.125, 0.25, 0.5], [2.0, 1.5, 1.75]


def told(content: bytes) -> tuple[list[float], list[float]]:
    log = read_log(content)
    assert log.rate is not None and log.loss is not None
    rates, losses = log.values(log.rate, log.loss)
    return rates.tolist(), losses.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "rate,loss\n0.125,2.0\n0.25,1.5\n0.5,1.75\n",
        "\ufeffstep;lr;loss\r\n0;0.125;2.0\r\n\r\n1;0.25;1.5\r\n2;0.5;1.75\r\n",
        "0.125\t2\n0.25\t1.5\n0.5\t1.75",
        "loss,learning_rate,more\n2.0,0.125,x\n1.5,0.25,y\n1.75,0.5,z\n",
        # Keras' CSVLogger
        "epoch,accuracy,learning_rate,loss\n0,0.5,0.125,2.0\n1,0.5,0.25,1.5\n2,.5,.5,1.75\n",
        "epoch,acc,loss,lr,val_acc,val_loss\n0,.5,2,.125,.4,9\n1,.5,1.5,.25,.4,9\n2,.5,1.75,.5,1,9\n",
        # PyTorch Lightning: one row for both, and the rate on a row of its own
        "epoch,lr-SGD,step,train_loss\n0,0.125,0,2.0\n0,0.25,1,1.5\n0,0.5,2,1.75\n",
        "epoch,lr-Adam,step,train_loss_epoch,train_loss_step,val_loss\n"
        ",0.125,0,,,\n0,,0,,2.0,\n,0.25,1,,,\n0,,1,,1.5,\n0,,1,1.75,,1.6\n,0.5,2,,,\n0,,2,,1.75,\n",
        "epoch,lr-Adam/pg1,lr-Adam/pg1-momentum,lr-Adam/pg2,step,train_loss_step\n"
        "0,,,,7,2.0\n,0.125,0.9,1,7,\n0,,,,8,1.5\n,0.25,0.9,2,8,\n0,,,,9,1.75\n,0.5,0.9,4,9,\n",
        # fastai
        "lrs,losses\n0.125,2.0\n0.25,1.5\n0.5,1.75\n",
        # Weights & Biases: history, and the export of a chart
        "_step,_runtime,train/lr,train/loss\n0,.1,.125,2.0\n1,.2,.25,1.5\n2,.3,.5,1.75\n",
        '"Step","a - train/learning_rate","a - train/learning_rate__MIN","a - train/loss",'
        '"a - train/loss__MIN","a - train/loss__MAX"\n'
        '"0","0.125","9","2.0","0","3"\n"1","0.25","9","1.5","0","3"\n"2","0.5","9","1.75","0","3"\n',
        # each value logged by a call of its own
        "_step,lr,loss\n0,0.125,\n1,,2.0\n2,0.25,\n3,,1.5\n4,0.5,\n5,,1.75\n",
        # pandas: an index, or no names at all
        ",lr,loss\n0,0.125,2.0\n1,0.25,1.5\n2,0.5,1.75\n",
        ",0,1\n0,0.125,2.0\n1,0.25,1.5\n2,0.5,1.75\n",
        # no header, in any order, with a counter
        "0,0.125,2.0\n1,0.25,1.5\n2,0.5,1.75\n",
        "2.0,0.125\n1.5,0.25\n1.75,0.5\n",
        # spreadsheets
        "lr;loss\r\n0,1250000000;2,00\r\n0,25;1,50\r\n5,0E-1;1,75\r\n",
        "0,125;2,0\n0,25;1,5\n0,5;1,75\n",
        'lr,loss\n"0,125","2,0"\n"0,25","1,5"\n"0,5","1,75"\n',
        "sep=;\r\nlr;loss\r\n0.125;2.0\r\n0.25;1.5\r\n0.5;1.75\r\n",
        'sep=,\n"lr" , "loss"\n"0.125", "2.0"\n"0.25" , "1.5"\n"0.5" ,"1.75"\n',
        "lr loss\n0.125 2.0\n0.25 1.5\n0.5 1.75\n",
        # what print(tensor) leaves
        "lr,loss\n0.125,tensor(2.)\n0.25,\"tensor(1.5, device='cuda:0')\"\n0.5,np.float64(1.75)\n",
        "trainLoss;LearningRate\n[2.0];[0.125]\n[1.5];[0.25]\n[1.75];[0.5]\n",
        # equal neighbouring rates become one, with the mean loss
        "lr,loss\n.125,1\n.125,3\n.25,1.5\n.25,nan\n.25,1.5\n.5,1.75\n",
        # a duplicated name: the first
        "lr,loss,loss\n0.125,2.0,7\n0.25,1.5,8\n0.5,1.75,9\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_logs_of_every_kind_are_read(text: str, encoding: str) -> None:
    assert told(text.encode(encoding)) == (RATES, LOSSES)


def test_a_diverged_tail_is_kept() -> None:
    rates, losses = told(b"rate,loss\n0.1,1\n0.2,nan\n0.3,inf\n0.4,\n0.5,N/A\n")
    assert rates == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert losses[0] == 1 and all(map(math.isnan, losses[1:]))


@pytest.mark.parametrize(
    ("text", "rate", "loss"),
    [
        ("epoch,train_loss,valid_loss,error_rate,time\n0,2,2,.5,00:10\n", None, 1),
        ("Wall time,Step,Value\n1700000000.0,0,2.3\n1700000000.2,1,2.2\n", None, None),
        ("a - train/loss,a - train/loss__MIN,Step\n2,2,0\n", None, 0),
        ("epoch,accuracy\n1,2\n", None, None),
        ("lr,val_loss,test_loss\n1,2,3\n", 0, None),
        ("weight_decay,lr-Adam-momentum,loss_lr,lr\n1,2,3,4\n", 3, 2),
        ("train_loss_epoch,train_loss_step,dropout rate\n1,2,3\n", None, 1),
        ("train/box_loss,train/loss,lr/pg0\n1,2,3\n", 2, 1),
    ],
)
def test_what_names_do_not_tell_is_left_to_the_visitor(
    text: str, rate: int | None, loss: int | None
) -> None:
    log = read_log(text.encode())
    assert (log.rate, log.loss) == (rate, loss)


def test_columns_of_any_name_can_be_chosen() -> None:
    log = read_log("pas,η,coût,coût\n0,0.125,9,2\n1,0.25,9,1.5\n2,0.5,9,1.75\n".encode())
    assert log.columns == ("pas", "η", "coût", "coût (column 4)")
    rates, losses = log.values(1, 3)
    assert (rates.tolist(), losses.tolist()) == (RATES, LOSSES)


def test_a_row_that_is_none_is_left_out_and_told() -> None:
    log = read_log(b"lr,loss\n0.125,2\n0.25,1.5\n0.3\n0.5,1.75\n0.")
    assert log.values(0, 1)[0].tolist() == RATES
    assert log.left_out == (
        "Left out: line 4 (the row has 1 field where the header has 2), and 1 more."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"rate\n0.1\n", "1 column:"),
        (b"," * 600 + b"\n1,2\n", "601 columns"),
        (b"rate,loss\n", "no rows"),
        (b"rate,loss\n0.1,2\n0.2,<script>\n", "Line 3: the loss “<script>” is no number."),
        (b"rate,loss\nten,2\n", "Line 2: the learning rate “ten” is no number."),
        (b"rate,loss\n0.1,2 apples\n", "Line 2: the loss “2 apples” is no number."),
        (b"\xff\xfe\x00r\x00a", "1 column:"),
        (b"PK\x03\x04 and more", "Excel workbook"),
        (b"x" * (schedule_log.MOST_BYTES + 1), "larger than 2 MB"),
        (b"1,2\n" * (schedule_log.MOST_ROWS + 2), "more rows than 20,000"),
        (b"rate,loss\n" + b"9" * 200_000 + b",1\n", "is no number"),
        (b"rate,loss\n" + b"0.1,1\n" * 20, "The learning rate is 0.1 on every row"),
        (b"rate,loss\n,1\n,2\n", "“rate” holds no number"),
    ],
)
def test_a_malformed_file_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(LogError) as caught:
        told(content)
    assert sentence in str(caught.value) and "\n" not in str(caught.value)
    assert str(caught.value).endswith(".") and len(str(caught.value)) < 250


POSITIVE = st.floats(1e-9, 1e3)


@given(
    st.lists(POSITIVE, min_size=2, max_size=12, unique=True).map(sorted),
    st.data(),
    st.sampled_from([(",", "."), (";", "."), (";", ","), ("\t", ","), ("|", "."), (" ", ",")]),
    st.booleans(),
    st.booleans(),
)
def test_any_delimiter_and_decimal_mark_give_the_same_numbers(
    rates: list[float], data: st.DataObject, marks: tuple[str, str], named: bool, split: bool
) -> None:
    """As `str` writes them: what is read is what was written, to the last bit."""
    delimiter, decimal = marks
    size = len(rates)
    losses = data.draw(st.lists(st.floats(-1e6, 1e6), min_size=size, max_size=size))
    lines = [delimiter.join(["step", "lr", "loss"])] if named or split else []
    for step, (rate, loss) in enumerate(zip(rates, losses, strict=True)):
        cells = [str(value).replace(".", decimal) for value in (rate, loss)]
        if split:
            lines += [delimiter.join([str(step), cells[0], ""])]
            lines += [delimiter.join([str(step), "", cells[1]])]
        else:
            lines.append(delimiter.join([str(step), *cells]))
    log = read_log("\n".join(lines).encode())
    if named or split:
        assert (log.rate, log.loss) == (1, 2)
    read = log.values(1, 2)
    np.testing.assert_array_equal(read[0], rates)
    np.testing.assert_array_equal(read[1], losses)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_file_is_a_log_or_refused(content: bytes) -> None:
    try:
        log = read_log(content)
        rates, losses = log.values(0, len(log.columns) - 1)
    except LogError as error:
        assert str(error).endswith(".")
        return
    assert len(rates) == len(losses) <= len(log.rows) == len(log.lines)
    assert not np.isnan(rates).any() and (np.diff(rates) != 0).all()
