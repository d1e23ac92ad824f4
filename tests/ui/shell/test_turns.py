"""Scripts run one at a time, answers first, and nobody waits forever."""

import ast
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st

from dlnlp.ui.shell import turns
from dlnlp.ui.shell.turns import Turns, aside, give_way, turn, yield_turn

ROOT = Path(__file__).resolve().parents[3]
LONG = 5.0  # seconds; only a test that fails waits so long


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Turns]:
    made = Turns()
    monkeypatch.setattr(turns, "_turns", made)
    yield made


def started(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.001)


def test_blocks_of_different_scripts_do_not_overlap() -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def script() -> None:
        nonlocal inside, most
        for _ in range(5):
            with turn():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.002)
                with lock:
                    inside -= 1

    threads = [started(script) for _ in range(6)]
    for thread in threads:
        thread.join(LONG)
    assert most == 1 and not any(thread.is_alive() for thread in threads)


def test_answers_come_before_what_can_wait() -> None:
    order: list[str] = []

    def script(name: str) -> None:
        with turn():
            order.append(f"answer {name}")
            yield_turn()
            order.append(f"rest {name}")

    with turn():
        threads = []
        for count, name in enumerate("abc", 1):
            threads.append(started(lambda name=name: script(name)))
            until(lambda count=count: len(turns._turns._queue) == count)
    for thread in threads:
        thread.join(LONG)
    assert order == [*(f"answer {n}" for n in "abc"), *(f"rest {n}" for n in "abc")]


def waiting(fresh: Turns, script: Callable[[], None]) -> threading.Thread:
    """A script that waits for its turn, behind those that wait as it does."""
    count = len(fresh._queue)
    thread = started(script)
    until(lambda: len(fresh._queue) > count)
    return thread


def in_turn(rank: int, order: list[str], name: str) -> Callable[[], None]:
    def script() -> None:
        with turn(rank):
            order.append(name)

    return script


def test_answers_come_before_pages_that_open(fresh: Turns) -> None:
    order: list[str] = []
    with turn():
        threads = [
            waiting(fresh, in_turn(turns._PAGE, order, "page")),
            waiting(fresh, in_turn(turns._ANSWER, order, "answer")),
        ]
    for thread in threads:
        thread.join(LONG)
    assert order == ["answer", "page"]


@pytest.mark.parametrize("answered", [False, True], ids=["a page that opens", "after an answer"])
def test_who_gives_way_lets_answers_go_first_and_nobody_else(fresh: Turns, answered: bool) -> None:
    order: list[str] = []
    with turn(turns._ANSWER if answered else turns._PAGE):
        if answered:
            yield_turn()
        give_way()  # nobody waits
        page = waiting(fresh, in_turn(turns._PAGE, order, "page"))
        give_way()
        order.append("goes on")
        answer = waiting(fresh, in_turn(turns._ANSWER, order, "answer"))
        give_way()
        order.append("goes on again")
        assert order == ["goes on", "answer", "goes on again"]
    for thread in (page, answer):
        thread.join(LONG)
    assert order[-1] == "page"


def test_an_answer_gives_no_way_to_another(fresh: Turns) -> None:
    order: list[str] = []
    with turn(turns._ANSWER):
        other = waiting(fresh, in_turn(turns._ANSWER, order, "another"))
        give_way()
        assert order == []
    other.join(LONG)
    give_way()  # outside of a turn there is nothing to hand over
    assert order == ["another"]


def test_a_part_that_is_drawn_again_answers_and_one_within_a_page_does_not(
    fresh: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st, "fragment", lambda draw, run_every=None: draw)
    ranks: list[int] = []

    @turns.fragment
    def board() -> None:
        ranks.append(turns._script.rank)

    board()
    with turn():
        board()
    assert ranks == [turns._ANSWER, turns._PAGE]


def test_a_script_alone_does_not_wait() -> None:
    began = time.monotonic()
    with turn():
        yield_turn()
        with turn():  # a fragment in a page
            yield_turn()
    assert time.monotonic() - began < 0.1
    yield_turn(LONG)  # outside of a turn there is nothing to hand over


def test_a_pause_hands_over_and_is_as_long_as_asked(fresh: Turns) -> None:
    other = threading.Event()

    def script() -> None:
        with turn():
            other.set()

    with turn():
        thread = started(script)
        until(lambda: fresh.awaited)
        assert not other.is_set()
        began = time.monotonic()
        yield_turn(0.05)
        assert other.is_set() and time.monotonic() - began >= 0.05
    thread.join(LONG)


def test_long_work_aside_holds_nobody_up(fresh: Turns) -> None:
    done = threading.Event()

    def script() -> None:
        with turn():
            done.set()

    with turn():
        with aside():
            started(script).join(LONG)
            assert done.is_set()
        assert not fresh.take(0, patience=0.01)  # the turn is this script's again
    with aside():  # outside of a turn there is nothing to let go
        assert fresh.take(0, patience=0)


def test_long_work_within_long_work_keeps_no_turn(fresh: Turns) -> None:
    with turn():
        with aside():
            with aside():
                assert fresh.take(0, patience=0)
                fresh.give()
            assert fresh.take(0, patience=0)
            fresh.give()
        with aside():
            yield_turn(0.001)
        assert not fresh.take(0, patience=0.01)
    assert fresh.take(0, patience=0)


def test_who_has_waited_long_enough_goes_ahead_and_ends_nobody_elses_turn(fresh: Turns) -> None:
    with turn():
        assert not fresh.take(0, patience=0.01)
        assert not fresh.awaited
        # The one that went ahead had no turn to give back: the next still waits.
        assert not fresh.take(0, patience=0.01)
    assert fresh.take(0, patience=0)


def test_a_script_that_went_ahead_leaves_the_turn_where_it_is(
    fresh: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "take", lambda rank, patience=0.0: False)
    given: list[None] = []
    monkeypatch.setattr(fresh, "give", lambda: given.append(None))
    with turn():
        yield_turn(0.001)
    assert given == []


def test_an_exception_ends_the_turn(fresh: Turns) -> None:
    for at in ("before", "after"):
        with pytest.raises(RuntimeError), turn():
            if at == "after":
                yield_turn(0.001)
            raise RuntimeError("as st.rerun does")
        assert fresh.take(0, patience=0)
        fresh.give()


def plain_fragments(code: str) -> list[int]:
    """Lines that take Streamlit's own fragment."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if (isinstance(node, ast.Attribute) and node.attr == "fragment")
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "streamlit"
            and any(name.name == "fragment" for name in node.names)
        )
    ]


def test_every_fragment_runs_in_its_turn() -> None:
    assert plain_fragments("@st.fragment\ndef f(): ...") and plain_fragments(
        "from streamlit import fragment"
    )
    folders = (ROOT / "dlnlp", ROOT / "pages")
    found = {
        str(path.relative_to(ROOT)): lines
        for folder in folders
        for path in folder.rglob("*.py")
        if (lines := plain_fragments(path.read_text(encoding="utf-8")))
        and path != Path(turns.__file__)
    }
    assert found == {}


def test_a_fragment_that_runs_by_itself_takes_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[float | None] = []

    def plain(draw: Callable[[], None], run_every: float | None = None) -> Callable[[], None]:
        made.append(run_every)
        return draw

    monkeypatch.setattr(st, "fragment", plain)
    held: list[bool] = []

    @turns.fragment(run_every=0.5)
    def watch() -> None:
        held.append(not turns.is_free())

    @turns.fragment
    def board() -> None:
        held.append(not turns.is_free())

    watch()
    board()
    assert made == [0.5, None] and held == [True, True] and turns.is_free()
