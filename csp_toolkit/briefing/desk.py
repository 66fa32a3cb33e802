"""The analyst's desk: JupyterLab on one workspace, reachable from this machine alone and reaching nothing."""

import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from csp_toolkit.briefing.workspace import NOTEBOOKS, Workspace
from csp_toolkit.errors import WorkspaceError

WELCOME = "00_welcome.ipynb"
# Tables of records are the frames an analyst works with; the others are set as on a page: words to the left.
LOOK = """.jp-RenderedHTMLCommon table:not(.dataframe) :is(th, td, caption) { text-align: left; }
.jp-RenderedHTMLCommon table:not(.dataframe) .num { text-align: right; }
.jp-RenderedHTMLCommon table th small { display: block; font-weight: normal; }
"""
# Nothing typed is kept but in notebooks, and a sentence in a cell is shown whole: pandas cuts at fifty letters.
KERNEL = """c = get_config()
c.HistoryManager.enabled = False
c.InteractiveShellApp.exec_lines = ["import pandas", "pandas.options.display.max_colwidth = 160", "del pandas"]
"""
NEWS = "@jupyterlab/apputils-extension:announcements"  # asks whether it may fetch news
QUIET = (
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.allow_remote_access=False",
    "--ServerApp.terminals_enabled=False",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.custom_css=True",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabServerApp.blocked_extensions_uris=",
    "--KernelManager.transport=ipc",
    "--KernelSpecManager.ensure_native_kernel=True",
    "--KernelSpecManager.allowed_kernelspecs=python3",
)


def describe_desk(workspace: Workspace, *, port: int, open_browser: bool) -> tuple[list[str], dict[str, str]]:
    """Return the command that opens the desk, and what it adds to the environment.

    The token is made by the server, anew each time; nothing is registered with Jupyter on this machine, and what it
    would keep at home (settings, history) is kept in the workspace.
    """
    if find_spec("jupyterlab") is None:
        raise WorkspaceError("The desk is not installed. Install it with `pip install 'csp-toolkit[lab]'`.")
    start = workspace.root / NOTEBOOKS / WELCOME
    where = f"/lab/tree/{NOTEBOOKS}/{WELCOME}" if start.exists() else "/lab"
    command = [
        sys.executable, "-m", "jupyterlab", *QUIET, f"--ServerApp.root_dir={workspace.root}",
        f"--LabApp.default_url={where}", f"--ServerApp.port={port}", f"--ServerApp.open_browser={open_browser}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # whoever runs this as root, in a container say, has chosen to
    home = workspace.root / ".jupyter"
    environment = {
        "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"), "JUPYTER_PLATFORM_DIRS": "0",
    }  # fmt: skip
    return command, environment


def open_desk(command: list[str], environment: dict[str, str], root: Path) -> int:
    """Run the desk until it is closed, and return its exit status; what was typed is kept nowhere but in notebooks."""
    asks = Path(environment["JUPYTER_CONFIG_DIR"]) / "labconfig" / "page_config.json"
    asks.parent.mkdir(parents=True, exist_ok=True)
    asks.write_text(json.dumps({"disabledExtensions": {NEWS: True}}), encoding="utf-8")
    profile = Path(environment["IPYTHONDIR"]) / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_config.py").write_text(KERNEL, encoding="utf-8")
    look = Path(environment["JUPYTER_CONFIG_DIR"]) / "custom" / "custom.css"
    look.parent.mkdir(parents=True, exist_ok=True)
    look.write_text(LOOK, encoding="utf-8")
    # Sockets stand in a short path: the system allows about a hundred letters.
    with tempfile.TemporaryDirectory(prefix="csp-") as runtime:
        everything = {**os.environ, **environment, "JUPYTER_RUNTIME_DIR": runtime}
        try:
            return subprocess.run(command, cwd=root, env=everything, check=False).returncode
        except KeyboardInterrupt:
            return 0
