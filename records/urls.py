from django.urls import path

from records.views import health

urlpatterns = [
    # /livez /readyz: for the machine that watches over us
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
