import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacesite.settings")

# The record is hundreds of thousands of objects that stay. With the thresholds that Python begins
# with, the collector would look through all of them again and again while they are loaded.
gc.set_threshold(50_000, 20, 50)

application = get_wsgi_application()
