"""How gunicorn serves the site. WEB_CONCURRENCY (processes) and the command line win over it."""

import os

# The pages are short and mostly wait for the database: threads, not processes.
worker_class = "gthread"
threads = 8

# Load the site before the first worker starts, so that a wrong setting ends gunicorn with one line
# instead of restarting workers for ever.
preload_app = True

# Nothing here is managed through it, and its default place may not be writable.
control_socket_disable = True

# Workers that leak or fragment are replaced before anyone notices.
max_requests = 10_000
max_requests_jitter = 1_000

bind = os.environ.get("BIND", "127.0.0.1:8000")
