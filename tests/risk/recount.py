"""The toolkit's result worked out a second time, in plain Python from the YAML file: no code is shared.

One assessment is a list of answers (question, answer, days since seen, grade, agency, note), an age and facts.
"""

from fractions import Fraction
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "params" / "toolkits"


def load(name: str) -> dict:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def recount(answers: list[dict], age: int | None, facts: set[str], kit: dict) -> dict:
    questions = [q for axis in kit["axes"] for d in axis["domains"] for q in d["indicators"]]
    values = {q["id"]: settle(q, [a for a in answers if a["indicator"] == q["id"]], age, kit) for q in questions}
    asked = [q for q in questions if values[q["id"]] != "NA"]
    known = [q for q in asked if values[q["id"]] != "?"]
    open_critical = [q for q in asked if q.get("critical") and values[q["id"]] == "?"]
    share = Fraction(100 * len(known), len(asked)) if asked else Fraction(0)
    rule = kit["completeness"]
    if asked and share >= rule["complete_percent"] and not open_critical:
        status = "COMPLETE"
    else:
        status = "PROVISIONAL" if asked and share >= rule["provisional_percent"] else "INSUFFICIENT"
    out: dict = {"status": status, "known": len(known), "applicable": len(asked), "tier_floor": None}
    point = {}
    for axis in kit["axes"]:
        readings = {
            "score": values,
            "low": {i: 0 if v == "?" else v for i, v in values.items()},
            "high": {i: kit["unknown_high"] if v == "?" else v for i, v in values.items()},
        }
        for name, reading in readings.items():
            score, band, floors = band_of(axis, reading, age, facts, kit)
            out[f"{axis['id']}_{name}"], out[f"{axis['id']}_band_{name}"] = score, band
            if name == "score":
                point[axis["id"]] = band
                out["tier_floor"] = out["tier_floor"] or next((f["tier"] for f in floors if f.get("tier")), None)
        out[f"{axis['id']}_band"] = "INSUFFICIENT" if status == "INSUFFICIENT" else point[axis["id"]]
    out["tier"] = tier_of(point, status, out["tier_floor"], kit)
    return out


def settle(question: dict, rows: list[dict], age: int | None, kit: dict) -> int | str:
    is_child = age is None or age < kit["adult_from_years"]
    if question.get("applies") == ("adult" if is_child else "child"):
        return "NA"
    caps = kit["caps"]
    reporting = {
        r["agency"] for r in rows
        if r["answer"] in ("1", "2", "3") and r["agency"] and not (r["days"] is not None and r["days"] < 0)
        and (r["grade"] or "  ")[1] not in caps["ignored_information"]
    }  # fmt: skip
    counts: list[int] = []
    others: list[str] = []
    for row in rows:
        if row["answer"] == "NOT_APPLICABLE":
            others.append("NA")
            continue
        if row["answer"] == "UNKNOWN" or (row["days"] is not None and row["days"] < 0):
            others.append("?")
            continue
        source, letter = row["grade"] or "  "
        if letter in caps["ignored_information"]:
            others.append("?")
            continue
        most = [int(row["answer"])]
        if row["days"] is not None and not question.get("lifetime"):
            step = [s["at_most"] for s in caps["recency"] if row["days"] <= s["days"]]
            most.append(step[0] if step else caps["older_at_most"])
        most.append(caps["capped_sources"].get(source, 3))
        most.append(caps["capped_information"].get(letter, 3))
        if len(reporting) <= 1:
            most.append(caps["single_source"].get(letter, 3))
        if int(row["answer"]) >= caps["unsupported_from"] and not row["note"]:
            most.append(caps["unsupported_at_most"])
        counts.append(min(most))
    if counts:
        return max(counts)
    return "NA" if others and "?" not in others else "?"


def level_of(domain: dict, values: dict, kit: dict) -> int | str:
    def by_rule(questions: list[dict], said: dict) -> int | str:
        known = [q for q in questions if said[q["id"]] not in ("?", "NA")]
        if not known:
            return "?" if any(said[q["id"]] == "?" for q in questions) else "NA"
        for rule in kit["levels"]:
            for way in rule["any_of"]:
                hit = [q for q in known if said[q["id"]] >= way["at_least"]]
                if len(hit) >= way["count"] and sum(bool(q.get("critical")) for q in hit) >= way.get("critical", 0):
                    return rule["level"]
        return 0

    caps = kit["caps"]
    rest = by_rule([q for q in domain["indicators"] if not q.get("never_alone")], values)
    in_company = rest not in ("?", "NA") and rest >= caps["company_level"]
    limit = caps["in_company_at_most"] if in_company else caps["alone_at_most"]
    said = dict(values)
    for q in domain["indicators"]:
        if q.get("never_alone") and said[q["id"]] not in ("?", "NA"):
            said[q["id"]] = min(said[q["id"]], limit)
    return by_rule(domain["indicators"], said)


def band_of(axis: dict, values: dict, age: int | None, facts: set[str], kit: dict) -> tuple:
    levels = {d["id"]: level_of(d, values, kit) for d in axis["domains"]}
    known = [d for d in axis["domains"] if levels[d["id"]] not in ("?", "NA")]
    names = [b["name"] for b in kit["bands"]]
    score = band = None
    if known:
        points = sum(d["weight"] * levels[d["id"]] for d in known)
        score = round(Fraction(kit["scale"] * points, 3 * sum(d["weight"] for d in known)))
        band = [b["name"] for b in kit["bands"] if score >= b["min"]][-1]
    own = [values[q["id"]] for d in axis["domains"] for q in d["indicators"] if values[q["id"]] not in ("?", "NA")]
    held = []
    for floor in axis["floors"]:
        if any(there(g, own, values, levels, age, facts) for g in floor["grounds"]):
            held.append(floor)
            if band is None or names.index(floor["band"]) > names.index(band):
                band = floor["band"]
    return score, band, held


def there(ground: dict, own: list, values: dict, levels: dict, age: int | None, facts: set[str]) -> bool:
    if "under_years" in ground and not (age is not None and age < ground["under_years"]):
        return False
    if "fact" in ground and ground["fact"] not in facts:
        return False
    if ground.get("any_answer") and not any(v > 0 for v in own):
        return False
    if "domain_level" in ground:
        return any(v not in ("?", "NA") and v >= ground["domain_level"] for v in levels.values())
    if "answers" in ground:
        said = [values[a] for a in ground["answers"]]
        return any(v not in ("?", "NA") and v >= ground.get("at_least", 2) for v in said)
    return True


def tier_of(point: dict, status: str, set_by_floor: str | None, kit: dict) -> str:
    tiers, default = kit["tiers"], kit["completeness"]["insufficient_tier"]
    order, names = tiers["order"], [b["name"] for b in kit["bands"]]
    rows = point[tiers["rows"]]
    columns = point[tiers["columns"]] if tiers["columns"] else names[0]
    tier = tiers["table"][rows or names[0]][names.index(columns or names[0]) if tiers["columns"] else 0]
    if rows is None or columns is None:
        tier = max(tier, default, key=order.index)
    if status == "INSUFFICIENT":
        tier = default
    return max(tier, set_by_floor, key=order.index) if set_by_floor else tier
