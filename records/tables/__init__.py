"""How lists are written for people: columns said once, rows as named cells, and the words and
pieces of HTML that cells are made of. Templates use the same words and pieces through tags."""
