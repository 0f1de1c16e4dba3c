"""What can be learned, where and when.

A *provider* publishes *modules* (units of sale: an AD module, a loose module, a MOOC …) and *programmes* (an Associate degree of 120 EC,
made of modules). An *offering* is a module at given dates, place and time of week, with a number of seats. An *outcome* says what
someone can do afterwards. EC is the European credit: 1 EC is 28 hours of study.
"""
