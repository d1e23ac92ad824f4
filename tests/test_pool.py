"""Order and number of what a pool works on (that workers end with their parent: `test_killed`)."""

from concurrent.futures import ThreadPoolExecutor

from dlnlp.pool import ordered_map


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
