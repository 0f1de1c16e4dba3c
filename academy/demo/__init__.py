"""The demo catalogue, its people, what they learn and who pays: a newcomer meets a full house. Data in `data/`, written by the project; loading twice changes nothing."""

from academy.demo.learning import load_learning
from academy.demo.loading import load, load_demo
from academy.demo.money import load_money
from academy.demo.paid_year import load_paid_year
from academy.demo.people import ACCOUNTS, DemoAccount, load_people

__all__ = ["ACCOUNTS", "DemoAccount", "load", "load_demo", "load_learning", "load_money", "load_paid_year", "load_people"]
