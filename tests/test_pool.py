"""Order and number of what a pool works on (that workers end with their parent: `test_killed`)."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from dlnlp.pool import ordered_map, spawned


def threads_of_products() -> list[int]:
    """How many threads this process's products of matrices have."""
    import numpy  # noqa: F401  # loads the library that has them
    from threadpoolctl import threadpool_info

    return [each["num_threads"] for each in threadpool_info() if each["internal_api"] == "openblas"]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has one thread")
@pytest.mark.parametrize(("given", "threads"), [(None, 1), ("2", 2)])
def test_processes_share_the_cores(
    monkeypatch: pytest.MonkeyPatch, given: str | None, threads: int
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", given or "")  # put back after the test
    if given is None:
        monkeypatch.delenv("OPENBLAS_NUM_THREADS")
    with spawned(1) as pool:
        assert set(pool.submit(threads_of_products).result()) == {threads}


def test_results_come_in_order_and_few_are_in_flight() -> None:
    started: list[int] = []
    finished: list[int] = []

    def items():
        for item in range(50):
            assert len(started) - len(finished) <= 4
            started.append(item)
            yield item

    with ThreadPoolExecutor(2) as pool:
        for answer in ordered_map(pool, lambda item: item * item, items(), window=4):  # type: ignore[arg-type]
            finished.append(answer)
    assert finished == [item * item for item in range(50)]
