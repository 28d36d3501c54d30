"""Facts in, facts out: the ten CSV tables, the fixtures, and the checks that span many rows.

`tables` says what each CSV table holds; `importing` and `exporting` follow it both ways. `fixtures`
loads and writes the JSON fixtures. `checking` verifies the whole record. `refusals` puts what the
database refuses into words.
"""
