"""Read one policy file into one frozen model, or say everything that is wrong with it.

Every number a practitioner could dispute stands in a YAML file under `params/`, with its name, version,
owner, date of approval and reason. Code holds only how such numbers combine. A key nobody knows is refused:
a misspelt weight must not fall back to a default in silence.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from csp_toolkit.errors import ParamsError


class Frozen(BaseModel):
    """A part of a policy: cannot be changed once read, and knows no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Policy(Frozen):
    """A whole policy file. `approved_on` empty means: nobody has approved it yet."""

    name: str
    version: str
    owner: str
    approved_on: date | None
    why: str


PolicyT = TypeVar("PolicyT", bound=Policy)
Key = tuple[str | int, ...]
# LibYAML where it is there: the same reading, ten times as fast.
_FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_FastLoader):  # type: ignore[misc, unused-ignore]
    """YAML in which the same key twice is an error and `NO` is a word, not a falsehood."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} stands twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tfTF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def packaged(kind: str) -> Path:
    """Return the folder of what the package carries: `params`, `notebooks`.

    In a checkout it stands beside the package; in an installed wheel, inside it.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "packaged" / kind, here.parent / kind):
        if folder.is_dir():
            return folder
    raise ParamsError(f"The package carries no {kind} folder. Install it again.")


def policy_files(kind: str, folder: Path | None = None) -> dict[str, Path]:
    """List the policy files of one kind by name: the workspace's own, else the packaged ones.

    `folder` is a workspace's `params` folder. Where it holds the kind at all, it alone counts, so that a
    partnership that removed a file does not get it back from the package.
    """
    home = (folder / kind) if folder is not None and (folder / kind).is_dir() else packaged("params") / kind
    return {path.stem: path for path in sorted(home.glob("*.yaml"))}


@dataclass(frozen=True)
class Fault:
    """One thing by which a policy file is refused: a key that is missing, one nobody knows, or one that says wrong."""

    key: Key
    kind: Literal["missing", "unknown", "wrong"]
    words: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.key)) or 'file'}: {self.words}"


def read_policy(path: Path, model: type[PolicyT]) -> PolicyT:
    """Read the policy file at `path` into `model`; raise `ParamsError` with every problem it has."""
    name = f"{path.parent.name}/{path.name}"
    content = load_policy(path)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = _list_faults(error)
    hint = " `csp doctor` says how to bring it up to date." if any(f.kind == "missing" for f in faults) else ""
    raise ParamsError(f"{name}: {len(faults)} to mend: {'; '.join(map(str, faults))}.{hint}")


def find_faults(content: object, model: type[Policy]) -> tuple[Fault, ...]:
    """List everything for which `model` would refuse what a policy file says; nothing where it would be read."""
    try:
        model.model_validate(content)
    except ValidationError as error:
        return _list_faults(error)
    return ()


def load_policy(path: Path) -> Any:
    """Return what the policy file at `path` says, whatever its model; raise `ParamsError` where it is no YAML."""
    name = f"{path.parent.name}/{path.name}"
    try:
        return parse_policy(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(f"{name}: cannot be read ({type(error).__name__}). Check the file.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise ParamsError(f"{name}: not valid YAML{where}: {getattr(error, 'problem', 'unreadable')}.") from None


def parse_policy(text: str) -> Any:
    """Return what the text of a policy file says."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)


def parse_nodes(text: str) -> yaml.Node | None:
    """Return the tree of a policy file's text, each node with the place where it stands."""
    return yaml.compose(text, Loader=yaml.SafeLoader)  # LibYAML says less of where a node stands


def _list_faults(error: ValidationError) -> tuple[Fault, ...]:
    known: dict[str, tuple[Literal["missing", "unknown"], str]] = {
        "missing": ("missing", "missing"), "extra_forbidden": ("unknown", "not known"),
    }  # fmt: skip
    return tuple(Fault(e["loc"], *known.get(e["type"], ("wrong", e["msg"]))) for e in error.errors())


def read_named(kind: str, name: str, model: type[PolicyT], folder: Path | None = None) -> PolicyT:
    """Read the policy file `name` of one kind, from a workspace's `params` folder or the package."""
    files = policy_files(kind, folder)
    if name not in files:
        known = ", ".join(files) or "none"
        raise ParamsError(f"No {kind} file is called {name!r}. There are: {known}.")
    return read_policy(files[name], model)


def read_one(kind: str, folder: Path, read: Callable[[str, Path], PolicyT]) -> PolicyT:
    """Read the one policy of a kind that a workspace uses."""
    names = list(policy_files(kind, folder))
    if len(names) != 1:
        raise ParamsError(f"params/{kind} holds {len(names)} files; this meeting uses one. Keep the one in use.")
    return read(names[0], folder)


def fingerprint(paths: list[Path]) -> str:
    """Return one SHA-256 over the names and bytes of policy files, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(paths, key=lambda p: (p.parent.name, p.name)):
        digest.update(f"{path.parent.name}/{path.name}\0".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
        digest.update(b"\0")
    return digest.hexdigest()
