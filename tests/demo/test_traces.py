"""What years of use leave in the demonstration city."""

from sqlalchemy import select

from app.core import clock
from app.demo.load import FEWEST, load_city, write_traces
from skills.models import AssessmentRound, LevelRecord, ReconciliationItem
from skills.queries.assessment_results import agreements
from skills.services.data_quality import failures, qualities, trend


def test_the_city_has_records_to_mend_a_trend_and_differences_to_decide(session):
    loaded = load_city(session, people=FEWEST, seed=7)
    counts = write_traces(loaded)
    found = failures(qualities(session, day=clock.today()))
    assert found["no_email"] and found["no_supervisor"]
    assert counts["flawed record"] > 10
    totals = [row.total for row in trend(session)]
    assert len(totals) == 7 and totals[0] < totals[-1]
    decisions = set(session.scalars(select(ReconciliationItem.decision)))
    assert None in decisions and {"correct"} <= decisions
    rounds = session.scalars(select(AssessmentRound).order_by(AssessmentRound.id)).all()
    assert [one.state for one in rounds] == ["closed", "open"]
    assert agreements(session, round_=rounds[0])[0].found.kappa > 0.4
    sources = session.scalars(
        select(LevelRecord.source).where(LevelRecord.reference == f"round:{rounds[0].id}")
    )
    assert set(sources) == {"self", "supervisor", "assessor", "peer", "subordinate"}
