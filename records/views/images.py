"""/media/: pictures as readers are sent them."""

from django.core.files.storage import storages
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from records.images.renditions import TYPES

#: Another picture has another name: nobody has to ask again.
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def rendition(request, name):
    """A rendition. Where nginx reads the folder it sends them itself (deploy/nginx.conf)."""
    try:
        kind = TYPES[name.rpartition(".")[2]]
        file = storages["renditions"].open(name)
    except (KeyError, FileNotFoundError):
        raise Http404("There is no such picture.") from None
    response = FileResponse(file, content_type=kind)
    response["Cache-Control"] = FOR_EVER
    return response
