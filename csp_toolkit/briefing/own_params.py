"""A workspace's own policy files against those of this version: what they lack, what is not known, and the way to mend.

A newer version may need keys that an older workspace's files do not have. They are added only when asked for, from the
example that is shipped, with its comments; no number that stands in a file is changed.
"""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csp_toolkit.briefing.adding_keys import add_key
from csp_toolkit.errors import ParamsError
from csp_toolkit.params import Fault, Key, find_faults, load_policy, packaged, parse_nodes, parse_policy

BEFORE = ".before"
HEAD = {"name", "version", "owner", "approved_on", "why"}


@dataclass(frozen=True)
class Held:
    """One policy file of a workspace, held against its model; `example` is the shipped file to take keys from."""

    path: Path
    example: Path | None
    faults: tuple[Fault, ...]

    @property
    def name(self) -> str:
        """The file with its folder, as `networks/ours.yaml`."""
        return f"{self.path.parent.name}/{self.path.name}"

    @property
    def missing(self) -> tuple[Key, ...]:
        """The keys this version needs and the file lacks."""
        return tuple(fault.key for fault in self.faults if fault.kind == "missing")

    def __str__(self) -> str:
        """Say what to do about the file, in a sentence for each kind of fault."""
        said = []
        for kind, words in (("missing", "missing"), ("unknown", "not known to this version, take out")):
            keys = [fault.key for fault in self.faults if fault.kind == kind]
            if keys:
                said.append(f"{words}: {_say_keys(keys)}")
        said += [str(fault) for fault in self.faults if fault.kind == "wrong"]
        mend = " `csp init --update` adds what is missing, from the shipped example" if self.missing else ""
        return f"{'; '.join(said)}.{mend}"


@dataclass(frozen=True)
class Added:
    """What was added to one policy file, or why nothing was; the file as it was stands beside it in `before`."""

    name: str
    keys: str
    before: str | None
    problem: str | None

    def __str__(self) -> str:
        if self.problem:
            return f"{self.name}: left as it is, without {self.keys}: {self.problem}."
        return f"{self.name}: added {self.keys}. Have the file approved anew; as it was, it is kept as {self.before}."


def hold_params(params: Path) -> list[Held]:
    """Read every policy file of a workspace's `params` folder, in order of kind and name.

    A file that is no YAML has one fault; its key is empty.
    """
    from csp_toolkit.briefing.policy_models import MODELS

    held = []
    for kind, model in MODELS.items():
        for path in sorted((params / kind).glob("*.yaml")):
            try:
                faults = find_faults(load_policy(path), model)
            except ParamsError as error:
                faults = (Fault((), "wrong", str(error)),)
            held.append(Held(path, _find_example(path), faults))
    return held


def list_not_held(params: Path) -> list[str]:
    """List the shipped policy files of which a workspace has none of that name, where it has the folder or not."""
    shipped = sorted(packaged("params").glob("*/*.yaml"))
    return [f"{p.parent.name}/{p.name}" for p in shipped if not (params / p.parent.name / p.name).exists()]


def add_missing(params: Path) -> list[Added]:
    """Add to each policy file the keys that this version needs and it lacks; keep the file as it was beside it.

    A file to which its keys cannot be added, or that would be refused still, is left as it is. `approved_on` is
    emptied, for nobody has approved what was added.
    """
    return [_add(held) for held in hold_params(params) if held.missing]


def _add(held: Held) -> Added:
    keys = _say_keys(held.missing)
    own = ", ".join(str(key[0]) for key in held.missing if key[0] in HEAD)
    if own:
        return Added(held.name, keys, None, f"{own} is yours to say; write it in by hand")
    old = held.path.read_text(encoding="utf-8")
    example = held.example.read_text(encoding="utf-8") if held.example else ""
    new: str | None = old if old.endswith("\n") else old + "\n"
    for key in held.missing:
        new = add_key(new, example, key) if new is not None and example else None
    if new is None:
        return Added(held.name, keys, None, "no shipped file has these keys in this place; add them by hand")
    new = _empty_approval(new, keys)
    problem = _check(old, new, held)
    if problem:
        return Added(held.name, keys, None, problem)
    before = name_before(held.path)
    shutil.copyfile(held.path, before)
    aside = held.path.with_name(f".{held.path.name}.part")
    aside.write_text(new, encoding="utf-8")
    aside.replace(held.path)
    return Added(held.name, keys, before.name, None)


def _find_example(path: Path) -> Path | None:
    """Return the shipped file of the same name, else the only one of its kind."""
    kind = packaged("params") / path.parent.name
    if (kind / path.name).exists():
        return kind / path.name
    files = list(kind.glob("*.yaml"))
    return files[0] if len(files) == 1 else None


def _say_keys(keys: Iterable[Key]) -> str:
    """Name keys; those of the entries of one list once, with how many there are."""
    counts = Counter(".".join("*" if isinstance(part, int) else part for part in key) for key in keys)
    return ", ".join(f"{name} ({n} entries)" if "*" in name else name for name, n in counts.items())


def _empty_approval(text: str, keys: str) -> str:
    """Empty `approved_on`, and say in a comment beside it what nobody has approved."""
    node = parse_nodes(text)
    value: Any = next((value for name, value in node.value if name.value == "approved_on"), None) if node else None
    if value is None:
        return text
    lines = text.splitlines()
    at, was = value.start_mark.line, f"was {value.value}, before these were added" if value.value else "added"
    lines[at] = f"approved_on:  # {was}: {keys}"
    return "\n".join(lines) + "\n"


def _check(old: str, new: str, held: Held) -> str | None:
    """Say what speaks against writing a mended file: it is refused still, or something that stood in it has changed."""
    from csp_toolkit.briefing.policy_models import MODELS

    before, after = (parse_policy(text) for text in (old, new))
    changed = [".".join(map(str, key)) for key in _list_changed(before, after, ()) if key != ("approved_on",)]
    if changed:
        return f"adding them would change {', '.join(changed)}; add them by hand"
    left = [fault for fault in find_faults(after, MODELS[held.path.parent.name]) if fault.kind != "unknown"]
    return f"it would be refused still: {'; '.join(map(str, left))}" if left else None


def _list_changed(old: object, new: object, key: Key) -> Iterator[Key]:
    """Yield the keys whose value is not what it was; a key that is new is no change."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name, value in old.items():
            yield from _list_changed(value, new.get(name), (*key, name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _list_changed(one, other, (*key, place))
    elif old != new:
        yield key


def name_before(path: Path) -> Path:
    """Return the first free name for the file as it was. It does not end in `.yaml`, so that nothing reads it."""
    n = 1
    while (named := path.with_name(f"{path.name}{BEFORE}-{n}")).exists():
        n += 1
    return named
