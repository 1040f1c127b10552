"""Shows how far a search index is, should one have to be made first."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadloom.cli.progress import Meter
    from leadloom.workspace import Workspace


@contextlib.contextmanager
def indexing(ws: "Workspace") -> Iterator[None]:
    """Tell of an index that has to be made meanwhile; else nothing is shown."""
    with contextlib.ExitStack() as shown:
        meters: list[Meter] = []

        def tell(step: str, done: int) -> None:
            from leadloom.cli.progress import metered

            if not meters:
                meters.append(shown.enter_context(metered("rows")))
            meters[0].tell(step, done)

        ws.on_indexing(tell)
        yield
