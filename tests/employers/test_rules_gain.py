"""What pooling gives: the measurement of docs/performance.md in small."""

from benchmarks.pool import figures_of


def test_pooling_makes_several_times_the_classes_of_firms_alone_and_more_where_people_name_several_moments() -> None:
    figures = figures_of(posts=200, quarters=15)
    assert figures["alone"] == 4.0
    assert figures["several slots, times alone"] > 3
    assert figures["several slots, times one slot"] > 1.25
    assert figures["two slots"] > figures["one slot"] > figures["one of 21 slots"] >= figures["alone"]
    assert figures["several slots, put off once"] > figures["several slots"]
