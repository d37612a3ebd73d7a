"""Which failure codes are signs of a stop or of a control (formats.md 4.4).

Huawei's voice events, ITU-T Q.850 cause 52, and causes 1 and 52 by FreeSWITCH's names. A bare 1 is a success
elsewhere; a mapping of a feed adds its own.
"""

from collections.abc import Mapping

from billing.choices import SignalMeaning

CODES: Mapping[str, SignalMeaning] = {
    "7001": SignalMeaning.FREQUENCY,
    "7002": SignalMeaning.FREQUENCY,
    "7003": SignalMeaning.FREQUENCY,
    "7004": SignalMeaning.BLACKLISTED,
    "7108": SignalMeaning.FROZEN,
    "8105": SignalMeaning.CALLEE_STOPPED,
    "8111": SignalMeaning.STOPPED,
    "UNALLOCATED_NUMBER": SignalMeaning.VACANT,
    "52": SignalMeaning.BARRED,
    "OUTGOING_CALL_BARRED": SignalMeaning.BARRED,
    # Causes 38, 41 and 102 by FreeSWITCH's names, and its own for a line that fell silent (R77).
    "NETWORK_OUT_OF_ORDER": SignalMeaning.DROPPED,
    "NORMAL_TEMPORARY_FAILURE": SignalMeaning.DROPPED,
    "RECOVERY_ON_TIMER_EXPIRE": SignalMeaning.DROPPED,
    "MEDIA_TIMEOUT": SignalMeaning.DROPPED,
}
# The carrier lets no call of this card through; the others limit its calls, or say something of the callee.
STOPPING = frozenset({SignalMeaning.STOPPED, SignalMeaning.FROZEN, SignalMeaning.BARRED})
LIMITING = frozenset({SignalMeaning.FREQUENCY, SignalMeaning.BLACKLISTED})
