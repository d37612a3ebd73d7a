"""Kept views of the cards ask for a holder's staff number by the name it has now; `holder` is an agent's id."""

from typing import Any

from django.db import migrations
from django.http import QueryDict


def rename(apps: Any, _schema_editor: Any) -> None:
    """Rename the filter in each view that has it."""
    for view in apps.get_model("lists", "SavedView").objects.filter(listing="cards", query__contains="holder="):
        query = QueryDict(view.query, mutable=True)
        if "holder" in query:
            query.setlist("staff_no", query.pop("holder"))
            sorted_query = QueryDict(mutable=True)
            for name in sorted(query):
                sorted_query.setlist(name, query.getlist(name))
            view.query = sorted_query.urlencode()
            view.save(update_fields=["query"])


class Migration(migrations.Migration):
    """Rename."""

    dependencies = [("lists", "0001_views_and_reports")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
