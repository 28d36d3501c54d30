"""/admin/: the name of the newsroom, and its start page."""

from django.conf import settings
from django.contrib.admin import AdminSite

from records.instants import read_clock
from records.ledger.due import latest_word


class Newsroom(AdminSite):
    """Django's admin, whose start page says how old the facts are and what is overdue."""

    site_header = site_title = f"{settings.SITE_NAME} newsroom"
    index_title = "Stories and facts"

    def index(self, request, extra_context=None):
        return super().index(request, {**latest_word(read_clock()), **(extra_context or {})})
