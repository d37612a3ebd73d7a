"""What the journal holds in words about people: what they typed; `redacting` takes an erased person out of it."""

from cardfleet.kernel.personal import keeps

keeps("journal.entry", own=("reason", "data"), plain=("action", "subject", "related", "request_id"))
keeps("journal.redaction", plain=("field", "mark", "after"))
keeps("journal.seal", plain=("hash",))
keeps("journal.sealing", plain=("writers",))
