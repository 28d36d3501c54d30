"""Writing a story: the field for its text, its previews, and links that show it to others."""

import json
from datetime import timedelta
from operator import attrgetter

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import slugify

from records.body import parse
from records.book.names import folded
from records.instants import read_clock, written
from records.models import (
    Article,
    Astronaut,
    Flight,
    Image,
    Leaderboard,
    Mission,
    PendingVersion,
    PreviewSecret,
)
from records.models.slugs import Slugged

from .rights import stored

#: For how many days a link for others may last.
DAYS = (1, 7, 30)


class WritingArea(forms.Textarea):
    """The text of a story: a plain text area, to which scripts add a toolbar, a menu of blocks and
    a preview beside it. Without scripts a button shows the preview on a page of its own."""

    class Media:
        js = (Script("js/admin/writing.js", type="module"),)

    def render(self, name, value, attrs=None, renderer=None):
        area = super().render(name, value, attrs, renderer)
        context = {"area": area, "blocks": json.dumps(block_forms())}
        return render_to_string("admin/records/article/writing.html", context)


#: What the menu of blocks says of them. A block without words here is offered by its name alone.
WORDS = {
    "leaderboard": "the first rows of a board, as at publication or live",
    "record": "one person on one board",
    "figure": "a record, a crew, a career, who was up",
    "quote": "speaker, role and source are asked for",
    "image": "from the library, with its words",
    "advert": "ask for one here",
    "link": "a person, mission, board or story by name",
}
#: Argument of a block → how its dialog asks for it, besides by its name in a line of text.
ASKED = {
    "slug": {"label": "Leaderboard, by name", "of": "leaderboard"},
    "leaderboard": {"label": "Leaderboard, by name", "of": "leaderboard"},
    "astronaut": {"label": "Astronaut, by name", "of": "astronaut"},
    "mission": {"label": "Mission, by name", "of": "mission"},
    "id": {"label": "Image, by name", "of": "image"},
    "flights": {"label": "Flights, by name", "of": "flight", "kind": "several"},
    "of": {
        "label": "What it shows",
        "kind": "choice",
        "choices": [[one, one.replace("-", " ")] for one in getattr(parse, "FIGURES", ())],
    },
    "top": {"label": "Rows", "kind": "number", "value": "5"},
    "at": {
        "label": "As it stood",
        "kind": "choice",
        "choices": [["publication", "at publication"], ["live", "live"]],
        "value": "publication",
    },
    "source": {"label": "Source, a web address"},
}
LINK = {
    "name": "link",
    "label": "Link",
    "words": WORDS["link"],
    "fields": [
        {"name": "words", "label": "Words", "required": True},
        {"name": "to", "label": "To: a name, or an address", "of": "any", "required": True}
        | {"addresses": True},
    ],
    "needs": None,
    "sometimes": [],
}


def block_forms() -> list[dict]:
    """How each kind of block that the text accepts is asked for, in the order of the menu."""
    order = [*(name for name in WORDS if name in parse.BLOCKS), *parse.BLOCKS]
    return [*map(_block_form, dict.fromkeys(order)), LINK]


def _block_form(name: str) -> dict:
    required, optional = parse.ARGUMENTS[name]
    fields = [
        {"name": one, "label": one.capitalize(), "required": one in required} | ASKED.get(one, {})
        for one in (*required, *optional)
    ]
    if name == "quote":
        said = {"name": "text", "label": "What was said", "kind": "text", "required": True}
        fields.insert(0, said)
    needs = {of: list(needed) for of, needed in getattr(parse, "FIGURES", {}).items()}
    return {
        "name": name,
        "label": name.capitalize(),
        "words": WORDS.get(name, ""),
        "fields": fields,
        "needs": needs if name == "figure" else None,
        "sometimes": sorted({one for needed in needs.values() for one in needed}),
    }


#: What is looked up by name: kind → model and how the text names one. Links lead to any that has a
#: page of its own.
NAMED = {
    "astronaut": (Astronaut, attrgetter("slug")),
    "mission": (Mission, attrgetter("slug")),
    "leaderboard": (Leaderboard, attrgetter("slug")),
    "image": (Image, attrgetter("slug")),
    "story": (Article, attrgetter("slug")),
    "flight": (Flight, lambda one: f"{one.astronaut.slug}/{one.launch_mission.slug}"),
}
LINKED = ("astronaut", "mission", "leaderboard", "story")
#: Kinds that need not be said: only they are looked up where they are.
UNSAID = ("flight", "image")
MOST_NAMES = 8


