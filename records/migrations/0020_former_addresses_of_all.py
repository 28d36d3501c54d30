"""Every row that has a slug keeps those it had, as articles do."""

import records.models.gate
from django.db import migrations, models

from ._constraints import AddConstraint

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
CHECK = "formeraddress_columns_accepted"


def check(*rules):
    return records.models.gate.ColumnsCheck(
        condition=models.Q(*rules),
        name=CHECK,
        violation_error_message="A value is not written as is accepted here.",
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0019_kept_texts")]

    operations = [
        migrations.RemoveConstraint("formeraddress", CHECK),
        migrations.AddField(
            "formeraddress",
            "kind",
            records.models.gate.LineField(
                default="article", help_text="Name of the row's model.", max_length=20
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "formeraddress",
            "row_id",
            records.models.gate.LargeNumberField(default=0, least=0, most=2147483647),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE records_formeraddress SET row_id = article_id", migrations.RunSQL.noop
        ),
        migrations.RemoveField("formeraddress", "article"),
        migrations.AlterField(
            "formeraddress",
            "slug",
            records.models.gate.LineField(
                max_length=100, pattern=SLUG, words="As in its address."
            ),
        ),
        migrations.AddIndex(
            "formeraddress",
            models.Index(fields=["kind", "row_id"], name="former_address_of_row"),
        ),
        AddConstraint(
            "formeraddress",
            models.UniqueConstraint(fields=("kind", "slug"), name="former_address_leads_once"),
        ),
        AddConstraint(
            "formeraddress",
            check(
                models.Q(("kind", ""), _negated=True),
                ("kind__clean", True),
                models.Q(("slug", ""), _negated=True),
                ("slug__clean", True),
                ("slug__regex", rf"\A(?:{SLUG})\Z"),
                ("row_id__range", (0, 2147483647)),
            ),
        ),
    ]
