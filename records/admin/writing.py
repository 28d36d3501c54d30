"""Writing a story: the field for its text, its previews, and links that show it to others."""

from datetime import timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from records.instants import read_clock, written
from records.models import Article, PendingVersion, PreviewSecret

#: For how many days a link for others may last.
DAYS = (1, 7, 30)


class WritingArea(forms.Textarea):
    """The text of a story: a plain text area, to which scripts add a toolbar, a menu of blocks and
    a preview beside it. Without scripts a button shows the preview on a page of its own."""

    template_name = "admin/records/article/writing.html"

    class Media:
        js = (Script("js/admin/writing.js", type="module"),)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["names"] = NAMES
        return context


#: What the dialogs of blocks complete names of: block's argument → where the admin looks it up.
NAMES = {
    "leaderboard": ("leaderboards", "/records/"),
    "astronaut": ("astronauts", "/astronauts/"),
    "mission": ("missions", "/missions/"),
    "story": ("related", "/news/"),
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
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def view_on_site(self, article):
        """The page that readers have, or else the one that they will have."""
        changed = article.live and article.changes.pk
        if (article.live or article).is_public(read_clock()) and not changed:
            return article.get_absolute_url()
        return reverse("article-preview", args=(article.slug,))

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_link"
        view = self.admin_site.admin_view(self.link_view)
        return [path("<path:object_id>/link/", view, name=name), *super().get_urls()]

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
