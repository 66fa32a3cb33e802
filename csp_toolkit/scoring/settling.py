"""Work out a lazy frame once, where it is used several times.

A lazy engine would work out a shared step anew for every branch that uses it. Polars collects; DuckDB keeps the step
as a temporary table of the relation's own connection; a frame that is not lazy is settled already. What another
engine does with its plan is left to it.
"""

from itertools import count
from typing import Any

import narwhals as nw

_NUMBERS = count(1)


def settle(frame: Any) -> Any:  # noqa: ANN401 (any engine's frame)
    """Return the same rows, worked out.

    In DuckDB a temporary table stays with the connection until it closes: a relation reads it when it is used, so
    only its owner knows when it is no longer needed.
    """
    if not isinstance(frame, nw.LazyFrame):
        return frame
    if frame.implementation.is_polars():
        return frame.collect()
    if frame.implementation.is_duckdb():
        relation, name = frame.to_native(), f"csp_step_{next(_NUMBERS)}"
        made = relation.query("step", f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM step")
        # A relation carries all it was derived from, and every new table has the whole of that bound again. What the
        # statement above gives back carries nothing; where an older DuckDB gives nothing back, relations are cheap.
        return nw.from_native((relation if made is None else made).query("step", f"SELECT * FROM {name}"))  # noqa: S608 (a name made here)
    return frame
