from django.db import migrations

from reassure_web.audit.chain import FIRST_HASH
from reassure_web.audit.triggers import install, remove


def make_head(apps, _editor):
    apps.get_model("audit", "ChainHead").objects.create(id=1, number=0, hash=FIRST_HASH)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(make_head, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
