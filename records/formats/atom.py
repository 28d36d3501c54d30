"""Atom feeds, as both kinds of them need them."""

from django.utils.feedgenerator import Atom1Feed

#: What the ids of entries begin with (RFC 4151): the same whatever becomes of the site's address.
#: Nobody can own a name in `.invalid` (RFC 2606), so nobody else gives the same ids.
AUTHORITY = "tag:spacesite.invalid,2026"


def lasting_id(key: str) -> str:
    """The id of a feed or an entry for good."""
    return f"{AUTHORITY}:{key}"


class PlainAtomFeed(Atom1Feed):
    """A feed with an `updated` of its own, whose summaries are plain text: Django would give it the
    time of its latest entry, and declare them HTML."""

    def latest_post_date(self):
        return self.feed["updated"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"], {"type": "text"})
