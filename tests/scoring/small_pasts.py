"""A small pool of people as at past meetings, in literals: who stands where, and what is recorded of them later."""

from datetime import date, timedelta

from csp_toolkit.scoring.review.past_meetings import PastMeeting
from csp_toolkit.tables.view import View
from tests.scoring.small_views import agreement, crime, on_register, record, report, small_view, subject, suspect

NOW = date(2026, 11, 26)


def pool(
    as_of: date, n: int, later: dict[int, tuple[date, str]] | None = None, stays: list[dict] | None = None,
    listed: list[int] | None = None,
) -> View:  # fmt: skip
    """Return a view in which P00 has most points, P01 fewer, and so on; `later` adds a robbery to some, dated.

    Everybody has a robbery of ten days before January 2026's meeting and a 1A report; P00 has n more small assaults,
    P01 one fewer, which is what ranks them.
    """
    start = date(2026, 1, 20)
    rows: dict[str, list[dict]] = {name: [] for name in
                                   ("person_records", "reviews", "crimes", "crime_suspects", "intel_reports",
                                    "intel_subjects")}  # fmt: skip
    for at in range(n):
        who = f"P{at:02}"
        day = (start - timedelta(days=10)).isoformat()
        rows["person_records"].append(record(who))
        rows["reviews"].append(on_register(who, items_relied_on=f"C{who}; R{who}", included_on="2025-12-01",
                                           last_review_on=as_of.isoformat(),
                                           next_review_on=(as_of + timedelta(days=30)).isoformat()))  # fmt: skip
        rows["crimes"].append(crime(f"C{who}", from_on=day, outcome_code="1"))
        rows["crime_suspects"].append(suspect(f"C{who}", who))
        rows["intel_reports"].append(report(f"R{who}", event_on=day, submitted_on=day))
        rows["intel_subjects"].append(subject(f"R{who}", who))
        for extra in range(n - at):
            rows["crimes"].append(crime(f"A{who}{extra}", ho_code="10C/1", offence="Possession of an offensive weapon",
                                        from_on=(start - timedelta(days=20 + extra)).isoformat()))  # fmt: skip
            rows["crime_suspects"].append(suspect(f"A{who}{extra}", who, status="SUSPECT", part="SECONDARY"))
    for at, (day, detection) in (later or {}).items():
        if day <= as_of:
            rows["crimes"].append(crime(f"L{at}", from_on=day.isoformat(), detection=detection))
            rows["crime_suspects"].append(suspect(f"L{at}", f"P{at:02}"))
    return small_view(
        as_of=as_of, agreements=[agreement()], prison_stays=stays or [],
        police_list=[{"meeting_on": as_of.isoformat(), "place": place, "person_ref": f"P{at:02}"}
                     for place, at in enumerate(listed or [], start=1)], **rows,
    )  # fmt: skip


def meetings(days: list[date], n: int, *, later: dict[int, tuple[date, str]] | None = None, **more: object,
             ) -> tuple[PastMeeting, ...]:  # fmt: skip
    return tuple(PastMeeting(pool(day, n, later, **more), is_hindsight=True) for day in days)  # type: ignore[arg-type]
