"""What is due of the newsroom's changes is published before a page is made, by whoever asks."""

import logging

from django.db import DatabaseError

from records.instants import one_instant, read_clock
from records.models import PendingVersion

logger = logging.getLogger(__name__)

#: Asked for by machines that want to know something else, database or not.
WITHOUT_STORIES = ("/livez", "/readyz")


class PublishWhatIsDue:
    """Middleware: a page shows the stories as they are at its second, which is one, however often
    the clock is read for it. No other program has to run for that; one small question a page finds
    what is due, mostly nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with one_instant():
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.path in WITHOUT_STORIES:
            return
        try:
            PendingVersion.objects.apply_due(read_clock())
        except DatabaseError as error:
            # The page says in its own way what it cannot do without a database.
            logger.warning("What is due to be published could not be asked for: %s", error)
