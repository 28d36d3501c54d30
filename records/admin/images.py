"""The library of pictures: who may upload them, and change what is said of them."""

from django import forms
from django.contrib import admin
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html

from records.images import originals
from records.instants import read_clock
from records.models import Article, Image, Reference
from records.models.articles import SEEN
from records.models.images import keep_original

from .desk import Form
from .fields import called_with, instant_column
from .history import HistoryAdmin
from .rights import may_publish
from .saves import NotSaved

#: What a picture that was uploaded with a form that came back is found again by.
SALT = "records.admin.images"
UPLOADED = instant_column("uploaded_at")
#: Of a picture in the list, and on its own page.
THUMBNAIL, SHOWN = 90, 480


class ImageForm(Form):
    """A file of a new picture, and what is said of it. A form that comes back remembers the file in
    `uploaded`: browsers choose none again."""

    file = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
        help_text="JPEG, PNG, WebP or AVIF, at most "
        f"{originals.MAX_MEGABYTES} MB and {originals.MAX_MEGAPIXELS} million pixels. Readers are "
        "sent copies without anything that the file says of place or camera.",
    )
    uploaded = forms.CharField(required=False, widget=forms.HiddenInput)

    original: originals.Original | None = None

    def clean(self):
        cleaned = super().clean()
        if "file" in self.fields and "file" not in self.errors:
            try:
                self.original = self._chosen(cleaned.get("file"), cleaned.get("uploaded", ""))
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned

    def _chosen(self, file, uploaded: str) -> originals.Original:
        """The picture that was uploaded now, or before. Raises ValidationError."""
        if not file and not uploaded:
            raise ValidationError("Choose a file.")
        try:
            original = originals.read(file.read()) if file else _uploaded_before(uploaded)
            self._refuse_twice(original)
            if file:
                keep_original(original)
        except originals.NotAccepted as error:
            raise ValidationError(str(error)) from error
        except OSError as error:
            words = f"The file cannot be kept: {error.strerror or error}."
            raise ValidationError(words) from error
        self.retype("uploaded", signing.dumps([original.digest, original.extension], salt=SALT))
        return original

    def _refuse_twice(self, original):
        if other := Image.objects.filter(digest=original.digest).first():
            link = reverse("admin:records_image_change", args=(other.pk,))
            raise ValidationError(
                format_html('It is in the library already: <a href="{}">{}</a>.', link, other)
            )

    def _post_clean(self):
        super()._post_clean()
        shown = self.instance.pk and set(self.changed_data) & {"alt", "decorative", "credit"}
        if shown and (problems := self.instance.problems()) and _is_seen(self.instance):
            words = "Readers see it, and it needs these words: " + " ".join(problems)
            self.add_error(None, words)


def _uploaded_before(token: str) -> originals.Original:
    try:
        digest, extension = signing.loads(token, salt=SALT)
        with storages["originals"].open(f"{digest}.{extension}") as file:
            return originals.read(file.read())
    except (signing.BadSignature, FileNotFoundError):
        raise ValidationError("Choose the file once more.") from None


def _is_seen(image) -> bool:
    return Article.objects.naming([image]).filter(state__in=SEEN).exists()


class LeadingFilter(admin.SimpleListFilter):
    """Whether stories show it."""

    title = "use"
    parameter_name = "used"

    def lookups(self, request, model_admin):
        return (("yes", "in stories"), ("no", "in no story"))

    def queryset(self, request, images):
        if self.value() not in ("yes", "no"):
            return images
        used = Exists(_named()) | Exists(Article.objects.filter(lead_image=OuterRef("pk")))
        return images.filter(used if self.value() == "yes" else ~used)


def _named():
    """The references to the image that the query is about."""
    return Reference.objects.filter(kind="image", slug=OuterRef("slug"))


@admin.register(Image)
class ImageAdmin(HistoryAdmin):
    form = ImageForm
    list_display = (
        "thumbnail",
        "name",
        "credit",
        "licence",
        "size",
        "stories",
        UPLOADED,
    )
    list_display_links = ("thumbnail", "name")
    list_filter = ("licence", LeadingFilter)
    called = ("name",)
    search_fields = ("name", "slug", "alt", "caption", "credit")
    search_help_text = "Words of name, alternative text, caption or credit."
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("shown", "size", "uploaded_by", UPLOADED)
    related = ("uploaded_by",)
    fieldsets = (
        ("What it shows", {"fields": ("name", "slug", "alt", "decorative", "caption")}),
        ("Whose it is", {"fields": ("credit", "licence", "source")}),
        ("What stays in sight when it is cut", {"fields": (("focus_x", "focus_y"),)}),
    )

    def get_fieldsets(self, request, obj=None):
        """The file is chosen once; another picture is another row."""
        of_file = ("shown", "size", "uploaded_by", UPLOADED) if obj else ("file", "uploaded")
        return ((None, {"fields": of_file}), *self.fieldsets)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            for name in ("file", "uploaded"):
                form.base_fields.pop(name, None)
        return form

    def get_queryset(self, request):
        """With `story_count`: the stories whose texts name it, or that lead with it."""
        named = _named().order_by().values("slug")
        leading = Article.objects.filter(lead_image=OuterRef("pk")).order_by().values("lead_image")
        counted = [
            Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)
            for rows in (named, leading)
        ]
        return super().get_queryset(request).annotate(story_count=counted[0] + counted[1])

    def told_apart(self, image):
        return called_with(image.name, image.credit)

    # Who may do what: a writer with her own

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and _is_theirs(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and _is_theirs(request.user, obj)

    # Saving

    def save_model(self, request, obj, form, change):
        try:
            if not change:
                obj.uploaded_by, obj.uploaded_at = request.user, read_clock()
                obj.keep(form.original)
            super().save_model(request, obj, form, change)
            obj.make_renditions()
        except OSError as error:
            words = f"The picture cannot be written: {error.strerror or error}."
            raise NotSaved(words) from error

    # Showing

    @admin.display(description="picture")
    def thumbnail(self, image):
        return _picture(image, THUMBNAIL)

    @admin.display(description="picture")
    def shown(self, image):
        return _picture(image, SHOWN)

    @admin.display(description="pixels")
    def size(self, image):
        return f"{image.width:,} × {image.height:,}"

    @admin.display(description="stories", ordering="story_count")
    def stories(self, image):
        return image.story_count


def _is_theirs(user, image) -> bool:
    return image is None or may_publish(user) or image.uploaded_by_id == user.pk


def _picture(image, width: int):
    width = min(width, image.width)
    height = image.renditions.height_at(width)
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        *(image.smallest, width, height, image.alt),
    )
