"""The operator of a station has become the first of its operators."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0008_station_operators'),
    ]

    operations = [
        migrations.RemoveField(model_name='station', name='operator'),
        migrations.RemoveField(model_name='historicalstation', name='operator'),
    ]
