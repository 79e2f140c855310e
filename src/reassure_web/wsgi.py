"""What a WSGI server runs: the application with all of its code loaded before the first answer.

What was loaded stays for ever, so the collector of garbage is told to pass it over: a walk through it took 150 ms, and
some answer had to wait for that. A worker of a server that was killed ends.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from reassure_web.pages.following import follow_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reassure_web.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 - reading it imports every address with its view
follow_parent()
gc.collect()
gc.freeze()
