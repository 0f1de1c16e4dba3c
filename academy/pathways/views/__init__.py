"""Pages of pathways."""

from academy.pathways.views import building, credit_rules, demand, following, having, mine, progress, reading

BLUEPRINTS = (
    building.blueprint, credit_rules.blueprint, demand.blueprint, following.blueprint, having.blueprint, mine.blueprint, progress.blueprint, reading.blueprint,
)
