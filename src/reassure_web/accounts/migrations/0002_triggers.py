from django.core.management import call_command
from django.db import migrations

from reassure_web.accounts.triggers import install, remove


def make_counters(_apps, editor):
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunPython(install, remove),
        migrations.RunPython(make_counters, migrations.RunPython.noop),
    ]
