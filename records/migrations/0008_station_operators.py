"""A station may have several operators: the one of before becomes the first of them."""

import django.db.models.deletion
import records.models.gate
from django.db import migrations, models


def copy(apps, schema_editor):
    Station = apps.get_model("records", "Station")
    StationOperator = apps.get_model("records", "StationOperator")
    StationOperator.objects.bulk_create(
        StationOperator(station_id=station, agency_id=operator, position=1)
        for station, operator in Station.objects.values_list("pk", "operator_id")
    )


def copy_back(apps, schema_editor):
    Station = apps.get_model("records", "Station")
    StationOperator = apps.get_model("records", "StationOperator")
    for row in StationOperator.objects.order_by("-position", "-pk"):
        Station.objects.filter(pk=row.station_id).update(operator_id=row.agency_id)


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0007_crew_positions_pass_the_gate'),
    ]

    operations = [
        migrations.AlterField(
            model_name='station',
            name='operator',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.agency'),
        ),
        migrations.CreateModel(
            name='StationOperator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', records.models.gate.NumberField(default=1, least=0, most=32767)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='station_rows', to='records.agency')),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='operator_rows', to='records.station')),
            ],
            options={
                'verbose_name': 'operator',
                'ordering': ('position', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('station', 'agency'), name='station_operator_once', violation_error_message='This agency is already among the operators.'), records.models.gate.ColumnsCheck(condition=models.Q(('position__range', (0, 32767))), name='stationoperator_columns_accepted', violation_error_message='A value is not written as is accepted here.')],
            },
        ),
        migrations.AddField(
            model_name='station',
            name='operators',
            field=models.ManyToManyField(related_name='stations', through='records.StationOperator', to='records.agency'),
        ),
        migrations.RunPython(copy, copy_back),
    ]
