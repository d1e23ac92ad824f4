"""Peak memory is that of the command, whatever this process holds."""

import sys

import pytest

from benchmarks.memory import peak, plot


def allocating(megabytes: int) -> list[str]:
    return [sys.executable, "-c", f"held = b'x' * {megabytes * 1_000_000}"]


def test_peak_grows_by_what_a_command_holds() -> None:
    mine = b"x" * 300_000_000
    small, _ = peak(allocating(1), {})
    large, seconds = peak(allocating(101), {})
    assert len(mine) / 1e6 > large > small
    assert large - small == pytest.approx(100, rel=0.1)
    assert seconds > 0


def test_a_command_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="failed"):
        peak([sys.executable, "-c", "raise SystemExit(3)"], {})


def test_the_command_sees_what_it_is_given() -> None:
    peak([sys.executable, "-c", "import os; assert os.environ['GIVEN'] == 'yes'"], {"GIVEN": "yes"})


def test_the_plot_holds_every_size_and_stage() -> None:
    rows = [(size, {"preparing": 300.0 + size, "training": 900.0 + size}) for size in (1100, 4700)]
    lines = plot(rows).splitlines()
    assert [lines[0], lines[-1]] == ["```mermaid", "```"]
    assert '    x-axis "documents" ["1,100", "4,700"]' in lines
    assert lines[-3:-1] == ["    line [1400, 5000]", "    line [2000, 5600]"]
