"""The facts as they are given away: built from the database, described, the same bytes each time.

`dictionary` says what every column means, `releases` builds the files, `changelog` reads what has
changed from version to version of the shipped facts, `revisions` what was changed in them here.
"""
