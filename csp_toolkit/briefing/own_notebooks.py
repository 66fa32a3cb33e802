"""A workspace's own notebooks against those of this version: which differ, and this version's put in their place."""

import shutil
from pathlib import Path

from csp_toolkit.briefing.own_params import name_before
from csp_toolkit.briefing.workspace import NOTEBOOKS
from csp_toolkit.params import packaged

RUN_BY_MEETINGS = ("meetings", "briefings")


def list_other_notebooks(root: Path) -> list[str]:
    """List the notebooks of a workspace that are not as this version ships them: edited there, or of an older one."""
    shipped, own = packaged(NOTEBOOKS), root / NOTEBOOKS
    files = [path.relative_to(shipped) for path in sorted(shipped.rglob("*.ipynb"))]
    return [str(f) for f in files if (own / f).exists() and (own / f).read_bytes() != (shipped / f).read_bytes()]


def replace_notebooks(root: Path) -> list[str]:
    """Put this version's notebooks of meetings in place of others, which are kept beside them; say which.

    Those an analyst explores with are left: a notebook saved with what it showed differs from what was shipped.
    """
    shipped, own = packaged(NOTEBOOKS), root / NOTEBOOKS
    replaced = [name for name in list_other_notebooks(root) if name.startswith(RUN_BY_MEETINGS)]
    for name in replaced:
        shutil.copyfile(own / name, name_before(own / name))
        aside = (own / name).with_name(f".{Path(name).name}.part")
        shutil.copyfile(shipped / name, aside)
        aside.replace(own / name)
    return replaced
