"""Tables of facts taken through the newsroom: first shown, then all of them or nothing.

files chosen ──▶ imported and rolled back: what would be added and changed, or why it is refused,
                 with the tables and a token of them and of the facts as they stand
sent again   ──▶ the same token? imported and kept. Else shown again, by the facts of now
"""

import hashlib
import json

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from records.facts import fixtures, importing, uploads
from records.facts.tables import ALL_TABLES
from records.instants import read_clock
from records.models import DataVersion, triggers
from records.tables import newsroom as tables

from .saves import take_turns

#: Reasons for which tables are refused, and rows of each table, that are listed.
MOST_LINES = 200


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class UploadForm(forms.Form):
    """Files that are chosen; or, in `packed`, the tables that were shown, under that `token`."""

    files = forms.FileField(
        required=False,
        label="Tables",
        widget=FilesInput({"accept": ".csv,.zip,text/csv,application/zip"}),
        help_text="One or several of the CSV tables, called as in the download, or a zip of them.",
    )
    accept_doubts = forms.BooleanField(
        required=False,
        label="Take what is doubtful as a whole",
        help_text="A mission that carries nobody, an age of 93. A row that is wrong stays refused.",
    )
    extra_columns = forms.BooleanField(
        required=False,
        label="Leave out columns that are not known here",
    )
    packed = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)


def may_upload(user) -> bool:
    return any(_may_change(user, table) for table in ALL_TABLES)


def tables_view(model_admin, request):
    """The page on which tables are chosen, shown and taken."""
    if not may_upload(request.user):
        raise PermissionDenied
    context = {"form": UploadForm()}
    if request.method == "POST":
        try:
            context, taken = _look(request)
        except importing.Refused as error:
            context = {"form": _chosen_again(request), **_refusal(error.lines)}
        except fixtures.Broken as error:
            context = {"form": _chosen_again(request), **_refusal([str(error)])}
        except DatabaseError as error:
            context = {"form": _chosen_again(request), **_refusal([triggers.words(error)])}
        else:
            if taken:
                model_admin.message_user(request, context["said"], messages.SUCCESS)
                return HttpResponseRedirect(request.path)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Take tables of facts",
        "opts": model_admin.opts,
        "names": list(importing.FILES),
        **context,
    }
    return TemplateResponse(request, "admin/records/uploads/tables.html", context)


def _look(request) -> tuple[dict, bool]:
    """What the page shows of the tables that were sent, and whether they were taken."""
    form = UploadForm(request.POST)
    if not form.is_valid():
        raise importing.Refused(["The tables did not come back whole. Choose the files again."])
    sent = form.cleaned_data
    chosen = request.FILES.getlist("files")
    if chosen:
        files = uploads.read((file.name, file) for file in chosen)
    elif sent["packed"]:
        files = uploads.unpacked(sent["packed"])
    else:
        raise importing.Refused(["No file was chosen."])
    _refuse_forbidden(request.user, files)
    options = {name: sent[name] for name in ("accept_doubts", "extra_columns")}
    with transaction.atomic():
        take_turns(DataVersion)
        token = _token(request.user, files, options)
        seen = not chosen and constant_time_compare(sent["token"], token)
        outcomes = importing.import_files(files, read_clock(), dry_run=not seen, **options)
    if seen:
        return {"said": _said(outcomes)}, True
    again = UploadForm(initial={"packed": uploads.packed(files), "token": token, **options})
    return {
        "form": again,
        "shown": True,
        "changed_meanwhile": bool(sent["token"]) and not chosen,
        "moves": any(one.added or one.changed for one in outcomes),
        "outcomes": tables.outcomes(outcomes),
        "details": [_detail(one) for one in outcomes if one.added or one.changed],
    }, False


def _token(user, files: dict[str, bytes], options: dict[str, bool]) -> str:
    """The same only for these tables, options and user, and the facts as they stand."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    text = json.dumps([DataVersion.objects.current_token(), user.pk, digests, options])
    return salted_hmac("records.admin.uploads", text, algorithm="sha256").hexdigest()


def _refuse_forbidden(user, files) -> None:
    forbidden = [name for name in files if not _may_change(user, importing.FILES[name])]
    if forbidden:
        raise importing.Refused([f"{name}: you may not change these rows." for name in forbidden])


def _may_change(user, table) -> bool:
    name = table.model._meta.model_name
    return user.has_perms([f"records.add_{name}", f"records.change_{name}"])


def _chosen_again(request) -> UploadForm:
    """The form with its switches as they were; a browser keeps no chosen file."""
    names = ("accept_doubts", "extra_columns")
    return UploadForm(initial={name: name in request.POST for name in names})


def _refusal(lines: list[str]) -> dict:
    return {"refused": lines[:MOST_LINES], "more": max(0, len(lines) - MOST_LINES)}


def _detail(outcome: importing.Outcome) -> dict:
    rows = [f"{name}: new" for name in outcome.new]
    for change in outcome.changed:
        cells = (f"{name}: {old!r} → {new!r}" for name, (old, new) in change.fields.items())
        rows.append(f"{change.row}: {', '.join(cells)}")
    return {
        "name": outcome.table.name,
        "rows": rows[:MOST_LINES],
        "more": max(0, len(rows) - MOST_LINES),
    }


def _said(outcomes) -> str:
    added = sum(one.added for one in outcomes)
    changed = sum(len(one.changed) for one in outcomes)
    return f"The tables were taken: {added} rows added, {changed} changed."
