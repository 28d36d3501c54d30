"""The facts: in, out, checked, and given away.

`tables` says what each CSV table holds, of the kinds of column in `columns`; `importing` and
`exporting` follow it both ways, and `releases` builds the downloads, the same bytes each time.
`fixtures` loads and writes the JSON fixtures. `checking` verifies the whole record. `refusals` puts
what the database refuses into words. `coverage` counts what is known; `changelog` reads what has
changed from version to version of the shipped facts, `revisions` what was changed in them here.
"""
