"""A workspace made, completed, or brought up to this version: the work of `csp init`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csp_toolkit.briefing.own_notebooks import replace_notebooks
from csp_toolkit.briefing.own_params import Added, add_missing
from csp_toolkit.briefing.workspace import Initialised, Workspace, init_workspace
from csp_toolkit.tables.casebook import Casebook


@dataclass(frozen=True)
class SetUp:
    """What was put in place, what was added to the workspace's own policy files, and which notebooks were exchanged."""

    made: Initialised
    added: tuple[Added, ...]
    replaced: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything that was missing could be added."""
        return not any(file.problem for file in self.added)

    def describe(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        return {
            "workspace": str(self.made.root), "copied": len(self.made.copied), "kept": list(self.made.kept),
            "added": [vars(file) for file in self.added], "replaced": list(self.replaced),
        }  # fmt: skip

    def sentences(self) -> list[str]:
        """Say it line by line."""
        root, n, n_kept = self.made.root, len(self.made.copied), len(self.made.kept)
        said = [f"Workspace {root}: {n} files put in place, {n_kept} others left as they are."]
        said += [str(file) for file in self.added]
        if self.replaced:
            said.append(f"This version's put in place, yours kept beside them: {', '.join(self.replaced)}.")
        return [*said, f"Next: csp load DELIVERY --received YYYY-MM-DD --workspace {root}"]


def set_up(root: Path, casebook: str | None = None, *, update: bool = False) -> SetUp:
    """Make a workspace or complete one; with `update`, add what its own files lack for this version."""
    made = init_workspace(root)
    home = Workspace.open(root, casebook)
    added = add_missing(home.params) if update else []
    replaced = replace_notebooks(root) if update else []
    Casebook.open(home.casebook, create=True).close()
    return SetUp(made, tuple(added), tuple(replaced))
