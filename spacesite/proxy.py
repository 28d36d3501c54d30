def client_address(request):
    """The visitor's address as the proxy in front of us saw it.

    Only the last entry was written by that proxy; the others are whatever the visitor claimed.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR")
