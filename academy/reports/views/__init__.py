"""Pages of reports."""

from academy.reports.views import commissioning, dashboard, experience, frozen, money, open_numbers, taking_part

BLUEPRINTS = (
    commissioning.blueprint, dashboard.blueprint, experience.blueprint, frozen.blueprint, money.blueprint, open_numbers.blueprint, taking_part.blueprint,
)
