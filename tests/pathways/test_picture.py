"""The drawing of a degree: every credit is in it once, in its place, and no tile is fuller than full."""

from hypothesis import given
from hypothesis import strategies as some

from academy.pathways.kinds import Standing
from academy.pathways.rules import picture
from academy.pathways.rules.picture import Share

S = Standing
_AMOUNTS = some.lists(some.tuples(some.sampled_from(picture.LOOKS), some.integers(1, 700)), max_size=8)


def area(drawn: picture.Drawing, look: str) -> int:
    return sum(segment.width for tile in drawn.tiles for segment in tile.segments if segment.look == look)


def test_an_associate_degree_is_twenty_four_tiles_in_four_half_years() -> None:
    drawn = picture.drawing(picture.shares({S.OBTAINED: 300, S.PLANNED: 600}, 300), size=picture.tile_size(1_200))
    assert len(drawn.tiles) == 24
    assert len({tile.y for tile in drawn.tiles}) == 4
    assert drawn.height == drawn.tiles[-1].y + drawn.tiles[-1].height
    assert [tile.segments[0].look for tile in drawn.tiles] == ["obtained"] * 6 + ["planned"] * 12 + ["missing"] * 6


def test_the_surest_credit_comes_first_and_what_is_missing_last() -> None:
    found = picture.shares({S.PLANNED: 40, S.IN_PROGRESS: 30, S.RECOGNISED: 20, S.OBTAINED: 10}, 50)
    assert [share.look for share in found] == ["obtained", "recognised", "in-progress", "planned", "missing"]
    assert [share.amount for share in found] == [10, 20, 30, 40, 50]


def test_what_is_nothing_is_not_drawn() -> None:
    assert picture.shares({S.OBTAINED: 0, S.PLANNED: 10}, 0) == (Share("planned", 10),)
    assert picture.drawing((), size=50).tiles == ()
    assert picture.drawing((), size=50).height == 0


def test_a_tile_is_shared_where_one_kind_ends_and_the_next_begins() -> None:
    (tile,) = picture.drawing([Share("obtained", 30), Share("missing", 20)], size=50).tiles
    first, second = tile.segments
    assert (first.look, first.x, first.width) == ("obtained", 0, tile.width * 3 // 5)
    assert second.x == first.x + first.width
    assert second.x + second.width == tile.width


def test_a_letter_stands_only_where_it_fits() -> None:
    (tile,) = picture.drawing([Share("obtained", 45), Share("missing", 5)], size=50).tiles
    wide, narrow = tile.segments
    assert wide.x < wide.mark < wide.x + wide.width
    assert narrow.mark == 0


def test_the_last_tile_is_narrower_where_the_credits_are_no_round_number() -> None:
    drawn = picture.drawing([Share("obtained", 75)], size=50)
    assert [tile.width for tile in drawn.tiles] == [160, 80]


def test_a_tile_stands_for_more_credits_in_a_longer_degree() -> None:
    assert [picture.tile_size(whole) for whole in (50, 150, 151, 1_200, 1_800, 2_400)] == [10, 10, 50, 50, 50, 100]


def test_rows_of_requirements_add_up_to_the_whole() -> None:
    rows = [[Share("obtained", 50), Share("missing", 10)], [Share("planned", 40)], [Share("missing", 5)]]
    assert picture.together(rows) == (Share("obtained", 50), Share("planned", 40), Share("missing", 15))


@given(_AMOUNTS, some.integers(1, 120))
def test_every_credit_is_drawn_once_and_nothing_sticks_out(amounts: list[tuple[str, int]], size: int) -> None:
    parts = [Share(look, amount) for look, amount in amounts]
    drawn = picture.drawing(parts, size=size)
    assert len(drawn.tiles) == -(-sum(part.amount for part in parts) // size)
    for tile in drawn.tiles:
        edge = tile.x
        for segment in tile.segments:
            assert segment.x == edge
            edge += segment.width
        assert edge == tile.x + tile.width
        assert tile.x + tile.width <= picture.WIDTH
        assert tile.y + tile.height <= drawn.height
    for look in picture.LOOKS:
        asked = sum(part.amount for part in parts if part.look == look)
        assert abs(area(drawn, look) - 160 * asked / size) <= 2 * (len(drawn.tiles) + 1)
