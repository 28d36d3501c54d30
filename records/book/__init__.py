"""The record book: what follows from the facts. Plain Python, no Django, no clock.

A `Career` is an astronaut's flights and spacewalks as of an instant. A `Metric` is one function of
a career. A `Category` says which flights count. A `Rule` is metric × category.
"""
