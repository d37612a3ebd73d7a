"""Writing and approving scripts (R31, R59)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agents.errors.conduct import OwnScript, ScriptApproved, ScriptLacks, ScriptNotUsable
from agents.models import Script, ScriptVersion
from agents.rules.scripts import lacks
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import check
from cardfleet.kernel.errors import NotVisible, Reason


@transaction.atomic
def write_script(
    *,
    text: str,
    states_identity: bool,
    offers_opt_out: bool,
    actor: User,
    now: datetime,
    script_id: int | None = None,
    name: str = "",
    purpose: str = "",
) -> ScriptVersion:
    """Write the next version of a script, or the first of a new one; it is used once it is approved. BadInput."""
    if not text.strip():
        raise ScriptNotUsable(reasons=[Reason(code="text_missing", field="text", message=_("Write what is said."))])
    script = _script(script_id, name, purpose)
    version = ScriptVersion.objects.create(
        script=script,
        number=(script.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        text=text.strip(),
        states_identity=states_identity,
        offers_opt_out=offers_opt_out,
        written_at=now,
        written_by=actor,
    )
    data = {"version": version.number}
    record(actor=actor, action="agents.script_written", subject=script, related=(version,), now=now, data=data)
    return version


def _script(script_id: int | None, name: str, purpose: str) -> Script:
    if script_id is not None:
        script = Script.objects.select_for_update().filter(pk=script_id).first()
        if script is None:
            raise NotVisible
        return script
    script = Script(name=name.strip(), purpose=purpose)
    check(script)
    script.save(force_insert=True)
    return script


@transaction.atomic
def approve_script(*, version_id: int, actor: User, now: datetime) -> ScriptVersion:
    """Approve a version that somebody else wrote. OwnScript, ScriptApproved; ScriptLacks what the law asks for."""
    version = (
        ScriptVersion.objects.select_related("script").select_for_update(of=("self",)).filter(pk=version_id).first()
    )
    if version is None:
        raise NotVisible
    if version.approved_at:
        raise ScriptApproved
    if version.written_by_id == actor.pk:
        raise OwnScript
    if reasons := list(lacks(states_identity=version.states_identity, offers_opt_out=version.offers_opt_out)):
        raise ScriptLacks(reasons=reasons)
    version.approved_at, version.approved_by = now, actor
    version.save(update_fields=["approved_at", "approved_by"])
    data = {"version": version.number}
    record(actor=actor, action="agents.script_approved", subject=version.script, related=(version,), now=now, data=data)
    return version
