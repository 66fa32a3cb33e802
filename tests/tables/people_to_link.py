"""Records of made-up people for the tests of linking, from literals."""

from collections.abc import Mapping

import pandas as pd

# A family name and a home that several people share; unless a test says otherwise, records differ in nothing else.
BASE: Mapping[str, object] = {
    "family_name": "Ravensworth", "given_name": "Brandon", "dob": "2004-12-02", "dob_precision": "EXACT", "sex": "M",
    "home_address": "82 Copperbeck Mews, Langdon Hills", "postcode": "SS99 9EQ",
}  # fmt: skip


def people(*rows: Mapping[str, object]) -> pd.DataFrame:
    """Return one record per row, each from an agency of its own: what is not said is as in `BASE`."""
    made = [
        {"record_id": f"r{n}", "source_system": f"agency_{n}", "source_ref": f"{n}", **BASE, **row}
        for n, row in enumerate(rows)
    ]
    frame = pd.DataFrame(made)
    frame["dob"] = pd.to_datetime(frame["dob"])
    texts = [name for name in frame.columns if name not in ("dob", "valid_from", "valid_to", "is_register")]
    return frame.astype(dict.fromkeys(texts, "str"))
