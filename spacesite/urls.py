from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("records.urls")),
]

handler400 = "records.views.errors.bad_request"
handler403 = "records.views.errors.permission_denied"
handler404 = "records.views.errors.page_not_found"
handler500 = "records.views.errors.server_error"
