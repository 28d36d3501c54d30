"""The library of pictures."""

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from records.models import Article, Image, roles
from tests import factories as make
from tests.admin.pages import complaints, typed, url
from tests.admin.test_roles import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

WORDS = {"name": "A capsule", "alt": "A capsule.", "credit": "NASA", "licence": "public-domain"}


def upload(client, data, *, name="picture.png", values=None, **words):
    values = (values or typed(client.get(url("add", Image)))) | WORDS | words
    values.pop("file", None)
    file = {"file": SimpleUploadedFile(name, data)} if data is not None else {}
    return client.post(url("add", Image), values | file)


def test_an_uploaded_picture_is_kept_and_made_ready_for_readers(client, desk, steward):
    data = make.picture((700, 350), "JPEG")
    response = upload(desk, data, focus_x="20", focus_y="80")
    assert response.status_code == 302, complaints(response)
    image = Image.objects.get(slug="a-capsule")
    assert (image.width, image.height, image.uploaded_by) == (700, 350, steward)
    assert image.uploaded_at
    assert storages["originals"].open(image.original).read() == data
    assert client.get(image.card).status_code == 200
    assert "-card-20-80.jpg" in image.card


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg onload='alert(1)'/>", "SVG"),
        (b"GIF89a/*1*/", "GIF"),
        (b"\xff\xd8\xff nonsense", "damaged"),
        (b"\0" * 10_000_000, "MB"),
        (b"", "empty"),
        (None, "Choose a file."),
    ],
)
def test_what_is_no_picture_is_refused_at_the_field_and_no_word_is_lost(data, words, desk):
    response = upload(desk, data, name="picture.jpg", caption="Typed with care")
    assert response.status_code == 200
    (said,) = response.context_data["adminform"].form.errors["file"]
    assert words in said
    assert typed(response)["caption"] == "Typed with care"
    assert not Image.objects.filter(name="A capsule").exists()


def test_the_same_file_twice_is_told(desk):
    data = make.picture()
    there = make.make_image(name="The first one", file=data)
    response = upload(desk, data)
    assert "The first one" in complaints(response)
    assert url("change", there) in complaints(response)


def test_a_form_that_comes_back_remembers_the_file(desk):
    data = make.picture()
    response = upload(desk, data, licence="", source="no address")
    assert response.status_code == 200
    values = typed(response)
    assert values["uploaded"]
    forged = upload(desk, None, values=values | {"uploaded": "../../etc/passwd"})
    assert "Choose the file once more." in complaints(forged)
    response = upload(desk, None, values=values, source="")
    assert response.status_code == 302, complaints(response)
    assert storages["originals"].open(Image.objects.get(name="A capsule").original).read() == data


