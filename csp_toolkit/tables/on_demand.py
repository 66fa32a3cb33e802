"""Frames by name, each made when it is first asked for, and kept: a meeting reads half of what a casebook holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd


class Frames(Mapping[str, pd.DataFrame]):
    """A mapping of frames that makes each the first time it is asked for.

    Sent to another process it takes along what is made by then, and is `detached`: `attach` says how to make the rest.
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        self._names = tuple(names)
        self._make: Callable[[str], pd.DataFrame] | None = make
        self._made: dict[str, pd.DataFrame] = {}

    @property
    def detached(self) -> bool:
        """Say whether only what is made already can be had."""
        return self._make is None

    def attach(self, make: Callable[[str], pd.DataFrame]) -> None:
        """Make what is not made yet this way from now on."""
        self._make = make

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_make": None}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names or (self._make is None and name not in self._made):
            raise KeyError(name)
        if name not in self._made and self._make is not None:
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
