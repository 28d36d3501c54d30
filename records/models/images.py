"""The library of pictures: what is said of each, and where its files are kept.

A row says all that there is to say of a picture; its files follow from its digest. The file as it
came in lies where no reader gets at it; what is made of it lies apart and is public.
"""

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse

from records.images import originals
from records.images.renditions import Renditions

from .gate import AddressField, LargeNumberField, LineField, MomentField, NumberField
from .history import History
from .slugs import Slugged


class Licence(models.TextChoices):
    """On what terms a picture may be shown."""

    PUBLIC_DOMAIN = "public-domain", "Public domain"
    CC0 = "cc0-1.0", "CC0 1.0"
    CC_BY_4 = "cc-by-4.0", "CC BY 4.0"
    CC_BY_3 = "cc-by-3.0", "CC BY 3.0"
    CC_BY_2 = "cc-by-2.0", "CC BY 2.0"
    CC_BY_SA_4 = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_SA_3 = "cc-by-sa-3.0", "CC BY-SA 3.0"
    CC_BY_SA_3_IGO = "cc-by-sa-3.0-igo", "CC BY-SA 3.0 IGO"
    CC_BY_SA_2 = "cc-by-sa-2.0", "CC BY-SA 2.0"
    PERMISSION = "permission", "Used with permission"
    OWN = "own", "Our own picture"


#: The page of each licence that has one.
LICENCE_PAGES = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    **{
        one: f"https://creativecommons.org/licenses/{path}/"
        for one, path in {
            Licence.CC_BY_4: "by/4.0",
            Licence.CC_BY_3: "by/3.0",
            Licence.CC_BY_2: "by/2.0",
            Licence.CC_BY_SA_4: "by-sa/4.0",
            Licence.CC_BY_SA_3: "by-sa/3.0",
            Licence.CC_BY_SA_3_IGO: "by-sa/3.0/igo",
            Licence.CC_BY_SA_2: "by-sa/2.0",
        }.items()
    },
}


class Image(Slugged):
    """A picture that stories may show."""

    name = LineField(
        max_length=100, help_text="What the newsroom calls it. Readers do not see this."
    )
    alt = LineField(
        "alternative text",
        max_length=300,
        blank=True,
        help_text="What the picture shows, for who does not see it: “Frank Rubio is carried from "
        "the capsule, smiling.”",
    )
    decorative = models.BooleanField(
        default=False,
        help_text="It tells nothing, and screen readers pass it over: instead of an alternative "
        "text.",
    )
    caption = LineField(max_length=400, blank=True, help_text="The sentence under it.")
    credit = LineField(
        max_length=200,
        blank=True,
        help_text="Who made it, as readers see it: “NASA/Bill Ingalls”.",
    )
    licence = LineField(max_length=20, choices=Licence)
    source = AddressField(
        "source link", blank=True, help_text="The page on which it was found, with its licence."
    )
    focus_x = NumberField(
        "focus from the left",
        default=50,
        most=100,
        help_text="In percent: what stays in sight when the picture is cut.",
    )
    focus_y = NumberField("focus from the top", default=50, most=100, help_text="In percent.")
    digest = LineField(max_length=64, unique=True, pattern="[0-9a-f]{64}", words="Of the file.")
    extension = LineField(max_length=4, choices=[(one, one) for one in originals.EXTENSIONS])
    width = LargeNumberField(least=1)
    height = LargeNumberField(least=1)
    uploaded_at = MomentField(editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    history = History()

    class Meta:
        ordering = ("-uploaded_at", "slug")
        constraints = (
            models.CheckConstraint(
                condition=Q(decorative=False) | Q(alt=""),
                name="image_alt_or_decorative",
                violation_error_message="A decorative picture has no alternative text.",
            ),
        )

    def __str__(self):
        return self.name

    def clean(self):
        if self.decorative and self.alt:
            words = "Take the text away, or say that the picture is not decorative."
            raise ValidationError({"alt": words})

    def problems(self) -> list[str]:
        """What is missing before readers may see it."""
        found = []
        if not self.alt and not self.decorative:
            found.append(f"the image “{self}” has no alternative text and is not decorative.")
        if not self.credit:
            found.append(f"the image “{self}” has no credit.")
        return found

    @property
    def licence_page(self) -> str:
        return LICENCE_PAGES.get(self.licence, "")

    # Its files

    @property
    def original(self) -> str:
        """The name of the file that came in."""
        return f"{self.digest}.{self.extension}"

    @property
    def renditions(self) -> Renditions:
        return Renditions(self.digest, self.width, self.height, (self.focus_x, self.focus_y))

    def keep(self, original: originals.Original) -> None:
        """Be the picture of this file, and have the file kept. The row is not saved."""
        self.digest, self.extension = original.digest, original.extension
        self.width, self.height = original.width, original.height
        keep_original(original)

    def make_renditions(self, *, anew: bool = False) -> int:
        """Make those that are missing, or all of them; how many. Raises OSError and NotAccepted."""
        public = storages["renditions"]
        wanted = self.renditions.names
        missing = {name for name in wanted if anew or not public.exists(name)}
        if not missing:
            return 0
        with storages["originals"].open(self.original) as file:
            original = originals.read(file.read())
        for name, content in self.renditions.made_of(original.data):
            if name in missing:
                if anew:
                    public.delete(name)
                public.save(name, ContentFile(content))
        return len(missing)

    # Of its renditions, for pages

    @property
    def address(self) -> str:
        """The widest that every browser shows."""
        return self._address(self.renditions.name(self.renditions.widths[-1], "jpg"))

    @property
    def smallest(self) -> str:
        return self._address(self.renditions.name(self.renditions.widths[0], "webp"))

    @property
    def card(self) -> str:
        """As pages of others show it."""
        return self._address(self.renditions.card)

    @property
    def webp_addresses(self) -> str:
        """For `srcset`."""
        return ", ".join(self._addresses("webp"))

    @property
    def jpeg_addresses(self) -> str:
        return ", ".join(self._addresses("jpg"))

    def _addresses(self, extension) -> Iterator[str]:
        for width in self.renditions.widths:
            yield f"{self._address(self.renditions.name(width, extension))} {width}w"

    @staticmethod
    def _address(name: str) -> str:
        return reverse("rendition", args=(name,))


def keep_original(original: originals.Original) -> None:
    """Raises OSError."""
    name, private = f"{original.digest}.{original.extension}", storages["originals"]
    if not private.exists(name):
        private.save(name, ContentFile(original.data))


@receiver(post_delete, sender=Image)
def forget_files(instance, **_):
    """Its files go with it, once that is certain."""

    def forget():
        storages["originals"].delete(instance.original)
        for name in instance.renditions.names:
            storages["renditions"].delete(name)

    transaction.on_commit(forget)
