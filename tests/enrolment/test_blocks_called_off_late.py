"""A class that had begun and is called off after all: of a block nothing is owed any more, neither with a name nor without."""

from datetime import datetime

from academy.catalogue.api import OfferingState
from academy.enrolment import service
from academy.enrolment.kinds import EnrolmentState
from academy.enrolment.service import blocks
from academy.funding.kinds import BlockState
from academy.kernel.db import Database
from tests.enrolment.block_desk import DAY, open_block_desk
from tests.enrolment.desk import listen


def test_a_class_that_is_called_off_after_it_began_costs_the_firm_nothing(database: Database, now: datetime) -> None:
    listen()
    desk = open_block_desk(database, now)
    sold = desk.sell(3)
    code = desk.claim(sold)
    begun = desk.now + 28 * DAY
    desk.run(blocks.close_begun, offering_id=desk.offering().id, now=begun)
    assert (desk.block(sold).state, desk.money()) == (BlockState.CLOSED, (3, 0))
    desk.set_offering(state=OfferingState.CANCELLED)
    for _time in range(2):
        desk.run(service.withdraw_seats, offering_id=desk.offering().id, now=begun + DAY)
        desk.news_arrives()
    assert (desk.row(code).state, desk.money()) == (EnrolmentState.CANCELLED, (0, 0))
