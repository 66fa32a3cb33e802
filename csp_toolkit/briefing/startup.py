"""What a run imports, before it loads anything: quickly, and never a checker that checks nothing of ours.

Nothing heavy may be imported by this module itself: it must come first.
"""

import gc
import importlib
import sys
from contextlib import suppress

from csp_toolkit.briefing.forked import can_fork

IMPORTED_FIRST = (
    "pandas", "pyarrow.acero", "sqlalchemy.dialects.sqlite", "narwhals", "networkx", "rustworkx", "yaml", "papermill",
    "jinja2.ext", "nbconvert.exporters", "IPython.core.magics", "IPython.core.completer", "matplotlib.figure",
    "matplotlib.backends.backend_agg", "matplotlib.patheffects", "scipy.sparse", "scipy.optimize",
    "csp_toolkit.briefing.engine", "csp_toolkit.briefing.render", "csp_toolkit.briefing.pages.monthly",
    "csp_toolkit.sharing.meeting", "csp_toolkit.scoring.assessment",
)  # fmt: skip
IDLE_CHECKER = "rfc3987_syntax"


def import_everything(*, with_pdf: bool = False) -> None:
    """Import what a run needs, so that forked children need not: the parent has then loaded code and no data.

    Notes
    -----
    JupyterLab brings a checker of addresses that costs a second to import and checks nothing of ours. What is imported
    is never garbage: the collector stays out while it comes in, and does not walk it again, not even at the end.
    Where no child can be forked there is nothing to prepare: each notebook's kernel imports for itself.
    """
    if not can_fork():
        return
    sys.modules.setdefault(IDLE_CHECKER, None)  # type: ignore[arg-type]
    was_on = gc.isenabled()
    gc.disable()
    try:
        for name in (*IMPORTED_FIRST, *(["weasyprint"] if with_pdf else [])):
            with suppress(ImportError, OSError):
                importlib.import_module(name)
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
