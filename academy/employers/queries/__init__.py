"""Reads of employers; frozen facts come out."""

from academy.employers.queries.demands import (
    demand_by_id,
    demand_of_request,
    demand_to_act_on,
    demand_with_code,
    demands_of,
    open_demands_of,
)
from academy.employers.queries.pools import (
    locked_pool,
    pledge_by_id,
    pledge_to_act_on,
    pledges_of,
    pool_by_code,
    pool_by_id,
    pools_by_id,
    standing_of,
    terms_of,
)

__all__ = [
    "demand_by_id", "demand_of_request", "demand_to_act_on", "demand_with_code", "demands_of", "locked_pool", "open_demands_of", "pledge_by_id", "pledge_to_act_on", "pledges_of",
    "pool_by_code", "pool_by_id", "pools_by_id", "standing_of", "terms_of",
]
