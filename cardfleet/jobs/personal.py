"""What jobs hold in words about people: the rows of what they were given."""

from cardfleet.kernel.personal import keeps

keeps("jobs.job", says=("params", "summary", "error"), plain=("kind", "error_code", "request_id"))
keeps("jobs.jobrow", says=("label", "value", "message"), plain=("column", "code"))
keeps("jobs.jobitem", says=("left",))
keeps("jobs.scheduledrun", plain=("name", "summary"))
# An answer is encrypted, and gone after 24 hours.
keeps("jobs.idempotencykey", person=("user",), goes=True, plain=("key", "request_hash", "answer"))
