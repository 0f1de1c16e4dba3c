"""Refusals of employers."""

from academy.employers.errors.demands import (
    DemandGone,
    DemandNotFound,
    DemandNotYours,
    DemandPromised,
    FirmElsewhere,
    FirmNeeded,
    TooManyDemands,
)
from academy.employers.errors.pools import (
    AlreadyPledged,
    BudgetNotEnough,
    NotEnoughConfirmed,
    OfferChanged,
    PledgeAnswered,
    PledgeNotFound,
    PledgeNotYours,
    PledgeOver,
    PoolClosed,
    PoolNotFound,
    PoolNotYours,
    PriceAbovePledge,
    SlotTaken,
    TooManyPledged,
)
from academy.employers.errors.seats import (
    AlreadyInvited,
    BillingNeeded,
    BlockNotFound,
    FirmNotFound,
    GuestNotFound,
    GuestOver,
    NamesOver,
    NotOpenToThis,
    RemindedToday,
    SeatsWrong,
    TooManyNames,
)

__all__ = [
    "AlreadyInvited", "AlreadyPledged", "BillingNeeded", "BlockNotFound", "BudgetNotEnough", "DemandGone", "DemandNotFound", "DemandNotYours",
    "DemandPromised", "FirmElsewhere", "FirmNeeded", "FirmNotFound", "GuestNotFound", "GuestOver", "NamesOver", "NotEnoughConfirmed", "NotOpenToThis", "OfferChanged",
    "PledgeAnswered", "PledgeNotFound", "PledgeNotYours", "PledgeOver", "PoolClosed", "PoolNotFound", "PoolNotYours", "PriceAbovePledge",
    "RemindedToday", "SeatsWrong", "SlotTaken", "TooManyDemands", "TooManyNames", "TooManyPledged",
]