def _nearness(label: str, term: str) -> tuple:
    one, other = folded(label), folded(term)
    return (one != other, not one.startswith(other), other not in one)


#: How much of each text searches and other sites show; scripts count on.
CHARACTERS_SHOWN = {
    "search_title": 60,
    "search_description": 155,
    "social_title": 70,
    "social_text": 125,
}


class LinkForm(forms.Form):
    days = forms.TypedChoiceField(
        label="It lasts",
        coerce=int,
        choices=[(days, f"{days} day{'s' * (days > 1)}") for days in DAYS],
        initial=7,
    )


class Writing:
    """Of the page of a story."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "body":
            kwargs["widget"] = WritingArea
        elif db_field.name in CHARACTERS_SHOWN:
            kwargs["widget"] = forms.Textarea(
                {"rows": 2, "data-shown": CHARACTERS_SHOWN[db_field.name]}
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def view_on_site(self, article):
        """The page that readers have, or else the one that they will have."""
        changed = article.live and article.changes.pk
        row = article.live or stored(article)  # What was typed as its slug may be no address.
        if row.is_public(read_clock()) and not changed:
            return row.get_absolute_url()
        return reverse("article-preview", args=(row.slug,))

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_link"
        view = self.admin_site.admin_view
        return [
            path("names/", view(self.names_view), name=f"{name.removesuffix('link')}names"),
            path("<path:object_id>/link/", view(self.link_view), name=name),
            *super().get_urls(),
        ]

    def names_view(self, request):
        """People, missions, boards and stories by name, for the dialogs of blocks; as the lists of
        the admin find them, for those who may see these."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        of, term = request.GET.get("of", ""), request.GET.get("term", "")
        kinds = LINKED if of == "any" else [of] if of in NAMED else []
        found = [one for kind in kinds for one in self._names(request, kind, term)]
        # What is called so, or begins so, comes before what only holds the words.
        found.sort(key=lambda one: _nearness(one["label"], term))
        return JsonResponse({"names": found[:MOST_NAMES]})

    def _names(self, request, kind, term):
        model, written_as = NAMED[kind]
        page = self.admin_site._registry.get(model)
        if page is None or not page.has_view_permission(request):
            return
        seen = page.get_queryset(request)
        rows, _ = page.get_search_results(request, seen, term)
        exact = seen.filter(slug=slugify(term)) if issubclass(model, Slugged) else ()
        for row in dict.fromkeys([*exact, *rows.distinct()[: MOST_NAMES * 3]]):
            yield {
                "label": str(row),
                "words": "" if kind in UNSAID else kind,
                "value": written_as(row),
                "address": row.get_absolute_url() if kind in LINKED else "",
                "picture": row.smallest if kind == "image" else "",
            }

    def link_view(self, request, object_id):
        """A link that shows the story to somebody without an account, and the end of all links."""
        article = self.get_object(request, object_id)
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        at, stored = read_clock(), Article.objects.get(pk=article.pk)
        changes = PendingVersion.objects.filter(article=stored).first()
        shown = bool(changes) or not stored.was_public(at)
        form, link = LinkForm(request.POST or None), None
        if request.method == "POST" and "end" in request.POST:
            PreviewSecret.objects.end_all(stored)
            self.message_user(request, "No link that was given out shows the story any more.")
            return HttpResponseRedirect(request.path)
        if request.method == "POST" and shown and form.is_valid():
            until = at + timedelta(days=form.cleaned_data["days"])
            token = PreviewSecret.objects.token(stored, changes.pk if changes else 0, until)
            address = reverse("article-shared", args=(token,))
            link = {
                "address": request.build_absolute_uri(address),
                "until": f"{written(until, 'minute')} UTC",
            }
        context = {
            **self.admin_site.each_context(request),
            "title": "Link for others",
            "subtitle": str(stored),
            "opts": self.opts,
            "original": stored,
            "form": form if shown else None,
            "link": link,
            "changes": changes,
        }
        return TemplateResponse(request, "admin/records/article/link.html", context)