def test_a_disk_that_takes_nothing_is_told_at_the_field(desk, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    for alias, words in (("renditions", "picture cannot be written"), ("originals", "be kept")):
        monkeypatch.setattr(storages[alias], "save", full)
        response = upload(desk, make.picture())
        assert f"{words}: No space left on device." in complaints(response)
        assert typed(response)["credit"] == "NASA"
        assert not Image.objects.filter(name="A capsule").exists()


def test_a_picture_is_decorative_or_has_words(desk):
    response = upload(desk, make.picture(), decorative="on")
    assert list(response.context_data["adminform"].form.errors) == ["alt"]
    assert upload(desk, make.picture(), decorative="on", alt="").status_code == 302


def test_the_library_finds_by_words_and_narrows_by_licence_and_use(desk):
    used = make.make_image(name="In a text", credit="Grace Kim", licence="cc-by-4.0")
    leads = make.make_image(name="Leads", caption="A lovely boat")
    idle = make.make_image(name="Idle", alt="A parachute")
    make.make_article(body=f'One.\n\n::: image id="{used.slug}"\n:::')
    make.make_article(lead_image=leads)

    def listed(**asked):
        return set(desk.get(url("changelist", Image), asked).context_data["cl"].result_list)

    assert listed(q="grace") == {used}
    assert listed(q="lovely boat") == {leads}
    assert listed(q="parachute") == {idle}
    assert listed(licence__exact="cc-by-4.0") == {used}
    assert listed(used="yes") == {used, leads}
    assert listed(used="no") == {idle}
    page = desk.get(url("changelist", Image)).content.decode()
    assert f'<img src="{used.smallest}" width="6" height="4"' in page
    counts = {one: one.story_count for one in listed()}
    assert counts == {used: 1, leads: 1, idle: 0}


def test_a_used_picture_is_not_deleted_and_says_where_it_is_used(desk):
    image = make.make_image()
    make.make_article(headline="It shows it", body=f'One.\n\n::: image id="{image.slug}"\n:::')
    make.make_article(headline="It leads with it", lead_image=image)
    for page in ("change", "delete"):
        text = desk.get(url(page, image)).content.decode()
        assert "It shows it" in text
        assert "It leads with it" in text
    desk.post(url("delete", image), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [str(image.pk)], "post": "yes"}
    desk.post(url("changelist", Image), chosen)
    assert Image.objects.filter(pk=image.pk).exists()


def test_words_that_readers_need_stay_while_they_see_the_picture(desk):
    image = make.make_image()
    values = typed(desk.get(url("change", image))) | {"credit": ""}
    make.make_article(lead_image=image)
    response = desk.post(url("change", image), values)
    assert "Readers see it" in complaints(response)
    Article.objects.update(state="draft")
    assert desk.post(url("change", image), values).status_code == 302


def test_a_writer_uploads_and_changes_her_own_and_sees_all():
    ann = account(roles.WRITER, "ann")
    writer = signed_in(ann)
    assert upload(writer, make.picture()).status_code == 302
    own, other = Image.objects.get(name="A capsule"), make.make_image(name="Another's")
    assert own.uploaded_by == ann
    for image, may in ((own, True), (other, False)):
        values = typed(writer.get(url("change", image))) | {"name": "Mine", "slug": image.slug}
        writer.post(url("change", image), values | WORDS | {"name": "Mine"})
        assert Image.objects.filter(pk=image.pk, name="Mine").exists() is may


# In stories


def test_a_picture_without_words_or_credit_keeps_a_story_a_draft(desk):
    bare = make.make_image("bare", name="Bare", alt="", credit="")
    body = 'One.\n\n::: image id="bare"\n:::'
    story = make.make_article(state="draft", published_at=None, body=body, lead_image=bare)
    values = typed(desk.get(url("change", story)))
    assert desk.post(url("change", story), values | {"_save": "1"}).status_code == 302
    response = desk.post(url("change", story), values | {"_publish": "1", "when": "now"})
    errors = response.context_data["adminform"].form.errors
    assert any(one.startswith("line 3: the image “Bare” has no alt") for one in errors["body"])
    assert "the image “Bare” has no credit." in errors["lead_image"]
    bare.decorative, bare.credit = True, "NASA"
    bare.save()
    response = desk.post(url("change", story), values | {"_publish": "1", "when": "now"})
    assert response.status_code == 302, complaints(response)


def test_a_story_leads_with_an_image_or_a_figure(desk):
    image = make.make_image()
    story = make.make_article(state="draft", published_at=None)
    values = typed(desk.get(url("change", story)))
    values |= {"lead_image": str(image.pk), "lead_figure": 'figure of="in-space"'}
    response = desk.post(url("change", story), values)
    assert "not with both" in response.context_data["adminform"].form.errors["lead_image"][0]
    response = desk.post(url("change", story), values | {"lead_figure": ""})
    assert response.status_code == 302, complaints(response)
    assert Article.objects.get(pk=story.pk).lead_image == image


def test_dialogs_find_pictures_by_name(desk):
    image = make.make_image("rubio-smiles", name="Rubio smiles")
    found = desk.get("/admin/records/article/names/", {"of": "image", "term": "rubio"}).json()
    assert found["names"][0]["value"] == "rubio-smiles"
    assert found["names"][0]["picture"] == image.smallest
