"""The ledger: the joint between models and book. It loads careers in a few queries, keeps answers
while the facts stand, and holds what is read from both: profiles, impact, support, what is due."""

from .ledger import Ledger

__all__ = ["Ledger"]
