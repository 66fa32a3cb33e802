"""Three invented areas, two of one force and one of another, and a border policy that any test can loosen."""

from datetime import date

import pandas as pd

from csp_toolkit.networks.borders.areas import Area, Areas, Force
from csp_toolkit.networks.borders.homes import Homes, collect_homes
from csp_toolkit.networks.borders.policy import BorderPolicy, read_border_policy
from csp_toolkit.tables.view import View

HERE, NEAR, FAR = "E00000001", "E00000002", "E00000003"
OURS, THEIRS = "E23000091", "E23000092"


def make_areas(*more: Area, **changes: object) -> Areas:
    """Make the areas Here and Near (one force, 0.5 degrees apart) and Far (another force)."""
    listed = (
        Area(code=HERE, name="Here", kind="district", force=OURS, council="Here Council", population=100_000,
             latitude=51.5, longitude=0.5, rail=("a",), neighbours=(NEAR,)),
        Area(code=NEAR, name="Near", also=("Nearby",), kind="district", force=OURS, council="Near Council",
             population=100_000, latitude=52.0, longitude=0.5, rail=("a",), neighbours=(HERE,)),
        Area(code=FAR, name="Far", kind="london_borough", force=THEIRS, population=200_000, latitude=51.5,
             longitude=-0.5),
    )  # fmt: skip
    whole = {
        "name": "small", "version": "1", "owner": "tests", "approved_on": None, "why": "for tests", "here": HERE,
        "force": OURS, "areas": (*listed, *more),
        "forces": (Force(code=OURS, name="Our Police", also=("Ours",)), Force(code=THEIRS, name="Their Police",
                                                                             also=("Theirs",))),
        "stations": {"Here Halt": HERE, "Far Central": FAR}, "postcodes": {"ZZ1": HERE},
    }  # fmt: skip
    return Areas(**(whole | changes))


def make_policy(**changes: object) -> BorderPolicy:
    """Return the packaged policy with the tenancies of Here, and changes."""
    return read_border_policy().model_copy(update={"tenancy_area": HERE, **changes})


def make_homes(view: View, areas: Areas | None = None, **changes: object) -> Homes:
    """Collect the homes of a view among the three areas."""
    return collect_homes(view, areas or make_areas(), make_policy(**changes))


def registered(person: str, area: str, on: str, **more: object) -> dict:
    """Return a row of the police register."""
    return {"source_ref": person, "person_id": person, "home_area": area, "updated_on": on, **more}


def arrest(person: str, on: str, home: str, crime: str | None = None, force: str = "Ours", **more: object) -> dict:
    """Return a detention."""
    ref = f"C-{person}-{on}"
    return {"custody_ref": ref, "person_ref": person, "arrived_at": f"{on} 10:00", "home_area": home,
            "crime_ref": crime, "force": force, **more}  # fmt: skip


def day(year: int, month: int, of: int) -> pd.Timestamp:
    """Return a day as pandas has it."""
    return pd.Timestamp(date(year, month, of))
