"""Pathways: a learner's own route to an Associate degree, put together from modules of several providers.

A *pathway* is a goal (a programme, an occupation, or skills), what somebody *has*, and their *life*: hours, parts of the day, distance, money. A *step* is a
module in it, taken in a *class* that is planned, or in one that is *expected* because it was given at that time of year before. The year has four *periods*. The
*audit* tells per *requirement* what was obtained, is recognised, in progress, planned and missing; no credit counts twice. The *solver* makes three *routes*: the
shortest, the cheapest and the nearest; the *checker* looks at each again, by code of its own. A *blocker* is the smallest reason for which there is no
route; blockers are demand. A pathway needs no account: who has its link may change it, who has the other link may read it.
"""
