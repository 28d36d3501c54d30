"""Article text → blocks. Plain Python: no HTTP, no templates, no ORM.

`parse` reads a body, `blocks` says what it is made of, `adverts` finds places for adverts in it.
"""
