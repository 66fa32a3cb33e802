"""Frames are made when asked for, once; sent elsewhere, they take along what is made and can be told how to go on."""

import pickle

import pandas as pd
import pytest

from csp_toolkit.tables.on_demand import Frames


def test_a_frame_is_made_once_and_an_unknown_one_never() -> None:
    asked = []
    frames = Frames(["a", "b"], lambda name: asked.append(name) or pd.DataFrame({"name": [name]}))
    assert frames["a"] is frames["a"] and asked == ["a"] and list(frames) == ["a", "b"]
    with pytest.raises(KeyError):
        frames["c"]


def test_what_is_made_goes_along_and_the_rest_is_made_anew() -> None:
    frames = Frames(["a", "b"], lambda name: pd.DataFrame({"name": [name]}))
    frames["a"]
    sent = pickle.loads(pickle.dumps(frames))
    assert sent.detached and not frames.detached
    assert sent["a"].equals(frames["a"])
    with pytest.raises(KeyError):
        sent["b"]
    sent.attach(lambda name: pd.DataFrame({"name": [name.upper()]}))
    assert not sent.detached and sent["b"]["name"].tolist() == ["B"] and sent["a"]["name"].tolist() == ["a"]
