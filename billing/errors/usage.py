"""Why something about call records is refused."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class UnknownFormat(BadInput):
    """No known format fits the first rows of a usage file."""

    code = "unknown_format"
    sentence = _(
        "The file is in no known format. Its first rows need the column names, as the help shows, or name the format."
    )


class RoleDiffers(BadInput):
    """A usage source has one role for good."""

    code = "role_differs"
    sentence = _("The source has another role already. Leave the role out, or name another source.")


class OwnNumberMissing(BadInput):
    """A detail that does not say whose it is."""

    code = "own_number_missing"
    sentence = _("The file does not say which number it is of. Give the own number, or put it in the file's name.")


class OwnNumberDiffers(BadInput):
    """A detail that says it is another number's."""

    code = "own_number_differs"
    sentence = _("The file says it is of another number than the one given. Check the number or the file.")


class NotStored(Refusal):
    """A batch of which nothing is stored cannot be revoked."""

    code = "not_stored"
    sentence = _("Nothing of this file is stored yet. Wait until its import has ended, or import it again.")


class AlreadyRevoked(Refusal):
    """A batch is revoked once."""

    code = "already_revoked"
    sentence = _("This import was revoked already. Import the corrected file.")


class RetentionTooShort(BadInput):
    """Below what the law asks for."""

    code = "retention_too_short"
    sentence = _("The law asks for a longer retention. Choose at least the months named.")


class NothingWaits(Refusal):
    """Nobody has to confirm a run of retention."""

    code = "nothing_waits"
    sentence = _("No run waits for a word about this. Look at the list again.")


class ProfileNameTaken(BadInput):
    """Two mappings, or a mapping and a known format, would have one name."""

    code = "profile_name_taken"
    sentence = _("Another mapping or format has this name. Choose another name.")


class BundleRefused(BadInput):
    """An archive that cannot be taken apart, or unfolds too far."""

    code = "bundle_refused"
    sentence = _("This archive cannot be opened. Pack the files anew, without a password, or send them one by one.")


class BundleTooLarge(BadInput):
    """An archive that would fill the disk."""

    code = "bundle_too_large"
    sentence = _("This archive holds too many files, or is far larger inside than it looks. Send it in smaller parts.")


class NestedBundle(BadInput):
    """An archive inside an archive."""

    code = "nested_bundle"
    sentence = _("This is an archive inside an archive. Unpack it once, and send the files.")


class NotRepairable(Refusal):
    """The rows cannot be read any more, or nothing of their file is stored."""

    code = "not_repairable"
    sentence = _(
        "These rows cannot be repaired: their import was revoked, or its file is no longer kept. Send them anew."
    )


class CorrectionRuns(Refusal):
    """One correction of a batch at a time."""

    code = "correction_runs"
    sentence = _("Corrected rows of this file are being imported. Wait until that has ended, then go on.")


class NothingCorrected(BadInput):
    """No row differs from what was refused."""

    code = "nothing_corrected"
    sentence = _("No row was changed. Correct a cell, or import the rows of one reason again.")


class RowsDiffer(BadInput):
    """A file of corrected rows names a line that was not refused, or holds more or fewer rows."""

    code = "rows_differ"
    sentence = _(
        "These are not the refused rows of this file. Send their file as it was downloaded, its cells corrected."
    )


class NotStartable(Refusal):
    """The import of a batch runs, or is done."""

    code = "not_startable"
    sentence = _("This import runs already, or has ended. Reload the page to see what it brought.")


class SourceNotLive(Refusal):
    """A carrier's details or a phone's list are files."""

    code = "source_not_live"
    sentence = _("Calls of this source come as files. Name a live source or a switch, or leave a new name.")


class FeedBusy(Refusal):
    """A large file is being stored."""

    code = "feed_busy"
    status = 503
    sentence = _("A large import is being stored. Send the same calls again in a minute; nothing is stored twice.")


class MappingUnusable(BadInput):
    """A mapping that could read no call."""

    code = "mapping_unusable"
    sentence = _("The mapping cannot be used. Correct the places named.")


class NoUseReadable(BadInput):
    """A table of messages and data of which no row can be taken."""

    code = "no_use_readable"
    sentence = _("No row of this file could be recorded. See the reasons, correct the file and send it again.")


class NothingReadable(BadInput):
    """A text in which no balance was found."""

    code = "nothing_readable"
    sentence = _("No balance could be read. Send the file with its column names, or one message a line.")


class AliasTaken(Refusal):
    """A name means one thing at a time."""

    code = "alias_taken"
    sentence = _(
        "The name means something else in part of that period. End the earlier meaning first, or choose another period."
    )


class AlreadyAttributed(Conflict):
    """A period of a card is attributed once."""

    code = "already_attributed"
    sentence = _(
        "Part of that period is attributed already. Choose the period that is left, or withdraw the other one first."
    )


class AlreadyWithdrawn(Conflict):
    """An attribution is withdrawn once."""

    code = "already_withdrawn"
    sentence = _("This attribution is withdrawn already. Nothing was changed.")


class PeriodNotUsable(BadInput):
    """Calls are attributed for a time that has passed."""

    code = "period_not_usable"
