"""Small counts with how sure they are: Wilson's interval for a share, the exact Poisson one for a count, and bounds.

An interval says how far chance alone could move a figure of this size. It says nothing of who was looked at more.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.tables.intervals import share_wilson

Z_95 = 1.959963984540054


def poisson_interval(n: int) -> tuple[float, float]:
    """Return the exact 95 % interval of a count (Garwood 1936).

    >>> [round(end, 2) for end in poisson_interval(5)], round(poisson_interval(0)[1], 2)
    ([1.62, 11.67], 3.69)
    """
    from scipy.stats import chi2

    low = 0.0 if n == 0 else float(chi2.ppf(0.025, 2 * n) / 2)
    return low, float(chi2.ppf(0.975, 2 * n + 2) / 2)


def bound_share(n_part: int, n_known: int, n_unknown: int) -> dict[str, Any]:
    """Return a share of what is known, its interval, and the least and most it could be with the unknown known."""
    found = share_wilson(n_part, n_known)
    low, high = (found.low, found.high) if n_known else (0.0, 1.0)
    n_all = n_known + n_unknown
    return {
        "n_part": n_part, "n_known": n_known, "n_unknown": n_unknown,
        "share": n_part / n_known if n_known else np.nan, "share_low": low, "share_high": high,
        "share_unknown": n_unknown / n_all if n_all else np.nan,
        "share_least": n_part / n_all if n_all else np.nan,
        "share_most": (n_part + n_unknown) / n_all if n_all else np.nan,
    }  # fmt: skip


def say_share(share: Mapping[str, Any] | pd.Series, what: str, least: int) -> str:
    """Say a share in words, per cent only from `least` on, with the unknown and its bounds; never without them."""
    part, known, unknown = (int(share[name]) for name in ("n_part", "n_known", "n_unknown"))
    if known == 0:
        return f"none is known ({unknown} not known): not assessed."
    said = f"{part:,} of {known:,} {what}"
    if known >= least:
        said += f" ({_percent(share['share'])}; chance alone could make it {_percent(share['share_low'])} to "
        said += f"{_percent(share['share_high'])})"
    said += f". Of {unknown:,} more it is not known" if unknown else ". Of nobody else is it not known"
    if unknown and known + unknown >= least:
        said += f" ({_percent(share['share_unknown'])} of all): whatever they are, the share is between "
        said += f"{_percent(share['share_least'])} and {_percent(share['share_most'])}"
    return said + "."


def _percent(share: float) -> str:
    return f"{100 * float(share):.0f}%"
