"""Texts that were let in before they were cleaned are cleaned, for the rules of the next migration.

What is refused today, such as a control character, is taken out. History stays as it was said.
"""

from django.db import migrations, models

from records.texts import clean_line, clean_text, without_refused


def clean_texts(apps, schema_editor):
    for model in apps.get_app_config("records").get_models():
        if model.__name__.startswith("Historical"):
            continue
        cleaners = {
            field.attname: clean_text if isinstance(field, models.TextField) else clean_line
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
        }
        rows = model.objects.using(schema_editor.connection.alias)
        for stored in rows.values("pk", *cleaners).iterator() if cleaners else ():
            cleaned = {name: clean(without_refused(stored[name])) for name, clean in cleaners.items()}
            changed = {name: text for name, text in cleaned.items() if text != stored[name]}
            if changed:
                rows.filter(pk=stored["pk"]).update(**changed)


class Migration(migrations.Migration):
    dependencies = [("records", "0002_history_and_gaps")]

    operations = [migrations.RunPython(clean_texts, migrations.RunPython.noop)]
