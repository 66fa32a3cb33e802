"""Every policy file of a workspace, read before anything runs: a slip in one is bad input and no failed notebook."""

from pathlib import Path

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import policy_files, read_policy

# Of these a workspace uses one, and which one is a matter of what lies in the folder.
ONE_IN_USE = (
    "cases", "certainty", "interventions", "matrices", "networks", "requirements", "validity", "vulnerability",
)  # fmt: skip


def check_policies(params: Path) -> int:
    """Read every policy file a workspace goes by, and return how many there are.

    Raises
    ------
    ParamsError : with what is wrong in every file that cannot be read, and each kind of which there is not just one.
    """
    from csp_toolkit.briefing.policy_models import MODELS

    problems, n_files = [], 0
    for kind, model in MODELS.items():
        files = policy_files(kind, params)
        n_files += len(files)
        if kind in ONE_IN_USE and len(files) != 1:
            problems.append(f"params/{kind} holds {len(files)} files, of which one is used. Keep the one in use.")
        for path in files.values():
            try:
                read_policy(path, model)
            except ParamsError as error:
                problems.append(str(error))
    if problems:
        raise ParamsError(" ".join(problems))
    return n_files
