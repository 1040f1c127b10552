"""An import gives way: portions are as long as this machine writes in a fraction of a second."""

import time

from leadloom.imports.pace import Pace


def _sizes(pace: Pace, rows: int, seconds_a_row: float) -> list[int]:
    sizes = []
    for some in pace.portions(range(rows)):
        with pace.holding(len(some)):
            time.sleep(len(some) * seconds_a_row)
        sizes.append(len(some))
    return sizes


def test_every_row_goes_by_once_and_in_order() -> None:
    pace = Pace(2_000)
    assert [row for some in pace.portions(range(5_001)) for row in some] == list(range(5_001))


def test_a_fast_machine_takes_large_portions() -> None:
    pace = Pace(2_000)
    _sizes(pace, 5_000, 0)
    assert _sizes(pace, 4_000, 0) == [2_000, 2_000]


def test_a_slow_machine_takes_small_ones() -> None:
    pace = Pace(2_000)
    sizes = _sizes(pace, 1_500, 0.002)  # 500 rows a second: 0.4 s are 200 rows
    assert sizes[0] == 500
    assert set(sizes[1:]) == {250}
