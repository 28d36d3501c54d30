"""Atom feeds, as both kinds of them need them."""

from django.utils.feedgenerator import Atom1Feed


class PlainAtomFeed(Atom1Feed):
    """A feed whose summaries are plain text: Django would declare them HTML."""

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})
